"""What falls due by the calendar alone."""

from datetime import date

import pytest

from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.periods import Deed, periodic_obligations, periods
from luyue.rulebook.engine.rules import Rules
from tests.rulebook.engine.telling import CALENDAR, LI, MANAGER, QUALITY, WANG, document_of, on, rules


def names(every, since, until, in_month=None):
    return [period.name for period in periods(every, CALENDAR, since, until, in_month)]


@pytest.mark.parametrize(
    ("every", "since", "until", "expected"),
    [
        ("day", date(2026, 2, 28), date(2026, 3, 1), ["2026-02-28", "2026-03-01"]),
        ("week", date(2026, 12, 30), date(2027, 1, 4), ["2026-W53", "2027-W01"]),
        ("month", date(2026, 11, 30), date(2027, 1, 1), ["2026-11", "2026-12", "2027-01"]),
        ("quarter", date(2026, 9, 30), date(2026, 12, 31), ["2026-Q3", "2026-Q4"]),
        ("half-year", date(2026, 6, 30), date(2026, 7, 1), ["2026-H1", "2026-H2"]),
        ("year", date(2026, 12, 31), date(2027, 1, 1), ["2026", "2027"]),
        ("2mo", date(2026, 2, 1), date(2026, 3, 1), ["2026-01+2mo", "2026-03+2mo"]),
        ("24mo", date(2026, 2, 1), date(2026, 3, 1), ["2025-01+24mo"]),
    ],
)
def test_periods_by_name(every, since, until, expected):
    assert names(every, since, until) == expected


def test_a_period_runs_from_midnight_to_midnight_of_the_company():
    (november,) = periods("month", CALENDAR, date(2026, 11, 5), date(2026, 11, 6))
    (week,) = periods("week", CALENDAR, date(2026, 11, 18), date(2026, 11, 18))

    assert (november.start, november.end) == (on("11-01 00:00"), on("12-01 00:00"))
    assert (week.start, week.end) == (on("11-16 00:00"), on("11-23 00:00"))


def test_only_the_january_of_a_year_counts_where_the_procedure_says_so():
    (january,) = periods("year", CALENDAR, date(2026, 1, 31), date(2026, 12, 31), in_month=1)

    assert (january.start, january.end, january.name) == (on("01-01 00:00"), on("02-01 00:00"), "2026")
    assert names("year", date(2026, 2, 1), date(2026, 12, 31), in_month=1) == []
    assert names("quarter", date(2026, 1, 1), date(2026, 12, 31), in_month=12) == ["2026-Q4"]


CARE = {"cadence": {"name": "care", "every": "month", "times": 2, "per": "customer", "actions": "visit.report"}}


def visit(at, customer=12, by=LI, action="visit.report"):
    return Deed(action, on(at), by, frozenset({f"customer:{customer}"}))


def owed(deeds, as_of, *, subjects=("customer:12",), since=date(2026, 1, 1), control=None):
    bound = rules(control or CARE).cadences()[0]
    return periodic_obligations(bound, subjects, deeds, since, CALENDAR, on(as_of))


def test_two_visits_a_month_keep_it_at_the_second():
    january, february = owed([visit("01-05 09:00"), visit("01-31 23:59", by=WANG)], "02-10 09:00")

    assert (january.status, january.settled_at, january.done_by) == (Status.KEPT, on("01-31 23:59"), WANG)
    assert (january.key, january.due_at) == ("KH-01/care/customer:12/2026-01", on("02-01 00:00"))
    assert (february.status, february.detail["done"], february.owner) == (Status.RUNNING, 0, "position:manager")


def test_one_visit_too_few_breaks_it_when_the_month_ends():
    deeds = [
        visit("01-05 09:00"),
        visit("02-01 00:00"),
        visit("01-06 09:00", customer=13),
        visit("01-07 09:00", action="visit.plan"),
    ]

    assert owed(deeds, "01-31 23:59")[0].status is Status.RUNNING
    january = owed(deeds, "02-01 00:00")[0]
    assert (january.status, january.settled_at, january.detail["done"]) == (Status.BROKEN, on("02-01 00:00"), 1)


def test_every_subject_owes_its_own():
    statuses = {
        duty.detail["subject"]: duty.status
        for duty in owed(
            [visit("01-05 09:00"), visit("01-06 09:00")], "02-01 00:00", subjects=("customer:12", "customer:13")
        )
        if duty.detail["period"] == "2026-01"
    }

    assert statuses == {"customer:12": Status.KEPT, "customer:13": Status.BROKEN}


def test_a_month_that_had_begun_before_is_not_demanded():
    assert [duty.detail["period"] for duty in owed([], "03-10 09:00", since=date(2026, 1, 2))] == ["2026-02", "2026-03"]


def test_what_happens_later_is_not_seen():
    deeds = [visit("01-05 09:00"), visit("01-20 09:00")]

    assert owed(deeds, "01-10 09:00")[0].detail["done"] == 1


def test_for_the_company_every_deed_counts_and_a_department_owes_its_own():
    company = {"cadence": {"every": "year", "in_month": 1, "actions": "visit.report"}}
    department = {"cadence": {"every": "month", "per": "department", "actions": "visit.report"}}
    named = {"cadence": {"every": "month", "owner": QUALITY, "actions": "visit.report"}}

    (yearly,) = owed([visit("01-05 09:00")], "02-10 09:00", subjects=("company",), control=company)
    monthly = owed([], "01-10 09:00", subjects=("department:stores",), control=department)[0]
    by_name = owed([], "01-10 09:00", subjects=("company",), control=named)[0]

    assert yearly.status is Status.KEPT
    assert (monthly.owner, by_name.owner) == ("department:stores", "department:quality")


def test_a_duty_of_conduct_is_kept_by_stating_it():
    (bound,) = Rules.of([document_of({"attested": {"by": MANAGER, "every": "quarter"}})]).attested()
    stated = Deed("attestation.state", on("02-05 09:00"), WANG, control="KH-01/1/attested")
    other = Deed("attestation.state", on("04-05 09:00"), WANG, control="KH-01/6/attested")

    first, second = periodic_obligations(
        bound, ("company",), [other, stated], date(2026, 1, 1), CALENDAR, on("05-01 09:00")
    )

    assert (first.status, first.done_by, first.owner, first.kind) == (
        Status.KEPT,
        WANG,
        "position:manager",
        "attested",
    )
    assert second.status is Status.RUNNING


def test_what_is_stated_of_a_period_after_its_end_is_late_and_not_for_the_next():
    (bound,) = Rules.of([document_of({"attested": {"by": MANAGER, "every": "quarter"}})]).attested()
    late = Deed("attestation.state", on("04-05 09:00"), WANG, control="KH-01/1/attested", period="2026-Q1")

    first, second = periodic_obligations(bound, ("company",), [late], date(2026, 1, 1), CALENDAR, on("05-01 09:00"))

    assert (first.status, first.settled_at, first.done_at, first.done_by) == (
        Status.BROKEN,
        on("04-01 00:00"),
        on("04-05 09:00"),
        WANG,
    )
    assert (second.status, second.done_at) == (Status.RUNNING, None)
