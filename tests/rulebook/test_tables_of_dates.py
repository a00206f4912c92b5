"""Gaps and overlaps of conditions over dates and ages are found to the day, and only where there is a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from luyue.rulebook.engine.conditions import holds
from luyue.rulebook.tables import MixedAgesError, Space
from luyue.rulebook.values import NotAcceptedError, read_bounds
from luyue.rulebook.vocabulary import FactName
from tests.rulebook.papers import checked, variants

FIRST = date(2026, 2, 26)
DAYS = [FIRST + timedelta(days=n) for n in range(-1, 8)]
SINCE = date(2026, 1, 31)
FACTS = {"sold_on": FactName("sold_on", "date"), "age": FactName("age", "age")}

in_dates = some.integers(0, 6).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
in_days = some.integers(0, 6).map(lambda n: f"{n}d")
in_months = some.integers(0, 4).map(lambda n: f"{n}mo")


def written(bounds: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """Intervals over these bounds that are not empty."""
    signs = some.tuples(some.sampled_from(["<=", "<", ">=", ">", "="]), bounds).map("".join)
    between = some.tuples(some.sampled_from("[("), bounds, bounds, some.sampled_from("])"))
    return (signs | between.map(lambda said: f"{said[0]}{said[1]}, {said[2]}{said[3]}")).filter(is_an_interval)


def is_an_interval(text: str) -> bool:
    try:
        read_bounds(text)
    except NotAcceptedError:
        return False
    return True


def value_of(fact: str, day: date) -> str:
    return day.isoformat() if fact == "sold_on" else f"{SINCE}/{day}"


def in_words(fact: str, described: str) -> list[str]:
    """A described gap as intervals again: `sold_on in [2026-03-01, 2026-03-02] or sold_on >=2026-03-04`."""
    if described == "any case":
        return []
    return [
        re.sub(rf"^{fact} (in )?(= )?", lambda found: "=" if found[2] else "", part) for part in described.split(" or ")
    ]


@pytest.mark.parametrize(("fact", "bounds"), [("sold_on", in_dates), ("age", in_days), ("age", in_months)])
def test_every_day_is_in_a_variant_or_in_a_gap_and_in_both_variants_of_an_overlap(
    fact: str, bounds: some.SearchStrategy[str]
) -> None:
    days = DAYS if fact == "sold_on" else [SINCE + timedelta(days=n) for n in range(-2, 160)]

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(some.lists(written(bounds), min_size=1, max_size=3))
    def exact(texts: Sequence[str]) -> None:
        tables = [[{fact: read_bounds(text)}] for text in texts]
        space = Space.of(tables, FACTS)
        gaps = [read_bounds(text) for gap in space.gaps() for text in in_words(fact, gap)]
        overlaps = {(one, other) for one, other, _case in space.overlaps()}
        for day in days:
            value = {fact: value_of(fact, day)}
            held = [place for place, each in enumerate(tables) if holds(each, value)]
            in_a_gap = space.gaps() == ["any case"] or any(holds([{fact: gap}], value) for gap in gaps)
            assert in_a_gap == (not held), (day, texts, space.gaps())
            for one in held:
                assert all((one, other) in overlaps for other in held if other > one)

    exact()


def test_between_one_day_and_the_next_there_is_no_gap() -> None:
    told = checked(
        *variants(
            "time_limit",
            "settle",
            {
                "starts: complaint.register, stops: complaint.close, within: 5d": '{sold_on: "<2026-03-01"}',
                "starts: complaint.register, stops: complaint.close, within: 9d": '{sold_on: ">2026-02-28"}',
            },
        )
    )

    assert told.problems == ()


def test_a_gap_between_ages_is_told_with_its_bounds() -> None:
    told = checked(
        *variants(
            "time_limit",
            "settle",
            {
                "starts: complaint.register, stops: complaint.close, within: 5d": '{age: "<=7d"}',
                "starts: complaint.register, stops: complaint.close, within: 9d": '{age: ">15d"}',
            },
        )
    )

    assert [problem.sentence for problem in told.problems] == [
        "no rule `settle` for age in [8d, 15d]; add one, or say by `gap` why none is set there"
    ]


def test_ages_in_days_and_in_months_are_not_compared() -> None:
    tables = [[{"age": read_bounds("<=30d")}], [{"age": read_bounds(">1mo")}]]

    with pytest.raises(MixedAgesError):
        Space.of(tables, FACTS)
    with pytest.raises(NotAcceptedError):
        read_bounds("(30d, 2mo]")


@pytest.mark.parametrize(
    ("condition", "until", "answer"),
    [
        ("<=1mo", date(2026, 2, 28), True),
        ("<=1mo", date(2026, 3, 1), False),
        ("<=1y", date(2027, 1, 31), True),
        (">1y", date(2027, 2, 1), True),
        ("<=7d", date(2026, 2, 7), True),
        ("<=7d", date(2026, 2, 8), False),
    ],
)
def test_a_month_of_age_ends_on_the_same_day_number_or_the_last_of_the_month(
    condition: str, until: date, answer: bool
) -> None:
    assert holds([{"age": read_bounds(condition)}], {"age": f"{SINCE}/{until}"}) is answer


def test_an_age_that_is_not_known_yet_decides_nothing() -> None:
    assert holds([{"age": read_bounds("<=1mo")}], {}) is None
    assert holds([{"sold_on": read_bounds(">=2026-01-01")}], {"sold_on": ""}) is None
