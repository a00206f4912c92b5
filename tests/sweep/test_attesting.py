"""A duty of conduct is kept by stating it in its period, by the one whom the procedure names."""

from __future__ import annotations

import pytest

from luyue.ledger.models import Entry
from luyue.ledger.verification import verify
from luyue.records.actions import Upload
from luyue.records.models import Obligation
from luyue.records.refusing import Refused
from luyue.sweep.attesting import attest
from luyue.sweep.periods import keep_up
from tests.firms import Firm
from tests.sweep.cases import local

MINUTES = Upload("other", "minutes.pdf", b"%PDF-1.4 minutes")


def in_touch(firm: Firm, period: str = "2026-03") -> Obligation:
    """The monthly statement of the sales officer to have been in touch with the customers."""
    return Obligation.objects.get(company=firm.company, clause="10.1", detail__period=period)


def study(firm: Firm) -> Obligation:
    """The quarterly statement of the head of marketing, which needs evidence."""
    return Obligation.objects.get(company=firm.company, clause="10.4", detail__period="2026-Q1")


@pytest.fixture
def in_march(carbide: Firm) -> Firm:
    keep_up(carbide.company, local(carbide, "2026-03-02 09:00"))
    return carbide


def test_only_the_one_who_is_named_states_it(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"), pytest.raises(Refused) as refused:
        attest(in_touch(in_march), by=in_march["finance_manager"])

    assert refused.value.codes == ("role",)
    assert in_touch(in_march).status == "running"
    assert not Entry.objects.filter(chain="attestations").exists()


def test_stating_it_keeps_it_and_is_entered_in_the_ledger(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"):
        attest(in_touch(in_march), by=in_march["sales_officer"], evidence="已走访 6 家客户")

    row = in_touch(in_march)
    entry = Entry.objects.get(chain="attestations")
    assert (row.status, row.done_by, row.is_owed) == ("kept", in_march["sales_officer"], False)
    assert (entry.action, entry.by, entry.data["period"]) == (
        "attestation.state",
        in_march["sales_officer"],
        "2026-03",
    )


def test_nobody_states_it_twice(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"):
        attest(in_touch(in_march), by=in_march["sales_officer"])
        with pytest.raises(Refused) as refused:
            attest(in_touch(in_march), by=in_march["sales_officer"])

    assert refused.value.codes == ("stated_already",)


def test_where_evidence_is_asked_for_the_statement_alone_does_not_do(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"):
        with pytest.raises(Refused) as refused:
            attest(study(in_march), by=in_march["marketing_manager"], evidence="  ")
        stated = attest(study(in_march), by=in_march["marketing_manager"], upload=MINUTES)

    assert refused.value.codes == ("evidence",)
    assert (stated.file_name, stated.content_type, study(in_march).status) == (
        "minutes.pdf",
        "application/pdf",
        "kept",
    )


def test_a_file_that_is_not_accepted_is_refused(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"), pytest.raises(Refused):
        attest(study(in_march), by=in_march["marketing_manager"], upload=Upload("other", "run.exe", b"MZ"))

    assert study(in_march).status == "running"


def test_a_statement_after_the_end_is_late_and_the_next_month_is_owed_still(in_march: Firm) -> None:
    keep_up(in_march.company, local(in_march, "2026-04-02 09:00"))
    missed = in_touch(in_march)
    with in_march.at("2026-04-02 10:00"):
        attest(missed, by=in_march["sales_officer"])

    row = in_touch(in_march)
    assert (missed.status, missed.is_owed) == ("broken", True)
    assert (row.status, row.settled_at, in_march.local(row.done_at), row.is_owed) == (
        "broken",
        row.due_at,
        "2026-04-02 10:00",
        False,
    )
    assert in_touch(in_march, "2026-04").status == "running"


@pytest.mark.parametrize("moment", ["2026-03-30 10:00", "2026-04-02 10:00"])
def test_the_next_look_finds_what_the_statement_has_left(in_march: Firm, moment: str) -> None:
    keep_up(in_march.company, local(in_march, moment))
    with in_march.at(moment):
        attest(in_touch(in_march), by=in_march["sales_officer"], evidence="已走访")
    stored = vars(in_touch(in_march)) | {"_state": None}

    changed = keep_up(in_march.company, local(in_march, moment.replace("10:00", "11:00")))

    assert changed == 0
    assert vars(in_touch(in_march)) | {"_state": None} == stored


def test_the_statement_can_be_proved(in_march: Firm) -> None:
    with in_march.at("2026-03-30 10:00"):
        attest(in_touch(in_march), by=in_march["sales_officer"])

    assert not verify(in_march.company).found
