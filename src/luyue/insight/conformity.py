"""Clause by clause: how often it was kept, late, broken, or still runs; nothing at all is no evidence, never kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Sum

from luyue.desk.faces import Conformity
from luyue.ledger.models import Entry
from luyue.organization.models import Company
from luyue.records import registry, tallies
from luyue.records.models import Obligation, Tally
from luyue.rulebook.documents import Clause, Document
from luyue.rulebook.engine.rules import actions_governed

Figures = Mapping[str, Conformity]


def figures(company: Company, document: Document, since: datetime, until: datetime) -> Figures:
    """By clause number, for what began in the period [since, until), whole days in the company's zone.

    Promises with a clock count by how they ended. Controls that are enforced at the deed count once for each deed that
    they governed, those with a condition only where it held, and as broken for each override. What was counted as it
    happened is read; nothing is counted again.
    """
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    days = since.astimezone(company.zone).date(), (until - timedelta.resolution).astimezone(company.zone).date()
    for clause_number, standing, times in _promises(company, document.procedure, days):
        counted[clause_number][standing] += times
    for clause_number, standing, times in _of_periods(company, document.procedure, since, until):
        counted[clause_number][standing] += times
    deeds = _deeds(company, days)
    for clause in document.clauses:
        counted[clause.number]["kept"] += sum(deeds.get(name, 0) for name in always_governed(clause))
        counted[clause.number]["kept"] += counted[clause.number][tallies.GOVERNED]
    for clause_number, times in _overrides(company, document, since, until).items():
        counted[clause_number]["broken"] += times
        counted[clause_number]["kept"] = max(0, counted[clause_number]["kept"] - times)
    return {
        number: Conformity(kept=said["kept"], late=said["late"], broken=said["broken"], running=said["running"])
        for number, said in counted.items()
    }


def always_governed(clause: Clause) -> set[str]:
    """The actions that the clause governs whatever the facts."""
    controls = [entry.control for entry in clause.controls if entry.control.when is None]
    return {name for control in controls for name in actions_governed(control)}


def _promises(company: Company, procedure: str, days: tuple[date, date]) -> list[tuple[str, str, int]]:
    rows = Tally.objects.filter(company=company, procedure=procedure, day__range=days)
    return list(
        rows.values("clause", "standing")
        .annotate(all=Sum("number"))
        .order_by()
        .values_list("clause", "standing", "all")
    )


def _of_periods(company: Company, procedure: str, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
    """The duties of the calendar, few in number: one for each subject and period."""
    rows = Obligation.objects.filter(
        company=company, procedure=procedure, record__isnull=True, started_at__gte=since, started_at__lt=until
    )
    found = Counter((row.clause, standing) for row in rows if (standing := tallies.standing_of(row)))
    return [(clause, standing, times) for (clause, standing), times in found.items()]


def _deeds(company: Company, days: tuple[date, date]) -> Mapping[str, int]:
    rows = Tally.objects.filter(company=company, procedure="", day__range=days)
    return dict(rows.values("clause").annotate(all=Sum("number")).order_by().values_list("clause", "all"))


def _overrides(company: Company, document: Document, since: datetime, until: datetime) -> Mapping[str, int]:
    return Counter(clause for clause, _entry in overrides(company, document, since, until))


def overrides(company: Company, document: Document, since: datetime, until: datetime) -> Iterator[tuple[str, Entry]]:
    """Each time a control was set aside, with its clause; overrides name the control by procedure and name."""
    by_name = {
        f"{document.procedure}/{entry.control.name}": clause.number
        for clause in document.clauses
        for entry in clause.controls
        if entry.control.name
    }
    names = [f"{each.name}.override" for each in registry.record_types()]
    found = Entry.objects.filter(company=company, action__in=names, occurred_at__gte=since, occurred_at__lt=until)
    for entry in found.select_related("record", "by"):
        said = str(entry.data.get("control", ""))
        clause = by_name.get(said) or (said.split("/")[1] if said.startswith(f"{document.procedure}/") else "")
        if clause:
            yield clause, entry
