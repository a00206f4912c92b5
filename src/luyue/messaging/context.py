"""The bell of every page's frame."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from luyue.messaging.models import Notice
from luyue.organization.access import StaffRequest
from luyue.organization.prepared import Place, Prepared

COUNTED_TO = 99


def notices_unread(request: StaffRequest) -> dict[str, Any]:
    """How many notices wait, asked only where a page shows it; nothing for whoever is not employed."""
    if getattr(request, "employee", None) is None:
        return {}

    def count() -> str:
        number = len(_unread(request.company.pk, request.employee.pk, request.authority.keys))
        return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)

    return {"notices_unread": count, "notices_url": reverse("messaging:notices")}


@Prepared
def _unread(company_id: Place, employee_id: Place, keys: list[Place]) -> QuerySet[Notice, int]:
    rows = Notice.objects.concerning(company_id, employee_id, keys).unread()
    return rows.values_list("pk", flat=True)[: COUNTED_TO + 1]
