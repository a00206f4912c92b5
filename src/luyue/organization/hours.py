"""When a company works: its calendar, changed by its administrator, and the yearly notice of public days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.organization.changes import write_down
from luyue.organization.models import Company, Employee
from luyue.organization.refusals import StaffError, only_an_administrator
from luyue.worktime import Calendar, CalendarError, Notice


def calendar_of(company: Company) -> Calendar:
    """The company's own calendar; what it has not set is as usual in China (Monday to Friday, public holidays)."""
    return _calendar(company.time_zone, json.dumps(company.calendar, sort_keys=True))


@lru_cache(maxsize=256)
def _calendar(time_zone: str, written: str) -> Calendar:
    return Calendar.from_mapping({**Calendar.cn().to_mapping(), **json.loads(written), "zone": time_zone})


@transaction.atomic
def set_calendar(company: Company, mapping: Mapping[str, object], *, by: Employee | None, at: datetime) -> None:
    """Let the company work by this calendar from now on; clocks that run already keep their due time."""
    only_an_administrator(company, by=by, at=at)
    try:
        calendar = Calendar.from_mapping({**mapping, "zone": company.time_zone}, where=_("Calendar"))
    except CalendarError as error:
        raise StaffError(str(error)) from error
    _keep(company, calendar, action="set_calendar", by=by, at=at)


@transaction.atomic
def load_notice(company: Company, notice: object, *, by: Employee | None, at: datetime) -> int:
    """Take over the State Council's notice for one year; the year that it rules is given back."""
    only_an_administrator(company, by=by, at=at)
    calendar = calendar_of(company)
    if calendar.public.region == "none":
        raise StaffError(_("This calendar does not follow the public holidays of China; switch them on first."))
    try:
        read = Notice.from_mapping(notice, where=_("Yearly notice"))
        changed = calendar.with_notice(read)
    except CalendarError as error:
        raise StaffError(str(error), field="notice") from error
    _keep(company, changed, action="load_notice", by=by, at=at)
    return read.year


def _keep(company: Company, calendar: Calendar, *, action: str, by: Employee | None, at: datetime) -> None:
    before, company.calendar = company.calendar, calendar.to_mapping()
    company.save(update_fields=["calendar"])
    write_down(
        company.pk,
        action,
        by=by,
        at=at,
        changes={key: (before.get(key), value) for key, value in company.calendar.items()},
    )
