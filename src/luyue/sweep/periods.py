"""Duties of the calendar: in every period each subject owes what a cadence or an attestation asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice, pairwise

from django.db import transaction
from django.db.models import Max, Min, QuerySet

from luyue.ledger.models import Entry
from luyue.organization.authority import authority_of
from luyue.organization.models import Company
from luyue.parties.models import Party
from luyue.records.calendars import calendar_of
from luyue.records.models import Obligation
from luyue.rulebook.controls import Attested, Cadence
from luyue.rulebook.editions import document_of
from luyue.rulebook.engine.events import Obligation as Owed
from luyue.rulebook.engine.events import Status
from luyue.rulebook.engine.periods import COMPANY, Deed, periodic_obligations, periods
from luyue.rulebook.engine.rules import BoundControl, Rules
from luyue.rulebook.models import Edition
from luyue.sweep.models import Lookout
from luyue.worktime import Calendar

STATED = "attestation.state"
CHUNK = 500
# An entry's number may be taken a moment before its transaction commits.
LOOK_BACK = 1000
KINDS = ("cadence", "attested")


@dataclass(frozen=True, slots=True)
class PeriodicDuty:
    """A cadence or attestation of one edition, for the periods that begin on days from `since` to before `until`."""

    bound: BoundControl
    edition_id: int
    since: date
    until: date

    @property
    def actions(self) -> tuple[str, ...]:
        return self.bound.control.actions if isinstance(self.bound.control, Cadence) else (STATED,)


@transaction.atomic
def keep_up(company: Company, now: datetime) -> int:
    """Bring the company's periodic duties up to now, also after days of being off; return how many rows changed.

    What is entered late for an earlier period is seen too. One sweeper at a time does this for a company; others go on.
    """
    Lookout.objects.get_or_create(company=company)
    lookout = Lookout.objects.select_for_update(skip_locked=True).filter(company=company).first()
    if lookout is None:
        return 0
    duties = periodic_duties(company, now)
    changed = 0
    if duties:
        calendar = calendar_of(company)
        begin = _beginnings(company, duties, lookout, calendar)
        deeds = _deeds(company, duties, begin, calendar, now)
        for duty in duties:
            changed += _keep(company, _owed(company, duty, begin[duty], deeds, calendar, now), duty.edition_id)
    lookout.last_entry = Entry.objects.filter(company=company).aggregate(last=Max("pk"))["last"] or 0
    lookout.looked_until = now
    lookout.save()
    return changed


def periodic_duties(company: Company, now: datetime) -> list[PeriodicDuty]:
    """All that was ever demanded by the calendar, each for the time in which its edition was in force.

    What began before the company ran its procedure here is not demanded.
    """
    editions = (
        Edition.objects.filter(company=company, status__in=Edition.SETTLED)
        .select_related("procedure")
        .defer("content")
        .order_by("procedure__code", "effective", "published_at", "pk")
    )
    found = []
    for _procedure, versions in groupby(editions, lambda edition: edition.procedure_id):
        for edition, successor in pairwise([*versions, None]):
            if edition is None or not (controls := _periodic_controls(edition)):
                continue
            published = edition.published_at.astimezone(company.zone).date() if edition.published_at else date.max
            ends = [successor.effective if successor else date.max, edition.withdrawn_on or date.max]
            since = max(edition.effective, published)
            found += [PeriodicDuty(bound, edition.pk, since, min(ends)) for bound in controls]
    return found


def _periodic_controls(edition: Edition) -> list[BoundControl]:
    """Those that hold for every company; facts that only a record has decide nothing here."""
    rules = Rules.of([document_of(edition)])
    return [bound for bound in (*rules.cadences(), *rules.attested()) if bound.holds({})]


def _beginnings(
    company: Company, duties: Sequence[PeriodicDuty], lookout: Lookout, calendar: Calendar
) -> Mapping[PeriodicDuty, date]:
    """For each duty the first day whose periods may have changed since the last look."""
    if lookout.looked_until is None:
        return {duty: duty.since for duty in duties}
    running = dict(
        _rows(company)
        .filter(status=Obligation.Status.RUNNING)
        .values_list("control")
        .annotate(first=Min("started_at"))
        .order_by()
    )
    entered = dict(
        Entry.objects.filter(company=company, pk__gt=lookout.last_entry - LOOK_BACK, action__in=_actions(duties))
        .values_list("action")
        .annotate(first=Min("occurred_at"))
        .order_by()
    )
    found = {}
    for duty in duties:
        instants = [lookout.looked_until, running.get(duty.bound.group), *map(entered.get, duty.actions)]
        first = min(instant for instant in instants if instant is not None).astimezone(calendar.zone).date()
        found[duty] = max(duty.since, _period_begins(duty.bound.control, calendar, first))
    return found


def _period_begins(control: Cadence | Attested, calendar: Calendar, day: date) -> date:
    """The first day of the period in which the day lies, or the day itself when it lies in none."""
    period = next(periods(control.every, calendar, day, day, getattr(control, "in_month", None)), None)
    return period.start.astimezone(calendar.zone).date() if period else day


def _actions(duties: Iterable[PeriodicDuty]) -> set[str]:
    return {action for duty in duties for action in duty.actions}


def _deeds(
    company: Company,
    duties: Sequence[PeriodicDuty],
    begin: Mapping[PeriodicDuty, date],
    calendar: Calendar,
    now: datetime,
) -> Mapping[str, list[Deed]]:
    """What was done since the periods looked at began, by action."""
    found: dict[str, list[Deed]] = {}
    for action in sorted(_actions(duties)):
        asking = [duty for duty in duties if action in duty.actions]
        since = calendar.midnight(min(begin[duty] for duty in asking))
        entries = Entry.objects.filter(company=company, action=action, occurred_at__gte=since, occurred_at__lte=now)
        named = {getattr(duty.bound.control, "per", COMPANY) for duty in asking}
        found[action] = list(_as_deeds(company, entries.select_related("by", "record"), named))
    return found


def _as_deeds(company: Company, entries: Iterable[Entry], named: set[str]) -> Iterator[Deed]:
    """Entries as the engine wants them: for a department or position counts what its people did."""
    by_person = bool(named & {"department", "position"})
    known: dict[tuple[int, date], frozenset[str]] = {}
    for entry in entries:
        subjects = {f"customer:{entry.record.party_id}"} if entry.record and entry.record.party_id else set()
        if by_person and entry.by:
            place = (entry.by.pk, entry.occurred_at.astimezone(company.zone).date())
            if place not in known:
                known[place] = authority_of(entry.by, place[1]).keys
            subjects |= known[place]
        yield Deed(
            entry.action,
            entry.occurred_at,
            entry.by_id,
            frozenset(subjects),
            control=entry.data.get("control", "") if entry.action == STATED else "",
            period=entry.data.get("period", "") if entry.action == STATED else "",
        )


def _owed(
    company: Company,
    duty: PeriodicDuty,
    begin: date,
    deeds: Mapping[str, list[Deed]],
    calendar: Calendar,
    now: datetime,
) -> Iterator[Owed]:
    closed = _subjects(company, duty.bound.control)
    done = [deed for action in duty.actions for deed in deeds[action]]
    for owed in periodic_obligations(duty.bound, sorted(closed), done, begin, calendar, now):
        day = owed.started_at.astimezone(calendar.zone).date()
        if day < min(duty.until, closed[str(owed.detail["subject"])] or date.max):
            yield owed


def _subjects(company: Company, control: Cadence | Attested) -> Mapping[str, date | None]:
    """Who owes it each for itself, and from which day no longer."""
    per = getattr(control, "per", COMPANY)
    if per == "customer":
        customers = Party.objects.filter(company=company, role=Party.Role.CUSTOMER)
        return {f"customer:{pk}": None for pk in customers.values_list("pk", flat=True)}
    if per in ("department", "position"):
        units = company.departments if per == "department" else company.positions
        wanted = units.filter(code__in=control.of) if isinstance(control, Cadence) and control.of else units.all()
        return {f"{per}:{code}": closed for code, closed in wanted.values_list("code", "closed_on")}
    return {COMPANY: None}


def _keep(company: Company, owed: Iterable[Owed], edition_id: int) -> int:
    """Write what is new or has changed."""
    changed, waiting = 0, iter(owed)
    while chunk := list(islice(waiting, CHUNK)):
        stored = {row.key: row for row in _rows(company).filter(key__in=[each.key for each in chunk])}
        opened = [_new_row(company, each, edition_id) for each in chunk if each.key not in stored]
        moved = [stored[each.key] for each in chunk if each.key in stored and _worked_out(stored[each.key], each)]
        Obligation.objects.bulk_create(opened)
        Obligation.objects.bulk_update(moved, _MOVING)
        changed += len(opened) + len(moved)
    return changed


def _rows(company: Company) -> QuerySet[Obligation]:
    return Obligation.objects.filter(company=company, record=None, kind__in=KINDS)


_MOVING = ("status", "settled_at", "done_at", "done_by_id", "is_owed", "detail")


def _new_row(company: Company, owed: Owed, edition_id: int) -> Obligation:
    row = Obligation(
        company=company,
        edition_id=edition_id,
        key=owed.key,
        kind=owed.kind,
        procedure=owed.procedure,
        clause=owed.clause,
        control=owed.control,
        owner=owed.owner,
        started_at=owed.started_at,
        due_at=owed.due_at,
        does=list(owed.does),
    )
    _worked_out(row, owed)
    return row


def _worked_out(row: Obligation, owed: Owed) -> bool:
    """Bring the row to what was worked out; say whether that changed anything."""
    values = {
        "status": owed.status.value,
        "settled_at": owed.settled_at,
        "done_at": owed.done_at,
        "done_by_id": owed.done_by,
        "is_owed": is_still_owed(owed.kind, owed.status, owed.done_at),
        "detail": dict(owed.detail),
    }
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def is_still_owed(kind: str, status: str, done_at: datetime | None) -> bool:
    """A missed statement can still be made; what was not done in its period can never be."""
    return status == Status.RUNNING or (kind == "attested" and status == Status.BROKEN and done_at is None)


def control_of(row: Obligation) -> BoundControl:
    """The control behind a periodic duty, as its edition words it; read without asking the database again."""
    document = document_of(row.edition)
    clauses = tuple(clause for clause in document.clauses if clause.number == row.clause)
    bound = Rules.of([document.model_copy(update={"clauses": clauses})]).control(str(row.detail["variant"]))
    assert bound is not None
    return bound
