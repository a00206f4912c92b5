"""The dialog of an action, which is a page of its own without JavaScript."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luyue.desk import passkey
from luyue.desk.following import clause_of, owed_here, what_follows
from luyue.desk.mishaps import mishap_of
from luyue.desk.once import submission_of
from luyue.desk.pages.record_page import next_step
from luyue.desk.presenting import clock_of, panels_of, record_url
from luyue.desk.seen import case_of, case_seen_by, type_called
from luyue.organization.access import StaffRequest, for_employees
from luyue.records import general
from luyue.records.actions import Action, Upload
from luyue.records.case import Case
from luyue.records.correcting import correctable
from luyue.records.forms import ActionForm, Instant, ShortText
from luyue.records.models import Record
from luyue.records.performing import was_sent_before
from luyue.records.record_types import RecordType
from luyue.records.refusing import ChangedMeanwhile, Refusal, Refused
from luyue.records.rules import binding_for

_log = logging.getLogger(__name__)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files handed in together."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(each, initial) for each in given]


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def new(request: StaffRequest, slug: str) -> HttpResponse:
    """Open a record: the form of the opening action."""
    record_type = type_called(slug)
    opened: Record = record_type.model(company=request.company)
    opened.binding = binding_for(request.company, request.today)
    case = case_of(request, opened)
    return _answer(request, case, record_type.opening_action)


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def action(request: StaffRequest, slug: str, pk: int, name: str) -> HttpResponse:
    case = case_seen_by(request, slug, pk)
    found = case.record_type.all_actions.get(name)
    if found is None or found.is_opening:
        raise Http404
    return _answer(request, case, found)


def _answer(request: StaffRequest, case: Case, action: Action[Any, Any]) -> HttpResponse:
    form = form_for(action, case, request)
    status = 200
    if request.method == "POST":
        answer, status = _sent(request, case, action, form)
        if answer is not None:
            return answer
    refusals = _what_bars(case, action)
    context = _context(request, case, action, form)
    context["refusals"] = [(str(each.sentence), _cited(each.procedure, each.clause)) for each in refusals]
    context["next_step"] = next_step(case) if refusals and case.record.pk else None
    return render(request, "desk/action.html", context, status=status)


def _what_bars(case: Case, action: Action[Any, Any]) -> list[Refusal]:
    """Why the page offers no button; of what is to be opened only the positions are known before it is written."""
    return case.role_refusals(action.name) if action.is_opening else case.refusals(action)


def _sent(
    request: StaffRequest, case: Case, action: Action[Any, Any], form: forms.Form
) -> tuple[HttpResponse | None, int]:
    """Take the action at once; the kernel asks itself whether it may be taken, and asks under its own lock."""
    try:
        answer = _take(request, case, action, form) if form.is_valid() else None
    except (OperationalError, OSError) as fault:
        return None, _say_mishap(form, fault)
    if answer is None and not action.is_opening and was_sent_before(case, submission_of(request)):
        answer = _said_done(request, action, case.record, case.record_type)
    return answer, 422


def _say_mishap(form: forms.Form, fault: OperationalError | OSError) -> int:
    """A full disk or a busy database is said in the form, so that nothing typed is lost; other faults go on up."""
    mishap = mishap_of(fault)
    if mishap is None:
        raise fault
    _log.error("%s: %s", mishap.heading, fault)
    form.add_error(None, str(mishap.sentence))
    return mishap.status


def form_for(action: Action[Any, Any], case: Case, request: StaffRequest) -> forms.Form:
    """The action's own form, with what every action may carry: when it happened, files, a signature."""
    kind: Any = action.form or ActionForm
    data = _said(request) if request.method == "POST" else None
    form: ActionForm = kind(
        data, request.FILES or None, company=case.company, initial=_initial(action, case, request, kind)
    )
    if case.record.pk:
        form.suit(case.record)
    _add_struck_through(form, action, case)
    if action.name == "correct":
        form.fields["field"] = forms.ChoiceField(label=_("which field"), choices=_correctable(case))
    if action.name == "override":
        _offer_overrides(form, case)
    if action.name == "acknowledge":
        for name in ("control", "receiver"):
            form.fields[name].widget = forms.HiddenInput()
    if action.name == "sign":
        _add_signature(form, case, request)
    elif action.name not in ("comment", "acknowledge"):
        form.fields["files"] = Files(label=_("files"), required=action.name == "attach")
        form.fields["file_kind"] = forms.ChoiceField(
            label=_("kind of file"), choices=case.record_type.attachment_kinds.choices, required=False, initial="other"
        )
    if action.name not in ("comment", "attach"):
        form.fields["occurred_at"] = Instant(label=_("when it happened"), required=False)
    form.fields["submission"] = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=uuid.uuid4().hex, max_length=64
    )
    return form


