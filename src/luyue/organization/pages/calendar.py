"""The company's calendar: its week, its own days, the yearly notice, and a month of it to look at."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luyue.organization import hours
from luyue.organization.access import StaffRequest, for_administrators
from luyue.organization.forms import CalendarForm, NoticeForm, carried_out
from luyue.worktime import Calendar

MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the picture of a month: whether and when the company works, and why it does or does not."""

    date: date
    in_month: bool
    is_today: bool
    shifts: tuple[str, ...]
    holiday: str
    is_make_up: bool

    @property
    def holiday_short(self) -> str:
        """The holiday without the remark on what it was exchanged for."""
        return self.holiday.partition("（")[0]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def calendar(request: StaffRequest) -> HttpResponse:
    """Change when the company works."""
    if request.method != "POST":
        return _page(request)
    form = CalendarForm(request.POST)
    notices = request.company.calendar.get("notices", [])
    if carried_out(
        form,
        lambda: hours.set_calendar(request.company, form.mapping(notices=notices), by=request.employee, at=request.now),
    ):
        messages.success(request, _("The calendar has been changed. Clocks that run already keep their due time."))
        return redirect("organization:calendar")
    return _page(request, form=form)


@require_POST
@for_administrators
def notice(request: StaffRequest) -> HttpResponse:
    """Load the yearly notice of public days."""
    form = NoticeForm(request.POST, request.FILES)
    years: list[int] = []
    if carried_out(
        form,
        lambda: years.append(
            hours.load_notice(request.company, form.cleaned_data["notice"], by=request.employee, at=request.now)
        ),
    ):
        messages.success(request, _("The notice for %(year)s has been loaded.") % {"year": years[0]})
        return redirect("organization:calendar")
    return _page(request, loading=form)


def _page(
    request: StaffRequest, *, form: CalendarForm | None = None, loading: NoticeForm | None = None
) -> HttpResponse:
    kept = hours.calendar_of(request.company)
    first = _month_asked_for(request)
    context = {
        "form": form or CalendarForm(initial=CalendarForm.initial_of(kept.to_mapping())),
        "loading": loading or NoticeForm(),
        "weeks": _weeks(kept, first, today=request.today),
        "month": first,
        "before": _moved(first, -1),
        "after": _moved(first, 1),
        "working_days": sum(kept.is_working_day(day) for day in _days_of(first)),
        "is_provisional": kept.is_provisional(first.year),
        "provisional_years": [
            year for year in (request.today.year, request.today.year + 1) if kept.is_provisional(year)
        ],
        "notices": [loaded.year for loaded in kept.public.notices],
        "follows_the_state": kept.public.region == "cn",
    }
    return render(request, "organization/calendar.html", context)


def _month_asked_for(request: StaffRequest) -> date:
    asked = MONTH.fullmatch(request.GET.get("month", ""))
    if asked:
        year, month = map(int, asked.groups())
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
            return date(year, month, 1)
    return request.today.replace(day=1)


def _moved(first: date, by: int) -> date | None:
    year, month = divmod(first.year * 12 + first.month - 1 + by, 12)
    return date(year, month + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None


def _days_of(first: date) -> list[date]:
    return [first.replace(day=number + 1) for number in range(months.monthrange(first.year, first.month)[1])]


def _weeks(kept: Calendar, first: date, *, today: date) -> list[list[Day]]:
    return [
        [_day(kept, day, first=first, today=today) for day in week]
        for week in months.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _day(kept: Calendar, day: date, *, first: date, today: date) -> Day:
    public = kept.public.on(day)
    return Day(
        date=day,
        in_month=day.month == first.month,
        is_today=day == today,
        shifts=tuple(str(shift) for shift in kept.shifts_on(day)),
        holiday=public.name if public and public.is_off else "",
        is_make_up=bool(public and not public.is_off),
    )
