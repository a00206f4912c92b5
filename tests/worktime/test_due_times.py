from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luyue.worktime import Calendar, EndRule, InstantError, Pause, SegmentKind, Span, due, due_before

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")

CN = Calendar.cn()
CLOSING = Calendar.cn(closes_at_business_end=True)
ALWAYS = Calendar.round_the_clock()
TWO_SHIFTS = Calendar.from_mapping(
    {"week": {day: ["06:00-14:00", "14:00-22:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}
)
NIGHTS = Calendar.from_mapping({"week": {day: ["22:00-02:00"] for day in ("mon", "tue", "wed", "thu", "fri")}})
GERMAN = Calendar.from_mapping(
    {
        "zone": "Europe/Berlin",
        "public": "none",
        "week": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["22:00-06:00"]},
    }
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due_text(start: str, span: str, calendar: Calendar, *pauses: tuple[str, str]) -> str:
    zone = calendar.zone
    stops = [Pause(at(begin, zone), at(end, zone)) for begin, end in pauses]
    found = due(at(start, zone), Span.parse(span), calendar, stops).at
    assert found is not None
    return found.isoformat(timespec="minutes")


def test_a_start_without_an_offset_is_refused() -> None:
    with pytest.raises(InstantError, match="the start 2024-09-27T17:00:00 has no offset"):
        due(datetime(2024, 9, 27, 17), Span.parse("2h"), CN)  # noqa: DTZ001


def test_a_start_in_another_age_is_refused() -> None:
    with pytest.raises(InstantError, match="years from 1900 to 2200 are counted"):
        due(datetime(9999, 12, 31, tzinfo=UTC), Span.parse("10d"), CN)


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InstantError, match="ends before it starts"):
        due(at("2024-09-27T17:00"), Span.parse("2h"), CN, [Pause(at("2024-09-27T18:00"), at("2024-09-27T17:30"))])


def test_a_pause_without_an_offset_is_refused() -> None:
    pause = Pause(at("2024-09-27T18:00"), datetime(2024, 9, 27, 19))  # noqa: DTZ001

    with pytest.raises(InstantError, match="the end of a pause 2024-09-27T19:00:00 has no offset"):
        due(at("2024-09-27T17:00"), Span.parse("2h"), CN, [pause])


@pytest.mark.parametrize(
    ("start", "span", "calendar", "result"),
    [
        # hours run continuously, over nights and holidays
        ("2024-09-27T17:00", "2h", CN, "2024-09-27T19:00+08:00"),
        ("2024-09-30T17:00", "24h", CN, "2024-10-01T17:00+08:00"),
        ("2024-09-27T17:00", "90m", CN, "2024-09-27T18:30+08:00"),
        ("2024-02-28T10:00", "48h", CN, "2024-03-01T10:00+08:00"),
        # business hours: Friday evening, lunch, make-up Sunday, holiday week, outside hours
        ("2024-09-20T17:00", "4bh", CN, "2024-09-23T12:00+08:00"),
        ("2024-09-27T17:00", "4bh", CN, "2024-09-29T12:00+08:00"),
        ("2024-09-27T11:00", "1bh", CN, "2024-09-27T12:00+08:00"),
        ("2024-09-27T11:30", "1bh", CN, "2024-09-27T13:30+08:00"),
        ("2024-09-27T17:00", "1bh", CN, "2024-09-27T18:00+08:00"),
        ("2024-09-27T22:00", "1bh", CN, "2024-09-29T10:00+08:00"),
        ("2024-09-30T17:00", "2bh", CN, "2024-10-08T10:00+08:00"),
        ("2026-02-14T17:00", "2bh", CN, "2026-02-24T10:00+08:00"),
        ("2024-09-27T20:00", "4bh", TWO_SHIFTS, "2024-09-29T08:00+08:00"),
        ("2024-09-27T13:00", "2bh", TWO_SHIFTS, "2024-09-27T15:00+08:00"),
        ("2024-09-26T23:00", "5bh", NIGHTS, "2024-09-28T00:00+08:00"),
        ("2024-09-27T23:00", "3bh", NIGHTS, "2024-09-28T02:00+08:00"),
        ("2024-09-27T23:00", "4bh", ALWAYS, "2024-09-28T03:00+08:00"),
        # days: the day of the event is not counted, the end moves over rest days unless fixed
        ("2024-09-02T00:00", "1d", CN, "2024-09-04T00:00+08:00"),
        ("2024-09-02T23:59", "1d", CN, "2024-09-04T00:00+08:00"),
        ("2024-09-04T10:00", "10d", CN, "2024-09-15T00:00+08:00"),  # Saturday 14 September is made up
        ("2024-09-05T10:00", "10d", CN, "2024-09-19T00:00+08:00"),  # 15 to 17 September: Mid-Autumn
        ("2024-09-05T10:00", "10d!", CN, "2024-09-16T00:00+08:00"),
        ("2024-09-21T10:00", "10d", CN, "2024-10-09T00:00+08:00"),
        ("2026-02-07T10:00", "10d", CN, "2026-02-25T00:00+08:00"),
        ("2026-02-07T10:00", "10d", ALWAYS, "2026-02-18T00:00+08:00"),
        ("2024-09-27T10:00", "0d", CN, "2024-09-28T00:00+08:00"),
        ("2024-09-28T10:00", "0d", CN, "2024-09-30T00:00+08:00"),
        ("2024-09-28T10:00", "0d!", CN, "2024-09-29T00:00+08:00"),
        # working days
        ("2024-09-30T17:00", "3wd", CN, "2024-10-11T00:00+08:00"),
        ("2024-09-30T17:00", "3wd", CLOSING, "2024-10-10T18:00+08:00"),
        ("2023-09-28T17:00", "1wd", CN, "2023-10-08T00:00+08:00"),
        ("2024-10-03T17:00", "1wd", CN, "2024-10-09T00:00+08:00"),
        ("2024-09-27T19:00", "0wd", CN, "2024-09-28T00:00+08:00"),
        ("2024-09-27T17:00", "0wd", CLOSING, "2024-09-27T18:00+08:00"),
        ("2024-09-27T18:00", "0wd", CLOSING, "2024-09-29T18:00+08:00"),
        ("2024-09-26T19:00", "1wd", Calendar.from_mapping(NIGHTS.to_mapping() | {"closes_at_business_end": True}),
         "2024-09-28T02:00+08:00"),
        # months and years: the same day number or the last day
        ("2024-01-31T10:00", "1mo", CN, "2024-03-01T00:00+08:00"),
        ("2023-01-31T10:00", "1mo", CN, "2023-03-01T00:00+08:00"),
        ("2024-08-31T10:00", "1mo", CN, "2024-10-01T00:00+08:00"),
        ("2024-09-01T10:00", "1mo", CN, "2024-10-09T00:00+08:00"),
        ("2024-09-01T10:00", "1mo!", CN, "2024-10-02T00:00+08:00"),
        ("2024-02-29T10:00", "1y", CN, "2025-03-01T00:00+08:00"),
        ("2020-02-29T10:00", "4y", CN, "2024-03-01T00:00+08:00"),
        ("2023-10-01T10:00", "1y", CN, "2024-10-09T00:00+08:00"),
        # daylight saving: 31 March 2024 has 23 hours in Berlin, 27 October 25
        ("2024-03-30T12:00", "24h", GERMAN, "2024-03-31T13:00+02:00"),
        ("2024-10-26T12:00", "24h", GERMAN, "2024-10-27T11:00+01:00"),
        ("2024-03-29T10:00", "1d!", GERMAN, "2024-03-31T00:00+01:00"),
        ("2024-03-30T10:00", "1d!", GERMAN, "2024-04-01T00:00+02:00"),
        ("2024-03-30T23:00", "6bh", GERMAN, "2024-03-31T06:00+02:00"),
        ("2024-10-26T23:00", "6bh", GERMAN, "2024-10-27T04:00+01:00"),
    ],
)  # fmt: skip
def test_a_promise_is_due(start: str, span: str, calendar: Calendar, result: str) -> None:
    assert due_text(start, span, calendar) == result


@pytest.mark.parametrize(
    ("start", "span", "calendar", "pauses", "result"),
    [
        # an hour clock moves by the exact duration
        ("2024-09-02T10:00", "2h", CN, [("2024-09-02T11:00", "2024-09-02T11:20")], "2024-09-02T12:20+08:00"),
        ("2024-09-02T10:00", "2h", CN, [("2024-09-02T12:00", "2024-09-02T15:00")], "2024-09-02T12:00+08:00"),
        ("2024-09-02T10:00", "2h", CN, [("2024-09-02T11:59", "2024-09-03T11:59")], "2024-09-03T12:00+08:00"),
        # what lies before the start does not count, what overlaps counts once, a due time that moved reaches a pause
        ("2024-09-02T10:00", "2h", CN, [("2024-09-02T08:00", "2024-09-02T10:30")], "2024-09-02T12:30+08:00"),
        ("2024-09-02T10:00", "2h", CN,
         [("2024-09-02T11:00", "2024-09-02T12:00"), ("2024-09-02T11:30", "2024-09-02T12:30")],
         "2024-09-02T13:30+08:00"),
        ("2024-09-02T10:00", "2h", CN,
         [("2024-09-02T12:30", "2024-09-02T13:00"), ("2024-09-02T11:00", "2024-09-02T12:00")],
         "2024-09-02T13:30+08:00"),
        # a business-hour clock moves by the business time in the pause
        ("2024-09-02T10:00", "4bh", CN, [("2024-09-02T11:00", "2024-09-02T14:00")], "2024-09-02T17:00+08:00"),
        ("2024-09-02T10:00", "4bh", CN, [("2024-09-02T12:00", "2024-09-02T13:00")], "2024-09-02T15:00+08:00"),
        ("2024-09-27T17:00", "4bh", CN, [("2024-09-27T17:30", "2024-09-29T09:30")], "2024-09-29T14:00+08:00"),
        ("2024-09-27T17:00", "1bh", CN, [("2024-09-27T18:00", "2024-09-29T12:00")], "2024-09-27T18:00+08:00"),
        # a day clock moves by the midnights in the pause
        ("2024-09-02T10:00", "3d", CN, [("2024-09-03T00:00", "2024-09-03T23:59")], "2024-09-06T00:00+08:00"),
        ("2024-09-02T10:00", "3d", CN, [("2024-09-03T23:00", "2024-09-04T01:00")], "2024-09-07T00:00+08:00"),
        ("2024-09-02T10:00", "3d", CN,
         [("2024-09-03T10:00", "2024-09-04T10:00"), ("2024-09-04T09:00", "2024-09-04T20:00")],
         "2024-09-07T00:00+08:00"),
        ("2024-09-02T10:00", "3d", CN, [("2024-09-06T00:00", "2024-09-08T00:00")], "2024-09-06T00:00+08:00"),
        ("2024-09-02T10:00", "3d", CN, [("2024-09-05T12:00", "2024-09-09T12:00")], "2024-09-10T00:00+08:00"),
        # the end rule is applied after the pauses: Saturday 21 + 1 is a Sunday, so Monday
        ("2024-09-19T10:00", "2d", CN, [("2024-09-20T12:00", "2024-09-21T12:00")], "2024-09-24T00:00+08:00"),
        ("2024-09-19T10:00", "2d!", CN, [("2024-09-20T12:00", "2024-09-21T12:00")], "2024-09-23T00:00+08:00"),
        # the period had moved to Monday 23 when the pause began, so it is Monday that moves
        ("2024-09-19T10:00", "2d", CN, [("2024-09-23T10:00", "2024-09-26T10:00")], "2024-09-27T00:00+08:00"),
        ("2024-01-31T10:00", "1mo", CN, [("2024-02-05T10:00", "2024-02-06T10:00")], "2024-03-02T00:00+08:00"),
        # a working-day clock moves by the working days after the pause's first date up to its last
        ("2024-09-02T10:00", "3wd", CN, [("2024-09-03T10:00", "2024-09-05T10:00")], "2024-09-10T00:00+08:00"),
        ("2024-09-19T10:00", "2wd", CN, [("2024-09-20T12:00", "2024-09-22T12:00")], "2024-09-24T00:00+08:00"),
        ("2024-09-19T10:00", "1wd", CN, [("2024-09-20T19:00", "2024-09-23T12:00")], "2024-09-24T00:00+08:00"),
        ("2024-09-19T10:00", "1wd", CLOSING, [("2024-09-20T12:00", "2024-09-24T12:00")], "2024-09-24T18:00+08:00"),
        ("2024-09-19T10:00", "1wd", CLOSING, [("2024-09-20T18:30", "2024-09-24T12:00")], "2024-09-20T18:00+08:00"),
        # daylight saving inside the pause
        ("2024-03-30T12:00", "2h", GERMAN, [("2024-03-30T13:00", "2024-03-31T13:00")], "2024-03-31T14:00+02:00"),
    ],
)  # fmt: skip
def test_a_pause_moves_the_due_time_by_the_time_it_took(
    start: str, span: str, calendar: Calendar, pauses: list[tuple[str, str]], result: str
) -> None:
    assert due_text(start, span, calendar, *pauses) == result


def test_a_clock_that_still_stands_has_no_due_time() -> None:
    pauses = [
        Pause(at("2024-09-02T11:00"), at("2024-09-02T11:30"), "waiting for the photo"),
        Pause(at("2024-09-02T11:20"), None, "waiting for the part"),
    ]

    reckoned = due(at("2024-09-02T10:00"), Span.parse("2h"), CN, pauses)

    assert (reckoned.at, reckoned.paused_since) == (None, at("2024-09-02T11:00"))
    assert [(pause.counted, pause.reason) for pause in reckoned.pauses] == [
        (timedelta(minutes=30), "waiting for the photo"),
        (None, "waiting for the part"),
    ]
    assert reckoned.explain()[-1].kind == "still_paused"


@pytest.mark.parametrize("span", ["2h", "4bh", "3d", "2wd", "1mo"])
def test_a_pause_that_begins_after_the_due_time_leaves_it(span: str) -> None:
    start = at("2024-09-02T10:00")
    expected = due(start, Span.parse(span), CN).at

    assert due(start, Span.parse(span), CN, [Pause(at("2024-11-02T10:00"))]).at == expected


@pytest.mark.parametrize("span", ["2h", "4bh", "3d", "2wd", "1mo"])
def test_a_clock_of_any_kind_can_stand_still(span: str) -> None:
    since = at("2024-09-02T11:00")

    reckoned = due(at("2024-09-02T10:00"), Span.parse(span), CN, [Pause(since)])

    assert (reckoned.at, reckoned.paused_since, reckoned.provisional) == (None, since, False)
    assert reckoned.segments[-1].end == since


@pytest.mark.parametrize(
    ("span", "rule"),
    [
        ("2h", EndRule.INSTANT),
        ("4bh", EndRule.INSTANT),
        ("5d", EndRule.END_OF_DAY),
        ("2d!", EndRule.FIXED_END_OF_DAY),
        ("3d", EndRule.NEXT_WORKING_DAY),
        ("2wd", EndRule.END_OF_DAY),
    ],
)
def test_the_end_rule_is_told(span: str, rule: EndRule) -> None:
    assert due(at("2024-09-19T10:00"), Span.parse(span), CN).end_rule is rule


def test_the_due_time_is_told_in_the_zone_of_the_calendar() -> None:
    found = due(datetime(2024, 9, 27, 9, tzinfo=UTC), Span.parse("2h"), CN).at

    assert found is not None
    assert (found.tzinfo, found.isoformat()) == (SHANGHAI, "2024-09-27T19:00:00+08:00")


@pytest.mark.parametrize(
    ("start", "span", "provisional"),
    [
        ("2026-12-30T10:00", "2h", False),
        ("2026-12-30T10:00", "48h", False),
        ("2026-12-30T10:00", "1wd", False),
        ("2026-12-30T10:00", "2wd", True),
        ("2026-12-31T17:00", "2bh", True),
        ("2026-12-21T10:00", "10d", False),
        ("2026-12-23T10:00", "10d", True),
        ("2026-12-23T10:00", "10d!", False),
        ("2026-11-21T10:00", "1y", True),
        ("2006-11-21T10:00", "3wd", True),
    ],
)
def test_what_rests_on_an_unpublished_year_is_provisional(start: str, span: str, provisional: bool) -> None:
    assert due(at(start), Span.parse(span), CN).provisional is provisional
    assert not due(at(start), Span.parse(span), ALWAYS).provisional


@pytest.mark.parametrize(
    ("anchor", "span", "calendar", "result"),
    [
        (date(2024, 9, 20), "3d", CN, "2024-09-15T00:00+08:00"),  # 17 is Mid-Autumn: back to Saturday 14, made up
        (date(2024, 9, 20), "3d!", CN, "2024-09-18T00:00+08:00"),
        (date(2024, 9, 27), "3d", CN, "2024-09-25T00:00+08:00"),
        (date(2024, 9, 27), "3wd", CN, "2024-09-25T00:00+08:00"),
        (date(2024, 10, 8), "1wd", CN, "2024-10-01T00:00+08:00"),
        (date(2024, 10, 8), "1wd", CLOSING, "2024-09-30T18:00+08:00"),
        (date(2024, 10, 8), "0wd", CN, "2024-10-09T00:00+08:00"),
        (date(2024, 3, 31), "1mo", CN, "2024-03-01T00:00+08:00"),
        (date(2025, 2, 28), "1y", CN, "2024-02-29T00:00+08:00"),
        (datetime(2024, 9, 27, 10, tzinfo=SHANGHAI), "2h", CN, "2024-09-27T08:00+08:00"),
        (datetime(2024, 9, 27, 10, tzinfo=SHANGHAI), "2bh", CN, "2024-09-26T17:00+08:00"),
        (datetime(2024, 10, 8, 9, tzinfo=SHANGHAI), "1bh", CN, "2024-09-30T17:00+08:00"),
        (datetime(2024, 9, 27, 13, tzinfo=SHANGHAI), "3bh", CN, "2024-09-27T09:00+08:00"),
        (datetime(2024, 9, 27, 2, tzinfo=SHANGHAI), "3bh", NIGHTS, "2024-09-26T23:00+08:00"),
    ],
)
def test_a_promise_is_due_before_a_date(anchor: date, span: str, calendar: Calendar, result: str) -> None:
    found = due_before(anchor, Span.parse(span), calendar).at

    assert found is not None
    assert found.isoformat(timespec="minutes") == result


def test_a_rest_day_before_a_date_moves_the_due_time_to_the_working_day_before_it() -> None:
    reckoned = due_before(date(2024, 9, 20), Span.parse("3d"), CN)

    assert reckoned.end_rule is EndRule.PREVIOUS_WORKING_DAY
    assert [(segment.kind, segment.start.day, segment.counted.days) for segment in reckoned.segments] == [
        (SegmentKind.MOVED, 14, 0),
        (SegmentKind.MOVED, 15, 0),
        (SegmentKind.MOVED, 16, 0),
        (SegmentKind.COUNTED, 17, 3),
    ]


def test_the_explanation_tells_start_segments_pauses_rule_and_result() -> None:
    pause = Pause(at("2024-09-20T12:00"), at("2024-09-21T12:00"), "the customer sends the sample")

    lines = due(at("2024-09-19T10:00"), Span.parse("2d"), CN, [pause]).explain()

    assert [(line.kind, line.values) for line in lines] == [
        ("start", {"at": at("2024-09-19T10:00"), "span": Span.parse("2d"), "backwards": False}),
        ("day_of_event", _stretch("2024-09-19T10:00", "2024-09-20T00:00", 0)),
        ("counted", _stretch("2024-09-20T00:00", "2024-09-21T00:00", 1)),
        ("paused", _stretch("2024-09-21T00:00", "2024-09-22T00:00", 0, "the customer sends the sample")),
        ("counted", _stretch("2024-09-22T00:00", "2024-09-23T00:00", 1)),
        ("moved", _stretch("2024-09-23T00:00", "2024-09-24T00:00", 0)),
        ("pause", _stretch("2024-09-20T12:00", "2024-09-21T12:00", 1, "the customer sends the sample")),
        (
            "end_rule",
            {"rule": EndRule.NEXT_WORKING_DAY, "nominal_last_day": date(2024, 9, 22), "last_day": date(2024, 9, 23)},
        ),
        ("due", {"at": at("2024-09-24T00:00")}),
    ]


def _stretch(start: str, end: str, days: int, reason: str = "") -> dict[str, object]:
    return {"start": at(start), "end": at(end), "counted": timedelta(days=days), "reason": reason}


def test_the_explanation_names_the_years_without_a_notice() -> None:
    lines = due(at("2026-12-30T10:00"), Span.parse("3wd"), CN).explain()

    assert [line.values for line in lines if line.kind == "provisional"] == [{"years": [2027]}]


def test_the_explanation_of_business_hours_shows_what_was_closed() -> None:
    pause = Pause(at("2024-09-29T09:00"), at("2024-09-29T10:00"))

    segments = due(at("2024-09-27T17:00"), Span.parse("4bh"), CN, [pause]).segments

    assert [(one.kind.value, f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}") for one in segments] == [
        ("counted", "27 17:00", "27 18:00"),
        ("closed", "27 18:00", "29 09:00"),
        ("paused", "29 09:00", "29 10:00"),
        ("counted", "29 10:00", "29 12:00"),
        ("closed", "29 12:00", "29 13:00"),
        ("counted", "29 13:00", "29 14:00"),
    ]


def test_round_the_clock_the_hours_are_one_segment() -> None:
    assert len(due(at("2024-09-27T17:00"), Span.parse("100bh"), ALWAYS).segments) == 1
