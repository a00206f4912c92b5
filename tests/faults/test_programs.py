"""What goes wrong is said to a program as a problem it can read, never as a page."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from luyue.api.addresses import opaque
from luyue.complaints.models import Complaint
from luyue.records import reactions
from tests.faults.conftest import SAID, complaint_of, program_of, told
from tests.firms import Firm


class BrokenError(Exception):
    """Something that nobody thought of."""


def test_a_fault_of_ours_is_said_with_the_id_by_which_the_log_names_it(
    carbide: Firm, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_off(performed: Any) -> None:
        raise BrokenError

    program = program_of(carbide)
    body = {**SAID, "party": carbide.customer().number}
    with monkeypatch.context() as for_a_moment, caplog.at_level(logging.ERROR, "luyue"):
        for_a_moment.setattr(reactions, "_to_all", [break_off])
        answer = program.post("/complaints", body, X_Request_Id="erp-4711")

    said = told(answer, 500, "fault")
    assert (answer["X-Request-Id"], said["title"]) == ("erp-4711", "Something went wrong with us")
    assert any("erp-4711" in line for line in caplog.messages)
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/complaints/", "/api/v2/complaints", "/api/\0"],
)
def test_an_address_of_the_api_that_names_nothing_is_not_found(carbide: Firm, address: str) -> None:
    told(program_of(carbide).client.get(address), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/complaints", "GET, HEAD, POST"),
        ("PATCH", "/obligations", "GET, HEAD"),
        ("GET", "/complaints/aaaaaaaaaaaaa/actions/classify", "POST"),
    ],
)
def test_a_method_that_is_not_there_is_405(carbide: Firm, method: str, address: str, allowed: str) -> None:
    answer = program_of(carbide).client.generic(method, f"/api/v1{address}")

    told(answer, 405, "method")
    assert answer["Allow"] == allowed


@pytest.mark.parametrize(
    "kind",
    [
        "application/xml",
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "application/json; charset=gbk",
        "application/json; charset=nonsense",
        "application/json-seq",
    ],
)
def test_a_body_of_another_kind_is_415(carbide: Firm, kind: str) -> None:
    answer = program_of(carbide).client.generic("POST", "/api/v1/complaints", b"{}", content_type=kind)

    told(answer, 415, "media-type")


@pytest.mark.parametrize(("accept", "status"), [("text/html", 406), ("application/xml", 406), ("*/*", 200), ("", 200)])
def test_who_does_not_accept_json_is_told_before_anything_happens(carbide: Firm, accept: str, status: int) -> None:
    program = program_of(carbide)

    read = program.client.get("/api/v1/complaints", headers={"Accept": accept})
    body = {**SAID, "party": carbide.customer().number}
    written = program.post("/complaints", body, Accept=accept)

    assert read.status_code == status
    if status == 406:
        told(read, 406, "media-type")
        told(written, 406, "media-type")
    assert Complaint.objects.count() == (0 if status == 406 else 1)


def test_a_host_that_is_not_ours_is_answered_as_a_problem(carbide: Firm) -> None:
    told(program_of(carbide).client.get("/api/v1/complaints", headers={"Host": "evil.example"}), 400, "unreadable")


BODIES = {
    "a list": b"[]",
    "cut off": b'{"party": "K1"',
    "gbk": '{"what_happened": "裂纹"}'.encode("gbk"),
    "utf-16": '{"what_happened": "裂纹"}'.encode("utf-16"),
    "not a number": b'{"quantity": NaN}',
    "endless": b'{"quantity": Infinity}',
    "nul": b'{"what_happened": "\\u0000"}',
    "nul in a name": b'{"a\\u0000": 1}',
    "half a character": b'{"what_happened": "\\ud800"}',
    "deep list": b'{"party": ' + b"[" * 99_999,
    "deep and closed": b'{"party": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deep objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "five thousand digits": b'{"quantity": ' + b"9" * 5000 + b"}",
    "blank": b" ",
}


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_what_was_asked_is_refused(carbide: Firm, content: bytes) -> None:
    program = program_of(carbide)

    answer = program.client.generic("POST", "/api/v1/complaints", content, content_type="application/json")

    assert answer.status_code in (400, 422)
    told(answer, answer.status_code, "unreadable" if answer.status_code == 400 else "validation")
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_in_chunks_is_asked_for_its_length(carbide: Firm, kind: str) -> None:
    complaint = complaint_of(carbide)
    address = (
        "complaints" if kind == "application/json" else f"complaints/{opaque('complaint', complaint.pk)}/attachments"
    )

    answer = program_of(carbide).client.generic(
        "POST", f"/api/v1/{address}", content_type=kind, headers={"Transfer-Encoding": "chunked"}
    )

    told(answer, 411, "length")


def test_a_mark_of_the_byte_order_before_the_body_is_passed_over(carbide: Firm) -> None:
    body = json.dumps({**SAID, "party": carbide.customer().number}).encode("utf-8-sig")

    answer = program_of(carbide).client.generic("POST", "/api/v1/complaints", body, content_type="application/json")

    assert answer.status_code == 201


def test_a_body_of_31_megabytes_is_413(carbide: Firm) -> None:
    told(program_of(carbide).post("/complaints", {"what_happened": "a" * 31 * 1024**2}), 413, "too-large")
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "value", [2**31, 2**63, 10**400, -(2**63), 1.5e300, -1, "1e400", "NaN", "sNaN", "٣", "²", True]
)
def test_no_number_is_too_large_or_too_strange_to_be_refused(carbide: Firm, value: object) -> None:
    program = program_of(carbide)
    body = {**SAID, "party": carbide.customer().number}

    for name in ("quantity", "delivered_on", "party", "channel", "occurred_at"):
        answer = program.post("/complaints", body | {name: value})
        assert answer.status_code < 500, (name, value)
        if answer.status_code >= 400:
            told(answer, answer.status_code, "validation")


@pytest.mark.parametrize("said", ["²", "9" * 5000, "-1", "1e9", "\0", "½", "<script>", "%ed%a0%80", "a" * 9000])
def test_no_question_of_a_list_is_too_strange_to_be_refused(carbide: Firm, said: str) -> None:
    complaint_of(carbide)
    program = program_of(carbide)
    names = ("number", "q", "view", "sort", "limit", "after", "party", "owner", "state", "opened_at_from", "strange")

    answers = {name: program.get("/complaints", **{name: said}) for name in names}
    answers["due"] = program.get("/obligations", due_before=said)
    answers["words"] = program.get("/search", q=said)
    answers["id"] = program.get(f"/complaints/{said.replace('/', '')}")

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}
