"""What hangs on a record: history, comments, signatures, promises and files, to those whom they concern."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.records.attachments import path_of
from luyue.records.models import Attachment, Denial
from tests.api.conftest import Program, address_of, registered
from tests.faults.conftest import told
from tests.firms import PASSWORD, Firm

PNG = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"
PARTS = ("history", "comments", "sign-offs", "signatures", "obligations", "attachments")
CLASSIFIED = {"cause_class": "quality", "subject": "packaging", "severity": "minor"}


@pytest.fixture
def complaint(mingxing: Firm, customer: Party) -> Complaint:
    return registered(mingxing, customer)


def act(program: Program, complaint: Complaint, action: str, **said: Any) -> Any:
    done = program.post(f"{address_of(complaint)}/actions/{action}", said)
    assert done.status_code == 200, done.content.decode()
    return done.json()


def part(program: Program, complaint: Complaint, name: str, **query: Any) -> Any:
    answer = program.get(f"{address_of(complaint)}/{name}", **query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def upload(program: Program, complaint: Complaint, *files: SimpleUploadedFile, **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    return program.client.post(
        f"/api/v1{address_of(complaint)}/attachments", {"files": list(files), **more}, headers=headers
    )


def a_picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("断口.png", PNG, "image/png")


def test_the_history_tells_who_did_what_with_the_values_before_and_after(
    mingxing: Firm, clerk: Program, complaint: Complaint
) -> None:
    act(clerk, complaint, "classify", **CLASSIFIED)

    opened, classified = part(clerk, complaint, "history")["items"]

    assert (opened["sequence"], opened["action"], opened["state_before"]) == (1, "register", "")
    assert (classified["action"], classified["by"]["name"]) == ("classify", mingxing["clerk"].name)
    assert (classified["previous_hash"], classified["state_after"]) == (opened["hash"], Complaint.objects.get().state)
    severity = next(each for each in classified["changes"] if each["field"] == "severity")
    assert severity == {
        "field": "severity",
        "label": "Severity",
        "before": "",
        "after": "minor",
        "before_text": "",
        "after_text": "Minor",
    }
    party = next(each for each in opened["changes"] if each["field"] == "party")
    assert (party["before"], party["after"]) == (None, complaint.party.name if complaint.party else "")


def test_the_history_comes_page_by_page(clerk: Program, complaint: Complaint) -> None:
    for text in ("甲", "乙", "丙"):
        act(clerk, complaint, "comment", text=text)

    first = part(clerk, complaint, "history", limit=3)
    second = part(clerk, complaint, "history", limit=3, after=first["next"])

    assert [each["sequence"] for each in first["items"]] == [1, 2, 3]
    assert ([each["sequence"] for each in second["items"]], second["next"]) == ([4], None)
    assert clerk.get(f"{address_of(complaint)}/history", after="x").status_code == 422
    assert clerk.get(f"{address_of(complaint)}/history", before="x").status_code == 422


def test_comments_name_those_whom_they_call(mingxing: Firm, clerk: Program, complaint: Complaint) -> None:
    manager = mingxing["manager"]
    act(clerk, complaint, "comment", text=f"请 @{manager.name} 看一下")

    (comment,) = part(clerk, complaint, "comments")

    assert (comment["by"]["name"], comment["text"]) == (mingxing["clerk"].name, f"请 @{manager.name} 看一下")
    assert [each["name"] for each in comment["mentions"]] == [manager.name]


def test_sign_offs_say_whose_turn_it_is_and_signatures_what_was_signed(
    mingxing: Firm, clerk: Program, manager: Program, complaint: Complaint
) -> None:
    act(clerk, complaint, "classify", **CLASSIFIED)
    act(
        clerk,
        complaint,
        "determine_responsibility",
        cause="炉温",
        responsibility="ours",
        responsible_department="sales",
    )
    act(clerk, complaint, "propose_remedy", remedy="exchange", remedy_detail="换货")

    (waiting,) = part(clerk, complaint, "sign-offs")
    act(manager, complaint, "sign", decision="agreed", opinion="同意", password=PASSWORD)
    (signed,) = part(clerk, complaint, "sign-offs")
    (signature,) = part(clerk, complaint, "signatures")

    assert (waiting["before"], waiting["state"], waiting["clause"]) == ("decide_remedy", "running", "3")
    assert [(each["owner"]["address"], each["is_open"]) for each in waiting["places"]] == [("position:manager", True)]
    (place,) = signed["places"]
    assert (signed["state"], place["decision"], place["signed_by"]["name"]) == (
        "complete",
        "agreed",
        mingxing["manager"].name,
    )
    assert (signature["meaning"], signature["opinion"], signature["method"]) == ("approved", "同意", "password")
    assert signature["entry_hash"] == Entry.objects.get(action="complaint.sign").hash


def test_a_promise_explains_its_due_time(clerk: Program, guard: Program, complaint: Complaint) -> None:
    (owed,) = [each for each in part(clerk, complaint, "obligations") if each["clause"] == "2"]

    answer = clerk.get(f"/obligations/{owed['id']}")
    hidden = guard.get(f"/obligations/{owed['id']}")
    nothing = clerk.get("/obligations/aaaaaaaaaaaaa")

    said = answer.json()
    assert (answer.status_code, said["record"]["number"], said["id"]) == (200, complaint.number, owed["id"])
    assert said["explanation"]["clause_text"] == "两天内分类。"
    assert [each["kind"] for each in said["explanation"]["segments"]][-1] == "result"
    told(hidden, 404, "not-found")
    told(nothing, 404, "not-found")


def test_what_hangs_on_a_confidential_record_is_not_found(
    mingxing: Firm, clerk: Program, guard: Program, complaint: Complaint
) -> None:
    assert upload(clerk, complaint, a_picture()).status_code == 200
    (file,) = part(clerk, complaint, "attachments")

    for name in (*PARTS, file["url"].rpartition("/complaints/")[2].partition("/")[2]):
        told(guard.get(f"{address_of(complaint)}/{name}"), 404, "not-found")
    told(upload(guard, complaint, a_picture()), 404, "not-found")
    assert Denial.objects.filter(employee=mingxing["guard"], reason="confidential").count() == len(PARTS) + 2
    assert Attachment.objects.count() == 1


def test_a_file_comes_back_as_it_was_and_never_as_something_that_runs(
    mingxing: Firm, clerk: Program, complaint: Complaint
) -> None:
    sent = upload(clerk, complaint, a_picture(), SimpleUploadedFile("页.txt", b"<b>"), kind="photo", note="断口")

    files = part(clerk, complaint, "attachments")
    assert sent.json()["number"] == complaint.number
    assert [(each["file_name"], each["kind"], each["size"]) for each in files] == [
        ("断口.png", "photo", len(PNG)),
        ("页.txt", "photo", 3),
    ]
    given = clerk.client.get(files[0]["url"])
    assert b"".join(given.streaming_content) == PNG
    assert (given["Content-Type"], given["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert given["ETag"] == f'"{hashlib.sha256(PNG).hexdigest()}"'
    again = clerk.client.get(files[0]["url"], headers={"If-None-Match": given["ETag"]})
    bare = clerk.client.head(files[0]["url"])
    assert (again.status_code, bare.status_code, bare["Content-Length"]) == (304, 200, str(len(PNG)))
    assert part(clerk, complaint, "history")["items"][-1]["text"] == "断口\nFile: 断口.png\nFile: 页.txt"


def test_a_file_that_the_store_has_lost_is_not_found(clerk: Program, complaint: Complaint) -> None:
    upload(clerk, complaint, SimpleUploadedFile("页.txt", b"lost"))
    (file,) = part(clerk, complaint, "attachments")
    path_of(file["digest"]).unlink()

    told(clerk.client.get(file["url"]), 404, "not-found")


def test_a_file_of_another_record_is_not_found(
    mingxing: Firm, clerk: Program, complaint: Complaint, customer: Party
) -> None:
    upload(clerk, complaint, a_picture())
    (file,) = part(clerk, complaint, "attachments")
    other = registered(mingxing, customer)

    told(clerk.get(f"{address_of(other)}/attachments/{file['id']}"), 404, "not-found")


@pytest.mark.parametrize(
    ("name", "content"),
    [("图.svg", b"<svg/>"), ("页.html", b"<p>"), ("图.png", b"<script>"), ("空.txt", b""), ("程序.exe", b"MZ")],
)
def test_what_is_not_an_honest_file_is_refused(clerk: Program, complaint: Complaint, name: str, content: bytes) -> None:
    refused = upload(clerk, complaint, a_picture(), SimpleUploadedFile(name, content))

    assert refused.status_code == 422
    assert [no["code"] for no in refused.json()["refusals"]] == ["attachment"]
    assert not Attachment.objects.exists()


def test_an_upload_sent_twice_is_kept_once_whatever_its_boundary(clerk: Program, complaint: Complaint) -> None:
    first = upload(clerk, complaint, a_picture(), key="erp-3")
    second = upload(clerk, complaint, a_picture(), key="erp-3")
    other = upload(clerk, complaint, SimpleUploadedFile("断口.png", PNG + b"2"), key="erp-3")

    assert (first.status_code, second.status_code, other.status_code) == (200, 200, 422)
    assert second["Idempotent-Replayed"] == "true"
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 422),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\na\0b\r\n--x--',
            "multipart/form-data; boundary=x",
            422,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="colour"\r\n\r\nred\r\n--x--',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_an_upload_that_is_none_is_refused(
    clerk: Program, complaint: Complaint, body: bytes, kind: str, status: int
) -> None:
    clerk.client.raise_request_exception = False

    answer = clerk.client.generic(
        "POST", f"/api/v1{address_of(complaint)}/attachments", body or b" ", content_type=kind
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_whoever_calls_may_ask_who_he_is(mingxing: Firm, clerk: Program) -> None:
    said = clerk.get("/me").json()

    assert (said["name"], said["company"]["code"], said["token"]) == (mingxing["clerk"].name, "mingxing", "ERP")
    assert [each["address"] for each in said["addresses"]] == ["department:sales", "position:clerk"]
    (procedure,) = clerk.get("/procedures").json()
    assert (procedure["procedure"], procedure["clauses"]) == ("QM-10", ["1", "2", "3", "4"])
