"""Whether a complaint repeats an earlier one."""

from __future__ import annotations

from datetime import timedelta

from luyue.complaints.models import Complaint, State
from luyue.records.models import Record
from luyue.records.rules import rules_of

USUAL_WINDOW = 90
"""Days; the threshold `repeat-window` of an edition takes its place."""


def earlier_like(complaint: Complaint) -> Record | None:
    """The latest complaint of the same customer about the same product within the window, not counting void ones."""
    if complaint.party_id is None or not (complaint.product_id or complaint.product_name):
        return None
    threshold = rules_of(complaint.binding_id, complaint.company).threshold("repeat-window")
    window = timedelta(days=threshold.control.value if threshold else USUAL_WINDOW)
    if not window:
        return None
    earlier = Complaint.objects.filter(
        company_id=complaint.company_id,
        type="complaint",
        party_id=complaint.party_id,
        opened_at__lt=complaint.opened_at,
        opened_at__gte=complaint.opened_at - window,
    ).exclude(state__in=[State.VOID, State.WITHDRAWN])
    if complaint.product_id:
        earlier = earlier.filter(product_id=complaint.product_id)
    else:
        earlier = earlier.filter(product_name=complaint.product_name)
    return earlier.order_by("-opened_at").first()
