from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from luyue.api.models import IdempotentAnswer
from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.records import reactions
from tests.api.conftest import Program, address_of, registered, said_about
from tests.firms import Firm


def test_a_request_sent_twice_is_carried_out_once(mingxing: Firm, clerk: Program, customer: Party) -> None:
    first = clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1")
    second = clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert Complaint.objects.count() == 1


def test_an_action_sent_twice_is_carried_out_once_even_with_the_tag_that_was_read(
    mingxing: Firm, clerk: Program, customer: Party
) -> None:
    address = f"{address_of(registered(mingxing, customer))}/actions/classify"
    said = {"cause_class": "quality", "subject": "packaging", "severity": "minor"}

    answers = [clerk.post(address, said, Idempotency_Key="erp-2", If_Match='"1"') for _each in range(2)]

    assert [(answer.status_code, answer["ETag"]) for answer in answers] == [(200, '"2"'), (200, '"2"')]
    assert Entry.objects.filter(action="complaint.classify").count() == 1


def test_the_same_key_with_another_request_is_refused(mingxing: Firm, clerk: Program, customer: Party) -> None:
    clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1")

    other_body = clerk.post("/complaints", said_about(customer, demand="退货"), Idempotency_Key="erp-1")
    other_address = clerk.post("/improvements", said_about(customer), Idempotency_Key="erp-1")

    for refused in (other_body, other_address):
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:luyue:problem:idempotency-key")
    assert Complaint.objects.count() == 1


def test_a_key_is_one_persons_own(mingxing: Firm, manager: Program, clerk: Program, customer: Party) -> None:
    problem = {"problem": "炉温偏高"}

    answers = [program.post("/improvements", problem, Idempotency_Key="1") for program in (clerk, manager)]

    assert answers[0].json()["number"] != answers[1].json()["number"]


def test_what_was_refused_may_be_sent_again(mingxing: Firm, clerk: Program, customer: Party) -> None:
    wrong = clerk.post("/complaints", said_about(customer, contact_name=""), Idempotency_Key="erp-1")
    right = clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1")

    assert (wrong.status_code, right.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["", "x" * 201, "é\x01"])
def test_a_key_has_one_to_two_hundred_characters(clerk: Program, customer: Party, key: str) -> None:
    assert clerk.post("/complaints", said_about(customer), Idempotency_Key=key).status_code == 400


def test_an_answer_is_kept_for_a_day(mingxing: Firm, clerk: Program, customer: Party) -> None:
    first = clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1").json()
    IdempotentAnswer.objects.update(answered_at=timezone.now() - timedelta(hours=25))

    second = clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1").json()

    assert first["number"] != second["number"]
    assert IdempotentAnswer.objects.count() == 1


class PowerCutError(Exception):
    """The process ends in the middle of an action."""


def test_what_breaks_off_leaves_neither_record_nor_answer(
    mingxing: Firm, clerk: Program, customer: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(performed: Any) -> None:
        raise PowerCutError

    with monkeypatch.context() as for_a_moment:
        for_a_moment.setattr(reactions, "_to_all", [break_off])
        with pytest.raises(PowerCutError):
            clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1")

    assert (Complaint.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert clerk.post("/complaints", said_about(customer), Idempotency_Key="erp-1").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_make_one_record(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    firm: Firm = request.getfixturevalue("mingxing")
    customer = firm.customer()
    programs = [Program(firm["clerk"]) for _each in range(2)]
    together = threading.Barrier(2)
    answers = []

    def call(program: Program) -> None:
        together.wait()
        answers.append(program.post("/complaints", said_about(customer), Idempotency_Key="erp-1"))
        connections.close_all()

    threads = [threading.Thread(target=call, args=[program]) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Complaint.objects.count() == 1
    said = [(answer.status_code, answer.json().get("number", answer.json().get("type"))) for answer in answers]
    number = Complaint.objects.get().number
    assert (201, number) in said
    assert set(said) <= {(201, number), (409, "urn:luyue:problem:idempotency-key")}
