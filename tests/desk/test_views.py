"""Views that one keeps of a register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from luyue.desk.models import SavedView
from luyue.organization.models import Employee
from tests.firms import Firm

SeenBy = Callable[[Employee], Client]
KEEP = "/r/complaints/views/"


@pytest.fixture
def officer(carbide: Firm, seen_by: SeenBy) -> Client:
    return seen_by(carbide["sales_officer"])


def keep(client: Client, query: str, name: str, **more: str) -> Any:
    return client.post(f"{KEEP}?{query}", {"name": name, **more})


def kept() -> list[tuple[str, str, bool]]:
    return list(SavedView.objects.order_by("name").values_list("name", "query", "is_shared"))


def test_a_view_of_an_existing_name_is_overwritten_only_when_one_says_so(officer: Client) -> None:
    keep(officer, "view=open", "急件")

    refused = keep(officer, "view=overdue", "急件", submission="a")
    overwritten = keep(officer, "view=overdue", "急件", submission="a", overwrite="yes")

    assert (refused.status_code, overwritten.status_code) == (422, 302)
    assert 'name="overwrite"' in refused.content.decode()
    assert kept() == [("急件", "view=overdue", False)]
    assert overwritten["Location"] == f"/r/complaints/?view=overdue&saved={SavedView.objects.get().pk}"


def test_a_view_that_was_opened_is_renamed_shared_and_unshared(officer: Client) -> None:
    keep(officer, "view=open", "急件")
    pk = SavedView.objects.get().pk

    form = officer.get(f"{KEEP}?view=open&saved={pk}").context["form"]
    keep(officer, f"view=open&severity=major&saved={pk}", "重大急件", is_shared="on")
    shared = kept()
    keep(officer, f"view=open&severity=major&saved={pk}", "重大急件")

    assert form.initial == {"name": "急件", "is_shared": False}
    assert shared == [("重大急件", "view=open&severity=major", True)]
    assert kept() == [("重大急件", "view=open&severity=major", False)]


def test_a_view_that_was_opened_can_be_kept_as_another_one(officer: Client) -> None:
    keep(officer, "view=open", "急件")
    pk = SavedView.objects.get().pk

    keep(officer, f"view=overdue&saved={pk}", "逾期", as_new="yes")

    assert kept() == [("急件", "view=open", False), ("逾期", "view=overdue", False)]


def test_a_view_renamed_onto_another_takes_its_place(officer: Client) -> None:
    keep(officer, "view=open", "甲")
    keep(officer, "view=overdue", "乙")
    pk = SavedView.objects.get(name="甲").pk

    refused = keep(officer, f"view=mine&saved={pk}", "乙")
    keep(officer, f"view=mine&saved={pk}", "乙", overwrite="yes")

    assert refused.status_code == 422
    assert kept() == [("乙", "view=mine", False)]


def test_a_colleagues_view_is_seen_when_shared_and_never_changed(
    carbide: Firm, officer: Client, seen_by: SeenBy
) -> None:
    keep(officer, "view=open", "急件", is_shared="on")
    pk = SavedView.objects.get().pk
    colleague = seen_by(carbide["quality_manager"])

    page = colleague.get(KEEP + f"?view=open&saved={pk}")
    keep(colleague, f"view=overdue&saved={pk}", "急件", is_shared="")
    taken_away = colleague.post(f"{KEEP}{pk}/delete/")

    assert "急件" in colleague.get("/r/complaints/").content.decode()
    assert (page.context["delete_url"], taken_away.status_code) == ("", 404)
    assert sorted(kept()) == sorted([("急件", "view=open", True), ("急件", "view=overdue", False)])


def test_one_takes_ones_own_view_away(officer: Client) -> None:
    keep(officer, "view=open", "急件")

    assert officer.post(f"{KEEP}{SavedView.objects.get().pk}/delete/").status_code == 302
    assert kept() == []


@pytest.mark.parametrize("name", ["", "a\0b", "a\ufffdb", "急" * 61])
def test_a_name_that_nobody_can_read_is_refused(officer: Client, name: str) -> None:
    assert keep(officer, "view=open", name).status_code == 422
    assert kept() == []


def test_a_view_of_very_many_filters_is_refused_instead_of_cut_off(officer: Client) -> None:
    assert keep(officer, "product_name=" + "x" * 2000, "长").status_code == 422
    assert kept() == []


def test_a_view_kept_by_a_double_click_is_kept_once(officer: Client) -> None:
    first, second = (keep(officer, "view=open", "急件", submission="b") for _each in range(2))

    assert (first.status_code, second["Location"]) == (302, first["Location"])
    assert len(kept()) == 1
