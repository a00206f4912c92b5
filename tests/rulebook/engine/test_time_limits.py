"""Time limits, told as stories of a complaint."""

from datetime import UTC, date, timedelta

import pytest

from luyue.rulebook.engine.events import Alarm, Status
from luyue.worktime import InstantError
from tests.rulebook.engine.telling import DIRECTOR, LI, MANAGER, QUALITY, WANG, Story, on, rules


def utc(said):
    return on(said).astimezone(UTC).isoformat()


def limit(**said):
    return {"time_limit": {"starts": "complaint.register", "stops": "complaint.reply", "name": "reply", **said}}


def within(span, **said):
    return rules(limit(within=span, **said))


def test_a_reply_in_time_keeps_the_promise():
    story = Story().then("register", "03-04 09:30").then("reply", "03-04 11:30", WANG)

    reply = story.only(within("2h"), "03-05 09:00")

    assert (reply.status, reply.settled_at, reply.done_by) == (Status.KEPT, on("03-04 11:30"), WANG)
    assert (reply.key, reply.control, reply.clause) == ("KH-01/reply@1", "KH-01/reply", "1")


def test_a_late_reply_breaks_it_at_the_due_time_and_is_remembered():
    story = Story().then("register", "03-04 09:30").then("reply", "03-04 11:31", WANG)

    reply = story.only(within("2h"), "03-05 09:00")

    assert (reply.status, reply.settled_at) == (Status.BROKEN, on("03-04 11:30"))
    assert (reply.done_at, reply.done_by) == (on("03-04 11:31"), WANG)


def test_without_a_reply_it_runs_to_the_due_time_and_breaks_after_it():
    story = Story().then("register", "03-04 09:30")

    assert story.only(within("2h"), "03-04 11:30").status is Status.RUNNING
    assert story.only(within("2h"), "03-04 11:31").status is Status.BROKEN
    assert story.only(within("2h"), "03-04 11:31").settled_at == on("03-04 11:30")


def test_nothing_is_owed_before_it_begins():
    assert Story().owed(within("2h"), "03-04 09:00") == ()
    assert Story().then("reply", "03-04 09:00").owed(within("2h"), "03-04 09:00") == ()


def test_events_after_the_instant_are_not_seen():
    story = Story().then("register", "03-04 09:30").then("reply", "03-04 10:00")

    assert story.only(within("2h"), "03-04 09:45").status is Status.RUNNING


def test_a_backdated_event_takes_its_place_in_time():
    story = Story().then("register", "03-04 09:30").then("close", "03-05 09:30").then("reply", "03-04 10:00")

    assert story.only(within("2h"), "03-06 09:45").status is Status.KEPT


def test_business_hours_skip_the_night():
    story = Story().then("register", "03-06 16:30")

    assert story.only(within("4bh"), "03-06 17:00").due_at == on("03-09 11:30")


def test_a_second_start_while_it_runs_opens_nothing_new_but_after_it_is_settled_it_does():
    story = Story().then("register", "03-04 09:00").then("register", "03-04 09:30").then("reply", "03-04 10:00")
    story.then("register", "03-04 12:00")

    first, second = story.owed(within("2h"), "03-04 13:00")

    assert (first.status, first.due_at) == (Status.KEPT, on("03-04 11:00"))
    assert (second.status, second.due_at, second.started_by) == (Status.RUNNING, on("03-04 14:00"), 4)


def test_a_broken_promise_does_not_keep_the_next_from_beginning_and_one_reply_answers_both():
    story = Story().then("register", "03-04 09:00").then("register", "03-04 12:00").then("reply", "03-04 13:00")

    first, second = story.owed(within("2h"), "03-04 13:00")

    assert (first.status, first.done_at) == (Status.BROKEN, on("03-04 13:00"))
    assert second.status is Status.KEPT


def test_what_restarts_it_cancels_the_running_clock_and_begins_anew():
    in_force = within("2h", restarts="complaint.reopen")
    story = Story().then("reopen", "03-04 08:00").then("register", "03-04 09:00").then("reopen", "03-04 10:00")

    first, second = story.owed(in_force, "03-04 10:30")

    assert (first.status, first.settled_at) == (Status.CANCELLED, on("03-04 10:00"))
    assert (second.status, second.due_at) == (Status.RUNNING, on("03-04 12:00"))


def test_what_restarts_it_begins_it_anew_after_it_was_kept_too():
    in_force = within("2h", restarts="complaint.reopen")
    story = Story().then("register", "03-04 09:00").then("reply", "03-04 10:00").then("reopen", "03-05 10:00")

    assert [owed.status for owed in story.owed(in_force, "03-05 10:30")] == [Status.KEPT, Status.RUNNING]


