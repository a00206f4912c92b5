"""One complaint clicked through by everybody whom it concerns, and what happens when things go wrong meanwhile."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from luyue.complaints.models import Complaint, State
from luyue.ledger import verification
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.browser.conftest import Complaints, faults_of_access, listen_to
from tests.firms import PASSWORD, Firm

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CALL = {
    "party": "K1",
    "contact_name": "周工",
    "what_happened": "棒材端面崩刃，整批 200 支中 12 支有裂纹。",
    "product_name": "硬质合金棒材",
    "specification": "YG8 φ6×330",
    "quantity": "200",
    "delivered_on": "2026-02-20",
    "demand": "换货",
    "complaint_reason": "来料检验发现裂纹",
}
LETTER = {"name": "复函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
SIGNED = {"decision": "agreed", "opinion": "同意换货", "password": PASSWORD}
STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("after_sales_clerk", "give_first_answer", {"first_answer": "已收到，明日上午答复", "channel": "phone"}),
    (
        "after_sales_clerk",
        "classify",
        {"cause_class": "quality", "subject": "product_function", "severity": "serious"},
    ),
    ("after_sales_clerk", "confirm_facts", {"reasonable": "yes", "note": "照片与发货记录相符"}),
    ("quality_manager", "acknowledge", {}),
    ("production_manager", "acknowledge", {}),
    ("quality_manager", "record_finding", {"finding": "烧结曲线异常", "opinion": "我方责任"}),
    ("production_manager", "record_finding", {"finding": "当班炉温偏高", "opinion": "同意"}),
    ("quality_manager", "record_inspection", {"inspection_result": "nonconforming"}),
    (
        "quality_manager",
        "determine_responsibility",
        {"cause": "炉温偏高", "responsibility": "ours", "responsible_department": "production_management"},
    ),
    ("after_sales_clerk", "propose_remedy", {"remedy": "exchange", "remedy_detail": "换货 200 支"}),
    ("quality_manager", "sign", SIGNED),
    ("production_manager", "sign", SIGNED),
    ("after_sales_clerk", "agree_with_customer", {"customer_agrees": "yes", "how": "电话，周工"}),
    ("marketing_manager", "sign", SIGNED),
    ("marketing_manager", "decide_remedy", {}),
    (
        "after_sales_clerk",
        "tell_result",
        {"result_told": "同意换货 200 支", "files": LETTER, "file_kind": "reply_letter"},
    ),
    ("quality_manager", "inspect_returned_goods", {"goods_accepted": "yes", "note": "外观完好，可入库"}),
    ("after_sales_clerk", "carry_out", {"carried_out_detail": "已发出换货"}),
    ("after_sales_clerk", "ask_satisfaction", {"satisfied_complainant": "yes", "satisfied_respondent": "yes"}),
    (
        "quality_manager",
        "raise_improvement",
        {"problem": "炉温偏高未被发现", "responsible": "生产管理部主管 · Production management"},
    ),
]
MEASURES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "production_manager",
        "analyse_cause",
        {
            "whys": "热电偶老化\n未按期校准",
            "occurrence_cause": "热电偶未按期校准",
            "escape_cause": "出炉未抽检",
            "fishbone": "machine",
        },
    ),
    (
        "production_manager",
        "plan_action",
        {"what": "每季校准热电偶", "responsible": "生产管理部主管 · Production management", "due_on": "2026-12-31"},
    ),
]


class People:
    """Everybody has a browser of his or her own, signed in as one would."""

    def __init__(self, browser: Browser, address: str, firm: Firm, said: Complaints) -> None:
        self.browser, self.address, self.firm, self.said = browser, address, firm, said
        self.pages: dict[str, Page] = {}

    def __getitem__(self, position: str) -> Page:
        if position not in self.pages:
            self.pages[position] = self.sign_in(position)
        return self.pages[position]

    def sign_in(self, position: str, *, language: str = "en", **window: Any) -> Page:
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": WIDE, **window}
        context: BrowserContext = self.browser.new_context(**settings)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        listen_to(context, self.said)
        page = context.new_page()
        page.goto(f"{self.address}/")
        page.fill("[name=login]", f"{self.firm.company.code}.{position}")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{self.address}/")
        return page

    def open(self, position: str, path: str) -> Page:
        page = self[position]
        page.goto(self.address + path)
        return page


@pytest.fixture
def carbide(transactional_db: None) -> Firm:
    cache.clear()
    firm = Firm(read_profile(SHIPPED / "carbide"))
    firm.customer()
    return firm


@pytest.fixture
def people(carbide: Firm, browser: Browser, live_server: LiveServer) -> Iterator[People]:
    said = Complaints()
    people = People(browser, live_server.url, carbide, said)
    yield people
    for context in browser.contexts:
        context.close()
    assert list(said) == []


def fill_in(form: Locator, said: dict[str, Any]) -> None:
    for name, value in said.items():
        field = form.locator(f"[name={name}]")
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(value)


def begin(page: Page, action: str) -> Locator:
    """Click the step where the page offers it; under “More” when it is not the one next thing."""
    step = page.locator(f".record-act a[href*='/do/{action}/'], [data-part=sign-off] a[href*='/do/{action}/']").first
    if not step.is_visible():
        page.locator("details.more-actions > summary").first.click()
    step.click()
    form = page.locator("#dialog form.action")
    expect(form).to_be_visible()
    return form


def take(page: Page, action: str, said: dict[str, Any]) -> None:
    form = begin(page, action)
    fill_in(form, said)
    form.locator("button.btn-primary").click()
    expect(page.locator("#dialog"), action).to_be_hidden()
    expect(page.locator(".notices")).to_be_visible()


def register(page: Page, **said: Any) -> str:
    """By telephone, from the dialog of the work page; returns where the record then stands."""
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    fill_in(form, CALL | said)
    form.locator("button.btn-primary").click()
    page.wait_for_url("**/r/complaints/*/")
    return page.url.removesuffix("/").rpartition("/r/")[2]


def test_a_complaint_is_clicked_through_from_the_call_to_closure_and_conformity(people: People, carbide: Firm) -> None:
    place = register(people["after_sales_clerk"])

    for position, action, said in STEPS:
        take(people.open(position, f"/r/{place}/"), action, said)
    page = people.open("marketing_manager", f"/r/{place}/")
    page.locator("details.more-actions > summary").first.click()
    page.locator(".closed-actions > summary").click()
    expect(page.locator(".closed-action", has_text="10.7")).to_contain_text("Close")
    measures = page.locator("[data-part=links] a[href*='/r/improvements/']").first.get_attribute("href")
    for position, action, said in MEASURES:
        take(people.open(position, str(measures)), action, said)
    take(people.open("marketing_manager", f"/r/{place}/"), "close", {"summary": "换货完成，客户满意"})

    complaint = Complaint.objects.get()
    assert complaint.state == State.CLOSED
    assert [each.employee.name for each in complaint.signatures.order_by("signed_at")] == [
        carbide[position].name for position in ("quality_manager", "production_manager", "marketing_manager")
    ]
    assert verification.verify(carbide.company).findings == []
    whoever_keeps_the_system_finds_it_by_the_clause(people, complaint)
    who_is_not_concerned_does_not_find_it(people, complaint)


def whoever_keeps_the_system_finds_it_by_the_clause(people: People, complaint: Complaint) -> None:
    page = people.open("quality_manager", "/conformity/")
    page.locator("tr", has=page.locator(".conformity svg")).locator("a.row-link", has_text="10.3.4").click()
    page.locator("li.duty", has_text=complaint.number).locator(".duty-what a").first.click()
    expect(page.locator("#content h1")).to_contain_text(complaint.number)

    page.locator("[data-part=clocks] a.clock").first.click()
    expect(page.locator(".segments-table tr[data-kind=result]")).to_have_count(1)


def who_is_not_concerned_does_not_find_it(people: People, complaint: Complaint) -> None:
    page = people.open("finance_manager", f"/r/complaints/{complaint.pk}/")
    expect(page.locator("h1")).to_have_text("There is nothing here")
    assert complaint.title not in page.content()

    people.open("finance_manager", "/r/complaints/?view=all")
    assert complaint.number not in page.content()
    page.goto(f"{people.address}/search/?q={complaint.number}")
    assert complaint.title not in page.content()
    people.said.expect("404")


def test_the_keyboard_alone_registers_finds_and_answers(people: People) -> None:
    page = people["after_sales_clerk"]
    page.keyboard.press("a")
    form = page.locator("#dialog form.action")
    expect(form.locator("[name=party]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    place = register(page)
    register(people.open("after_sales_clerk", "/"), what_happened="刀口磨损过快")

    people.open("after_sales_clerk", "/r/complaints/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/r/{place}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("磨损")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".record-subject")).to_contain_text("刀口磨损过快")
    page.keyboard.press("c")
    page.keyboard.type("已请客户寄样")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".history-comment").first).to_have_text("已请客户寄样")


def test_without_scripts_a_complaint_is_registered_and_answered(people: People) -> None:
    page = people.sign_in("after_sales_clerk", java_script_enabled=False)

    page.locator("[data-main-step]").click()
    fill_in(page.locator("form.action"), CALL)
    page.locator("form.action button.btn-primary").click()
    expect(page.locator("#content h1")).to_contain_text("TS")
    page.locator("details.more-actions > summary").first.click()
    page.locator("a[href*='/do/give_first_answer/']").first.click()
    fill_in(page.locator("form.action"), {"first_answer": "已收到", "channel": "phone"})
    page.locator("form.action button.btn-primary").click()

    expect(page.locator(".notices")).to_contain_text("done")
    assert Complaint.objects.get().first_answer == "已收到"


def test_who_was_signed_out_meanwhile_finds_the_typed_words_again(people: People) -> None:
    page = people["after_sales_clerk"]
    register(page)
    form = begin(page, "give_first_answer")
    fill_in(form, {"first_answer": "样品请寄回本厂质检科"})
    page.context.clear_cookies(name="sessionid")

    form.locator("button.btn-primary").click()
    page.wait_for_url("**/account/sign-in/**")
    page.fill("[name=login]", "carbide.after_sales_clerk")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")

    expect(page.locator("main form.action [name=first_answer]")).to_have_value("样品请寄回本厂质检科")
    people.said.expect("403")


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, the disk of the attachments refuses every write."""

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(os, "fsync", refuse)


