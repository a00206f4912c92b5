"""`luyue clock`: when is it due, and how was that counted."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import click
import yaml

from luyue.worktime.calendar import ONE_DAY, ONE_MINUTE, Calendar
from luyue.worktime.pauses import InstantError, Pause
from luyue.worktime.reckoning import Due, due
from luyue.worktime.segments import Segment, SegmentKind
from luyue.worktime.shifts import CalendarError
from luyue.worktime.spans import Span, SpanError

STILL_PAUSED = "-"

_RULES = {
    "instant": "at the very instant",
    "end_of_day": "24:00 of the last day",
    "fixed_end_of_day": "24:00 of the last day, working day or not",
    "next_working_day": "the last day is a rest day: 24:00 of the next working day",
    "previous_working_day": "the earliest day is a rest day: 24:00 of the working day before",
    "close_of_business": "close of business of the last working day",
}


@click.command()
@click.argument("start", required=False)
@click.argument("span", required=False)
@click.option("--calendar", "calendar_name", default="cn", show_default=True, help="cn, 24x7, or a YAML or JSON file.")
@click.option(
    "--pause",
    "pauses",
    nargs=2,
    multiple=True,
    metavar="FROM TO",
    help=f"A stretch in which the clock stands still; TO may be {STILL_PAUSED} while it lasts. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--batch", is_flag=True, help="Read JSON lines {start, span, calendar, pauses} and add due to each.")
def clock(
    start: str | None,
    span: str | None,
    calendar_name: str,
    pauses: tuple[tuple[str, str], ...],
    as_json: bool,
    batch: bool,
) -> None:
    """Print when SPAN from START is due, and what was counted.

    START is a date or time such as 2026-02-13 or 2026-02-13T17:30; without an offset it is read in the calendar's time
    zone. SPAN is 90m, 2h, 4bh, 10d, 10d! (its end does not move), 3wd, 2mo or 1y.
    """
    if batch:
        if start is not None or pauses:
            raise click.UsageError("--batch reads start, span and pauses from standard input; leave them out here.")
        _run_batch(calendar_name)
        return
    if start is None or span is None:
        raise click.UsageError("START and SPAN are needed, such as: luyue clock 2026-02-13T17:30 4bh")
    try:
        reckoned = reckon(start, span, read_calendar_named(calendar_name), pauses)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(json.dumps(as_object(reckoned), ensure_ascii=False) if as_json else "\n".join(as_lines(reckoned)))


def reckon(start: str, span: str, calendar: Calendar, pauses: Iterable[tuple[str, str | None]]) -> Due:
    """The due time of what stands on the command line or in a batch line."""
    stops = [Pause(read_instant(begin, calendar), _read_end(end, calendar)) for begin, end in pauses]
    return due(read_instant(start, calendar), Span.parse(span), calendar, stops)


def read_instant(text: str, calendar: Calendar) -> datetime:
    """A date or time in ISO form; a date is its first moment, and no offset means the calendar's zone."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError) as wrong:
        sentence = f"“{text}” is not a time; write 2026-02-13, 2026-02-13T17:30 or 2026-02-13T17:30+08:00"
        raise InstantError(sentence) from wrong
    return instant if instant.tzinfo else instant.replace(tzinfo=calendar.zone)


def read_calendar_named(name: str) -> Calendar:
    """The calendar cn, 24x7, or the one written in a YAML or JSON file."""
    if name == "cn":
        return Calendar.cn()
    if name == "24x7":
        return Calendar.round_the_clock()
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as wrong:
        sentence = f"calendar: no calendar {name}; accepted are cn, 24x7 or a readable YAML or JSON file"
        raise CalendarError(sentence) from wrong
    try:
        written = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as wrong:
        raise CalendarError(f"{path.name}: neither YAML nor JSON can be read here: {wrong}") from wrong
    return Calendar.from_mapping(written, where=path.name)


def as_object(reckoned: Due) -> dict[str, object]:
    """The reckoning as a JSON object: times in ISO form with offset, counted in minutes or in days."""
    return {
        "start": reckoned.start.isoformat(),
        "span": str(reckoned.span),
        "due": _iso(reckoned.at),
        "end_rule": reckoned.end_rule.value if reckoned.at else None,
        "provisional": reckoned.provisional,
        "paused_since": _iso(reckoned.paused_since),
        "segments": [
            {
                "kind": segment.kind.value,
                "start": segment.start.isoformat(),
                "end": segment.end.isoformat(),
                _unit(reckoned): _amount(segment.counted, reckoned),
                "reason": segment.reason,
            }
            for segment in reckoned.segments
        ],
        "pauses": [
            {
                "start": pause.start.isoformat(),
                "end": _iso(pause.end),
                _unit(reckoned): None if pause.counted is None else _amount(pause.counted, reckoned),
                "reason": pause.reason,
            }
            for pause in reckoned.pauses
        ],
    }


def as_lines(reckoned: Due) -> list[str]:
    """The reckoning for people: the result first, then what led there."""
    lines = [_result(reckoned), f"from    {_written(reckoned.start)}, {reckoned.span}"]
    lines += [_segment_line(segment, reckoned) for segment in reckoned.segments]
    lines += [
        f"pause   {_written(pause.start)} to {_written(pause.end)} takes {_counted(pause.counted, reckoned)}"
        for pause in reckoned.pauses
        if pause.counted is not None
    ]
    if reckoned.at:
        lines.append(f"rule    {_RULES[reckoned.end_rule]}")
    if reckoned.provisional:
        years = ", ".join(map(str, reckoned.years_without_notice()))
        lines.append(f"note    provisional: no holiday notice is known for {years}")
    return lines


