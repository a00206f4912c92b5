"""A register as its address says: view, filters, words, sorting, columns, and the page by key."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from luyue.organization.access import StaffRequest
from luyue.organization.models import Department, Employee
from luyue.organization.prepared import Place, Prepared, by_id
from luyue.records.forms import Day
from luyue.records.models import Record
from luyue.records.record_types import RecordType
from luyue.records.rules import rules_of
from luyue.records.sight import Sight, bindings_of, fields_kept_back, kept_from, naming
from luyue.search.finding import found_by

PAGE = 50
COUNTED_TO = 1000
NOT_KNOWN = "None"
"""The answer of a filter that asks for what has been answered neither yes nor no."""
VIEWS = ("open", "mine", "overdue", "all")
SORTS: Mapping[str, tuple[str, bool]] = {
    "-opened_at": ("opened_at", True),
    "opened_at": ("opened_at", False),
    "nearest_due_at": ("nearest_due_at", False),
    "-nearest_due_at": ("nearest_due_at", True),
}
COLUMNS_OF_ALL = (
    "number",
    "party",
    "title",
    "state",
    "department",
    "owner",
    "opened_at",
    "closed_at",
    "nearest_due_at",
)


@dataclass(frozen=True)
class Listing:
    """What one person asked to see of a register; nothing outside his or her sight is ever in it."""

    record_type: RecordType
    request: StaffRequest

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    @property
    def size(self) -> int:
        """Rows of one page."""
        return PAGE

    @cached_property
    def view(self) -> str:
        asked = self.query.get("view", "open")
        return asked if asked in VIEWS else "open"

    @cached_property
    def words(self) -> str:
        return self.query.get("q", "").replace("\0", "").strip()[:100]

    @cached_property
    def sort(self) -> str:
        asked = self.query.get("sort", "-opened_at")
        return asked if asked in SORTS else "-opened_at"

    @cached_property
    def asked_form(self) -> forms.Form:
        """Those of the filters that the address names."""
        return filter_form(self.record_type, self.request, named=self.query)

    @cached_property
    def filter_form(self) -> Filters:
        """All filters, for the page to draw."""
        form = self.asked_form
        asked = tuple((name, tuple(self.query.getlist(name))) for name in form.fields)
        refused = tuple((name, str(errors)) for name, errors in form.errors.items())
        company = self.request.company.pk
        choices = tuple(
            tuple(_CHOSEN_FROM[model](company))
            for model in (Employee, Department)
            if model in _related_to(self.record_type)
        )
        return Filters(
            (self.record_type.name, company, asked, refused, choices),
            lambda: filter_form(self.record_type, self.request),
        )

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The filters that are on and make sense; what makes none is left aside and said by the form."""
        form = self.asked_form
        form.is_valid()
        return {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value not in (None, "", [])}

    @cached_property
    def columns(self) -> list[str]:
        asked = [name for name in self.query.get("cols", "").split(",") if name in self.possible_columns]
        return asked or list(self.record_type.register)

    @cached_property
    def possible_columns(self) -> list[str]:
        own = [
            field.name
            for field in self.record_type.model._meta.local_concrete_fields
            if not field.primary_key and not isinstance(field, models.TextField | models.JSONField)
        ]
        return [*COLUMNS_OF_ALL, *own]

    @cached_property
    def rows(self) -> QuerySet[Record]:
        """Everything the address asks for, in no order and not cut."""
        request = self.request
        seen = self.record_type.model._default_manager.filter(company_id=request.company.pk, type=self.record_type.name)
        rows: QuerySet[Record] = seen.visible_to(request.employee, request.authority)
        if self.view != "all":
            rows = rows.filter(is_open=True)
        if self.view == "mine":
            rows = rows.filter(owner=request.employee)
        if self.view == "overdue":
            rows = rows.filter(nearest_due_at__lt=request.now)
        if self.sort.endswith("nearest_due_at"):
            rows = rows.filter(nearest_due_at__isnull=False)
        for name, value in self.chosen.items():
            rows = rows.filter(self._condition(name, value))
        if asked := {name.removesuffix("_from").removesuffix("_to") for name in self.chosen}:
            rows = rows.exclude(kept_from(request.employee, request.authority, self.record_type.name, asked))
        if self.words:
            rows = rows.filter(pk__in=found_by(self.words, request.company.pk, self.record_type.name))
        return rows

    def _condition(self, name: str, value: Any) -> Q:
        if name.endswith("_from"):
            return Q(**{f"{name[:-5]}__gte": self._beginning(name[:-5], value)})
        if name.endswith("_to"):
            return Q(**{f"{name[:-3]}__lt": self._beginning(name[:-3], value + timedelta(days=1))})
        if value == NOT_KNOWN:
            return Q(**{f"{name}__isnull": True})
        return Q(**{f"{name}__in": value}) if isinstance(value, list) else Q(**{name: value})

    def _beginning(self, name: str, day: date) -> date:
        """The day itself, or, for a field that is an instant, where the day begins in the company's zone."""
        if isinstance(self.record_type.model._meta.get_field(name), models.DateTimeField):
            return datetime.combine(day, time.min, self.request.company.zone)
        return day

    def count(self) -> int:
        """How many there are, counted to a thousand and one."""
        return self.rows[: COUNTED_TO + 1].count()

    def page(self) -> Page:
        """One page of rows from the key in the address on, either way."""
        field, downward = SORTS[self.sort]
        key = read_key(self.query.get("after") or self.query.get("before") or "")
        backward = "before" in self.query and key is not None
        rows = self.rows
        if key is not None:
            rows = rows.filter(_beyond(field, key, downward != backward))
        found = list(rows.order_by(*_order(field, downward != backward)).values_list("pk", flat=True)[: self.size + 1])
        more = len(found) > self.size
        records = self.fetched_in_lines(found[: self.size])
        if backward:
            records.reverse()
        return Page(
            records,
            newer=make_key(records[0], field) if records and (more if backward else key is not None) else "",
            older=make_key(records[-1], field) if records and (True if backward else more) else "",
        )

    def first_ids(self, most: int) -> list[int]:
        """Which rows a paper or a workbook holds, in the order that the register shows."""
        return list(self.rows.order_by(*_order(*SORTS[self.sort])).values_list("pk", flat=True)[:most])

    def fetched(self, ids: Sequence[int]) -> list[Record]:
        related = [
            name
            for name in ("party", "owner", "owner__department", "department", *self.columns)
            if name in ("party", "owner", "owner__department", "department")
            or (name in self.record_type.field_names and self.record_type.model._meta.get_field(name).is_relation)
        ]
        found = self.record_type.model._default_manager.select_related(*dict.fromkeys(related)).in_bulk(list(ids))
        return [found[pk] for pk in ids]

    def fetched_in_lines(self, ids: Sequence[int]) -> list[Record]:
        """The same rows with nothing but what their lines show; whole where a procedure may hide fields of some."""
        if not ids or self._may_hide_fields():
            return self.fetched(ids)
        model = self.record_type.model
        named = [name for name in dict.fromkeys((*self.columns, "owner")) if _is_relation(model, name)]
        found = {each.pk: each for each in _lines(model, (*_IN_EACH_LINE, *naming(model), *self.columns))(ids)}
        for name in named:
            _fill_in(found.values(), name)
        return [found[pk] for pk in ids]

    def _may_hide_fields(self) -> bool:
        company = self.request.company
        return any(fields_kept_back(rules_of(pk, company), self.record_type.name) for pk in bindings_of(company.pk))

    def sight(self, records: Sequence[Record]) -> Sight:
        """What the person who asks may see of these rows."""
        return Sight.of(self.request.employee, self.request.authority, records)

    def with_changes(self, **changes: str) -> str:
        """The address of the same list with some values changed; the page begins anew."""
        query = self.query.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def without(self, *names: str) -> str:
        return self.with_changes(**dict.fromkeys(names, ""))