def test_an_action_that_stops_and_starts_keeps_one_report_and_owes_the_next():
    in_force = rules(limit(starts=["complaint.register", "complaint.report"], stops="complaint.report", within="3d"))
    story = Story().then("register", "03-02 09:00").then("report", "03-04 09:00")

    first, second = story.owed(in_force, "03-04 10:00")

    assert (first.status, second.status, second.started_by) == (Status.KEPT, Status.RUNNING, 2)


def test_while_the_customer_is_waited_for_the_clock_stands_still():
    in_force = within("4h", pauses=["complaint.waiting"])
    story = Story().then("register", "03-04 09:00").then("ask", "03-04 10:00", state="waiting")

    paused = story.only(in_force, "03-04 20:00")
    assert (paused.status, paused.due_at) == (Status.PAUSED, None)
    assert paused.detail["due_before_pause"] == utc("03-04 13:00")
    assert paused.detail["paused_since"] == utc("03-04 10:00")

    story.then("answer", "03-04 21:00", state="open")
    running = story.only(in_force, "03-04 22:00")
    assert (running.status, running.due_at) == (Status.RUNNING, on("03-05 00:00"))
    assert running.detail["pauses"] == [[utc("03-04 10:00"), utc("03-04 21:00"), "waiting"]]


def test_a_clock_that_begins_in_a_waiting_state_begins_paused():
    in_force = within("4h", pauses=["complaint.waiting"])
    story = Story().then("register", "03-04 09:00", state="waiting")

    assert story.only(in_force, "03-05 09:00").status is Status.PAUSED


def test_doing_it_while_the_clock_stands_still_keeps_it():
    in_force = within("2h", pauses=["complaint.waiting"])
    story = Story().then("register", "03-04 09:00").then("ask", "03-04 10:00", state="waiting")
    story.then("reply", "03-06 10:00", state="open")

    kept = story.only(in_force, "03-07 09:00")

    assert (kept.status, kept.due_at) == (Status.KEPT, on("03-06 11:00"))


def test_a_pause_after_the_due_time_does_not_mend_it():
    in_force = within("2h", pauses=["complaint.waiting"])
    story = Story().then("register", "03-04 09:00").then("ask", "03-04 12:00", state="waiting")

    assert story.only(in_force, "03-05 09:00").status is Status.BROKEN


GRAVE_OR_NOT = rules(
    limit(within="24h", when={"severity": ["minor"]}),
    limit(within="4h", when={"severity": ["grave"]}),
)


def test_the_variant_that_the_facts_choose_applies_from_the_same_start():
    story = Story().then("register", "03-04 09:00", facts={"severity": "minor"})
    assert story.only(GRAVE_OR_NOT, "03-04 10:00").due_at == on("03-05 09:00")

    story.then("correct", "03-04 10:00", facts={"severity": "grave"})
    grave = story.only(GRAVE_OR_NOT, "03-04 10:00")

    assert (grave.key, grave.due_at, grave.clause) == ("KH-01/reply@1", on("03-04 13:00"), "2")


def test_a_shorter_variant_chosen_too_late_is_broken_from_the_start_it_always_had():
    story = Story().then("register", "03-04 09:00", facts={"severity": "minor"})
    story.then("correct", "03-04 15:00", facts={"severity": "grave"}).then("reply", "03-04 16:00")

    late = story.only(GRAVE_OR_NOT, "03-04 17:00")

    assert (late.status, late.settled_at, late.done_at) == (Status.BROKEN, on("03-04 13:00"), on("03-04 16:00"))


def test_when_no_variant_holds_any_more_it_is_cancelled():
    story = Story().then("register", "03-04 09:00", facts={"severity": "minor"})
    story.then("correct", "03-04 10:00", facts={"severity": "none"})

    assert story.only(GRAVE_OR_NOT, "03-04 11:00").status is Status.CANCELLED


def test_while_the_facts_leave_it_open_nothing_is_owed_yet_and_then_it_counts_from_the_start():
    story = Story().then("register", "03-04 09:00")
    assert story.owed(GRAVE_OR_NOT, "03-04 10:00") == ()

    story.then("assess", "03-04 10:00", facts={"severity": "grave"})
    assert story.only(GRAVE_OR_NOT, "03-04 10:00").due_at == on("03-04 13:00")


def test_what_was_done_before_it_was_decided_counts():
    story = Story().then("register", "03-04 09:00").then("reply", "03-04 09:30", WANG)
    story.then("assess", "03-06 10:00", facts={"severity": "grave"})

    kept = story.only(GRAVE_OR_NOT, "03-06 10:00")

    assert (kept.status, kept.settled_at, kept.done_by) == (Status.KEPT, on("03-04 09:30"), WANG)


