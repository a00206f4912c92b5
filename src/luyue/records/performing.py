"""How one action happens: ask, do, number, save, enter in the ledger, settle what is owed; all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from luyue.ledger import book
from luyue.ledger.models import Entry
from luyue.organization.authority import holders_of
from luyue.organization.models import Employee
from luyue.organization.writing import insert
from luyue.records import attachments, clock, reactions, registry
from luyue.records.actions import Action, Circumstances, Upload
from luyue.records.case import Case
from luyue.records.facts import stored
from luyue.records.general import completed
from luyue.records.models import Attachment, Denial, Record, concrete_values
from luyue.records.numbering import next_number
from luyue.records.reading import FROM_DATABASE, Reading, Remembering
from luyue.records.refusing import ChangedMeanwhile, Refusal, Refused
from luyue.records.settling import Settlement, settle
from luyue.records.story import dates_of
from luyue.rulebook.controls import Numbering
from luyue.rulebook.engine.addresses import resolved
from luyue.rulebook.engine.events import Event

NEWS_FOR = timedelta(days=7)
"""What happened longer ago and is only entered now, such as an import, is news to nobody."""
_SKEW = timedelta(minutes=5)
_NOTHING_FORBIDS_STALE = frozenset({"comment", "attach", "acknowledge"})
_KEPT = (
    "title", "state", "is_open", "is_restricted", "changed_at", "closed_at", "nearest_due_at", "retained_until",
    "struck_through", "version",
)  # fmt: skip
"""What the kernel itself keeps of a record."""
_DENIALS = frozenset({"role", "role_nobody", "not_found"})


@dataclass(frozen=True)
class Performed:
    """An action that has just been taken, for those who react to it in the same transaction."""

    action: Action[Any, Any]
    name: str
    record: Record
    by: Employee
    entry: Entry
    values: Mapping[str, Any]
    circumstances: Circumstances
    settlement: Settlement
    is_renamed: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file handed in that has been checked and stored."""

    upload: Upload
    file_name: str
    content_type: str
    digest: str


def perform(action: Action[Any, Any], record: Any, values: dict[str, Any], circumstances: Circumstances) -> Any:
    """Take the action. Raises Refused, with the clause, when it may not be taken; then nothing has been written."""
    by: Employee = values["by"]
    now = clock.now()
    try:
        with clock.moved_to(now), transaction.atomic():
            performed = _perform(action, record, values, circumstances, by, now, FROM_DATABASE)
    except Refused as refused:
        _remember_denial(refused, action, record, by, now)
        raise
    record.__dict__.update(performed.record.__dict__)
    return record


@dataclass(frozen=True, slots=True)
class Step:
    """One action of several that are taken on a record one after the other."""

    action: Action[Any, Any]
    values: dict[str, Any]
    circumstances: Circumstances


def perform_in_a_row(record: Record, steps: Sequence[Step], *, reading: Remembering) -> Record:
    """Open the record and take it further: the same actions, entries and obligations as one by one, all or nothing.

    Raises Refused when one of them may not be taken; then none has been. Nothing written by the steps is read again,
    and `reading.write_counts()` is still to be called in the same transaction.
    """
    now, unopened = clock.now(), record
    reading.begin_a_record()
    with clock.moved_to(now):
        try:
            with transaction.atomic():
                for step in steps:
                    by = step.values["by"]
                    record = _perform(step.action, record, step.values, step.circumstances, by, now, reading).record
                reading.finish()
        except Refused as refused:
            reading.forget()
            _remember_denial(refused, step.action, unopened, by, now)
            raise
    return record


