"""Questions that are asked at nearly every request: their SQL is worked out once per process, not once per request.

Django needs some five times as long to put such a query together as the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import Expression
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

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


@cache
def by_id(model: type[Model], *related: str) -> Prepared[Any]:
    """The question for some rows of a table by their ids, with what they refer to."""
    return Prepared(lambda ids: model._default_manager.filter(id__in=ids).select_related(*related))


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
        compiler = queryset.query.get_compiler(queryset.db)
        self._using = queryset.db
        try:
            self._sql, self._params = compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
            return
        found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        self._converters = [(place, convert, column) for place, (each, column) in found.items() for convert in each]
        self._row = _row_of(queryset, compiler)

    def rows(self, values: list[Value]) -> list[Any]:
        if not self._sql:
            return []
        connection = connections[self._using]
        ready = [_adapted(each, connection.ops) for each in values]
        params = [ready[each.number] if isinstance(each, Place) else each for each in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            answer = [list(row) for row in cursor.fetchall()]
        for row in answer:
            for place, convert, column in self._converters:
                row[place] = convert(row[place], column, connection)
        return [self._row(row) for row in answer]


def _row_of(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[list[Any]], Any]:
    """What makes of the columns that the database gave what Django would have made of them."""
    kind: Any = queryset._iterable_class
    if kind is FlatValuesListIterable:
        return _only_column
    if kind is ValuesListIterable and not queryset.query.annotations:
        return tuple
    if kind is not ModelIterable:
        raise TypeError("rows of this shape have not been prepared yet")
    info, model = compiler.klass_info, queryset.model
    first, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _alias in compiler.select[first:end]]
    joined = get_related_populators(info, compiler.select, queryset.db)  # type: ignore[call-arg]

    def row(columns: list[Any]) -> Any:
        found = model.from_db(queryset.db, names, columns[first:end])
        for each in joined:
            each.populate(columns, found)
        return found

    return row


def _only_column(columns: list[Any]) -> Any:
    return columns[0]


def _adapted(value: Value, ops: Any) -> Any:
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value) if isinstance(value, date) else value
