"""A new edition of a procedure: written or taken from the library, checked, compared, signed and published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luyue.desk import faces
from luyue.desk.presenting import said
from luyue.ledger.chains import enter_procedure_change
from luyue.organization.access import StaffRequest, for_administrators, for_employees
from luyue.records import registry
from luyue.records.objections import Names
from luyue.rulebook.checking import check_documents
from luyue.rulebook.comparing import Change, Comparison, compare
from luyue.rulebook.documents import Document
from luyue.rulebook.editions import (
    EditionError,
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
from luyue.rulebook.loading import library_folders, read_document
from luyue.rulebook.models import Edition, EditionSignature
from luyue.rulebook.problems import RulebookError

LONGEST_DOCUMENT = 400_000
"""Characters of a procedure's text."""


class DocumentForm(forms.Form):
    """The text of a procedure in the format of the rulebook."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("text of the procedure (YAML)"),
            max_length=LONGEST_DOCUMENT,
            widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
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
                "waits": ", ".join(_meanings(missing_signatures(each))),
                "url": reverse("desk:draft", args=[each.pk]),
            }
            for each in on_their_way.order_by("procedure__code")
        ],
        "may_draft": request.employee.is_administrator,
        "procedures": [
            {"code": each.procedure.code, "title": str(each.procedure), "url": _from(f"edition={each.pk}")}
            for each in editions_in_force(request.company, request.today)
        ],
        "library": [
            {"code": name, "title": _title(file), "url": _from(f"library={name}/{file.name}")}
            for name, file in _library()
        ],
    }
    return render(request, "desk/drafts.html", context)


def _from(query: str) -> str:
    return f"{reverse('desk:new_draft')}?{query}"


def _meanings(values: Iterable[str]) -> list[str]:
    return [str(EditionSignature.Meaning(value).label) for value in values]


def _library() -> list[tuple[str, Path]]:
    return [
        (folder.name, file)
        for folder in library_folders()
        for file in sorted(folder.glob("*.yaml"))
        if file.name not in ("company.yaml", "staff.yaml", "customers.yaml", "products.yaml")
    ]


def _title(file: Path) -> str:
    return read_document(file).title.in_language(get_language() or "zh-hans")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_draft(request: StaffRequest) -> HttpResponse:
    """Write a new edition, beginning from one in force or from the library."""
    form = DocumentForm(request.POST or None, initial={"text": _beginning(request)})
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, form.cleaned_data["text"])
            drafted = draft_edition(
                request.company, document_text=form.cleaned_data["text"], by=request.employee, at=request.now
            )
        except (RulebookError, EditionError) as wrong:
            _show(wrong, form)
        else:
            return redirect("desk:draft", drafted.pk)
    return _form_page(request, form, _("A new edition"), reverse("desk:drafts"))


def _beginning(request: StaffRequest) -> str:
    edition = request.GET.get("edition", "")
    if edition.isdigit() and len(edition) < 18:
        found = Edition.objects.filter(company=request.company, pk=int(edition)).first()
        if found is not None:
            return found.content
    asked = request.GET.get("library", "")
    return next((file.read_text(encoding="utf-8") for name, file in _library() if f"{name}/{file.name}" == asked), "")


def _check(request: StaffRequest, text: str) -> None:
    """Raises RulebookError with every name, gap and overlap that does not hold in this company."""
    document = read_document(text)
    others = [
        other for other in documents_in_force(request.company, request.today) if other.procedure != document.procedure
    ]
    check_documents(
        {document.procedure: document}, registry.vocabulary(), words_of(request.company), beside=others
    ).refuse_problems()


def _show(wrong: RulebookError | EditionError, form: forms.Form) -> None:
    problems = wrong.problems if isinstance(wrong, RulebookError) else [wrong]
    for problem in list(problems)[:40]:
        form.add_error("text", str(problem))


def _form_page(request: StaffRequest, form: forms.Form, heading: str, back: str) -> HttpResponse:
    context = {
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
        "title": document.title.in_language(get_language() or "zh-hans"),
        "sign_off": _sheet(document, signed, names),
        "mine": [
            (meaning, str(EditionSignature.Meaning(meaning).label))
            for meaning, address in signers_named(document).items()
            if meaning not in signed and address.key in request.authority.keys
        ],
        "is_complete": not missing_signatures(edition),
        "differences": _differences(compare(before, document)) if before else [],
        "is_first": before is None,
        "may_change": request.employee.is_administrator,
    }
    return render(request, "desk/draft.html", context)


def _sheet(document: Document, signed: dict[str, EditionSignature], names: Names) -> faces.SignOff:
    return faces.SignOff(
        title=_("Signatures"),
        mode="in_order",
        slots=[
            faces.Slot(
                who=faces.Person(
                    name=signed[meaning].employee.name if meaning in signed else names.address(address.key)
                ),
                position=names.address(address.key) if meaning in signed else "",
                standing="signed" if meaning in signed else "next",
                meaning=str(EditionSignature.Meaning(meaning).label),
                at=signed[meaning].signed_at if meaning in signed else None,
            )
            for meaning, address in signers_named(document).items()
        ],
    )


def _differences(found: Comparison) -> list[dict[str, Any]]:
    """What changed, clause by clause, in words."""
    kinds = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
    lines = (
        [{"clause": "", "what": _("heading"), "changes": [_change(change) for change in found.heading]}]
        if found.heading
        else []
    )
    for clause in found.clauses:
        changes = [_change(change) for change in clause.changes]
        for control in clause.controls:
            label = f"{control.kind} {control.name}".strip()
            changes.append({"path": f"{label}: {kinds[str(control.what)]}", "before": "", "after": ""})
            changes += [_change(change) for change in control.changes]
        lines.append({"clause": clause.number, "what": kinds[str(clause.what)], "changes": changes})
    return lines


def _change(change: Change) -> dict[str, str]:
    return {"path": change.path, "before": _short(change.before), "after": _short(change.after)}


def _short(value: Any) -> str:
    return said(str(value) if value is not None else "")[:400]


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
    return redirect(f"{reverse('desk:procedure', args=[published.procedure.code])}?edition={published.pk}")
