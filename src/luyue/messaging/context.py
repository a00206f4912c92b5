"""The bell of every page's frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from luyue.messaging.models import Notice

COUNTED_TO = 99


def notices_unread(request: HttpRequest) -> dict[str, Any]:
    """How many notices wait, asked only where a page shows it; nothing for whoever is not employed."""
    employee = getattr(request, "employee", None)
    if employee is None:
        return {}

    def count() -> str:
        number = Notice.objects.of(employee, request.authority).unread()[: COUNTED_TO + 1].count()
        return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)

    return {"notices_unread": count, "notices_url": reverse("messaging:notices")}
