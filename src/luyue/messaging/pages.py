"""The reader's own notices: what concerns him or her, read and unread."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luyue.desk import faces
from luyue.desk.presenting import clock_of
from luyue.messaging.models import Notice, NoticeQuerySet
from luyue.messaging.wording import sentence
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.models import Employee
from luyue.records.objections import Names

PAGE = 40


def own_notices(request: StaffRequest) -> NoticeQuerySet:
    return Notice.objects.of(request.employee, request.authority)


@require_safe
@for_employees
def notices(request: StaffRequest) -> HttpResponse:
    """All of them or the unread, newest first, a page at a time."""
    unread = request.GET.get("show") == "unread"
    before = request.GET.get("before", "")
    rows = own_notices(request).unread() if unread else own_notices(request)
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.select_related("record__party", "obligation").order_by("-pk")[: PAGE + 1])
    address = reverse("messaging:notices")
    kept = "show=unread&" if unread else ""
    context = {
        "lines": _lines(request, page[:PAGE]),
        "tabs": [
            faces.Tab(label=_("All"), url=address, is_active=not unread),
            faces.Tab(label=_("Unread"), url=f"{address}?show=unread", is_active=unread),
        ],
        "more_url": f"?{kept}before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "unread_only": unread,
    }
    return render(request, "messaging/notices.html", context)


def _lines(request: StaffRequest, page: list[Notice]) -> list[dict[str, object]]:
    names = _names(request, page)
    return [
        {
            "notice": notice,
            "sentence": sentence(notice, names),
            "url": reverse("messaging:open", args=[notice.pk]),
            "clock": clock_of(notice.obligation, request.company, request.now)
            if notice.obligation and notice.obligation.is_owed
            else None,
        }
        for notice in page
    ]


def _names(request: StaffRequest, page: list[Notice]) -> Names:
    """The company's names, with those of all people who owe something on this page read at once."""
    names = Names.of(request.company)
    owners = {notice.obligation.owner for notice in page if notice.obligation}
    people = [int(owner.partition(":")[2]) for owner in owners if owner.startswith("employee:")]
    names.people.update(
        {each.pk: str(each) for each in Employee.objects.filter(company=request.company, pk__in=people)}
    )
    return names


@require_safe
@for_employees
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to what the notice is about; from then on it has been read."""
    notice = get_object_or_404(own_notices(request), pk=pk)
    own_notices(request).unread().filter(pk=notice.pk).update(read_at=request.now)
    if notice.record_id is not None:
        return redirect("desk:open", pk=notice.record_id)
    return redirect("messaging:notices")


@require_POST
@for_employees
def mark_read(request: StaffRequest) -> HttpResponse:
    """One notice has been read, or all of them."""
    rows = own_notices(request).unread()
    one = request.POST.get("notice", "")
    if one.isdecimal() and len(one) < 19:
        rows = rows.filter(pk=int(one))
    elif one != "all":
        return redirect("messaging:notices")
    Notice.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(read_at=request.now)
    return HttpResponseRedirect(_back(request))


def _back(request: StaffRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("messaging:notices")
