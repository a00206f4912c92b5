"""How long a record is kept, and who may see it."""

from datetime import date

from luyue.rulebook.engine.readers import field_readers, readers
from luyue.rulebook.engine.retention import longest_retention, retained_until
from tests.rulebook.engine.telling import CLERK, DIRECTOR, LI, MANAGER, QUALITY, WANG, ZHAO, Story, rules


def kept(*demands, facts=None, closed_on=date(2026, 3, 4)):
    in_force = rules(*({"retention": {"record": "complaint", **demand}} for demand in demands))
    longest = longest_retention(in_force, "complaint", closed_on, facts)
    assert retained_until(in_force, "complaint", closed_on, facts) == longest.until
    return longest


def test_years_end_on_the_same_day_of_the_year():
    assert kept({"years": 3}).until == date(2029, 3, 4)
    assert kept({"years": 1}, closed_on=date(2028, 2, 29)).until == date(2029, 2, 28)


def test_the_longest_demand_counts():
    assert kept({"years": 3}, {"years": 5}).bound.clause == "2"
    assert kept({"years": 100}, {"product_life": True}).until == "product life"
    assert kept({"for_ever": True}, {"product_life": True}).until == "for ever"


def test_where_nothing_is_said_nothing_is_known():
    assert retained_until(rules({"retention": {"record": "visit", "years": 3}}), "complaint", date(2026, 3, 4)) is None


def test_what_may_have_to_be_kept_longer_is():
    grave = {"years": 10, "when": {"severity": ["grave"]}}

    assert kept({"years": 3}, grave).until == date(2036, 3, 4)
    assert kept({"years": 3}, grave, facts={"severity": "minor"}).until == date(2029, 3, 4)


SECRET = {"confidentiality": {"record": "complaint", "readers": DIRECTOR, "when": {"kind": ["theft"]}}}
OPEN = Story().then("register", "03-04 09:00", LI, facts={"kind": "delay"})


def theft():
    return Story().then("register", "03-04 09:00", LI, facts={"kind": "theft"}, persons={"owner": WANG})


def test_a_record_that_is_not_confidential_is_open_to_all():
    assert readers(rules(SECRET), "complaint", OPEN.events) is None
    assert readers(rules(SECRET), "visit", theft().events) is None


def test_as_long_as_it_is_not_known_whether_it_is_secret_it_is():
    assert readers(rules(SECRET), "complaint", Story().then("register", "03-04 09:00", LI).events) is not None


def test_the_named_readers_and_everybody_concerned_may_see_it():
    in_force = rules(
        SECRET,
        {"role": {"actions": "complaint.register", "may": CLERK}},
        {"role": {"actions": "complaint.comment", "may": {"position": "anybody"}}},
        {"role": {"actions": "visit.report", "may": {"position": "driver"}}},
        {"routing": {"on": "complaint.register", "to": QUALITY}},
        {"sign_off": {"name": "ok", "before": "complaint.settle", "signers": MANAGER}},
        {
            "time_limit": {
                "starts": "complaint.register",
                "stops": "complaint.reply",
                "within": "2h",
                "owner": {"position": "writer"},
            }
        },
    )
    story = theft().then("comment", "03-04 10:00", ZHAO, mentions=["employee:9", {"id": 10, "name": "孙"}, None])
    story.then("hand_over", "03-04 11:00", ZHAO, control="KH-01/ok", slot=1, to="employee:8")

    allowed = readers(in_force, "complaint", story.events, story.owed(in_force, "03-04 10:30"))

    assert allowed == {
        "position:director",
        "position:clerk",
        "position:manager",
        "position:writer",
        "department:quality",
        "employee:1",
        "employee:2",
        "employee:3",
        "employee:8",
        "employee:9",
        "employee:10",
    }


def test_who_owes_nothing_any_more_is_not_concerned_by_that():
    in_force = rules(
        SECRET,
        {"time_limit": {"starts": "complaint.register", "stops": "complaint.reply", "within": "2h", "owner": QUALITY}},
    )
    story = theft()

    running = story.owed(in_force, "03-04 10:00")
    broken = story.owed(in_force, "03-05 10:00")

    assert "department:quality" in readers(in_force, "complaint", story.events, running)
    assert "department:quality" not in readers(in_force, "complaint", story.events, broken)


def test_a_hidden_field_leaves_the_record_open():
    in_force = rules(
        {"confidentiality": {"record": "complaint", "readers": DIRECTOR, "fields": ["cost"]}},
        {"confidentiality": {"record": "complaint", "readers": {"person": "owner"}, "fields": ["cost", "name"]}},
    )

    assert readers(in_force, "complaint", theft().events) is None
    assert field_readers(in_force, "complaint", {}, {"owner": 2}) == {
        "cost": {"position:director", "employee:2"},
        "name": {"employee:2"},
    }
