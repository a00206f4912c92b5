"""The actions that every record has: comment, attach, acknowledge, sign, hand over, override, correct, void."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.forms import ChoiceField
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Employee
from luyue.organization.prepared import Place, Prepared
from luyue.records.actions import Action, Circumstances
from luyue.records.correcting import put_right
from luyue.records.facts import stored
from luyue.records.forms import ActionForm, Colleague, LongText, ShortText
from luyue.records.mentions import mentioned_in
from luyue.records.models import Obligation, Record, Signature, concrete_values
from luyue.records.refusing import Refusal, Refused
from luyue.rulebook.engine.sign_offs import Round, Slot, may_sign

if TYPE_CHECKING:
    from luyue.records.case import Case
    from luyue.records.performing import Performed


class CommentForm(ActionForm):
    text = LongText(label=_("comment"), help_text=_("Name a colleague with @ and he or she is told."))


class AttachForm(ActionForm):
    note = ShortText(label=_("note"), required=False)


class AcknowledgeForm(ActionForm):
    control = ShortText(label=_("what is acknowledged"), max_length=200, required=False)
    receiver = ShortText(label=_("for whom"), max_length=80, required=False)


class SignForm(ActionForm):
    decision = ChoiceField(
        label=_("decision"), choices=[("agreed", _("Agree and sign")), ("sent_back", _("Send back"))]
    )
    opinion = LongText(label=_("opinion"), rows=2, required=False)
    control = ShortText(label=_("sign-off"), max_length=200, required=False)
    slot = ShortText(label=_("place"), max_length=6, required=False)


class HandOverForm(ActionForm):
    to = Colleague(label=_("to whom"))
    reason = LongText(label=_("reason"), rows=2)


class AddSignerForm(ActionForm):
    to = Colleague(label=_("who signs as well"))
    reason = LongText(label=_("reason"), rows=2)


class OverrideForm(ActionForm):
    control = ShortText(label=_("which control"), max_length=200)
    action = ShortText(label=_("for which action"), max_length=80)
    reason = LongText(label=_("reason"))


class CorrectForm(ActionForm):
    field = ShortText(label=_("which field"), max_length=60)
    value = LongText(label=_("right value"), rows=2, required=False)
    reason = LongText(label=_("reason"), rows=2)


class VoidForm(ActionForm):
    reason = LongText(label=_("reason"), rows=2)


def comment(record: Record, *, by: Employee, text: str, mentions: Sequence[str] = ()) -> None:
    """Say something to the others; nothing about the record changes."""


def attach(record: Record, *, by: Employee, note: str = "") -> None:
    """Add a paper, a photo or another file."""


def acknowledge(record: Record, *, by: Employee, control: str = "", receiver: str = "") -> None:
    """Confirm that the record has reached you."""


def sign(
    record: Record, *, by: Employee, decision: str, opinion: str = "", control: str = "", slot: int | str = ""
) -> None:
    """Sign what is shown, or send it back with your opinion."""


def hand_over(
    record: Record, *, by: Employee, to: Employee, reason: str, control: str = "", slot: int | str = ""
) -> None:
    """Let a colleague sign in your place."""


def add_signer(
    record: Record, *, by: Employee, to: Employee, reason: str, control: str = "", slot: int | str = ""
) -> None:
    """Ask one more colleague to sign."""


def override(record: Record, *, by: Employee, control: str, action: str, reason: str) -> None:
    """Let an action happen although the procedure forbids it; it stays visible as a departure."""


def correct(record: Record, *, by: Employee, field: str, value: Any, reason: str) -> None:
    """Put a wrong fact right; the wrong value stays in the ledger."""
    put_right(record, field, value)


def void(record: Record, *, by: Employee, reason: str) -> None:
    """Declare the record void; it keeps its number and stays readable."""


def waiting_for(case: Case) -> list[tuple[Round, Slot]]:
    """The places where this person may sign now."""
    return [
        (each, slot)
        for each in case.rounds
        for slot in each.waiting
        if may_sign(slot, case.authority, case.by.pk) is None
    ]


def receipts_for(case: Case) -> list[Any]:
    """What this person has to acknowledge: copies, and what nobody was told of while the position was vacant."""
    return [
        row
        for row in _not_acknowledged(case.record.pk or 0, case.authority.keys)
        if row.status in ("running", "broken") and f"{case.record_type.name}.acknowledge" in row.does
    ]


@Prepared
def _not_acknowledged(record_id: Place, keys: list[Place]) -> QuerySet[Obligation]:
    owed = Obligation.objects.filter(record_id=record_id, done_at=None, owner__in=keys)
    return owed.filter(kind__in=["routing", "notice"]).order_by("pk")


def _something_to_acknowledge(case: Case) -> list[Refusal]:
    if receipts_for(case):
        return []
    return [Refusal("nothing_to_acknowledge", _g("Nothing waits here for your acknowledgement of receipt."))]


def _something_to_sign(case: Case) -> list[Refusal]:
    if waiting_for(case):
        return []
    for each in case.rounds:
        for slot in each.waiting:
            if may_sign(slot, case.authority, case.by.pk) == "own_proposal" and slot.address in case.authority.keys:
                return [
                    Refusal(
                        "own_proposal",
                        _g("Nobody signs his or her own proposal."),
                        each.bound.procedure,
                        each.bound.clause,
                    )
                ]
    return [Refusal("nothing_to_sign", _g("Nothing waits here for your signature."))]


def _somebody_may_override(case: Case) -> list[Refusal]:
    named = {
        bound.control.override_by.key
        for bound in case.rules.all
        if getattr(bound.control, "override_by", None) is not None
    }
    if named & case.authority.keys:
        return []
    if not named:
        return [Refusal("role_nobody", _g("No procedure in force lets anybody override it."))]
    return [Refusal("role", _g("Only %(who)s may do this.") % {"who": case.names.addresses(sorted(named))})]


def _by_power(power: str) -> Callable[[Case], list[Refusal]]:
    def ask(case: Case) -> list[Refusal]:
        if case.record.state == "void":
            return [Refusal("state", _g("The record is void."))]
        return case.role_refusals(power)

    return ask


def completed(
    case: Case, action: Action[Any, Any], values: Mapping[str, Any], circumstances: Circumstances
) -> dict[str, Any]:
    """What a general action leaves open, filled in from what waits for this person; wrong answers are refused."""
    said = dict(values)
    if action.name == "comment" and (named := mentioned_in(str(values["text"]), case.company)):
        said["mentions"] = named
    if action.name == "acknowledge":
        said.update(_receipt(case, values))
    if action.name in ("sign", "hand_over", "add_signer"):
        each, slot = _place(case, values)
        said.update({"control": each.group, "slot": slot.n})
        if action.name == "sign":
            _check_signature(case, each, values, circumstances)
    if action.name == "override":
        _check_override(case, values)
    return said


def _receipt(case: Case, values: Mapping[str, Any]) -> dict[str, str]:
    waiting = receipts_for(case)
    wanted = [row for row in waiting if not values.get("control") or row.control == values["control"]]
    wanted = [row for row in wanted if not values.get("receiver") or row.owner == values["receiver"]]
    if not wanted:
        raise Refused(Refusal("nothing_to_acknowledge", _g("Nothing waits here for your acknowledgement of receipt.")))
    return {"control": wanted[0].control, "receiver": wanted[0].owner}


def _place(case: Case, values: Mapping[str, Any]) -> tuple[Round, Slot]:
    waiting = waiting_for(case)
    wanted = [pair for pair in waiting if not values.get("control") or pair[0].group == values["control"]]
    wanted = [pair for pair in wanted if not values.get("slot") or str(pair[1].n) == str(values["slot"])]
    if not wanted:
        raise Refused(Refusal("nothing_to_sign", _g("Nothing waits here for your signature.")))
    return wanted[0]


def _check_signature(case: Case, each: Round, values: Mapping[str, Any], circumstances: Circumstances) -> None:
    if values.get("decision") not in ("agreed", "sent_back"):
        raise Refused(Refusal("decision", _g("Say whether you agree or send it back.")))
    needs_opinion = each.control.opinion == "required" or values["decision"] == "sent_back"
    if needs_opinion and not str(values.get("opinion") or "").strip():
        sentence = _g("Write your opinion.")
        raise Refused(
            Refusal("opinion", sentence, each.bound.procedure, each.bound.clause, fields={"opinion": sentence})
        )
    if not each.control.password or circumstances.signed_by_passkey:
        return
    password = circumstances.password
    if not (password and case.by.account.check_password(password)):
        sentence = _g("This is not your password.") if password else _g("Sign with your password or a passkey.")
        raise Refused(Refusal("password", sentence, fields={"password": sentence}))


def _check_override(case: Case, values: Mapping[str, Any]) -> None:
    bound = next((each for each in case.rules.all if values["control"] in (each.key, each.group)), None)
    named = getattr(bound.control, "override_by", None) if bound else None
    if bound is None or named is None:
        raise Refused(Refusal("no_override", _g("This control cannot be overridden.")))
    if named.key not in case.authority.keys:
        who = case.names.address(named.key)
        raise Refused(
            Refusal("role", _g("Only %(who)s may do this.") % {"who": who}, bound.procedure, bound.clause, bound.key)
        )


def what_is_shown(record: Record) -> dict[str, Any]:
    """Exactly what a signer has before his or her eyes: number, subject, state and all facts."""
    return {
        "number": record.number,
        "title": record.title,
        "state": record.state,
        "facts": {name: stored(value) for name, value in sorted(concrete_values(record).items())},
    }


def _keep_signature(performed: Performed) -> None:
    data = performed.entry.data
    shown = what_is_shown(performed.record)
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    bound = next(each for each in _controls_of(performed.record) if each.group == data["control"])
    Signature.objects.create(
        company_id=performed.record.company_id,
        record_id=performed.record.pk,
        entry=performed.entry,
        employee=performed.by,
        control=data["control"],
        slot=data["slot"],
        meaning=bound.control.meaning,
        decision=data["decision"],
        opinion=data.get("opinion", ""),
        signed_at=performed.entry.occurred_at,
        shown=json.loads(text),
        shown_digest=hashlib.sha256(text.encode()).hexdigest(),
        method="passkey" if performed.circumstances.signed_by_passkey else "password",
    )


def _controls_of(record: Record) -> Any:
    from luyue.records.rules import rules_of  # rules read the editions, which declarations do not need

    return rules_of(record.binding_id, record.company).all


def _general(
    function: Callable[..., None],
    label: Any,
    form: type[ActionForm],
    question: Callable[[Case], list[Refusal]],
    *,
    to: str | None = None,
    afterwards: Callable[[Performed], None] | None = None,
) -> Action[Any, Any]:
    return Action(
        name=function.__name__,
        function=function,
        label=label,
        hint=inspect.getdoc(function) or "",
        opens=None,
        at=None,
        to=to,
        form=form,
        checks=(),
        question=question,
        afterwards=afterwards,
    )


COMMENT = _general(comment, _("Comment"), CommentForm, _by_power("comment"))
ATTACH = _general(attach, _("Attach"), AttachForm, _by_power("attach"))
ACKNOWLEDGE = _general(acknowledge, _("Acknowledge receipt"), AcknowledgeForm, _something_to_acknowledge)
SIGN = _general(sign, _("Sign"), SignForm, _something_to_sign, afterwards=_keep_signature)
HAND_OVER = _general(hand_over, _("Hand over the signature"), HandOverForm, _something_to_sign)
ADD_SIGNER = _general(add_signer, _("Add a signer"), AddSignerForm, _something_to_sign)
OVERRIDE = _general(override, _("Override"), OverrideForm, _somebody_may_override)
CORRECT = _general(correct, _("Correct"), CorrectForm, _by_power("correct"))
VOID = _general(void, _("Void"), VoidForm, _by_power("void"), to="void")

GENERAL_ACTIONS = (COMMENT, ATTACH, ACKNOWLEDGE, SIGN, HAND_OVER, ADD_SIGNER, OVERRIDE, CORRECT, VOID)
