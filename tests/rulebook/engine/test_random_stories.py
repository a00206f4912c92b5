"""Stories that nobody thought of: what must hold whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from luyue.rulebook.documents import Document
from luyue.rulebook.engine.events import Event, Obligation, Status
from luyue.rulebook.engine.explaining import explain
from luyue.rulebook.engine.obligations import obligations
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.engine.sign_offs import sign_off_rounds
from luyue.worktime import Calendar
from tests.rulebook.engine.slow_clock import Hour, SlowLimit, slow_clocks
from tests.rulebook.engine.telling import CALENDAR, DIRECTOR, MANAGER, QUALITY, SALES, document

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
AROUND_THE_CLOCK = Calendar.round_the_clock()


def at(hour: int) -> datetime:
    return BEGIN + timedelta(hours=hour)


ACTIONS = ["register", "reply", "reopen", "withdraw", "ask", "answer", "correct"]


@some.composite
def hours(draw: some.DrawFn) -> list[Hour]:
    story, hour, state, severity = [], 0, "open", draw(some.sampled_from([None, "minor", "grave", "slight"]))
    for step in range(draw(some.integers(1, 9))):
        action = "register" if step == 0 else draw(some.sampled_from([*ACTIONS, "reply", "register", "void"]))
        state = {"ask": "waiting", "answer": "open"}.get(action, state)
        if action in ("correct", "reply"):
            severity = draw(some.sampled_from([severity, "minor", "grave", "slight", None]))
        story.append(Hour(hour, action, state, severity))
        hour += draw(some.integers(0, 5))
    return story


limits = some.builds(
    SlowLimit,
    spans=some.one_of(some.integers(1, 9), some.just({"minor": 8, "grave": 3})),
    restarts=some.booleans(),
    also_starts=some.booleans(),
    pauses=some.booleans(),
    not_before=some.sampled_from([0, 0, 2]),
)


def in_the_rulebook(limit: SlowLimit) -> Rules:
    control: dict[str, Any] = {
        "name": "reply",
        "starts": ["complaint.register", *(["complaint.reopen"] if limit.also_starts else [])],
        "stops": "complaint.reply",
        "restarts": ["complaint.reopen"] if limit.restarts else [],
        "cancels": ["complaint.withdraw"],
        "pauses": ["complaint.waiting"] if limit.pauses else [],
        **({"not_before": f"{limit.not_before}h"} if limit.not_before else {}),
    }
    if isinstance(limit.spans, int):
        return Rules.of([document({"time_limit": {**control, "within": f"{limit.spans}h"}})])
    variants = [{**control, "within": f"{span}h", "when": {"severity": [name]}} for name, span in limit.spans.items()]
    return Rules.of([document(*({"time_limit": variant} for variant in variants))])


def told(story: Sequence[Hour]) -> list[Event]:
    return [
        Event(
            number,
            f"complaint.{said.action}",
            at(said.at),
            at(said.at),
            1,
            said.state,
            facts={"severity": said.severity},
        )
        for number, said in enumerate(story, start=1)
    ]


def summed_up(owed: Obligation) -> dict[str, Any]:
    def hour(instant: datetime | None) -> int | None:
        return None if instant is None else (instant - BEGIN) // timedelta(hours=1)

    return {
        "opened": owed.started_by,
        "status": owed.status.value,
        "settled": hour(owed.settled_at),
        "done": hour(owed.done_at),
        "due": None if owed.status is Status.CANCELLED else hour(owed.due_at),
    }


@settings(max_examples=400, deadline=None)
@given(limit=limits, story=hours(), after=some.integers(0, 12))
def test_counting_by_rule_and_counting_hour_by_hour_agree(limit, story, after):
    until = story[-1].at + after

    owed = obligations(told(story), in_the_rulebook(limit), AROUND_THE_CLOCK, at(until), "complaint")

    assert [summed_up(obligation) for obligation in owed] == slow_clocks(limit, story, until)


EVERYTHING: list[dict[str, Any]] = [
    {
        "time_limit": {
            "name": "reply",
            "starts": ["complaint.register"],
            "stops": ["complaint.reply"],
            "within": span,
            "when": {"severity": [severity]},
            "pauses": ["complaint.waiting"],
            "restarts": ["complaint.reopen"],
            "escalate": [{"at": "50%", "to": DIRECTOR}],
        }
    }
    for severity, span in (("minor", "2wd"), ("grave", "4bh"))
] + [
    {"time_limit": {"since": "complaint.visit_on", "stops": "complaint.reply", "within": "2d"}},
    {"time_limit": {"since": "complaint.visit_on", "stops": "complaint.ask", "within": "1wd", "before": True}},
    {"time_limit": {"starts": "complaint.register", "stops": "complaint.settle", "due": "complaint.visit_on"}},
    {
        "sign_off": {
            "name": "remedy",
            "before": "complaint.settle",
            "after": "complaint.reply",
            "mode": "in_order",
            "signers": [MANAGER, QUALITY, {"person": "owner"}],
            "within": "6h",
        }
    },
    {
        "sign_off": {
            "name": "either",
            "before": "complaint.settle",
            "mode": "any",
            "signers": [MANAGER, DIRECTOR],
            "when": {"severity": ["grave"]},
        }
    },
    {
        "sign_off": {
            "name": "again",
            "before": "complaint.reopen",
            "after": "complaint.ask",
            "same_as": "complaint.settle",
        }
    },
    {"routing": {"name": "copy", "on": "complaint.register", "to": [QUALITY, SALES], "acknowledge_within": "4h"}},
    {"notice": {"on": "complaint.settle", "to": [MANAGER, {"person": "owner"}]}},
    {
        "notice": {
            "on": "complaint.reply",
            "customer": True,
            "proved_by": "complaint.answer",
            "within": "1d",
            "when": {"severity": ["grave"]},
        }
    },
]
ALL_RULES = Rules.of([document(*EVERYTHING)])
GROUPS = ["KH-01/remedy", "KH-01/either", "KH-01/again"]

general_deeds = some.one_of(
    some.tuples(
        some.just("sign"),
        some.fixed_dictionaries(
            {
                "control": some.sampled_from(GROUPS),
                "slot": some.integers(1, 4),
                "decision": some.sampled_from(["agreed", "agreed", "agreed", "sent_back"]),
            }
        ),
    ),
    some.tuples(
        some.sampled_from(["hand_over", "add_signer"]),
        some.fixed_dictionaries(
            {"control": some.sampled_from(GROUPS), "slot": some.integers(1, 4), "to": some.just("position:lawyer")}
        ),
    ),
    some.tuples(
        some.just("acknowledge"),
        some.fixed_dictionaries({"control": some.just("KH-01/copy"), "receiver": some.just("department:sales")}),
    ),
    some.tuples(
        some.just("override"),
        some.fixed_dictionaries({"control": some.sampled_from(GROUPS), "action": some.just("complaint.settle")}),
    ),
    some.tuples(some.sampled_from([*ACTIONS, "settle", "settle"]), some.just({})),
    some.tuples(some.sampled_from(["reply", "register", "void"]), some.just({})),
)


@some.composite
def stories(draw: some.DrawFn) -> list[Event]:
    events: list[Event] = []
    hour, state = 0, "open"
    for sequence in range(1, draw(some.integers(2, 14))):
        deed, data = ("register", {}) if sequence == 1 else draw(general_deeds)
        state = {"ask": "waiting", "answer": "open"}.get(deed, state)
        visit_on = draw(some.sampled_from([None, "2026-03-04", "2026-03-05"]))
        events.append(
            Event(
                sequence,
                f"complaint.{deed}",
                at(hour),
                at(hour),
                draw(some.integers(1, 3)),
                state,
                facts={"severity": draw(some.sampled_from([None, "minor", "grave"]))},
                dates={"complaint.visit_on": visit_on},
                data=data,
                persons={"owner": draw(some.sampled_from([None, 5, 6]))},
            )
        )
        hour += draw(some.sampled_from([0, 1, 3, 9, 26]))
    return events


def owed_by(events: Sequence[Event], rules: Rules, as_of: datetime) -> tuple[Obligation, ...]:
    return obligations(events, rules, CALENDAR, as_of, "complaint")


SETTLED = (Status.KEPT, Status.BROKEN, Status.CANCELLED)


@settings(max_examples=150, deadline=None)
@given(events=stories(), later=some.integers(0, 100))
def test_step_by_step_comes_to_the_same_as_all_at_once_and_takes_nothing_back(events, later):
    end = events[-1].occurred_at + timedelta(hours=later)
    kept: dict[str, Obligation] = {}
    moments = [(events[: number + 1], event.occurred_at) for number, event in enumerate(events)]
    for prefix, now in [*moments, (events, end)]:
        fresh = {owed.key: owed for owed in owed_by(prefix, ALL_RULES, now)}
        assert kept.keys() <= fresh.keys()
        for key, before in kept.items():
            if before.status in SETTLED:
                now_stands = fresh[key]
                assert (now_stands.status, now_stands.settled_at) == (before.status, before.settled_at)
                assert before.done_at is None or (now_stands.done_at, now_stands.done_by) == (
                    before.done_at,
                    before.done_by,
                )
        kept = fresh

    assert tuple(kept.values()) == owed_by(events, ALL_RULES, end)


@settings(max_examples=60, deadline=None)
@given(events=stories(), cut=some.integers(0, 150))
def test_what_happens_later_changes_nothing_now(events, cut):
    now = at(cut)
    seen = [event for event in events if event.occurred_at <= now]

    assert owed_by(events, ALL_RULES, now) == owed_by(seen, ALL_RULES, now)


@settings(max_examples=60, deadline=None)
@given(events=stories(), order=some.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(events, order):
    end = events[-1].occurred_at + timedelta(hours=40)
    shuffled = list(events)
    order.shuffle(shuffled)

    assert owed_by(shuffled, ALL_RULES, end) == owed_by(events, ALL_RULES, end)


def only_clause(number: str) -> Rules:
    whole = document(*EVERYTHING)
    return Rules.of(
        [Document.model_construct(**{**dict(whole), "clauses": tuple(c for c in whole.clauses if c.number == number)})]
    )


ALONE = {number: only_clause(number) for number in ("3", "4", "5", "6", "7", "9", "10", "11")}


@settings(max_examples=60, deadline=None)
@given(events=stories(), later=some.integers(0, 60))
def test_no_control_disturbs_another(events, later):
    end = events[-1].occurred_at + timedelta(hours=later)
    together = owed_by(events, ALL_RULES, end)

    for number, alone in ALONE.items():
        assert [owed for owed in together if owed.clause == number] == list(owed_by(events, alone, end))


@settings(max_examples=80, deadline=None)
@given(events=stories(), later=some.integers(0, 60))
def test_every_obligation_is_whole_and_can_explain_itself(events, later):
    end = events[-1].occurred_at + timedelta(hours=later)
    owed = owed_by(events, ALL_RULES, end)

    assert len({obligation.key for obligation in owed}) == len(owed)
    for obligation in owed:
        assert (obligation.settled_at is None) == (obligation.status in (Status.RUNNING, Status.PAUSED))
        if obligation.status is Status.KEPT:
            assert obligation.done_at == obligation.settled_at
            assert obligation.due_at is None or obligation.settled_at <= obligation.due_at
        if obligation.status is Status.RUNNING and obligation.due_at is not None:
            assert end <= obligation.due_at
        counted = explain(obligation, events, ALL_RULES, CALENDAR).due
        if counted is not None and obligation.status in (Status.RUNNING, Status.KEPT, Status.BROKEN):
            assert counted.at == obligation.due_at


@settings(max_examples=80, deadline=None)
@given(events=stories())
def test_a_round_never_waits_for_more_than_its_mode_allows(events):
    for round_ in sign_off_rounds(events, ALL_RULES, "complaint"):
        assert len({slot.n for slot in round_.slots}) == len(round_.slots)
        assert not (round_.waiting and not round_.is_running)
        if round_.mode == "in_order" and round_.is_running:
            assert len(round_.waiting) == 1
        if round_.is_complete and round_.mode != "any":
            assert all(slot.is_signed for slot in round_.slots)
        if round_.is_returned:
            assert [slot.decision for slot in round_.slots].count("sent_back") == 1


def test_a_story_told_twice_gives_equal_obligations():
    events = told([Hour(0, "register", "open", "minor"), Hour(3, "reply", "open", "minor")])

    assert owed_by(events, ALL_RULES, at(9)) == owed_by([replace(event) for event in events], ALL_RULES, at(9))
