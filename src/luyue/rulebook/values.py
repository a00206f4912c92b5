"""The small values that a procedure file is made of: texts, addresses, spans, conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from luyue.worktime import Span, SpanError
from luyue.worktime.spans import months_later


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


class Bounds(Frozen):
    """From one bound to another, each said to belong or not; without a bound it goes on without end."""

    low: Any = None
    low_included: bool = False
    high: Any = None
    high_included: bool = False

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return "any"
        if self.low is None:
            return f"{'<=' if self.high_included else '<'}{self.high}"
        if self.high is None:
            return f"{'>=' if self.low_included else '>'}{self.low}"
        return f"{'[' if self.low_included else '('}{self.low}, {self.high}{']' if self.high_included else ')'}"

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high) or (self.low == self.high and not (self.low_included and self.high_included))


class Interval(Bounds):
    """The numbers between two bounds."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __contains__(self, number: Decimal) -> bool:
        above = self.low is None or number > self.low or (self.low_included and number == self.low)
        below = self.high is None or number < self.high or (self.high_included and number == self.high)
        return above and below

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read `<=300`, `(300, 1000]`, `>5000000` or `=7`.

        Raises ValueError with a sentence when it is none of these.
        """
        found = read_bounds(text)
        if not isinstance(found, Interval):
            raise NotAcceptedError(_NO_INTERVAL, text=text)
        return found


class DateInterval(Bounds):
    """The days between two dates."""

    low: date | None = None
    high: date | None = None

    def __contains__(self, day: date) -> bool:
        first, last = self.days
        return (first is None or first <= day.toordinal()) and (last is None or day.toordinal() <= last)

    @property
    def days(self) -> tuple[int | None, int | None]:
        """The first and the last day that belong, by their number."""
        return _first_and_last(self, *(None if bound is None else bound.toordinal() for bound in (self.low, self.high)))

    @property
    def is_empty(self) -> bool:
        first, last = self.days
        return first is not None and last is not None and first > last


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """How much later one date is than another, in days or in months of the calendar."""

    amount: int
    unit: Literal["d", "mo"]

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    def after(self, day: date) -> date:
        """The date that is so much later: the same day number in the target month, else that month's last day."""
        return day + timedelta(days=self.amount) if self.unit == "d" else months_later(day, self.amount)


class AgeInterval(Bounds):
    """The ages between two bounds of one unit: up to seven days, over twelve months."""

    low: Age | None = None
    high: Age | None = None

    def holds_from(self, since: date, until: date) -> bool:
        """Whether the time from one date to the other lies within the bounds."""
        low, high = (None if bound is None else bound.after(since) for bound in (self.low, self.high))
        above = low is None or until > low or (self.low_included and until == low)
        below = high is None or until < high or (self.high_included and until == high)
        return above and below

    @property
    def unit(self) -> Literal["d", "mo"]:
        bound = self.low or self.high
        return bound.unit if bound else "d"

    @property
    def days(self) -> tuple[int | None, int | None]:
        """Counted in days, the first and the last age that belong."""
        return _first_and_last(self, *(None if bound is None else bound.amount for bound in (self.low, self.high)))

    @property
    def is_empty(self) -> bool:
        first, last = self.days
        if self.unit == "d":
            return first is not None and last is not None and first > last
        return super().is_empty


def _first_and_last(bounds: Bounds, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Days are whole: between one day and the next there is none."""
    first = low if low is None or bounds.low_included else low + 1
    last = high if high is None or bounds.high_included else high - 1
    return first, last


_NO_INTERVAL = _("“%(text)s” is no interval; accepted are <=300, <300, >=300, >300, =300, (300, 1000], [0, 5)")


def read_bounds(text: str) -> Interval | DateInterval | AgeInterval:
    """Read an interval of numbers (`(300, 1000]`), of dates (`>=2026-01-01`) or of ages (`<=7d`, `(6mo, 1y]`).

    Raises ValueError with a sentence when it is none of these.
    """
    said = text.strip().replace("≤", "<=").replace("≥", ">=")
    try:
        written = _between(said) if said[:1] in ("(", "[") else _from_sign(said)
        found = _bounds_of(**written) if written else None
    except (InvalidOperation, IndexError, ValueError):
        found = None
    if found is None:
        raise NotAcceptedError(_NO_INTERVAL, text=text)
    if found.is_empty:
        raise NotAcceptedError(_("the interval “%(text)s” is empty"), text=text)
    return found


def _bounds_of(low: Any = None, high: Any = None, **included: bool) -> Interval | DateInterval | AgeInterval:
    kinds = {type(bound) for bound in (low, high) if bound is not None}
    units = {bound.unit for bound in (low, high) if isinstance(bound, Age)}
    if len(kinds) != 1 or len(units) > 1:
        raise ValueError("two bounds of different kinds")
    made = {Decimal: Interval, date: DateInterval, Age: AgeInterval}[kinds.pop()]
    return made(low=low, high=high, **included)


def _between(said: str) -> dict[str, Any] | None:
    if said[-1] not in ")]":
        return None
    low, high = (_a_bound(part.strip()) for part in said[1:-1].split(","))
    return {"low": low, "low_included": said[0] == "[", "high": high, "high_included": said[-1] == "]"}


def _from_sign(said: str) -> dict[str, Any] | None:
    sign = next((sign for sign in ("<=", ">=", "<", ">", "=") if said.startswith(sign)), None)
    if sign is None:
        return None
    bound = _a_bound(said[len(sign) :].strip())
    if sign == "=":
        return {"low": bound, "low_included": True, "high": bound, "high_included": True}
    if sign[0] == "<":
        return {"high": bound, "high_included": sign == "<="}
    return {"low": bound, "low_included": sign == ">="}


_AGE = re.compile(r"(-?[0-9]{1,5})(d|mo|y)")


def _a_bound(text: str) -> Decimal | date | Age:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    if age := _AGE.fullmatch(text):
        return Age(int(age[1]), "d") if age[2] == "d" else Age(int(age[1]) * (12 if age[2] == "y" else 1), "mo")
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation
    return number


Allowed = Interval | DateInterval | AgeInterval | frozenset[str] | frozenset[bool]


def _allowed(said: Any) -> Any:
    if isinstance(said, Bounds | frozenset):
        return said
    if isinstance(said, bool):
        return frozenset({said})
    if isinstance(said, str) and said[:1].isalpha():
        raise NotAcceptedError(_("write the values as a list: [%(text)s]"), text=said)
    if isinstance(said, str):
        return read_bounds(said)
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
