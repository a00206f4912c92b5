import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from luyue.worktime import Calendar, CalendarError, Notice, OwnWorkingDay, PublicDays, Shift

CN = Calendar.cn()
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")

FACTORY: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "week": {day: ["08:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    | {"sat": ["08:00-12:00"]},
    "public": "cn",
    "days_off": ["2026-03-09"],
    "working_days": [{"date": "2026-03-08", "shifts": ["09:00-15:00"]}, {"date": "2026-10-01"}],
    "closes_at_business_end": True,
}


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weak": {}}, "calendar: there is no weak; did you mean week?"),
        (
            {"colour": 1},
            "calendar: there is no colour; accepted are zone, week, public, notices, days_off, "
            "working_days, closes_at_business_end",
        ),
        (
            {"zone": "Asia/Shangai"},
            "calendar.zone: no time zone 'Asia/Shangai'; write a name of the IANA list such as Asia/Shanghai",
        ),
        ({"zone": 8}, "calendar.zone: no time zone 8; write a name of the IANA list such as Asia/Shanghai"),
        ({"public": "de"}, "calendar.public: no public calendar 'de'; accepted are cn and none"),
        ({"week": {}}, 'calendar.week: no day has a shift; a week needs at least one, such as mon: ["08:00-12:00"]'),
        ({"week": {"monday": []}}, "calendar.week: there is no monday; did you mean mon?"),
        (
            {"week": {"mon": "08:00-12:00"}},
            'calendar.week.mon: expected a list of shifts such as ["08:00-12:00", '
            "\"13:00-17:00\"]; found '08:00-12:00'",
        ),
        (
            {"week": {"mon": ["8-12"]}},
            "calendar.week.mon[0]: “8-12” is not a shift; write from-to, such as 08:00-12:00 or 22:00-06:00",
        ),
        (
            {"week": {"mon": ["08:00-25:00"]}},
            "calendar.week.mon[0]: “08:00-25:00” has a time that no clock shows; times go from 00:00 to 24:00",
        ),
        (
            {"week": {"mon": ["08:00-08:00"]}},
            "calendar.week.mon[0]: “08:00-08:00” has no length; write 00:00-24:00 for a whole day",
        ),
        (
            {"week": {"mon": ["24:00-08:00"]}},
            "calendar.week.mon[0]: “24:00-08:00” starts at 24:00; write 00:00 on the next day",
        ),
        (
            {"week": {"mon": [8]}},
            'calendar.week.mon[0]: 8 is not a shift; write from-to in quotes, such as "08:00-12:00"',
        ),
        (
            {"week": {"mon": ["08:00-12:00", "11:00-13:00"]}},
            "calendar.week.mon: the shifts 08:00-12:00 and 11:00-13:00 overlap; a minute can be worked only once",
        ),
        (
            {"week": {"mon": ["22:00-06:00"], "tue": ["05:00-09:00"]}},
            "calendar.week.mon: the shift 22:00-06:00 runs into "
            "05:00-09:00 of the next day; a minute can be worked only once",
        ),
        ({"days_off": "2026-03-09"}, "calendar.days_off: expected a list, found '2026-03-09'"),
        ({"days_off": ["9 March"]}, "calendar.days_off[0]: expected a date such as 2026-02-17, found '9 March'"),
        ({"days_off": [20260309]}, "calendar.days_off[0]: expected a date such as 2026-02-17, found 20260309"),
        (
            {"days_off": ["2026-03-08"]},
            "calendar: working_days: 2026-03-08 is also one of days_off; keep one of the two",
        ),
        (
            {"working_days": [{"date": "2026-03-08", "shift": []}]},
            "calendar.working_days[0]: there is no shift; did you mean shifts?",
        ),
        (
            {"working_days": [{"date": "2026-03-08", "shifts": []}]},
            "calendar.working_days[0].shifts: a working day needs a shift; leave shifts out for the ordinary ones",
        ),
        (
            {"working_days": ["2026-03-08", "2026-03-08"]},
            "calendar: working_days: 2026-03-08 is listed twice; write all its shifts in one entry",
        ),
        ({"closes_at_business_end": "yes"}, "calendar.closes_at_business_end: expected true or false, found 'yes'"),
        ({"notices": [{"year": "2027"}]}, "calendar.notices[0].year: expected a year such as 2027, found '2027'"),
        (
            {"notices": [{"year": 2027, "days": []}]},
            "calendar.notices[0].days: expected a list of {name, date, isOffDay}, found []",
        ),
        (
            {"notices": [{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": 1}]}]},
            "calendar.notices[0].days[0].isOffDay: expected true (off) or false (worked), found 1",
        ),
        (
            {"notices": [{"year": 2027, "days": [{"name": "元旦", "date": "2024-01-01", "isOffDay": True}]}]},
            "calendar.notices[0].days[0].date: 2024-01-01 is not a day that the notice for 2027 can rule",
        ),
    ],
)
def test_a_calendar_that_cannot_be_kept_says_what_is_wrong_where(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CalendarError) as refusal:
        Calendar.from_mapping(FACTORY | change)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("nothing", [None, [], "cn", 5])
def test_what_is_no_mapping_is_no_calendar(nothing: object) -> None:
    with pytest.raises(CalendarError, match="expected a mapping with zone, week, public"):
        Calendar.from_mapping(nothing)


def test_a_week_must_be_written() -> None:
    with pytest.raises(CalendarError, match="week is missing"):
        Calendar.from_mapping({"zone": "Asia/Shanghai"})


def test_a_calendar_is_written_as_it_was_read() -> None:
    calendar = Calendar.from_mapping(FACTORY)

    written = calendar.to_mapping()

    assert Calendar.from_mapping(written) == calendar
    assert Calendar.from_mapping(json.loads(json.dumps(written))) == calendar
    assert Calendar.from_mapping(yaml.safe_load(yaml.safe_dump(written))) == calendar
    assert hash(Calendar.from_mapping(written)) == hash(calendar)


@pytest.mark.parametrize("calendar", [CN, Calendar.round_the_clock(BERLIN), Calendar.cn(closes_at_business_end=True)])
def test_the_named_calendars_can_be_written_too(calendar: Calendar) -> None:
    assert Calendar.from_mapping(calendar.to_mapping()) == calendar


def test_the_defaults_are_shanghai_and_the_public_days_of_china() -> None:
    calendar = Calendar.from_mapping({"week": {"mon": ["08:00-12:00"]}})

    assert (calendar.zone, calendar.public, calendar.closes_at_business_end) == (SHANGHAI, PublicDays("cn"), False)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),  # Friday
        ("2026-02-14", True),  # make-up Saturday
        ("2026-02-17", False),  # Spring Festival
        ("2026-02-21", False),  # Saturday
        ("2026-02-28", True),  # make-up Saturday
        ("2024-09-29", True),  # make-up Sunday
        ("2024-10-07", False),  # National Day
        ("2024-10-08", True),
    ],
)
def test_china_works_on_make_up_days_and_rests_on_holidays(day: str, works: bool) -> None:
    assert CN.is_working_day(date.fromisoformat(day)) is works
    assert CN.is_rest_day(date.fromisoformat(day)) is not works


