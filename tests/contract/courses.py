"""The courses of records through all their states, reached by taking the actions."""

from __future__ import annotations

from collections.abc import Iterator

from luyue.improvement.models import Improvement
from luyue.records.general import VOID
from luyue.records.models import Record
from tests.firms import Firm
from tests.stories.telling import CAUSE_TO_EFFECT, Tale

MORNING = "2026-03-02 10:00"
MAIN_LINE = (
    "classify", "wait_for_customer", "resume", "determine_responsibility", "propose_remedy", "decide_remedy",
    "carry_out", "ask_satisfaction", "close",
)  # fmt: skip


def courses(firm: Firm) -> Iterator[Record]:
    """Records of both types, each yielded as often as it has come into another state."""
    yield from course_of_a_complaint(firm)
    yield from course_of_an_improvement(firm)
    withdrawn = Tale(firm, MORNING).brings_about("withdraw", MORNING)
    yield withdrawn.record
    yield voided(firm, Tale(firm, MORNING)).record
    yield voided(firm, raised(firm)).record


def course_of_a_complaint(firm: Firm) -> Iterator[Record]:
    """From registration to closure, with a wait for the customer on the way."""
    tale = Tale(firm, MORNING)
    seen = tale.record.state
    yield tale.record
    for day, name in enumerate(MAIN_LINE, start=3):
        tale.brings_about(name, f"2026-03-{day:02} 10:00")
        if tale.record.state != seen:
            seen = tale.record.state
            yield tale.record


def course_of_an_improvement(firm: Firm) -> Iterator[Record]:
    """From raising to the verified effect."""
    tale = raised(firm)
    seen = tale.record.state
    yield tale.record
    for day, name in enumerate(CAUSE_TO_EFFECT, start=3):
        tale.brings_about(name, f"2026-03-{day:02} 10:00")
        if tale.record.state != seen:
            seen = tale.record.state
            yield tale.record


def raised(firm: Firm) -> Tale:
    """A corrective action that a complaint has given rise to."""
    Tale(firm, MORNING).brings_about("classify", MORNING).brings_about("raise_improvement", MORNING)
    return Tale.of(firm, Improvement.objects.latest("pk"))


def voided(firm: Firm, tale: Tale) -> Tale:
    """The record, declared void by whom the company lets do so."""
    return tale.then("2026-03-03 10:00", whoever_may(firm, "void"), VOID, reason="登记错误")


def whoever_may(firm: Firm, power: str) -> str:
    """The first position to which the company gives a general power, or the first of the first department."""
    named = firm.company.settings["powers"][power]
    position = next((each["position"] for each in named if "position" in each), None)
    return position or next(
        code for code, person in firm.people.items() if person.department.code == named[0]["department"]
    )
