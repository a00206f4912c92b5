"""The page on which a duty of conduct is stated."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luyue.rulebook.loading import SHIPPED, read_profile
from luyue.sweep.models import Attestation
from luyue.sweep.periods import keep_up
from tests.firms import Firm
from tests.sweep.cases import local
from tests.sweep.papers import CARE, adopted
from tests.sweep.test_attesting import in_touch, study

NOW = "2026-03-30 10:00"


@pytest.fixture
def in_march(carbide: Firm) -> Firm:
    keep_up(carbide.company, local(carbide, NOW))
    return carbide


def signed_in(firm: Firm, position: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(firm[position].account)
    return client


def page_of(pk: int) -> str:
    return reverse("sweep:attestation", args=[pk])


def test_my_work_shows_the_statement_to_the_one_who_owes_it(in_march: Firm) -> None:
    address = page_of(in_touch(in_march).pk)

    with in_march.at(NOW):
        others = signed_in(in_march, "finance_manager").get("/").content.decode()
        own = signed_in(in_march, "sales_officer").get("/").content.decode()

    assert address not in others
    assert address in own
    assert "This month I was in touch with my customers" in own


def test_my_work_shows_how_often_something_was_done_already(carbide: Firm) -> None:
    adopted(carbide, CARE, at=local(carbide, "2026-01-01 08:00"))
    keep_up(carbide.company, local(carbide, NOW))

    with carbide.at(NOW):
        own = signed_in(carbide, "sales_officer").get("/").content.decode()

    assert "0 of 2 done" in own


def test_for_others_the_form_is_closed_and_they_cannot_send_it(in_march: Firm) -> None:
    with in_march.at(NOW):
        client = signed_in(in_march, "finance_manager")
        shown = client.get(page_of(in_touch(in_march).pk))
        sent = client.post(page_of(in_touch(in_march).pk), {"kept": "on"})

    assert "Only Sales officer may state this." in shown.content.decode()
    assert (shown.status_code, sent.status_code) == (200, 422)
    assert not Attestation.objects.exists()


def test_stating_it_on_the_page_keeps_it(in_march: Firm) -> None:
    with in_march.at(NOW):
        client = signed_in(in_march, "sales_officer")
        without = client.post(page_of(in_touch(in_march).pk), {})
        done = client.post(page_of(in_touch(in_march).pk), {"kept": "on", "evidence": "已走访"}, follow=True)

    assert without.status_code == 422
    assert "Stated: GJ-YX-05 10.1, 2026-03" in done.content.decode()
    assert in_touch(in_march).status == "kept"


def test_the_evidence_that_is_asked_for_is_missed_and_can_be_read_later(in_march: Firm) -> None:
    paper = SimpleUploadedFile("minutes.pdf", b"%PDF-1.4 minutes", "application/pdf")

    with in_march.at(NOW):
        client = signed_in(in_march, "marketing_manager")
        without = client.post(page_of(study(in_march).pk), {"kept": "on"})
        client.post(page_of(study(in_march).pk), {"kept": "on", "file": paper})
        found = client.get(reverse("sweep:evidence", args=[Attestation.objects.get().pk]))

    assert "Say or attach what shows it." in without.content.decode()
    assert b"".join(found.streaming_content) == b"%PDF-1.4 minutes"  # type: ignore[attr-defined]
    assert found["Content-Disposition"] == 'attachment; filename="minutes.pdf"'


def test_in_another_company_there_is_no_such_page(in_march: Firm) -> None:
    mining = Firm(read_profile(SHIPPED / "mining"))
    with in_march.at(NOW):
        signed_in(in_march, "sales_officer").post(page_of(in_touch(in_march).pk), {"kept": "on"})
        client = signed_in(mining, next(iter(mining.people)))
        pages = [page_of(in_touch(in_march).pk), reverse("sweep:evidence", args=[Attestation.objects.get().pk])]

        assert [client.get(page).status_code for page in pages] == [404, 404]


def test_a_list_of_many_statements_asks_as_often_as_one_of_few(carbide: Firm) -> None:
    def statements() -> int:
        client = signed_in(carbide, "sales_officer")
        for _warming in range(2):
            client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    with carbide.at(NOW):
        keep_up(carbide.company, local(carbide, "2024-03-30 10:00"))
        few = statements()
        keep_up(carbide.company, local(carbide, NOW))

        assert statements() == few


def test_the_clause_shows_its_statements_as_evidence(in_march: Firm) -> None:
    with in_march.at(NOW):
        client = signed_in(in_march, "finance_manager")
        shown = client.get(reverse("insight:clause", args=["GJ-YX-05", "10.1"])).content.decode()

    assert page_of(in_touch(in_march).pk) in shown
