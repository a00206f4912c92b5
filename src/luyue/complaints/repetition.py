"""Whether a complaint repeats an earlier one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luyue.complaints.models import Complaint, Special, State
from luyue.records.models import Record
from luyue.records.refusing import Refusal, Refused
from luyue.records.rules import rules_of

USUAL_WINDOW = 90
"""Days; the threshold `repeat-window` of an edition takes its place."""


def earlier_like(complaint: Complaint) -> Record | None:
    """The latest complaint of the same customer about the same product within the window, not counting void ones."""
    return _earlier(complaint).order_by("-opened_at").first()


def refuse_ordinary_handling(complaint: Complaint) -> None:
    """A complaint that came too often is an individual case where the edition enforces it (SCALE-SERVICE-3.10-2).

    The threshold `individual-case-after` says the how-many-eth complaint within the window is the first such case.
    """
    threshold = rules_of(complaint.binding_id, complaint.company).threshold("individual-case-after")
    if threshold is None or not threshold.control.enforced or complaint.special != Special.NONE:
        return
    times = _earlier(complaint).count() + 1
    if times >= threshold.control.value:
        sentence = _("This is complaint number %(times)d of this customer about this product: an individual case.") % {
            "times": times
        }
        raise Refused(
            Refusal("individual_case", sentence, threshold.procedure, threshold.clause, fields={"special": sentence})
        )


def _earlier(complaint: Complaint) -> QuerySet[Complaint]:
    if complaint.party_id is None or not (complaint.product_id or complaint.product_name):
        return Complaint.objects.none()
    threshold = rules_of(complaint.binding_id, complaint.company).threshold("repeat-window")
    window = timedelta(days=threshold.control.value if threshold else USUAL_WINDOW)
    if not window:
        return Complaint.objects.none()
    earlier = Complaint.objects.filter(
        company_id=complaint.company_id,
        type="complaint",
        party_id=complaint.party_id,
        opened_at__lt=complaint.opened_at,
        opened_at__gte=complaint.opened_at - window,
    ).exclude(state__in=[State.VOID, State.WITHDRAWN])
    if complaint.product_id:
        return earlier.filter(product_id=complaint.product_id)
    return earlier.filter(product_name=complaint.product_name)
