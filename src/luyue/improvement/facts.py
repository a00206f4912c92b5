"""What a procedure's conditions about improvements may depend on."""

from __future__ import annotations

from luyue.improvement.models import Fishbone, Improvement, Kind, Origin, Severity
from luyue.records.facts import Choice, Facts, YesNo

facts = Facts(
    Improvement,
    kind=Choice(Kind, lambda improvement: improvement.kind),
    origin=Choice(Origin, lambda improvement: improvement.origin),
    severity=Choice(Severity, lambda improvement: improvement.severity),
    fishbone=Choice(Fishbone, lambda improvement: improvement.fishbone),
    effective=YesNo(lambda improvement: improvement.effective),
)
