"""From a row of the old register to the actions that it tells of, checked as the pages and the API check them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property, reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from luyue.exchange.csv_files import Row
from luyue.exchange.mapping import Deed, Map, Scalar, Source
from luyue.organization.authority import authority_of
from luyue.organization.models import Company, Department, Employee
from luyue.records.actions import Action, Circumstances
from luyue.records.forms import ActionForm, Colleague, DepartmentChoice, Lookup
from luyue.records.numbering import take
from luyue.records.performing import Step
from luyue.records.record_types import RecordType
from luyue.rulebook.editions import documents_in_force
from luyue.rulebook.engine.rules import Rules

_SEQUENCE = re.compile(r"\{sequence:([1-9])\}")


class BadRowError(ValueError):
    """A row cannot be brought in; each reason is a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Told:
    """One action that a row tells of; `at` is None when the row does not say when it happened."""

    action: Action[Any, Any]
    at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row becomes. `source_key` is the same whenever the same row is brought in."""

    line: int
    cells: Mapping[str, str]
    digest: str
    occurrence: int
    opened_on: date
    told: Sequence[Told]

    @property
    def source_key(self) -> str:
        return source_key(self.digest, self.occurrence)

    @property
    def newcomers(self) -> list[Any]:
        """Customers and the like that were unknown and have not been entered yet; their number is still a pattern."""
        named = (value for each in self.told for value in each.values.values())
        return list({id(value): value for value in named if isinstance(value, models.Model) and not value.pk}.values())

    def steps(self, by: Employee) -> list[Step]:
        """The actions in order, each under the circumstances of the past."""
        return [
            Step(
                each.action,
                {**each.values, "by": by},
                Circumstances(each.at, source_key=self.source_key if each.action.is_opening else None),
            )
            for each in self.told
        ]


def source_key(digest: str, occurrence: int) -> str:
    return f"{digest}-{occurrence}"


@dataclass
class Planner:
    """Plans row after row of one file; what was found once, such as a customer, is not looked for again."""

    read: Map
    record_type: RecordType
    company: Company
    by: Employee
    now: datetime
    _found: dict[tuple[type[models.Model], str], Any] = field(default_factory=dict)
    _occurrences: Counter[str] = field(default_factory=Counter)
    _first_with_key: dict[str, tuple[int, str]] = field(default_factory=dict)
    _objections: dict[tuple[str, date], str] = field(default_factory=dict)
    _rules: dict[date, Rules] = field(default_factory=dict)
    _numbers: dict[type[models.Model], set[str]] = field(default_factory=dict)

    def free_number(self, newcomer: Any) -> str:
        """The next number of the map's pattern that nobody of the company bears."""
        model: type[models.Model] = type(newcomer)
        if model not in self._numbers:
            ours = model._default_manager.filter(company=self.company)
            self._numbers[model] = set(ours.values_list("number", flat=True))
        pattern = number = str(newcomer.number)
        while number == pattern or number in self._numbers[model]:
            place = take(self.company, f"{model._meta.model_name}//{pattern}")
            number = _SEQUENCE.sub(lambda width: f"{place:0{width.group(1)}d}", pattern)  # noqa: B023
        return number

    def begin_again(self) -> None:
        """The same file is read once more from its first row."""
        self._occurrences.clear()
        self._first_with_key.clear()

    def plan(self, row: Row) -> Plan:
        """What the row becomes. Raises BadRowError with every reason why it can become nothing."""
        if row.misshapen:
            raise BadRowError(row.misshapen)
        digest, occurrence = self._identity(row)
        cells = {name: "" if said in self.read.empty else said for name, said in row.cells.items()}
        told: list[Told] = []
        reasons: list[str] = []
        for deed, action, form in self._deeds:
            try:
                at = self._moment(deed, cells)
                if at is not None or not deed.at:
                    told.append(Told(action, at, self._values(deed, form, cells)))
            except BadRowError as bad:
                reasons += bad.reasons
        reasons += self._impossible_times(told)
        if not reasons:
            reasons += self._not_allowed(told)
        if reasons:
            raise BadRowError(*dict.fromkeys(reasons))
        return Plan(row.line, row.cells, digest, occurrence, self._day(told[0].at or self.now), told)

    @cached_property
    def _deeds(self) -> list[tuple[Deed, Action[Any, Any], ActionForm | None]]:
        actions = self.record_type.all_actions
        deeds = [(self.read.open, self.record_type.opening_action)]
        deeds += [(each, actions[each.action]) for each in self.read.then]  # type: ignore[misc]
        return [(deed, action, self._form(action)) for deed, action in deeds]

    def _form(self, action: Action[Any, Any]) -> ActionForm | None:
        return action.form(data={}, company=self.company) if action.form else None

    def _identity(self, row: Row) -> tuple[str, int]:
        """By its key columns, or else by all of it; rows alike are told apart by being the first, second and so on."""
        content = _digest(row.cells)
        if not self.read.key:
            self._occurrences[content] += 1
            return content, self._occurrences[content]
        key = _digest({name: row.cells[name] for name in self.read.key})
        line, first = self._first_with_key.setdefault(key, (row.line, content))
        if content != first:
            raise BadRowError(_("The row has the key of line %(line)d but says something else.") % {"line": line})
        self._occurrences[key] += 1
        return key, self._occurrences[key]

    def _values(self, deed: Deed, form: ActionForm | None, cells: Mapping[str, str]) -> dict[str, Any]:
        if form is None:
            return {}
        reasons: list[str] = []
        said: dict[str, Any] = {name: each.initial for name, each in form.fields.items() if each.initial is not None}
        for name, source in deed.fields.items():
            try:
                said[name] = self._value(form.fields[name], source, cells)
            except BadRowError as bad:
                reasons += bad.reasons
        if reasons:
            raise BadRowError(*reasons)
        return _checked(form, said)

    def _value(self, asked: forms.Field, source: Source, cells: Mapping[str, str]) -> Any:
        said = self._exchanged(source, source.said(cells))
        if not isinstance(said, str) or not said:
            return said
        if isinstance(asked, Lookup):
            return self._outsider(asked, said, source.create)
        if isinstance(asked, Colleague):
            names = Q(account__username=said) | Q(name=said)
            return self._one_of(Employee, said, names, _("Nobody is called “%(said)s”.") % {"said": said})
        if isinstance(asked, DepartmentChoice):
            names = Q(code=said) | Q(name=said) | Q(name_hant=said) | Q(name_en=said)
            return self._one_of(Department, said, names, _("There is no department “%(said)s”.") % {"said": said})
        if isinstance(asked, forms.DateTimeField):
            return self._instant(said)
        return self._instant(said).date() if isinstance(asked, forms.DateField) else said

    def _exchanged(self, source: Source, said: Scalar) -> Scalar:
        if not isinstance(said, str) or source.value is not None:
            return said
        if said in source.values or not source.values or not (said or source.otherwise is not None):
            return source.values.get(said, said)
        if source.otherwise is not None:
            return source.otherwise
        raise BadRowError(
            _("“%(said)s” in the column “%(column)s” stands for nothing in the map.")
            % {"said": said, "column": ", ".join(source.columns)}
        )

    def _outsider(self, asked: Lookup, said: str, create: str | None) -> Any:
        """Somebody or something outside, by number or name; entered anew when the map says so and nobody is known."""
        if (asked.model, said) not in self._found:
            self._found[asked.model, said] = self._looked_up(asked, said, create)
        return self._found[asked.model, said]

    def _looked_up(self, asked: Lookup, said: str, create: str | None) -> Any:
        ours = asked.model._default_manager.filter(company=self.company)
        is_called_so = reduce(or_, (Q(**{name: said}) for name in asked.searched))
        found = list(ours.filter(is_called_so)[:2])
        if len(found) == 1:
            return found[0]
        if create and not found:
            longest = asked.max_length or 200
            if len(said) > longest:
                raise BadRowError(
                    _("“%(said)s …” is longer than %(longest)d characters.") % {"said": said[:40], "longest": longest}
                )
            return asked.model(company=self.company, name=said, number=create)
        try:
            return asked.clean(said)
        except forms.ValidationError as wrong:
            raise BadRowError(*wrong.messages) from wrong

    def _one_of(self, model: type[models.Model], said: str, names: Q, nobody: str) -> Any:
        if (model, said) not in self._found:
            self._found[model, said] = list(model._default_manager.filter(names, company=self.company)[:2])
        found = self._found[model, said]
        if len(found) == 1:
            return found[0]
        raise BadRowError(nobody if not found else _("Several are named “%(said)s”.") % {"said": said})

    def _moment(self, deed: Deed, cells: Mapping[str, str]) -> datetime | None:
        said = cells[deed.at] if deed.at else ""
        if said:
            return self._instant(said)
        if deed is self.read.open:
            raise BadRowError(_("The column “%(column)s” is empty.") % {"column": deed.at})
        return None

    def _instant(self, said: str) -> datetime:
        """The date in the company's zone, at the map's time of day where the old register gives none."""
        for form in self.read.dates:
            try:
                read = datetime.strptime(said, form)  # noqa: DTZ007 - the zone follows
            except ValueError:
                continue
            if not {"%H", "%I", "%T", "%X", "%c"} & {form[at : at + 2] for at in range(len(form))}:
                read = datetime.combine(read.date(), time.fromisoformat(self.read.time_of_day))
            return read if read.tzinfo else read.replace(tzinfo=self.company.zone)
        raise BadRowError(
            _("“%(said)s” is no date of the form %(forms)s.") % {"said": said, "forms": ", ".join(self.read.dates)}
        )

    def _impossible_times(self, told: Sequence[Told]) -> list[str]:
        reasons = []
        dated = [(each.at, each) for each in told if each.at is not None]
        for (before, earlier), (after, later) in pairwise(dated):
            if after < before:
                reasons.append(
                    _("“%(later)s” (%(on)s) would lie before “%(earlier)s” (%(first)s).")
                    % {
                        "later": later.action.label,
                        "on": self._day(after),
                        "earlier": earlier.action.label,
                        "first": self._day(before),
                    }
                )
        reasons += [
            _("“%(action)s” (%(on)s) would lie in the future.") % {"action": each.action.label, "on": self._day(at)}
            for at, each in dated
            if at > self.now
        ]
        return reasons

    def _not_allowed(self, told: Sequence[Told]) -> list[str]:
        """The roles of the editions under which the record would be opened; conditions are left to the deed itself."""
        day = self._day(told[0].at or self.now)
        reasons = []
        for each in told:
            name = each.action.full_name(self.record_type.name)
            if (name, day) not in self._objections:
                self._objections[name, day] = self._objection(each.action, name, day)
            reasons.append(self._objections[name, day])
        return [reason for reason in reasons if reason]

    def _objection(self, action: Action[Any, Any], name: str, day: date) -> str:
        if day not in self._rules:
            self._rules[day] = Rules.of(documents_in_force(self.company, day))
        roles = self._rules[day].roles(name)
        addresses = {address.key for role in roles for address in role.control.may}
        if any(role.control.everyone for role in roles) or addresses & self._keys:
            return ""
        return _("%(who)s may not take the action “%(action)s” by the procedures in force on %(day)s.") % {
            "who": self.by.name,
            "action": action.label,
            "day": day,
        }

    @cached_property
    def _keys(self) -> frozenset[str]:
        return authority_of(self.by, self._day(self.now)).keys | {"person:owner", "person:registrar"}

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.company.zone).date()


def _digest(cells: Mapping[str, str]) -> str:
    """The same for the same words, in whatever order the columns stand."""
    return hashlib.sha256(json.dumps(sorted(cells.items()), ensure_ascii=False).encode()).hexdigest()[:40]


def _checked(form: ActionForm, said: dict[str, Any]) -> dict[str, Any]:
    """What the form makes of it; one form serves for all rows, being slow to build."""
    form.data = said
    form.full_clean()
    if form.errors:
        raise BadRowError(
            *(
                f"{form.fields[name].label}: {message}" if name in form.fields else str(message)
                for name, messages in form.errors.items()
                for message in messages
            )
        )
    return form.cleaned_data