@dataclass(frozen=True)
class Page:
    """One page of a register, with the keys of the pages beside it."""

    records: list[Record]
    newer: str
    older: str


def _order(field: str, downward: bool) -> tuple[str, str]:
    return (f"-{field}", "-id") if downward else (field, "id")


def _beyond(field: str, key: tuple[datetime, int], downward: bool) -> Q:
    """Rows past the key; written as a row comparison that one index range answers."""
    sign = "lt" if downward else "gt"
    moment, pk = key
    return Q(**{f"{field}__{sign}e": moment}) & (Q(**{f"{field}__{sign}": moment}) | Q(**{f"pk__{sign}": pk}))


def make_key(record: Record, field: str) -> str:
    said = json.dumps([getattr(record, field).isoformat(), record.pk])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_key(said: str) -> tuple[datetime, int] | None:
    """The key in an address; None when it is none, so that a broken address shows the first page."""
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        read = datetime.fromisoformat(moment)
        sensible = read.tzinfo is not None and 1900 < read.year < 2200
        return (read, pk) if sensible and isinstance(pk, int) and 0 < pk < 2**63 else None
    except (ValueError, TypeError, RecursionError):
        return None


@dataclass(frozen=True)
class Filters:
    """What a register can be narrowed by and what of it is asked; where `shows` is equal, equal things are drawn."""

    shows: tuple[Any, ...]
    form: Callable[[], forms.Form]


@Prepared
def _employees(company_id: Place) -> QuerySet[Employee, tuple[Any, ...]]:
    return Employee.objects.filter(company_id=company_id).values_list("pk", "name")