def _perform(
    action: Action[Any, Any],
    record: Record,
    values: dict[str, Any],
    circumstances: Circumstances,
    by: Employee,
    now: datetime,
    reading: Reading,
) -> Performed:
    occurred_at = circumstances.occurred_at or now
    if action.is_opening:
        work = _new(record, by, occurred_at, now, reading)
    else:
        work = _fresh(record, by, reading)
        now = _not_before_last_change(work, now)
        occurred_at = circumstances.occurred_at or now
    case = Case(work, by, now, reading)
    if not action.is_opening:
        _refuse_sent_twice(case, circumstances)
        _refuse_changed_meanwhile(work, record, action, circumstances)
    _refuse_impossible_time(work, occurred_at, now)
    coming = Counter(upload.kind for upload in circumstances.uploads)
    if action.is_opening:
        action.function(work, **values)
    if refusals := case.refusals(action, coming):
        raise Refused(*refusals)
    if not action.is_opening:
        _refuse_unseen(case)
    if action.question is not None:
        values = completed(case, action, values, circumstances)
    before = {} if action.is_opening else concrete_values(work)
    kept_before = {name: getattr(work, name) for name in _KEPT}
    state_before = "" if action.is_opening else work.state
    _strike_through(work, circumstances.struck_through)
    leads_to = None if action.is_opening else action.function(work, **values)
    work.state = leads_to or action.to or work.state
    files = [(upload, *attachments.checked(upload)) for upload in circumstances.uploads]
    _refuse_missing(case, action, work, values, coming)
    work.title = work.subject_line()[:200]
    if action.is_opening:
        work.number = next_number(by.company, case.record_type.name, _numbering(case), occurred_at, work.department)
    kept = [_Kept(upload, name, kind, attachments.store(upload.content)) for upload, name, kind in files]
    event = _event(case, action, work, before, values, circumstances, kept, occurred_at, now)
    settlement = settle(case, work, event)
    changes = _changes(before, concrete_values(work))
    _save(work, action, changes, kept_before, circumstances, now, reading)
    entry = _enter(case, work, event, changes, state_before)
    settlement.write(work, reading.count)
    reading.remember(work, entry, settlement.rows)
    _attach(work, entry, kept, by, now)
    is_renamed = work.title != kept_before["title"]
    performed = Performed(action, event.action, work, by, entry, values, circumstances, settlement, is_renamed)
    if action.afterwards:
        action.afterwards(performed)
    reactions.run(performed)
    return performed


def _numbering(case: Case) -> Numbering | None:
    bound = case.rules.numbering(case.record_type.name, case.facts)
    return bound.control if bound else None


def _new(record: Record, by: Employee, occurred_at: datetime, now: datetime, reading: Reading) -> Record:
    record_type = registry.record_type(record._meta.model_name or "")
    work = type(record)(**{field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields})
    work.company, work.type = by.company, record_type.name
    work.registrar, work.opened_at, work.entered_at, work.changed_at = by, occurred_at, now, now
    work.owner = work.owner or by
    work.department = work.department or by.department
    work.binding = reading.binding(by.company, occurred_at.astimezone(by.company.zone).date())
    work.struck_through = {}
    return work


def _fresh(record: Record, by: Employee, reading: Reading) -> Record:
    work = reading.fresh(record)
    if work.company_id == by.company_id:
        work.company = by.company
    return work


def _refuse_unseen(case: Case) -> None:
    """Who could act but may not see the record may not act on it either, whichever way he or she came to it."""
    if not case.is_seen:
        raise Refused(Refusal("not_found", _("There is no such record."), hides=True))


def was_sent_before(case: Case, submission: str) -> bool:
    """Whether the form with this mark has been carried out on the record."""
    return bool(submission) and any(entry.data.get("submission") == submission for entry in case.entries)


def _refuse_sent_twice(case: Case, circumstances: Circumstances) -> None:
    if was_sent_before(case, circumstances.submission):
        raise Refused(Refusal("sent_twice", _("This form was sent before; it has been carried out once.")))


def _refuse_changed_meanwhile(
    work: Record, record: Record, action: Action[Any, Any], circumstances: Circumstances
) -> None:
    expected = circumstances.expected_version or record.version
    if work.version != expected and action.name not in _NOTHING_FORBIDS_STALE:
        raise ChangedMeanwhile(
            Refusal(
                "changed_meanwhile",
                _("Somebody changed %(number)s while you were writing; look at the change, then send yours again.")
                % {"number": work.number},
            )
        )


