"""Conformity for programs: the same figures as on the page, clause by clause."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from luyue.api.fields import parameters_of
from luyue.api.reading import checked, refuse_strangers
from luyue.api.surface import READING, answers, surface
from luyue.insight.conformity import figures
from luyue.organization.access import StaffRequest
from luyue.records.forms import Day
from luyue.rulebook.documents import Document
from luyue.rulebook.editions import document_of, editions_in_force


class ConformityForm(forms.Form):
    """Of which procedure, from which day to which; the last 365 days when nothing is said."""

    procedure = forms.CharField(label=_("procedure"), max_length=40)
    since = Day(label=_("from"), required=False)
    until = Day(label=_("to"), required=False)


class ClauseShown(BaseModel):
    clause: str
    title: str
    kept: int
    late: int
    broken: int
    running: int


class ConformityShown(BaseModel):
    procedure: str
    edition: str
    since: date
    until: date
    clauses: list[ClauseShown]


@surface.get(
    "/conformity",
    operation_id="conformity",
    summary=cast(str, _("Conformity")),
    tags=["conformity"],
    response=answers(ConformityShown, problems=READING | {404}),
    openapi_extra={
        "parameters": [
            each | {"required": each["name"] == "procedure"} for each in parameters_of(ConformityForm.base_fields)
        ]
    },
)
def conformity(request: HttpRequest) -> Any:
    """How often each clause in force was kept, late, or broken; four times 0 is no evidence.

    The promises behind a clause are found under /obligations with `procedure`, `clause` and `started_after`.
    """
    staff = cast(StaffRequest, request)
    refuse_strangers(request.GET, ConformityForm.base_fields)
    asked = checked(ConformityForm, request.GET)
    until = asked["until"] or staff.today
    since = min(asked["since"] or until - timedelta(days=365), until)
    document = _in_force(staff, asked["procedure"])
    zone = staff.company.zone
    begin, end = datetime.combine(since, time.min, zone), datetime.combine(until + timedelta(days=1), time.min, zone)
    found = figures(staff.company, document, begin, end)
    language = get_language() or "zh-hans"
    return {
        "procedure": document.procedure,
        "edition": document.edition,
        "since": since,
        "until": until,
        "clauses": [
            {
                "clause": clause.number,
                "title": clause.title.in_language(language) if clause.title else "",
                **_figures(found.get(clause.number)),
            }
            for clause in document.clauses
        ],
    }


def _in_force(request: StaffRequest, procedure: str) -> Document:
    for edition in editions_in_force(request.company, request.today):
        if edition.procedure.code == procedure:
            return document_of(edition)
    raise Http404


def _figures(said: Any) -> dict[str, int]:
    return {name: getattr(said, name, 0) for name in ("kept", "late", "broken", "running")}
