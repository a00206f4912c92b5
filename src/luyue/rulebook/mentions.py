"""Which names a control mentions, where they stand in it, and of what each must be the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from luyue.rulebook import controls
from luyue.rulebook.controls import Control
from luyue.rulebook.problems import Place
from luyue.rulebook.values import Address


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at its place in a control; `of` is the action or record type within which it has its meaning."""

    place: Place
    kind: str
    name: str
    of: str = ""


NAMED_BY: Mapping[tuple[type[BaseModel], str], str] = {
    (controls.Role, "actions"): "action",
    (controls.SignOff, "before"): "action",
    (controls.SignOff, "after"): "action",
    (controls.SignOff, "same_as"): "action",
    (controls.TimeLimit, "starts"): "action",
    (controls.TimeLimit, "stops"): "action",
    (controls.TimeLimit, "restarts"): "action",
    (controls.TimeLimit, "cancels"): "action",
    (controls.TimeLimit, "since"): "date field",
    (controls.TimeLimit, "due"): "date field",
    (controls.TimeLimit, "within"): "span or duration field",
    (controls.TimeLimit, "pauses"): "state",
    (controls.Cadence, "actions"): "action",
    (controls.Prerequisite, "before"): "action",
    (controls.Need, "action"): "action",
    (controls.Need, "since"): "action",
    (controls.Need, "attachment"): "attachment",
    (controls.LinkNeed, "type"): "record type",
    (controls.LinkNeed, "states"): "state of type",
    (controls.Order, "first"): "action",
    (controls.Order, "then"): "action",
    (controls.SeparatePersons, "actions"): "action",
    (controls.RequiredFields, "action"): "action",
    (controls.RequiredFields, "fields"): "field of action",
    (controls.Routing, "on"): "action",
    (controls.Notice, "on"): "action",
    (controls.Notice, "proved_by"): "action",
    (controls.Notice, "ahead_of"): "date field",
    (controls.Notice, "cancels"): "action",
    (controls.Classification, "field"): "field",
    (controls.Numbering, "record"): "record type",
    (controls.Form, "record"): "record type",
    (controls.Form, "fields"): "printed field of type",
    (controls.Form, "copies_to"): "department or position",
    (controls.Form, "only_after"): "action",
    (controls.Form, "since"): "action",
    (controls.SignatureBox, "signs_on"): "action",
    (controls.SignatureBox, "position"): "position",
    (controls.Retention, "record"): "record type",
    (controls.Confidentiality, "record"): "record type",
    (controls.Confidentiality, "fields"): "hidden field of type",
    (controls.Threshold, "name"): "threshold",
    (Address, "position"): "position",
    (Address, "department"): "department",
}

SAID_WITHIN: Mapping[tuple[type[BaseModel], str], str] = {
    (controls.RequiredFields, "fields"): "action",
    (controls.Form, "fields"): "record",
    (controls.Confidentiality, "fields"): "record",
    (controls.LinkNeed, "states"): "type",
}

SUBJECTS: Mapping[type[Control], tuple[str, ...]] = {
    controls.Role: ("actions",),
    controls.SignOff: ("before",),
    controls.TimeLimit: ("starts", "since"),
    controls.Cadence: ("actions",),
    controls.Prerequisite: ("before",),
    controls.Order: ("then",),
    controls.SeparatePersons: ("actions",),
    controls.RequiredFields: ("action",),
    controls.Routing: ("on",),
    controls.Notice: ("on", "ahead_of"),
    controls.Classification: ("field",),
    controls.Numbering: ("record",),
    controls.Form: ("record",),
    controls.Retention: ("record",),
    controls.Confidentiality: ("record",),
}


def mentions(part: BaseModel, place: Place = ()) -> Iterator[Mention]:
    """Every name in a control, in the order of the file's keys."""
    for field in type(part).model_fields:
        value = getattr(part, field)
        kind = NAMED_BY.get((type(part), field))
        within = SAID_WITHIN.get((type(part), field))
        of = str(getattr(part, within)) if within else ""
        for step, said in _each(value):
            here = (*place, field, *step)
            if isinstance(said, BaseModel):
                yield from mentions(said, here)
            elif kind is not None and isinstance(said, str):
                yield Mention(here, kind, said, of)


def record_types_of(control: Control) -> tuple[str, ...]:
    """The record types on whose facts the control's condition depends."""
    said = [name for field in SUBJECTS.get(type(control), ()) for _step, name in _each(getattr(control, field))]
    return tuple(dict.fromkeys(name.partition(".")[0] for name in said if name))


def _each(value: Any) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, tuple):
        yield from (((position,), part) for position, part in enumerate(value))
    else:
        yield (), value
