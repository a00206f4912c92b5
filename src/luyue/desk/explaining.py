"""A clock explained to its reader: from when, what was counted, which pauses, under which clause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luyue.desk import faces
from luyue.desk.presenting import clock_of, duty_verb, exactly
from luyue.desk.templatetags.desk import until
from luyue.records.calendars import calendar_of
from luyue.records.case import Case
from luyue.records.models import Obligation
from luyue.rulebook.engine.events import Obligation as Owed
from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.explaining import Explanation, explain
from luyue.rulebook.plain_words import span_in_plain_words
from luyue.worktime.segments import Segment, SegmentKind

_KINDS: dict[SegmentKind, Any] = {
    SegmentKind.COUNTED: "counted",
    SegmentKind.PAUSED: "pause",
    SegmentKind.CLOSED: "rest",
    SegmentKind.DAY_OF_EVENT: "rest",
    SegmentKind.MOVED: "moved",
}


def explanation(case: Case, row: Obligation) -> dict[str, Any]:
    """What the page of a clock shows; its segments add up to the due time."""
    told = explain(_as_owed(row), case.events, case.rules, calendar_of(case.company))
    segments = [_segment(each, told) for each in told.due.segments] if told.due else []
    if row.due_at:
        segments.append(faces.Segment(start=row.due_at, end=None, words=_end_rule(told), kind="result"))
    return {
        "clock": clock_of(row, case.company, case.now, case.names, duty_verb(row, case.names)),
        "sentence": _sentence(case, row, told),
        "facts": _facts(case, row, told),
        "clause": _clause(row, told),
        "segments": segments,
        "total": _total(told),
        "provisional": _provisional(told),
    }


def _as_owed(row: Obligation) -> Owed:
    return Owed(
        key=row.key,
        kind=row.kind,
        procedure=row.procedure,
        clause=row.clause,
        control=row.control,
        owner=row.owner,
        started_by=_starting_sequence(row.key),
        started_at=row.started_at,
        due_at=row.due_at,
        status=Status(row.status),
        settled_at=row.settled_at,
        done_at=row.done_at,
        done_by=row.done_by_id,
        does=tuple(row.does),
        detail=row.detail,
    )


def _starting_sequence(key: str) -> int:
    """The number of the ledger entry after the last `@` of an obligation's key."""
    said = key.rpartition("@")[2].partition("/")[0]
    return int(said) if said.isdigit() else 0


def _sentence(case: Case, row: Obligation, told: Explanation) -> str:
    what = case.names.action(told.started_by.action) if told.started_by else _("a date on the record")
    if row.due_at is None and row.detail.get("waits_for"):
        wanted = str(row.detail["waits_for"]).rpartition(".")[2]
        return _("Runs since “%(what)s” on %(start)s; by when is known once “%(field)s” is filled in.") % {
            "what": what,
            "start": exactly(row.started_at),
            "field": case.names.field(case.record_type, wanted),
        }
    if row.due_at is None:
        return _("Runs since “%(what)s” on %(start)s; it stands still or has no time limit.") % {
            "what": what,
            "start": exactly(row.started_at),
        }
    return _("Runs since “%(what)s” on %(start)s and is due on %(due)s.") % {
        "what": what,
        "start": exactly(row.started_at),
        "due": until(row.due_at),
    }


def _facts(case: Case, row: Obligation, told: Explanation) -> list[faces.Fact]:
    facts = [
        faces.Fact(label=_("Started"), value=exactly(row.started_at), kind="date"),
        faces.Fact(label=_("Within"), value=_within(row)),
        faces.Fact(label=_("Owed by"), value=case.names.address(row.owner)),
        faces.Fact(label=_("Due"), value=until(row.due_at), kind="date"),
        faces.Fact(label=_("Standing"), value=str(row.get_status_display())),
    ]
    if row.done_at:
        facts.append(faces.Fact(label=_("Done"), value=exactly(row.done_at), kind="date"))
    if told.settled_by:
        facts.append(faces.Fact(label=_("By"), value=case.names.action(told.settled_by.action)))
    return facts


def _within(row: Obligation) -> str:
    span = str(row.detail.get("span", ""))
    return span_in_plain_words(span) if span else ""


def _clause(row: Obligation, told: Explanation) -> dict[str, str] | None:
    if told.bound is None:
        return None
    return {
        "procedure": row.procedure,
        "number": row.clause,
        "text": told.bound.clause_text.in_language(get_language() or "zh-hans"),
        "url": f"{reverse('desk:procedure', args=[row.procedure])}?edition={row.edition_id}#{anchor(row.clause)}",
    }


def anchor(clause: str) -> str:
    """The place of a clause on the page of its procedure."""
    return "c" + "".join(letter if letter.isalnum() else "-" for letter in clause)


def _segment(segment: Segment, told: Explanation) -> faces.Segment:
    words = {
        SegmentKind.COUNTED: _("counted"),
        SegmentKind.PAUSED: _("the clock stood still"),
        SegmentKind.CLOSED: _("outside business hours"),
        SegmentKind.DAY_OF_EVENT: _("the day of the event is not counted (Civil Code art. 201)"),
        SegmentKind.MOVED: _("the end falls on a day off and moves on (Civil Code art. 203)"),
    }[segment.kind]
    if segment.reason and segment.kind in (SegmentKind.MOVED, SegmentKind.PAUSED):
        words = f"{words}: {segment.reason}"
    counted = segment.counted
    return faces.Segment(
        start=segment.start,
        end=segment.end,
        words=words,
        amount=_amount(counted, told) if counted else "",
        kind=_KINDS[segment.kind],
    )


def _amount(counted: timedelta, told: Explanation) -> str:
    by_days = told.due is not None and told.due.span.is_counted_in_days
    if by_days:
        return _("%(n)s d") % {"n": counted // timedelta(days=1)}
    hours, rest = divmod(counted, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _total(told: Explanation) -> str:
    if told.due is None:
        return ""
    return _amount(sum((each.counted for each in told.due.segments), timedelta()), told)


def _end_rule(told: Explanation) -> str:
    if told.due is not None and told.due.span.is_counted_in_days:
        return _("due: the end of the last day")
    return _("due")


def _provisional(told: Explanation) -> str:
    if told.due is None or not told.due.provisional:
        return ""
    years = ", ".join(str(year) for year in told.due.years_without_notice())
    return _("The notice of holidays and make-up days for %(years)s is not loaded; the due time may move.") % {
        "years": years
    }
