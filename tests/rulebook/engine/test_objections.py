"""What stands against an action, clause by clause: first the refusal, then the success."""

import pytest

from luyue.rulebook.documents import CompanyFile
from luyue.rulebook.engine.enforcement import (
    StruckThrough,
    addresses_that_may,
    may_override,
    objections,
    overridden,
    required_fields,
    what_comes_first,
)
from luyue.rulebook.engine.rules import Rules
from tests.rulebook.engine.telling import (
    CLERK,
    DIRECTOR,
    LI,
    MANAGER,
    QUALITY,
    WANG,
    Authority,
    Story,
    document,
    rules,
)

EVERYONE = {"role": {"actions": ["complaint.settle", "complaint.propose"], "everyone": True}}


def asked(in_force, action="settle", story=None, who=LI, addresses=(), **said):
    story = story or Story()
    facts = story.events[-1].facts if story.events else {}
    return objections(
        f"complaint.{action}",
        in_force,
        "complaint",
        said.pop("facts", facts),
        story.events,
        Authority(who, *addresses),
        who,
        **said,
    )


def codes(*args, **said):
    return [objection.code for objection in asked(*args, **said)]


def test_an_action_for_which_no_edition_names_a_role_can_be_taken_by_nobody():
    assert codes(rules(EVERYONE), "close", addresses=[DIRECTOR]) == ["role_nobody"]


def test_only_whom_the_clause_names_may_act():
    in_force = rules({"role": {"actions": "complaint.settle", "may": [MANAGER, QUALITY]}})

    (objection,) = asked(in_force, addresses=[CLERK])

    assert (objection.code, objection.clause, objection.procedure) == ("role", "1", "KH-01")
    assert objection.params["may"] == ("position:manager", "department:quality")
    assert objection.clause_text.zh_hans == "第1条"
    assert asked(in_force, addresses=[QUALITY]) == ()


def test_one_procedure_that_names_the_position_is_enough():
    in_force = Rules.of(
        [
            document({"role": {"actions": "complaint.settle", "may": MANAGER}}, procedure="A-1"),
            document({"role": {"actions": "complaint.settle", "may": CLERK}}, procedure="B-1"),
        ]
    )

    assert codes(in_force, addresses=[QUALITY]) == ["role"]
    assert codes(in_force, addresses=[CLERK]) == []


def test_a_role_for_small_amounts_says_which_fact_is_missing():
    in_force = rules({"role": {"actions": "complaint.settle", "may": CLERK, "when": {"amount": "<=500"}}})

    assert asked(in_force, addresses=[CLERK])[0].params["undecided"] == ("amount",)
    assert codes(in_force, addresses=[CLERK], facts={"amount": 501}) == ["role"]
    assert codes(in_force, addresses=[CLERK], facts={"amount": 500}) == []


def test_a_refused_person_reads_the_clause_of_the_case_at_hand_not_that_of_another():
    in_force = rules(
        {"role": {"actions": "complaint.settle", "may": CLERK, "when": {"amount": "<=500"}}},
        {"role": {"actions": "complaint.settle", "may": MANAGER, "when": {"amount": "(500, 5000]"}}},
    )

    def cited(**facts):
        (objection,) = asked(in_force, addresses=[QUALITY], facts=facts)
        return objection.clause, objection.params["may"], objection.params["undecided"]

    assert cited(amount=501) == ("2", ("position:manager",), ())
    assert cited(amount=500) == ("1", ("position:clerk",), ())
    assert cited() == ("1", ("position:clerk", "position:manager"), ("amount",))
    assert cited(amount=5001) == ("1", (), ())


def test_what_comes_first_is_told_whatever_the_state_and_not_once_it_is_done_or_set_aside():
    in_force = rules(
        EVERYONE,
        {"order": {"first": "complaint.agree", "then": "complaint.settle", "override_by": DIRECTOR}},
        {"prerequisite": {"before": "complaint.settle", "needs": [{"action": "complaint.inspect"}]}},
        {"prerequisite": {"before": "complaint.settle", "needs": [{"attachment": "photo"}]}},
    )
    story = Story().then("register", "03-04 09:00")

    def told():
        return [(each.code, each.clause) for each in what_comes_first("complaint.settle", in_force, {}, story.events)]

    assert told() == [("order", "2"), ("prerequisite_action", "3")]
    assert what_comes_first("complaint.close", in_force, {}, story.events) == ()
    story.then("inspect", "03-05 09:00")
    assert told() == [("order", "2")]
    story.then("override", "03-05 10:00", control="KH-01/2/order-1", action="complaint.settle")
    assert told() == []


def test_the_owner_of_the_record_may_what_the_owner_may():
    in_force = rules({"role": {"actions": "complaint.settle", "may": {"person": "owner"}}})
    story = Story().then("register", "03-04 09:00", persons={"owner": WANG})

    assert codes(in_force, story=story, who=LI) == ["role"]
    assert codes(in_force, story=story, who=WANG) == []
    assert addresses_that_may("complaint.settle", in_force) == ("person:owner",)


