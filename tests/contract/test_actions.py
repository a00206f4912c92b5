"""What is asked of every record type in every company: states are reached by actions, and a “no” is a sentence."""

from __future__ import annotations

import pytest
from django.utils import translation

from luyue.complaints.models import Complaint
from luyue.improvement.models import Improvement
from luyue.records import clock
from luyue.records.case import Case
from luyue.records.models import Record
from luyue.records.registry import record_type, record_types
from tests.contract.courses import courses
from tests.firms import Firm
from tests.stories.telling import Tale

LANGUAGES = ("zh-hans", "zh-hant", "en")
IN_ANY_STATE = "2026-06-01 10:00"


def test_every_state_is_reached_by_taking_actions(firm: Firm) -> None:
    reached = {(record.type, record.state) for record in courses(firm)}

    assert reached == {(each.name, state) for each in record_types() for state in each.states.values}


def test_every_refusal_is_a_sentence_in_three_languages(firm: Firm) -> None:
    with firm.at(IN_ANY_STATE):
        for record in courses(firm):
            hans, hant, english = (_refusals(firm, record, language) for language in LANGUAGES)
            for action, sentences in english.items():
                assert all(sentence.strip() for sentence in sentences)
                assert len(hans[action]) == len(hant[action]) == len(sentences)
                assert not set(hans[action]) & set(sentences), f"{action} is refused in English"
                assert all(_is_chinese(sentence) for sentence in [*hans[action], *hant[action]])


def _refusals(firm: Firm, record: Record, language: str) -> dict[str, list[str]]:
    """Why whoever comes last in the company may not take each action, in a language."""
    case = Case(record, list(firm.people.values())[-1], clock.now())
    with translation.override(language):
        return {
            name: [str(refusal.sentence) for refusal in case.refusals(action)]
            for name, action in record_type(record.type).all_actions.items()
        }


def _is_chinese(sentence: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in sentence)


@pytest.mark.parametrize("each", record_types(), ids=lambda each: each.name)
def test_every_state_but_the_first_has_an_action_that_leads_to_it(each) -> None:
    led_to = {action.to for action in each.all_actions.values() if action.to}
    by_what_is_said = {"improvement": {"closed"}}

    assert set(each.states.values) - led_to <= by_what_is_said.get(each.name, set())


def test_what_is_registered_is_numbered_without_a_gap(firm: Firm) -> None:
    numbers = [Tale(firm, "2026-03-02 10:00").record.number for _each in range(3)]

    assert [int(number[-3:]) for number in numbers] == [1, 2, 3]
    assert Complaint.objects.count() == 3
    assert Improvement.objects.count() == 0
