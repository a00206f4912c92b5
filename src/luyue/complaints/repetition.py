"""Whether a complaint repeats an earlier one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luyue.complaints.models import Complaint, Special, State
from luyue.organization.prepared import Place, Prepared
from luyue.records.models import Record
from luyue.records.refusing import Refusal, Refused
from luyue.records.rules import rules_of

USUAL_WINDOW = 90
"""Days; the threshold `repeat-window` of an edition takes its place."""


def earlier_like(complaint: Complaint) -> Record | None:
    """The latest complaint of the same customer about the same product within the window, not counting void ones."""
    window = _window(complaint)
    if window is None:
        return None
    company, party, before = complaint.company_id, complaint.party_id or 0, complaint.opened_at
    if complaint.product_id:
        found = _latest_of_product(company, party, before - window, before, complaint.product_id)
    else:
        found = _latest_of_name(company, party, before - window, before, complaint.product_name)
    return found[0] if found else None


def refuse_ordinary_handling(complaint: Complaint) -> None:
    """A complaint that came too often is an individual case where the edition enforces it (SCALE-SERVICE-3.10-2).

    The threshold `individual-case-after` says the how-many-eth complaint within the window is the first such case.
    """
    threshold = rules_of(complaint.binding_id, complaint.company).threshold("individual-case-after")
    if threshold is None or not threshold.control.enforced or complaint.special != Special.NONE:
        return
    window = _window(complaint)
    times = 1 if window is None else _earlier(complaint, window).count() + 1
    if times >= threshold.control.value:
        sentence = _("This is complaint number %(times)d of this customer about this product: an individual case.") % {
            "times": times
        }
        raise Refused(
            Refusal("individual_case", sentence, threshold.procedure, threshold.clause, fields={"special": sentence})
        )


def _window(complaint: Complaint) -> timedelta | None:
    """How far back a complaint is a repetition; None where nothing can be repeated."""
    if complaint.party_id is None or not (complaint.product_id or complaint.product_name):
        return None
    threshold = rules_of(complaint.binding_id, complaint.company).threshold("repeat-window")
    return timedelta(days=threshold.control.value if threshold else USUAL_WINDOW) or None


def _earlier(complaint: Complaint, window: timedelta) -> QuerySet[Complaint]:
    earlier = _between(complaint.company_id, complaint.party_id, complaint.opened_at - window, complaint.opened_at)
    if complaint.product_id:
        return earlier.filter(product_id=complaint.product_id)
    return earlier.filter(product_name=complaint.product_name)


def _between(
    company_id: int | Place, party_id: Any, since: datetime | Place, before: datetime | Place
) -> QuerySet[Complaint]:
    return Complaint.objects.filter(
        company_id=company_id, type="complaint", party_id=party_id, opened_at__lt=before, opened_at__gte=since
    ).exclude(state__in=[State.VOID, State.WITHDRAWN])


@Prepared
def _latest_of_product(
    company_id: Place, party_id: Place, since: Place, before: Place, product_id: Place
) -> QuerySet[Complaint]:
    return _between(company_id, party_id, since, before).filter(product_id=product_id).order_by("-opened_at")[:1]


@Prepared
def _latest_of_name(
    company_id: Place, party_id: Place, since: Place, before: Place, product_name: Place
) -> QuerySet[Complaint]:
    return _between(company_id, party_id, since, before).filter(product_name=product_name).order_by("-opened_at")[:1]
