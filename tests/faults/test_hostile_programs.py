"""Whatever a program sends: it is refused with a problem or kept as the text it is, and never runs."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from luyue.api.addresses import opaque
from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.records import registry
from luyue.records.general import COMMENT
from tests.api.conftest import Program
from tests.faults.conftest import SAID, complaint_of, program_of, told
from tests.faults.test_hostile_text import HOSTILE, SCRIPT
from tests.firms import Firm

UNREADABLE = ("nul", "half a character", "no character", "control")
each_text = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def address_in_api(complaint: Complaint) -> str:
    return f"/complaints/{opaque('complaint', complaint.pk)}"


def is_problem_or_kept(answer: Any) -> bool:
    if answer.status_code < 300:
        return True
    return answer.status_code < 500 and answer["Content-Type"] == "application/problem+json"


@each_text
def test_no_member_of_a_new_record_breaks_or_lets_through_what_no_text_may_hold(carbide: Firm, text: str) -> None:
    program, party = program_of(carbide), carbide.customer()
    fields = registry.record_type("complaint").opening_action.form.base_fields  # type: ignore[union-attr]

    answers = {name: program.post("/complaints", {**SAID, "party": party.number, name: text}) for name in fields}

    assert {name: each.status_code for name, each in answers.items() if not is_problem_or_kept(each)} == {}
    for kept in Complaint.objects.all():
        said = program.get(address_in_api(kept)).json()
        assert not any(letter in str(said) for letter in "\0\ud800\uffff\x01\x08\x1b")


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_no_screen_shows_is_refused_wherever_it_stands(carbide: Firm, what: str) -> None:
    program, text = program_of(carbide), HOSTILE[what]
    party = carbide.customer()

    for body in (
        {**SAID, "party": party.number, "what_happened": text},
        {**SAID, "party": text},
        {**SAID, "party": party.number, "struck_through": {"demand": text}},
        {**SAID, "party": party.number, "struck_through": {text: "不适用"}},
        {**SAID, "party": party.number, text: "x"},
    ):
        answer = program.post("/complaints", body)
        assert answer.status_code in (400, 422), body
        told(answer, answer.status_code, "unreadable" if answer.status_code == 400 else "validation")
    assert not Complaint.objects.exists()


@each_text
def test_no_action_breaks_on_what_it_is_sent(carbide: Firm, text: str) -> None:
    complaint = complaint_of(carbide)
    program = program_of(carbide)
    record_type = registry.record_type("complaint")
    entries = Entry.objects.filter(record_id=complaint.pk).count()

    answers = {}
    for name, action in record_type.all_actions.items():
        if not action.is_opening and name not in ("comment", "attach"):
            fields = action.form.base_fields if action.form else {}
            said = {"occurred_at": text, "password": text, **dict.fromkeys(fields, text)}
            answers[name] = program.post(f"{address_in_api(complaint)}/actions/{name}", said, If_Match='"1"')

    assert {name: each.status_code for name, each in answers.items() if not is_problem_or_kept(each)} == {}
    assert Entry.objects.filter(record_id=complaint.pk).count() == entries


@each_text
def test_no_customer_breaks_on_what_it_is_called(carbide: Firm, text: str) -> None:
    program = program_of(carbide)
    names = ("number", "name", "address", "postcode", "phone", "email", "distance_km", "responsible", "role", "market")

    answers = {name: program.post("/customers", {"name": "甲", name: text}) for name in names}
    answers |= {f"contact {name}": _contact(program, {"name": "陈工", name: text}) for name in ("name", "phone")}

    assert {name: each.status_code for name, each in answers.items() if not is_problem_or_kept(each)} == {}
    assert not any(letter in party.name for party in Party.objects.all() for letter in "\0\uffff\x01\x1b")


def _contact(program: Program, said: dict[str, str]) -> Any:
    url = program.post("/customers", {"name": "乙"})["Location"]
    return program.post(f"{url.removeprefix('/api/v1')}/contacts", said)


def test_a_script_in_every_name_is_data_and_is_answered_as_data(carbide: Firm) -> None:
    seller = carbide["sales_officer"]
    seller.name = f"李{SCRIPT}"
    seller.save()
    complaint = complaint_of(
        carbide,
        party=carbide.customer(name=f"厂{SCRIPT}"),
        product=carbide.product(name=f"棒{SCRIPT}"),
        **dict.fromkeys(("what_happened", "contact_name", "product_name", "specification", "demand"), SCRIPT),
    )
    COMMENT(complaint, by=seller, text=SCRIPT)
    program = program_of(carbide)
    record = address_in_api(complaint)
    parts = ("", "/history", "/comments", "/sign-offs", "/obligations", "/attachments")

    answers = [program.get(f"{record}{part}") for part in parts]
    answers += [program.get(f"/{name}") for name in ("complaints", "customers", "products", "employees", "me")]
    answers += [program.get("/complaints", party=SCRIPT), program.get("/search", q=SCRIPT), program.get(f"/{SCRIPT}")]
    answers += [program.post(f"{record}/actions/comment", {"text": SCRIPT, SCRIPT: 1})]

    for answer in answers:
        assert answer["Content-Type"].partition(";")[0] in ("application/json", "application/problem+json")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answers[2].json()[0]["text"] == SCRIPT


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a"\r\nSet-Cookie: x=1; .txt', 'a"Set-Cookie: x=1; .txt'),
        ("发票\u202etxt.txt", "发票txt.txt"),
        (f"{SCRIPT.replace('/', '')}.txt", f"{SCRIPT.replace('/', '')}.txt"),
    ],
    ids=["climbing", "second header", "turned around", "script"],
)
def test_a_strange_file_name_comes_back_plain_and_in_one_header(carbide: Firm, name: str, kept_as: str) -> None:
    program, complaint = program_of(carbide), complaint_of(carbide)
    file = {"kind": "other", "file_name": name, "content": base64.b64encode(b"x").decode()}

    sent = program.post(f"{address_in_api(complaint)}/actions/attach", {"attachments": [file]})
    (kept,) = program.get(f"{address_in_api(complaint)}/attachments").json()
    given = program.client.get(kept["url"])

    assert (sent.status_code, kept["file_name"]) == (200, kept_as)
    assert given["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in given["Content-Disposition"]
    assert "Set-Cookie" not in given.headers
