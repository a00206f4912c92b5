"""Conditions over facts."""

from datetime import date
from decimal import Decimal

import pytest

from luyue.rulebook.controls import Role
from luyue.rulebook.engine.conditions import holds, unknown_facts


def when(said):
    return Role.model_validate({"actions": "a.b", "everyone": True, "when": said}).when


DISTANCE = when({"distance_km": "(300, 1000]"})
EITHER = when([{"market": ["domestic"], "amount": ">5000000"}, {"urgent": True}])


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"distance_km": 300}, False),
        ({"distance_km": Decimal("300.001")}, True),
        ({"distance_km": 300.1}, True),
        ({"distance_km": "1000"}, True),
        ({"distance_km": 1000.0001}, False),
        ({"distance_km": None}, None),
        ({"distance_km": ""}, None),
        ({"distance_km": "far"}, None),
        ({"distance_km": float("nan")}, None),
        ({}, None),
    ],
)
def test_bounds_are_exact_and_a_missing_number_decides_nothing(facts, answer):
    assert holds(DISTANCE, facts) is answer


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"market": "export", "urgent": False}, False),
        ({"market": "export"}, None),
        ({"urgent": True}, True),
        ({"market": "domestic", "amount": Decimal("5000000"), "urgent": False}, False),
        ({"market": "domestic", "amount": Decimal("5000000.01"), "urgent": False}, True),
        ({"market": "domestic", "amount": 6000000}, True),
        ({"market": "domestic", "urgent": False}, None),
    ],
)
def test_facts_of_a_table_are_joined_by_and_tables_by_or(facts, answer):
    assert holds(EITHER, facts) is answer


def test_no_condition_always_holds():
    assert holds(None, {}) is True
    assert unknown_facts(None, {}) == ()


def test_a_yes_is_not_a_one():
    assert holds(when({"urgent": True}), {"urgent": 1}) is False
    assert holds(when({"amount": "=1"}), {"amount": True}) is None


def test_a_date_is_compared_as_it_is_written():
    assert holds(when({"day": ["2026-10-01"]}), {"day": date(2026, 10, 1)}) is True


def test_only_the_facts_that_keep_it_open_are_asked_for():
    assert unknown_facts(EITHER, {"market": "domestic"}) == ("amount", "urgent")
    assert unknown_facts(EITHER, {"market": "export"}) == ("urgent",)
    assert unknown_facts(EITHER, {"urgent": True}) == ()