def _not_before_last_change(work: Record, now: datetime) -> datetime:
    """Two servers' clocks differ a little: what is entered second is never dated before what was entered first."""
    if now < work.opened_at - _SKEW:
        raise Refused(
            Refusal(
                "clock_behind",
                _(
                    "The server's clock stands at %(now)s, before this record was opened; "
                    "have the clock put right first."
                )
                % {"now": f"{now.astimezone(work.company.zone):%Y-%m-%d %H:%M}"},
            )
        )
    return work.changed_at if now < work.changed_at <= now + _SKEW else now


def _refuse_impossible_time(work: Record, occurred_at: datetime, now: datetime) -> None:
    if occurred_at > now + _SKEW:
        raise Refused(
            Refusal(
                "future",
                _("What has not happened yet cannot be entered; the time given lies in the future."),
                fields={"occurred_at": _("This time lies in the future.")},
            )
        )
    if work.pk and occurred_at < work.opened_at:
        raise Refused(
            Refusal(
                "before_opening",
                _("This would have happened before the record was opened."),
                fields={"occurred_at": _("Earlier than the opening of the record.")},
            )
        )


def _strike_through(work: Record, reasons: Mapping[str, str]) -> None:
    if reasons:
        work.struck_through = {**work.struck_through, **{name: reason for name, reason in reasons.items() if reason}}


def _refuse_missing(
    case: Case, action: Action[Any, Any], work: Record, values: Mapping[str, Any], coming: Mapping[str, int]
) -> None:
    """Required fields are looked at after the deed, so that what the action itself fills in counts."""
    facts = case.record_type.facts.of(work)
    refusals = []
    for bound in case.rules.required_fields(action.full_name(case.record_type.name)):
        if not bound.holds(facts):
            continue
        missing = [
            name
            for name in bound.control.fields
            if _is_blank(values.get(name, getattr(work, name, None)))
            and not (bound.control.may_be_struck_through and work.struck_through.get(name))
        ]
        if missing:
            sentence = _("Still to be filled in: %(fields)s.") % {
                "fields": _(", ").join(
                    case.names.asked(action.full_name(case.record_type.name), name) for name in missing
                )
            }
            fields = {name: _("This is to be filled in.") for name in missing}
            refusals.append(
                Refusal("required_field", sentence, bound.procedure, bound.clause, bound.key, fields=fields)
            )
    if refusals:
        raise Refused(*refusals)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _event(
    case: Case,
    action: Action[Any, Any],
    work: Record,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    circumstances: Circumstances,
    kept: Sequence[_Kept],
    occurred_at: datetime,
    now: datetime,
) -> Event:
    on_record = _kept_on_record(action, work, before, values)
    data = {name: _said(value) for name, value in values.items() if name != "by" and name not in on_record}
    if circumstances.submission:
        data["submission"] = circumstances.submission
    if circumstances.struck_through:
        data["struck_through"] = dict(circumstances.struck_through)
    if wanted := case.rules.asked_to_do(action.full_name(case.record_type.name)):
        data["done_for"] = sorted(wanted & case.authority.keys)
    if told := _told(case, action.full_name(case.record_type.name), work, occurred_at, now):
        data["told"] = told
    if kept:
        data["attachments"] = [
            {"kind": each.upload.kind, "file_name": each.file_name, "digest": each.digest} for each in kept
        ]
    return Event(
        sequence=case.entries[-1].sequence + 1 if case.entries else 1,
        action=action.full_name(case.record_type.name),
        occurred_at=occurred_at,
        entered_at=now,
        by=case.by.pk,
        state=work.state,
        facts=case.record_type.facts.of(work),
        dates=dates_of(work, case.record_type.clock_fields),
        data=data,
        persons={"owner": work.owner_id, "registrar": work.registrar_id},
    )


def _kept_on_record(
    action: Action[Any, Any], work: Record, before: Mapping[str, Any], values: Mapping[str, Any]
) -> set[str]:
    """What was said and stands on the record because of it; the channel of a reply is not that of the complaint."""
    if action.question is not None:
        return set()
    after = concrete_values(work)
    changed = {name for name, value in after.items() if not before or before.get(name) != value}
    fields = {field.name: field.attname for field in work._meta.concrete_fields if field.attname in after}
    return {name for name, value in values.items() if name in fields and (_is_blank(value) or fields[name] in changed)}


