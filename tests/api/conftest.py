"""A company with its people, and programs that call the API in the name of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from luyue.api.addresses import opaque
from luyue.api.tokens import issue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.organization.clock import now
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

COMPANY = """\
company: mingxing
name: {zh-hans: 明兴机械, en: Mingxing}
short_name: {zh-hans: 明兴}
departments:
  - {code: sales, name: {zh-hans: 销售部, en: Sales}}
  - {code: gate, name: {zh-hans: 门卫, en: Gate}}
positions:
  - {code: clerk, name: {zh-hans: 业务员, en: Clerk}, department: sales}
  - {code: manager, name: {zh-hans: 经理, en: Manager}, department: sales}
  - {code: guard, name: {zh-hans: 保安, en: Guard}, department: gate}
powers:
  comment: [{department: sales}]
  attach: [{department: sales}]
  correct: [{position: manager}]
  void: [{position: manager}]
"""
PROCEDURE = """\
procedure: QM-10
title: {zh-hans: 投诉处理程序, en: Complaints}
edition: "1"
effective: 2024-01-02
prepared: {position: manager}
approved: {position: manager}
clauses:
  - number: "1"
    text: {zh-hans: 业务员登记并分类。}
    controls:
      - role: {actions: [complaint.register, complaint.classify, complaint.confirm_facts], may: {position: clerk}}
      - role:
          actions: [complaint.determine_responsibility, complaint.propose_remedy, improvement.raise_improvement]
          may: {department: sales}
      - role: {actions: [complaint.decide_remedy, complaint.forward], may: {position: manager}}
      - required_fields: {action: complaint.register, fields: [contact_name], may_be_struck_through: true}
  - number: "2"
    text: {zh-hans: 两天内分类。}
    controls:
      - time_limit:
          name: classify-soon
          starts: [complaint.register]
          stops: [complaint.classify]
          within: 2d
          owner: {person: owner}
  - number: "3"
    text: {zh-hans: 处理方案由经理签字。}
    controls:
      - sign_off:
          name: consent
          before: complaint.decide_remedy
          after: [complaint.propose_remedy]
          mode: all
          meaning: approved
          signers: [{position: manager}]
  - number: "4"
    text: {zh-hans: 投诉只给销售部看。}
    controls:
      - confidentiality: {record: complaint, readers: [{department: sales}]}
"""
LAST_DAY = date(2099, 12, 31)

Answer = Any


class Program:
    """Calls the API with the token of one employee."""

    def __init__(self, employee: Employee) -> None:
        self.token, self.secret = issue(employee, name="ERP", by=None, at=now(), expires_on=LAST_DAY)
        self.client = Client(
            raise_request_exception=True, headers={"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}
        )

    def get(self, address: str, **query: Any) -> Answer:
        return self.client.get(f"/api/v1{address}", query or None)

    def post(self, address: str, body: Any, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{address}", body, content_type="application/json", headers=named)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def mingxing(db: None, tmp_path: Path) -> Firm:
    """A small firm: a clerk takes complaints down, the manager decides, the guard sees none of them."""
    return _firm(tmp_path, "mingxing")


@pytest.fixture
def huarui(db: None, tmp_path: Path) -> Firm:
    """Another firm with the same procedure."""
    return _firm(tmp_path, "huarui")


def _firm(folder: Path, code: str) -> Firm:
    home = folder / code
    home.mkdir()
    (home / "company.yaml").write_text(COMPANY.replace("mingxing", code), encoding="utf-8")
    (home / "qm-10.yaml").write_text(PROCEDURE, encoding="utf-8")
    return Firm(read_profile(home))


@pytest.fixture
def clerk(mingxing: Firm) -> Program:
    return Program(mingxing["clerk"])


@pytest.fixture
def manager(mingxing: Firm) -> Program:
    return Program(mingxing["manager"])


@pytest.fixture
def guard(mingxing: Firm) -> Program:
    return Program(mingxing["guard"])


@pytest.fixture
def customer(mingxing: Firm) -> Party:
    return mingxing.customer()


def registered(firm: Firm, customer: Party, words: str = "棒材端面崩刃") -> Complaint:
    return complaint_is.register(
        Complaint(),
        by=firm["clerk"],
        party=customer,
        channel=Channel.PHONE,
        what_happened=words,
        contact_name="周工",
    )


def said_about(customer: Party, **more: Any) -> dict[str, Any]:
    """What a program sends to register a complaint."""
    return {
        "party": customer.number,
        "what_happened": "棒材端面崩刃,整批 12 支有裂纹。",
        "contact_name": "周工",
        **more,
    }


def address_of(complaint: Complaint) -> str:
    return f"/complaints/{opaque('complaint', complaint.pk)}"
