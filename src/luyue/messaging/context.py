"""The bell of every page's frame."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from luyue.messaging.models import Notice
from luyue.organization.access import StaffRequest

COUNTED_TO = 99


def notices_unread(request: StaffRequest) -> dict[str, Any]:
    """How many notices wait, asked only where a page shows it; nothing for whoever is not employed."""
    if getattr(request, "employee", None) is None:
        return {}

    def count() -> str:
        number = Notice.objects.of(request.employee, request.authority).unread()[: COUNTED_TO + 1].count()
        return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)

    return {"notices_unread": count, "notices_url": reverse("messaging:notices")}
