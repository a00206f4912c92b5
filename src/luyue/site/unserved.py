"""Requests that could not be served: people are told on a page, programs as a problem."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from luyue.api.problems import not_found, problem_of, request_id, unreadable
from luyue.desk.mishaps import mishap_of
from luyue.desk.pages import mishap_page

_log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_for_programs(request):
        return mishap_page.bad_request(request, exception)
    return (problem_of(exception) if mishap_of(exception) else unreadable("")).answer(request)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_for_programs(request):
        return defaults.page_not_found(request, exception)
    return not_found().answer(request)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Django calls this while the fault is being handled; the log gets the id that the program is given."""
    if not _is_for_programs(request):
        return mishap_page.server_fault(request)
    fault = sys.exc_info()[1]
    _log.error("%s %s could not be served (request %s): %s", request.method, request.path, request_id(request), fault)
    return problem_of(fault).answer(request)


def _is_for_programs(request: HttpRequest) -> bool:
    path = request.path_info
    return path == "/api" or (path.startswith("/api/") and not path.startswith("/api/tokens/"))
