"""Working time: calendars, spans, due times. Pure arithmetic; nothing here knows a database or asks for the time."""

from luyue.worktime.calendar import Calendar
from luyue.worktime.calendar_mapping import OwnWorkingDay
from luyue.worktime.pauses import InstantError, Pause
from luyue.worktime.public_days import Notice, PublicDay, PublicDays
from luyue.worktime.reckoning import CountedPause, Due, EndRule, due, due_before
from luyue.worktime.segments import Line, Segment, SegmentKind
from luyue.worktime.shifts import CalendarError, Shift
from luyue.worktime.spans import Span, SpanError, Unit

__all__ = [
    "Calendar",
    "CalendarError",
    "CountedPause",
    "Due",
    "EndRule",
    "InstantError",
    "Line",
    "Notice",
    "OwnWorkingDay",
    "Pause",
    "PublicDay",
    "PublicDays",
    "Segment",
    "SegmentKind",
    "Shift",
    "Span",
    "SpanError",
    "Unit",
    "due",
    "due_before",
]
