"""A small procedure of calendar duties, taken over by a company that has others."""

from __future__ import annotations

from datetime import datetime

from luyue.ledger.chains import enter_procedure_change
from luyue.rulebook.adoption import adopt_procedures
from luyue.rulebook.loading import Paper, read_document
from luyue.rulebook.models import Edition
from tests.firms import Firm

HEAD = """\
procedure: GJ-RL-01
title: {{zh-hans: 定期工作, zh-hant: 定期工作, en: Periodic duties}}
edition: "{number}"
effective: {effective}
prepared: {{position: sales_officer}}
reviewed: {{position: quality_manager}}
approved: {{position: general_manager}}
clauses:
"""

CARE = """\
  - number: "1"
    text: {zh-hans: 每月至少受理两次。, en: At least two a month.}
    controls:
      - cadence: {name: care, every: month, times: 2, actions: [complaint.register], owner: {position: sales_officer}}
"""

BY_DEPARTMENT = """\
  - number: "2"
    text: {zh-hans: 各部门每周一次。, en: Each department once a week.}
    controls:
      - cadence:
          {name: weekly, every: week, per: department, of: [marketing, quality_management], actions: complaint.comment}
"""


def adopted(firm: Firm, *clauses: str, at: datetime, number: str = "1", effective: str = "2026-01-01") -> Edition:
    """The procedure with these clauses, in force from its day of effect, known here from `at`."""
    text = HEAD.format(number=number, effective=effective) + "".join(clauses)
    (edition,) = adopt_procedures(
        firm.company, [Paper("periodic.yaml", text, read_document(text))], at=at, enter=enter_procedure_change
    )
    return edition
