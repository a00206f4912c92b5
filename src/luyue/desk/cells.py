"""How a register's cells are read from its records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from luyue.desk import faces
from luyue.desk.listing import Listing
from luyue.desk.presenting import labels_of, nearest_clock, said, state_of
from luyue.records.models import Record


def reading(listing: Listing, name: str) -> Callable[[Record], Any]:
    """How a column's cells are read from the records; what is the same for all rows is worked out once."""
    record_type, now = listing.record_type, listing.request.now
    if name == "state":
        states = {state: state_of(record_type, state) for state in record_type.states.values}
        return lambda each: states.get(each.state) or state_of(record_type, each.state)
    if name == "nearest_due_at":
        return lambda each: nearest_clock(each, now)
    if name == "owner":
        return lambda each: faces.Person(name=each.owner.name) if each.owner else None
    labels = labels_of(record_type.model._meta.get_field(name))
    if labels:
        return lambda each: said(labels.get(getattr(each, name), getattr(each, name)))
    return lambda each: said(getattr(each, name))
