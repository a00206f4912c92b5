"""Time said in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from luyue.desk.clocks import clock, span_in_words, working_span_in_words

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    translation.activate("zh-hans")


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "1 分钟"),
        (timedelta(minutes=40), "40 分钟"),
        (timedelta(hours=2, minutes=30), "2 小时 30 分"),
        (timedelta(hours=9, minutes=30), "9 小时"),
        (timedelta(days=1, hours=3), "1 天 3 小时"),
        (timedelta(days=12, hours=3), "12 天"),
    ],
)
def test_a_span_has_two_units_at_most(span: timedelta, said: str) -> None:
    assert span_in_words(span) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=30), "30 分钟（工时）"),
        (4 * HOUR, "4 工时"),
        (1.5 * HOUR, "1.5 工时"),
        (24 * HOUR, "3 个工作日"),
    ],
)
def test_working_time_is_said_in_hours_then_in_days(span: timedelta, said: str) -> None:
    assert working_span_in_words(span) == said


@pytest.mark.parametrize(
    ("due_in", "working_left", "tone", "words"),
    [
        (-27 * HOUR, None, "overdue", "逾期 1 天 3 小时"),
        (6 * HOUR, 4 * HOUR, "due", "剩 4 工时"),
        (75 * HOUR, 20 * HOUR, "running", "剩 2 个工作日"),
        (23 * HOUR, None, "due", "剩 23 小时"),
        (51 * HOUR, None, "running", "剩 2 天 3 小时"),
    ],
)
def test_a_running_clock_warns_within_a_working_day(
    due_in: timedelta, working_left: timedelta | None, tone: str, words: str
) -> None:
    face = clock("running", due_at=NOW + due_in, now=NOW, working_left=working_left)

    assert (face.tone, face.words) == (tone, words)


def test_what_was_done_late_is_late_and_no_longer_overdue() -> None:
    face = clock("broken", due_at=NOW - 9 * HOUR, now=NOW, done_at=NOW - 7 * HOUR)

    assert (face.tone, face.words) == ("late", "迟 2 小时")


def test_what_was_broken_and_never_done_stays_overdue() -> None:
    assert clock("broken", due_at=NOW - 9 * HOUR, now=NOW).tone == "overdue"


@pytest.mark.parametrize("status", ["kept", "paused", "waived", "cancelled"])
def test_a_settled_clock_does_not_tick(status: str) -> None:
    assert clock(status, due_at=NOW - HOUR, now=NOW).tone == status
