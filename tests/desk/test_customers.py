from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from luyue.organization.models import Employee
from tests.firms import Firm

SeenBy = Callable[[Employee], Client]


def test_customers_of_one_name_are_all_found_page_by_page(
    carbide: Firm, seen_by: SeenBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luyue.customers.pages.SHOWN", 2)
    numbers = [carbide.customer("A&B #1 工具").number for _ in range(5)]
    client = seen_by(carbide["sales_officer"])

    pages, address = [], "/customers/?q=A%26B"
    while address:
        page = client.get(address)
        pages.append([cells[0] for _url, cells in page.context["lines"]])
        older = page.context["pager"].older_url
        address = f"/customers/{older}" if older else ""

    assert pages == [numbers[:2], numbers[2:4], numbers[4:]]


def test_the_tabs_of_a_search_look_for_the_same_words(carbide: Firm, seen_by: SeenBy) -> None:
    client = seen_by(carbide["sales_officer"])

    found = client.get("/search/", {"q": "A&B #1"})

    assert [client.get(tab.url).context["words"] for tab in found.context["tabs"]] == ["A&B #1"] * 3
