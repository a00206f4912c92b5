"""The rules in force for one record: every control of its editions, found at once by what it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from luyue.rulebook.controls import (
    Classification,
    Confidentiality,
    Control,
    Form,
    Notice,
    Numbering,
    Order,
    Prerequisite,
    RequiredFields,
    Retention,
    Role,
    Routing,
    SeparatePersons,
    SignOff,
    Threshold,
    TimeLimit,
)
from luyue.rulebook.documents import Clause, CompanyFile, Document, GeneralPowers
from luyue.rulebook.engine.conditions import Facts, holds
from luyue.rulebook.values import Text


@dataclass(frozen=True, slots=True, eq=False)
class BoundControl:
    """A control with the place in the procedure where it stands.

    `group` is what its obligations, signatures and overrides name: controls of one name in a procedure are variants of
    each other, and which of them applies may change while the clock runs. `answerable` is the position or department
    that keeps the procedure, which owes what nobody else is named for.
    """

    key: str
    group: str
    kind: str
    control: Any
    procedure: str
    edition: str
    clause: str
    clause_text: Text
    sources: tuple[str, ...]
    answerable: str

    def holds(self, facts: Facts) -> bool | None:
        """Whether the control's own condition holds; None while it cannot be decided."""
        return holds(self.control.when, facts)


