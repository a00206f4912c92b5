"""Routings and notices of a complaint."""

from luyue.rulebook.engine.events import Status
from tests.rulebook.engine.telling import DIRECTOR, LI, MANAGER, QUALITY, SALES, WANG, Story, on, rules

COPY = "KH-01/copy"
ROUTED = rules(
    {
        "routing": {
            "name": "copy",
            "on": "complaint.register",
            "to": [QUALITY, SALES],
            "acknowledge_within": "4h",
            "escalate": [{"at": "100%", "to": DIRECTOR}],
        }
    }
)


def registered(**said):
    return Story().then("register", "03-04 09:00", **said)


def test_each_receiver_has_to_acknowledge():
    story = registered().then("acknowledge", "03-04 10:00", WANG, control=COPY, receiver="department:quality")

    quality, sales = story.owed(ROUTED, "03-04 10:00")

    assert (quality.status, quality.settled_at, quality.done_by) == (Status.KEPT, on("03-04 10:00"), WANG)
    assert (sales.status, sales.due_at, sales.alarms[0].to) == (
        Status.RUNNING,
        on("03-04 13:00"),
        "position:director",
    )
    assert (quality.kind, quality.does, quality.key) == (
        "routing",
        ("complaint.acknowledge",),
        "KH-01/copy@1/department:quality",
    )


def test_a_late_receipt_is_broken_and_remembered():
    story = registered().then("acknowledge", "03-04 14:00", control=COPY, receiver="department:sales")

    sales = story.owed(ROUTED, "03-04 15:00")[1]

    assert (sales.status, sales.settled_at, sales.done_at) == (Status.BROKEN, on("03-04 13:00"), on("03-04 14:00"))


def test_a_receipt_for_another_control_or_receiver_does_not_count():
    story = registered().then("acknowledge", "03-04 10:00", control="KH-01/x", receiver="department:sales")
    story.then("acknowledge", "03-04 10:00", control=COPY, receiver="department:stores")

    assert [owed.status for owed in story.owed(ROUTED, "03-04 10:00")] == [Status.RUNNING, Status.RUNNING]


def test_without_a_time_a_receipt_waits_for_ever():
    in_force = rules({"routing": {"on": "complaint.register", "to": QUALITY}})

    assert registered().only(in_force, "12-31 10:00").due_at is None


def test_the_facts_decide_who_receives_and_it_waits_for_them():
    in_force = rules(
        {"routing": {"name": "copy", "on": "complaint.register", "to": QUALITY, "when": {"kind": ["quality"]}}},
        {"routing": {"name": "copy", "on": "complaint.register", "to": SALES, "when": {"kind": ["price"]}}},
    )
    assert registered(facts={"kind": "delay"}).owed(in_force, "03-04 09:00") == ()

    story = registered()
    assert story.owed(in_force, "03-04 09:00") == ()

    story.then("correct", "03-04 10:00", facts={"kind": "price"})
    received = story.only(in_force, "03-04 10:00")
    assert (received.owner, received.started_at, received.started_by) == ("department:sales", on("03-04 10:00"), 1)


def test_each_further_round_goes_to_everybody_again_and_one_receipt_answers_all():
    story = registered().then("register", "03-04 09:30")
    story.then("acknowledge", "03-04 10:00", control=COPY, receiver="department:sales")

    statuses = [(owed.owner, owed.status) for owed in story.owed(ROUTED, "03-04 10:00")]

    assert statuses == [
        ("department:quality", Status.RUNNING),
        ("department:sales", Status.KEPT),
        ("department:quality", Status.RUNNING),
        ("department:sales", Status.KEPT),
    ]


TOLD_INSIDE = rules({"notice": {"name": "tell", "on": "complaint.register", "to": [MANAGER, {"person": "owner"}]}})


def test_a_notice_inside_is_kept_as_it_reaches_somebody():
    reached = {"position:manager": [7], "employee:2": [2]}

    told = registered(persons={"owner": WANG}, told=reached).owed(TOLD_INSIDE, "03-04 09:00")

    assert [(notice.owner, notice.status, notice.done_by) for notice in told] == [
        ("position:manager", Status.KEPT, LI),
        ("employee:2", Status.KEPT, LI),
    ]
    assert told[0].detail["channels"] == ["in_app"]


