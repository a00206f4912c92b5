"""The small values that a procedure file is made of: texts, addresses, spans, conditions."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from luyue.worktime import Span, SpanError


def _(sentence: str) -> str:
    """Mark a sentence for translation; reading rules needs no Django, so it is translated where it is shown."""
    return sentence


class NotAcceptedError(ValueError):
    """Something in a file cannot stand there; the sentence is translated where it is shown."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values = values


class Frozen(BaseModel):
    """A piece of a procedure file: typed, unchangeable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=False)


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
_FIELD = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
FieldName = Annotated[str, StringConstraints(pattern=_FIELD)]
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}%$")]


def _a_span(text: object) -> str:
    try:
        return str(Span.parse(str(text)))
    except SpanError as wrong:
        raise ValueError(str(wrong)) from wrong


_WrittenSpan = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(mo|bh|wd|m|h|d|y)!?$")]
SpanText = Annotated[str, BeforeValidator(_a_span, json_schema_input_type=_WrittenSpan)]
"""`2h`, `4bh` (business hours), `10d`, `10d!` (does not move at its end), `3wd` (working days), `2mo`, `1y`."""


def _a_span_or_field(text: object) -> str:
    """A name with a dot is a field's; everything else must be a span."""
    said = str(text)
    return said if re.fullmatch(_FIELD, said) else _a_span(said)


Length = Annotated[str, BeforeValidator(_a_span_or_field, json_schema_input_type=_WrittenSpan | FieldName)]
"""A span, or the field of the record in which the span is written: `shipment.planned_travel_time`."""


class Text(Frozen):
    """A sentence in the languages of the company; Simplified Chinese is always there."""

    zh_hans: str = Field(alias="zh-hans", min_length=1)
    zh_hant: str = Field(default="", alias="zh-hant")
    en: str = ""

    def in_language(self, language: str) -> str:
        if language.startswith("en") and self.en:
            return self.en
        if language.lower() in ("zh-hant", "zh-tw", "zh-hk") and self.zh_hant:
            return self.zh_hant
        return self.zh_hans


class Address(Frozen):
    """Who owes, signs, receives or may act: a position, a department, or a person named by the record itself."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    position: Code | None = None
    department: Code | None = None
    person: Literal["owner", "registrar"] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Address:
        if sum(value is not None for value in (self.position, self.department, self.person)) != 1:
            raise NotAcceptedError(_("name exactly one of position, department, person"))
        return self

    @property
    def key(self) -> str:
        """`position:quality_manager`, `department:sales` or `person:owner`."""
        if self.position:
            return f"position:{self.position}"
        return f"department:{self.department}" if self.department else f"person:{self.person}"


class Interval(Frozen):
    """The numbers from one bound to another, each bound said to belong or not."""

    low: Decimal | None = None
    low_included: bool = False
    high: Decimal | None = None
    high_included: bool = False

    def __contains__(self, number: Decimal) -> bool:
        above = self.low is None or number > self.low or (self.low_included and number == self.low)
        below = self.high is None or number < self.high or (self.high_included and number == self.high)
        return above and below

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "any"
        if self.low is None:
            return f"{'<=' if self.high_included else '<'}{self.high}"
        if self.high is None:
            return f"{'>=' if self.low_included else '>'}{self.low}"
        return f"{'[' if self.low_included else '('}{self.low}, {self.high}{']' if self.high_included else ')'}"

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read `<=300`, `(300, 1000]`, `>5000000` or `=7`.

        Raises ValueError with a sentence when it is none of these.
        """
        said = text.strip().replace("≤", "<=").replace("≥", ">=")
        try:
            found = cls._between(said) if said[:1] in ("(", "[") else cls._from_sign(said)
        except (InvalidOperation, IndexError, ValueError):
            found = None
        if found is None:
            raise NotAcceptedError(
                _("“%(text)s” is no interval; accepted are <=300, <300, >=300, >300, =300, (300, 1000], [0, 5)"),
                text=text,
            )
        if found.is_empty:
            raise NotAcceptedError(_("the interval “%(text)s” is empty"), text=text)
        return found

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_included and self.high_included))

    @classmethod
    def _between(cls, said: str) -> Interval | None:
        if said[-1] not in ")]":
            return None
        low, high = (_a_number(part) for part in said[1:-1].split(","))
        return cls(low=low, low_included=said[0] == "[", high=high, high_included=said[-1] == "]")

    @classmethod
    def _from_sign(cls, said: str) -> Interval | None:
        sign = next((sign for sign in ("<=", ">=", "<", ">", "=") if said.startswith(sign)), None)
        if sign is None:
            return None
        number = _a_number(said[len(sign) :])
        if sign == "=":
            return cls(low=number, low_included=True, high=number, high_included=True)
        if sign[0] == "<":
            return cls(high=number, high_included=sign == "<=")
        return cls(low=number, low_included=sign == ">=")


def _a_number(text: str) -> Decimal:
    number = Decimal(text.strip())
    if not number.is_finite():
        raise InvalidOperation
    return number


Allowed = Interval | frozenset[str] | frozenset[bool]


def _allowed(said: Any) -> Any:
    if isinstance(said, Interval | frozenset):
        return said
    if isinstance(said, bool):
        return frozenset({said})
    if isinstance(said, str) and said[:1].isalpha():
        raise NotAcceptedError(_("write the values as a list: [%(text)s]"), text=said)
    if isinstance(said, str):
        return Interval.parse(said)
    if isinstance(said, list) and said and (_all_are(said, str) or _all_are(said, bool)):
        return frozenset(said)
    raise NotAcceptedError(_("a condition is a list of values, true or false, or an interval such as “(300, 1000]”"))


def _all_are(said: list[Any], kind: type) -> bool:
    return all(isinstance(value, kind) for value in said)


def _not_empty(table: dict[str, Allowed]) -> dict[str, Allowed]:
    if not table:
        raise NotAcceptedError(_("an empty condition is always true: leave `when` out instead"))
    return table


_WrittenInterval = Annotated[str, StringConstraints(pattern=r"^\s*([<>]=?|[≤≥=]|[(\[])[^<>]*$")]
_Condition = Annotated[
    Any, BeforeValidator(_allowed, json_schema_input_type=bool | _WrittenInterval | list[str] | list[bool])
]
Table = Annotated[dict[Code, _Condition], AfterValidator(_not_empty)]
"""Facts joined by *and*; each names the values (a set) or the numbers (an interval) that it may have."""


def _tables(raw: Any) -> Any:
    return [raw] if isinstance(raw, dict) else raw


When = Annotated[
    tuple[Table, ...],
    Field(min_length=1),
    BeforeValidator(_tables, json_schema_input_type=Table | list[Table]),
]
"""One table, or several of which any may hold."""
