"""Addresses: in whose name a duty stands, and which employee that is once the record names one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWNER = "person:owner"
REGISTRAR = "person:registrar"

Persons = Mapping[str, int | None]


def resolved(address: str, persons: Persons) -> str:
    """`person:owner` as `employee:7` when the record has an owner; any other address as it is."""
    kind, _, name = address.partition(":")
    if kind != "person":
        return address
    employee = persons.get(name)
    return address if employee is None else employee_key(employee)


def employee_key(employee_id: int) -> str:
    """The address of one employee."""
    return f"employee:{employee_id}"


def said_address(said: Any) -> str:
    """The address that an event names: as text, as an employee's number, or as `{"id": 7, "name": …}`; else empty."""
    if isinstance(said, Mapping):
        said = said.get("id")
    if isinstance(said, int):
        return employee_key(said)
    return said if isinstance(said, str) else ""
