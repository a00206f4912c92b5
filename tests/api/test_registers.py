from __future__ import annotations

import base64
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luyue.complaints.models import Complaint
from luyue.improvement.models import Improvement
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.records.linking import link
from luyue.records.models import Denial, Link
from tests.api.conftest import Program, address_of, registered, said_about
from tests.firms import PASSWORD, Firm

LISTS = ["/complaints", "/search?q=裂纹", "/obligations", "/obligations?status=running", "/employees"]
CLASSIFIED = {"cause_class": "quality", "subject": "packaging", "severity": "minor"}


def test_a_complaint_is_registered_and_read_back(mingxing: Firm, clerk: Program, customer: Party) -> None:
    body = said_about(customer, quantity="200.5", delivered_on="2026-02-20", written=True)

    opened = clerk.post("/complaints", body)

    assert opened.status_code == 201
    receipt = opened.json()
    found = clerk.client.get(opened["Location"])
    said = found.json()
    assert (opened["ETag"], found["ETag"].partition(".")[0]) == ('"1"', '"1')
    assert (said["number"], said["state"], said["url"]) == (receipt["number"], "registered", opened["Location"])
    assert said["party"] == {"number": customer.number, "name": customer.name}
    assert {name: said["fields"][name] for name in ("quantity", "delivered_on", "written", "channel")} == {
        "quantity": "200.500",
        "delivered_on": "2026-02-20",
        "written": True,
        "channel": "phone",
    }
    assert "棒材端面崩刃".encode() in found.content
    assert Complaint.objects.get().quantity == Decimal("200.5")


def test_an_action_that_the_positions_do_not_allow_is_403_and_remembered(
    mingxing: Firm, guard: Program, customer: Party
) -> None:
    refused = guard.post("/complaints", said_about(customer))

    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    said = refused.json()
    assert said["type"] == "urn:luyue:problem:forbidden"
    assert [(no["code"], no["procedure"], no["clause"]) for no in said["refusals"]] == [("role", "QM-10", "1")]
    assert not Complaint.objects.exists()
    assert Denial.objects.get().employee == mingxing["guard"]


def test_a_denied_attempt_with_a_key_is_remembered_too(mingxing: Firm, guard: Program, customer: Party) -> None:
    assert guard.post("/complaints", said_about(customer), Idempotency_Key="1").status_code == 403

    assert Denial.objects.get().employee == mingxing["guard"]


def test_an_action_out_of_turn_is_409_with_its_reason(mingxing: Firm, manager: Program, customer: Party) -> None:
    complaint = registered(mingxing, customer)

    refused = manager.post(f"{address_of(complaint)}/actions/decide_remedy", {})

    assert refused.status_code == 409
    assert [no["code"] for no in refused.json()["refusals"]] == ["state"]
    assert not Entry.objects.filter(action="complaint.decide_remedy").exists()


def test_what_the_edition_requires_is_422_with_the_field_and_the_clause(
    mingxing: Firm, clerk: Program, customer: Party
) -> None:
    missing = clerk.post("/complaints", said_about(customer, contact_name=""))
    struck = clerk.post("/complaints", said_about(customer, contact_name="", struck_through={"contact_name": "匿名"}))

    assert missing.status_code == 422
    assert missing.json()["errors"] == [{"field": "contact_name", "message": "This is to be filled in."}]
    assert missing.json()["refusals"][0]["clause"] == "1"
    assert struck.status_code == 201