def test_a_fact_that_comes_with_the_deed_decides_and_is_settled_at_once():
    story = Story().then("register", "03-04 09:00").then("reply", "03-04 12:00", facts={"severity": "grave"})

    assert story.only(GRAVE_OR_NOT, "03-04 12:00").status is Status.KEPT


def test_a_running_clock_is_stopped_under_the_variant_it_ran_by():
    story = Story().then("register", "03-04 09:00", facts={"severity": "minor"})
    story.then("reply", "03-04 20:00", facts={"severity": "grave"})

    assert story.only(GRAVE_OR_NOT, "03-04 21:00").status is Status.KEPT


def test_a_condition_that_does_not_hold_at_the_start_begins_nothing():
    story = Story().then("register", "03-04 09:00", facts={"severity": "none"})

    assert story.owed(GRAVE_OR_NOT, "03-05 09:00") == ()


def test_a_fact_that_is_blanked_leaves_the_variant_in_force():
    story = Story().then("register", "03-04 09:00", facts={"severity": "grave"})
    story.then("correct", "03-04 10:00", facts={"severity": None})

    assert story.only(GRAVE_OR_NOT, "03-04 10:00").due_at == on("03-04 13:00")


@pytest.mark.parametrize(("called", "status"), [("03-06 23:59", Status.RUNNING), ("03-07 00:00", Status.KEPT)])
def test_a_call_before_the_third_day_does_not_count(called, status):
    in_force = rules(limit(stops="complaint.call", within="7d", not_before="3d"))
    story = Story().then("register", "03-04 09:00").then("call", called)

    assert story.only(in_force, "03-08 09:00").status is status


def test_hours_that_must_pass_are_counted_to_the_instant():
    in_force = rules(limit(stops="complaint.call", within="48h", not_before="24h"))
    story = Story().then("register", "03-04 09:00").then("call", "03-05 08:59").then("call", "03-05 09:00")

    assert story.only(in_force, "03-05 09:00").settled_at == on("03-05 09:00")


def test_a_date_starts_the_clock_as_soon_as_it_is_known():
    in_force = rules(limit(starts=[], since="complaint.delivered_on", within="3d"))
    story = Story().then("register", "03-02 09:00")
    assert story.owed(in_force, "03-03 09:00") == ()

    story.then("deliver", "03-03 16:00", dates={"complaint.delivered_on": date(2026, 3, 2)})
    running = story.only(in_force, "03-03 16:00")

    assert (running.started_at, running.due_at, running.started_by) == (on("03-02 00:00"), on("03-06 00:00"), 2)


def test_what_was_done_between_the_date_and_its_entry_counts():
    in_force = rules(limit(starts=[], since="complaint.delivered_on", within="3d"))
    story = Story().then("reply", "03-01 12:00").then("reply", "03-03 12:00")
    story.then("deliver", "03-04 16:00", dates={"delivered_on": "2026-03-02"})

    assert story.only(in_force, "03-04 16:00").settled_at == on("03-03 12:00")


def test_a_date_moved_while_the_clock_runs_moves_the_due_time():
    in_force = rules(limit(starts=[], since="complaint.delivered_on", within="3d!"))
    story = Story().then("register", "03-02 09:00", dates={"complaint.delivered_on": date(2026, 3, 2)})
    story.then("correct", "03-03 09:00", dates={"complaint.delivered_on": date(2026, 3, 3)})

    assert story.only(in_force, "03-04 09:00").due_at == on("03-07 00:00")
    assert story.only(in_force, "03-04 09:00").key == "KH-01/reply@1"


def test_a_date_that_is_taken_away_leaves_a_clock_without_a_due_time():
    in_force = rules(limit(starts=[], since="complaint.delivered_on", within="3d"))
    story = Story().then("register", "03-02 09:00", dates={"complaint.delivered_on": date(2026, 3, 2)})
    story.then("correct", "03-03 09:00", dates={"complaint.delivered_on": None})

    waiting = story.only(in_force, "04-04 09:00")

    assert (waiting.status, waiting.due_at, waiting.detail["waits_for"]) == (
        Status.RUNNING,
        None,
        "complaint.delivered_on",
    )


def test_three_working_days_before_a_visit_is_counted_back():
    in_force = rules(limit(starts=[], since="complaint.visit_on", within="3wd", before=True))
    story = Story().then("register", "03-02 09:00", dates={"complaint.visit_on": date(2026, 3, 12)})

    assert story.only(in_force, "03-03 09:00").due_at == on("03-10 00:00")
    assert story.then("reply", "03-09 23:00").only(in_force, "03-20 09:00").status is Status.KEPT


