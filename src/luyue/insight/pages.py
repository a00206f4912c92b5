"""The conformity of a procedure, clause by clause."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.areas import name_of_area
from luyue.desk.explaining import anchor
from luyue.insight.conformity import Figures, figures
from luyue.organization.access import StaffRequest, for_employees
from luyue.records.forms import Day
from luyue.rulebook.documents import Clause, Document
from luyue.rulebook.editions import document_of, editions_in_force
from luyue.rulebook.not_run import is_not_run


class PeriodForm(forms.Form):
    """From which day to which."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"] = Day(label=_("from"), required=False)
        self.fields["until"] = Day(label=_("to"), required=False)


def period_asked_for(request: StaffRequest) -> tuple[PeriodForm, date, date]:
    """The year up to today unless the reader says otherwise."""
    usual = {"since": request.today - timedelta(days=365), "until": request.today}
    form = PeriodForm(request.GET if {"since", "until"} & set(request.GET) else None, initial=usual)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    since, until = said.get("since") or usual["since"], said.get("until") or usual["until"]
    return form, since, max(since, until)


def instants(request: StaffRequest, since: date, until: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, where the company is."""
    zone = request.company.zone
    return datetime.combine(since, time.min, zone), datetime.combine(until + timedelta(days=1), time.min, zone)


@require_safe
@for_employees
def conformity(request: StaffRequest) -> HttpResponse:
    editions = editions_in_force(request.company, request.today)
    form, since, until = period_asked_for(request)
    asked = request.GET.get("procedure", "")
    edition = next((each for each in editions if each.procedure.code == asked), editions[0] if editions else None)
    document = document_of(edition) if edition else None
    found = figures(request.company, document, *instants(request, since, until)) if document else {}
    worst = "worst" in request.GET
    clauses = _clauses(document, found, since, until) if document else []
    if worst:
        clauses.sort(key=_badness)
    query = f"procedure={document.procedure}&since={since}&until={until}" if document else ""
    context = {
        "procedures": [
            {
                "code": each.procedure.code,
                "title": str(each.procedure),
                "url": f"?procedure={each.procedure.code}&since={since}&until={until}",
                "is_active": each == edition,
            }
            for each in editions
        ],
        "whole": _sum(found),
        "document": _head(document),
        "clauses": clauses,
        "filter_form": form,
        "kept": [("procedure", document.procedure)] if document else [],
        "worst_first": worst,
        "worst_url": f"?{query}" if worst else f"?{query}&worst=1",
        "as_of": request.now,
    }
    return render(request, "desk/conformity.html", context)


def _head(document: Document | None) -> dict[str, str] | None:
    if document is None:
        return None
    return {
        "code": document.procedure,
        "title": document.title.in_language(get_language() or "zh-hans"),
        "edition": document.edition,
        "url": reverse("desk:procedure", args=[document.procedure]),
    }


def _sum(found: Figures) -> faces.Conformity:
    return faces.Conformity(
        kept=sum(each.kept for each in found.values()),
        late=sum(each.late for each in found.values()),
        broken=sum(each.broken for each in found.values()),
        running=sum(each.running for each in found.values()),
    )


def _clauses(document: Document, found: Figures, since: date, until: date) -> list[faces.ClauseShown]:
    return [clause_shown(document, clause, found, since, until) for clause in document.clauses]


def clause_shown(document: Document, clause: Clause, found: Figures, since: date, until: date) -> faces.ClauseShown:
    """A clause with its figures, or with the word why it has none."""
    language = get_language() or "zh-hans"
    remark = ""
    if clause.text_only is not None:
        remark = _("text only")
    elif is_not_run(clause):
        remark = _("not run yet")
    elif clause.planned is not None:
        remark = _("planned: %(area)s") % {"area": name_of_area(clause.planned)}
    return faces.ClauseShown(
        number=clause.number,
        title=clause.title.in_language(language) if clause.title else "",
        text=clause.text.in_language(language),
        depth=clause.number.count(".") + 1,
        anchor=anchor(clause.number),
        conformity=None if remark else found.get(clause.number, faces.Conformity()),
        remark=remark,
        url=f"{reverse('insight:clause', args=[document.procedure, clause.number])}?since={since}&until={until}",
    )


def _badness(clause: faces.ClauseShown) -> tuple[float, int]:
    said = clause.conformity
    if said is None or not said.total:
        return (1.0, 0)
    bad = said.broken + said.late
    return (-bad / said.total, -bad)
