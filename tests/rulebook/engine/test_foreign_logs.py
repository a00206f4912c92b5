"""What a log that nobody guarded shows about orders, prerequisites and four eyes."""

from luyue.rulebook.engine.deeds import deed_obligations
from luyue.rulebook.engine.events import Status
from tests.rulebook.engine.telling import LI, QUALITY, WANG, Story, on, rules


def judged(control, story, as_of="03-10 09:00"):
    return deed_obligations(story.events, rules(control), on(as_of))


ORDER = {"order": {"name": "agree-first", "first": "complaint.agree", "then": "complaint.tell"}}


def test_telling_before_agreeing_is_broken_and_it_shows_when_it_was_made_good():
    story = Story().then("tell", "03-04 09:00").then("agree", "03-04 10:00", WANG).then("tell", "03-04 11:00")

    broken, kept = judged(ORDER, story)

    assert (broken.status, broken.settled_at, broken.done_at, broken.done_by) == (
        Status.BROKEN,
        on("03-04 09:00"),
        on("03-04 10:00"),
        WANG,
    )
    assert (kept.status, kept.key, kept.owner) == (Status.KEPT, "KH-01/agree-first@3", "employee:1")


def test_a_deed_that_never_came_is_not_judged():
    assert judged(ORDER, Story().then("agree", "03-04 09:00")) == ()
    assert judged(ORDER, Story().then("tell", "03-04 09:00"), "03-04 08:00") == ()


def test_an_order_for_exports_says_nothing_about_the_rest():
    control = {"order": {**ORDER["order"], "when": {"market": ["export"]}}}

    assert judged(control, Story().then("tell", "03-04 09:00", facts={"market": "domestic"})) == ()
    assert judged(control, Story().then("tell", "03-04 09:00")) == ()


def test_two_calls_before_closing():
    control = {
        "prerequisite": {
            "before": "complaint.close",
            "needs": [{"action": "complaint.call", "at_least": 2}, {"attachment": "photo"}],
            "owner": QUALITY,
        }
    }
    story = Story().then("call", "03-04 09:00").then("close", "03-04 10:00", None)

    (broken,) = judged(control, story)
    assert (broken.status, broken.detail["missing"], broken.owner) == (
        Status.BROKEN,
        ["complaint.call"],
        "department:quality",
    )

    story.then("call", "03-04 11:00").then("close", "03-04 12:00")
    assert [each.status for each in judged(control, story)] == [Status.BROKEN, Status.KEPT]


def test_what_a_log_cannot_show_is_not_judged():
    control = {"prerequisite": {"before": "complaint.close", "needs": {"attachment": "photo"}}}

    assert judged(control, Story().then("close", "03-04 10:00")) == ()


def test_four_eyes():
    control = {"separate_persons": {"actions": ["complaint.propose", "complaint.settle"]}}
    story = Story().then("settle", "03-04 08:00", LI).then("propose", "03-04 09:00", WANG)
    story.then("settle", "03-04 10:00", WANG).then("settle", "03-04 11:00", None)

    first, second = judged(control, story)

    assert (first.status, second.status) == (Status.KEPT, Status.BROKEN)
    assert second.detail["same_person"] == ["complaint.propose"]
