"""A firm of one's own is set up from an empty installation: one command, then the pages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import translation

from luyue.complaints.models import Complaint
from luyue.organization.models import Account, Company, Employee, Position
from luyue.parties.models import Party
from luyue.rulebook.models import Edition
from luyue.site.companies import company

OWN = "huaxing-2026-own-words"
ASKED = {
    "--name": "华兴工具有限公司",
    "--code": "huaxing",
    "--like": "garment-after-sales",
    "--administrator": "li",
    "--administrator-name": "李静",
}


def create(**said: str) -> Result:
    answers = {**ASKED, **{f"--{name.replace('_', '-')}": value for name, value in said.items()}}
    with translation.override("en"):
        return CliRunner().invoke(company, ["create", "--json", *(word for pair in answers.items() for word in pair)])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"code": "Hua Xing"}, "small letters, digits and hyphens"),
        ({"like": "nothing-like-it"}, "there is no example nothing-like-it"),
    ],
)
def test_a_company_that_cannot_be_founded_is_refused_with_the_reason(
    db: None, said: dict[str, str], reason: str
) -> None:
    done = create(**said)

    assert (done.exit_code, reason in done.output) == (2, True)
    assert not Company.objects.exists()


def test_a_code_is_given_to_one_company_only(db: None) -> None:
    assert create().exit_code == 0

    done = create(administrator="wang", name="另一家")

    assert (done.exit_code, "already a company" in done.output) == (1, True)
    assert Account.objects.count() == 1


def test_whoever_comes_first_is_told_how_to_begin(client: Client, db: None) -> None:
    before = client.get("/account/sign-in/").content.decode()
    create()
    after = client.get("/account/sign-in/").content.decode()

    assert "luyue company create" in before
    assert "luyue company create" not in after


def test_what_was_asked_for_at_the_terminal_is_enough(db: None) -> None:
    answers = "\n".join([ASKED["--name"], "huaxing", "brush", "li", "李静", ""])

    done = CliRunner().invoke(company, ["create"], input=answers)

    assert done.exit_code == 0, done.output
    assert Company.objects.get(code="huaxing").departments.count() == 8


def test_a_new_firm_is_set_up_through_the_pages_until_its_first_complaint(client: Client, db: None) -> None:
    first = json.loads(create().output)
    firm = Company.objects.get(code="huaxing")

    client.post("/account/sign-in/", {"login": first["user_name"], "password": first["password"]})
    change = {"oldpassword": first["password"], "password1": OWN, "password2": OWN}
    assert client.post("/account/password/", change).headers["Location"] == "/account/"
    li = Employee.objects.get(company=firm)
    for position in Position.objects.filter(company=firm):
        client.post(
            f"/organization/employees/{li.pk}/positions/", {"position": position.pk, "since": li.joined_on.isoformat()}
        )
    (draft,) = Edition.objects.filter(company=firm)
    for meaning in ("prepared", "approved"):
        client.post(f"/procedures/drafts/{draft.pk}/sign/", {"meaning": meaning, "password": OWN})
    client.post(f"/procedures/drafts/{draft.pk}/publish/")
    draft.refresh_from_db()
    assert draft.status == "published"
    client.post("/customers/new/", {"name": "东风商场", "role": "customer", "market": "domestic"})
    party = Party.objects.get(company=firm)
    said = {
        "party": party.name,
        "channel": "phone",
        "written": "no",
        "kind": "complaint",
        "topic": "product",
        "contact_name": "周工",
        "what_happened": "袖口脱线",
    }
    answer = client.post("/r/complaints/new/", said)

    complaint = Complaint.objects.get(company=firm)
    assert answer.headers["Location"] == f"/r/complaints/{complaint.pk}/"
    assert complaint.obligations.exists()
