"""What the calendar demands of a company is there in every period, kept or broken, also after days of being off."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from luyue.organization.models import Department
from luyue.records.general import COMMENT
from luyue.records.models import Obligation
from luyue.rulebook.loading import SHIPPED, read_profile
from luyue.sweep.due import break_overdue
from luyue.sweep.models import Lookout
from luyue.sweep.periods import keep_up
from tests.firms import Firm
from tests.sweep.cases import local, registered
from tests.sweep.papers import BY_DEPARTMENT, CARE, adopted


def standing(firm: Firm, control: str) -> dict[str, str]:
    """Period → status of the duties under a control; the subject too, where it is not the company."""
    rows = Obligation.objects.filter(company=firm.company, record=None, control__endswith=f"/{control}")
    return {
        " ".join(filter(None, (row.detail["period"], row.detail["subject"].removeprefix("company")))): row.status
        for row in rows.order_by("due_at", "key")
    }


def test_the_current_period_is_owed_from_its_first_day(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))

    keep_up(carbide.company, local(carbide, "2026-01-01 09:00"))

    (row,) = Obligation.objects.filter(control="GJ-RL-01/care")
    assert (row.status, row.owner, row.is_owed) == ("running", "position:sales_officer", True)
    assert (carbide.local(row.started_at), carbide.local(row.due_at)) == ("2026-01-01 00:00", "2026-02-01 00:00")


def test_a_period_that_had_begun_before_the_company_ran_the_procedure_is_not_demanded(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-05 08:00"))

    keep_up(carbide.company, local(carbide, "2026-02-10 09:00"))

    assert standing(carbide, "care") == {"2026-02": "running"}


def test_so_many_deeds_in_the_period_keep_it_and_fewer_break_it(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))
    for moment in ("2026-01-10 10:00", "2026-01-20 10:00", "2026-02-10 10:00"):
        with carbide.at(moment):
            registered(carbide)

    keep_up(carbide.company, local(carbide, "2026-03-01 00:00"))

    assert standing(carbide, "care") == {"2026-01": "kept", "2026-02": "broken", "2026-03": "running"}
    january = Obligation.objects.get(control="GJ-RL-01/care", detail__period="2026-01")
    assert (carbide.local(january.done_at), january.done_by, january.is_owed) == (
        "2026-01-20 10:00",
        carbide["sales_officer"],
        False,
    )


def test_the_sweep_of_due_times_leaves_the_calendar_alone(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))
    keep_up(carbide.company, local(carbide, "2026-01-10 09:00"))
    for day in (20, 21):
        with carbide.at(f"2026-01-{day} 10:00"):
            registered(carbide)

    break_overdue(local(carbide, "2026-02-10 09:00"))
    keep_up(carbide.company, local(carbide, "2026-02-10 09:00"))

    assert standing(carbide, "care")["2026-01"] == "kept"


def test_looking_often_and_looking_once_after_a_long_time_find_the_same(carbide: Firm) -> None:
    adopted(carbide, CARE, BY_DEPARTMENT, at=local(carbide, "2026-01-01 08:00"))
    for moment in ("2026-01-08 10:00", "2026-01-27 10:00", "2026-03-03 10:00"):
        with carbide.at(moment):
            complaint = registered(carbide)
            COMMENT(complaint, by=carbide["inspector"], text="已看")
        keep_up(carbide.company, local(carbide, moment))
    keep_up(carbide.company, local(carbide, "2026-03-20 10:00"))
    kept = ("key", "status", "settled_at", "done_at", "done_by", "is_owed", "detail")
    often = list(Obligation.objects.filter(record=None).order_by("key").values(*kept))

    Obligation.objects.filter(record=None).delete()
    Lookout.objects.all().delete()
    keep_up(carbide.company, local(carbide, "2026-03-20 10:00"))

    assert list(Obligation.objects.filter(record=None).order_by("key").values(*kept)) == often


def test_each_department_owes_its_own_and_its_people_keep_it(carbide: Firm) -> None:
    adopted(carbide, BY_DEPARTMENT, at=local(carbide, "2026-01-01 08:00"))
    with carbide.at("2026-01-06 10:00"):
        COMMENT(registered(carbide), by=carbide["inspector"], text="已看")

    keep_up(carbide.company, local(carbide, "2026-01-12 00:00"))

    assert standing(carbide, "weekly") == {
        "2026-W02 department:marketing": "broken",
        "2026-W02 department:quality_management": "kept",
        "2026-W03 department:marketing": "running",
        "2026-W03 department:quality_management": "running",
    }


def test_a_department_that_is_closed_owes_nothing_more(carbide: Firm) -> None:
    adopted(carbide, BY_DEPARTMENT, at=local(carbide, "2026-01-01 08:00"))
    Department.objects.filter(company=carbide.company, code="marketing").update(closed_on="2026-01-10")

    keep_up(carbide.company, local(carbide, "2026-01-13 09:00"))

    assert "2026-W03 department:marketing" not in standing(carbide, "weekly")
    assert standing(carbide, "weekly")["2026-W03 department:quality_management"] == "running"


def test_what_is_entered_late_for_an_earlier_period_is_seen(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))
    with carbide.at("2026-01-10 10:00"):
        registered(carbide)
    keep_up(carbide.company, local(carbide, "2026-03-02 09:00"))
    before = standing(carbide, "care")["2026-01"]

    with carbide.at("2026-03-02 10:00"):
        registered(carbide, occurred_at=local(carbide, "2026-01-15 10:00"))
    keep_up(carbide.company, local(carbide, "2026-03-02 11:00"))

    assert (before, standing(carbide, "care")["2026-01"]) == ("broken", "kept")


def test_a_later_edition_demands_only_the_periods_that_begin_under_it(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))
    three = CARE.replace("times: 2", "times: 3")
    second = adopted(carbide, three, at=local(carbide, "2026-02-10 08:00"), number="2", effective="2026-02-15")

    keep_up(carbide.company, local(carbide, "2026-03-10 09:00"))

    asked = {
        row.detail["period"]: (row.detail["times"], row.edition == second)
        for row in Obligation.objects.filter(control="GJ-RL-01/care")
    }
    assert asked == {"2026-01": (2, False), "2026-02": (2, False), "2026-03": (3, True)}


def test_a_second_look_changes_nothing(carbide: Firm) -> None:
    adopted(carbide, CARE, BY_DEPARTMENT, at=local(carbide, "2026-01-01 08:00"))

    first = keep_up(carbide.company, local(carbide, "2026-03-10 09:00"))
    second = keep_up(carbide.company, local(carbide, "2026-03-10 09:01"))

    assert (first > 0, second) == (True, 0)


def test_a_look_costs_the_same_after_one_month_and_after_ten(carbide: Firm) -> None:
    adopted(carbide, CARE, BY_DEPARTMENT, at=local(carbide, "2025-01-02 08:00"), effective="2025-01-01")

    def statements(moment: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            keep_up(carbide.company, local(carbide, moment))
        return len(asked)

    statements("2025-02-10 09:00")
    after_one = statements("2025-02-10 09:01")
    statements("2025-11-10 09:00")

    assert statements("2025-11-10 09:01") == after_one


def test_another_company_is_not_touched(carbide: Firm) -> None:
    Firm(read_profile(SHIPPED / "mining"))

    keep_up(carbide.company, local(carbide, "2026-03-10 09:00"))

    assert set(Obligation.objects.values_list("company", flat=True)) == {carbide.company.pk}


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_write_each_duty_once(carbide: Firm) -> None:
    adopted(carbide, CARE, BY_DEPARTMENT, at=local(carbide, "2026-01-01 08:00"))
    together = Barrier(2)

    def sweep() -> None:
        together.wait()
        keep_up(carbide.company, local(carbide, "2026-06-01 00:00"))
        connections.close_all()

    sweepers = [Thread(target=sweep) for _ in range(2)]
    for each in sweepers:
        each.start()
    for each in sweepers:
        each.join()

    keys = list(Obligation.objects.filter(record=None).values_list("key", flat=True))
    assert keys
    assert len(keys) == len(set(keys))
