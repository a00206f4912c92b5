from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from luyue.rulebook.tables import Allowed, Space
from luyue.rulebook.values import Interval
from luyue.rulebook.vocabulary import FactName

FACTS = {
    "market": FactName("market", "choice", ("domestic", "overseas")),
    "km": FactName("km", "number"),
    "amount": FactName("amount", "number"),
    "paid": FactName("paid", "yes_no"),
}
# Bounds are whole numbers from 0 to 4, so every half from -0.5 to 4.5 lies in a part of its own.
NUMBERS = [Decimal(half) / 2 for half in range(-1, 10)]

bounds = st.integers(0, 4)
intervals = (
    st.tuples(st.sampled_from(["<=", "<", ">=", ">", "="]), bounds).map(lambda said: f"{said[0]}{said[1]}")
    | st.tuples(st.sampled_from("[("), bounds, bounds, st.sampled_from("])"))
    .filter(lambda said: said[1] < said[2])
    .map(lambda said: f"{said[0]}{said[1]}, {said[2]}{said[3]}")
).map(Interval.parse)
tables = st.fixed_dictionaries(
    {},
    optional={
        "market": st.sets(st.sampled_from(["domestic", "overseas"]), min_size=1).map(frozenset),
        "km": intervals,
        "amount": intervals,
        "paid": st.sets(st.booleans(), min_size=1).map(frozenset),
    },
)
groups = st.lists(st.lists(tables, min_size=1, max_size=2), min_size=1, max_size=3)

Case = Mapping[str, str | bool | Decimal]
CASES: list[Case] = [
    {"market": market, "km": km, "amount": amount, "paid": paid}
    for market in ("domestic", "overseas")
    for km in NUMBERS
    for amount in NUMBERS
    for paid in (True, False)
]


def holds(variant: list[dict[str, Allowed]], case: Case) -> bool:
    return any(all(case[fact] in allowed for fact, allowed in table.items()) for table in variant)


def said_of(case: Case, described: str) -> bool:
    """Whether a described gap speaks of this case, read back from its words."""
    return described == "any case" or all(_part_holds(case, part) for part in re.split(r", (?=[a-z]+ )", described))


def _part_holds(case: Case, part: str) -> bool:
    fact = part.partition(" ")[0]
    if fact in ("km", "amount"):
        written = [one.removeprefix(f"{fact} ").removeprefix("in ") for one in part.split(" or ")]
        return any(case[fact] in Interval.parse(interval) for interval in written)
    return str(case[fact]).lower() in part.partition(" = ")[2].split(" or ")


@settings(max_examples=60, deadline=None)
@given(groups)
def test_every_case_is_either_ruled_or_in_exactly_one_reported_gap(group: list[list[dict[str, Allowed]]]) -> None:
    gaps = Space.of(group, FACTS).gaps()

    for case in CASES:
        ruled = any(holds(variant, case) for variant in group)
        assert sum(said_of(case, gap) for gap in gaps) == (0 if ruled else 1)


@settings(max_examples=60, deadline=None)
@given(groups)
def test_two_variants_overlap_exactly_when_some_case_meets_both(group: list[list[dict[str, Allowed]]]) -> None:
    reported = {(one, other): said for one, other, said in Space.of(group, FACTS).overlaps()}

    for one in range(len(group)):
        for other in range(one + 1, len(group)):
            both = [case for case in CASES if holds(group[one], case) and holds(group[other], case)]
            assert ((one, other) in reported) == bool(both)
            for case in both:
                assert any(said_of(case, part) for part in reported[one, other].split(" ; "))


def test_neighbouring_parts_of_a_gap_are_told_as_one() -> None:
    parsed = [[{"km": Interval.parse(written)}] for written in ("<300", "(300, 1000]", ">2000")]

    assert Space.of(parsed, FACTS).gaps() == ["km = 300 or km in (1000, 2000]"]


def test_a_condition_on_another_fact_leaves_the_rest_open() -> None:
    assert Space.of([[{"paid": frozenset({True})}], [{"km": Interval.parse(">=5")}]], FACTS).gaps() == [
        "paid = false, km <5"
    ]