@dataclass(frozen=True, eq=False)
class Rules:
    """The editions to which one record is bound, as one set of controls; building it is dear, so it is kept."""

    all: tuple[BoundControl, ...]
    powers: GeneralPowers
    moved: tuple[BoundControl, ...] = ()
    """Time limits of later editions, to which running promises may have been moved."""

    @classmethod
    def of(cls, documents: Sequence[Document], company: CompanyFile | None = None) -> Rules:
        """The rules of these editions; the company file adds who may comment, attach, correct and void."""
        controls = tuple(bound for document in documents for bound in _bound(document))
        return cls(controls, company.powers if company else GeneralPowers())

    def and_moved(self, document: Document, groups: Collection[str]) -> Rules:
        """The same rules with the time limits of a later edition, for the promises that are moved to it."""
        later = tuple(bound for bound in _bound(document) if bound.kind == "time_limit" and bound.group in groups)
        return replace(self, moved=(*self.moved, *later))

    def moved_limits(self, group: str, edition: str) -> tuple[BoundControl, ...]:
        """The variants of a time limit in the later edition to which it was moved."""
        return tuple(bound for bound in self.moved if bound.group == group and bound.edition == edition)

    def may_by_power(self, action: str) -> tuple[str, ...] | None:
        """Whom the company file names for comment, attach, correct or void; None for every other action."""
        addresses = (
            getattr(self.powers, deed_of(action), None) if deed_of(action) in GeneralPowers.model_fields else None
        )
        return None if addresses is None else tuple(address.key for address in addresses)

    def roles(self, action: str) -> tuple[BoundControl, ...]:
        """The controls that say who may take the action."""
        return self._about("role", action)

    def sign_offs_before(self, action: str) -> tuple[BoundControl, ...]:
        """The sign-offs for which the action waits, variants included."""
        return self._about("sign_off", action)

    def prerequisites(self, action: str) -> tuple[BoundControl, ...]:
        """What must be there before the action."""
        return self._about("prerequisite", action)

    def governed_by(self, action: str, before: Facts, after: Facts) -> frozenset[tuple[str, str]]:
        """The procedures and clauses that govern this deed because of its facts, and not whatever they are.

        What an action must fill in depends on what it leaves behind, all else on what it finds.
        """
        sometimes = self._governing_sometimes.get(action, ())
        return frozenset(
            (bound.procedure, bound.clause)
            for bound in sometimes
            if bound.holds(after if bound.kind == "required_fields" else before)
        )

    @cached_property
    def _governing_sometimes(self) -> Mapping[str, tuple[BoundControl, ...]]:
        found: dict[str, list[BoundControl]] = defaultdict(list)
        always: set[tuple[str, str, str]] = set()
        for bound in self.all:
            for action in actions_governed(bound.control):
                if bound.control.when is None:
                    always.add((action, bound.procedure, bound.clause))
                else:
                    found[action].append(bound)
        return {
            action: tuple(bound for bound in bounds if (action, bound.procedure, bound.clause) not in always)
            for action, bounds in found.items()
        }

    def asked_to_do(self, action: str) -> frozenset[str]:
        """The addresses by which some prerequisite wants the action done."""
        return self._asked_to_do.get(action, frozenset())

    @cached_property
    def _asked_to_do(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for bound in self.of_kind("prerequisite"):
            for need in bound.control.needs:
                if need.action is not None and need.by:
                    found[need.action].update(address.key for address in need.by)
        return {action: frozenset(addresses) for action, addresses in found.items()}

    def orders(self, action: str) -> tuple[BoundControl, ...]:
        """The orders in which the action is the later one."""
        return self._about("order", action)

    def separations(self, action: str) -> tuple[BoundControl, ...]:
        """The controls that want the action and others by different people."""
        return self._about("separate_persons", action)

    def required_fields(self, action: str) -> tuple[BoundControl, ...]:
        """Which fields the action must fill."""
        return self._about("required_fields", action)

    def routings_on(self, action: str) -> tuple[BoundControl, ...]:
        """To whom the record goes when the action is taken."""
        return self._about("routing", action)

    def notices_on(self, action: str) -> tuple[BoundControl, ...]:
        """Who is told when the action is taken."""
        return self._about("notice", action)

    def notices_ahead(self, record_type: str) -> tuple[BoundControl, ...]:
        """Who is told ahead of a date on a record of the type."""
        return self._about("notice", record_type)

    def time_limits(self, record_type: str) -> tuple[BoundControl, ...]:
        """The time limits that a record of the type can start."""
        return self._about("time_limit", record_type)

    def sign_offs(self, record_type: str) -> tuple[BoundControl, ...]:
        """The sign-offs before any action of the type."""
        return self._about("sign_off", record_type)

    def forms(self, record_type: str) -> tuple[BoundControl, ...]:
        """The printed forms of the type."""
        return self._about("form", record_type)

    def retention(self, record_type: str) -> tuple[BoundControl, ...]:
        """How long records of the type are kept; several procedures may say so."""
        return self._about("retention", record_type)

    def confidentiality(self, record_type: str) -> tuple[BoundControl, ...]:
        """Who may see records of the type."""
        return self._about("confidentiality", record_type)

    def numbering(self, record_type: str, facts: Facts | None = None) -> BoundControl | None:
        """The pattern by which a record with these facts is numbered."""
        return _first_that_holds(self._about("numbering", record_type), facts or {})

    def threshold(self, name: str, facts: Facts | None = None) -> BoundControl | None:
        """The named number that applies to these facts."""
        return _first_that_holds(self._about("threshold", name), facts or {})

    def cadences(self) -> tuple[BoundControl, ...]:
        """What must be done so many times in every period."""
        return self.of_kind("cadence")

    def attested(self) -> tuple[BoundControl, ...]:
        """The duties of conduct that a position states to have been kept."""
        return self.of_kind("attested")

    def classifications(self, field: str) -> tuple[BoundControl, ...]:
        """How the class in this field follows from the facts."""
        return self._about("classification", field)

    def targets(self) -> tuple[BoundControl, ...]:
        """The figures that every period should reach."""
        return self.of_kind("target")

    def of_kind(self, kind: str) -> tuple[BoundControl, ...]:
        """All controls of one kind, in the order in which they are written."""
        return self._index.get((kind, ""), ())

    def control(self, key: str, edition: str = "") -> BoundControl | None:
        """The control with this key; in the later edition, where one is named to which it was moved."""
        if edition:
            return next((bound for bound in self.moved if bound.key == key and bound.edition == edition), None)
        return self._by_key.get(key)

    def group(self, group: str) -> tuple[BoundControl, ...]:
        """The variants that share a name in a procedure."""
        return self._by_group.get(group, ())

    def _about(self, kind: str, word: str) -> tuple[BoundControl, ...]:
        return self._index.get((kind, word), ())

    @cached_property
    def _index(self) -> Mapping[tuple[str, str], tuple[BoundControl, ...]]:
        found: dict[tuple[str, str], list[BoundControl]] = defaultdict(list)
        for bound in self.all:
            for word in dict.fromkeys(["", *_words_of(bound.control)]):
                found[bound.kind, word].append(bound)
        return {about: tuple(controls) for about, controls in found.items()}

    @cached_property
    def _by_key(self) -> Mapping[str, BoundControl]:
        return {bound.key: bound for bound in self.all}

    @cached_property
    def _by_group(self) -> Mapping[str, tuple[BoundControl, ...]]:
        found: dict[str, list[BoundControl]] = defaultdict(list)
        for bound in self.all:
            found[bound.group].append(bound)
        return {group: tuple(variants) for group, variants in found.items()}


def record_type_of(action: str) -> str:
    """`complaint` for `complaint.register`."""
    return action.partition(".")[0]


def actions_governed(control: object) -> tuple[str, ...]:
    """The actions that a control lets pass or refuses; each time one is taken, the control was kept."""
    if isinstance(control, Role | SeparatePersons):
        return control.actions
    if isinstance(control, Prerequisite):
        return control.before
    if isinstance(control, Order):
        return (control.then,)
    return (control.action,) if isinstance(control, RequiredFields) else ()


def deed_of(action: str) -> str:
    """`register` for `complaint.register`."""
    return action.partition(".")[2]


def _bound(document: Document) -> Iterator[BoundControl]:
    taken: dict[str, int] = defaultdict(int)
    for clause in document.clauses:
        for label, kind, control in _controls_of(clause):
            place = f"{document.procedure}/{clause.number}/{label}"
            taken[place] += 1
            key = place if taken[place] == 1 else f"{place}#{taken[place]}"
            yield BoundControl(
                key=key,
                group=f"{document.procedure}/{control.name}" if control.name else key,
                kind=kind,
                control=control,
                procedure=document.procedure,
                edition=document.edition,
                clause=clause.number,
                clause_text=clause.text,
                sources=control.sources or clause.sources,
                answerable=document.prepared.key,
            )


def _controls_of(clause: Clause) -> Iterator[tuple[str, str, Control]]:
    for place, entry in enumerate(clause.controls, start=1):
        yield entry.control.name or f"{entry.kind}-{place}", entry.kind, entry.control
    if clause.attested is not None:
        yield clause.attested.name or "attested", "attested", clause.attested


def _words_of(control: Control) -> Sequence[str]:
    """Under what names a control is looked up: actions, a record type, or a threshold's name."""
    match control:
        case Role() | SeparatePersons():
            return control.actions
        case SignOff():
            return (control.before, record_type_of(control.before))
        case TimeLimit():
            return [record_type_of(name) for name in (*control.starts, *([control.since] if control.since else []))]
        case Prerequisite():
            return control.before
        case Order():
            return (control.then,)
        case RequiredFields():
            return (control.action,)
        case Notice(ahead_of=str() as date_field):
            return (record_type_of(date_field),)
        case Routing() | Notice():
            return control.on
        case Numbering() | Form() | Retention() | Confidentiality():
            return (control.record,)
        case Classification():
            return (control.field,)
        case Threshold():
            return (control.name,)
        case _:
            return ()


def _first_that_holds(controls: Sequence[BoundControl], facts: Facts) -> BoundControl | None:
    return next((bound for bound in controls if bound.holds(facts)), None)
