"""The design pages: every part in both themes and three languages, wide and on a phone, with nothing to complain of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from luyue.desk.design import ADDRESSES, STATUSES
from tests.browser.conftest import Complaints, faults_of_access

WIDE, PHONE = (1440, 900), (390, 844)
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
PAGES = tuple(name for name in ADDRESSES if name != "palette")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def design(live_server: LiveServer, page: Page, complaints: Complaints) -> Design:
    return Design(live_server.url, page, complaints)


class Design:
    """Walks over the design pages as one reader."""

    def __init__(self, address: str, page: Page, complaints: Complaints) -> None:
        self.address, self.page, self.complaints = address, page, complaints

    def read_in(self, language: str) -> None:
        cookie = {"name": "django_language", "value": language, "url": self.address}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self, name: str = "") -> Page:
        self.page.goto(f"{self.address}/design/{name}" if name else f"{self.address}/design")
        if name in STATUSES:
            self.complaints.expect(str(STATUSES[name]))
        return self.page


def runs_over(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        (WIDE, "light", "zh-hans"),
        (WIDE, "dark", "en"),
        (PHONE, "light", "zh-hant"),
        (PHONE, "dark", "zh-hans"),
    ],
    ids=["wide-light", "wide-dark", "phone-light", "phone-dark"],
)
def test_nothing_keeps_anybody_out(design: Design, size: tuple[int, int], theme: str, language: str) -> None:
    design.read_in(language)
    design.page.set_viewport_size({"width": size[0], "height": size[1]})
    design.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}

    for name in ("", *PAGES):
        page = design.open(name)
        expect(page.locator("html")).to_have_attribute("lang", TAGS[language])
        too_wide = [f"runs over by {runs_over(page)} px"] if runs_over(page) > 0 else []
        # The page of parts shows each part once in each theme, so its landmarks are there twice.
        twice = [] if name else ["landmark-unique"]
        found[name] = faults_of_access(page, except_for=twice) + too_wide

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_question_mark_shows_the_keys(design: Design) -> None:
    page = design.open("register")

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_a_list_is_walked_by_keys_and_ticked(design: Design) -> None:
    page = design.open("register")
    bar = page.locator(".bulk-bar")
    expect(bar).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("tr.marked .cell-number")).to_have_text("TS-2026-0411")
    expect(bar).to_be_visible()
    expect(bar.locator("[data-ticked]")).to_have_text("1")


def test_a_step_opens_in_a_dialog_and_gives_the_focus_back(design: Design) -> None:
    page = design.open("record")
    step = page.locator("[data-main-step]")

    step.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    assert faults_of_access(page) == []
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(step).to_be_focused()


def test_what_was_typed_survives_leaving_the_form(design: Design) -> None:
    page = design.open("action")
    page.on("dialog", lambda question: question.accept())
    page.get_by_label("处理说明").fill("换货 12 台")

    design.open("record")
    design.open("action")

    expect(page.get_by_label("处理说明")).to_have_value("换货 12 台")
    expect(page.locator("[data-draft-note]")).to_be_visible()


def test_the_navigation_of_a_phone_opens_and_closes(design: Design) -> None:
    design.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page = design.open("my-work")
    rail = page.locator("#rail")
    expect(rail).to_be_hidden()

    page.locator(".bottom-bar button").click()
    expect(rail).to_be_visible()
    page.keyboard.press("Escape")

    expect(rail).to_be_hidden()


def test_a_form_is_a_page_of_its_own_without_scripts(live_server: LiveServer, browser: Browser) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/design/record")

    page.locator("[data-main-step]").click()

    expect(page.locator("main form.action textarea")).to_be_visible()
    context.close()


def test_a_dead_line_shows_a_page_of_ours(design: Design) -> None:
    page = design.open("record")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()

    page.context.set_offline(True)
    page.goto(f"{design.address}/design/register")

    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    page.context.set_offline(False)
    design.complaints.expect("ERR_INTERNET_DISCONNECTED")


def test_what_could_not_be_sent_says_so_and_stays(design: Design) -> None:
    page = design.open("action")
    page.get_by_label("处理说明").fill("换货 12 台")

    page.context.set_offline(True)
    page.get_by_role("button", name="提交会签").click()

    expect(page.locator("[data-unsent]")).to_be_visible()
    expect(page.get_by_label("处理说明")).to_have_value("换货 12 台")
    page.context.set_offline(False)
    design.complaints.expect("ERR_INTERNET_DISCONNECTED")


@pytest.mark.skipif("LUYUE_PICTURES" not in os.environ, reason="pictures are taken when LUYUE_PICTURES names a folder")
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", TAGS)
def test_pictures_of_all_pages(design: Design, language: str, theme: str, size: tuple[int, int]) -> None:
    folder = Path(os.environ["LUYUE_PICTURES"])
    design.read_in(language)
    design.page.set_viewport_size({"width": size[0], "height": size[1]})
    design.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")

    for name in ("", *PAGES):
        page = design.open(name)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name or 'parts'}-{size[0]}-{language}-{theme}.png", full_page=True)