def _correctable(case: Case) -> list[tuple[str, str]]:
    return [(name, label) for name, label in correctable(case.record).items() if name not in case.hidden_fields]


def _said(request: StaffRequest) -> Any:
    if "comment" in request.POST and "text" not in request.POST:
        said = request.POST.copy()
        said["text"] = request.POST["comment"]
        return said
    return request.POST


def _initial(action: Action[Any, Any], case: Case, request: StaffRequest, kind: type[forms.Form]) -> dict[str, Any]:
    own = {field.name for field in case.record._meta.local_concrete_fields} - case.hidden_fields
    filled_in = () if action.is_opening else (name for name in kind.base_fields if name in own)
    known = {name: value for name in filled_in if (value := getattr(case.record, name, None)) not in (None, "")}
    asked = {name: request.GET[name] for name in kind.base_fields if name in request.GET}
    return {**known, **asked}


def _add_struck_through(form: forms.Form, action: Action[Any, Any], case: Case) -> None:
    """Mark what the edition requires; what may be left empty on purpose gets a place for the reason."""
    for bound in case.rules.required_fields(action.full_name(case.record_type.name)):
        for name in bound.control.fields:
            if name not in form.fields or bound.holds(case.facts) is False:
                continue
            field: Any = form.fields[name]
            field.clause = _cited(bound.procedure, bound.clause)
            if bound.control.may_be_struck_through and f"struck_{name}" not in form.fields:
                form.fields[f"struck_{name}"] = ShortText(
                    label=_("%(field)s does not apply, because") % {"field": field.label}, required=False
                )


def _offer_overrides(form: forms.Form, case: Case) -> None:
    """What stands in somebody's way and this person may set aside, each with the action it bars."""
    offered = [
        (f"{refusal.control}|{each.name}", f"{each.label} — {refusal}")
        for each in case.record_type.all_actions.values()
        if not each.is_opening
        for refusals in [case.refusals(each)]
        if all(refusal.code != "state" for refusal in refusals)
        for refusal in refusals
        if refusal.override_by in case.authority.keys
    ]
    form.fields["control"] = forms.ChoiceField(label=_("what is set aside"), choices=offered, widget=forms.RadioSelect)
    del form.fields["action"]


def _add_signature(form: forms.Form, case: Case, request: StaffRequest) -> None:
    waiting = general.waiting_for(case)
    wanted = request.GET.get("control")
    place = next((pair for pair in waiting if pair[0].group == wanted), waiting[0] if waiting else None)
    for name in ("control", "slot"):
        form.fields[name].widget = forms.HiddenInput()
    if place is None:
        return
    form.initial.update({"control": place[0].group, "slot": str(place[1].n)})
    form.fields["opinion"].required = place[0].control.opinion == "required"
    if place[0].control.password and not passkey.is_shown(request):
        form.fields["password"] = forms.CharField(
            label=_("your password"),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            strip=False,
            max_length=200,
        )


