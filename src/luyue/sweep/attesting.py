"""Stating that a duty of conduct was kept in a period."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.ledger import book
from luyue.organization.authority import authority_of
from luyue.organization.models import Employee
from luyue.records import attachments, clock
from luyue.records.actions import Upload
from luyue.records.models import Obligation
from luyue.records.objections import Names
from luyue.records.refusing import Refusal, Refused
from luyue.rulebook.controls import Attested
from luyue.sweep.models import Attestation
from luyue.sweep.periods import STATED, control_of, is_still_owed

CHAIN = "attestations"


def refusals(obligation: Obligation, *, by: Employee) -> list[Refusal]:
    """Why this person cannot state it now; empty when he or she can."""
    if obligation.company_id != by.company_id or obligation.kind != "attested":
        return [Refusal("not_found", _("There is no such duty."), hides=True)]
    if not obligation.is_owed:
        return [Refusal("stated_already", _("This has been stated already."), obligation.procedure, obligation.clause)]
    authority = authority_of(by, clock.now().astimezone(by.company.zone).date())
    if obligation.owner not in authority.keys:
        who = Names.of(by.company).address(obligation.owner)
        sentence = _("Only %(who)s may state this.") % {"who": who}
        return [Refusal("role", sentence, obligation.procedure, obligation.clause)]
    return []


@transaction.atomic
def attest(obligation: Obligation, *, by: Employee, evidence: str = "", upload: Upload | None = None) -> Attestation:
    """State that the duty was kept; after the period's end the statement is late, and the duty stays broken.

    Raises Refused when somebody else has to state it, or when the evidence that the procedure asks for is missing.
    """
    now = clock.now()
    row = Obligation.objects.select_for_update(of=("self",)).select_related("edition__procedure").get(pk=obligation.pk)
    if found := refusals(row, by=by):
        raise Refused(*found)
    if needs_evidence(row) and not evidence.strip() and upload is None:
        sentence = _("Say or attach what shows it.")
        raise Refused(Refusal("evidence", sentence, row.procedure, row.clause, fields={"evidence": sentence}))
    kept = attachments.checked(upload) if upload else ("", "")
    digest = attachments.store(upload.content) if upload else ""
    deputised = sorted(authority_of(by, now.astimezone(by.company.zone).date()).deputised)
    entry = book.append_to(
        company_id=row.company_id,
        chain=CHAIN,
        action=STATED,
        by_id=by.pk,
        occurred_at=now,
        entered_at=now,
        acting_as=",".join(deputised)[:80],
        data={
            "control": row.control,
            "clause": f"{row.procedure} {row.clause}",
            "period": row.detail["period"],
            "evidence": evidence,
            "attachments": [{"file_name": kept[0], "digest": digest}] if upload else [],
        },
    )
    _settle(row, by, now)
    return Attestation.objects.create(
        company_id=row.company_id,
        obligation=row,
        entry=entry,
        employee=by,
        stated_at=now,
        evidence=evidence,
        file_name=kept[0],
        content_type=kept[1],
        size=len(upload.content) if upload else 0,
        digest=digest,
    )


def _settle(row: Obligation, by: Employee, now: datetime) -> None:
    """What the engine will say of it from now on, written at once."""
    in_time = row.due_at is not None and now < row.due_at
    row.status = Obligation.Status.KEPT if in_time else Obligation.Status.BROKEN
    row.settled_at = now if in_time else row.due_at
    row.done_at, row.done_by = now, by
    row.is_owed = is_still_owed(row.kind, row.status, row.done_at)
    row.detail = {**row.detail, "done": 1}
    row.save(update_fields=["status", "settled_at", "done_at", "done_by", "is_owed", "detail"])


def needs_evidence(obligation: Obligation) -> bool:
    control: Attested = control_of(obligation).control
    return control.evidence == "required"
