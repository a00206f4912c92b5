from __future__ import annotations

import pytest

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.ledger.models import Entry
from luyue.records.general import COMMENT
from luyue.records.models import Obligation
from luyue.records.refusing import Refused
from tests.faults.conftest import complaint_of, ledger_faults
from tests.firms import Firm


def answered(carbide: Firm, complaint: Complaint) -> None:
    complaint_is.give_first_answer(complaint, by=carbide["sales_officer"], first_answer="已收到", channel=Channel.PHONE)


def entered(carbide: Firm, complaint: Complaint) -> list[str]:
    moments = Entry.objects.filter(record_id=complaint.pk).order_by("sequence").values_list("entered_at", flat=True)
    return [carbide.local(moment) for moment in moments]


def test_a_second_server_whose_clock_is_a_little_behind_keeps_the_order(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
    with carbide.at("2026-03-02 09:58"):
        answered(carbide, complaint)

    assert entered(carbide, complaint) == ["2026-03-02 10:00", "2026-03-02 10:00"]
    assert ledger_faults(carbide) == []


def test_a_clock_that_fell_far_behind_is_named_instead_of_writing_a_false_time(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
    with carbide.at("2026-03-01 10:00"), pytest.raises(Refused) as refused:
        answered(carbide, complaint)

    assert refused.value.codes == ("clock_behind",)
    assert entered(carbide, complaint) == ["2026-03-02 10:00"]


def test_a_clock_that_ran_ahead_and_came_back_loses_nothing_that_was_done(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
    with carbide.at("2027-03-02 10:00"):
        answered(carbide, complaint)
    owed_then = sorted(carbide.all_owed(complaint))
    with carbide.at("2026-03-02 11:00"):
        COMMENT(complaint, by=carbide["sales_officer"], text="时钟已校正")

    assert entered(carbide, complaint) == ["2026-03-02 10:00", "2027-03-02 10:00", "2026-03-02 11:00"]
    assert sorted(carbide.all_owed(complaint)) == owed_then
    assert all(
        row.done_at is None or row.done_at >= row.started_at for row in Obligation.objects.filter(record=complaint)
    )
    assert ledger_faults(carbide) == []
