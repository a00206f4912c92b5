from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import luyue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import CauseClass, Channel, Complaint, Severity, Subject
from luyue.ledger import book
from luyue.ledger.models import Entry
from luyue.ledger.proofs import inclusion_proof, verify_inclusion
from luyue.ledger.sealing import seal_all
from luyue.ledger.verification import verify
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

EVENING = datetime(2026, 3, 2, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(Path(luyue.__file__).parent / "rulebooks" / "carbide"))


@pytest.fixture
def complaint(carbide: Firm) -> Complaint:
    sales = carbide["sales_officer"]
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_is.register(
            Complaint(),
            by=sales,
            party=carbide.customer(),
            channel=Channel.PHONE,
            what_happened="棒材端面崩刃,整批 200 支中 12 支有裂纹。",
            contact_name="周工",
            product=carbide.product(specification="YG8 φ6×330"),
            quantity=Decimal(200),
            delivered_on=date(2026, 2, 20),
            demand="换货",
            complaint_reason="来料检验发现裂纹",
        )
    with carbide.at("2026-03-02 11:00"):
        complaint_is.classify(
            complaint,
            by=sales,
            cause_class=CauseClass.QUALITY,
            subject=Subject.PRODUCT_FUNCTION,
            severity=Severity.SERIOUS,
        )
    return complaint


def test_what_people_do_with_a_record_fits_together_and_can_be_proven(carbide: Firm, complaint: Complaint) -> None:
    seal_all(now=EVENING)

    report = verify(carbide.company)

    assert report.findings == []
    assert report.extent.entries == Entry.objects.count() > 2
    last = Entry.objects.get(action="complaint.classify")
    proof = inclusion_proof(last)
    assert proof is not None
    assert verify_inclusion(book.values_of(last), proof, last.leaf.block.digest)


def test_what_is_changed_past_the_actions_is_noticed(carbide: Firm, complaint: Complaint) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(state="closed")

    report = verify(carbide.company)

    assert [(finding.code, finding.chain) for finding in report.findings] == [("head_differs", f"r{complaint.pk}")]
