"""Conditions on a date of the record, and on how long after another it lies."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from luyue.complaints.facts import facts
from luyue.desk.wording import lookups_in
from luyue.records.general import CORRECT
from luyue.records.objections import Names
from luyue.records.rules import rules_of
from luyue.rulebook.plain_words import in_plain_words
from tests.contract.courses import whoever_may
from tests.contract.test_replay import replayed, stored
from tests.firms import Firm
from tests.house import Control, carbide_with
from tests.stories.telling import Tale

MONDAY, TUESDAY = "2026-03-02 10:00", "2026-03-03 10:00"


def exchange(age: str, within: str) -> Control:
    return {
        "time_limit": {
            "name": "exchange",
            "starts": ["complaint.register"],
            "stops": ["complaint.carry_out"],
            "within": within,
            "when": {"age_of_goods": age},
        }
    }


OLD_STOCK: Control = {
    "time_limit": {
        "name": "old-stock",
        "starts": ["complaint.register"],
        "stops": ["complaint.carry_out"],
        "within": "30d",
        "when": {"delivered_on": "<2026-01-01"},
    }
}


@pytest.fixture
def firm(db: None) -> Firm:
    return carbide_with(exchange("<=7d", "3d"), exchange("(7d, 15d]", "6d"), exchange(">15d", "20d"), OLD_STOCK)


def due(tale: Tale, control: str) -> str:
    return " ".join(tale.owed(control).values()) if tale.record.obligations.filter(control__endswith=control) else ""


def test_the_age_of_the_goods_decides_how_soon_they_are_exchanged(firm: Firm) -> None:
    fresh, weeks, old = (
        Tale(firm, MONDAY, delivered_on=delivered)
        for delivered in (date(2026, 2, 23), date(2026, 2, 22), date(2025, 12, 31))
    )

    assert facts.of(fresh.record)["age_of_goods"] == "2026-02-23/2026-03-02"
    assert due(fresh, "exchange") == "2026-03-06 00:00 running"
    assert due(weeks, "exchange") == "2026-03-10 00:00 running"
    assert due(old, "exchange") == "2026-03-24 00:00 running"
    assert [bool(due(tale, "old-stock")) for tale in (fresh, weeks, old)] == [False, False, True]


def test_a_date_that_is_put_right_changes_the_limit_and_the_ledger_gives_the_same(firm: Firm) -> None:
    tale = Tale(firm, MONDAY, delivered_on=date(2025, 12, 31))
    who = whoever_may(firm, "correct")

    tale.then(TUESDAY, who, CORRECT, field="delivered_on", value="2026-02-27", reason="笔误")

    assert due(tale, "exchange") == "2026-03-06 00:00 running"
    assert due(tale, "old-stock").endswith("cancelled")
    assert replayed(firm, tale.record) == stored(tale.record)


def test_the_procedure_says_dates_and_ages_in_words(firm: Firm) -> None:
    names = lookups_in(Names.of(firm.company))
    rules = rules_of(Tale(firm, MONDAY).record.binding_id, firm.company)

    def said(control: str) -> list[str]:
        return [in_plain_words(each.kind, each.control, names) for each in rules.group(f"HOUSE-01/{control}")]

    with translation.override("en"):
        assert said("exchange")[1].startswith("If 7 days < time from delivery to complaint ≤ 15 days:")
        assert said("old-stock")[0].startswith("If delivery date < 2026-01-01:")
