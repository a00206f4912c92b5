"""Sign-offs, told as stories of a complaint whose remedy others must agree to."""

import pytest

from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.sign_offs import latest_round, may_sign, pending_sign_off, sign_off_rounds
from tests.rulebook.engine.telling import (
    CLERK,
    DIRECTOR,
    LI,
    MANAGER,
    QIAN,
    QUALITY,
    SALES,
    WANG,
    ZHAO,
    Authority,
    Story,
    on,
    rules,
)

GROUP = "KH-01/remedy"


def sign_off(**said):
    return {
        "sign_off": {
            "name": "remedy",
            "before": "complaint.settle",
            "after": ["complaint.propose"],
            "signers": [MANAGER, QUALITY],
            **said,
        }
    }


def proposed(**said):
    return Story().then("register", "03-04 09:00").then("propose", "03-04 10:00", LI, **said)


def rounds_of(story, in_force):
    return sign_off_rounds(story.events, in_force, "complaint")


def the_round(story, in_force):
    (round_,) = rounds_of(story, in_force)
    return round_


def sign(story, slot, at, by=WANG, decision="agreed", opinion=""):
    return story.then("sign", at, by, control=GROUP, slot=slot, decision=decision, opinion=opinion)


def statuses(story, in_force, as_of="03-10 09:00"):
    return [owed.status for owed in story.owed(in_force, as_of)]


ALL = rules(sign_off())
ANY = rules(sign_off(mode="any"))
IN_ORDER = rules(sign_off(mode="in_order", signers=[MANAGER, QUALITY, DIRECTOR]))


def test_nobody_is_asked_before_the_proposal():
    assert Story().then("register", "03-04 09:00").owed(ALL, "03-04 09:30") == ()


def test_all_are_asked_at_once_and_the_round_is_complete_when_all_have_signed():
    story = proposed()
    assert [owed.owner for owed in story.owed(ALL, "03-04 10:00")] == ["position:manager", "department:quality"]

    sign(story, 2, "03-04 11:00", ZHAO)
    assert not the_round(story, ALL).is_complete
    assert [slot.n for slot in the_round(story, ALL).waiting] == [1]

    sign(story, 1, "03-04 12:00", WANG, opinion="agreed in full")
    signed = the_round(story, ALL)
    assert (signed.is_complete, signed.closed_at) == (True, on("03-04 12:00"))
    assert [(slot.signed_by, slot.opinion) for slot in signed.slots] == [(WANG, "agreed in full"), (ZHAO, "")]
    assert statuses(story, ALL) == [Status.KEPT, Status.KEPT]


def test_any_one_signature_is_enough_and_spares_the_others():
    story = sign(proposed(), 2, "03-04 11:00", ZHAO)

    assert the_round(story, ANY).is_complete
    assert statuses(story, ANY) == [Status.CANCELLED, Status.KEPT]


def test_in_order_the_director_waits_for_quality_and_quality_for_the_manager():
    story = proposed()
    assert [owed.owner for owed in story.owed(IN_ORDER, "03-04 10:00")] == ["position:manager"]

    sign(story, 3, "03-04 10:30", QIAN)
    assert [slot.is_signed for slot in the_round(story, IN_ORDER).slots] == [False, False, False]

    sign(story, 1, "03-04 11:00")
    assert story.owed(IN_ORDER, "03-04 11:00")[-1].owner == "department:quality"
    assert story.owed(IN_ORDER, "03-04 11:00")[-1].started_at == on("03-04 11:00")

    sign(sign(story, 2, "03-04 12:00"), 3, "03-04 13:00")
    assert the_round(story, IN_ORDER).is_complete


def test_sending_back_ends_the_round_and_a_new_proposal_opens_another():
    story = sign(proposed(), 1, "03-04 11:00", decision="sent_back", opinion="too dear")
    assert the_round(story, ALL).is_returned
    assert statuses(story, ALL) == [Status.KEPT, Status.CANCELLED]
    assert story.owed(ALL, "03-05 09:00")[0].detail["decision"] == "sent_back"

    story.then("propose", "03-05 10:00")
    first, second = rounds_of(story, ALL)
    assert (first.is_returned, second.is_running) == (True, True)
    assert latest_round(rounds_of(story, ALL), GROUP) == second
    assert pending_sign_off(rounds_of(story, ALL), "complaint.settle") == (second,)
    assert pending_sign_off(rounds_of(story, ALL), "complaint.close") == ()