def powers(**said):
    company = {
        "company": "mx",
        "name": {"zh-hans": "公司"},
        "short_name": {"zh-hans": "公司"},
        "departments": [],
        "positions": [],
        "powers": said,
    }
    return Rules.of([document(EVERYONE)], CompanyFile.model_validate(company))


def test_everybody_may_comment_until_the_company_narrows_it():
    assert codes(rules(EVERYONE), "comment") == []
    assert codes(powers(comment=MANAGER), "comment", addresses=[CLERK]) == ["role"]
    assert codes(powers(comment=MANAGER), "comment", addresses=[MANAGER]) == []


def test_nobody_may_void_until_the_company_names_somebody():
    assert codes(rules(EVERYONE), "void", addresses=[DIRECTOR]) == ["role_nobody"]
    assert codes(powers(void=DIRECTOR), "void", addresses=[DIRECTOR]) == []


@pytest.mark.parametrize("deed", ["sign", "hand_over", "add_signer", "acknowledge", "override"])
def test_whoever_answers_a_request_is_named_by_the_request(deed):
    assert codes(rules(EVERYONE), deed) == []


def test_the_customer_agrees_before_the_departments_are_told():
    in_force = rules(EVERYONE, {"order": {"first": "complaint.agree", "then": "complaint.settle"}})

    (objection,) = asked(in_force)

    assert (objection.code, objection.params, objection.clause) == ("order", {"first": "complaint.agree"}, "2")
    assert codes(in_force, story=Story().then("agree", "03-04 09:00")) == []


def prerequisite(*needs, **said):
    return rules(EVERYONE, {"prerequisite": {"before": "complaint.settle", "needs": list(needs), **said}})


def test_an_action_must_have_been_made_often_enough():
    in_force = prerequisite({"action": "complaint.call", "at_least": 2})
    story = Story().then("call", "03-04 09:00")

    (objection,) = asked(in_force, story=story)

    assert objection.code == "prerequisite_action"
    assert objection.params == {"action": "complaint.call", "at_least": 2, "found": 1}
    assert codes(in_force, story=story.then("call", "03-04 10:00")) == []


def test_a_linked_record_must_have_reached_its_state():
    in_force = prerequisite({"link": {"type": "capa", "states": ["verified"]}})

    assert codes(in_force, links=[("capa", "open"), ("visit", "verified")]) == ["prerequisite_link"]
    assert codes(in_force, links=[("capa", "verified")]) == []


def test_a_linked_record_in_any_state_will_do_where_none_is_named():
    assert codes(prerequisite({"link": {"type": "capa"}}), links=[("capa", "open")]) == []


def test_an_attachment_of_the_kind_must_be_there():
    in_force = prerequisite({"attachment": "photo", "at_least": 2})

    assert codes(in_force, attachments={"photo": 1}) == ["prerequisite_attachment"]
    assert codes(in_force, attachments={"photo": 2}) == []


def test_a_condition_that_cannot_be_decided_asks_for_nothing_yet():
    in_force = prerequisite({"attachment": "photo"}, when={"severity": ["grave"]})

    assert codes(in_force) == []
    assert codes(in_force, facts={"severity": "grave"}) == ["prerequisite_attachment"]


def test_four_eyes():
    separation = {"separate_persons": {"actions": ["complaint.propose", "complaint.settle"]}}
    in_force = rules(EVERYONE, separation)
    story = Story().then("propose", "03-04 09:00", LI)

    (objection,) = asked(in_force, story=story, who=LI)

    assert (objection.code, objection.params) == ("separate_persons", {"other": "complaint.propose", "by": LI})
    assert codes(in_force, story=story, who=WANG) == []
    assert codes(in_force, "propose", story=story, who=LI) == []


FIELDS = rules(
    EVERYONE,
    {"required_fields": {"action": "complaint.settle", "fields": ["cause", "cost"], "may_be_struck_through": True}},
    {"required_fields": {"action": "complaint.settle", "fields": ["cause"]}},
)


def test_fields_are_asked_for_only_when_the_form_is_filled():
    assert codes(FIELDS) == []
    assert [
        (wanted.name, wanted.may_be_struck_through) for wanted in required_fields("complaint.settle", FIELDS, {})
    ] == [
        ("cause", False),
        ("cost", True),
    ]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["cause", "cost"]),
        ({"cause": "  ", "cost": 0}, ["cause"]),
        ({"cause": [], "cost": False}, ["cause"]),
        ({"cause": "burnt", "cost": StruckThrough("no cost")}, []),
        ({"cause": StruckThrough("unknown"), "cost": StruckThrough(" ")}, ["cause", "cost"]),
        ({"cause"}, ["cost"]),
    ],
)
def test_a_field_is_filled_or_struck_through_with_a_reason_never_blank(given, missing):
    assert [objection.params["field"] for objection in asked(FIELDS, given_fields=given)] == missing