def _take(request: StaffRequest, case: Case, action: Action[Any, Any], form: forms.Form) -> HttpResponse | None:
    """Take the action; when it is refused, say why in the form and keep what was typed."""
    said = dict(form.cleaned_data)
    mark = said.pop("submission", "")
    occurred_at: datetime | None = said.pop("occurred_at", None)
    password = said.pop("password", None)
    struck = {name[7:]: said.pop(name) for name in list(said) if name.startswith("struck_")}
    kind = said.pop("file_kind", "") or "other"
    uploads = [Upload(kind, each.name, each.read()) for each in said.pop("files", [])]
    if action.name == "override":
        said["control"], _bar, barred = said["control"].rpartition("|")
        said["action"] = f"{case.record_type.name}.{barred}"
    given = action.given(
        occurred_at=occurred_at,
        expected_version=_version(request),
        password=password,
        signed_by_passkey=action.name == "sign" and passkey.is_shown(request),
        uploads=uploads,
        struck_through={name: reason for name, reason in struck.items() if reason},
        source_key=f"page:{mark}" if mark and action.is_opening else None,
        submission=submission_of(request),
    )
    try:
        done = given(case.record, by=case.by, **said)
    except Refused as refused:
        if refused.codes == ("sent_twice",):
            return _said_done(request, action, case.record, case.record_type)
        if refused.codes == ("imported_already",):
            return _opened_before(request, case, action, form, mark)
        if list(refused.refusals) != _what_bars(case, action):
            _show(refused, form)
        if isinstance(refused, ChangedMeanwhile):
            case.record.refresh_from_db()
        return None
    if action.name == "sign":
        passkey.spend(request)
    return _said_done(request, action, done, case.record_type)


def _said_done(request: StaffRequest, action: Action[Any, Any], done: Record, record_type: RecordType) -> HttpResponse:
    """The record, with the news that the action is done; the same to one whose form came a second time."""
    news = _("%(number)s: “%(action)s” is done.")
    if action.name == "comment":
        news = _("%(number)s: the comment stands in the history.")
    messages.success(request, news % {"action": action.label, "number": done.number})
    return HttpResponseRedirect(record_url(done, record_type))


def _version(request: StaffRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _opened_before(
    request: StaffRequest, case: Case, action: Action[Any, Any], form: forms.Form, mark: str
) -> HttpResponse | None:
    """The record that this form has opened; when the form says something else by now, that stays in it."""
    opened = Record.objects.get(company=case.company, type=case.record_type.name, source_key=f"page:{mark}")
    if opened.entries.filter(sequence=1, data__submission=submission_of(request)).exists():
        return _said_done(request, action, opened, case.record_type)
    sentence = _("This form was sent before and became %(number)s; what you changed in it since is not entered.")
    form.add_error(None, sentence % {"number": opened.number})
    return None


def _show(refused: Refused, form: forms.Form) -> None:
    for refusal in refused.refusals:
        form.add_error(None, str(refusal))
        for name, sentence in refusal.fields.items():
            if name in form.fields:
                form.add_error(name, sentence)


def _context(request: StaffRequest, case: Case, action: Action[Any, Any], form: forms.Form) -> dict[str, Any]:
    record_type = case.record_type
    register_url = reverse("desk:register", args=[record_type.slug])
    record_at = record_url(case.record, record_type) if case.record.pk else register_url
    row = owed_here(case, action)
    clause, read_at = clause_of(case, action, row)
    return {
        "action": {
            "label": str(action.label),
            "hint": _(action.hint) if action.hint else "",
            "clause": clause,
            "clause_url": read_at,
            "clock": clock_of(row, case.company, case.now) if row else None,
        },
        "record": {"number": case.record.number, "subject": case.record.title, "url": record_at}
        if case.record.pk
        else None,
        "register_label": str(record_type.title),
        "register_url": register_url,
        "form": form,
        "panels": panels_of(case) if action.name == "sign" else [],
        "meaning": _meaning(case) if action.name == "sign" else "",
        "passkey_is_shown": action.name == "sign" and passkey.is_shown(request),
        "passkey_url": passkey.url(request) if action.name == "sign" else "",
        "what_follows": what_follows(case, action),
        "submit_label": str(action.label),
        "cancel_url": record_at,
        "version": case.record.version if case.record.pk else "",
    }


def _meaning(case: Case) -> str:
    waiting = general.waiting_for(case)
    if not waiting:
        return ""
    _round, slot = waiting[0]
    return _("I sign as %(position)s what stands on this page; it cannot be taken back.") % {
        "position": case.names.address(slot.address)
    }


def _cited(procedure: str, clause: str) -> str:
    return f"{procedure} {clause}".strip()
