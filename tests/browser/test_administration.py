"""Signing in with password and passkey, and the pages of administration, as a browser shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from luyue.organization.staff import appoint_deputy, give_position
from tests.browser.conftest import Complaints, faults_of_access
from tests.organization.companies import MORNING, PASSWORD, TODAY, Workforce

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = (1440, 900), (390, 844)


@pytest.fixture
def works(transactional_db: None) -> Workforce:
    """A company with two departments, some positions, and somebody who is away."""
    cache.clear()
    works = Workforce("hengtai", "恒泰硬质合金")
    sales = works.department("sales", parent=works.head)
    li = works.hire("li", sales)
    give_position(li, works.position("clerk", sales), by=works.admin, at=MORNING, since=TODAY - timedelta(days=60))
    today = timezone.localdate()
    appoint_deputy(li, works.admin, by=li, at=timezone.now(), since=today, until=today + timedelta(days=3))
    return works


def sign_in(page: Page, address: str, works: Workforce) -> None:
    page.goto(f"{address}/account/sign-in/?next=/account/")
    page.fill("[name=login]", works.admin.account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form .btn-primary")
    expect(page).to_have_url(f"{address}/account/")


def test_who_has_added_a_passkey_signs_in_without_a_password(
    works: Workforce, live_server: LiveServer, page: Page, complaints: Complaints
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    finger = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": finger})
    sign_in(page, live_server.url, works)

    page.goto(f"{live_server.url}/account/two-step/webauthn/add/")
    if "/account/confirm/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("form .btn-primary")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    expect(page).to_have_url(f"{live_server.url}/account/two-step/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{live_server.url}/account/sign-out/")
    page.click("form .btn-primary")
    page.goto(f"{live_server.url}/account/sign-in/")
    page.click("#passkey_login")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/")

    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.url}/account/")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_of_administration_can_be_read_by_everybody(
    works: Workforce, live_server: LiveServer, page: Page, complaints: Complaints, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    faults: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(live_server.url + path)
        found = faults_of_access(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wider than the window")
        if found:
            faults[path] = found

    look("/account/sign-in/")
    sign_in(page, live_server.url, works)
    li = works.company.employees.get(name="Li")
    department, position = works.company.departments.first(), works.company.positions.first()
    for path in (
        "/organization/",
        "/organization/departments/",
        "/organization/departments/add/",
        f"/organization/departments/{department.pk}/",
        "/organization/positions/",
        f"/organization/positions/{position.pk}/",
        "/organization/employees/",
        "/organization/employees/add/",
        f"/organization/employees/{li.pk}/",
        "/organization/deputies/",
        "/organization/calendar/?month=2026-10",
        "/account/",
        "/account/absences/",
        "/account/password/",
        "/account/two-step/",
        "/account/sign-out/",
    ):
        look(path)

    assert faults == {}
