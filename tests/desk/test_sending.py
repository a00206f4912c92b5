"""What is sent from the page of a step: taken at once, or refused with the reasons that the page itself gives."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from luyue.records.models import Denial
from tests.firms import Firm

PROGRESS = {"progress": "正在检验", "channel": "phone"}
SeenBy = Callable[[Employee], Client]


def test_who_may_not_take_a_step_is_told_once_and_the_attempt_is_kept(
    carbide: Firm, seen_by: SeenBy, complaint_of: Callable[..., Complaint]
) -> None:
    with carbide.at("2026-03-02 11:00"):
        complaint = complaint_of(carbide)
        client = seen_by(carbide["quality_manager"])
        client.cookies["django_language"] = "en"
        here = f"/r/complaints/{complaint.pk}/do/tell_progress/"
        reason = client.get(here).context["refusals"]
        refused = client.post(here, PROGRESS)

    assert refused.status_code == 422
    assert refused.context["refusals"] == reason
    assert refused.context["form"].non_field_errors() == []
    assert Denial.objects.get().action == "complaint.tell_progress"
    assert complaint.entries.count() == 1


def test_a_step_that_is_sent_reads_the_story_once(
    carbide: Firm, seen_by: SeenBy, complaint_of: Callable[..., Complaint]
) -> None:
    with carbide.at("2026-03-02 11:00"):
        complaint = complaint_of(carbide)
        client = seen_by(carbide["sales_officer"])
        with CaptureQueriesContext(connection) as asked:
            taken = client.post(f"/r/complaints/{complaint.pk}/do/tell_progress/", PROGRESS)

    assert taken.status_code == 302
    assert sum('FROM "ledger_entry"' in each["sql"] for each in asked) == 1
