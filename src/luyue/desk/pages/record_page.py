"""The page of one record, its files, and the explanation of its clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import OperationalError
from django.db.models import Model, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.downloads import given_out
from luyue.desk.explaining import explanation
from luyue.desk.mishaps import mishap_of
from luyue.desk.models import Visit
from luyue.desk.pages.print_page import prints_of
from luyue.desk.presenting import (
    action_url,
    clock_of,
    duty_verb,
    panels_of,
    record_url,
    rounds_of,
    said,
    state_of,
    steps_of,
    timeline_of,
)
from luyue.desk.retaining import keeping_of
from luyue.desk.seen import case_seen_by
from luyue.desk.trifles import no_wait_for_the_disk
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.prepared import Place, Prepared
from luyue.records import registry
from luyue.records.actions import Action
from luyue.records.attachments import SHOWN_AS_PICTURE
from luyue.records.case import Case
from luyue.records.models import Attachment, Link, Obligation, Record
from luyue.records.record_types import RecordType
from luyue.records.refusing import Refusal
from luyue.records.rules import edition_ids

ENTRIES_SHOWN = 40
QUIET = frozenset({"comment", "attach", "correct", "void", "override", "hand_over", "add_signer"})
"""Actions that are never the one next thing to do."""


@require_safe
@for_employees
def record(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    case = case_seen_by(request, slug, pk)
    rows = _obligations(case.record.pk)
    open_actions, closed_actions = _actions(case)
    main = main_action(case, rows, open_actions, closed_actions)
    _remember_visit(request, case.record)
    context = {
        **_head(case),
        "state": state_of(case.record_type, case.record.state),
        "steps": steps_of(case),
        "main_action": main,
        "open_actions": [_button(case, each) for each in open_actions if main is None or each.name != main.name],
        "closed_actions": [
            _button(case, each, refusals[0])
            for each, refusals in closed_actions
            if (main is None or each.name != main.name) and refusals[0].code != "nothing_to_sign"
        ],
        "prints": prints_of(case),
        "panels": panels_of(case),
        "children": [_child_table(case.record, name) for name in case.record_type.children],
        "clocks": _clocks(case, rows),
        "sign_offs": rounds_of(case, rows),
        "links": _links(request, case),
        "attachments": _attachments(case),
        "keeping": keeping_of(case),
        "attach_url": reverse("desk:action", args=[slug, pk, "attach"]),
        "comment_url": reverse("desk:action", args=[slug, pk, "comment"]),
        **_timeline(request, case),
    }
    return render(request, [f"{case.record_type.name}/record.html", "desk/record.html"], context)


def _remember_visit(request: StaffRequest, seen: Record) -> None:
    """A full disk or a busy database keeps nobody from reading."""
    try:
        with no_wait_for_the_disk():
            Visit.objects.bulk_create(
                [Visit(company=request.company, employee=request.employee, record_id=seen.pk, visited_at=request.now)],
                update_conflicts=True,
                unique_fields=["company", "employee", "record"],
                update_fields=["visited_at"],
            )
    except OperationalError as fault:
        if mishap_of(fault) is None:
            raise


@require_safe
@for_employees
def open_record(request: StaffRequest, pk: int) -> HttpResponse:
    """Wherever a record is named without its type."""
    found = get_object_or_404(Record.objects.visible_to(request.employee, request.authority), pk=pk)
    return redirect(record_url(found, registry.record_type(found.type)))


@Prepared
def _obligations(record_id: Place) -> QuerySet[Obligation]:
    return Obligation.objects.filter(record_id=record_id).order_by("due_at", "id")


@Prepared
def _procedures(record_id: Place) -> QuerySet[Obligation, str]:
    return Obligation.objects.filter(record_id=record_id).values_list("procedure", flat=True)[:20]


def _head(case: Case) -> dict[str, Any]:
    shown, record_type = case.record, case.record_type
    party = shown.party
    procedures = set(_procedures(shown.pk))
    return {
        "record": {"number": shown.number, "subject": shown.title, "url": record_url(shown, record_type)},
        "register_label": str(record_type.title),
        "register_url": reverse("desk:register", args=[record_type.slug]),
        "party": {
            "name": party.name,
            "url": reverse("customers:customer", args=[party.pk]),
            "note": party.get_market_display(),
        }
        if party
        else None,
        "owner": faces.Person(name=shown.owner.name, department=str(shown.owner.department)) if shown.owner else None,
        "department": str(shown.department or ""),
        "opened_at": shown.opened_at,
        "editions": [
            (code, "", reverse("desk:procedure", args=[code]) + f"?edition={pk}")
            for code, pk in edition_ids(shown.binding_id).items()
            if code in procedures
        ],
    }


def _actions(case: Case) -> tuple[list[Action[Any, Any]], list[tuple[Action[Any, Any], list[Refusal]]]]:
    open_actions, closed_actions = [], []
    for each in case.record_type.all_actions.values():
        if each.is_opening:
            continue
        refusals = case.refusals(each)
        if not refusals:
            open_actions.append(each)
        elif not _is_far_away(refusals):
            closed_actions.append((each, refusals))
    return open_actions, sorted(closed_actions, key=lambda closed: _distance(case, *closed))


def _distance(case: Case, action: Action[Any, Any], refusals: Sequence[Refusal]) -> int:
    """What this state closes for a reason of its own comes first, then what lies ahead, then what is past."""
    if refusals[-1].code != "state" or action.at is None:
        return 0
    order = case.record_type.states.values
    return 1 if max(order.index(state) for state in action.at) > order.index(case.record.state) else 2


def _is_far_away(refusals: Sequence[Refusal]) -> bool:
    return refusals[0].code in ("nothing_to_sign", "nothing_to_acknowledge", "role_nobody")


def main_action(
    case: Case,
    rows: Sequence[Obligation],
    open_actions: Sequence[Action[Any, Any]],
    closed_actions: Sequence[tuple[Action[Any, Any], list[Refusal]]],
) -> faces.ActionButton | None:
    """The one next thing to do.

    First what I owe and can do now, the nearest due first; then what anybody owes and I can do; then the next step on
    the way; then what I can do so that the next step opens; else what somebody else must do, with the reason why not I.
    """
    by_name = {each.name: each for each in open_actions if each.name not in QUIET}
    owed = [row for row in rows if row.is_owed]
    for mine in (True, False):
        for row in owed:
            if mine and row.owner not in case.authority.keys:
                continue
            for does in row.does:
                action = by_name.get(does.partition(".")[2])
                if action is not None and (mine or action.name not in ("sign", "acknowledge")):
                    return _button(case, action, row=row)
    steps = [each for each in open_actions if _leads_on(case, each)]
    if steps:
        return _button(case, steps[0])
    ahead = [
        (each, refusals) for each, refusals in closed_actions if _leads_on(case, each) and refusals[-1].code != "state"
    ]
    wanted = list(_wanted_before(case, ahead))
    for name in wanted:
        if name in by_name:
            return _button(case, by_name[name])
    closed = {each.name: (each, refusals) for each, refusals in closed_actions}
    ahead = [closed[name] for name in wanted if name in closed] + ahead
    return _button(case, ahead[0][0], ahead[0][1][0]) if ahead else None


def _wanted_before(case: Case, ahead: Sequence[tuple[Action[Any, Any], list[Refusal]]]) -> Iterator[str]:
    """The steps that must be taken before those that lie ahead, by their names."""
    for each, refusals in ahead:
        for refusal in (*refusals, *filter(None, (check(case.record) for check in each.checks))):
            if refusal.first:
                yield refusal.first


def _leads_on(case: Case, action: Action[Any, Any]) -> bool:
    """Whether the action brings the record on its way; one that is finished, or goes back, is nobody's next step."""
    if not action.to or action.to in ("void", "withdrawn", "waiting") or not case.record.is_open:
        return False
    order = case.record_type.states.values
    return case.record.state == "waiting" or order.index(action.to) >= order.index(case.record.state)


