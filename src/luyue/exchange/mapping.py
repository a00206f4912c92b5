"""The map of an import: which column of the old register becomes which field of which action."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, StringConstraints

from luyue.records import registry
from luyue.records.actions import Action
from luyue.records.forms import Lookup
from luyue.records.record_types import RecordType
from luyue.rulebook.loading import read_as
from luyue.rulebook.problems import Problem, RulebookError, what_is_accepted
from luyue.rulebook.values import Code, Frozen

Scalar = bool | int | float | str | None
_COLUMN_IN_TEXT = re.compile(r"\{([^{}]+)\}")


class Source(Frozen):
    """Where a field's value comes from: one column, several columns in a text, or the same value for all rows."""

    column: str | None = None
    text: str | None = None
    value: Scalar = None
    values: dict[str, Scalar] = Field(default_factory=dict)
    otherwise: Scalar = None
    create: Annotated[str, StringConstraints(pattern=r"\{sequence:[1-9]\}", max_length=30)] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,) if self.column else tuple(_COLUMN_IN_TEXT.findall(self.text or ""))

    def said(self, cells: Mapping[str, str]) -> Scalar:
        """What the row says, before words are exchanged; of a text, lines in which nothing stands are left out."""
        if self.column:
            return cells[self.column]
        if self.text is None:
            return self.value
        filled = _COLUMN_IN_TEXT.sub(lambda found: cells[found.group(1)], self.text)
        return "\n".join(line for part in filled.split("\n") if (line := " ".join(part.split())))


def _column_by_name(raw: object) -> object:
    return {"column": raw} if isinstance(raw, str) else raw


Sources = dict[Code, Annotated[Source, BeforeValidator(_column_by_name, json_schema_input_type=str | Source)]]


class Deed(Frozen):
    """One action that a row tells of: on which day it happened, and what was said with it."""

    at: str | None = None
    fields: Sources = Field(default_factory=dict)


class Opening(Deed):
    """How a row's record is opened."""

    at: str


class Following(Deed):
    """What happened to the record later."""

    action: Code


class Map(Frozen):
    """How the rows of one old register become records."""

    register_: str = Field(alias="register")
    dates: Annotated[tuple[str, ...], Field(min_length=1)] = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S")
    time_of_day: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "00:00"
    empty: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    open: Opening
    then: tuple[Following, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the map names."""
        deeds: Sequence[Deed] = (self.open, *self.then)
        named = {column for deed in deeds for source in deed.fields.values() for column in source.columns}
        return frozenset(named | {deed.at for deed in deeds if deed.at} | set(self.key))


def read_map(file: Path, register: str) -> tuple[Map, RecordType]:
    """The map in a file, checked against the register that it is for.

    Raises RulebookError with everything that is wrong with it.
    """
    read = read_as(file, Map, file.name)
    record_type = registry.by_slug(register)
    problems = [
        Problem(file.name, path, "map", sentence) for path, sentence in _contradictions(read, register, record_type)
    ]
    if problems or record_type is None:
        raise RulebookError(problems)
    return read, record_type


def refuse_missing_columns(read: Map, columns: Sequence[str], *, map_name: str) -> None:
    """Raise RulebookError when the map names columns that the file does not have."""
    missing = sorted(read.columns - set(columns))
    if missing:
        raise RulebookError(
            Problem(
                map_name,
                "",
                "no_column",
                f"{_('the file has no column “%(column)s”') % {'column': name}}; {what_is_accepted(name, columns)}",
            )
            for name in missing
        )


def _contradictions(read: Map, register: str, record_type: RecordType | None) -> Iterator[tuple[str, str]]:
    if record_type is None:
        registers = [each.slug for each in registry.record_types()]
        yield (
            "",
            f"{_('there is no register `%(name)s`') % {'name': register}}; {what_is_accepted(register, registers)}",
        )
        return
    if read.register_ != register:
        yield "register", _("the map is for `%(name)s`") % {"name": read.register_}
    yield from _fields_that_do_not_fit("open", read.open, record_type.opening_action)
    later = {name: each for name, each in record_type.all_actions.items() if not each.is_opening}
    for place, deed in enumerate(read.then):
        action = later.get(deed.action)
        if action is None:
            accepted = what_is_accepted(deed.action, list(later))
            yield f"then[{place}].action", f"{_('no action `%(name)s`') % {'name': deed.action}}; {accepted}"
        else:
            yield from _fields_that_do_not_fit(f"then[{place}]", deed, action)


def _fields_that_do_not_fit(path: str, deed: Deed, action: Action[Any, Any]) -> Iterator[tuple[str, str]]:
    asked = action.form.base_fields if action.form else {}
    for name, source in deed.fields.items():
        where = f"{path}.fields.{name}"
        if name not in asked:
            said = _("the action `%(action)s` asks for no `%(name)s`") % {"action": action.name, "name": name}
            yield where, f"{said}; {what_is_accepted(name, list(asked))}"
            continue
        if (source.column is not None) + (source.text is not None) + (source.value is not None) != 1:
            yield where, _("say exactly one of `column`, `text`, `value`")
        if source.create and not isinstance(asked[name], Lookup):
            yield where, _("`create` is for customers, products and the like, not for `%(name)s`") % {"name": name}
    for name, field in asked.items():
        if field.required and field.initial is None and name not in deed.fields:
            yield path, _("the action `%(action)s` needs `%(name)s`") % {"action": action.name, "name": name}
