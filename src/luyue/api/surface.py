"""The API itself: who may call it, how answers are written, and how it describes itself."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from luyue.api.answering import answering
from luyue.api.models import AccessToken
from luyue.api.problems import CONTENT_TYPE, Problem, ProblemShown, not_found, signed_out
from luyue.api.shapes import ADDRESS
from luyue.api.tokens import remember_use, token_of
from luyue.organization.access import StaffRequest
from luyue.organization.authority import Authority, authority_of
from luyue.organization.clock import now

VERSION = "1"
READING = frozenset({401, 422})
READING_ONE = frozenset({401, 404})
DOING = frozenset({400, 401, 403, 404, 409, 412, 413, 415, 422})


def answers(shape: Any, *, problems: frozenset[int], status: int = 200) -> dict[int, Any]:
    """What an operation may be answered: the shape, or one of the problems."""
    return {status: shape, **dict.fromkeys(sorted(problems), ProblemShown)}


class PlainRenderer(BaseRenderer):
    """JSON in which Chinese stays readable."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)


class Bearer(HttpBearer):
    """The token says who calls, in which company; a browser's session says nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken | None:
        at = now()
        found = token_of(token, at)
        if found is None:
            return None
        remember_use(found, at)
        _act_for(cast(StaffRequest, request), found)
        return found


def _act_for(request: StaffRequest, token: AccessToken) -> None:
    """Times without an offset are meant in the company's zone; sentences are in the language that the person reads."""
    employee = token.employee
    request.now, request.employee, request.company = now(), employee, employee.company
    request.user, request.employments = employee.account, [employee]
    timezone.activate(employee.company.zone)
    request.today = timezone.localtime(request.now, employee.company.zone).date()
    request.authority = cast(Authority, SimpleLazyObject(lambda: authority_of(employee, request.today)))
    if employee.account.language and "Accept-Language" not in request.headers:
        translation.activate(employee.account.language)


class Surface(NinjaAPI):
    """Problems are described with their own media type."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        schema = super().get_openapi_schema(path_prefix=path_prefix or ADDRESS, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _describe_problems(operation["responses"])
                _describe_bytes(operation["responses"])
        return schema


def _describe_problems(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {CONTENT_TYPE: response["content"]["application/json"]}


def _describe_bytes(responses: dict[int, dict[str, Any]]) -> None:
    """What is given out as bytes is not JSON beside."""
    for response in responses.values():
        if "application/octet-stream" in response.get("content", {}):
            del response["content"]["application/json"]


surface = Surface(
    title="Luyue",
    version=VERSION,
    description="Records, obligations and conformity of one company, in the name of one of its employees.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=Bearer(),
    renderer=PlainRenderer(),
)


@surface.exception_handler(Problem)
def _say_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.answer(request)


@surface.exception_handler(Http404)
def _say_not_found(request: HttpRequest, missing: Http404) -> HttpResponse:
    return not_found().answer(request)


@surface.exception_handler(AuthenticationError)
def _say_signed_out(request: HttpRequest, signed: AuthenticationError) -> HttpResponse:
    return signed_out().answer(request)


@surface.get(
    "/openapi.json",
    operation_id="describe",
    summary="This description",
    response=answers(Any, problems=frozenset({401})),
)
def describe(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_description(get_language() or "en"), content_type="application/json")


@lru_cache(maxsize=8)
def _description(language: str) -> str:
    """The description in one language; declarations do not change while a process runs."""
    return json.dumps(surface.get_openapi_schema(), cls=DjangoJSONEncoder, ensure_ascii=False)


def urls_of_surface() -> list[URLPattern | URLResolver]:
    """The addresses of all operations, each open without a session."""
    patterns, _app, _namespace = surface.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = login_not_required(answering(pattern.callback))
    return patterns


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else lies under the API's address; whoever is signed out learns no more than that."""
    found = Bearer()(request)
    return (not_found() if found else signed_out()).answer(request)
