"""Figures worked out from published data by unrelated programs."""

import csv
import gzip
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import mean, median

import pytest

from luyue.worktime import Calendar, Notice, PublicDays

CN = Calendar.cn()

WORKING_DAYS = {
    2007: 249, 2008: 251, 2009: 250, 2010: 250, 2011: 250, 2012: 249, 2013: 250, 2014: 250, 2015: 249, 2016: 250,
    2017: 249, 2018: 250, 2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248,
}  # fmt: skip


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def notice_of(folder: Path, year: int) -> Notice:
    return Notice.from_mapping(json.loads((folder / "holidays_cn" / f"{year}.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def from_notices(data_folder: Path) -> Calendar:
    notices = tuple(notice_of(data_folder, year) for year in WORKING_DAYS)
    return Calendar(CN.zone, CN.week, PublicDays("cn", notices))


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS.items())
def test_a_year_has_so_many_working_days(year: int, count: int) -> None:
    assert CN.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count
    assert sum(map(CN.is_working_day, days_of(year))) == count


def test_the_notices_and_the_kept_library_agree_on_every_day_of_twenty_years(from_notices: Calendar) -> None:
    every_day = [day for year in WORKING_DAYS for day in days_of(year)]

    assert [day for day in every_day if CN.is_working_day(day) != from_notices.is_working_day(day)] == []


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_one_notice_entered_alone_changes_no_published_year(data_folder: Path, year: int) -> None:
    calendar = CN.with_notice(notice_of(data_folder, year))

    around = [day for near in (year - 1, year, year + 1) if near in WORKING_DAYS for day in days_of(near)]

    assert [day for day in around if CN.is_working_day(day) != calendar.is_working_day(day)] == []


@pytest.mark.parametrize(("year", "count"), [(2023, 7), (2024, 8), (2025, 5), (2026, 6)])
def test_a_year_has_so_many_make_up_days(year: int, count: int) -> None:
    assert len(CN.public.make_up_days(year)) == count
    assert all(day.weekday() >= 5 and CN.is_working_day(day) for day in CN.public.make_up_days(year))


@pytest.mark.parametrize(
    ("start", "count", "result"),
    [
        ("2024-09-30", 3, "2024-10-10"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2026-02-13", 10, "2026-03-05"),
        ("2024-02-09", 2, "2024-02-19"),
        ("2023-09-28", 1, "2023-10-07"),
        ("2025-09-30", 10, "2025-10-21"),
    ],
)
def test_so_many_working_days_after_a_date(start: str, count: int, result: str) -> None:
    assert CN.add_working_days(date.fromisoformat(start), count).isoformat() == result


@pytest.mark.parametrize(
    ("after", "until", "count"), [("2025-01-20", "2025-02-10", 11), ("2024-09-14", "2024-10-14", 16)]
)
def test_so_many_working_days_lie_after_one_date_up_to_another(after: str, until: str, count: int) -> None:
    assert CN.working_days_between(date.fromisoformat(after), date.fromisoformat(until)) == count


@pytest.fixture(scope="module")
def minutes_to_resolution(data_folder: Path) -> dict[str, int]:
    with gzip.open(
        data_folder / "incident_sla" / "incident_event_log_first_5998.csv.gz", "rt", encoding="utf-8"
    ) as log:
        last = {row["number"]: row for row in csv.DictReader(log)}
    return {
        number: CN.working_minutes(_instant(row["opened_at"]), _instant(row["resolved_at"]))
        for number, row in last.items()
        if row["resolved_at"] != "?"
    }


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=CN.zone)


def test_the_working_time_of_861_incidents_adds_up(minutes_to_resolution: dict[str, int]) -> None:
    minutes = list(minutes_to_resolution.values())

    assert len(minutes) == 861
    assert sum(minutes) == 3_922_617
    assert round(mean(minutes), 3) == 4_555.885
    assert median(minutes) == 1_242
    assert minutes.count(0) == 19
    assert [sum(taken <= limit for taken in minutes) for limit in (480, 1_440, 2_400)] == [235, 480, 564]


@pytest.mark.parametrize(
    ("number", "minutes"),
    [("INC0000045", 149), ("INC0000047", 532), ("INC0000057", 480), ("INC0000060", 1_140), ("INC0000062", 351)],
)
def test_the_working_time_of_one_incident(minutes_to_resolution: dict[str, int], number: str, minutes: int) -> None:
    assert minutes_to_resolution[number] == minutes
