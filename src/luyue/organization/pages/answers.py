"""What a page answers after a deed that has no form of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from luyue.organization.refusals import StaffError


def tell(request: HttpRequest, deed: Callable[[], object], *, done: str) -> None:
    """Do it and say so, or say why it is not done."""
    try:
        deed()
    except StaffError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
