"""Time said in words: how long is left, how long overdue, how late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from luyue.desk.faces import Clock, ClockTone

WORKING_DAY = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def clock(
    status: str,
    *,
    due_at: datetime | None,
    now: datetime,
    done_at: datetime | None = None,
    working_left: timedelta | None = None,
    working_day: timedelta = WORKING_DAY,
    what: str = "",
    clause: str = "",
    owner: str = "",
    url: str = "",
    key: str = "",
) -> Clock:
    """The face of an obligation; `working_left` is given when the promise counts working time only."""
    tone = tone_of(status, due_at=due_at, now=now, done_at=done_at, working_left=working_left, working_day=working_day)
    return Clock(
        tone=tone,
        words=_words(tone, due_at=due_at, now=now, done_at=done_at, working_left=working_left, working_day=working_day),
        at=due_at,
        counts="natural" if working_left is None else "working",
        what=what,
        clause=clause,
        owner=owner,
        url=url,
        key=key,
    )


def tone_of(
    status: str,
    *,
    due_at: datetime | None,
    now: datetime,
    done_at: datetime | None,
    working_left: timedelta | None,
    working_day: timedelta = WORKING_DAY,
) -> ClockTone:
    """Overdue is only what is still owed after its time; near is what falls due within a working day."""
    match status:
        case "kept":
            return "kept"
        case "broken" if done_at is not None:
            return "late"
        case "paused":
            return "paused"
        case "waived":
            return "waived"
        case "cancelled":
            return "cancelled"
    if due_at is None:
        return "running"
    if now > due_at:
        return "overdue"
    near = due_at - now <= DAY if working_left is None else working_left <= working_day
    return "due" if near else "running"


def _words(
    tone: ClockTone,
    *,
    due_at: datetime | None,
    now: datetime,
    done_at: datetime | None,
    working_left: timedelta | None,
    working_day: timedelta,
) -> str:
    if tone in ("kept", "paused", "waived", "cancelled"):
        return {"kept": _("Kept"), "paused": _("Paused"), "waived": _("Waived"), "cancelled": _("Cancelled")}[tone]
    if due_at is None:
        return _("No time limit")
    if tone == "late":
        return _("Late by %(span)s") % {"span": span_in_words((done_at or now) - due_at)}
    if tone == "overdue":
        return _("Overdue by %(span)s") % {"span": span_in_words(now - due_at)}
    if working_left is None:
        return _("%(span)s left") % {"span": span_in_words(due_at - now)}
    return _("%(span)s left") % {"span": working_span_in_words(working_left, working_day=working_day)}


def span_in_words(span: timedelta) -> str:
    """The two largest units at most; from a week on, days alone."""
    if span < HOUR:
        return _("%(minutes)s min") % {"minutes": max(1, span // MINUTE)}
    if span < DAY:
        hours, rest = divmod(span, HOUR)
        minutes = rest // MINUTE
        if hours < 6 and minutes:
            return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
        return _("%(hours)s h") % {"hours": hours}
    days, rest = divmod(span, DAY)
    hours = rest // HOUR
    if days < 7 and hours:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    return _("%(days)s d") % {"days": days}


def working_span_in_words(span: timedelta, *, working_day: timedelta = WORKING_DAY) -> str:
    """Working hours up to two working days, then working days."""
    if span < HOUR:
        return _("%(minutes)s working min") % {"minutes": max(1, span // MINUTE)}
    if span < 2 * working_day:
        return _("%(hours)s working h") % {"hours": f"{span / HOUR:.1f}".removesuffix(".0")}
    return _("%(days)s working d") % {"days": span // working_day}