def test_the_form_says_the_same_to_a_program_as_to_a_person(mingxing: Firm, clerk: Program, customer: Party) -> None:
    wrong = {
        "party": "nobody",
        "channel": "smoke",
        "what_happened": " ",
        "quantity": "-1",
        "delivered_on": "1066-10-14",
    }
    page = Client(headers={"Accept-Language": "en"})
    page.force_login(mingxing["clerk"].account)

    by_program = clerk.post("/complaints", wrong)
    by_person = page.post("/r/complaints/new/", wrong | {"written": "no", "kind": "complaint"})

    errors = {name: list(sentences) for name, sentences in by_person.context["form"].errors.items()}
    assert (by_program.status_code, by_person.status_code) == (422, 422)
    assert set(errors) == {"party", "channel", "what_happened", "quantity", "delivered_on"}
    assert by_program.json()["errors"] == [
        {"field": name, "message": sentence} for name, sentences in errors.items() for sentence in sentences
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"party": 7}, "party"),
        ({"written": "perhaps"}, "written"),
        ({"what_happened": ["裂纹"]}, "what_happened"),
        ({"struck_through": {"contact_name": 1}}, "struck_through"),
        ({"attachments": {}}, "attachments"),
        ({"attachments": [{"kind": "photo", "file_name": "a.png", "content": "%"}]}, "attachments.0"),
        ({"attachments": [{"kind": "poem", "file_name": "a.png", "content": "aGk="}]}, "attachments.0"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "occurred_at"),
    ],
)
def test_what_the_page_could_never_send_is_422(
    clerk: Program, customer: Party, wrong: dict[str, object], field: str
) -> None:
    refused = clerk.post("/complaints", said_about(customer) | wrong)

    assert refused.status_code == 422
    assert field in [error["field"] for error in refused.json()["errors"]]
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"[]", b"{", b"\xff", b'{"a": NaN}', b'{"what_happened": "\\u0000"}', b'{"a": "\\ud800"}', b"[" * 99999],
)
def test_a_body_that_is_no_json_object_is_400(clerk: Program, content: bytes) -> None:
    refused = clerk.client.generic("POST", "/api/v1/complaints", content, content_type="application/json")

    assert (refused.status_code, refused.json()["type"]) == (400, "urn:luyue:problem:unreadable")


def test_a_body_of_another_kind_is_415(clerk: Program) -> None:
    assert clerk.client.post("/api/v1/complaints", {"party": "K1"}).status_code == 415


def test_a_body_of_more_than_thirty_megabytes_is_413(clerk: Program) -> None:
    content = b'{"what_happened": "' + b"x" * (30 * 1024 * 1024) + b'"}'

    refused = clerk.client.generic("POST", "/api/v1/complaints", content, content_type="application/json")

    assert (refused.status_code, refused.json()["type"]) == (413, "urn:luyue:problem:too-large")


def test_files_come_with_any_action(mingxing: Firm, clerk: Program, customer: Party) -> None:
    content = base64.b64encode(b"%PDF-1.7 ...").decode()
    body = said_about(customer, attachments=[{"kind": "original", "file_name": "来函.pdf", "content": content}])

    opened = clerk.post("/complaints", body)
    lying = clerk.post(
        "/complaints",
        said_about(customer, attachments=[{"kind": "photo", "file_name": "来函.png", "content": content}]),
    )

    files = clerk.client.get(opened["Location"]).json()["attachments"]
    assert [(file["file_name"], file["content_type"], file["size"]) for file in files] == [
        ("来函.pdf", "application/pdf", 12)
    ]
    assert (lying.status_code, lying.json()["refusals"][0]["code"]) == (422, "attachment")


def test_backdating_is_kept_apart_from_entering(mingxing: Firm, clerk: Program, customer: Party) -> None:
    opened = clerk.post("/complaints", said_about(customer, occurred_at="2026-03-02T10:00:00"))

    said = clerk.client.get(opened["Location"]).json()
    assert said["opened_at"] == "2026-03-02T02:00:00Z"
    assert said["entered_at"] > "2026-11"


def test_a_record_says_what_is_open_to_me_and_why_the_rest_is_not(
    mingxing: Firm, clerk: Program, manager: Program, customer: Party
) -> None:
    complaint = registered(mingxing, customer)

    actions = {each["name"]: each for each in clerk.get(address_of(complaint)).json()["actions"]}
    for_the_manager = {each["name"]: each for each in manager.get(address_of(complaint)).json()["actions"]}

    assert (actions["classify"]["is_open"], actions["classify"]["refusals"]) == (True, [])
    assert "register" not in actions
    assert for_the_manager["classify"]["refusals"] == [
        {
            "code": "role",
            "sentence": "Only Clerk may do this.",
            "procedure": "QM-10",
            "clause": "1",
            "control": "QM-10/1/role-1",
        }
    ]


