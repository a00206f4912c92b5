"""A length of time that a record itself says, such as the planned travel time, and the clock that runs by it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from luyue.api.shapes import whole
from luyue.complaints import actions as a
from luyue.complaints.forms import SendToSiteForm
from luyue.desk.explaining import explanation
from luyue.desk.presenting import fact_of, timeline_of
from luyue.records import clock
from luyue.records.calendars import calendar_of
from luyue.records.case import Case
from luyue.records.general import CORRECT
from luyue.records.lengths import read_length
from luyue.records.rules import rules_of
from luyue.records.story import events_of
from luyue.rulebook.engine.obligations import obligations
from tests.firms import Firm
from tests.house import carbide_with
from tests.stories.telling import Tale

MONDAY, NOON, TUESDAY = "2026-03-02 10:00", "2026-03-02 12:00", "2026-03-03 10:00"
ARRIVAL = {
    "time_limit": {
        "name": "arrive-in-travel-time",
        "starts": "complaint.send_to_site",
        "stops": "complaint.arrive_on_site",
        "within": "complaint.travel_time",
        "owner": {"position": "sales_officer"},
    }
}
ROLES = {
    "role": {
        "actions": ["complaint.send_to_site", "complaint.arrive_on_site"],
        "may": [{"position": "sales_officer"}],
    }
}


@pytest.fixture
def firm(db: None) -> Firm:
    return carbide_with(ARRIVAL, ROLES)


def sent(firm: Firm, travel_time: str = "36h") -> Tale:
    tale = Tale(firm, MONDAY)
    with firm.at(NOON):
        planned = clock.now()
    return tale.then(NOON, "sales_officer", a.send_to_site, planned_arrival_at=planned, travel_time=travel_time)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("36 h", "36h"),
        ("36h", "36h"),
        (" 2 d ", "2d"),
        ("2 days", "2d"),
        ("3 working days", "3wd"),
        ("10d!", "10d!"),
        ("1 week", "7d"),
        ("36 小时", "36h"),
        ("2天", "2d"),
        ("3个工作日", "3wd"),
        ("3 個工作日", "3wd"),
        ("1 个月", "1mo"),
        ("90 分钟", "90m"),
    ],
)
def test_people_write_lengths_of_time_as_they_say_them(written: str, kept: str) -> None:
    assert read_length(written) == kept


@pytest.mark.parametrize("written", ["soon", "36", "0 h", "1.5 d", "-2 d", "2 moons", "999999999 h", "P1DT12H"])
def test_what_is_no_length_of_time_is_refused_with_an_example(written: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="write for example 36 h"):
        read_length(written)


def test_the_form_keeps_the_span_and_may_be_left_empty(firm: Firm) -> None:
    said = {"person": firm["sales_officer"].pk, "planned_arrival_at": "2026-03-03T18:00"}

    empty, filled, wrong = (
        SendToSiteForm({**said, "travel_time": text}, company=firm.company) for text in ("", "36 小时", "明天")
    )

    assert empty.is_valid()
    assert empty.cleaned_data["travel_time"] == ""
    assert filled.is_valid()
    assert filled.cleaned_data["travel_time"] == "36h"
    assert list(wrong.errors) == ["travel_time"]


def test_the_clock_runs_for_the_travel_time_of_this_very_case(firm: Firm) -> None:
    tale, slow = sent(firm), sent(firm, "2d")

    tale.then("2026-03-03 20:00", "sales_officer", a.arrive_on_site)

    assert tale.owed("arrive-in-travel-time") == {"position:sales_officer": "2026-03-04 00:00 kept"}
    assert slow.owed("arrive-in-travel-time") == {"position:sales_officer": "2026-03-05 00:00 running"}


def test_without_a_travel_time_the_clock_waits_for_it_and_says_so(firm: Firm) -> None:
    tale = sent(firm, "")
    waiting = tale.owed("arrive-in-travel-time")
    with firm.at(NOON), translation.override("en"):
        case = Case(tale.record, firm["sales_officer"], clock.now())
        said = explanation(case, firm.owed(tale.record, "arrive-in-travel-time"))["sentence"]

    tale.then(TUESDAY, "sales_officer", CORRECT, field="travel_time", value="3 个工作日", reason="补填")

    assert waiting == {"position:sales_officer": "running"}
    assert said.endswith("by when is known once “planned travel time” is filled in.")
    assert tale.record.travel_time == "3wd"
    assert tale.owed("arrive-in-travel-time")["position:sales_officer"].endswith("running")
    assert tale.owed("arrive-in-travel-time")["position:sales_officer"] != "running"


def test_the_page_of_the_step_that_begins_the_clock_says_what_follows(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    client = Client()
    client.force_login(firm["sales_officer"].account)

    with firm.at(NOON):
        page = client.get(f"/r/complaints/{tale.record.pk}/do/send_to_site/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "Arrive on site" in page.content.decode()


def test_the_explanation_adds_up_and_the_ledger_alone_gives_the_same_clock(firm: Firm) -> None:
    tale = sent(firm)
    row = firm.owed(tale.record, "arrive-in-travel-time")
    with firm.at(NOON):
        case = Case(tale.record, firm["sales_officer"], clock.now())
        told = explanation(case, row)
    events = events_of(tale.record)

    owed = obligations(
        events, rules_of(tale.record.binding_id, firm.company), calendar_of(firm.company), clock.now(), "complaint"
    )

    assert told["total"].startswith("36")
    assert events[-1].dates["travel_time"] == "36h"
    assert [(each.due_at, each.detail["span"]) for each in owed if each.key == row.key] == [(row.due_at, "36h")]


def test_pages_papers_and_programs_say_the_length_in_words_or_as_a_span(firm: Firm) -> None:
    tale = sent(firm)
    with firm.at(NOON), translation.override("en"):
        case = Case(tale.record, firm["sales_officer"], clock.now())
        fact = fact_of(tale.record, "travel_time")
        (change,) = [
            each for line in timeline_of(case, list(case.entries)) for each in line.changes if each.label == fact.label
        ]
        answered = whole(case)["fields"]["travel_time"]

    assert (fact.value, change.after, answered) == ("36 hours", "36 hours", "36h")
