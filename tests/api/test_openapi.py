"""The description is true: whatever it allows is answered as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from luyue.parties.models import Party
from luyue.records.registry import record_types
from tests.api.conftest import Program, address_of, registered, said_about
from tests.firms import Firm

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
EXAMPLES = 4
DEEDS = ("comment", "attach", "sign", "correct", "forward", "send_to_site", "propose_remedy", "appraise_service")
"""Between them, and with opening, they ask every kind of field."""


def _description(program: Program) -> Any:
    answer = program.get("/openapi.json")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_every_register_and_every_action_is_described(clerk: Program) -> None:
    described = {(method, path) for path, operations in _description(clerk)["paths"].items() for method in operations}

    expected = {("get", f"/api/v1/{name}") for name in ("obligations", "conformity", "search", "openapi.json", "me")}
    for name in ("customers", "products"):
        expected |= {("get", f"/api/v1/{name}"), ("post", f"/api/v1/{name}"), ("patch", f"/api/v1/{name}/{{id}}")}
    for each in record_types():
        address = f"/api/v1/{each.slug}"
        expected |= {("get", address), ("post", address), ("get", f"{address}/{{id}}")}
        expected |= {("get", f"{address}/{{id}}/{part}") for part in ("history", "comments", "sign-offs", "signatures")}
        expected |= {(method, f"{address}/{{id}}/attachments") for method in ("get", "post")}
        expected |= {
            ("post", f"{address}/{{id}}/actions/{name}")
            for name, action in each.all_actions.items()
            if not action.is_opening
        }
    assert expected <= described


def test_fields_are_described_as_the_forms_check_them(clerk: Program) -> None:
    described = _description(clerk)["paths"]["/api/v1/complaints"]["post"]
    body = described["requestBody"]["content"]["application/json"]["schema"]
    fields = body["properties"]

    Draft202012Validator.check_schema(body)
    assert set(body["required"]) == {"party", "what_happened"}
    assert body["additionalProperties"] is False
    assert fields["channel"]["enum"][:2] == ["phone", "letter"]
    assert fields["channel"]["default"] == "phone"
    assert fields["contact_name"]["maxLength"] == 120
    assert fields["written"]["type"] == "boolean"
    assert fields["delivered_on"] | {"title": ""} == {"type": ["string", "null"], "format": "date", "title": ""}
    assert fields["attachments"]["items"]["properties"]["kind"]["enum"][0] == "original"
    assert set(described["responses"]) == {
        "201", "400", "401", "403", "404", "409", "412", "413", "415", "422",
    }  # fmt: skip
    assert all(
        "application/problem+json" in response["content"]
        for status, response in described["responses"].items()
        if status >= "400"
    )


bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def in_one_transaction() -> Iterator[None]:
    """Requests stay inside the test's own transaction, as Django's test client keeps them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def lively(mingxing: Firm, clerk: Program, customer: Party) -> dict[str, str]:
    """A small company with a complaint and an improvement under way; for each kind of address an id that is there."""
    address = address_of(registered(mingxing, customer))
    clerk.post("/improvements", {"problem": "炉温偏高"})
    found = {name: clerk.get(f"/{name}").json()["items"] for name in ("complaints", "improvements", "obligations")}
    found |= {name: clerk.get(f"/{name}").json()["items"] for name in ("customers",)}
    found["products"] = [clerk.post("/products", {"number": "P1", "name": "棒材"}).json()]
    assert found["complaints"][0]["url"] == f"/api/v1{address}"
    return {name: items[0]["id"] for name, items in found.items()}


def test_whatever_the_description_allows_is_answered_as_it_says(
    lively: dict[str, str], clerk: Program, customer: Party
) -> None:
    schema = schemathesis.openapi.from_dict(_description(clerk))
    schema.app = WSGIHandler()

    statuses = set()

    def call(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {clerk.secret}"})
        case.validate_response(response, checks=CHECKS)
        statuses.add(response.status_code)

    def answer(case: Any) -> None:
        call(case)
        if "id" in case.path_parameters:
            case.path_parameters["id"] = lively[case.path.split("/")[3]]
            call(case)
        if case.path == "/api/v1/complaints" and case.method == "POST":
            case.headers, case.body = {}, said_about(customer) | {"what_happened": case.body["what_happened"]}
            call(case)

    with in_one_transaction():
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.method == "get" or operation.path in _tried():
                bounded(given(case=operation.as_strategy())(answer))()
    assert {200, 201, 404, 422} <= statuses


def _tried() -> set[str]:
    entered = {f"/api/v1/{name}" for name in ("complaints", "customers", "products")}
    changed = {"/api/v1/complaints/{id}/attachments", "/api/v1/customers/{id}", "/api/v1/products/{id}"}
    return entered | changed | {f"/api/v1/complaints/{{id}}/actions/{name}" for name in DEEDS}
