"""Publishing an edition that takes running promises with it: what the page lists, and who confirms it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from luyue.organization.models import Employee
from luyue.records.rules import binding_for
from tests.firms import Firm
from tests.house import carbide_with
from tests.records.test_moving import MONDAY, ROLES, TUESDAY, edition, limit
from tests.stories.telling import Tale

SeenBy = Callable[[Employee], Client]


@pytest.fixture
def firm(db: None) -> Firm:
    return carbide_with(limit("10d"), ROLES)


def test_the_list_names_only_records_that_one_may_see_and_is_confirmed_by_a_signer(firm: Firm, seen_by: SeenBy) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, limit("5d"))
    page = f"/procedures/editions/{later.pk}/moves/"
    signer, stranger = seen_by(firm["deputy_gm"]), seen_by(firm["archivist"])
    with firm.at(TUESDAY):
        to_signer, to_stranger = signer.get(page), stranger.get(page)
        stranger.post(page, {"listed": to_stranger.context["moves_listed"]})
        untouched = tale.owed("report")
        confirmed = signer.post(page, {"listed": to_signer.context["moves_listed"]}, follow=True)

    assert tale.record.number in to_signer.content.decode()
    assert "2026-03-13 00:00" in to_signer.content.decode() or "24:00" in to_signer.content.decode()
    assert tale.record.number not in to_stranger.content.decode()
    assert untouched == {"position:sales_officer": "2026-03-13 00:00 running"}
    assert confirmed.context["moves"] == []
    assert tale.owed("report") == {"position:sales_officer": "2026-03-10 00:00 running"}


def test_an_edition_that_takes_nothing_with_it_has_no_such_page(firm: Firm, seen_by: SeenBy) -> None:
    Tale(firm, MONDAY)
    later = edition(firm, limit("5d"), migrates=())

    with firm.at(TUESDAY):
        answer = seen_by(firm["deputy_gm"]).get(f"/procedures/editions/{later.pk}/moves/")

    assert answer.status_code == 404
    with firm.at(TUESDAY):
        assert binding_for(firm.company, firm.today()).moved == []


def test_the_record_and_the_clock_of_a_moved_promise_are_read_as_before(firm: Firm, seen_by: SeenBy) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, limit("5d"))
    page = f"/procedures/editions/{later.pk}/moves/"
    with firm.at(TUESDAY):
        signer = seen_by(firm["deputy_gm"])
        signer.post(page, {"listed": signer.get(page).context["moves_listed"]})
        shown = signer.get(f"/r/complaints/{tale.record.pk}/")
        document = signer.get("/procedures/HOUSE-01/")
        clock = signer.get(f"/clocks/{firm.owed(tale.record, 'report').pk}/")

    assert shown.status_code == clock.status_code == 200
    assert page in document.content.decode()
    assert f"?edition={later.pk}#" in clock.content.decode()
