"""What may happen to a corrective or preventive action, in the order in which it usually does."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luyue.improvement import forms
from luyue.improvement.models import Fishbone, Improvement, Kind, Measure, Origin, Severity, State
from luyue.organization.models import Employee
from luyue.records import clock
from luyue.records.actions import action
from luyue.records.refusing import Refusal, Refused

OPEN = [State.RAISED, State.ANALYSING, State.PLANNED, State.CARRYING_OUT, State.VERIFYING]


def all_measures_are_done(improvement: Improvement) -> Refusal | None:
    waiting = improvement.measures.filter(done_at=None).count()
    if not waiting:
        return None
    return Refusal(
        "measures_open",
        _g("%(count)d measures are still to be carried out.") % {"count": waiting},
        first="complete_action",
    )


@action(opens=Improvement, to=State.RAISED, label=_("Raise"), form=forms.RaiseForm)
def raise_improvement(
    improvement: Improvement,
    *,
    by: Employee,
    problem: str,
    kind: Kind | str = Kind.CORRECTIVE,
    origin: Origin | str = Origin.OWN,
    severity: Severity | str = "",
) -> None:
    """Say what must not happen again, and why it is taken up."""
    improvement.problem, improvement.kind = problem, kind
    improvement.origin, improvement.severity = origin, severity


@action(at=[State.RAISED, State.ANALYSING], label=_("Contain"), form=forms.ContainForm)
def contain(improvement: Improvement, *, by: Employee, containment: str) -> None:
    """Stop the fault from reaching more customers: stock, goods in transit, goods at the customer."""
    improvement.containment = containment


@action(at=[State.RAISED, State.ANALYSING], to=State.ANALYSING, label=_("Analyse cause"), form=forms.CauseForm)
def analyse_cause(
    improvement: Improvement,
    *,
    by: Employee,
    whys: list[str],
    occurrence_cause: str,
    escape_cause: str,
    fishbone: Fishbone | str,
    escape_whys: list[str] | None = None,
) -> None:
    """Find why it happened and why it was not found before it left us."""
    improvement.whys, improvement.escape_whys = whys, escape_whys or []
    improvement.occurrence_cause, improvement.escape_cause = occurrence_cause, escape_cause
    improvement.fishbone = fishbone


@action(at=[State.ANALYSING, State.PLANNED], to=State.PLANNED, label=_("Plan measure"), form=forms.MeasureForm)
def plan_action(improvement: Improvement, *, by: Employee, what: str, responsible: Employee, due_on: date) -> None:
    """Say what is done against the cause, by whom, and until when."""
    Measure.objects.create(
        company_id=improvement.company_id,
        improvement=improvement,
        number=improvement.measures.count() + 1,
        what=what,
        responsible=responsible,
        due_on=due_on,
    )
    improvement.measures_due_on = improvement.measures.filter(done_at=None).aggregate(last=Max("due_on"))["last"]


@action(at=[State.PLANNED], to=State.CARRYING_OUT, label=_("Start"))
def start(improvement: Improvement, *, by: Employee) -> None:
    """The measures are complete and go to those who carry them out."""


@action(at=[State.CARRYING_OUT], label=_("Complete measure"), form=forms.NumberedForm)
def complete_action(improvement: Improvement, *, by: Employee, number: int, evidence: str) -> None:
    """State that a measure has been carried out, and what proves it."""
    done = improvement.measures.filter(number=number, done_at=None).update(done_at=clock.now(), evidence=evidence)
    if not done:
        raise Refused(
            Refusal(
                "no_such_measure",
                _g("There is no open measure number %(number)d.") % {"number": number},
                fields={"number": _g("Give the number of a measure that is not done yet.")},
            )
        )


@action(at=[State.CARRYING_OUT], to=State.VERIFYING, label=_("Hand to verification"), checks=[all_measures_are_done])
def finish(improvement: Improvement, *, by: Employee) -> None:
    """All measures are carried out; their effect is to be verified."""


@action(at=[State.VERIFYING], label=_("Verify effect"), form=forms.VerifyForm)
def verify_effect(improvement: Improvement, *, by: Employee, effective: bool, effect_evidence: str) -> str:
    """Judge by evidence whether the fault has stopped; if not, the cause is looked for again."""
    improvement.effective, improvement.effect_evidence = effective, effect_evidence
    return State.CLOSED if effective else State.ANALYSING


@action(at=[State.CLOSED], to=State.ANALYSING, label=_("Reopen"), form=forms.RecurrenceForm)
def reopen(improvement: Improvement, *, by: Employee, recurrence: str) -> None:
    """The fault has come back: the cause found was not the right one, or not the only one."""
    improvement.recurrence, improvement.effective = recurrence, None