def next_step(case: Case) -> faces.ActionButton | None:
    """The one next thing to do on a record, for a page that has not read its actions yet."""
    rows = _obligations(case.record.pk)
    open_actions, closed_actions = _actions(case)
    return main_action(case, rows, open_actions, closed_actions)


def _button(
    case: Case, action: Action[Any, Any], refusal: Refusal | None = None, row: Obligation | None = None
) -> faces.ActionButton:
    clause = f"{row.procedure} {row.clause}" if row else ""
    if refusal and refusal.clause:
        clause = f"{refusal.procedure} {refusal.clause}"
    return faces.ActionButton(
        label=str(action.label),
        name=action.name,
        url=action_url(case.record_type, case.record.pk, action.name),
        clause=clause,
        refusal=str(refusal.sentence) if refusal else "",
        clock=clock_of(row, case.company, case.now) if row else None,
    )


def _clocks(case: Case, rows: Sequence[Obligation]) -> list[faces.Clock]:
    """What is overdue, then what runs, each the nearest due first; then what was done, late or in time."""
    shown = [row for row in rows if row.kind in ("time_limit", "routing") or (row.kind == "notice" and row.due_at)]
    order = {"running": 0, "paused": 0, "broken": 1, "kept": 2}
    live = sorted(
        (row for row in shown if row.status in order),
        key=lambda row: -1 if row.status == "broken" and row.is_owed else order[row.status],
    )
    return [clock_of(row, case.company, case.now, case.names, duty_verb(row, case.names)) for row in live]


