"""One action taken on many ticked records, each under its own rules; what is refused is said record by record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from luyue.desk.once import submission_of
from luyue.desk.pages.register_page import BulkAssignForm
from luyue.organization.access import StaffRequest
from luyue.organization.models import Employee
from luyue.records.models import Record
from luyue.records.record_types import RecordType
from luyue.records.refusing import Refused


def assign_ticked(request: StaffRequest, record_type: RecordType, ids: list[int]) -> HttpResponse:
    employees = Employee.objects.filter(company=request.company, left_on=None).select_related("department")
    form = BulkAssignForm(request.POST or None, employees=employees.order_by("name"))
    if request.method == "POST" and form.is_valid():
        _assign(request, record_type, ids, form.cleaned_data["to"])
        return redirect(_list_again(request, record_type))
    context = {
        "form": form,
        "heading": _("Assign %(count)d records") % {"count": len(ids)},
        "hidden": [("record", str(pk)) for pk in ids] + [("action", "assign")],
        "register_label": str(record_type.title),
        "register_url": _list_again(request, record_type),
        "submit_label": _("Assign"),
    }
    return render(request, "desk/choice.html", context)


def _list_again(request: StaffRequest, record_type: RecordType) -> str:
    """The list as it was: the page keeps its address, of which only the ticks and the action are no part."""
    query = request.GET.copy()
    for name in ("record", "action"):
        query.pop(name, None)
    address = reverse("desk:register", args=[record_type.slug])
    return f"{address}?{query.urlencode()}" if query else address


def _assign(request: StaffRequest, record_type: RecordType, ids: list[int], to: Employee) -> None:
    assign = record_type.all_actions["assign"].given(submission=submission_of(request))
    done = 0
    for pk in ids:
        record: Record = record_type.model._default_manager.get(pk=pk)
        try:
            assign(record, by=request.employee, to=to)
        except Refused as refused:
            if refused.codes != ("sent_twice",):
                messages.error(request, f"{record.number}: {refused}")
                continue
        done += 1
    if done:
        messages.success(request, _("%(count)d records assigned to %(name)s.") % {"count": done, "name": to.name})