def test_the_companys_own_days_go_before_the_public_ones() -> None:
    factory = Calendar.from_mapping(FACTORY)

    assert factory.is_rest_day(date(2026, 3, 9))
    assert factory.shifts_on(date(2026, 3, 8)) == (Shift.parse("09:00-15:00"),)
    assert factory.is_working_day(date(2026, 10, 1))
    assert factory.shifts_on(date(2026, 10, 1)) == factory.shifts_on(date(2026, 9, 29))


def test_a_make_up_saturday_has_the_shifts_of_an_ordinary_day_even_when_saturdays_are_half() -> None:
    factory = Calendar.from_mapping(FACTORY)

    assert factory.shifts_on(date(2026, 2, 14)) == factory.shifts_on(date(2026, 2, 13))
    assert factory.shifts_on(date(2026, 3, 14)) == (Shift.parse("08:00-12:00"),)


def test_a_year_without_a_published_notice_is_provisional() -> None:
    assert [year for year in (2006, 2007, 2026, 2027) if CN.is_provisional(year)] == [2006, 2027]
    assert not Calendar.round_the_clock().is_provisional(2027)


def test_a_notice_that_is_entered_rules_its_year() -> None:
    notice = {
        "year": 2027,
        "days": [
            {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
            {"name": "元旦", "date": "2026-12-26", "isOffDay": False},
            {"name": "春节", "date": "2027-02-06", "isOffDay": True},
            {"name": "春节", "date": "2027-02-08", "isOffDay": True},
            {"name": "春节", "date": "2027-02-20", "isOffDay": False},
        ],
    }

    calendar = CN.with_notice(notice)

    assert not calendar.is_provisional(2027)
    assert calendar.is_working_day(date(2027, 2, 20))
    assert calendar.is_working_day(date(2026, 12, 26))
    assert calendar.is_rest_day(date(2026, 10, 1))
    assert calendar.is_working_day(date(2027, 10, 1)), "the notice says nothing of it and rules the whole year"
    assert calendar.public.make_up_days(2027) == [date(2027, 2, 20)]
    assert Calendar.from_mapping(calendar.to_mapping()) == calendar
    assert CN.is_rest_day(date(2027, 2, 20)), "the calendar without the notice is not touched"


def test_a_second_notice_for_a_year_replaces_the_first() -> None:
    first = Notice.from_mapping({"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]})
    second = Notice.from_mapping({"year": 2027, "days": [{"name": "元旦", "date": "2027-01-04", "isOffDay": True}]})

    public = PublicDays("cn").with_notice(first).with_notice(second)

    assert public.notices == (second,)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2024-09-27T17:30", "2024-09-27T19:00", 30),
        ("2024-09-27T11:00", "2024-09-27T14:00", 120),
        ("2024-09-27T18:00", "2024-09-29T09:00", 0),
        ("2024-09-27T17:00", "2024-09-29T10:00", 120),
        ("2024-09-30T17:00", "2024-10-08T10:00", 120),
        ("2024-01-01T00:00", "2025-01-01T00:00", 251 * 480),
        ("2007-01-01T00:00", "2027-01-01T00:00", 4991 * 480),
    ],
)
def test_working_minutes_between_two_instants(start: str, end: str, minutes: int) -> None:
    assert CN.working_minutes(at(start), at(end)) == minutes


def test_working_time_is_exact_to_the_second() -> None:
    assert CN.working_time(at("2024-09-27T17:59:30"), at("2024-09-29T09:00:15")) == timedelta(seconds=45)


def test_working_time_does_not_run_backwards() -> None:
    with pytest.raises(CalendarError, match="the end is before the start"):
        CN.working_minutes(at("2024-09-28T10:00"), at("2024-09-27T10:00"))


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Calendar.from_mapping({"public": "none", "week": {"fri": ["22:00-06:00"]}})

    assert [(str(span.start), str(span.end)) for span in nights.working_spans(date(2024, 9, 27))] == [
        ("2024-09-27 22:00:00+08:00", "2024-09-28 06:00:00+08:00")
    ]
    assert nights.working_spans(date(2024, 9, 28)) == []
    assert nights.is_rest_day(date(2024, 9, 28))
    assert nights.working_minutes(at("2024-09-28T05:00"), at("2024-09-29T00:00")) == 60


def test_a_night_shift_over_new_year_is_counted_once() -> None:
    nights = Calendar.from_mapping({"public": "none", "week": {"tue": ["22:00-06:00"]}})

    assert nights.working_minutes(at("2024-12-31T00:00"), at("2025-01-02T00:00")) == 480
    assert nights.working_minutes(at("2025-01-01T01:00"), at("2025-01-01T02:00")) == 60
    assert nights.work_ends(at("2025-01-01T01:00"), timedelta(hours=1)) == at("2025-01-01T02:00")
    assert nights.work_begins(at("2025-01-01T02:00"), timedelta(hours=3)) == at("2024-12-31T23:00")


def test_an_own_day_that_begins_in_the_night_before_is_not_counted_twice() -> None:
    nights = Calendar(
        SHANGHAI,
        ((Shift.parse("22:00-06:00"),),) + ((),) * 6,
        working_days=(OwnWorkingDay(date(2024, 10, 1), (Shift.parse("05:00-09:00"),)),),
    )

    assert nights.working_minutes(at("2024-09-30T00:00"), at("2024-10-02T00:00")) == (8 + 3) * 60


def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    nights = Calendar.from_mapping({"zone": "Europe/Berlin", "public": "none", "week": {"sat": ["22:00-06:00"]}})

    assert nights.working_minutes(at("2024-03-30T12:00", BERLIN), at("2024-03-31T12:00", BERLIN)) == 7 * 60
    assert nights.working_minutes(at("2024-10-26T12:00", BERLIN), at("2024-10-27T12:00", BERLIN)) == 9 * 60


def test_round_the_clock_every_minute_counts() -> None:
    always = Calendar.round_the_clock()

    assert always.working_minutes(at("2024-02-10T00:00"), at("2024-02-17T00:00")) == 7 * 24 * 60
    assert always.add_working_days(date(2024, 2, 10), 7) == date(2024, 2, 17)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2024-09-29", 0, "2024-09-29"),
        ("2024-10-01", 0, "2024-10-08"),
        ("2024-12-31", 1, "2025-01-02"),
        ("2025-01-02", -1, "2024-12-31"),
        ("2024-10-08", -1, "2024-09-30"),
        ("2024-10-05", -1, "2024-09-30"),
        ("2023-01-03", 248 + 251 + 1, "2025-01-02"),
        ("2025-01-02", -(249 + 251) + 2, "2023-01-05"),
    ],
)
def test_working_days_are_added_and_taken_away(day: str, count: int, result: str) -> None:
    assert CN.add_working_days(date.fromisoformat(day), count).isoformat() == result


def test_no_working_days_lie_before_the_first_date() -> None:
    assert CN.working_days_between(date(2024, 10, 8), date(2024, 10, 8)) == 0
    assert CN.working_days_between(date(2024, 10, 9), date(2024, 10, 8)) == 0


def test_a_calendar_without_shifts_cannot_be_made() -> None:
    with pytest.raises(CalendarError, match="at least one shift"):
        Calendar(SHANGHAI, ((),) * 7)


def test_a_calendar_that_works_too_little_for_a_count_says_so() -> None:
    hardly = Calendar.from_mapping({"public": "none", "week": {"mon": ["08:00-08:01"]}})

    with pytest.raises(CalendarError, match="the count runs into the year 2401"):
        hardly.work_ends(at("2390-01-01T00:00"), timedelta(hours=50_000))


def test_the_package_asks_neither_the_database_nor_the_clock() -> None:
    folder = Path(__file__).resolve().parents[2] / "src" / "luyue" / "worktime"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))

    assert [word for word in ("django", ".now(", ".today(", "time.time") if word in sources] == []
