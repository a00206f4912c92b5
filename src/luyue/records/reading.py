"""What an action reads before it is taken: from the database, or from what the same transaction has just written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache

from django.db.models import QuerySet

from luyue.ledger.models import Entry
from luyue.organization.authority import Authority, authority_of
from luyue.organization.models import Company, Employee
from luyue.organization.prepared import Place, Prepared
from luyue.organization.writing import update
from luyue.records import registry, tallies
from luyue.records.models import Binding, Obligation, Reader, Record
from luyue.records.rules import binding_for


class Reading:
    """The database is asked each time, and the record is locked before it is changed."""

    def binding(self, company: Company, day: date) -> Binding:
        return binding_for(company, day)

    def authority(self, employee: Employee, day: date) -> Authority:
        return authority_of(employee, day)

    def fresh(self, record: Record) -> Record:
        model = registry.record_type(record.type).model
        for work in _locked(model)(record.pk):
            return work
        raise model.DoesNotExist

    def entries(self, record: Record) -> Sequence[Entry]:
        return _entries(record.pk) if record.pk else []

    def obligations(self, record: Record) -> Mapping[str, Obligation]:
        return {row.key: row for row in _obligations(record.pk)} if record.pk else {}

    def readers(self, record: Record) -> Collection[str]:
        """Whom a restricted record concerns already."""
        return _readers(record.pk) if record.pk else ()

    def keep(self, record: Record, fields: Collection[str]) -> None:
        """Write what an action has changed of the record."""
        update(record, fields)

    def count(self, company_id: int, moves: Mapping[tallies.Place, int]) -> None:
        """Move the figures of the clauses."""
        tallies.add(company_id, moves)

    def remember(self, record: Record, entry: Entry, obligations: Mapping[str, Obligation]) -> None:
        """What has just been written; it will be read again when it is needed."""


@cache
def _locked(model: type[Record]) -> Prepared[Record]:
    """A record with the customer and the department that nearly every action asks for."""

    def locked(record_id: Place) -> QuerySet[Record]:
        rows = model._default_manager.select_for_update(of=("self", "record_ptr"))
        return rows.select_related("party", "department").filter(pk=record_id)

    return Prepared(locked)


@Prepared
def _entries(record_id: Place) -> QuerySet[Entry]:
    return Entry.objects.filter(record_id=record_id).order_by("sequence")


@Prepared
def _obligations(record_id: Place) -> QuerySet[Obligation]:
    return Obligation.objects.select_for_update().filter(record_id=record_id)


@Prepared
def _readers(record_id: Place) -> QuerySet[Reader, str]:
    return Reader.objects.filter(record_id=record_id).values_list("key", flat=True)


FROM_DATABASE = Reading()


class ForOnePerson(Reading):
    """What a request knows of its person already is not asked again."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def authority(self, employee: Employee, day: date) -> Authority:
        if self._authority.employee_id == employee.pk:
            return self._authority
        return super().authority(employee, day)


class Remembering(Reading):
    """Of a record that this very transaction has opened nobody else knows: what was written is not read again."""

    def __init__(self) -> None:
        self._bindings: dict[tuple[int, date], Binding] = {}
        self._authorities: dict[tuple[int, date], Authority] = {}
        self._record: Record | None = None
        self._entries: list[Entry] = []
        self._obligations: Mapping[str, Obligation] = {}
        self._unsaved: set[str] = set()
        self._moves: Counter[tuple[int, tallies.Place]] = Counter()
        self._counted: Counter[tuple[int, tallies.Place]] = Counter()

    def begin_a_record(self) -> None:
        self._record, self._entries, self._obligations = None, [], {}
        self._unsaved.clear()
        self._moves.clear()

    def finish(self) -> None:
        """Write the record as it is after its last action."""
        if self._record is not None and self._unsaved:
            update(self._record, self._unsaved)
        self._counted.update(self._moves)

    def write_counts(self) -> None:
        """Move the figures for all records that were finished, before their transaction ends."""
        moves: dict[int, Counter[tallies.Place]] = defaultdict(Counter)
        for (company_id, place), number in self._counted.items():
            moves[company_id][place] += number
        for company_id in sorted(moves):
            tallies.add(company_id, moves[company_id])
        self._counted.clear()

    def forget(self) -> None:
        """After a rollback nothing that was remembered need still be there."""
        self.begin_a_record()
        self._bindings.clear()
        self._authorities.clear()

    def binding(self, company: Company, day: date) -> Binding:
        if (company.pk, day) not in self._bindings:
            self._bindings[company.pk, day] = super().binding(company, day)
        return self._bindings[company.pk, day]

    def authority(self, employee: Employee, day: date) -> Authority:
        if (employee.pk, day) not in self._authorities:
            self._authorities[employee.pk, day] = super().authority(employee, day)
        return self._authorities[employee.pk, day]

    def fresh(self, record: Record) -> Record:
        return self._record if self._is_known(record) and self._record is not None else super().fresh(record)

    def entries(self, record: Record) -> Sequence[Entry]:
        return tuple(self._entries) if self._is_known(record) else super().entries(record)

    def obligations(self, record: Record) -> Mapping[str, Obligation]:
        return self._obligations if self._is_known(record) else super().obligations(record)

    def keep(self, record: Record, fields: Collection[str]) -> None:
        self._unsaved |= set(fields)

    def count(self, company_id: int, moves: Mapping[tallies.Place, int]) -> None:
        self._moves.update({(company_id, place): number for place, number in moves.items()})

    def remember(self, record: Record, entry: Entry, obligations: Mapping[str, Obligation]) -> None:
        self._record = record
        self._entries.append(entry)
        self._obligations = obligations

    def _is_known(self, record: Record) -> bool:
        return self._record is not None and self._record.pk == record.pk
