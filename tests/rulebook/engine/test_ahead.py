"""Who is told ahead of a date: by when, what proves it, and what becomes of it when the date moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.rules import Rules
from tests.rulebook.engine.telling import MANAGER, QUALITY, Story, on, rules

VISIT = "complaint.visit_on"


def ahead(lead: str = "2d", **more: Any) -> dict[str, Any]:
    return {"notice": {"name": "visit", "ahead_of": VISIT, "lead": lead, "to": [QUALITY], **more}}


def by_phone(lead: str = "14d", **more: Any) -> dict[str, Any]:
    said = {
        "customer": True,
        "channels": ["phone"],
        "proved_by": ["complaint.call"],
        "owner": MANAGER,
        "to": [],
        **more,
    }
    return ahead(lead, **said)


def planned(day: Any = date(2026, 3, 12), **facts: Any) -> Story:
    return Story().then("register", "03-02 09:00", dates={VISIT: day}, facts=facts)


def standing(story: Story, in_force: Rules, as_of: str) -> list[tuple[str, str, str]]:
    return [
        (each.owner, f"{each.due_at:%m-%d %H:%M}" if each.due_at else each.detail["waits_for"], each.status.value)
        for each in story.owed(in_force, as_of)
    ]


@pytest.mark.parametrize(
    ("lead", "day", "due", "told"),
    [
        ("2d", date(2026, 3, 12), "03-11 00:00", "03-10 00:00"),
        ("2d", date(2026, 3, 10), "03-07 00:00", "03-06 00:00"),
        ("2h", on("03-12 14:00"), "03-12 12:00", "03-12 11:55"),
        ("1wd", date(2026, 3, 9), "03-07 00:00", "03-06 00:00"),
    ],
)
def test_colleagues_are_told_in_good_time_before_the_last_moment(lead: str, day: Any, due: str, told: str) -> None:
    owed = planned(day).only(rules(ahead(lead)), "03-03 09:00")

    assert owed.due_at is not None
    assert f"{owed.due_at:%m-%d %H:%M}" == due
    assert [(f"{alarm.at.astimezone(owed.due_at.tzinfo):%m-%d %H:%M}", alarm.to) for alarm in owed.alarms] == [
        (told, "department:quality")
    ]


def test_what_the_installation_has_told_is_kept_and_what_it_did_not_is_broken() -> None:
    in_force = rules(ahead())
    told, late, never = planned(), planned(), planned()
    key = told.only(in_force, "03-03 09:00").key

    told.then("tell_ahead", "03-10 00:00", None, key=key, address="department:quality")
    late.then("tell_ahead", "03-11 08:00", None, key=key, address="department:quality")

    assert told.only(in_force, "03-20 09:00").status is Status.KEPT
    assert never.only(in_force, "03-20 09:00").status is Status.BROKEN
    missed = late.only(in_force, "03-20 09:00")
    assert (missed.status, missed.settled_at, missed.done_at) == (Status.BROKEN, on("03-11 00:00"), on("03-11 08:00"))
    assert told.only(in_force, "03-20 09:00").alarms == ()


def test_the_customer_is_told_two_weeks_before_by_whoever_owes_it() -> None:
    in_force = rules(by_phone())
    kept = planned(date(2026, 3, 20)).then("call", "03-05 10:00")
    late = planned(date(2026, 3, 20)).then("call", "03-09 10:00")

    assert standing(kept, in_force, "03-20 09:00") == [("position:manager", "03-07 00:00", "kept")]
    assert standing(late, in_force, "03-20 09:00") == [("position:manager", "03-07 00:00", "broken")]


def test_a_date_that_moves_moves_the_notice_and_is_told_anew_when_it_was_told_already() -> None:
    in_force = rules(by_phone("2d"))
    story = planned(date(2026, 3, 20))
    story.then("correct", "03-03 09:00", dates={VISIT: date(2026, 3, 27)})
    moved = standing(story, in_force, "03-04 09:00")
    story.then("call", "03-05 10:00").then("correct", "03-06 09:00", dates={VISIT: date(2026, 4, 3)})

    assert moved == [("position:manager", "03-26 00:00", "running")]
    assert standing(story, in_force, "03-07 09:00") == [
        ("position:manager", "03-26 00:00", "kept"),
        ("position:manager", "04-02 00:00", "running"),
    ]


def test_without_its_date_it_waits_and_a_date_that_is_past_is_announced_no_more() -> None:
    in_force = rules(ahead())
    taken_out = planned().then("correct", "03-03 09:00", dates={VISIT: None})
    unknown = Story().then("register", "03-02 09:00")

    assert standing(taken_out, in_force, "03-04 09:00") == [("department:quality", VISIT, "running")]
    assert standing(unknown, in_force, "03-04 09:00") == []
    assert standing(planned(date(2026, 3, 1)), in_force, "03-04 09:00") == []


def test_it_lapses_with_what_makes_it_needless_with_another_case_and_with_the_record() -> None:
    in_force = rules(ahead(cancels=["complaint.close"], when={"amount": ">500"}))

    closed = planned(amount=600).then("close", "03-03 09:00")
    small = planned(amount=600).then("assess", "03-03 09:00", facts={"amount": 100})
    voided = planned(amount=600).then("void", "03-03 09:00")
    open_question = planned().then("assess", "03-03 09:00", facts={"amount": 501})

    for story in (closed, small, voided):
        assert standing(story, in_force, "03-04 09:00") == [("department:quality", "03-11 00:00", "cancelled")]
    assert standing(open_question, in_force, "03-04 09:00") == [("department:quality", "03-11 00:00", "running")]
