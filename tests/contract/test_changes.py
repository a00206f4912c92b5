"""Two people at once, corrections and void records: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luyue.ledger.models import Entry
from luyue.records.general import COMMENT, CORRECT, VOID
from luyue.records.models import Record
from luyue.records.refusing import ChangedMeanwhile
from tests.contract.courses import MORNING, raised, voided, whoever_may
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale

TUESDAY = "2026-03-03 10:00"


def test_the_second_of_two_people_is_told_that_the_record_has_changed(firm: Firm) -> None:
    tale = Tale(firm, MORNING)
    clerk = firm[whoever_may(firm, "correct")]
    as_read = Record.objects.get(pk=tale.record.pk).version
    with firm.at(TUESDAY):
        CORRECT(tale.record, by=clerk, field="demand", value="退货", reason="客户更正")

        with pytest.raises(ChangedMeanwhile) as refused:
            CORRECT.given(expected_version=as_read)(
                tale.record, by=clerk, field="demand", value="换货", reason="客户更正"
            )
        COMMENT.given(expected_version=as_read)(tale.record, by=clerk, text="已联系客户")

    tale.record.refresh_from_db()
    assert refused.value.codes == ("changed_meanwhile",)
    assert tale.record.demand == "退货"


def test_a_correction_keeps_the_old_value_and_the_new_one(firm: Firm) -> None:
    tale = Tale(firm, MORNING)
    clerk = whoever_may(firm, "correct")

    without_reason = tale.refused(TUESDAY, clerk, CORRECT, field="state", value="closed", reason="省事")
    tale.then(TUESDAY, clerk, CORRECT, field="demand", value="退货", reason="客户更正")

    entry = Entry.objects.filter(record=tale.record).latest("sequence")
    assert without_reason == ["no_such_field"]
    assert entry.changes == {"demand": ["请处理", "退货"]}
    assert entry.data["reason"] == "客户更正"


def test_a_void_record_keeps_its_number_and_owes_nothing(firm: Firm) -> None:
    first = Tale(firm, MORNING)
    number = first.record.number

    outsider = next(each for each in reversed(firm.people) if each != whoever_may(firm, "void"))
    refused = first.refused(TUESDAY, outsider, VOID, reason="误登")
    voided(firm, first)
    once_more = first.refused(TUESDAY, whoever_may(firm, "void"), VOID, reason="再次")
    second = Tale(firm, MORNING)

    assert (refused, once_more) == (["role"], ["state"])
    assert (first.state(), first.record.number) == ("void", number)
    assert second.record.number != number
    assert not first.record.obligations.filter(is_owed=True).exists()


def test_an_improvement_is_voided_like_a_complaint(firm: Firm) -> None:
    tale = voided(firm, raised(firm))

    assert tale.state() == "void"


@pytest.mark.parametrize("address", ["/", "/r/complaints/", "/r/complaints/?view=all", "/r/improvements/"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(firm_of: FirmOf, address: str) -> None:
    firm = firm_of("cement")
    client = Client()
    client.force_login(firm["marketing_manager"].account)
    raised(firm)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as with_one:
        client.get(address)

    for _each in range(2):
        raised(firm)
    with CaptureQueriesContext(connection) as with_three:
        client.get(address)

    assert len(with_three) == len(with_one)
