"""A new edition of a procedure: written or taken from the library, checked, compared, signed and published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luyue.desk import faces
from luyue.desk.differences import differences_in_words
from luyue.desk.once import once
from luyue.desk.pages.moves_page import moves_shown
from luyue.desk.pages.procedures_page import document_as_printed
from luyue.desk.wording import said
from luyue.ledger.chains import enter_procedure_change
from luyue.organization.access import StaffRequest, for_administrators, for_employees
from luyue.organization.refusals import StaffError
from luyue.records import registry
from luyue.records.objections import Names
from luyue.rulebook.adoption import add_words, missing_words
from luyue.rulebook.checking import check_documents
from luyue.rulebook.comparing import compare
from luyue.rulebook.documents import Document
from luyue.rulebook.editions import (
    EditionError,
    discard_edition,
    document_of,
    documents_in_force,
    draft_edition,
    editions_in_force,
    missing_signatures,
    publish_edition,
    redraft_edition,
    sign_edition,
    signers_named,
    words_of,
)
from luyue.rulebook.loading import (
    COMPANY_FILE,
    NO_PROCEDURES,
    library_folders,
    profile_folders,
    read_company,
    read_document,
)
from luyue.rulebook.models import Edition, EditionSignature
from luyue.rulebook.problems import Problem, RulebookError

MOST_PROBLEMS = 40
CLAUSE_IN_PATH = re.compile(r"clauses\[(?P<place>[0-9]+)\]")
LONGEST_DOCUMENT = 400_000
"""Characters of a procedure's text."""


