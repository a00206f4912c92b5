"""Records, obligations and ledger entries as the faces that templates draw."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luyue.desk import faces
from luyue.desk.clocks import clock, span_in_words
from luyue.ledger.models import Entry
from luyue.organization.models import Company, Employee
from luyue.organization.prepared import by_id
from luyue.records.calendars import calendar_of
from luyue.records.case import Case
from luyue.records.lengths import LengthField, in_words
from luyue.records.models import Obligation, Record
from luyue.records.objections import Names
from luyue.records.record_types import RecordType
from luyue.rulebook.engine.clocks import read_date
from luyue.rulebook.engine.events import TOLD_AHEAD
from luyue.rulebook.engine.sign_offs import Round, Slot


@lru_cache(maxsize=4096)
def address(name: str, *args: str | int) -> str:
    """The address of a page; a list asks for the same ones again and again."""
    return reverse(name, args=args)


def action_url(record_type: RecordType, pk: int, action: str) -> str:
    """Where a step is taken; Django is asked once for each step, not for each step of each record."""
    return address("desk:action", record_type.slug, 0, action).replace("/0/", f"/{pk}/", 1)


def record_url(record: Record, record_type: RecordType) -> str:
    return address("desk:record", record_type.slug, record.pk)


def state_of(record_type: RecordType, state: str) -> faces.State:
    """The state's word and tint: new, active, waiting, done or void."""
    order = list(record_type.states.values)
    tone: faces.StateTone = "active"
    if state in ("void", "withdrawn"):
        tone = "void"
    elif state in record_type.model.FINAL:
        tone = "done"
    elif state.startswith(("waiting", "confirming", "verifying")):
        tone = "waiting"
    elif state == order[0]:
        tone = "new"
    return faces.State(label=str(dict(record_type.states.choices).get(state, state)), tone=tone)


def clock_of(
    row: Obligation, company: Company, now: datetime, names: Names | None = None, what: str = ""
) -> faces.Clock:
    """The face of an obligation; what counts working hours says them."""
    span = str(row.detail.get("span", ""))
    working = None
    if span.endswith("bh") and row.due_at and row.due_at > now and row.status == "running":
        working = timedelta(minutes=calendar_of(company).working_minutes(now, row.due_at))
    return clock(
        row.status,
        due_at=row.due_at,
        now=now,
        done_at=row.done_at,
        working_left=working,
        what=what,
        clause=f"{row.procedure} {row.clause}",
        owner=names.address(row.owner) if names else "",
        url=address("desk:clock", row.pk) if row.due_at and row.record_id else "",
        key=row.key,
    )


def nearest_clock(record: Record, now: datetime) -> faces.Clock | None:
    """The nearest due time of a record as its lists show it."""
    if record.nearest_due_at is None or not record.is_open:
        return None
    return clock("running", due_at=record.nearest_due_at, now=now)


def duty_verb(row: Obligation, names: Names) -> str:
    """What is to be done, as a verb: the label of the first action that settles the obligation."""
    if row.detail.get("before") and row.kind == "sign_off":
        return _("Sign: %(action)s") % {"action": names.action(str(row.detail["before"]))}
    for each in row.does:
        return names.action(each)
    return str(row.control.rsplit("/", 1)[-1])


def duty_of(row: Obligation, record_type: RecordType, names: Names, company: Company, now: datetime) -> faces.Duty:
    record = row.record
    assert record is not None
    url = record_url(record, record_type)
    does = row.does[0].partition(".")[2] if row.does else ""
    return faces.Duty(
        verb=duty_verb(row, names),
        number=record.number,
        title=record.title,
        url=url,
        action_url=action_url(record_type, record.pk, does)
        if does and _may_be_taken_in(record.state, record_type, does)
        else "",
        customer=record.party.name if record.party else "",
        clause=f"{row.procedure} {row.clause}",
        clock=clock_of(row, company, now),
    )


def _may_be_taken_in(state: str, record_type: RecordType, does: str) -> bool:
    """Whether the step is one of this state; what lies further on is reached from the record."""
    action = record_type.all_actions.get(does)
    return action is not None and (action.at is None or state in action.at)


DutyPresenter = Callable[[Obligation, Names, Company, datetime], faces.Duty]

