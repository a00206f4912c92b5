"""Every obligation can say how it came to its due time."""

from datetime import date, timedelta

import pytest

from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.explaining import explain
from tests.rulebook.engine.telling import CALENDAR, MANAGER, Story, on, rules


def limit(**said):
    return {"time_limit": {"stops": "complaint.reply", "name": "reply", **said}}


STARTED = {"starts": "complaint.register"}


def explained(story, in_force, as_of):
    return explain(story.only(in_force, as_of), story.events, in_force, CALENDAR)


def test_the_segments_of_business_hours_add_up_to_the_span():
    in_force = rules(limit(**STARTED, within="4bh", pauses=["complaint.waiting"]))
    story = Story().then("register", "03-06 16:30").then("ask", "03-09 09:30", state="waiting")
    story.then("answer", "03-09 15:00", state="open")

    why = explained(story, in_force, "03-09 15:00")

    assert why.due.at == why.obligation.due_at == on("03-09 17:00")
    assert sum((segment.counted for segment in why.due.segments), timedelta()) == timedelta(hours=4)
    assert [pause.reason for pause in why.due.pauses] == ["waiting"]
    assert (why.started_by.sequence, why.settled_by, why.bound.clause) == (1, None, "1")
    assert why.lines[-1].values["at"] == on("03-09 17:00")


@pytest.mark.parametrize(
    "control",
    [
        limit(**STARTED, within="24h"),
        limit(**STARTED, within="10d"),
        limit(**STARTED, within="3wd", pauses=["complaint.waiting"]),
        limit(**STARTED, within="complaint.travel_time"),
        limit(since="complaint.visit_on", within="1mo"),
        limit(since="complaint.visit_on", within="2wd", before=True),
        {"routing": {"on": "complaint.register", "to": MANAGER, "acknowledge_within": "4bh"}},
        {"sign_off": {"before": "complaint.reply", "signers": MANAGER, "within": "1wd"}},
    ],
)
@pytest.mark.parametrize("as_of", ["03-04 12:00", "03-20 12:00", "05-20 12:00"])
def test_counting_again_comes_to_the_same_due_time(control, as_of):
    in_force = rules(control)
    story = Story().then(
        "register", "03-04 09:00", dates={"complaint.visit_on": date(2026, 3, 12), "complaint.travel_time": "30h"}
    )
    story.then("ask", "03-04 10:00", state="waiting").then("answer", "03-06 10:00", state="open")
    story.then("reply", "03-19 09:00")

    why = explained(story, in_force, as_of)

    if why.obligation.status is Status.PAUSED:
        assert why.due.paused_since == on("03-04 10:00")
    else:
        assert why.due.at == why.obligation.due_at


def test_a_date_on_the_record_needs_no_counting():
    in_force = rules(limit(**STARTED, due="complaint.wanted_by"))
    story = Story().then("register", "03-04 09:00", dates={"complaint.wanted_by": on("03-05 17:00")})
    story.then("reply", "03-05 10:00")

    why = explained(story, in_force, "03-06 09:00")

    assert why.due is None
    assert [line.kind for line in why.lines] == ["start", "due"]
    assert why.settled_by.action == "complaint.reply"