class DocumentForm(forms.Form):
    """The text of a procedure in the format of the rulebook."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("text of the procedure (YAML)"),
            max_length=LONGEST_DOCUMENT,
            widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
            strip=False,
        )


@require_safe
@for_employees
def drafts(request: StaffRequest) -> HttpResponse:
    """Editions on their way, and the library from which one may begin."""
    on_their_way = Edition.objects.filter(
        company=request.company, status__in=[Edition.Status.DRAFT, Edition.Status.IN_REVIEW]
    ).select_related("procedure")
    context = {
        "drafts": [
            {
                "code": each.procedure.code,
                "title": str(each.procedure),
                "edition": each.number,
                "effective": each.effective,
                "status": str(each.get_status_display()),
                "waits": _(", ").join(_meanings(missing_signatures(each))),
                "url": reverse("desk:draft", args=[each.pk]),
            }
            for each in on_their_way.order_by("procedure__code")
        ],
        "may_draft": request.employee.is_administrator,
        "procedures": [
            {"code": each.procedure.code, "title": str(each.procedure), "url": _from(f"edition={each.pk}")}
            for each in editions_in_force(request.company, request.today)
        ],
        "library": [_offered(folder, file) for folder in library_folders() for file in _papers_in(folder)],
        "examples": [_offered(folder, file) for folder in profile_folders() for file in _papers_in(folder)],
    }
    return render(request, "desk/drafts.html", context)


def _offered(folder: Path, file: Path) -> dict[str, str]:
    return {"title": _title(file), "url": _from(f"library={folder.name}/{file.name}")}


def _from(query: str) -> str:
    return f"{reverse('desk:new_draft')}?{query}"


def _meanings(values: Iterable[str]) -> list[str]:
    return [str(EditionSignature.Meaning(value).label) for value in values]


def _papers_in(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.yaml")) if file.name not in NO_PROCEDURES]


def _paper(request: StaffRequest) -> Path | None:
    """The procedure of the library or of an example company from which one asks to begin."""
    asked = request.GET.get("library", "")
    return next(
        (
            file
            for folder in (*library_folders(), *profile_folders())
            for file in _papers_in(folder)
            if f"{folder.name}/{file.name}" == asked
        ),
        None,
    )


def _title(file: Path) -> str:
    return said(read_document(file).title)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_draft(request: StaffRequest) -> HttpResponse:
    """Write a new edition, beginning from one in force or from the library."""
    form = DocumentForm(request.POST or None, initial={"text": _beginning(request)})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(request, lambda: _drafted(request, form.cleaned_data["text"])))
        except (RulebookError, EditionError) as wrong:
            _show(wrong, form)
    return _form_page(
        request,
        form,
        _("A new edition"),
        reverse("desk:drafts"),
        before="desk/parts/missing_words.html",
        **_lacking(request),
    )


def _drafted(request: StaffRequest, text: str) -> str:
    _check(request, text)
    drafted = draft_edition(request.company, document_text=text, by=request.employee, at=request.now)
    return reverse("desk:draft", args=[drafted.pk])


def _lacking(request: StaffRequest) -> dict[str, Any]:
    """The departments and positions that a procedure of the library speaks of and the company lacks."""
    paper = _paper(request)
    if paper is None:
        return {}
    words = missing_words(request.company, read_company(paper.parent / COMPANY_FILE), read_document(paper))
    return {
        "missing_departments": [said(each.name) for each in words.departments],
        "missing_positions": [said(each.name) for each in words.positions],
        "words_url": f"{reverse('desk:take_over_words')}?{request.GET.urlencode()}",
    }


@require_POST
@for_administrators
def take_over_words(request: StaffRequest) -> HttpResponse:
    """Add to the company what a procedure of the library speaks of, so that it can be taken over as it stands."""
    paper = _paper(request)
    if paper is None:
        raise Http404
    words = missing_words(request.company, read_company(paper.parent / COMPANY_FILE), read_document(paper))
    try:
        add_words(request.company, words, by=request.employee, at=request.now)
    except StaffError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("They have been added; give the new positions to people before they sign."))
    return redirect(f"{reverse('desk:new_draft')}?{request.GET.urlencode()}")


def _beginning(request: StaffRequest) -> str:
    edition = request.GET.get("edition", "")
    if edition.isdigit() and len(edition) < 18:
        found = Edition.objects.filter(company=request.company, pk=int(edition)).first()
        if found is not None:
            return found.content
    paper = _paper(request)
    return paper.read_text(encoding="utf-8") if paper else ""


def _check(request: StaffRequest, text: str) -> None:
    """Raises RulebookError with every name, gap and overlap that does not hold in this company.

    What is read and not carried out yet is told as a warning.
    """
    document = read_document(text)
    others = [
        other for other in documents_in_force(request.company, request.today) if other.procedure != document.procedure
    ]
    found = check_documents(
        {document.procedure: document}, registry.vocabulary(), words_of(request.company), beside=others
    )
    found.refuse_problems()
    for remark in found.remarks:
        if remark.code == "not_enforced":
            messages.warning(request, str(remark))


def _show(wrong: RulebookError | EditionError, form: forms.Form) -> None:
    if isinstance(wrong, EditionError):
        form.add_error(None, str(wrong))
        return
    numbers = _clause_numbers(form.cleaned_data["text"])
    for problem in wrong.problems[:MOST_PROBLEMS]:
        form.add_error(None, f"{_place(problem, numbers)}{problem.sentence}")
    if len(wrong.problems) > MOST_PROBLEMS:
        form.add_error(None, _("And %(count)d more.") % {"count": len(wrong.problems) - MOST_PROBLEMS})


def _clause_numbers(text: str) -> list[str]:
    """The numbers of the clauses in their order, as far as the text can be read."""
    try:
        return [each.number for each in read_document(text).clauses]
    except RulebookError:
        return []


def _place(problem: Problem, numbers: list[str]) -> str:
    """Where the author finds it: the clause by its number, or else the line."""
    within = CLAUSE_IN_PATH.match(problem.path)
    if within and int(within["place"]) < len(numbers):
        place = _("Clause %(number)s") % {"number": numbers[int(within["place"])]}
    elif problem.line:
        place = _("Line %(line)d") % {"line": problem.line}
    else:
        return f"{problem.path}: " if problem.path else ""
    rest = problem.path[within.end() :].lstrip(".") if within else problem.path
    return f"{place}{f' ({rest})' if rest else ''}: "


def _form_page(request: StaffRequest, form: forms.Form, heading: str, back: str, **more: Any) -> HttpResponse:
    context = {
        **more,
        "form": form,
        "heading": heading,
        "register_label": _("Editions on their way"),
        "register_url": back,
        "submit_label": _("Check and keep the draft"),
    }
    return render(request, "desk/choice.html", context, status=422 if request.method == "POST" else 200)


def _draft(request: StaffRequest, pk: int) -> Edition:
    found = get_object_or_404(Edition.objects.select_related("procedure", "company"), company=request.company, pk=pk)
    if found.is_settled:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def change_draft(request: StaffRequest, pk: int) -> HttpResponse:
    edition = _draft(request, pk)
    form = DocumentForm(request.POST or None, initial={"text": edition.content})
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, form.cleaned_data["text"])
            redraft_edition(edition, document_text=form.cleaned_data["text"], by=request.employee)
        except (RulebookError, EditionError) as wrong:
            _show(wrong, form)
        else:
            return redirect("desk:draft", pk)
    return _form_page(request, form, _("Change the draft"), reverse("desk:draft", args=[pk]))


@require_safe
@for_employees
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft: what it changes against the edition in force, who has signed, who is still to sign."""
    edition = _draft(request, pk)
    document = document_of(edition)
    names = Names.of(request.company)
    signed = {
        each.meaning: each for each in edition.signatures.filter(digest=edition.digest).select_related("employee")
    }
    before = next(
        (each for each in documents_in_force(request.company, request.today) if each.procedure == document.procedure),
        None,
    )
    context = {
        "edition": edition,
        "title": said(document.title),
        "sign_off": _sheet(document, signed, names),
        "mine": [
            (meaning, str(EditionSignature.Meaning(meaning).label))
            for meaning, address in signers_named(document).items()
            if [meaning] == missing_signatures(edition)[:1] and address.key in request.authority.keys
        ],
        "is_complete": not missing_signatures(edition),
        "differences": differences_in_words(compare(before, document), names) if before else [],
        "is_first": before is None,
        "may_change": request.employee.is_administrator,
        **moves_shown(request, edition),
    }
    return render(request, "desk/draft.html", context)


