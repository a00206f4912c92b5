"""How long a record is kept begins when it is closed, and its page says so truthfully."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from luyue.desk.retaining import Keeping
from luyue.organization.models import Employee
from tests.firms import Firm
from tests.house import carbide_with
from tests.stories.telling import MAIN_LINE, Tale

SeenBy = Callable[[Employee], Client]
MONDAY, MONTH_AFTER = "2026-03-02 10:00", "2026-04-20 10:00"


@pytest.fixture
def careful(db: None) -> Firm:
    """Serious complaints are kept for fifteen years."""
    return carbide_with({"retention": {"record": "complaint", "years": 15, "when": {"severity": ["serious", "major"]}}})


def closed(firm: Firm, **facts: Any) -> Tale:
    return Tale(firm, MONDAY, **facts).comes_to("close", MONDAY)


def years_kept(firm: Firm, tale: Tale) -> int:
    """From the day of closing to the same day, so many years later."""
    day, until = firm.local(tale.record.closed_at)[:10], str(tale.record.retained_until)
    assert day[4:] == until[4:]
    return int(until[:4]) - int(day[:4])


def test_a_case_taken_up_again_is_kept_from_its_second_closing(carbide: Firm) -> None:
    tale = closed(carbide)
    kept_at_first, kept_for = tale.record.retained_until, years_kept(carbide, tale)

    tale.brings_about("reopen", MONTH_AFTER)
    taken_up = tale.record.retained_until
    for step in (*MAIN_LINE, "close"):
        tale.brings_about(step, MONTH_AFTER)

    assert (kept_for, taken_up) == (5, None)
    assert years_kept(carbide, tale) == 5
    assert tale.record.retained_until > kept_at_first


def test_what_holds_for_serious_cases_only_keeps_no_minor_one(careful: Firm) -> None:
    minor, serious = closed(careful, severity="minor"), closed(careful, severity="serious")

    assert years_kept(careful, minor) == 5
    assert years_kept(careful, serious) == 15


def test_the_page_says_until_when_and_that_nothing_is_destroyed_by_the_computer(careful: Firm, seen_by: SeenBy) -> None:
    def shown(tale: Tale, moment: str) -> Keeping:
        with careful.at(moment):
            owner = seen_by(careful["sales_officer"])
            page = owner.get(f"/r/complaints/{tale.record.pk}/", headers={"accept-language": "en"})
        keeping: Keeping = page.context["keeping"]
        assert keeping.remark in page.content.decode()
        return keeping

    tale = Tale(careful, MONDAY, severity="minor").comes_to("classify", MONDAY)
    while_open = shown(tale, MONDAY)
    tale.comes_to("close", MONDAY)
    when_closed = shown(tale, MONTH_AFTER)

    assert (while_open.clause, while_open.facts[0].value) == ("GJ-YX-05 10.8", "5 years from the day it is closed")
    assert when_closed.facts[0].value == f"until {tale.record.retained_until}"
    assert when_closed.remark.endswith("Luyue destroys no record; papers are destroyed by people.")
