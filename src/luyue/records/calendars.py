"""The working calendar of a company, read once a process for each version of it."""

from __future__ import annotations

import json
from functools import lru_cache

from luyue.organization.models import Company
from luyue.worktime import Calendar


def calendar_of(company: Company) -> Calendar:
    """Shifts, days off and public holidays of the company, in its time zone."""
    return _calendar(company.time_zone, json.dumps(company.calendar, sort_keys=True))


@lru_cache(maxsize=64)
def _calendar(zone: str, settings: str) -> Calendar:
    return Calendar.from_mapping({"zone": zone, "week": "cn", "public": "cn"} | json.loads(settings) | {"zone": zone})