def _told(case: Case, name: str, work: Record, occurred_at: datetime, now: datetime) -> dict[str, list[int]]:
    """Whom notices inside reach with this action, by address: the proof that they were sent, or that nobody was there.

    What is entered long after it happened is told to nobody, and nothing is claimed of it.
    """
    if occurred_at < now - NEWS_FOR:
        return {}
    persons = {"owner": work.owner_id, "registrar": work.registrar_id}
    day = now.astimezone(case.company.zone).date()
    taken = {name, *(event.action for event in case.events)}
    wanted = [
        resolved(address.key, persons)
        for bound in case.rules.of_kind("notice")
        if not bound.control.proved_by and taken.intersection(bound.control.on)
        if bound.control.when is not None or name in bound.control.on
        for address in bound.control.to
    ]
    return {
        address: [employee.pk for employee in holders_of(case.company.pk, address, day)]
        for address in dict.fromkeys(wanted)
    }


def _said(value: Any) -> Any:
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_said(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _said(each) for key, each in value.items()}
    return stored(value)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [_said(before.get(name)), _said(value)]
        for name, value in after.items()
        if before.get(name) != value and not (not before and _is_blank(value))
    }


def _save(
    work: Record,
    action: Action[Any, Any],
    changes: Mapping[str, Any],
    before: Mapping[str, Any],
    circumstances: Circumstances,
    now: datetime,
    reading: Reading,
) -> None:
    final = work.state in work.FINAL
    work.is_open = not final
    work.changed_at = now
    if final and work.closed_at is None:
        work.closed_at = circumstances.occurred_at or now
    if not final:
        work.closed_at = None
    if action.is_opening:
        work.source_key = circumstances.source_key
        _insert(work)
        return
    if changes or work.state != before["state"]:
        work.version += 1
    kept = {name for name in _KEPT if getattr(work, name) != before[name]}
    reading.keep(work, kept.union(changes))


def _insert(work: Record) -> None:
    if work.source_key is None:
        insert([work])
        return
    try:
        with transaction.atomic():
            insert([work])
    except IntegrityError as twice:
        if (
            work.source_key is None
            or not Record.objects.filter(company=work.company, type=work.type, source_key=work.source_key).exists()
        ):
            raise
        raise Refused(Refusal("imported_already", _("This has been brought in already."))) from twice


def _enter(case: Case, work: Record, event: Event, changes: Mapping[str, Any], state_before: str) -> Entry:
    deputised = sorted(case.authority.deputised)
    return book.append(
        company_id=work.company_id,
        chain=work.chain,
        sequence=event.sequence,
        previous_hash=case.entries[-1].hash if case.entries else "",
        record_id=work.pk,
        action=event.action,
        by_id=case.by.pk,
        acting_as=",".join(deputised)[:80],
        occurred_at=event.occurred_at,
        entered_at=event.entered_at,
        state_before=state_before,
        state_after=event.state,
        changes=dict(changes),
        facts=dict(event.facts),
        dates={name: stored(value) for name, value in event.dates.items()},
        data={**event.data, "persons": dict(event.persons)},
    )


def _attach(work: Record, entry: Entry, kept: Sequence[_Kept], by: Employee, now: datetime) -> None:
    if not kept:
        return
    Attachment.objects.bulk_create(
        Attachment(
            company_id=work.company_id,
            record_id=work.pk,
            entry=entry,
            kind=each.upload.kind,
            file_name=each.file_name,
            content_type=each.content_type,
            size=len(each.upload.content),
            digest=each.digest,
            added_by=by,
            added_at=now,
        )
        for each in kept
    )


def _remember_denial(refused: Refused, action: Action[Any, Any], record: Record, by: Employee, now: datetime) -> None:
    if not _DENIALS & set(refused.codes):
        return
    Denial.objects.create(
        company_id=by.company_id,
        employee=by,
        record_id=record.pk if record.company_id == by.company_id else None,
        action=action.full_name(record._meta.model_name or ""),
        reason=refused.codes[0],
        tried_at=now,
    )
