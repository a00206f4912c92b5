"""Clause 10.2: what customers suggest is written down, studied and answered, each of them."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


@pytest.mark.exercises("CARBIDE-10.2-1")
def test_a_suggestion_is_recorded_with_whoever_made_it(carbide: Firm) -> None:
    without_words = refused_at_registration(carbide, MONDAY, kind="suggestion", what_happened=" ")
    without_name = refused_at_registration(carbide, MONDAY, kind="suggestion", contact_name="")
    suggestion = Tale(carbide, MONDAY, kind="suggestion", channel="letter", product_name="", demand="")

    assert without_words == ["required_field 10.2"]
    assert without_name == ["required_field 10.2"]
    assert suggestion.record.number == "TS202603-001"


@pytest.mark.exercises("CARBIDE-10.2-2")
def test_every_suggestion_is_studied_together_and_answered(carbide: Firm) -> None:
    answered = Tale(carbide, MONDAY, kind="suggestion")
    forgotten = Tale(carbide, MONDAY, kind="suggestion")

    answered.acknowledge("2026-03-03 09:00", "rd_manager", "quality_manager", control="study-suggestion")
    forgotten.acknowledge("2026-03-05 09:00", "rd_manager", control="study-suggestion")
    answered.comes_to("ask_satisfaction", "2026-03-05 10:00")
    unanswered = answered.refused("2026-03-05 15:00", "marketing_manager", a.close)
    answered.then("2026-03-06 10:00", "sales_officer", a.give_first_answer)
    forgotten.then("2026-03-12 10:00", "sales_officer", a.give_first_answer)
    answered.then("2026-03-06 11:00", "marketing_manager", a.close)

    assert unanswered == ["prerequisite_action 10.2"]
    assert answered.owed("study-suggestion") == {
        "department:rd_technical": "2026-03-04 00:00 kept",
        "department:quality_management": "2026-03-04 00:00 kept",
    }
    assert forgotten.owed("study-suggestion") == {
        "department:rd_technical": "2026-03-04 00:00 broken",
        "department:quality_management": "2026-03-04 00:00 broken",
    }
    assert list(answered.owed("answer-suggestion").values()) == ["2026-03-10 00:00 kept"]
    assert list(forgotten.owed("answer-suggestion").values()) == ["2026-03-10 00:00 broken"]
    assert answered.state() == "closed"
