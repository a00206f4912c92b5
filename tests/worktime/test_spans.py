from datetime import date, timedelta

import pytest

from luyue.worktime import Span, SpanError, Unit
from luyue.worktime.spans import months_later


@pytest.mark.parametrize(
    "text", ["", "2", "h", "2 h", "-2h", "2.5h", "02h", "2H", "10d!!", "2w", "٣d", "2h\n", "1000000000h"]
)
def test_a_text_that_is_no_span_is_refused_with_what_would_be_accepted(text: str) -> None:
    with pytest.raises(SpanError, match="is not a span; write a whole number and one of m"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["2h!", "30m!", "4bh!", "3wd!"])
def test_only_a_calendar_span_can_be_kept_from_moving(text: str) -> None:
    with pytest.raises(SpanError, match="only a span of d, mo or y can be kept from moving"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["0h", "0m", "0bh", "0mo", "0y"])
def test_a_span_without_length_is_refused(text: str) -> None:
    with pytest.raises(SpanError, match="has no length"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["101y", "36501d", "10001wd", "1201mo", "50001bh", "876001h"])
def test_a_span_longer_than_a_century_is_refused(text: str) -> None:
    with pytest.raises(SpanError, match="is too long; write at most"):
        Span.parse(text)


def test_what_is_not_text_is_not_a_span() -> None:
    with pytest.raises(SpanError):
        Span.parse(2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["2h", "90m", "4bh", "10d", "10d!", "0d", "0d!", "3wd", "0wd", "2mo", "1mo!", "1y", "1y!"]
)
def test_a_span_is_written_as_it_was_read(text: str) -> None:
    assert str(Span.parse(text)) == text


def test_m_is_minutes_and_mo_is_months() -> None:
    assert Span.parse("2m") == Span(2, Unit.MINUTES)
    assert Span.parse("2mo") == Span(2, Unit.MONTHS)
    assert Span.parse("90m").time == timedelta(hours=1, minutes=30)


def test_a_span_of_days_has_no_length_of_its_own() -> None:
    with pytest.raises(SpanError, match="its length depends on the date"):
        _ = Span.parse("1mo").time


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_number_or_the_last_day(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