@Prepared
def _departments(company_id: Place) -> QuerySet[Department, tuple[Any, ...]]:
    return Department.objects.filter(company_id=company_id).values_list("pk", "name", "name_hant", "name_en")


_CHOSEN_FROM: Mapping[Any, Prepared[tuple[Any, ...]]] = {Employee: _employees, Department: _departments}


def _related_to(record_type: RecordType) -> set[Any]:
    """The models among whose rows a filter lets one choose."""
    return {record_type.model._meta.get_field(name).related_model for name in record_type.filters}


_IN_EACH_LINE = ("number", "type", "state", "is_open", "owner", "registrar", "binding", "opened_at", "nearest_due_at")


@cache
def _lines(model: type[Record], names: tuple[str, ...]) -> Prepared[Record]:
    """The question for some rows of a type with these fields only."""
    return Prepared(lambda ids: model._default_manager.filter(id__in=ids).only(*names))


def _is_relation(model: type[Record], name: str) -> bool:
    return bool(model._meta.get_field(name).is_relation)


def _fill_in(records: Iterable[Record], name: str) -> None:
    """Put in place what a field of the records names, looked up once for all of them."""
    ids = {getattr(each, f"{name}_id") for each in records} - {None}
    model: Any = type(next(iter(records)))._meta.get_field(name).related_model
    found = {each.pk: each for each in by_id(model, *(["department"] if model is Employee else []))(ids)}
    for each in records:
        setattr(each, name, found.get(getattr(each, f"{name}_id")))


def filter_names(record_type: RecordType) -> frozenset[str]:
    """What the filters of a register are called in its address: a date has two, from and to."""
    names: set[str] = set()
    for name in record_type.filters:
        is_date = name != "state" and isinstance(record_type.model._meta.get_field(name), models.DateField)
        names |= {f"{name}_from", f"{name}_to"} if is_date else {name}
    return frozenset(names)


def filter_form(record_type: RecordType, request: StaffRequest, named: Collection[str] | None = None) -> forms.Form:
    """The filters of a register as a form: choices as a list, relations by the company's own, dates as from and to.

    Where fields are named, those alone.
    """
    fields: dict[str, forms.Field] = {}
    for name in record_type.filters:
        if named is None or {name, f"{name}_from", f"{name}_to"} & set(named):
            fields.update(_filter_fields(record_type, name, request))
    kind = type("FilterForm", (forms.Form,), fields)
    made: forms.Form = kind(request.GET, auto_id="filter-%s")
    return made


def _filter_fields(record_type: RecordType, name: str, request: StaffRequest) -> dict[str, forms.Field]:
    declared: Any = record_type.model._meta.get_field(name)
    label = capfirst(str(declared.verbose_name))
    if name == "state":
        return {name: forms.MultipleChoiceField(label=label, choices=record_type.states.choices, required=False)}
    if declared.is_relation:
        return {name: _related_field(declared.related_model, label, request)}
    if isinstance(declared, models.DateField):
        return {
            f"{name}_from": Day(label=_("%(field)s from") % {"field": label}, required=False),
            f"{name}_to": Day(label=_("%(field)s to") % {"field": label}, required=False),
        }
    if isinstance(declared, models.BooleanField):
        choices = [("", _("any")), ("True", _("Yes")), ("False", _("No"))]
        if declared.null:
            choices.append((NOT_KNOWN, _("Not known")))
        return {
            name: forms.TypedChoiceField(
                label=label,
                choices=choices,
                required=False,
                coerce=lambda said: {"True": True, "False": False}.get(said, said),
                empty_value=None,
            )
        }
    if isinstance(declared, models.IntegerField):
        return {name: forms.IntegerField(label=label, required=False, min_value=0, max_value=32_767)}
    if declared.choices:
        return {name: forms.MultipleChoiceField(label=label, choices=declared.choices, required=False)}
    return {name: forms.CharField(label=label, required=False, max_length=200)}


def _related_field(model: Any, label: str, request: StaffRequest) -> forms.Field:
    if model in (Employee, Department):
        rows = model.objects.filter(company=request.company)
        return forms.ModelChoiceField(label=label, queryset=rows, required=False, empty_label=_("any"))
    return NumberOrName(model, request.company.pk, label=label, required=False)


class NumberOrName(forms.CharField):
    """A customer or product by number or name, for a filter; unknown ones are said to be unknown."""

    def __init__(self, model: Any, company_id: int, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.model, self.company_id = model, company_id
        self.widget.attrs["data-lookup"] = model._meta.model_name

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        rows = self.model._default_manager.filter(company_id=self.company_id)
        found = rows.filter(Q(number=said) | Q(name=said)).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("Nothing is named or numbered “%(said)s”.") % {"said": said})
        return found
