"""Whether a condition holds: tables over facts, in which a fact that is not known yet decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from luyue.rulebook.values import AgeInterval, DateInterval, Interval

Facts = Mapping[str, Any]
Tables = Sequence[Mapping[str, Any]]


def holds(when: Tables | None, facts: Facts) -> bool | None:
    """True when any table holds, False when none can; None while it cannot be decided for want of a fact."""
    if when is None:
        return True
    answers = [_table_holds(table, facts) for table in when]
    if True in answers:
        return True
    return None if None in answers else False


def unknown_facts(when: Tables | None, facts: Facts) -> tuple[str, ...]:
    """The facts that must be filled before the condition can be decided; none when it is decided already."""
    if when is None or holds(when, facts) is not None:
        return ()
    undecided = [table for table in when if _table_holds(table, facts) is None]
    wanted = {fact: None for table in undecided for fact in table if _fact_is_in(table[fact], facts.get(fact)) is None}
    return tuple(wanted)


def _table_holds(table: Mapping[str, Any], facts: Facts) -> bool | None:
    undecided = False
    for fact, allowed in table.items():
        answer = _fact_is_in(allowed, facts.get(fact))
        if answer is False:
            return False
        undecided = undecided or answer is None
    return None if undecided else True


def _fact_is_in(allowed: Any, value: Any) -> bool | None:
    if value is None or value == "":
        return None
    if isinstance(allowed, Interval):
        number = exact_number(value)
        return None if number is None else number in allowed
    if isinstance(allowed, DateInterval):
        day = as_day(value)
        return None if day is None else day in allowed
    if isinstance(allowed, AgeInterval):
        dates = [as_day(part) for part in str(value).split("/")]
        return allowed.holds_from(*dates) if len(dates) == 2 and None not in dates else None  # type: ignore[arg-type]
    if isinstance(value, bool):
        return any(choice is value for choice in allowed)
    if isinstance(value, date):
        return value.isoformat() in allowed
    return any(choice == value for choice in allowed if not isinstance(choice, bool))


def as_day(value: Any) -> date | None:
    """A date as it is, an instant by its day, an ISO text as either; None for what is none of these."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def exact_number(value: Any) -> Decimal | None:
    """The number as it was written, so that 300.1 is 300.1; None for what is no number."""
    if isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
