"""What actions and sweeps leave in the database is exactly what the engine works out from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from luyue.records import clock
from luyue.records.calendars import calendar_of
from luyue.records.general import ACKNOWLEDGE, COMMENT, SIGN
from luyue.records.models import Obligation
from luyue.records.refusing import Refused
from luyue.records.rules import rules_of
from luyue.records.story import events_of
from luyue.rulebook.engine.events import Obligation as Owed
from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.obligations import obligations
from luyue.sweep.alarms import give_alarms
from luyue.sweep.due import break_overdue
from tests.firms import PASSWORD, Firm
from tests.sweep.cases import local, registered

Step = Callable[[Complaint, Employee], object]

STEPS: list[Step] = [
    lambda case, by: complaint_is.classify(
        case, by=by, cause_class="quality", subject="product_function", severity="serious"
    ),
    lambda case, by: complaint_is.give_first_answer(case, by=by, first_answer="已收到", channel="phone"),
    lambda case, by: complaint_is.confirm_facts(case, by=by, reasonable=True, note="属实"),
    lambda case, by: complaint_is.wait_for_customer(case, by=by, reason="等客户寄样"),
    lambda case, by: complaint_is.resume(case, by=by, note="样品已到"),
    lambda case, by: complaint_is.record_finding(case, by=by, finding="炉温偏高", opinion="同意"),
    lambda case, by: complaint_is.record_inspection(case, by=by, inspection_result="nonconforming"),
    lambda case, by: complaint_is.determine_responsibility(
        case, by=by, cause="炉温偏高", responsibility="ours", responsible_department=by.department
    ),
    lambda case, by: complaint_is.propose_remedy(case, by=by, remedy="exchange", remedy_detail="换货", settlement=8000),
    lambda case, by: complaint_is.decide_remedy(case, by=by),
    lambda case, by: complaint_is.withdraw(case, by=by, reason="客户撤回"),
    lambda case, by: ACKNOWLEDGE(case, by=by),
    lambda case, by: COMMENT(case, by=by, text="催一下"),
    lambda case, by: SIGN.given(password=PASSWORD)(case, by=by, decision="agreed", opinion="同意"),
]


def kept_of(row: Obligation) -> tuple[Any, ...]:
    return (row.owner, row.started_at, row.due_at, row.status, row.settled_at, row.done_at, row.done_by_id,
            row.is_owed, row.next_alarm_at)  # fmt: skip


def said_of(owed: Owed, now: datetime, *, is_open: bool) -> tuple[Any, ...]:
    """What the row must say when the engine says this, all alarms until now having been given."""
    undone = owed.done_at is None
    is_owed = owed.status in (Status.RUNNING, Status.PAUSED) or (owed.status is Status.BROKEN and undone and is_open)
    rings = owed.status in (Status.RUNNING, Status.BROKEN) and undone
    alarm = min((each.at for each in owed.alarms if each.at > now), default=None) if rings else None
    return (owed.owner, owed.started_at, owed.due_at, owed.status.value, owed.settled_at, owed.done_at, owed.done_by,
            is_owed, alarm)  # fmt: skip


def sweep(now: datetime) -> None:
    break_overdue(now)
    give_alarms(now)


@pytest.mark.parametrize("seed", range(4))
def test_random_stories_swept_at_random_times(carbide: Firm, seed: int) -> None:
    chance = Random(seed)
    now = local(carbide, "2026-03-02 10:00")
    with clock.moved_to(now):
        cases = [registered(carbide, f"第 {number} 例") for number in range(3)]
    for _ in range(60):
        now += timedelta(minutes=chance.choice([3, 40, 300, 1500]))
        with clock.moved_to(now):
            case, by = chance.choice(cases), chance.choice(list(carbide.people.values()))
            for step in chance.sample(STEPS[:-4] if chance.random() < 0.5 else STEPS, 5):
                try:
                    step(case, by)
                except Refused:
                    continue
        if chance.random() < 0.4:
            sweep(now)

    now += timedelta(days=chance.choice([0, 2, 30]))
    sweep(now)

    for case in cases:
        case.refresh_from_db()
        rows = {row.key: kept_of(row) for row in Obligation.objects.filter(record=case)}
        rules = rules_of(case.binding_id, carbide.company)
        owed = obligations(events_of(case), rules, calendar_of(carbide.company), as_of=now, record_type=case.type)
        assert {each.key: rows[each.key] for each in owed} == {
            each.key: said_of(each, now, is_open=case.is_open) for each in owed
        }