def test_a_signature_needs_the_password(mingxing: Firm, clerk: Program, manager: Program, customer: Party) -> None:
    address = address_of(registered(mingxing, customer))
    clerk.post(f"{address}/actions/classify", CLASSIFIED)
    clerk.post(
        f"{address}/actions/determine_responsibility",
        {"cause": "炉温", "responsibility": "ours", "responsible_department": "sales"},
    )
    proposed = clerk.post(f"{address}/actions/propose_remedy", {"remedy": "exchange", "remedy_detail": "换货"})
    assert proposed.status_code == 200, proposed.content.decode()

    bare = manager.post(f"{address}/actions/sign", {"decision": "agreed"})
    signed = manager.post(f"{address}/actions/sign", {"decision": "agreed", "password": PASSWORD})
    decided = manager.post(f"{address}/actions/decide_remedy", {})

    assert (bare.status_code, bare.json()["errors"][0]["field"]) == (422, "password")
    assert (signed.status_code, decided.status_code) == (200, 200)


def test_people_and_departments_are_named_by_id_and_code(
    mingxing: Firm, huarui: Firm, clerk: Program, manager: Program, customer: Party
) -> None:
    people = {each["name"]: each["id"] for each in manager.get("/employees").json()["items"]}
    stranger = Program(huarui["clerk"]).get("/employees").json()["items"][0]["id"]
    departments = manager.get("/departments").json()
    address = f"{address_of(registered(mingxing, customer))}/actions/forward"

    foreign = manager.post(address, {"to_department": "sales", "to_person": stranger})
    forwarded = manager.post(address, {"to_department": "sales", "to_person": people["经理"]})

    assert [each["code"] for each in departments] == ["gate", "sales"]
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "to_person")
    assert forwarded.status_code == 200
    assert Complaint.objects.get().owner == mingxing["manager"]
    found = clerk.get("/complaints", owner=people["经理"]).json()["items"]
    assert [each["owner"]["id"] for each in found] == [people["经理"]]
    assert clerk.get("/complaints", department="sales", owner=people["保安"]).json()["items"] == []


class TestVersions:
    def test_who_has_read_an_older_version_is_told(self, mingxing: Firm, clerk: Program, customer: Party) -> None:
        address = address_of(registered(mingxing, customer))
        read = clerk.get(address)["ETag"]
        first = clerk.post(f"{address}/actions/classify", CLASSIFIED, If_Match=read)

        second = clerk.post(f"{address}/actions/classify", CLASSIFIED | {"severity": "major"}, If_Match=read)
        third = clerk.post(f"{address}/actions/classify", CLASSIFIED | {"severity": "major"}, If_Match=first["ETag"])

        assert (first.status_code, first["ETag"]) == (200, '"2"')
        assert (second.status_code, second.json()["refusals"][0]["code"]) == (412, "changed_meanwhile")
        assert (third.status_code, third["ETag"]) == (200, '"3"')

    @pytest.mark.parametrize("nonsense", ['W/"1"', "1", '"x"'])
    def test_a_tag_that_was_never_given_matches_nothing(
        self, mingxing: Firm, clerk: Program, customer: Party, nonsense: str
    ) -> None:
        address = address_of(registered(mingxing, customer))

        assert clerk.post(f"{address}/actions/classify", CLASSIFIED, If_Match=nonsense).status_code == 412
        assert clerk.post(f"{address}/actions/classify", CLASSIFIED, If_Match="*").status_code == 200


class TestObligations:
    def test_what_is_owed_comes_by_due_time_and_what_was_by_status(
        self, mingxing: Firm, clerk: Program, manager: Program, customer: Party
    ) -> None:
        with mingxing.at("2026-03-02 10:00"):
            early = registered(mingxing, customer)
        with mingxing.at("2026-03-04 10:00"):
            late = registered(mingxing, customer)
        with mingxing.at("2026-03-04 11:00"):
            clerk.post(f"{address_of(early)}/actions/classify", CLASSIFIED)

            def found(program: Program, **query: object) -> list[tuple[str, str]]:
                items = program.get("/obligations", **query).json()["items"]
                return [(each["record"]["number"], each["status"]) for each in items]

            assert found(clerk) == [(late.number, "running")]
            assert (found(clerk, mine="true"), found(manager, mine="true")) == ([(late.number, "running")], [])
            assert found(clerk, status=["kept", "running"]) == [(late.number, "running"), (early.number, "kept")]
            assert found(clerk, due_before="2026-03-07T00:00:00") == []
            assert found(clerk, due_before="2026-03-07T00:01:00+08:00") == [(late.number, "running")]
            assert found(clerk, procedure="QM-10", clause="1") == []


