"""A clause that no computer carries out yet says so on the page of its procedure, and is never green."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from luyue.organization.models import Employee
from tests.house import carbide_with

SeenBy = Callable[[Employee], Client]


def test_targets_and_checks_of_papers_are_grey_and_said_to_be_not_run(db: None, seen_by: SeenBy) -> None:
    firm = carbide_with(
        {"target": {"figure": "answered_in_time", "at_least": 95}},
        {"retention": {"record": "complaint", "years": 3, "checked": "year"}},
    )
    english = {"accept-language": "en"}
    client = seen_by(firm["deputy_gm"])

    procedure = client.get("/procedures/HOUSE-01/", headers=english)
    conformity = client.get("/conformity/?procedure=HOUSE-01", headers=english)

    target, retention = procedure.context["clauses"]
    assert (list(target.controls), len(target.controls_not_run)) == ([], 1)
    assert (len(retention.controls), list(retention.parts_not_run)) == (1, ["nobody is reminded to check what is kept"])
    assert procedure.content.decode().count("data-not-run") == 2
    clause = conformity.context["clauses"][0]
    assert (clause.remark, clause.conformity) == ("not run yet", None)
