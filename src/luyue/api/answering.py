"""What every answer of the API carries: the request's id, a tag of its content, and no body when the head was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from luyue.api.problems import CONTENT_TYPE, Problem, request_id

View = Callable[..., HttpResponseBase]
_KEPT_WHEN_UNCHANGED = ("ETag", "Cache-Control", "Vary", "X-Request-Id")


def answering(view: View) -> View:
    """The operations of one address; HEAD is answered wherever GET is, and GET with 304 when nothing has changed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _takes_json(request) and "attachment" not in kwargs:
            return Problem(406, "media-type", _("Answers are application/json; accept that.")).answer(request)
        asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        try:
            with timezone.override(None):
                response = view(request, *args, **kwargs)
        finally:
            got, request.method = request.method, asked
        if response.status_code == 405:
            response = _not_allowed(request, response["Allow"])
        response["X-Request-Id"] = request_id(request)
        if got == "GET" and response.status_code == 200:
            response = _conditional(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        return _without_body(response) if asked == "HEAD" else response

    return answer


def _takes_json(request: HttpRequest) -> bool:
    said = request.headers.get("Accept", "").strip()
    return not said or request.accepts("application/json") or request.accepts(CONTENT_TYPE)


def _not_allowed(request: HttpRequest, said: str) -> HttpResponse:
    allowed = set(said.split(", "))
    response = Problem(405, "method", _("This cannot be done here.")).answer(request)
    response["Allow"] = ", ".join(sorted(allowed | {"HEAD"} if "GET" in allowed else allowed))
    return response


def _conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag the content; a record's tag begins with its version, which is what If-Match compares."""
    if isinstance(response, HttpResponse):
        version = response.headers.get("ETag", "").strip('"')
        digest = hashlib.sha256(response.content).hexdigest()[:16]
        response["ETag"] = f'"{version}.{digest}"' if version else f'"{digest}"'
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if not known & {response["ETag"], "*"}:
        return response
    unchanged = HttpResponseNotModified()
    for name in _KEPT_WHEN_UNCHANGED:
        unchanged[name] = response[name]
    _let_go(response)
    return unchanged


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """The head alone, with the length that the body would have had."""
    if isinstance(response, HttpResponse) and response.status_code != 304:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    bare = HttpResponse(status=response.status_code, headers=dict(response.headers))
    _let_go(response)
    return bare


def _let_go(response: HttpResponseBase) -> None:
    """The file of an answer that is not sent; to close the answer itself would say that the request is over."""
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()
