"""Finding the controls of the editions in force."""

from luyue.rulebook.documents import CompanyFile
from luyue.rulebook.engine.rules import Rules
from tests.rulebook.engine.telling import CLERK, MANAGER, document, document_of, rules

LIMIT = {"starts": "complaint.register", "stops": "complaint.reply", "within": "2h"}


def test_a_control_without_a_name_is_called_by_its_place():
    found = rules({"time_limit": LIMIT}).all[0]

    assert found.key == "KH-01/1/time_limit-1"
    assert found.group == found.key
    assert found.clause_text.zh_hans == "第1条"


def test_controls_of_one_name_are_variants_whatever_clause_they_stand_in():
    first = {"time_limit": {**LIMIT, "name": "reply", "when": {"market": ["domestic"]}}}
    second = {"time_limit": {**LIMIT, "name": "reply", "when": {"market": ["export"]}}}

    in_force = rules(first, second)

    assert [bound.key for bound in in_force.group("KH-01/reply")] == ["KH-01/1/reply", "KH-01/2/reply"]


def test_two_variants_in_one_clause_have_keys_of_their_own():
    clause = [{"time_limit": {**LIMIT, "name": "reply", "when": {"market": [market]}}} for market in ("a", "b")]

    in_force = Rules.of([document_of({"controls": clause})])

    assert [bound.key for bound in in_force.all] == ["KH-01/1/reply", "KH-01/1/reply#2"]


def test_the_same_name_in_two_procedures_means_two_things():
    control = {"time_limit": {**LIMIT, "name": "reply"}}

    in_force = Rules.of([document(control, procedure="A-1"), document(control, procedure="B-1")])

    assert [bound.group for bound in in_force.time_limits("complaint")] == ["A-1/reply", "B-1/reply"]


def test_controls_are_found_by_what_they_are_about():
    in_force = rules(
        {"role": {"actions": ["complaint.register", "complaint.reply"], "may": CLERK}},
        {"sign_off": {"before": "complaint.reply", "signers": MANAGER}},
        {"order": {"first": "complaint.register", "then": "complaint.reply"}},
        {"numbering": {"record": "complaint", "pattern": "TS{year}", "when": {"market": ["export"]}}},
        {"numbering": {"record": "complaint", "pattern": "TS", "when": {"market": ["domestic"]}}},
        {"threshold": {"name": "companions", "value": 4}},
        {"time_limit": {**LIMIT, "starts": [], "since": "visit.planned_on"}},
    )

    assert [bound.clause for bound in in_force.roles("complaint.reply")] == ["1"]
    assert [bound.clause for bound in in_force.sign_offs_before("complaint.reply")] == ["2"]
    assert [bound.clause for bound in in_force.orders("complaint.reply")] == ["3"]
    assert in_force.orders("complaint.register") == ()
    assert in_force.numbering("complaint") is None
    assert in_force.numbering("complaint", {"market": "domestic"}).control.pattern == "TS"
    assert in_force.threshold("companions").control.value == 4
    assert in_force.threshold("guests") is None
    assert [bound.clause for bound in in_force.time_limits("visit")] == ["7"]
    assert in_force.time_limits("complaint") == ()
    assert in_force.control("KH-01/3/order-1").kind == "order"


def test_the_company_file_says_who_may_correct():
    company = CompanyFile.model_validate(
        {
            "company": "mx",
            "name": {"zh-hans": "公司"},
            "short_name": {"zh-hans": "公司"},
            "departments": [],
            "positions": [],
            "powers": {"correct": MANAGER},
        }
    )

    in_force = Rules.of([document({"time_limit": LIMIT})], company)

    assert in_force.may_by_power("complaint.correct") == ("position:manager",)
    assert in_force.may_by_power("complaint.void") == ()
    assert in_force.may_by_power("complaint.register") is None