def test_a_notice_that_reached_nobody_is_broken_until_whoever_takes_the_position_has_read_it():
    story = registered(persons={"owner": WANG}, told={"position:manager": [], "employee:2": [2]})

    nobody, owner = story.owed(TOLD_INSIDE, "03-04 09:00")
    story.then("acknowledge", "03-09 09:00", LI, control="KH-01/tell", receiver="position:manager")
    read = story.owed(TOLD_INSIDE, "03-09 09:00")[0]

    assert (nobody.status, nobody.due_at, owner.status) == (Status.BROKEN, on("03-04 09:00"), Status.KEPT)
    assert nobody.does == ("complaint.acknowledge",)
    assert (read.status, read.done_at, read.done_by) == (Status.BROKEN, on("03-09 09:00"), LI)


def test_of_a_notice_inside_whose_sending_nothing_proves_nothing_is_claimed():
    assert registered(persons={"owner": WANG}).owed(TOLD_INSIDE, "03-04 09:00") == ()


def test_a_notice_inside_that_wants_proof_runs_until_it_is_there():
    in_force = rules(
        {"notice": {"on": "complaint.register", "to": MANAGER, "channels": "phone", "proved_by": "complaint.confirm"}}
    )
    assert registered().only(in_force, "03-04 09:00").status is Status.RUNNING

    assert registered().then("confirm", "03-04 10:00").only(in_force, "03-04 10:00").status is Status.KEPT


CUSTOMER_TOLD = rules(
    {
        "notice": {
            "on": "complaint.settle",
            "customer": True,
            "channels": "letter",
            "proved_by": "complaint.send_reply",
            "within": "1wd",
            "when": {"market": ["export"]},
        }
    }
)


def test_the_customer_is_told_in_time_by_whoever_owns_the_record_then():
    story = registered(facts={"market": "export"}).then("settle", "03-04 10:00", persons={"owner": LI})
    running = story.only(CUSTOMER_TOLD, "03-04 10:00")
    assert (running.status, running.due_at, running.owner) == (Status.RUNNING, on("03-06 00:00"), "employee:1")

    story.then("assign", "03-04 11:00", persons={"owner": WANG})
    assert story.only(CUSTOMER_TOLD, "03-04 11:00").owner == "employee:2"

    story.then("send_reply", "03-05 10:00")
    assert story.only(CUSTOMER_TOLD, "03-05 10:00").status is Status.KEPT


def test_a_letter_that_is_asked_for_is_not_written_by_telephoning():
    story = registered(facts={"market": "export"}).then("settle", "03-04 10:00")

    story.then("send_reply", "03-04 11:00", channel="phone")
    by_phone = story.only(CUSTOMER_TOLD, "03-04 11:00")
    story.then("send_reply", "03-05 10:00", channel="letter")

    assert by_phone.status is Status.RUNNING
    assert story.only(CUSTOMER_TOLD, "03-05 10:00").settled_at == on("03-05 10:00")


def test_by_another_channel_counts_where_a_rule_for_this_step_was_set_aside():
    story = registered(facts={"market": "export"}).then("settle", "03-04 10:00")
    story.then("override", "03-04 10:30", control="KH-01/letter", action="complaint.send_reply")

    story.then("send_reply", "03-04 11:00", channel="phone")

    assert story.only(CUSTOMER_TOLD, "03-04 11:00").status is Status.KEPT


def test_a_notice_to_the_customer_counts_from_its_cause_even_when_the_market_is_known_later():
    story = registered().then("settle", "03-04 10:00").then("correct", "03-09 10:00", facts={"market": "export"})

    assert story.only(CUSTOMER_TOLD, "03-09 10:00").status is Status.BROKEN


def test_voiding_cancels_what_was_not_received_yet():
    story = registered().then("acknowledge", "03-04 10:00", control=COPY, receiver="department:sales")
    story.then("void", "03-04 11:00")

    assert [owed.status for owed in story.owed(ROUTED, "03-05 10:00")] == [Status.CANCELLED, Status.KEPT]
