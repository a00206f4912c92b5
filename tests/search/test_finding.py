from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.rulebook.loading import SHIPPED, read_profile
from luyue.search.finding import found_by
from luyue.search.reactions import make_all_findable
from tests.firms import Firm


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(SHIPPED / "carbide"))


def _complaint(carbide: Firm, what_happened: str) -> Complaint:
    return complaint_is.register(
        Complaint(),
        by=carbide["sales_officer"],
        party=carbide.customer(),
        product=carbide.product(specification="YG8 φ6×330"),
        channel=Channel.PHONE,
        what_happened=what_happened,
        contact_name="周工",
        quantity=Decimal(200),
        delivered_on=date(2026, 2, 20),
        demand="换货",
        complaint_reason="来料检验发现",
    )


@pytest.mark.parametrize("words", ["减速机", "减速机漏油", "漏油", "油", "GX-77", "华东工具"])
def test_a_complaint_is_found_by_what_was_written_and_by_its_customer(words: str, carbide: Firm) -> None:
    complaint = _complaint(carbide, "减速机漏油，型号 GX-77。")

    assert found_by(words, carbide.company.pk) == [complaint.pk]


@pytest.mark.parametrize("words", ["油漏", "速减", "GX-78", "棒材崩刃"])
def test_words_that_do_not_stand_there_find_nothing(words: str, carbide: Firm) -> None:
    _complaint(carbide, "减速机漏油，型号 GX-77。")

    assert found_by(words, carbide.company.pk) == []


def test_the_index_can_be_made_anew(carbide: Firm) -> None:
    complaint = _complaint(carbide, "减速机漏油。")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_index")
    assert found_by("漏油", carbide.company.pk) == []

    assert make_all_findable() == 1

    assert found_by("漏油", carbide.company.pk) == [complaint.pk]
