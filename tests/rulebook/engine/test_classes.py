"""The class of a complaint from its facts."""

from luyue.rulebook.engine.classes import class_by_facts
from tests.rulebook.engine.telling import rules

RULES = rules(
    {
        "classification": {
            "field": "complaint.severity",
            "classes": [
                {"gives": "grave", "when": [{"injury": True}, {"amount": ">50000"}]},
                {"gives": "minor", "when": {"amount": "<=50000"}},
            ],
        }
    }
)


def severity(**facts):
    found = class_by_facts(RULES, "complaint.severity", facts)
    return found.gives, found.wanted_facts


def test_the_first_class_that_holds_is_given():
    assert severity(injury=True) == ("grave", ())
    assert severity(injury=False, amount=50001) == ("grave", ())
    assert severity(injury=False, amount=50000) == ("minor", ())


def test_no_class_is_given_while_a_graver_one_may_still_hold():
    assert severity(amount=100) == (None, ("injury",))
    assert severity() == (None, ("injury", "amount"))


def test_a_field_that_no_procedure_classifies_has_no_class():
    assert class_by_facts(RULES, "complaint.kind", {}) is None
