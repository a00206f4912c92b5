"""The page on which a duty of conduct is stated, and what was stated before."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luyue.desk import faces
from luyue.desk.presenting import clock_of, said
from luyue.organization.access import StaffRequest, for_employees
from luyue.records.actions import Upload
from luyue.records.attachments import path_of
from luyue.records.models import Obligation
from luyue.records.objections import Names
from luyue.records.refusing import Refused
from luyue.sweep import attesting
from luyue.sweep.duties import what_is_stated
from luyue.sweep.forms import StatementForm
from luyue.sweep.models import Attestation

EARLIER_SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def attestation(request: StaffRequest, pk: int) -> HttpResponse:
    """State that a duty of conduct was kept; to whom it is not addressed the reason is shown."""
    row = get_object_or_404(
        Obligation.objects.select_related("edition__procedure"),
        company=request.company,
        record=None,
        kind="attested",
        pk=pk,
    )
    refusals = attesting.refusals(row, by=request.employee)
    is_sent = request.method == "POST"
    form = StatementForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        needs_evidence=attesting.needs_evidence(row),
    )
    if is_sent and not refusals and form.is_valid() and _is_stated(request, row, form):
        messages.success(request, _("Stated: %(clause)s, %(period)s") % _named(row))
        return redirect("desk:my_work")
    context = _context(request, row, form)
    context["refusals"] = [(str(each.sentence), f"{each.procedure} {each.clause}".strip()) for each in refusals]
    return render(request, "sweep/attestation.html", context, status=422 if is_sent else 200)


def _is_stated(request: StaffRequest, row: Obligation, form: StatementForm) -> bool:
    """State it; when it is refused, say why in the form."""
    file = form.cleaned_data["file"]
    upload = Upload("other", file.name, file.read()) if file else None
    try:
        attesting.attest(row, by=request.employee, evidence=form.cleaned_data["evidence"], upload=upload)
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error("evidence" if "evidence" in refusal.fields else None, str(refusal))
        return False
    return True


def _named(row: Obligation) -> dict[str, str]:
    return {"clause": f"{row.procedure} {row.clause}", "period": str(row.detail["period"])}


def _context(request: StaffRequest, row: Obligation, form: StatementForm) -> dict[str, object]:
    names = Names.of(request.company)
    stated = Attestation.objects.filter(company=request.company, obligation__control=row.control)
    earlier = list(stated.select_related("employee", "obligation").order_by("-stated_at", "-pk")[:EARLIER_SHOWN])
    return {
        **_named(row),
        "what": what_is_stated(row),
        "procedure_url": reverse("desk:procedure", args=[row.procedure]),
        "form": form,
        "clock": clock_of(row, request.company, request.now),
        "facts": [
            faces.Fact(label=_("Period"), value=row.detail["period"]),
            faces.Fact(label=_("Owed by"), value=names.address(row.owner)),
            faces.Fact(label=_("Due"), value=said(row.due_at), kind="date"),
            faces.Fact(label=_("Standing"), value=str(row.get_status_display())),
        ],
        "earlier": earlier,
    }


@require_safe
@for_employees
def evidence(request: StaffRequest, pk: int) -> FileResponse:
    """The file that was handed in with a statement, for download only."""
    found = get_object_or_404(Attestation, company=request.company, pk=pk)
    if not found.digest or not path_of(found.digest).exists():
        raise Http404
    response = FileResponse(path_of(found.digest).open("rb"), as_attachment=True, filename=found.file_name)
    response.headers["Content-Type"] = found.content_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