def test_a_new_proposal_cancels_the_round_that_runs():
    story = sign(proposed(), 1, "03-04 11:00").then("propose", "03-04 12:00")

    assert statuses(story, ALL) == [Status.KEPT, Status.CANCELLED, Status.RUNNING, Status.RUNNING]


@pytest.mark.parametrize("to", ["employee:4", 4, {"id": 4, "name": "钱"}])
def test_a_place_may_be_handed_over(to):
    story = proposed().then("hand_over", "03-04 11:00", control=GROUP, slot="1", to=to)

    slot = the_round(story, ALL).slots[0]

    assert (slot.address, slot.handed_over_from, slot.declared) == (
        "employee:4",
        ("position:manager",),
        "position:manager",
    )
    assert story.owed(ALL, "03-04 11:00")[0].owner == "employee:4"


def test_an_added_signer_comes_directly_after_the_one_whose_turn_it_is():
    story = proposed().then("add_signer", "03-04 10:30", control=GROUP, to="position:lawyer")

    assert [slot.address for slot in the_round(story, IN_ORDER).slots] == [
        "position:manager",
        "position:lawyer",
        "department:quality",
        "position:director",
    ]
    assert [slot.n for slot in the_round(story, IN_ORDER).slots] == [1, 4, 2, 3]
    assert len(the_round(story, IN_ORDER).waiting) == 1
    assert len(the_round(story, ALL).waiting) == 3
    assert sign(story, 1, "03-04 11:00").owed(IN_ORDER, "03-04 11:00")[-1].owner == "position:lawyer"


def test_requests_that_meet_no_running_round_change_nothing():
    story = Story().then("register", "03-04 09:00").then("hand_over", "03-04 09:10", control=GROUP, slot=1, to="x:y")
    story.then("add_signer", "03-04 09:20", control=GROUP, to="x:y")
    sign(story, 1, "03-04 09:30")

    assert rounds_of(story, ALL) == ()


def test_the_amount_decides_at_the_proposal_who_signs_and_it_stays_so_for_the_round():
    in_force = rules(
        sign_off(when={"amount": "<=5000"}, signers=[MANAGER]),
        sign_off(when={"amount": ">5000"}, signers=[MANAGER, DIRECTOR]),
    )
    story = proposed(facts={"amount": 4000}).then("correct", "03-04 10:30", facts={"amount": 6000})
    assert [slot.address for slot in the_round(story, in_force).slots] == ["position:manager"]

    story.then("propose", "03-04 11:00")
    assert [slot.address for slot in rounds_of(story, in_force)[-1].slots] == ["position:manager", "position:director"]


def test_who_signs_waits_for_the_fact_that_decides_it():
    in_force = rules(sign_off(when={"amount": ">5000"}, within="24h"))
    story = proposed()
    assert rounds_of(story, in_force) == ()

    story.then("correct", "03-05 10:00", facts={"amount": 6000})
    owed = story.owed(in_force, "03-05 10:00")[0]
    assert (owed.started_by, owed.started_at, owed.due_at) == (2, on("03-05 10:00"), on("03-06 10:00"))


def test_a_sign_off_that_was_not_needed_is_asked_for_when_the_amount_rises():
    in_force = rules(sign_off(when={"amount": ">5000"}))
    story = proposed(facts={"amount": 4000})
    assert rounds_of(story, in_force) == ()

    story.then("correct", "03-05 10:00", facts={"amount": 6000})
    assert the_round(story, in_force).is_running


def test_after_the_deed_a_raised_amount_asks_nobody_any_more():
    in_force = rules(sign_off(when={"amount": ">5000"}))
    story = proposed(facts={"amount": 4000}).then("settle", "03-04 11:00")
    story.then("correct", "03-05 10:00", facts={"amount": 6000})

    assert rounds_of(story, in_force) == ()


def test_without_an_opening_action_the_round_opens_with_the_record():
    story = Story().then("register", "03-04 09:00")

    assert the_round(story, rules(sign_off(after=[]))).opened_by == 1


def test_a_deed_that_would_open_its_own_sign_off_does_not():
    assert rounds_of(Story().then("settle", "03-04 09:00"), rules(sign_off(after=[]))) == ()