def sign_off(**said):
    return {
        "sign_off": {
            "name": "remedy",
            "before": "complaint.settle",
            "after": ["complaint.propose"],
            "signers": [MANAGER],
            "override_by": DIRECTOR,
            **said,
        }
    }


SIGNED = rules(EVERYONE, sign_off())


def sign(story, at, decision="agreed"):
    return story.then("sign", at, WANG, control="KH-01/remedy", slot=1, decision=decision, opinion="hm")


def test_the_action_waits_for_the_signatures():
    story = Story().then("register", "03-04 09:00")
    (unopened,) = asked(SIGNED, story=story)
    assert (unopened.code, unopened.params["opened"], unopened.override_by) == (
        "sign_off_missing",
        False,
        "position:director",
    )

    story.then("propose", "03-04 10:00")
    (waiting,) = asked(SIGNED, story=story)
    assert (waiting.code, waiting.params["waiting"]) == ("sign_off_missing", ("position:manager",))

    sign(story, "03-04 11:00", "sent_back")
    (returned,) = asked(SIGNED, story=story)
    assert (returned.code, returned.params["opinion"]) == ("sign_off_returned", "hm")

    sign(story.then("propose", "03-04 12:00"), "03-04 13:00")
    assert codes(SIGNED, story=story) == []


def test_a_sign_off_whose_condition_does_not_hold_is_not_waited_for():
    in_force = rules(EVERYONE, sign_off(when={"amount": ">5000"}))
    story = Story().then("propose", "03-04 10:00")

    (undecided,) = asked(in_force, story=story)

    assert (undecided.code, undecided.params) == ("sign_off_undecided", {"facts": ("amount",)})
    assert codes(in_force, story=story, facts={"amount": 10}) == []
    assert codes(in_force, story=story, facts={"amount": 6000}) == ["sign_off_missing"]


def override(story, action, control="KH-01/remedy"):
    return story.then("override", "03-04 11:00", WANG, control=control, action=f"complaint.{action}", reason="danger")


def test_an_override_lets_one_deed_pass():
    story = override(Story().then("propose", "03-04 10:00"), "settle")
    assert codes(SIGNED, story=story) == []
    assert overridden("complaint.settle", story.events) == {"KH-01/remedy"}

    story.then("settle", "03-04 12:00")
    assert codes(SIGNED, story=story) == ["sign_off_missing"]


def test_an_override_of_another_control_or_action_lets_nothing_pass():
    assert codes(SIGNED, story=override(Story().then("propose", "03-04 10:00"), "close")) == ["sign_off_missing"]
    assert codes(SIGNED, story=override(Story().then("propose", "03-04 10:00"), "settle", "KH-01/x")) == [
        "sign_off_missing"
    ]


def test_what_nobody_may_override_stays_refused():
    in_force = prerequisite({"attachment": "photo"}, name="photo")
    story = override(Story().then("register", "03-04 09:00"), "settle", "KH-01/photo")

    assert codes(in_force, story=story) == ["prerequisite_attachment"]


def test_only_the_named_position_overrides():
    assert not may_override("KH-01/remedy", SIGNED, [], Authority(WANG, MANAGER))
    assert may_override("KH-01/remedy", SIGNED, [], Authority(WANG, DIRECTOR))
    assert not may_override("KH-01/2/x", SIGNED, [], Authority(WANG, DIRECTOR))


def test_what_was_done_before_the_matter_was_taken_up_anew_counts_no_longer():
    need = {"action": "complaint.agree", "since": ["complaint.propose", "complaint.reopen"]}
    in_force = rules(EVERYONE, {"prerequisite": {"before": "complaint.settle", "needs": need}})
    story = Story().then("propose", "03-04 09:00").then("agree", "03-04 10:00")
    assert codes(in_force, story=story) == []

    story.then("reopen", "03-05 09:00")
    (objection,) = asked(in_force, story=story)

    assert (objection.code, objection.params["again"]) == ("prerequisite_action", True)
    assert codes(in_force, story=story.then("agree", "03-05 10:00")) == []


def test_a_customer_who_was_asked_and_said_no_has_not_agreed():
    need = {"action": "complaint.agree", "saying": {"agreed": True}}
    in_force = rules(EVERYONE, {"prerequisite": {"before": "complaint.settle", "needs": need}})

    def said(*answers):
        story = Story()
        for day, answer in enumerate(answers, start=4):
            story.then("agree", f"03-0{day} 09:00", facts={} if answer is None else {"agreed": answer})
        return codes(in_force, story=story)

    assert said(True) == said(False, True) == said(None) == []
    assert said(False) == said(True, False) == ["prerequisite_action"]
