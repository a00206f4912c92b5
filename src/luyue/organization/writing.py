"""Rows written in one statement, whose words Django's models give once a process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, Field, ForeignKey, IntegerField, Model, TextField

MOST_VALUES = 900
"""In one statement; the smallest limit that any build of SQLite has."""


def insert(rows: Sequence[Model]) -> None:
    """Add new rows of one model and give them their keys; one statement for each table in which they stand.

    Called inside a transaction, as all that belongs together is written there.
    """
    if not rows:
        return
    model = type(rows[0])
    for parent, link in model._meta.parents.items():
        _insert_into(parent, rows)
        assert link is not None
        for row in rows:
            setattr(row, link.attname, getattr(row, _key_of(parent)))
    _insert_into(model, rows)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: Collection[str]) -> None:
    """Write these fields of a row that is there already. Raises DatabaseError when it is not."""
    for table, fields in _parted(type(row), frozenset(names)):
        _update_in(table, row, fields)


def _insert_into(model: type[Model], rows: Sequence[Model]) -> None:
    here = connections[DEFAULT_DB_ALIAS]
    fields, gives_key = _fields(model)
    most = max(1, MOST_VALUES // len(fields))
    for start in range(0, len(rows), most):
        some = rows[start : start + most]
        with here.cursor() as cursor:
            values = [_ready(field, field.pre_save(row, add=True), here) for row in some for field in fields]
            cursor.execute(_insertion(model, len(some)), values)
            if gives_key:
                for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                    setattr(row, _key_of(model), key)


def _key_of(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return key.attname


def _ready(field: Field[Any, Any], value: Any, here: BaseDatabaseWrapper) -> Any:
    """The value as the database takes it; most go as they are, and Django would be long in finding that out."""
    if value is None or type(value) in _GOES_AS_IT_IS.get(type(field), ()):
        return value
    return field.get_db_prep_save(value, here)


_GOES_AS_IT_IS: Mapping[type[Any], tuple[type, ...]] = {
    CharField: (str,), TextField: (str,), BooleanField: (bool,), IntegerField: (int,), ForeignKey: (int,)
}  # fmt: skip


def _update_in(table: type[Model], row: Model, fields: tuple[Field[Any, Any], ...]) -> None:
    here = connections[DEFAULT_DB_ALIAS]
    values = [_ready(field, field.pre_save(row, add=False), here) for field in fields]
    with here.cursor() as cursor:
        cursor.execute(_change(table, fields), [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{table._meta.db_table} has no row {row.pk}")


@lru_cache(maxsize=512)
def _parted(model: type[Model], names: frozenset[str]) -> Sequence[tuple[type[Model], tuple[Field[Any, Any], ...]]]:
    """The named fields by the table in which they stand; a field goes by its own name or by that of its column."""
    fields = {model._meta.get_field(name) for name in names}
    tables = (*model._meta.parents, model)
    parts = ((table, tuple(each for each in table._meta.local_concrete_fields if each in fields)) for table in tables)
    return [(table, part) for table, part in parts if part]


@cache
def _fields(model: type[Model]) -> tuple[tuple[Field[Any, Any], ...], bool]:
    """What is written of a new row, and whether the database gives it its key."""
    key = model._meta.auto_field
    gives_key = key is not None and key in model._meta.local_concrete_fields
    return tuple(field for field in model._meta.local_concrete_fields if field is not key), gives_key


@lru_cache(maxsize=512)
def _insertion(model: type[Model], number: int) -> str:
    fields, gives_key = _fields(model)
    quote = connection.ops.quote_name
    row = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(quote(str(field.column)) for field in fields)
    returning = f" RETURNING {quote(str(model._meta.pk.column))}" if gives_key else ""
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * number)}{returning}"


@lru_cache(maxsize=512)
def _change(model: type[Model], fields: tuple[Field[Any, Any], ...]) -> str:
    quote = connection.ops.quote_name
    said = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {said} WHERE {quote(str(model._meta.pk.column))} = %s"