class TestLists:
    def test_filters_are_those_of_the_register(self, mingxing: Firm, clerk: Program, customer: Party) -> None:
        first, second = registered(mingxing, customer, "漏油"), registered(mingxing, customer, "异响")
        clerk.post(f"{address_of(second)}/actions/classify", CLASSIFIED)

        def found(**query: object) -> list[str]:
            answer = clerk.get("/complaints", **query)
            assert answer.status_code == 200, answer.content.decode()
            return [each["number"] for each in answer.json()["items"]]

        assert found() == [second.number, first.number]
        assert found(sort="opened_at") == [first.number, second.number]
        assert found(number=first.number) == [first.number]
        assert found(severity=["minor", "major"]) == [second.number]
        assert found(state="registered") == [first.number]
        assert found(q="漏油") == [first.number]
        assert found(party=customer.number, view="mine") == [second.number, first.number]
        assert found(opened_at_to="2020-01-01") == []
        assert found(disputed="unknown") == [second.number, first.number]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"colour": "red"}, "colour"),
            ({"severity": "purple"}, "severity"),
            ({"party": "nobody"}, "party"),
            ({"owner": "aaaaaaaaaaaaa"}, "owner"),
            ({"limit": "0"}, "limit"),
            ({"limit": "201"}, "limit"),
            ({"after": "x"}, "after"),
            ({"view": "mine'"}, "view"),
            ({"number": "a\0b"}, "number"),
            ({"opened_at_from": "0001-01-01"}, "opened_at_from"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_not_left_aside(
        self, clerk: Program, query: dict[str, str], field: str
    ) -> None:
        refused = clerk.get("/complaints", **query)

        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == [field]

    @pytest.mark.parametrize("address", LISTS)
    def test_pages_follow_one_another_without_gap_or_overlap(
        self, mingxing: Firm, clerk: Program, customer: Party, address: str
    ) -> None:
        for _each in range(3):
            registered(mingxing, customer, "裂纹")
        joint = "&" if "?" in address else "?"

        whole = clerk.get(f"{address}{joint}limit=200").json()
        pages, after = [], ""
        while after is not None:
            page = clerk.get(f"{address}{joint}limit=2&after={after}").json()
            pages += page["items"]
            after = page["next"]

        assert len(whole["items"]) == 3
        assert pages == whole["items"]

    @pytest.mark.parametrize("address", LISTS)
    def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(
        self, mingxing: Firm, clerk: Program, customer: Party, address: str
    ) -> None:
        registered(mingxing, customer, "裂纹")
        clerk.get(address)
        with CaptureQueriesContext(
            connection,
        ) as one:
            assert clerk.get(address).status_code == 200
        for _each in range(29):
            registered(mingxing, customer, "裂纹")

        with CaptureQueriesContext(connection) as thirty:
            assert clerk.get(address).status_code == 200

        assert len(thirty) == len(one)


def test_a_record_with_much_behind_it_asks_the_database_no_more_often(
    mingxing: Firm, clerk: Program, customer: Party
) -> None:
    address = address_of(registered(mingxing, customer))
    content = base64.b64encode(b"%PDF-1.7 ...").decode()

    def add_to_it() -> None:
        file = {"kind": "original", "file_name": "来函.pdf", "content": content}
        assert clerk.post(f"{address}/actions/attach", {"attachments": [file]}).status_code == 200
        raised = clerk.post("/improvements", {"problem": "炉温偏高"}).json()
        link(Complaint.objects.get(), Improvement.objects.get(number=raised["number"]), Link.Kind.RAISED)

    add_to_it()
    clerk.get(address)
    with CaptureQueriesContext(connection) as one:
        assert len(clerk.get(address).json()["links"]) == 1
    for _each in range(5):
        add_to_it()

    with CaptureQueriesContext(connection) as many:
        said = clerk.get(address).json()

    assert (len(said["links"]), len(said["attachments"])) == (6, 6)
    assert len(many) == len(one)


def test_an_improvement_is_raised_with_its_own_words(mingxing: Firm, clerk: Program) -> None:
    raised = clerk.post("/improvements", {"problem": "烧结炉温偏高"})

    assert raised.status_code == 201
    said = clerk.client.get(raised["Location"]).json()
    assert (said["fields"]["kind"], said["fields"]["whys"], said["children"]) == ("corrective", [], {"measures": []})
    assert Improvement.objects.get().number == said["number"]