def _sheet(document: Document, signed: dict[str, EditionSignature], names: Names) -> faces.SignOff:
    first = next((meaning for meaning in signers_named(document) if meaning not in signed), None)
    return faces.SignOff(
        title=_("Signatures"),
        mode="in_order",
        slots=[
            faces.Slot(
                who=faces.Person(
                    name=signed[meaning].employee.name if meaning in signed else names.address(address.key)
                ),
                position=names.address(address.key) if meaning in signed else "",
                standing="signed" if meaning in signed else "next" if meaning == first else "later",
                meaning=str(EditionSignature.Meaning(meaning).label),
                at=signed[meaning].signed_at if meaning in signed else None,
            )
            for meaning, address in signers_named(document).items()
        ],
    )


@require_safe
@for_employees
def draft_document(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft as it will read when it is published, for those who are to sign it."""
    edition = _draft(request, pk)
    context = {
        **document_as_printed(request, document_of(edition)),
        "draft_url": reverse("desk:draft", args=[edition.pk]),
    }
    return render(request, "desk/procedure.html", context)


@require_POST
@for_administrators
def discard_draft(request: StaffRequest, pk: int) -> HttpResponse:
    edition = _draft(request, pk)
    called = str(edition)
    try:
        discard_edition(edition, by=request.employee)
    except EditionError as wrong:
        messages.error(request, str(wrong))
        return redirect("desk:draft", pk)
    messages.success(request, _("The draft of %(edition)s has been thrown away.") % {"edition": called})
    return redirect("desk:drafts")


@require_POST
@for_employees
def sign_draft(request: StaffRequest, pk: int) -> HttpResponse:
    edition = _draft(request, pk)
    try:
        sign_edition(
            edition,
            by=request.employee,
            meaning=request.POST.get("meaning", ""),
            at=request.now,
            password=request.POST.get("password", ""),
        )
    except (EditionError, ValueError) as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("Signed."))
    return redirect("desk:draft", pk)


@require_POST
@for_employees
def publish_draft(request: StaffRequest, pk: int) -> HttpResponse:
    edition = _draft(request, pk)
    try:
        published = publish_edition(
            edition,
            by=request.employee,
            at=request.now,
            vocabulary=registry.vocabulary(),
            enter=enter_procedure_change,
        )
    except EditionError as wrong:
        messages.error(request, str(wrong))
        return redirect("desk:draft", pk)
    except RulebookError as wrong:
        for problem in list(wrong.problems)[:20]:
            messages.error(request, str(problem))
        return redirect("desk:draft", pk)
    messages.success(
        request,
        _("%(code)s, edition %(number)s, is published and holds from %(day)s for records opened from then on.")
        % {"code": published.procedure.code, "number": published.number, "day": published.effective},
    )
    if document_of(published).migrates:
        return redirect("desk:moves", published.pk)
    return redirect(f"{reverse('desk:procedure', args=[published.procedure.code])}?edition={published.pk}")
