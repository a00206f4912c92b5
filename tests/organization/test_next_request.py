"""What a request knows of its person is asked anew each time: nothing of it may be kept from the one before."""

from __future__ import annotations

from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from luyue.organization.staff import appoint_deputy, give_position, leave
from tests.organization.companies import MORNING, Workforce, signed_in

JANUARY = date(2026, 1, 1)


def positions_of(client: Client) -> frozenset[str]:
    authority = client.get("/account/").wsgi_request.authority  # type: ignore[attr-defined]
    return frozenset(authority.positions)


def test_whoever_has_left_is_refused_at_the_next_request(works: Workforce) -> None:
    li = works.hire("li")
    client = signed_in(li)
    assert client.get("/procedures/").status_code == 200

    leave(li, by=works.admin, at=timezone.now(), on=timezone.localdate() - timedelta(days=1))

    assert client.get("/procedures/").status_code == 403


def test_a_position_is_held_from_the_next_request_on(works: Workforce) -> None:
    li = works.hire("li")
    client = signed_in(li)
    assert positions_of(client) == frozenset()

    give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=JANUARY)

    assert positions_of(client) == {"clerk"}


def test_a_deputy_acts_from_the_next_request_on(works: Workforce) -> None:
    li, wang = works.hire("li"), works.hire("wang")
    give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=JANUARY)
    client = signed_in(wang)
    assert positions_of(client) == frozenset()

    today = timezone.localdate()
    appoint_deputy(li, wang, by=li, at=timezone.now(), since=today, until=today)

    assert positions_of(client) == {"clerk"}
