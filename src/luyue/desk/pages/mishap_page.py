"""The pages shown when a request cannot be served at all."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from luyue.desk.mishaps import Mishap, mishap_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    mishap = mishap_of(exception)
    return _page(mishap) if mishap else _plain("400.html", 400)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Django calls this while the fault is being handled, but hands over only the request."""
    mishap = mishap_of(sys.exc_info()[1])
    return _page(mishap) if mishap else _plain("500.html", 500)


def _page(mishap: Mishap) -> HttpResponse:
    """Drawn without the request: who asks would have to be read from a database that may not answer."""
    answer = HttpResponse(get_template("desk/mishap.html").render({"mishap": mishap}), status=mishap.status)
    if mishap.status == 503:
        answer["Retry-After"] = "30"
    return answer


def _plain(template: str, status: int) -> HttpResponse:
    return HttpResponse(get_template(template).render(), status=status)