def _links(request: StaffRequest, case: Case) -> list[faces.Links]:
    pk = case.record.pk
    others = {target if source == pk else source for source, target in _linked_with(pk)}
    if getattr(case.record, "repeats_id", None):
        others.add(case.record.repeats_id)  # type: ignore[attr-defined]
    found: dict[str, list[Record]] = {}
    for other in _seen_of(request.company.pk, request.authority.keys, others):
        found.setdefault(other.type, []).append(other)
    return [
        faces.Links(
            label=str(registry.record_type(name).title),
            count=str(len(records)),
            url=record_url(records[0], registry.record_type(name)),
            icon=registry.record_type(name).icon,
            records=[_linked(each) for each in records],
        )
        for name, records in found.items()
    ]


@Prepared
def _linked_with(pk: Place) -> QuerySet[Link, tuple[int, int]]:
    return Link.objects.filter(Q(source_id=pk) | Q(target_id=pk)).values_list("source_id", "target_id")


@Prepared
def _seen_of(company_id: Place, keys: list[Place], ids: Any) -> QuerySet[Record]:
    return Record.objects.visible_under(company_id, keys).filter(pk__in=ids).order_by("-opened_at")


def _linked(other: Record) -> faces.LinkedRecord:
    record_type = registry.record_type(other.type)
    return faces.LinkedRecord(
        number=other.number,
        title=other.title,
        url=record_url(other, record_type),
        state=state_of(record_type, other.state),
    )


def _attachments(case: Case) -> list[faces.Attachment]:
    kinds = dict(case.record_type.attachment_kinds.choices)
    return [
        faces.Attachment(
            name=each.file_name,
            url=reverse("desk:attachment", args=[case.record_type.slug, case.record.pk, each.pk]),
            kind=str(kinds.get(each.kind, each.kind)),
            size=each.size,
            thumbnail=_raw_url(case, each) if each.content_type in SHOWN_AS_PICTURE else "",
            who=each.added_by.name,
            at=each.added_at,
        )
        for each in _files_of(case.record.pk)
    ]