def _run_batch(calendar_name: str) -> None:
    if not _answer_lines(sys.stdin.buffer, sys.stdout.buffer, calendar_name):
        sys.exit(1)


def _answer_lines(read: Iterable[bytes], write: BinaryIO, calendar_name: str) -> bool:
    """Answer line by line (UTF-8 whatever the terminal speaks) and tell whether every line could be."""
    calendars: dict[str, Calendar] = {}
    all_well = True
    for number, text in enumerate(read, start=1):
        if not text.strip():
            continue
        answer = _answer(text, number, calendar_name, calendars)
        all_well = all_well and "error" not in answer
        write.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    write.flush()
    return all_well


def _answer(text: bytes, number: int, calendar_name: str, calendars: dict[str, Calendar]) -> dict[str, object]:
    try:
        asked = json.loads(text.strip())
    except (ValueError, RecursionError) as wrong:
        return {"line": number, "error": f"line {number} is not JSON: {wrong}"}
    if not isinstance(asked, dict):
        return {"line": number, "error": f"line {number}: expected an object with start and span, found {asked!r}"}
    answer = {key: value for key, value in asked.items() if key not in ("due", "error")}
    try:
        return answer | _answered(asked, calendar_name, calendars)
    except ValueError as wrong:
        return answer | {"due": None, "error": f"line {number}: {wrong}"}


def _answered(asked: Mapping[str, object], calendar_name: str, calendars: dict[str, Calendar]) -> dict[str, object]:
    calendar = _calendar_of(asked.get("calendar") or calendar_name, calendars)
    start, span = asked.get("start"), asked.get("span")
    if not isinstance(start, str):
        raise InstantError(f"start: expected a time such as 2026-02-13T17:30, found {start!r}")
    if not isinstance(span, str):
        raise SpanError(f"span: expected a span such as 4bh, found {span!r}")
    reckoned = reckon(start, span, calendar, _pause_pairs(asked.get("pauses")))
    answered: dict[str, object] = {"due": _iso(reckoned.at)}
    if reckoned.paused_since:
        answered["paused_since"] = _iso(reckoned.paused_since)
    if reckoned.provisional:
        answered["provisional"] = True
    return answered


def _calendar_of(named: object, calendars: dict[str, Calendar]) -> Calendar:
    key = named if isinstance(named, str) else json.dumps(named, sort_keys=True)
    if key not in calendars:
        calendars[key] = read_calendar_named(named) if isinstance(named, str) else Calendar.from_mapping(named)
    return calendars[key]


def _pause_pairs(value: object) -> list[tuple[str, str | None]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InstantError(f"pauses: expected a list of [from, to], found {value!r}")
    for at, pair in enumerate(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise InstantError(f"pauses[{at}]: expected [from, to], found {pair!r}")
    return [(begin, end) for begin, end in value]


def _read_end(text: str | None, calendar: Calendar) -> datetime | None:
    return None if text is None or text == STILL_PAUSED else read_instant(text, calendar)


def _result(reckoned: Due) -> str:
    if reckoned.at:
        return f"due     {_end_written(reckoned.at, reckoned)}"
    return f"due     not decided: the clock has stood still since {_written(reckoned.paused_since)}"


def _end_written(at: datetime, reckoned: Due) -> str:
    """The end of a day as 24:00 of that day rather than as 00:00 of the next."""
    day_before = at - ONE_DAY
    ends_a_day = reckoned.last_day is not None and at.hour == at.minute == 0 and day_before.date() == reckoned.last_day
    return f"{day_before:%a %Y-%m-%d} 24:00 {at:%z}" if ends_a_day else _written(at)


def _segment_line(segment: Segment, reckoned: Due) -> str:
    stretch = f"{segment.kind.value.replace('_', ' '):12}  {_written(segment.start)} to {_written(segment.end)}"
    counted = f"  {_counted(segment.counted, reckoned)}" if segment.kind is SegmentKind.COUNTED else ""
    reason = f"  {segment.reason}" if segment.reason else ""
    return f"        {stretch}{counted}{reason}"


def _counted(counted: timedelta | None, reckoned: Due) -> str:
    if counted is None:
        return ""
    if not reckoned.span.is_counted_in_days:
        hours, minutes = divmod(counted, timedelta(hours=1))
        return f"{hours} h {minutes / ONE_MINUTE:g} min"
    return f"{counted // ONE_DAY} {'day' if counted == ONE_DAY else 'days'}"


def _unit(reckoned: Due) -> str:
    return "days" if reckoned.span.is_counted_in_days else "minutes"


def _amount(counted: timedelta, reckoned: Due) -> int | float:
    if reckoned.span.is_counted_in_days:
        return counted // ONE_DAY
    minutes = counted / ONE_MINUTE
    return int(minutes) if minutes.is_integer() else minutes


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _written(instant: datetime | None) -> str:
    return f"{instant:%a %Y-%m-%d %H:%M %z}" if instant else "now"
