"""Nothing of one company is seen in another: records, obligations, entries, papers, numbers, pages."""

from __future__ import annotations

import pytest
from django.test import Client

from luyue.complaints import actions as a
from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.organization.authority import authority_of
from luyue.organization.models import Employee
from luyue.records.case import Case
from luyue.records.general import ATTACH, COMMENT
from luyue.records.models import Attachment, Denial, Obligation, Reader, Record
from luyue.records.refusing import Refused
from tests.contract.courses import MORNING
from tests.firms import Firm, FirmOf
from tests.stories.telling import USUALLY, Tale, papers


@pytest.fixture
def ours(firm_of: FirmOf) -> Firm:
    return firm_of("carbide")


@pytest.fixture
def theirs(firm_of: FirmOf) -> Firm:
    return firm_of("cement")


@pytest.fixture
def theirs_with_papers(theirs: Firm) -> Tale:
    """A complaint of the other company with a paper attached and much owed."""
    tale = Tale(theirs, MORNING).comes_to("determine_responsibility", MORNING)
    with theirs.at("2026-03-03 10:00"):
        ATTACH.given(uploads=papers(["photo"]))(tale.record, by=theirs["complaint_officer"], note="现场照片")
    return tale


def signed_in(person: Employee) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def test_no_row_of_one_company_belongs_to_the_other(ours: Firm, theirs_with_papers: Tale) -> None:
    own = Tale(ours, MORNING)
    their_company = theirs_with_papers.firm.company

    for rows in (Record, Obligation, Attachment, Reader):
        assert set(rows.objects.values_list("company_id", flat=True)) <= {ours.company.pk, their_company.pk}
    assert set(Obligation.objects.filter(record=own.record).values_list("company", flat=True)) == {ours.company.pk}
    assert set(Entry.objects.filter(record=own.record).values_list("company", flat=True)) == {ours.company.pk}
    their_people = {person.pk for person in theirs_with_papers.firm.people.values()}
    assert not Entry.objects.filter(company=ours.company, by__in=their_people).exists()


def test_nobody_finds_a_record_of_another_company(ours: Firm, theirs_with_papers: Tale) -> None:
    record = theirs_with_papers.record
    theirs = theirs_with_papers.firm

    for person in ours.people.values():
        authority = authority_of(person, record.received_on)
        assert not Record.objects.visible_to(person, authority).exists()
    officer = theirs["complaint_officer"]
    assert Record.objects.visible_to(officer, authority_of(officer, record.received_on)).count() == 1


@pytest.mark.parametrize("action", [COMMENT, a.classify, a.tell_progress], ids=lambda action: action.name)
def test_no_action_reaches_a_record_of_another_company(ours: Firm, theirs_with_papers: Tale, action) -> None:
    record = theirs_with_papers.record
    before = Entry.objects.filter(record=record).count()
    said = USUALLY.get(action.name, {"text": "你好"})

    with pytest.raises(Refused) as refused:
        action(record, by=ours["marketing_manager"], **said)

    assert refused.value.codes == ("not_found",)
    assert all(refusal.hides for refusal in refused.value.refusals)
    assert Entry.objects.filter(record=record).count() == before
    assert Denial.objects.get().record is None


def test_a_page_of_another_company_is_not_found(ours: Firm, theirs_with_papers: Tale) -> None:
    record = theirs_with_papers.record
    paper = record.attachments.get(kind="photo")
    obligation = record.obligations.first()
    place = f"/r/complaints/{record.pk}/"
    addresses = [
        place,
        f"{place}do/comment/",
        f"{place}files/{paper.pk}/",
        f"{place}files/{paper.pk}/raw/",
        f"{place}print/0/",
        f"/open/{record.pk}/",
        f"/clocks/{obligation.pk}/",
    ]

    stranger = signed_in(ours["marketing_manager"])
    colleague = signed_in(theirs_with_papers.firm["complaint_officer"])

    assert [stranger.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert {colleague.get(address).status_code for address in addresses} <= {200, 302}


def test_no_register_and_no_search_shows_another_company(ours: Firm, theirs_with_papers: Tale) -> None:
    own = Tale(ours, MORNING)
    number = theirs_with_papers.record.number
    client = signed_in(ours["marketing_manager"])

    register = client.get("/r/complaints/?view=all").content.decode()
    found = client.get("/search/", {"q": number}).content.decode()
    work = client.get("/").content.decode()

    assert own.record.number in register
    assert f"/r/complaints/{theirs_with_papers.record.pk}/" not in register + found + work
    assert number not in register + work


def test_both_companies_begin_their_numbers_at_one(firm_of: FirmOf) -> None:
    carbide, scale = firm_of("carbide"), firm_of("scale")

    numbers = [Tale(each, MORNING).record.number for each in (carbide, scale, carbide)]

    assert numbers == ["TS202603-001", "售后2026-0001", "TS202603-002"]
    assert Complaint.objects.filter(company=carbide.company).count() == 2


def test_who_may_comment_anywhere_says_nothing_to_a_record_that_is_not_for_his_eyes(ours: Firm) -> None:
    record = Tale(ours, MORNING).record
    with ours.at("2026-03-02 10:00"):
        cases = {
            key: Case(Complaint.objects.get(pk=record.pk), who, record.changed_at) for key, who in ours.people.items()
        }
        able = {key for key, case in cases.items() if not case.refusals(COMMENT)}
        unseeing = {key for key in able if not cases[key].is_seen}
        seen = {
            key
            for key, case in cases.items()
            if Record.objects.visible_to(ours[key], case.authority).filter(pk=record.pk).exists()
        }
        entries = Entry.objects.filter(record=record).count()

        refused = []
        for key in unseeing:
            with pytest.raises(Refused) as no:
                COMMENT(Complaint.objects.get(pk=record.pk), by=ours[key], text="看一下")
            refused.append((no.value.codes, no.value.refusals[0].hides))
        for key in able - unseeing:
            COMMENT(Complaint.objects.get(pk=record.pk), by=ours[key], text="看一下")

    assert refused == [(("not_found",), True)] * len(unseeing)
    assert unseeing
    assert seen == {key for key, case in cases.items() if case.is_seen}
    assert Entry.objects.filter(record=record).count() == entries + len(able - unseeing)
