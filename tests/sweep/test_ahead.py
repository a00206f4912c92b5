"""The sweep tells colleagues ahead of a date: once, in time, and not after the date has passed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from luyue.api.dossier import told_entries
from luyue.complaints import actions as a
from luyue.insight.conformity import figures
from luyue.messaging.models import Notice
from luyue.messaging.wording import sentence
from luyue.records import clock
from luyue.records.case import Case
from luyue.records.objections import Names
from luyue.rulebook.editions import documents_in_force
from luyue.sweep.alarms import give_alarms
from luyue.sweep.due import break_overdue
from tests.contract.test_replay import replayed, stored
from tests.firms import Firm
from tests.house import Control, carbide_with
from tests.stories.telling import Tale

MONDAY, THURSDAY = "2026-03-02 10:00", "2026-03-05 14:00"
ROLES: Control = {"role": {"actions": ["complaint.send_to_site"], "may": [{"position": "sales_officer"}]}}


def ahead(*receivers: str) -> Control:
    return {
        "notice": {
            "name": "visit-ahead",
            "ahead_of": "complaint.planned_arrival_at",
            "lead": "1d",
            "to": [{"position": each} for each in receivers],
            "cancels": ["complaint.arrive_on_site", "complaint.close", "complaint.withdraw"],
        }
    }


@pytest.fixture
def firm(db: None) -> Firm:
    return carbide_with(ahead("inspector", "production_manager"), ROLES)


def visit(firm: Firm, arrival: str = THURSDAY) -> Tale:
    tale = Tale(firm, MONDAY)
    with firm.at(arrival):
        planned = clock.now()
    return tale.then(MONDAY, "sales_officer", a.send_to_site, planned_arrival_at=planned)


def swept(firm: Firm, moment: str) -> list[str]:
    """Who was told what, after the sweep came by twice at that moment."""
    with firm.at(moment), translation.override("en"):
        for _each in range(2):
            break_overdue(clock.now())
            give_alarms(clock.now())
        names = Names.of(firm.company)
        told = Notice.objects.filter(company=firm.company, kind=Notice.Kind.TOLD, params__has_key="ahead_of")
        return sorted(f"{notice.employee.name}: {sentence(notice, names)}" for notice in told)


def test_nobody_is_told_before_its_time_and_each_once_when_it_has_come(firm: Firm) -> None:
    tale = visit(firm)

    early, on_the_day, later = (swept(firm, f"2026-03-{day}") for day in ("03 23:00", "04 00:01", "04 20:00"))

    assert early == []
    assert on_the_day == later
    assert on_the_day == sorted(
        f"{firm[each].name}: Planned arrival on site: 2026-03-05 14:00" for each in ("inspector", "production_manager")
    )
    assert tale.owed("visit-ahead") == {
        "position:inspector": "2026-03-05 00:00 kept",
        "position:production_manager": "2026-03-05 00:00 kept",
    }
    entered = [entry.data["told"] for entry in tale.record.entries.filter(action="complaint.tell_ahead")]
    assert sorted(map(str, entered)) == sorted(
        str({f"position:{each}": [firm[each].pk]}) for each in ("inspector", "production_manager")
    )
    assert replayed(firm, tale.record) == stored(tale.record)


def test_the_history_tells_whom_the_installation_told_and_the_clock_how_it_was_counted(firm: Firm) -> None:
    tale = visit(firm)
    swept(firm, "2026-03-04 09:00")
    client = Client()
    client.force_login(firm["inspector"].account)

    with firm.at("2026-03-04 10:00"), translation.override("en"):
        case = Case(tale.record, firm["inspector"], clock.now())
        entries = told_entries(case, list(case.entries))
        page = client.get(f"/r/complaints/{tale.record.pk}/")
        explained = client.get(f"/clocks/{firm.owed(tale.record, 'visit-ahead').pk}/")

    assert [entry["by"] for entry in entries if entry["action"] == "tell_ahead"] == [None, None]
    assert "2026-03-05 14:00" in entries[-1]["text"]
    assert page.status_code == explained.status_code == 200


def test_after_days_of_being_off_what_is_past_is_not_announced_and_what_is_to_come_is_told_once(firm: Firm) -> None:
    missed, to_come = visit(firm), visit(firm, "2026-03-12 14:00")

    told = swept(firm, "2026-03-11 09:00")

    assert {line.partition(": ")[2] for line in told} == {"Planned arrival on site: 2026-03-12 14:00"}
    assert len(told) == 2
    assert set(missed.owed("visit-ahead").values()) == {"2026-03-05 00:00 broken"}
    assert set(to_come.owed("visit-ahead").values()) == {"2026-03-12 00:00 kept"}


def test_what_is_planned_at_short_notice_is_told_at_once_and_is_late(firm: Firm) -> None:
    tale = visit(firm, "2026-03-02 18:00")

    told = swept(firm, "2026-03-02 10:01")

    row = firm.owed(tale.record, "visit-ahead")
    assert len(told) == 2
    assert (row.status, row.done_at is not None) == ("broken", True)


def test_of_a_case_that_is_over_nobody_is_told_anything(firm: Firm) -> None:
    over = visit(firm)
    over.brings_about("withdraw", "2026-03-03 09:00")

    told = swept(firm, "2026-03-04 09:00")

    assert told == []
    assert set(over.owed("visit-ahead").values()) == {"2026-03-05 00:00 cancelled"}


def test_nobody_has_it_among_his_work_and_the_clause_counts_it(firm: Firm) -> None:
    tale = visit(firm)
    waiting = list(tale.record.obligations.filter(control__endswith="/visit-ahead").values_list("is_owed", flat=True))
    swept(firm, "2026-03-04 09:00")
    with firm.at("2026-03-06 09:00"):
        (document,) = [each for each in documents_in_force(firm.company, firm.today()) if each.procedure == "HOUSE-01"]
        since, until = tale.record.opened_at.replace(hour=0), clock.now()
        found = figures(firm.company, document, since, until)

    assert waiting == [False, False]
    assert (found["1"].kept, found["1"].broken, found["1"].running) == (2, 0, 0)