def test_a_visit_fixed_too_late_to_announce_is_broken_at_once():
    in_force = rules(limit(starts=[], since="complaint.visit_on", within="3wd", before=True))
    story = Story().then("register", "03-11 09:00", dates={"complaint.visit_on": date(2026, 3, 12)})

    assert story.only(in_force, "03-11 09:00").status is Status.BROKEN


def test_the_announcement_that_brings_the_date_keeps_its_own_promise():
    in_force = rules(limit(starts=[], since="complaint.visit_on", within="3wd", before=True))
    story = Story().then("reply", "03-02 09:00", dates={"complaint.visit_on": date(2026, 3, 12)})

    assert story.only(in_force, "03-02 09:00").status is Status.KEPT


def test_the_time_the_customer_asked_for_is_the_due_time():
    in_force = rules(limit(due="complaint.wanted_by", pauses=["complaint.waiting"]))
    story = Story().then("register", "03-04 09:00")
    assert story.only(in_force, "12-31 09:00").detail["waits_for"] == "complaint.wanted_by"

    story.then("agree", "03-04 10:00", dates={"complaint.wanted_by": on("03-05 17:00")})
    assert story.only(in_force, "03-05 09:00").due_at == on("03-05 17:00")

    story.then("agree", "03-04 11:00", dates={"complaint.wanted_by": "2026-03-05"})
    assert story.only(in_force, "03-05 09:00").due_at == on("03-06 00:00")


@pytest.mark.parametrize("planned", ["36h", "2160m", timedelta(hours=36), "P1DT12H", "P1DT12H00M00S"])
def test_the_planned_travel_time_of_this_shipment_is_the_span(planned):
    in_force = rules(limit(within="complaint.travel_time"))
    story = Story().then("register", "03-04 09:00", dates={"complaint.travel_time": planned})

    assert story.only(in_force, "03-04 09:00").due_at == on("03-05 21:00")


@pytest.mark.parametrize("planned", [None, "", "soon", timedelta(0)])
def test_without_a_travel_time_there_is_no_due_time(planned):
    in_force = rules(limit(within="complaint.travel_time"))
    story = Story().then("register", "03-04 09:00", dates={"complaint.travel_time": planned})

    assert story.only(in_force, "04-04 09:00").detail["waits_for"] == "complaint.travel_time"


@pytest.mark.parametrize("action", ["withdraw", "void"])
def test_what_cancels_it_ends_it_without_a_verdict(action):
    in_force = within("2h", cancels="complaint.withdraw")
    story = Story().then("register", "03-04 09:00").then(action, "03-04 10:00")

    cancelled = story.only(in_force, "03-05 09:00")

    assert (cancelled.status, cancelled.settled_at, cancelled.done_at) == (Status.CANCELLED, on("03-04 10:00"), None)


def test_voiding_does_not_undo_what_was_broken():
    story = Story().then("register", "03-04 09:00").then("void", "03-04 12:00")

    assert story.only(within("2h"), "03-05 09:00").status is Status.BROKEN


def test_alarms_sound_at_their_share_of_the_time():
    in_force = within("4h", escalate=[{"at": "75%", "to": MANAGER}, {"at": "100%", "to": DIRECTOR}])
    running = Story().then("register", "03-04 09:00").only(in_force, "03-04 09:00")

    assert running.alarms == (
        Alarm(on("03-04 12:00"), "position:manager"),
        Alarm(on("03-04 13:00"), "position:director"),
    )


def test_the_owner_of_the_record_owes_it_and_hands_it_on_with_the_record():
    story = Story().then("register", "03-04 09:00")
    assert story.only(within("2h"), "03-04 09:00").owner == "person:owner"

    story.then("assign", "03-04 09:10", persons={"owner": LI}).then("assign", "03-04 09:20", persons={"owner": WANG})
    assert story.only(within("2h"), "03-04 09:15").owner == "employee:1"
    assert story.only(within("2h"), "03-04 09:30").owner == "employee:2"

    story.then("reply", "03-04 10:00", persons={"owner": LI})
    assert story.only(within("2h"), "03-04 10:00").owner == "employee:2"


def test_the_control_may_name_who_owes_it():
    assert Story().then("register", "03-04 09:00").only(within("2h", owner=QUALITY), "03-04 09:00").owner == (
        "department:quality"
    )


def test_a_year_without_its_holiday_notice_is_provisional():
    story = Story().then("register", "2027-03-04 09:00")

    assert story.only(within("3wd"), "2027-03-04 09:00").provisional is True
    assert story.only(within("24h"), "2027-03-04 09:00").provisional is False


def test_a_time_without_an_offset_is_refused():
    naive = on("03-04 09:00").replace(tzinfo=None)
    story = Story().then("register", naive)

    with pytest.raises(InstantError):
        story.owed(within("2h"), naive)
