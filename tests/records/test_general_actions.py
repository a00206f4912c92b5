"""What a procedure wants before a record is declared void, or a fact corrected, holds as for every other step."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import CORRECT, VOID
from tests.contract.courses import whoever_may
from tests.firms import Firm
from tests.house import carbide_with
from tests.stories.telling import Tale

MONDAY, TUESDAY = "2026-03-02 10:00", "2026-03-03 10:00"


@pytest.fixture
def strict(db: None) -> Firm:
    """A complaint is void only after it was reported upwards; its facts stand once the departments were told."""
    return carbide_with(
        {
            "order": {
                "first": "complaint.report_upwards",
                "then": "complaint.void",
                "override_by": {"position": "deputy_gm"},
            }
        },
        {"prerequisite": {"before": "complaint.correct", "needs": [{"attachment": "minutes"}]}},
        {"role": {"actions": ["complaint.report_upwards"], "may": [{"position": "sales_officer"}]}},
    )


def test_an_order_before_voiding_is_kept(strict: Firm) -> None:
    tale, who = Tale(strict, MONDAY), whoever_may(strict, "void")

    too_early = tale.refused(MONDAY, who, VOID, reason="误登")
    tale.then(MONDAY, "sales_officer", a.report_upwards, note="误登").then(TUESDAY, who, VOID, reason="误登")

    assert too_early == ["order 1"]
    assert tale.state() == "void"


def test_it_is_set_aside_by_the_named_position_only(strict: Firm) -> None:
    tale, who = Tale(strict, MONDAY), whoever_may(strict, "void")

    tale.overrides(MONDAY, "deputy_gm", "1/order-1", VOID).then(TUESDAY, who, VOID, reason="误登")

    assert tale.state() == "void"


def test_a_paper_wanted_before_a_correction_is_asked_for(strict: Firm) -> None:
    tale, who = Tale(strict, MONDAY), whoever_may(strict, "correct")

    refused = tale.refused(MONDAY, who, CORRECT, field="demand", value="退货", reason="笔误")
    tale.then(TUESDAY, who, CORRECT, field="demand", value="退货", reason="笔误", papers=["minutes"])

    assert refused == ["prerequisite_attachment 2"]
    assert tale.record.demand == "退货"
