"""A small procedure, a small company and a small vocabulary, for the tests of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping

from luyue.rulebook.checking import CompanyWords, check_documents
from luyue.rulebook.loading import read_document
from luyue.rulebook.problems import Findings
from luyue.rulebook.vocabulary import FactName, RecordWords, Vocabulary

HEAD = """\
procedure: QM-10
title: {zh-hans: 客户投诉处理程序, zh-hant: 客戶投訴處理程序, en: Complaint procedure}
edition: "1"
effective: 2026-01-01
prepared: {position: sales_manager}
reviewed: {position: quality_manager}
approved: {position: general_manager}
clauses:
"""

REPLY = """\
  - number: "3.1"
    text: {zh-hans: 品管部须在 24 小时内确认收到。, en: Quality confirms receipt within 24 hours.}
    controls:
      - time_limit:
          name: first-reply
          starts: complaint.register
          stops: complaint.acknowledge
          within: 24h
          owner: {department: quality}
"""

COMPANY = """\
company: mingxing
name: {zh-hans: 明兴刀具有限公司, en: Mingxing Tools}
short_name: {zh-hans: 明兴, en: MX}
departments:
  - {code: sales, name: {zh-hans: 销售部, en: Sales}, abbreviation: XS}
  - {code: quality, name: {zh-hans: 品管部, en: Quality}, abbreviation: PG}
positions:
  - {code: sales_manager, name: {zh-hans: 销售经理, en: Sales manager}, department: sales}
  - {code: quality_manager, name: {zh-hans: 品管经理, en: Quality manager}, department: quality}
  - {code: general_manager, name: {zh-hans: 总经理, en: General manager}}
calls:
  complaint: {zh-hans: 客户投诉登记表, en: Complaint register}
"""

VOCABULARY = Vocabulary(
    {
        "complaint": RecordWords(
            name="complaint",
            states=("registered", "waiting", "closed"),
            final_states=("closed",),
            actions=("register", "acknowledge", "assess", "close", "correct"),
            opening_actions=("register",),
            fields=("number", "party", "content", "severity", "remedy"),
            heading=("number", "party"),
            date_fields=("received_on", "promised_on"),
            duration_fields=("travel_time",),
            facts={
                "market": FactName("market", "choice", ("domestic", "overseas")),
                "severity": FactName("severity", "choice", ("minor", "major", "critical")),
                "amount": FactName("amount", "number", unit="CNY"),
                "distance_km": FactName("distance_km", "number", unit="km"),
                "in_warranty": FactName("in_warranty", "yes_no"),
                "sold_on": FactName("sold_on", "date"),
                "age": FactName("age", "age"),
            },
            attachment_kinds=("photo", "test_report"),
            thresholds=("major-amount",),
            general_actions=("correct",),
            action_fields={"register": ("content", "severity"), "close": ("remedy",)},
        ),
        "visit": RecordWords(
            name="visit",
            states=("planned", "done"),
            final_states=("done",),
            actions=("plan", "arrive"),
            opening_actions=("plan",),
            fields=("place",),
            date_fields=("asked_on",),
        ),
    }
)

WORDS = CompanyWords(
    departments=frozenset({"sales", "quality"}),
    positions=frozenset({"sales_manager", "quality_manager", "general_manager"}),
)


def paper(*controls: str, head: str = HEAD, clause: str = "") -> str:
    """A procedure of one clause with these controls, each written from the first column."""
    lines = [head.rstrip(), '  - number: "3.1"', "    text: {zh-hans: 条文}"]
    lines += [f"    {line}" for line in clause.splitlines()]
    lines += ["    controls:"] if controls else []
    for control in controls:
        first, *rest = control.strip("\n").splitlines()
        lines += [f"      - {first}", *(f"        {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def checked(*controls: str, clause: str = "") -> Findings:
    """What is found in a procedure of one clause with these controls."""
    document = read_document(paper(*controls, clause=clause), source_name="qm-10.yaml")
    return check_documents({"qm-10.yaml": document}, VOCABULARY, WORDS)


def variants(kind: str, name: str, conditions: Mapping[str, str]) -> list[str]:
    """Controls of one name, one for each condition; the key is the rest of the control."""
    return [f"{kind}: {{name: {name}, {rest}, when: {condition}}}" for rest, condition in conditions.items()]
