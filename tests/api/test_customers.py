"""What an ERP system needs: to bring in customers and products, keep them right, and find them again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from luyue.ledger import verification
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.products.models import Product
from tests.api.conftest import Program, said_about
from tests.faults.conftest import told
from tests.firms import Firm

SOUTH: dict[str, Any] = {
    "number": "K-100",
    "name": "华南刀具",
    "market": "overseas",
    "phone": "0755-1",
    "distance_km": "12.5",
}
ROD: dict[str, Any] = {
    "number": "YG8-06",
    "name": "硬质合金棒材",
    "specification": "φ6×330",
    "unit": "支",
    "category": "棒材",
}


def patch(program: Program, url: str, body: Any, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.client.patch(url, body, content_type="application/json", headers=named)


def test_a_customer_is_entered_found_and_named_in_a_complaint(mingxing: Firm, clerk: Program) -> None:
    people = {each["name"]: each["id"] for each in clerk.get("/employees").json()["items"]}
    responsible = people[mingxing["manager"].name]

    entered = clerk.post("/customers", SOUTH | {"responsible": responsible})
    said = clerk.client.get(entered["Location"]).json()
    complaint = clerk.post("/complaints", said_about(Party.objects.get(number="K-100")))

    assert entered.status_code == 201
    assert {name: said[name] for name in SOUTH} == SOUTH
    assert (said["role"], said["version"], said["contacts"]) == ("customer", 1, [])
    assert said["responsible"] == {"id": responsible, "name": mingxing["manager"].name}
    for query in ({"number": "K-100"}, {"name": "华南刀具"}, {"q": "刀"}, {"q": "k-1"}, {"market": "overseas"}):
        assert [each["id"] for each in clerk.get("/customers", **query).json()["items"]] == [said["id"]]
    assert clerk.get("/customers", market="domestic").json()["items"] == []
    assert complaint.status_code == 201


def test_a_product_is_entered_changed_and_keeps_its_history(mingxing: Firm, clerk: Program) -> None:
    url = clerk.post("/products", ROD)["Location"]

    changed = patch(clerk, url, {"unit": "kg", "category": None}, If_Match='"1"')
    late = patch(clerk, url, {"unit": "t"}, If_Match='"1"')
    history = clerk.client.get(f"{url}/history").json()

    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert {name: changed.json()[name] for name in ROD} == ROD | {"unit": "kg", "category": ""}
    assert "Unit: 支 → kg" in told(late, 412, "changed-meanwhile")["detail"]
    assert [(each["action"], each["by"]["name"]) for each in history] == [
        ("enter", mingxing["clerk"].name),
        ("change", mingxing["clerk"].name),
    ]
    assert history[1]["changes"][0] == {"field": "unit", "label": "Unit", "before": "支", "after": "kg"}
    assert history[1]["previous_hash"] == history[0]["hash"]
    assert [finding.sentence for finding in verification.verify(mingxing.company).findings] == []


def test_what_is_not_said_stays_as_it_is(clerk: Program) -> None:
    url = clerk.post("/customers", SOUTH)["Location"]

    patch(clerk, url, {"phone": "0755-2"})
    nothing = patch(clerk, url, {})

    said = clerk.client.get(url).json()
    assert {name: said[name] for name in SOUTH} == SOUTH | {"phone": "0755-2"}
    assert (nothing.status_code, said["version"]) == (200, 2)
    assert Entry.objects.filter(action="customers.change").count() == 1


def test_a_contact_is_noted(clerk: Program) -> None:
    url = clerk.post("/customers", SOUTH)["Location"]

    noted = clerk.client.post(f"{url}/contacts", {"name": "陈工", "phone": "138"}, content_type="application/json")

    contact = {"name": "陈工", "title": "", "phone": "138", "email": ""}
    assert (noted.status_code, noted.json()) == (201, contact)
    assert clerk.client.get(url).json()["contacts"] == [contact]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "裂" * 201}, "name"),
        ({"number": 7}, "number"),
        ({"market": "moon"}, "market"),
        ({"email": "x"}, "email"),
        ({"distance_km": "1e9"}, "distance_km"),
        ({"distance_km": -1}, "distance_km"),
        ({"responsible": "aaaaaaaaaaaaa"}, "responsible"),
        ({"version": 2}, "version"),
        ({"company": "huarui"}, "company"),
        ({"name": "a\ufffdb"}, "name"),
    ],
)
def test_what_the_page_would_not_take_is_422(clerk: Program, wrong: dict[str, Any], field: str) -> None:
    url = clerk.post("/customers", SOUTH)["Location"]

    for answer in (clerk.post("/customers", SOUTH | {"number": "K-200"} | wrong), patch(clerk, url, wrong)):
        assert field in [error["field"] for error in told(answer, 422, "validation")["errors"]]
    assert (Party.objects.count(), Party.objects.get().version) == (1, 1)


def test_a_number_is_given_once(clerk: Program) -> None:
    first, second = clerk.post("/customers", SOUTH), clerk.post("/customers", {"name": "华北刀具"})
    taken = clerk.post("/customers", SOUTH)

    assert [error["field"] for error in told(taken, 422, "validation")["errors"]] == ["number"]
    stolen = patch(clerk, second["Location"], {"number": "K-100"})
    assert [error["field"] for error in told(stolen, 422, "validation")["errors"]] == ["number"]
    assert (first.json()["number"], second.json()["number"]) == ("K-100", "C0001")


def test_a_file_of_another_company_is_not_found(mingxing: Firm, huarui: Firm, clerk: Program) -> None:
    stranger = Program(huarui["clerk"])
    foreign = stranger.post("/customers", SOUTH)["Location"]

    told(clerk.client.get(foreign), 404, "not-found")
    told(patch(clerk, foreign, {"phone": "1"}), 404, "not-found")
    told(clerk.client.get(f"{foreign}/history"), 404, "not-found")
    assert clerk.get("/customers").json()["items"] == []
    assert clerk.post("/customers", SOUTH).status_code == 201


def test_all_of_them_are_found_page_by_page(clerk: Program) -> None:
    numbers = [clerk.post("/products", ROD | {"number": f"P{place}"}).json()["number"] for place in range(5)]

    found, after = [], ""
    while after is not None:
        page = clerk.get("/products", limit=2, **({"after": after} if after else {})).json()
        found, after = [*found, *(each["number"] for each in page["items"])], page["next"]

    assert found == numbers
    assert clerk.get("/products", colour="red").status_code == 422
    assert clerk.get("/products", after="x").status_code == 422


def test_a_customer_sent_twice_with_one_key_is_entered_once(clerk: Program) -> None:
    first = clerk.post("/customers", {"name": "华南刀具"}, Idempotency_Key="erp-1")
    second = clerk.post("/customers", {"name": "华南刀具"}, Idempotency_Key="erp-1")

    assert (second.json(), second["Idempotent-Replayed"]) == (first.json(), "true")
    assert Party.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_with_if_match_one_is_told(request: pytest.FixtureRequest) -> None:
    firm: Firm = request.getfixturevalue("mingxing")
    programs = [Program(firm["clerk"]) for _each in range(2)]
    url = programs[0].post("/products", ROD)["Location"]
    together = threading.Barrier(2)
    answers: list[Any] = []

    def call(program: Program, unit: str) -> None:
        together.wait()
        answers.append(patch(program, url, {"unit": unit}, If_Match='"1"'))
        connections.close_all()

    threads = [threading.Thread(target=call, args=pair) for pair in zip(programs, ("kg", "t"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert Product.objects.get().version == 2