def test_a_change_needs_whoever_had_to_sign_the_contract():
    contract = {"sign_off": {"before": "complaint.settle", "signers": [MANAGER, QUALITY]}}
    change = {
        "sign_off": {"before": "complaint.change", "after": "complaint.ask_change", "same_as": "complaint.settle"}
    }
    in_force = rules(contract, change)
    story = Story().then("register", "03-04 09:00")
    story.then("add_signer", "03-04 09:30", control="KH-01/1/sign_off-1", to="position:lawyer")
    story.then("ask_change", "03-04 10:00")

    change_round = latest_round(rounds_of(story, in_force), "KH-01/2/sign_off-1")

    assert [slot.address for slot in change_round.slots] == [
        "position:manager",
        "department:quality",
        "position:lawyer",
    ]


def test_when_the_contract_was_signed_elsewhere_the_change_needs_whom_its_rule_would_name_now():
    contract = {
        "sign_off": {"before": "contract.sign", "signers": [MANAGER], "when": {"amount": ">5000"}},
    }
    change = {"sign_off": {"before": "complaint.change", "after": "complaint.ask_change", "same_as": "contract.sign"}}
    in_force = rules(contract, change)
    dear = Story().then("register", "03-04 09:00", facts={"amount": 6000}).then("ask_change", "03-04 10:00")
    cheap = Story().then("register", "03-04 09:00", facts={"amount": 10}).then("ask_change", "03-04 10:00")

    assert [slot.address for slot in the_round(dear, in_force).slots] == ["position:manager"]
    assert the_round(cheap, in_force).is_complete


@pytest.mark.parametrize(
    ("who", "addresses", "reason"),
    [
        (ZHAO, [CLERK], "not_addressed"),
        (LI, [MANAGER], "own_proposal"),
        (WANG, [MANAGER], None),
    ],
)
def test_who_may_sign(who, addresses, reason):
    slot = the_round(proposed(), ALL).slots[0]

    assert may_sign(slot, Authority(who, *addresses), who) == reason


def test_nobody_signs_out_of_turn_or_twice():
    story = sign(proposed(), 1, "03-04 11:00")
    first, _, third = the_round(story, IN_ORDER).slots

    assert may_sign(first, Authority(WANG, MANAGER), WANG) == "already_signed"
    assert may_sign(third, Authority(QIAN, DIRECTOR), QIAN) == "not_yet"


def test_ones_own_proposal_may_be_signed_where_the_procedure_says_so():
    slot = the_round(proposed(), rules(sign_off(own_proposal=True))).slots[0]

    assert may_sign(slot, Authority(LI, MANAGER), LI) is None


def test_the_owner_of_the_record_signs_as_a_person_as_soon_as_there_is_one():
    in_force = rules(sign_off(signers=[{"person": "owner"}]))
    story = proposed()
    assert the_round(story, in_force).slots[0].address == "person:owner"

    story.then("assign", "03-04 11:00", persons={"owner": ZHAO})
    assert the_round(story, in_force).slots[0].address == "employee:3"


def test_an_override_breaks_what_was_not_signed():
    story = sign(proposed(), 1, "03-04 11:00")
    story.then("override", "03-04 12:00", QIAN, control=GROUP, action="complaint.settle", reason="danger")

    kept, broken = story.owed(ALL, "03-05 09:00")

    assert kept.status is Status.KEPT
    assert (broken.status, broken.settled_at, broken.done_by) == (Status.BROKEN, on("03-04 12:00"), QIAN)


def test_a_deed_without_its_signatures_breaks_them_in_a_foreign_log():
    assert statuses(proposed().then("settle", "03-04 11:00"), ALL) == [Status.BROKEN, Status.BROKEN]


def test_a_signature_after_its_time_is_broken_and_remembered():
    in_force = rules(sign_off(within="2h", escalate=[{"at": "50%", "to": DIRECTOR}]))
    story = proposed()
    assert story.owed(in_force, "03-04 10:00")[0].alarms[0].at == on("03-04 11:00")

    late = sign(story, 1, "03-04 13:00").owed(in_force, "03-04 13:00")[0]

    assert (late.status, late.settled_at, late.done_at) == (Status.BROKEN, on("03-04 12:00"), on("03-04 13:00"))


def test_voiding_ends_the_round():
    assert statuses(proposed().then("void", "03-04 11:00"), ALL) == [Status.CANCELLED, Status.CANCELLED]


def test_sales_may_sign_in_the_name_of_the_department():
    slot = the_round(proposed(), rules(sign_off(signers=[SALES]))).slots[0]

    assert may_sign(slot, Authority(QIAN, SALES), QIAN) is None