_without_record: dict[str, DutyPresenter] = {}


def presents(kind: str) -> Callable[[DutyPresenter], DutyPresenter]:
    """Let an upper area say how a duty of this kind looks when no record is behind it, and where one does it."""

    def remember(presenter: DutyPresenter) -> DutyPresenter:
        _without_record[kind] = presenter
        return presenter

    return remember


def duty_without_record(row: Obligation, names: Names, company: Company, now: datetime) -> faces.Duty:
    """A duty of the calendar, which no record has given rise to."""
    return _without_record[row.kind](row, names, company, now)


def steps_of(case: Case) -> list[faces.Step]:
    """Where the record has been, where it is, and what usually comes."""
    arrived: dict[str, datetime] = {}
    for entry in case.entries:
        if entry.state_after and entry.state_after != entry.state_before:
            arrived[entry.state_after] = entry.occurred_at
    choices = list(case.record_type.states.choices)
    here = case.record.state
    order = [value for value, _label in choices]
    usual = [(value, label) for value, label in choices if value in arrived or _is_usual(value, here, order)]
    return [
        faces.Step(
            label=str(label),
            place="here" if value == here else "past" if _is_past(value, here, order, arrived) else "ahead",
            at=arrived.get(value) if value == here or _is_past(value, here, order, arrived) else None,
        )
        for value, label in usual
    ]


_ASIDE = frozenset({"waiting", "withdrawn", "void"})


def _is_usual(value: str, here: str, order: Sequence[str]) -> bool:
    return value == here or (value not in _ASIDE and here not in ("withdrawn", "void"))


def _is_past(value: str, here: str, order: Sequence[str], arrived: Mapping[str, datetime]) -> bool:
    return value in arrived and order.index(value) < order.index(here)


def panels_of(case: Case) -> list[faces.Panel]:
    """The panels that have something to say to this person, in the order of the paper form."""
    panels = []
    for place, panel in enumerate(case.record_type.panels):
        facts = [_fact_seen(case, name) for name in panel.fields]
        if place == 0 or any(fact.value not in ("", None) or fact.struck for fact in facts):
            panels.append(faces.Panel(title=str(panel.title), facts=facts))
    return panels


def _fact_seen(case: Case, name: str) -> faces.Fact:
    """One field as this person sees it: what is withheld is not empty, what names an unseen record looks empty."""
    if name in case.withheld_fields:
        return faces.Fact(label=label_of(case.record, name), value=_("not shown to you"), kind="withheld")
    if name in case.hidden_fields:
        return faces.Fact(label=label_of(case.record, name))
    return fact_of(case.record, name)


