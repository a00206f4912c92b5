"""The running promises that a later edition takes with it: each with its old and its new due time, then confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from luyue.desk.presenting import duty_verb, record_url
from luyue.desk.templatetags.desk import until
from luyue.ledger.chains import enter_procedure_change
from luyue.organization.access import StaffRequest, for_employees
from luyue.records import registry
from luyue.records.models import Record
from luyue.records.moving import Move, digest_of_moves, move_running_promises, moves_to
from luyue.records.objections import Names
from luyue.rulebook.editions import EditionError, document_of, editions_in_force
from luyue.rulebook.models import Edition

LISTED = 500
"""More lines than anybody reads; what is confirmed is the whole list, and its number is said."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def moves(request: StaffRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.select_related("procedure", "company"), company=request.company, pk=pk)
    if not edition.is_settled or not document_of(edition).migrates:
        raise Http404
    if request.method == "POST":
        return _confirm(request, edition)
    context = {
        "edition": edition,
        "procedure_url": f"{reverse('desk:procedure', args=[edition.procedure.code])}?edition={pk}",
        "is_in_force": edition in editions_in_force(request.company, request.today),
        **moves_shown(request, edition),
    }
    return render(request, "desk/moves.html", context)


def _confirm(request: StaffRequest, edition: Edition) -> HttpResponse:
    try:
        moved = move_running_promises(
            edition,
            by=request.employee,
            at=request.now,
            listed=request.POST.get("listed", ""),
            enter=enter_procedure_change,
        )
    except EditionError as wrong:
        messages.error(request, str(wrong))
    else:
        sentence = ngettext("%(n)d running promise was moved.", "%(n)d running promises were moved.", moved)
        messages.success(request, sentence % {"n": moved})
    return redirect("desk:moves", edition.pk)


def moves_shown(request: StaffRequest, edition: Edition) -> dict[str, Any]:
    """The list as it is now, and by what it is known again; records that one may not see are not named."""
    if not document_of(edition).migrates:
        return {"moves": [], "moves_listed": "", "moves_left_out": 0}
    found = moves_to(edition, by=request.employee, at=request.now)
    return {
        "moves": _lines(request, found[:LISTED]),
        "moves_listed": digest_of_moves(found),
        "moves_left_out": max(0, len(found) - LISTED),
    }


def _lines(request: StaffRequest, found: Sequence[Move]) -> list[dict[str, Any]]:
    names = Names.of(request.company)
    ids = [move.row.record_id for move in found if move.row.record_id]
    seen = Record.objects.visible_to(request.employee, request.authority).filter(pk__in=ids)
    visible = set(seen.values_list("pk", flat=True))
    return [_line(move, names, is_seen=move.row.record_id in visible) for move in found]


def _line(move: Move, names: Names, *, is_seen: bool) -> dict[str, Any]:
    record = move.row.record
    assert record is not None
    return {
        "number": record.number if is_seen else "",
        "title": record.title if is_seen else _("not shown to you"),
        "url": record_url(record, registry.record_type(record.type)) if is_seen else "",
        "what": duty_verb(move.row, names),
        "owner": names.address(move.after.owner),
        "clause": f"{move.after.procedure} {move.after.clause}",
        "before": until(move.row.due_at) if move.row.due_at else _("stands still"),
        "after": _after(move),
        "is_late": move.after.status == "broken",
    }


def _after(move: Move) -> str:
    if move.after.status == "cancelled":
        return _("lapses")
    if move.after.status == "kept":
        return _("is kept already")
    return str(until(move.after.due_at)) if move.after.due_at else _("stands still")