@Prepared
def _files_of(record_id: Place) -> QuerySet[Attachment]:
    return Attachment.objects.filter(record_id=record_id).select_related("added_by").order_by("pk")


def _raw_url(case: Case, attachment: Attachment) -> str:
    return reverse("desk:raw", args=[case.record_type.slug, case.record.pk, attachment.pk])


def _child_table(shown: Record, name: str) -> dict[str, Any]:
    manager = getattr(shown, name)
    fields = [
        field
        for field in manager.model._meta.concrete_fields
        if field.name not in ("id", "company", shown._meta.model_name)
    ]
    related = [field.name for field in fields if field.is_relation]
    rows = _rows_under(manager.model, manager.field.attname, *related)(shown.pk)
    return {
        "title": capfirst(str(manager.model._meta.verbose_name_plural)),
        "columns": [capfirst(str(field.verbose_name)) for field in fields],
        "rows": [[said(getattr(row, field.name)) for field in fields] for row in rows],
    }


@cache
def _rows_under(model: type[Model], record_id: str, *related: str) -> Prepared[Any]:
    """The question for the lines that belong to a record."""
    lines = model._default_manager
    return Prepared(lambda pk: lines.filter(**{record_id: pk}).select_related(*related).order_by("pk")[:200])


def _timeline(request: StaffRequest, case: Case) -> dict[str, Any]:
    before = request.GET.get("before", "")[:9]
    entries = [each for each in case.entries if not before.isdecimal() or each.sequence < int(before)]
    shown = entries[-ENTRIES_SHOWN:]
    older = f"{request.path}?before={shown[0].sequence}" if len(entries) > len(shown) else ""
    return {"entries": timeline_of(case, shown), "older_url": older}


@require_safe
@for_employees
def clock(request: StaffRequest, pk: int) -> HttpResponse:
    """How a due time came about: from when, what was counted, which pauses, which clause."""
    row = get_object_or_404(
        Obligation.objects.select_related("record", "edition__procedure"), company_id=request.company.pk, pk=pk
    )
    if row.record is None:
        raise Http404
    record_type: RecordType = registry.record_type(row.record.type)
    case = case_seen_by(request, record_type.slug, row.record_id or 0)
    return render(request, "desk/clock.html", {**_head(case), **explanation(case, row)})


def _attachment_seen_by(request: StaffRequest, slug: str, pk: int, attachment: int) -> tuple[Case, Attachment]:
    case = case_seen_by(request, slug, pk)
    return case, get_object_or_404(case.record.attachments.select_related("added_by"), pk=attachment)


@require_safe
@for_employees
def attachment(request: StaffRequest, slug: str, pk: int, attachment: int) -> HttpResponse:
    case, found = _attachment_seen_by(request, slug, pk, attachment)
    media = "image" if found.content_type in SHOWN_AS_PICTURE else "other"
    raw = _raw_url(case, found)
    context = {
        **_head(case),
        "file": faces.Attachment(name=found.file_name, url=raw, size=found.size),
        "media": media,
        "raw_url": raw,
        "download_url": f"{raw}?download=1",
        "facts": [
            faces.Fact(label=_("Kind"), value=dict(case.record_type.attachment_kinds.choices).get(found.kind, "")),
            faces.Fact(label=_("Added by"), value=found.added_by.name, kind="person"),
            faces.Fact(label=_("Added"), value=said(found.added_at), kind="date"),
            faces.Fact(label=_("SHA-256"), value=found.digest, kind="long"),
        ],
        "pager": faces.Pager(),
    }
    return render(request, "desk/attachment.html", context)


@require_safe
@for_employees
def raw(request: StaffRequest, slug: str, pk: int, attachment: int) -> FileResponse:
    """The bytes of a file, never as active content: pictures are shown, everything else is downloaded."""
    _case, found = _attachment_seen_by(request, slug, pk, attachment)
    return given_out(found, as_download="download" in request.GET)
