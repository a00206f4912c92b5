"""The page that a browser shows when the line is dead, and the small script that keeps it there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/offline.html")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Stands at the root of all addresses, as a worker only reaches what lies below it."""
    context = {"language": get_language()}
    answer = render(request, "desk/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


offline.open_without_company = worker.open_without_company = True  # type: ignore[attr-defined]
offline.open_before_password = worker.open_before_password = True  # type: ignore[attr-defined]
