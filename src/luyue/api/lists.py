"""What lies across the registers: who calls, obligations, search, procedures, the people and departments named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from luyue.api.addresses import pk_of
from luyue.api.fields import employee_id, parameters_of
from luyue.api.models import AccessToken
from luyue.api.paging import PagingForm, key_of, page_of, parts_of, wrong_after
from luyue.api.reading import checked, refuse_strangers
from luyue.api.shapes import (
    OBLIGATION,
    ObligationOfRecord,
    RecordShown,
    Unit,
    named,
    summary,
    told_obligations,
    unit,
)
from luyue.api.surface import READING, READING_ONE, answers, surface
from luyue.desk.explaining import explanation
from luyue.desk.seen import case_seen_by
from luyue.organization.access import StaffRequest
from luyue.organization.models import Department, Employee
from luyue.records import registry
from luyue.records.forms import Instant
from luyue.records.models import Obligation, Record
from luyue.records.objections import Names
from luyue.rulebook.editions import documents_in_force
from luyue.search.finding import found_by

Telling = Callable[[Sequence[Any]], list[dict[str, Any]]]
"""Puts the rows of a page into words, all together."""


class ObligationsForm(PagingForm):
    """Which obligations; without a status, those that are owed now."""

    mine = forms.BooleanField(label=_("mine"), required=False, help_text=_("Owed by me, my positions or departments."))
    status = forms.MultipleChoiceField(label=_("status"), choices=Obligation.Status.choices, required=False)
    due_before = Instant(label=_("due before"), required=False)
    due_after = Instant(label=_("due at or after"), required=False)
    started_before = Instant(label=_("started before"), required=False)
    started_after = Instant(label=_("started at or after"), required=False)
    procedure = forms.CharField(label=_("procedure"), required=False, max_length=40)
    clause = forms.CharField(label=_("clause"), required=False, max_length=40)


class SearchForm(PagingForm):
    """What to search for."""

    q = forms.CharField(label=_("words"), max_length=100)
    type = forms.ChoiceField(
        label=_("type"), required=False, choices=lambda: [(each.name, each.title) for each in registry.record_types()]
    )


class EmployeeShown(BaseModel):
    id: str
    name: str
    department: Unit


class DepartmentShown(Unit):
    part_of: str | None


class PositionShown(BaseModel):
    address: str = Field(description="position:… or department:…, as obligations name their owner.")
    name: str
    is_deputised: bool = Field(description="Held today for a colleague who is away.")


class MyselfShown(EmployeeShown):
    company: Unit
    addresses: list[PositionShown]
    token: str = Field(description="What the token is for.")
    token_expires_on: date


class ProcedureShown(BaseModel):
    procedure: str
    title: str
    edition: str
    effective: date
    clauses: list[str]


class SegmentShown(BaseModel):
    start: datetime
    end: datetime | None
    kind: str = Field(description="counted, pause, rest, moved or result")
    words: str
    amount: str


class ExplanationShown(BaseModel):
    sentence: str
    clause_text: str
    segments: list[SegmentShown]
    total: str
    provisional: str = Field(description="Why the due time may still move; empty when it will not.")


class ObligationExplained(ObligationOfRecord):
    explanation: ExplanationShown | None = Field(description="None when a calendar period owes it.")


@surface.get(
    "/me",
    operation_id="me",
    summary=cast(str, _("Who calls")),
    tags=["company"],
    response=answers(MyselfShown, problems=READING),
)
def me(request: HttpRequest) -> Any:
    """In whose name the token speaks, in which company, and what that person may do today."""
    refuse_strangers(request.GET, ())
    staff = cast(StaffRequest, request)
    names, authority = Names.of(staff.company), staff.authority
    deputised = {f"position:{code}" for code in authority.deputised}
    token: AccessToken = request.auth  # type: ignore[attr-defined]
    return {
        **_people([staff.employee])[0],
        "company": {"code": staff.company.code, "name": str(staff.company)},
        "addresses": [
            {"address": key, "name": names.address(key), "is_deputised": key in deputised}
            for key in sorted(authority.keys)
            if not key.startswith("employee:")
        ],
        "token": token.name,
        "token_expires_on": token.expires_on,
    }


@surface.get(
    "/procedures",
    operation_id="list_procedures",
    summary=cast(str, _("Procedures")),
    tags=["company"],
    response=answers(list[ProcedureShown], problems=READING),
)
def procedures(request: HttpRequest) -> Any:
    """The procedures in force today, with the numbers of their clauses."""
    refuse_strangers(request.GET, ())
    staff = cast(StaffRequest, request)
    language = get_language() or "zh-hans"
    return [
        {
            "procedure": document.procedure,
            "title": document.title.in_language(language),
            "edition": document.edition,
            "effective": document.effective,
            "clauses": [clause.number for clause in document.clauses],
        }
        for document in documents_in_force(staff.company, staff.today)
    ]


@surface.get(
    "/obligations",
    operation_id="list_obligations",
    summary=cast(str, _("Obligations")),
    tags=["obligations"],
    response=answers(page_of(ObligationOfRecord, "ObligationPage"), problems=READING),
    openapi_extra={"parameters": parameters_of(ObligationsForm.base_fields)},
)
def obligations(request: HttpRequest) -> Any:
    """What is owed, the nearest due first and what has no due time last; by status, the newest first."""
    staff = cast(StaffRequest, request)
    refuse_strangers(request.GET, ObligationsForm.base_fields)
    asked = checked(ObligationsForm, request.GET)
    rows = _obligations(staff, asked).select_related("record", "done_by")
    told = partial(_told, Names.of(staff.company))
    return _newest_first(rows, asked, told) if asked["status"] else _nearest_first(rows, asked, told)


@surface.get(
    "/obligations/{id}",
    operation_id="get_obligation",
    summary=cast(str, _("Obligation")),
    tags=["obligations"],
    response=answers(ObligationExplained, problems=READING_ONE | {422}),
)
def obligation(request: HttpRequest, id: str) -> Any:
    """One promise, and how its due time came about: from when, what was counted, which pauses, under which clause."""
    refuse_strangers(request.GET, ())
    staff = cast(StaffRequest, request)
    pk = pk_of(OBLIGATION, id) or 0
    row = get_object_or_404(
        Obligation.objects.select_related("record", "done_by", "edition__procedure"), company=staff.company, pk=pk
    )
    told = _told(Names.of(staff.company), [row])[0]
    if row.record is None:
        return {**told, "explanation": None}
    slug = registry.record_type(row.record.type).slug
    said = explanation(case_seen_by(staff, slug, row.record.pk), row)
    return {
        **told,
        "explanation": {
            **{name: said[name] or "" for name in ("sentence", "total", "provisional")},
            "clause_text": (said["clause"] or {}).get("text", ""),
            "segments": [
                {name: getattr(each, name) for name in ("start", "end", "kind", "words", "amount")}
                for each in said["segments"]
            ],
        },
    }


def _told(names: Names, rows: Sequence[Obligation]) -> list[dict[str, Any]]:
    return [
        {**said, "record": named(row.record) if row.record else None}
        for row, said in zip(rows, told_obligations(rows, names), strict=True)
    ]


def _obligations(request: StaffRequest, asked: dict[str, Any]) -> models.QuerySet[Obligation]:
    seen = Record.objects.visible_to(request.employee, request.authority).filter(pk=OuterRef("record_id"))
    rows = Obligation.objects.filter(Q(record=None) | Exists(seen), company=request.company)
    rows = rows.filter(status__in=asked["status"]) if asked["status"] else rows.filter(is_owed=True)
    if asked["mine"]:
        rows = rows.filter(owner__in=request.authority.keys)
    for name in ("procedure", "clause"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    for name, condition in _LIMITS.items():
        if asked[name]:
            rows = rows.filter(**{condition: asked[name]})
    return rows


_LIMITS = {
    "due_before": "due_at__lt",
    "due_after": "due_at__gte",
    "started_before": "started_at__lt",
    "started_after": "started_at__gte",
}


def _nearest_first(rows: models.QuerySet[Obligation], asked: dict[str, Any], told: Telling) -> dict[str, Any]:
    """A page by due time; of what is owed there is never so much that sorting it would cost."""
    if asked["after"]:
        rows = rows.filter(_beyond(asked["after"]))
    found = list(rows.order_by(F("due_at").asc(nulls_last=True), "id")[: asked["limit"] + 1])
    shown = found[: asked["limit"]]
    return {"items": told(shown), "next": _key(shown[-1]) if len(found) > len(shown) else None}


def _key(row: Obligation) -> str:
    return key_of(row.due_at.isoformat() if row.due_at else None, row.pk)


def _beyond(after: str) -> Q:
    due, pk = parts_of(after, [(str, type(None)), (int,)])
    if not 0 < pk < 2**63:
        raise wrong_after()
    if due is None:
        return Q(due_at=None, pk__gt=pk)
    moment = _moment(due)
    return Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=pk) | Q(due_at=None)


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as wrong:
        raise wrong_after() from wrong
    if moment.tzinfo is None or not 1900 < moment.year < 2200:
        raise wrong_after()
    return moment


@surface.get(
    "/search",
    operation_id="search",
    summary=cast(str, _("Search")),
    tags=["search"],
    response=answers(page_of(RecordShown, "SearchPage"), problems=READING),
    openapi_extra={"parameters": parameters_of(SearchForm.base_fields)},
)
def search(request: HttpRequest) -> Any:
    """Records of all registers in which the words stand, the newest first; two characters suffice."""
    staff = cast(StaffRequest, request)
    refuse_strangers(request.GET, SearchForm.base_fields)
    asked = checked(SearchForm, request.GET)
    ids = found_by(asked["q"], staff.company.pk, asked["type"] or None)
    rows = Record.objects.visible_to(staff.employee, staff.authority).filter(pk__in=ids)
    return _newest_first(rows.select_related("party", "department", "owner"), asked, _summaries)


def _summaries(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [summary(record) for record in records]


def _newest_first(rows: models.QuerySet[Any], asked: dict[str, Any], told: Telling) -> dict[str, Any]:
    """A page of rows, the last made first."""
    if asked["after"]:
        (pk,) = parts_of(asked["after"], [(int,)])
        if not 0 < pk < 2**63:
            raise wrong_after()
        rows = rows.filter(pk__lt=pk)
    found = list(rows.order_by("-pk")[: asked["limit"] + 1])
    shown = found[: asked["limit"]]
    return {"items": told(shown), "next": key_of(shown[-1].pk) if len(found) > len(shown) else None}


@surface.get(
    "/employees",
    operation_id="list_employees",
    summary=cast(str, _("Employees")),
    tags=["company"],
    response=answers(page_of(EmployeeShown, "EmployeePage"), problems=READING),
    openapi_extra={"parameters": parameters_of(PagingForm.base_fields)},
)
def employees(request: HttpRequest) -> Any:
    """The colleagues whom actions may name."""
    staff = cast(StaffRequest, request)
    refuse_strangers(request.GET, PagingForm.base_fields)
    rows = Employee.objects.filter(company=staff.company, left_on=None).select_related("department")
    return _newest_first(rows, checked(PagingForm, request.GET), _people)


def _people(employees: Sequence[Employee]) -> list[dict[str, Any]]:
    return [{"id": employee_id(each), "name": each.name, "department": unit(each.department)} for each in employees]


@surface.get(
    "/departments",
    operation_id="list_departments",
    summary=cast(str, _("Departments")),
    tags=["company"],
    response=answers(list[DepartmentShown], problems=READING),
)
def departments(request: HttpRequest) -> Any:
    """The departments of the company, those that are closed left out."""
    refuse_strangers(request.GET, ())
    rows = Department.objects.filter(company=cast(StaffRequest, request).company, closed_on=None)
    return [
        {"code": each.code, "name": str(each), "part_of": each.parent.code if each.parent else None}
        for each in rows.select_related("parent").order_by("code")
    ]
