"""How often each clause was kept, day by day, counted as it happens, so that no page has to count a year again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from luyue.records.models import Obligation, Tally

Place = tuple[str, str, date, str]
"""Procedure, clause, day in the company's zone, standing; a deed has no procedure and its action as clause."""

DEED = "deed"
GOVERNED = "governed"
"""Deeds that a clause governed because of their facts; what it governs whatever the facts is counted as deeds."""


def standing_of(row: Obligation) -> str | None:
    """Kept, late, broken or running; what was cancelled or waived counts nowhere."""
    if row.status in (Obligation.Status.CANCELLED, Obligation.Status.WAIVED):
        return None
    if row.status == Obligation.Status.PAUSED:
        return str(Obligation.Status.RUNNING)
    if row.status == Obligation.Status.BROKEN and row.done_at is not None:
        return "late"
    return str(row.status)


def place_of(row: Obligation, zone: ZoneInfo, standing: str) -> Place:
    return row.procedure, row.clause, row.started_at.astimezone(zone).date(), standing


def deed(action: str, occurred_at: datetime, zone: ZoneInfo) -> Place:
    """Where an action is counted."""
    return "", action, occurred_at.astimezone(zone).date(), DEED


def governed(procedure: str, clause: str, occurred_at: datetime, zone: ZoneInfo) -> Place:
    """Where an action is counted for a clause that governed it in this case."""
    return procedure, clause, occurred_at.astimezone(zone).date(), GOVERNED


def add(company_id: int, moves: Mapping[Place, int]) -> None:
    """Add to the tallies in one statement, always in the same order, so that two who count never block each other."""
    wanted = sorted((place, number) for place, number in Counter(moves).items() if number)
    if not wanted:
        return
    table = connection.ops.quote_name(Tally._meta.db_table)
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(wanted))
    values = [value for place, number in wanted for value in (company_id, *place, number)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (company_id, procedure, clause, day, standing, number) VALUES {rows}"
            " ON CONFLICT (company_id, procedure, clause, day, standing)"
            f" DO UPDATE SET number = {table}.number + excluded.number",
            values,
        )
