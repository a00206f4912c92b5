"""Addresses: in whose name a duty stands, and which employee that is once the record names one."""

from __future__ import annotations

from collections.abc import Mapping

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
