"""Questions that are asked at nearly every request: their SQL is worked out once per process, not once per request.

Django needs some five times as long to put such a query together as the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Field, QuerySet
from django.db.models.expressions import Expression

Row = TypeVar("Row")
Value = int | str | date | datetime


class Prepared(Generic[Row]):
    """A query whose values may differ from one time to the next, its shape never.

    What is handed in stands in the query where the function put it, each time anew; a collection may be of any length,
    and its SQL is worked out once for each length. Nothing else may flow into the query, and None may not: a missing
    value is another query.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._known: dict[tuple[object, ...], _Statement] = {}

    def __call__(self, *values: Value | Collection[Value]) -> list[Row]:
        shape = (connection.vendor, *(None if isinstance(each, _PLAIN) else len(each) for each in values))
        statement = self._known.get(shape) or self._known.setdefault(shape, _Statement(self._build(*_places(values))))
        return statement.rows(_flat(values))


_PLAIN = (int, str, date)


def _flat(values: tuple[Value | Collection[Value], ...]) -> list[Value]:
    flat: list[Value] = []
    for each in values:
        if isinstance(each, _PLAIN):
            flat.append(each)
        else:
            flat.extend(each)
    return flat


def _places(values: tuple[Value | Collection[Value], ...]) -> list[Place | list[Place]]:
    places: list[Place | list[Place]] = []
    number = 0
    for each in values:
        if isinstance(each, _PLAIN):
            places.append(Place(number))
            number += 1
        else:
            places.append([Place(number + further) for further in range(len(each))])
            number += len(each)
    return places


class Place(Expression):
    """Where the value of this number is filled in."""

    def __init__(self, number: int) -> None:
        super().__init__(output_field=Field())
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class _Statement:
    """The finished SQL of a query, with the places of its values, and what turns its answer into rows."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(queryset.db)
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()

    def rows(self, values: list[Value]) -> list[Any]:
        if not self._sql:
            return []
        ops = connections[self._queryset.db].ops
        ready = [_adapted(each, ops) for each in values]
        params = tuple(ready[each.number] if isinstance(each, Place) else each for each in self._params)
        query = _InsteadOf(self._queryset.query, get_compiler=lambda using: self._compiler_with(params, using))
        rows: Any = self._queryset._iterable_class
        return list(rows(_InsteadOf(self._queryset, query=query)))

    def _compiler_with(self, params: tuple[Any, ...], using: str) -> Any:
        """What compiled the query, as it was then, on the connection of this thread and with these values."""
        compiler = copy(self._compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda: (self._sql, params)
        return compiler


def _adapted(value: Value, ops: Any) -> Any:
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value) if isinstance(value, date) else value


class _InsteadOf:
    """Something of Django's with a few of its attributes replaced."""

    def __init__(self, original: Any, **replaced: Any) -> None:
        self.__dict__.update(replaced)
        self._original = original

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)
