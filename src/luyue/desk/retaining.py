"""How long a record is kept, as its page tells it: until when, where, by whom, and what the computer does not do."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luyue.desk import faces
from luyue.records.case import Case
from luyue.rulebook.controls import Retention
from luyue.rulebook.engine.retention import Kept, longest_retention


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What the procedures say of keeping one record, and the clause that says so."""

    clause: str
    facts: list[faces.Fact] = field(default_factory=list)
    remark: str = ""


def keeping_of(case: Case) -> Keeping | None:
    """By the longest time that a procedure demands; None when none says anything."""
    day = (case.record.closed_at or case.now).astimezone(case.company.zone).date()
    kept = longest_retention(case.rules, case.record_type.name, day, case.facts)
    if kept is None:
        return None
    control: Retention = kept.bound.control
    facts = [faces.Fact(label=_("Time of keeping"), value=_how_long(kept, is_open=case.record.is_open))]
    if control.where:
        facts.append(faces.Fact(label=_("Place"), value=control.where.in_language(get_language() or "zh-hans")))
    if control.keeper:
        facts.append(faces.Fact(label=_("Kept by"), value=case.names.address(control.keeper.key)))
    if control.destruction_approved_by:
        who = case.names.address(control.destruction_approved_by.key)
        facts.append(faces.Fact(label=_("Destruction approved by"), value=who))
    return Keeping(
        clause=f"{kept.bound.procedure} {kept.bound.clause}",
        facts=facts,
        remark=_("Only the date is worked out here. Luyue destroys no record; papers are destroyed by people."),
    )


def _how_long(kept: Kept, *, is_open: bool) -> str:
    if kept.until == "for ever":
        return _("for ever")
    if kept.until == "product life":
        return _("for the life of the product")
    if not is_open:
        return _("until %(day)s") % {"day": f"{kept.until:%Y-%m-%d}"}
    years = kept.bound.control.years
    return ngettext("%(n)s year from the day it is closed", "%(n)s years from the day it is closed", years) % {
        "n": years
    }