def test_a_full_disk_is_said_in_the_dialog_and_nothing_typed_is_lost(
    people: People, no_room: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = people["after_sales_clerk"]
    register(page)
    form = begin(page, "attach")
    photo = {"name": "断口.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + os.urandom(16)}
    fill_in(form, {"files": photo, "note": "断口照片与来函"})
    no_room()

    form.locator("button.btn-primary").click()

    expect(form.locator(".form-errors").first).to_contain_text("disk is full")
    expect(form.locator("[name=note]")).to_have_value("断口照片与来函")
    monkeypatch.undo()
    fill_in(form, {"files": photo})
    form.locator("button.btn-primary").click()
    expect(page.locator("#dialog")).to_be_hidden()
    people.said.expect("507")


def test_a_form_that_is_too_large_is_said_in_the_dialog_and_stays(people: People) -> None:
    page = people["after_sales_clerk"]
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    fill_in(form, CALL)
    form.locator("[name=demand]").evaluate("field => { field.value = '裂'.repeat(2_000_000) }")

    form.locator("button.btn-primary").click()

    expect(form.locator("[data-unsent]")).to_contain_text("at most 5 MB of text")
    expect(form.locator("[name=contact_name]")).to_have_value("周工")
    people.said.expect("413")


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [(WIDE, "light", "en"), (WIDE, "dark", "zh-hant"), (PHONE, "light", "zh-hant"), (PHONE, "dark", "en")],
    ids=["wide-light-en", "wide-dark-hant", "phone-light-hant", "phone-dark-en"],
)
def test_every_page_of_a_complaint_can_be_read_by_everybody(
    people: People, size: dict[str, int], theme: str, language: str
) -> None:
    page = people.sign_in("after_sales_clerk", language=language, viewport=size, color_scheme=theme)
    place = register(page)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[name] = faults_of_access(page) + ([f"runs over by {too_wide} px"] if too_wide > 0 else [])
        keep_picture(page, f"{name}-{size['width']}-{language}-{theme}")

    for name, path in {
        "work": "/",
        "register": "/r/complaints/",
        "record": f"/r/{place}/",
        "procedures": "/procedures/",
        "procedure": "/procedures/GJ-YX-05/",
        "conformity": "/conformity/?procedure=GJ-YX-05",
        "search": "/search/?q=裂纹",
        "form": f"/r/{place}/do/classify/",
    }.items():
        page.goto(people.address + path)
        look(name)
    page.goto(f"{people.address}/r/{place}/")
    begin(page, "classify")
    look("dialog")
    page.goto(f"{people.address}/r/{place}/")
    page.locator("[data-part=clocks] a.clock").first.click()
    page.wait_for_url("**/clocks/**")
    look("clock")

    assert {name: faults for name, faults in found.items() if faults} == {}


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("LUYUE_PICTURES"):
        page.screenshot(path=Path(folder) / f"story-{name}.png", full_page="dialog" not in name)
