from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luyue.improvement import actions as a
from luyue.improvement.facts import facts
from luyue.improvement.models import AttachmentKind, Improvement
from luyue.records import registry
from luyue.records.record_types import Panel, RecordType

improvements = RecordType(
    Improvement,
    title=_("Corrective actions"),
    slug="improvements",
    icon="rotate-clockwise",
    facts=facts,
    actions=[
        a.raise_improvement,
        a.contain,
        a.analyse_cause,
        a.plan_action,
        a.start,
        a.complete_action,
        a.finish,
        a.verify_effect,
        a.reopen,
    ],
    register=["number", "party", "title", "kind", "state", "owner", "nearest_due_at"],
    filters=["state", "kind", "origin", "severity", "fishbone", "owner", "department"],
    panels=[
        Panel(_("The problem"), ["kind", "origin", "severity", "problem", "containment"]),
        Panel(_("Cause"), ["whys", "occurrence_cause", "escape_whys", "escape_cause", "fishbone"]),
        Panel(_("Effect"), ["measures_due_on", "effective", "effect_evidence", "recurrence"]),
    ],
    attachment_kinds=AttachmentKind,
    date_facts=["measures_due_on"],
    children=["measures"],
)
registry.register(improvements)