def label_of(record: Record, name: str) -> str:
    """What the paper calls a field."""
    return capfirst(str(record._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def fact_of(record: Record, name: str) -> faces.Fact:
    """One field as the paper shows it."""
    field = record._meta.get_field(name)
    label = label_of(record, name)
    struck = str(record.struck_through.get(name, ""))
    value = getattr(record, name)
    if isinstance(value, bool):
        return faces.Fact(label=label, value=value, kind="yes_no", struck=struck)
    if isinstance(value, Employee):
        return faces.Fact(label=label, value=value.name, kind="person")
    if isinstance(value, Record):
        return faces.Fact(label=label, value=str(value), kind="link", url=reverse("desk:open", args=[value.pk]))
    if name.endswith("phone") and value:
        return faces.Fact(label=label, value=value, kind="link", url=f"tel:{_DIALLED.sub('', value)}")
    is_long = isinstance(field, models.TextField | models.JSONField)
    kind: Any = "long" if is_long else "number" if isinstance(value, Decimal | int) else "text"
    return faces.Fact(label=label, value=shown(record, name), kind=kind, struck=struck, is_wide=is_long)


_DIALLED = re.compile(r"[^+0-9,;*#]")
"""What a phone cannot dial."""


def shown(record: Record, name: str) -> str:
    """The value in words of the reader's language."""
    if name == "state":
        return str(record.State(record.state).label)  # type: ignore[attr-defined]
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return said(value)


def labels_of(field: Any) -> Mapping[Any, str]:
    """What the values of a field with choices are called in the reader's language."""
    return {value: str(label) for value, label in getattr(field, "flatchoices", ())}


def said(value: Any) -> str:
    """Any stored value as a person writes it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return exactly(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list):
        return "\n".join(f"{place}. {each}" for place, each in enumerate(value, start=1))
    return str(value)


def exactly(moment: datetime) -> str:
    """The moment in the zone active in this request, which is the company's."""
    return localtime(moment).strftime("%Y-%m-%d %H:%M")


def rounds_of(case: Case, rows: Iterable[Obligation]) -> list[faces.SignOff]:
    """The sign-off sheets of a record, the latest round of each."""
    latest: dict[str, Round] = {}
    for each in case.rounds:
        latest[each.group] = each
    people = _people(case, {slot.signed_by for each in latest.values() for slot in each.slots if slot.signed_by})
    due = {(row.control, row.detail.get("slot")): row for row in rows if row.kind == "sign_off"}
    return [
        faces.SignOff(
            title=_("Sign-off before “%(action)s”") % {"action": case.names.action(each.before)},
            mode=each.mode,  # type: ignore[arg-type]
            clause=f"{each.bound.procedure} {each.bound.clause}",
            slots=[_slot(each, slot, case, people) for slot in each.slots],
            clock=next(
                (
                    clock_of(due[each.group, slot.n], case.company, case.now)
                    for slot in each.waiting
                    if (each.group, slot.n) in due and due[each.group, slot.n].due_at
                ),
                None,
            ),
        )
        for each in latest.values()
    ]


def _slot(each: Round, slot: Slot, case: Case, people: Mapping[int, Employee]) -> faces.Slot:
    signer = people.get(slot.signed_by or 0)
    standing: Any = "later"
    if slot.decision:
        standing = "signed" if slot.is_signed else "sent_back"
    elif not each.is_running:
        standing = "cancelled"
    elif slot.is_open:
        standing = "next"
    waits = ""
    if standing == "next" and slot.since:
        waits = _("for %(span)s") % {"span": span_in_words(case.now - slot.since)}
    return faces.Slot(
        who=faces.Person(name=signer.name if signer else case.names.address(slot.address)),
        position=case.names.address(slot.address) if signer else "",
        standing=standing,
        meaning=str(_MEANINGS[each.control.meaning]()) if standing == "signed" else "",
        at=slot.at,
        opinion=slot.opinion,
        waits=waits,
    )


_MEANINGS = {
    "prepared": lambda: _("Prepared"),
    "reviewed": lambda: _("Reviewed"),
    "approved": lambda: _("Approved"),
    "received": lambda: _("Received"),
    "agreed": lambda: _("Agreed"),
}


def _people(case: Case, ids: Iterable[int]) -> dict[int, Employee]:
    found = by_id(Employee, "department")(set(ids))
    return {each.pk: each for each in found if each.company_id == case.company.pk}


_KINDS: Mapping[str, Any] = {
    "comment": "comment",
    "sign": "signature",
    "correct": "correction",
    "override": "correction",
}


def timeline_of(case: Case, entries: Sequence[Entry]) -> list[faces.Entry]:
    """Ledger entries as lines of the history, newest first."""
    people = _people(case, {entry.by_id for entry in entries if entry.by_id})
    fields = {one.attname: one for one in case.record_type.model._meta.concrete_fields}
    named = _named(case, fields, entries)
    return [_line(case, entry, people.get(entry.by_id or 0), named) for entry in reversed(entries)]


Fields = Mapping[str, "models.Field[Any, Any]"]
Named = Mapping[tuple[Any, Any], str]


def changed_fields(case: Case, entry: Entry) -> list[models.Field[Any, Any]]:
    """The fields whose change this person may see, in the order of the entry."""
    fields = {one.attname: one for one in case.record_type.model._meta.concrete_fields}
    found = (fields[attname] for attname in entry.changes if attname != "company_id")
    return [field for field in found if field.name not in case.hidden_fields]


UNSEEN = "—"
"""What stands for a record that was named once and is not for this person to see."""


def _named(case: Case, fields: Fields, entries: Sequence[Entry]) -> Named:
    """What the rows are called that the changes name, by model and id; another record only to whom it is open."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    for entry in entries:
        for attname, values in entry.changes.items():
            if attname != "company_id" and fields[attname].is_relation:
                wanted[fields[attname].related_model].update(value for value in values if value)
    named = {
        (model, pk): str(row)
        for model, ids in wanted.items()
        for pk, row in ((row.pk, row) for row in by_id(model)(ids))
    }
    for model in (model for model in wanted if issubclass(model, Record)):
        seen = Record.objects.visible_to(case.by, case.authority).filter(pk__in=wanted[model])
        unseen = wanted[model] - set(seen.values_list("pk", flat=True))
        named |= {(model, pk): UNSEEN for pk in unseen}
    return named


def _line(case: Case, entry: Entry, by: Employee | None, named: Named) -> faces.Entry:
    name = entry.action.partition(".")[2]
    moved = entry.state_after != entry.state_before
    return faces.Entry(
        kind=_KINDS.get(name, "action"),
        title=case.names.action(entry.action),
        who=faces.Person(name=by.name, department=str(by.department)) if by else None,
        occurred_at=entry.occurred_at,
        entered_at=entry.entered_at,
        comment=_comment(case, name, entry),
        changes=[_change(field, named, *entry.changes[field.attname]) for field in changed_fields(case, entry)],
        state=state_of(case.record_type, entry.state_after) if moved else None,
        digest=entry.hash,
    )


FILES_NAMED = 3
_SAID_FIRST = ("text", "reason", "finding", "opinion", "progress", "decision", "summary", "note", "evidence", "problem")


def _comment(case: Case, name: str, entry: Entry) -> str:
    data = entry.data
    said_here = [key for key in _SAID_FIRST if data.get(key) and not (name == "sign" and key == "decision")]
    lines = [str(data[key]) for key in said_here]
    if len(said_here) > 1:
        label = _("%(label)s: %(said)s")
        asked = {key: case.names.asked(entry.action, key) for key in said_here}
        lines = [label % {"label": capfirst(asked[key]), "said": data[key]} for key in said_here]
    if name == "sign":
        lines.insert(0, _("Agreed") if data.get("decision") == "agreed" else _("Sent back"))
    for key in ("to", "to_department", "to_person", "person", "responsible"):
        if isinstance(data.get(key), Mapping):
            lines.append("→ " + str(data[key]["name"]))
    if data.get("channel"):
        lines.append("→ " + case.names.choice(entry.action, "channel", data["channel"]))
    files = [str(each["file_name"]) for each in data.get("attachments", ())]
    lines += [_("File: %(name)s") % {"name": name} for name in files[:FILES_NAMED]]
    if len(files) > FILES_NAMED:
        lines.append(_("and %(n)s more") % {"n": len(files) - FILES_NAMED})
    lines += [_moved(move) for move in data.get("moved", ())]
    if name == TOLD_AHEAD:
        lines.append(f"{case.names.address(data['address'])} — {said(read_date(data['date']))}")
    return "\n".join(lines)


def _moved(move: Mapping[str, str]) -> str:
    """`QM-10 3.1: due 2026-03-13 00:00 → 2026-03-10 00:00`, or that nothing is due any more."""
    before, after = (exactly(datetime.fromisoformat(move[key])) if move[key] else "—" for key in _DUE)
    if move["status_after"] == Obligation.Status.CANCELLED:
        return _("%(clause)s: due %(before)s, lapses") % {"clause": move["clause"], "before": before}
    return _("%(clause)s: due %(before)s → %(after)s") % {"clause": move["clause"], "before": before, "after": after}


_DUE = ("due_before", "due_after")


def _change(field: models.Field[Any, Any], named: Named, before: Any, after: Any) -> faces.Change:
    return faces.Change(
        label=capfirst(str(field.verbose_name)),
        before=_stored(field, named, before),
        after=_stored(field, named, after),
    )


def _stored(field: models.Field[Any, Any], named: Named, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.is_relation:
        return named.get((field.related_model, value), str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, LengthField):
        return in_words(value)
    if isinstance(field, models.DateTimeField):
        return exactly(datetime.fromisoformat(value))
    return said(value)


def date_in_words(day: date, today: date) -> str:
    """Today, tomorrow, a weekday with its date."""
    if day == today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    return date_format(day, "D, j M" if not _("Today").startswith("今") else "n月j日 l")
