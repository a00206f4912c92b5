from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from allauth.account.internal.flows import login as sign_in
from django.test import Client, RequestFactory

from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from luyue.records import clock
from luyue.records.models import Signature
from luyue.site.demo.playing import Stage, bring_about
from luyue.site.demo.words import complaint_says, improvement_says
from tests.firms import PASSWORD, Firm


def proposed(firm: Firm, complaint: Complaint) -> None:
    """Play the case until its remedy waits for signatures."""
    words = {"complaint": complaint_says, "improvement": improvement_says}
    stage = Stage(firm.company, PASSWORD, words, Random(1), clock.now())
    for step in ("classify", "determine_responsibility", "propose_remedy"):
        bring_about(stage, complaint, step)


def show_passkey(client: Client, person: Employee, at: float) -> None:
    """What the sign-in library notes in the session when a passkey was shown."""
    request = RequestFactory().get("/")
    request.session = client.session
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("allauth.account.internal.flows.login.time.time", lambda: at)
        sign_in.record_authentication(request, person.account, "mfa", type="webauthn", id=1, reauthenticated=True)
    request.session.save()


def test_a_passkey_shown_just_before_stands_for_the_password_of_one_signature(
    carbide: Firm, seen_by: Callable[[Employee], Client], complaint_of: Callable[..., Complaint]
) -> None:
    complaint = complaint_of(carbide)
    proposed(carbide, complaint)
    client = seen_by(carbide["quality_manager"])
    address = f"/r/complaints/{complaint.pk}/do/sign/"
    said = {"decision": "agreed", "opinion": "同意", "version": complaint.version}

    assert client.post(address, said).status_code == 422
    show_passkey(client, carbide["quality_manager"], clock.now().timestamp() - 500)
    assert client.post(address, said).status_code == 422
    show_passkey(client, carbide["quality_manager"], clock.now().timestamp() - 5)
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer

    signature = Signature.objects.get(record=complaint, employee=carbide["quality_manager"])
    assert signature.method == "passkey"
    assert client.session["passkey_spent_at"] > 0
