"""Bringing in an old register: everything is checked before anything is written, and nothing comes in twice."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.exchange.csv_files import CsvFile
from luyue.exchange.planning import BadRowError, Plan, Planner, source_key
from luyue.records.linking import link
from luyue.records.models import Link, Record
from luyue.records.performing import perform_in_a_row
from luyue.records.reading import Remembering
from luyue.records.refusing import Refused
from luyue.records.rules import binding_for

T = TypeVar("T")

ROWS_A_COMMIT = 200

Tick = Callable[[int], None]
"""Told after every row how many have been looked at."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not brought in, and why."""

    line: int
    reasons: Sequence[str]
    cells: Mapping[str, str]


@dataclass
class Checked:
    """What the file holds, before anything is written."""

    rows: int = 0
    bad: list[BadRow] = field(default_factory=list)
    already_there: set[str] = field(default_factory=set)
    new: int = 0
    days: set[date] = field(default_factory=set)


@dataclass
class BroughtIn:
    """What came of it. `repeating` rows say the same as an earlier row and are linked to its record."""

    records: int = 0
    repeating: int = 0
    newcomers: Counter[str] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)


class StoppedError(Exception):
    """A procedure refused a row half-way; the rows committed before stay, and a second run goes on from there."""

    def __init__(self, bad: BadRow, brought_in: BroughtIn) -> None:
        super().__init__(" ".join(bad.reasons))
        self.bad = bad
        self.brought_in = brought_in


def check(file: CsvFile, planner: Planner, *, tick: Tick) -> Checked:
    """Read every row to the end and say which cannot be brought in, and which have been already."""
    checked = Checked()
    planner.begin_again()
    for rows in _parts(_plans(file, planner, checked, tick), 500):
        known = _known(planner, [plan.source_key for plan in rows])
        checked.already_there |= known
        checked.new += len(rows) - len(known)
        checked.days |= {plan.opened_on for plan in rows if plan.source_key not in known}
    return checked


def bring_in(file: CsvFile, planner: Planner, checked: Checked, *, skip_bad: bool, tick: Tick) -> BroughtIn:
    """Take the actions that the good rows tell of, two hundred rows a commit.

    Raises StoppedError when a procedure refuses a row that looked good, unless bad rows are skipped.
    """
    brought_in = BroughtIn()
    for day in sorted(checked.days):
        binding_for(planner.company, day)
    planner.begin_again()
    new = (plan for plan in _plans(file, planner, Checked(), tick) if plan.source_key not in checked.already_there)
    reading = Remembering()
    for rows in _parts(new, ROWS_A_COMMIT):
        done = BroughtIn()
        with transaction.atomic():
            for plan in rows:
                try:
                    _bring_in_row(plan, planner, reading, done)
                except Refused as refused:
                    bad = BadRow(plan.line, [str(each) for each in refused.refusals], plan.cells)
                    if not skip_bad:
                        raise StoppedError(bad, brought_in) from refused
                    done.bad.append(bad)
            reading.write_counts()
        _add(brought_in, done)
    return brought_in


def write_rejects(target: Path, columns: Sequence[str], bad: Sequence[BadRow]) -> None:
    """The bad rows as they were, with line and reasons in front; once mended, the file can be brought in itself."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("Line"), _("Reason"), *columns])
        for row in sorted(bad, key=lambda each: each.line):
            writer.writerow([row.line, " ".join(row.reasons), *(row.cells.get(name, "") for name in columns)])


def _plans(file: CsvFile, planner: Planner, checked: Checked, tick: Tick) -> Iterator[Plan]:
    for row in file.rows():
        checked.rows += 1
        tick(checked.rows)
        try:
            yield planner.plan(row)
        except BadRowError as bad:
            checked.bad.append(BadRow(row.line, bad.reasons, row.cells))


def _parts(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while part := list(islice(items, size)):
        yield part


def _known(planner: Planner, keys: Sequence[str]) -> set[str]:
    ours = Record.objects.filter(company=planner.company, type=planner.record_type.name)
    return {str(key) for key in ours.filter(source_key__in=keys).values_list("source_key", flat=True)}


def _bring_in_row(plan: Plan, planner: Planner, reading: Remembering, done: BroughtIn) -> None:
    patterns = [(newcomer, newcomer.number) for newcomer in plan.newcomers]
    try:
        with transaction.atomic():
            for newcomer, _pattern in patterns:
                newcomer.number = planner.free_number(newcomer)
                newcomer.save(force_insert=True)
            record = perform_in_a_row(planner.record_type.model(), plan.steps(planner.by), reading=reading)
            is_repeating = plan.occurrence > 1 and _link_to_first(record, plan, planner)
    except Refused:
        for newcomer, pattern in patterns:
            newcomer.pk, newcomer.number, newcomer._state.adding = None, pattern, True
        raise
    done.records += 1
    done.repeating += is_repeating
    done.newcomers.update(str(newcomer._meta.model_name) for newcomer, _pattern in patterns)


def _link_to_first(record: Record, plan: Plan, planner: Planner) -> bool:
    """The same words stood in an earlier row: both come in, and the later one says that it repeats the first."""
    ours = Record.objects.filter(company=planner.company, type=planner.record_type.name)
    first = ours.filter(source_key=source_key(plan.digest, 1)).first()
    if first is None:
        return False
    link(record, first, Link.Kind.REPEATS)
    return True


def _add(brought_in: BroughtIn, done: BroughtIn) -> None:
    brought_in.records += done.records
    brought_in.repeating += done.repeating
    brought_in.newcomers.update(done.newcomers)
    brought_in.bad += done.bad
