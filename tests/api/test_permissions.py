from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luyue.api.addresses import opaque, pk_of
from luyue.api.tokens import issue, revoke
from luyue.complaints.models import Complaint
from luyue.improvement.models import Improvement
from luyue.ledger.models import Entry
from luyue.organization.staff import leave
from luyue.parties.models import Party
from luyue.records.linking import link
from luyue.records.models import Denial, Link, Record
from tests.api.conftest import Program, address_of, registered, said_about
from tests.firms import Firm

ADDRESSES = [
    "/complaints",
    "/complaints/aaaaaaaaaaaaa",
    "/obligations",
    "/conformity?procedure=QM-10",
    "/search?q=裂纹",
    "/employees",
    "/departments",
    "/openapi.json",
    "/nothing",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_token_nothing_is_answered(mingxing: Firm, address: str) -> None:
    in_a_browser = Client()
    in_a_browser.force_login(mingxing["manager"].account)

    for client in (Client(), in_a_browser, Client(headers={"Authorization": "Bearer luyue_guessed"})):
        refused = client.get(f"/api/v1{address}")

        assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
        assert refused["WWW-Authenticate"] == 'Bearer realm="Luyue"'


def test_a_browser_cannot_be_made_to_act(mingxing: Firm, customer: Party) -> None:
    in_a_browser = Client()
    in_a_browser.force_login(mingxing["clerk"].account)

    refused = in_a_browser.post("/api/v1/complaints", said_about(customer), content_type="application/json")

    assert (refused.status_code, Complaint.objects.count()) == (401, 0)


def test_the_token_says_who_acts_and_not_the_session_beside_it(mingxing: Firm, clerk: Program, customer: Party) -> None:
    clerk.client.force_login(mingxing["guard"].account)

    assert clerk.post("/complaints", said_about(customer)).status_code == 201
    assert Complaint.objects.get().registrar == mingxing["clerk"]


def test_a_session_that_must_change_its_password_first_does_not_stop_a_program(mingxing: Firm, clerk: Program) -> None:
    account = mingxing["guard"].account
    clerk.client.force_login(account)
    account.password_is_initial = True
    account.save()

    assert clerk.get("/complaints").status_code == 200


def _everything_said_to(program: Program) -> dict[str, Any]:
    return {
        "register": program.get("/complaints").json()["items"],
        "search": program.get("/search", q="裂纹").json()["items"],
        "obligations": program.get("/obligations", procedure="QM-10", clause="2").json()["items"],
    }


def test_a_confidential_record_is_nowhere_for_one_whom_it_does_not_concern(
    mingxing: Firm, clerk: Program, guard: Program, customer: Party
) -> None:
    complaint = registered(mingxing, customer, "裂纹")
    address = address_of(complaint)

    assert {name: len(found) for name, found in _everything_said_to(clerk).items()} == {
        "register": 1,
        "search": 1,
        "obligations": 1,
    }
    assert _everything_said_to(guard) == {"register": [], "search": [], "obligations": []}
    assert guard.get("/complaints", number=complaint.number).json()["items"] == []
    assert (clerk.get(address).status_code, guard.get(address).status_code) == (200, 404)
    for action in ("comment", "classify", "sign"):
        assert guard.post(f"{address}/actions/{action}", {"text": "看看"}).status_code == 404
    assert set(Denial.objects.values_list("employee_id", "record_id")) == {(mingxing["guard"].pk, complaint.pk)}
    assert not Entry.objects.filter(record_id=complaint.pk, by_id=mingxing["guard"].pk).exists()


def test_the_figures_of_conformity_count_it_but_its_promises_stay_hidden(
    mingxing: Firm, clerk: Program, guard: Program, customer: Party
) -> None:
    registered(mingxing, customer, "裂纹")

    for_the_clerk = clerk.get("/conformity", procedure="QM-10").json()
    for_the_guard = guard.get("/conformity", procedure="QM-10").json()

    assert for_the_clerk == for_the_guard
    assert {each["clause"]: each["running"] for each in for_the_guard["clauses"]}["2"] == 1
    assert clerk.get("/conformity", procedure="QM-99").status_code == 404
    assert clerk.get("/conformity").status_code == 422


def test_what_links_to_a_confidential_record_does_not_name_it(
    mingxing: Firm, clerk: Program, guard: Program, customer: Party
) -> None:
    complaint = registered(mingxing, customer)
    raised = clerk.post("/improvements", {"problem": "炉温偏高"}).json()
    link(complaint, Improvement.objects.get(), Link.Kind.RAISED)

    def named(program: Program) -> list[str]:
        return [each["record"]["number"] for each in program.client.get(raised["url"]).json()["links"]]

    assert (named(clerk), named(guard)) == ([complaint.number], [])


def test_nothing_is_seen_across_companies(mingxing: Firm, huarui: Firm, clerk: Program, customer: Party) -> None:
    complaint = registered(mingxing, customer, "裂纹")
    stranger = Program(huarui["clerk"])

    assert _everything_said_to(stranger) == {"register": [], "search": [], "obligations": []}
    assert stranger.get(address_of(complaint)).status_code == 404
    assert stranger.post(f"{address_of(complaint)}/actions/comment", {"text": "看看"}).status_code == 404
    assert stranger.post("/complaints", said_about(customer)).status_code == 422
    assert {each["id"] for each in stranger.get("/employees").json()["items"]}.isdisjoint(
        each["id"] for each in clerk.get("/employees").json()["items"]
    )
    assert not Denial.objects.filter(record_id=complaint.pk).exists()


def test_ids_are_opaque_and_those_of_another_kind_are_not_found(
    mingxing: Firm, clerk: Program, customer: Party
) -> None:
    complaint = registered(mingxing, customer)
    said = opaque("complaint", complaint.pk)

    assert pk_of("complaint", said) == complaint.pk
    assert pk_of("improvement", said) != complaint.pk
    for wrong in (str(complaint.pk), said.upper(), said[:-1], f"{said[:-1]}1", "a" * 13, "ä" * 13):
        assert pk_of("complaint", wrong) is None or not Record.objects.filter(pk=pk_of("complaint", wrong)).exists()
        assert clerk.get(f"/complaints/{wrong}").status_code == 404
    assert clerk.get(f"/improvements/{said}").status_code == 404


def test_an_unknown_address_is_a_problem_too(clerk: Program) -> None:
    for address in ("/nothing", "/complaints/", "/complaints/x/y"):
        assert clerk.get(address).json()["type"] == "urn:luyue:problem:not-found"
    answer = clerk.client.delete("/api/v1/complaints")
    assert (answer.status_code, answer["Allow"], answer.json()["status"]) == (405, "GET, HEAD, POST", 405)


class TestTokens:
    def test_a_token_ends_when_it_is_revoked(self, mingxing: Firm, clerk: Program) -> None:
        assert clerk.get("/complaints").status_code == 200

        assert revoke(clerk.token, by=None, at=timezone.now())

        assert clerk.get("/complaints").status_code == 401
        assert not revoke(clerk.token, by=None, at=timezone.now())
        assert list(Entry.objects.filter(action__endswith="_token").values_list("action", flat=True)) == [
            "organization.issue_token",
            "organization.revoke_token",
        ]

    def test_a_token_ends_with_its_last_day(self, mingxing: Firm) -> None:
        today = timezone.now().astimezone(mingxing.company.zone).date()
        _token, good = issue(mingxing["clerk"], name="ERP", by=None, at=timezone.now(), expires_on=today)
        _token, old = issue(
            mingxing["clerk"], name="ERP", by=None, at=timezone.now(), expires_on=today - timedelta(days=1)
        )

        answers = [
            Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/complaints").status_code
            for secret in (good, old)
        ]

        assert answers == [200, 401]

    def test_a_token_ends_when_its_holder_leaves_or_is_locked_out(self, mingxing: Firm, huarui: Firm) -> None:
        programs = [Program(mingxing["clerk"]), Program(huarui["clerk"])]
        yesterday = timezone.now().astimezone(mingxing.company.zone).date() - timedelta(days=1)

        leave(mingxing["clerk"], by=None, at=timezone.now(), on=yesterday)
        huarui["clerk"].account.is_active = False
        huarui["clerk"].account.save()

        assert [program.get("/complaints").status_code for program in programs] == [401, 401]

    def test_the_last_use_is_kept_to_the_hour(self, mingxing: Firm, clerk: Program) -> None:
        for moment in ("2026-03-02 10:00", "2026-03-02 10:59", "2026-03-02 11:01"):
            with mingxing.at(moment):
                clerk.get("/departments")
            clerk.token.refresh_from_db()

            assert mingxing.local(clerk.token.last_used_at) == (moment if "59" not in moment else "2026-03-02 10:00")

    def test_the_secret_itself_is_not_kept(self, mingxing: Firm, clerk: Program) -> None:
        kept = {str(getattr(clerk.token, field.attname)) for field in clerk.token._meta.concrete_fields}

        assert clerk.secret not in kept


def test_sentences_come_in_the_language_that_is_asked_for(mingxing: Firm, customer: Party) -> None:
    program = Program(mingxing["guard"])

    said = {
        language: program.post("/complaints", said_about(customer), Accept_Language=language).json()["title"]
        for language in ("en", "zh-hans")
    }

    assert said == {"en": "This is refused.", "zh-hans": "此操作未获允许。"}


def test_who_lost_the_position_may_not_act_with_an_old_token(mingxing: Firm, clerk: Program, customer: Party) -> None:
    mingxing["clerk"].tenures.update(until=timezone.now().date() - timedelta(days=2))

    assert clerk.post("/complaints", said_about(customer)).status_code == 403


class TestMyTokens:
    def test_a_token_is_made_shown_once_and_taken_back(self, mingxing: Firm) -> None:
        person = Client(headers={"Accept-Language": "en"})
        person.force_login(mingxing["clerk"].account)

        refused = person.post("/api/tokens/", {"name": "ERP", "expires_on": "2020-01-01"})
        made = person.post("/api/tokens/", {"name": "ERP", "expires_on": "2027-01-01"})

        assert (refused.status_code, made.status_code) == (422, 200)
        secret = made.context["secret"]
        program = Client(headers={"Authorization": f"Bearer {secret}"})
        assert program.get("/api/v1/complaints").status_code == 200
        assert secret in made.content.decode()
        assert secret not in person.get("/api/tokens/").content.decode()

        person.post(f"/api/tokens/{made.context['made'].pk}/revoke/")

        assert program.get("/api/v1/complaints").status_code == 401

    def test_nobody_sees_or_revokes_the_token_of_another(self, mingxing: Firm, clerk: Program) -> None:
        other = Client()
        other.force_login(mingxing["manager"].account)

        assert list(other.get("/api/tokens/").context["tokens"]) == []
        assert other.post(f"/api/tokens/{clerk.token.pk}/revoke/").status_code == 404
        assert clerk.get("/complaints").status_code == 200

    def test_a_program_does_not_make_tokens_itself(self, clerk: Program) -> None:
        assert clerk.client.post("/api/tokens/", {"name": "ERP"}).status_code == 302
        assert clerk.client.get("/api/tokens/").status_code == 302
