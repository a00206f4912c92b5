"""Everybody reads his or her own notices, and nobody else's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luyue.complaints.models import Complaint
from luyue.messaging import pages
from luyue.messaging.models import Notice
from luyue.records.general import ACKNOWLEDGE, COMMENT
from luyue.records.models import Reader, Record
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm
from tests.messaging.test_telling import MORNING, confirmed, registered

ALL = "/notices/"


def signed_in(firm: Firm, position: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(firm[position].account)
    return client


def mentioned(firm: Firm, *positions: str, text: str = "请看") -> Complaint:
    complaint = registered(firm)
    for position in positions:
        COMMENT(complaint, by=firm["sales_officer"], text=f"@{firm[position].name} {text}")
    return complaint


def read(client: Client, address: str = ALL) -> str:
    return client.get(address).content.decode()


def test_a_notice_is_seen_by_its_reader_only(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = mentioned(carbide, "finance_manager", text="请核对金额")
        others, own = read(signed_in(carbide, "archivist")), read(signed_in(carbide, "finance_manager"))

    assert "请核对金额" not in others
    assert "No notices yet" in others
    assert "请核对金额" in own
    assert complaint.number in own


def test_nobody_opens_or_marks_the_notice_of_another(carbide: Firm) -> None:
    with carbide.at(MORNING):
        mentioned(carbide, "finance_manager")
        notice = Notice.objects.get(kind="mention")
        client = signed_in(carbide, "archivist")
        opened = client.get(reverse("messaging:open", args=[notice.pk]))
        client.post(reverse("messaging:mark_read"), {"notice": notice.pk})
        client.post(reverse("messaging:mark_read"), {"notice": "all"})

    notice.refresh_from_db()
    assert (opened.status_code, notice.read_at) == (404, None)


def test_opening_a_notice_leads_to_the_record_and_it_has_been_read(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = mentioned(carbide, "finance_manager")
        notice = Notice.objects.get(kind="mention")
        answer = signed_in(carbide, "finance_manager").get(reverse("messaging:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert answer["Location"] == reverse("desk:open", args=[complaint.pk])
    assert carbide.local(notice.read_at) == MORNING


def test_the_bell_counts_what_is_unread(carbide: Firm) -> None:
    with carbide.at(MORNING):
        mentioned(carbide, "finance_manager", "finance_manager")
        client = signed_in(carbide, "finance_manager")
        before = read(client, "/")
        client.post(reverse("messaging:mark_read"), {"notice": "all"})
        after = read(client, "/")

    assert 'aria-label="2 unread notices"' in before
    assert 'aria-label="Notices"' in after


def test_the_unread_ones_can_be_read_alone(carbide: Firm) -> None:
    with carbide.at(MORNING):
        mentioned(carbide, "finance_manager", text="第一件")
        first = Notice.objects.get(kind="mention")
        mentioned(carbide, "finance_manager", text="第二件")
        client = signed_in(carbide, "finance_manager")
        client.post(reverse("messaging:mark_read"), {"notice": first.pk})
        unread, everything = read(client, f"{ALL}?show=unread"), read(client)

    assert ("第一件" in unread, "第二件" in unread) == (False, True)
    assert ("第一件" in everything, "第二件" in everything) == (True, True)


def test_what_was_done_needs_no_reading(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = confirmed(carbide)
        client = signed_in(carbide, "quality_manager")
        before = read(client, f"{ALL}?show=unread")
        ACKNOWLEDGE(complaint, by=carbide["quality_manager"])
        after = read(client, f"{ALL}?show=unread")

    assert complaint.number in before
    assert complaint.number not in after
    assert complaint.number in read(client)


def test_after_reading_one_goes_nowhere_but_within_this_installation(carbide: Firm) -> None:
    with carbide.at(MORNING):
        mentioned(carbide, "finance_manager")
        answer = signed_in(carbide, "finance_manager").post(
            reverse("messaging:mark_read"), {"notice": "all", "next": "https://elsewhere.example/"}
        )

    assert answer["Location"] == ALL


def test_a_record_that_one_may_not_see_is_not_told_of(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = mentioned(carbide, "finance_manager", text="机密")
        Reader.objects.filter(record=complaint).delete()
        Record.objects.filter(pk=complaint.pk).update(is_restricted=True)
        client = signed_in(carbide, "finance_manager")
        hidden, counted = read(client), read(client, "/")
        opened = client.get(reverse("messaging:open", args=[Notice.objects.get(kind="mention").pk]))
        Reader.objects.create(
            company=carbide.company, record=complaint, key=f"employee:{carbide['finance_manager'].pk}"
        )
        shown = read(client)

    assert ("机密" in hidden, "unread notices" in counted, opened.status_code) == (False, False, 404)
    assert "机密" in shown


def test_another_company_has_its_own_notices(carbide: Firm) -> None:
    mining = Firm(read_profile(SHIPPED / "mining"))
    with carbide.at(MORNING):
        mentioned(carbide, "finance_manager")
        notice = Notice.objects.get(kind="mention")
        client = signed_in(mining, next(iter(mining.people)))

        assert "No notices yet" in read(client)
        assert client.get(reverse("messaging:open", args=[notice.pk])).status_code == 404


def test_many_are_read_a_page_at_a_time(carbide: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    with carbide.at(MORNING):
        for text in ("第一件", "第二件", "第三件"):
            mentioned(carbide, "finance_manager", text=text)
        client = signed_in(carbide, "finance_manager")
        first = client.get(ALL)
        second = read(client, ALL + first.context["more_url"])

    assert ("第三件" in first.content.decode(), "第一件" in first.content.decode()) == (True, False)
    assert ("第二件" in second, "第一件" in second) == (False, True)


def test_a_list_of_three_asks_as_often_as_a_list_of_one(carbide: Firm) -> None:
    def statements(client: Client) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(ALL)
        return len(asked)

    with carbide.at(MORNING):
        client = signed_in(carbide, "quality_manager")
        mentioned(carbide, "quality_manager")
        client.get(ALL)
        one = statements(client)
        for _ in range(2):
            mentioned(carbide, "quality_manager")

        assert statements(client) == one
