"""Replaying a record's ledger through the engine gives exactly what the kernel stored, step by step, as it happened."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from luyue.records import clock
from luyue.records.actions import Action
from luyue.records.calendars import calendar_of
from luyue.records.general import COMMENT, CORRECT, VOID
from luyue.records.models import Obligation, Record
from luyue.records.refusing import Refused
from luyue.records.rules import rules_of
from luyue.records.story import events_of
from luyue.rulebook.engine.obligations import obligations
from luyue.site.demo.playing import StuckError
from luyue.sweep.due import break_overdue
from tests.contract.courses import MAIN_LINE, whoever_may
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale

ON_THE_WAY = (
    "give_first_answer",
    "fill_in_liaison_slip",
    "report_disagreement",
    "report_upwards",
    "tell_progress",
    "raise_improvement",
    "reopen",
    "withdraw",
    "comment",
    "correct",
    "void",
)
GENERAL: dict[str, tuple[Action[Any, Any], dict[str, str]]] = {
    "comment": (COMMENT, {"text": "请尽快"}),
    "correct": (CORRECT, {"field": "demand", "value": "退货", "reason": "笔误"}),
    "void": (VOID, {"reason": "误登"}),
}
FACTS = {
    "market": some.sampled_from(["domestic", "overseas"]),
    "kind": some.sampled_from(["complaint", "suggestion", "return_for_rework"]),
    "severity": some.sampled_from(["minor", "serious", "major"]),
    "cause_class": some.sampled_from(["quality", "handling", "other"]),
    "responsibility": some.sampled_from(["ours", "not_ours"]),
    "remedy": some.sampled_from(["answer", "exchange", "rework"]),
    "on_site_needed": some.booleans(),
}


def test_random_stories_replay_to_what_is_stored(firm: Firm) -> None:
    for seed in range(4):
        tale = random_story(firm, Random(seed))

        assert replayed(firm, tale.record) == stored(tale.record), f"{tale.record.number} of seed {seed}"
        for link in tale.record.links_out.all():
            assert replayed(firm, link.target) == stored(link.target)


def test_what_nobody_did_is_broken_by_the_sweep_just_as_the_engine_says(firm: Firm) -> None:
    left, half_done = Tale(firm, "2026-03-02 10:00"), random_story(firm, Random(11))
    with firm.at("2026-06-01 10:00"):
        now = clock.now()

    broken = break_overdue(now)

    running = Obligation.objects.filter(status="running", due_at__lt=now)
    assert broken > 0
    assert not running.exists()
    for record in (left.record, half_done.record):
        assert replayed(firm, record, as_of=now) == stored(record)


@pytest.mark.parametrize("company", ["carbide", "cement"])
def test_stories_that_hypothesis_thinks_of_replay_too(firm_of: FirmOf, company: str) -> None:
    firm = firm_of(company)

    @settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(facts=some.fixed_dictionaries(FACTS), steps=some.lists(some.sampled_from(MAIN_LINE), max_size=5))
    def replays(facts: dict[str, Any], steps: list[str]) -> None:
        tale = Tale(firm, "2026-03-02 10:00", **facts)
        for day, step in enumerate(steps, start=3):
            attempt(tale, step, f"2026-03-{day:02} 09:00")
        assert replayed(firm, tale.record) == stored(tale.record)

    replays()


def random_story(firm: Firm, chance: Random) -> Tale:
    """A complaint with facts and a course left to chance, some of it done late and some of it not at all."""
    tale = Tale(
        firm,
        "2026-03-02 10:00",
        market=chance.choice(["domestic", "overseas"]),
        kind=chance.choice(["complaint", "opinion", "return_for_rework"]),
        severity=chance.choice(["minor", "serious", "major"]),
        subject=chance.choice(["product_function", "staff", "dealer", "other"]),
        special=chance.choice(["none", "special_case"]),
        cause_class=chance.choice(["quality", "handling", "other"]),
        responsibility=chance.choice(["ours", "handling", "not_ours"]),
        remedy=chance.choice(["answer", "exchange", "rework"]),
        on_site_needed=chance.random() < 0.5,
        written=chance.random() < 0.5,
    )
    day = 3
    for step in MAIN_LINE:
        if chance.random() < 0.4:
            attempt(tale, chance.choice(ON_THE_WAY), f"2026-03-{day:02} 09:00")
        attempt(tale, step, f"2026-03-{day:02} 10:00")
        day += chance.randrange(1, 4)
    return tale


def attempt(tale: Tale, name: str, moment: str) -> None:
    """Take the action if the case allows it; what is refused writes nothing and so does not matter here."""
    try:
        if name in GENERAL:
            action, said = GENERAL[name]
            tale.then(moment, whoever_may(tale.firm, name), action, **said)
        else:
            tale.brings_about(name, moment)
    except (Refused, StuckError):
        tale.record.refresh_from_db()


def replayed(firm: Firm, record: Record, as_of: datetime | None = None) -> dict[str, tuple[Any, ...]]:
    """What the engine works out from the ledger alone, as of the last entry when no other instant is given."""
    events = events_of(record)
    until = as_of or max(event.entered_at for event in events)
    owed = obligations(events, rules_of(record.binding_id, firm.company), calendar_of(firm.company), until, record.type)
    return {
        each.key: (
            each.owner,
            each.started_at,
            each.due_at,
            each.status.value,
            each.settled_at,
            each.done_at,
            each.done_by,
        )
        for each in owed
    }


def stored(record: Record) -> dict[str, tuple[Any, ...]]:
    """What the kernel keeps."""
    return {
        row.key: (row.owner, row.started_at, row.due_at, row.status, row.settled_at, row.done_at, row.done_by_id)
        for row in Obligation.objects.filter(record_id=record.pk)
    }
