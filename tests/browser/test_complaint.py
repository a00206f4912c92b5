"""A complaint as the people of the carbide works meet it, from the telephone to the printed form."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

import luyue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import (
    CauseClass,
    Channel,
    Complaint,
    InspectionResult,
    Remedy,
    Responsibility,
    Severity,
    Subject,
)
from luyue.parties.models import Contact
from luyue.records.general import ACKNOWLEDGE
from luyue.rulebook.loading import read_profile
from tests.browser.conftest import Complaints, faults_of_access
from tests.firms import PASSWORD, Firm

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"
PHONE = {"width": 390, "height": 844}

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[str], Page]


@pytest.fixture
def carbide(transactional_db: None) -> Firm:
    firm = Firm(read_profile(RULEBOOKS / "carbide"))
    firm.customer("华东工具厂")
    return firm


@pytest.fixture
def sign_in(carbide: Firm, live_server: LiveServer, page: Page, complaints: Complaints) -> SignIn:
    def sign_in(position: str) -> Page:
        page.goto(f"{live_server.url}/")
        page.get_by_label("用户名或邮箱").fill(f"{carbide.company.code}.{position}")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator("#content h1")).to_have_text("工作台")
        return page

    return sign_in


def register_a_complaint(page: Page) -> None:
    """By telephone: what must be there is filled in, and the form is sent from the dialog."""
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    expect(form).to_be_visible()
    said = {
        "party": "K1",
        "contact_name": "周志强",
        "contact_phone": "138 0013 8000",
        "product_name": "硬质合金棒材",
        "specification": "D10×330",
        "batch": "20260115-B",
        "quantity": "12",
        "delivered_on": "2026-02-11",
        "what_happened": "到货后发现两支棒材有裂纹。",
        "demand": "换货",
        "complaint_reason": "裂纹",
    }
    for name, value in said.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button.btn-primary").click()


def test_what_is_missing_is_said_in_the_form_and_nothing_typed_is_lost(sign_in: SignIn, complaints: Complaints) -> None:
    page = sign_in("after_sales_clerk")
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    form.locator("[name=what_happened]").fill("到货后发现两支棒材有裂纹。")

    form.locator("button.btn-primary").click()

    expect(form.locator("[name=party]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=what_happened]")).to_have_value("到货后发现两支棒材有裂纹。")
    assert faults_of_access(page) == []
    complaints.expect("422")


def test_files_stay_with_the_form_when_something_is_missing(sign_in: SignIn, complaints: Complaints) -> None:
    page = sign_in("after_sales_clerk")
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    for name in ("裂纹一.png", "裂纹二.png"):
        form.locator("input[type=file]").set_input_files(
            files=[{"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + name.encode()}]
        )
    form.get_by_role("button", name="移除 裂纹一.png").click()

    form.locator("button.btn-primary").click()

    expect(form.locator("[name=party]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator(".file-list [data-name]")).to_have_text(["裂纹二.png"])
    assert form.locator("input[type=file]").evaluate("field => field.files.length") == 1
    complaints.expect("422")


def test_a_chosen_customer_brings_its_contact_but_nothing_that_was_typed_is_overwritten(
    sign_in: SignIn, carbide: Firm
) -> None:
    for name, person in (("华北钻具厂", "李工"), ("华南模具厂", "王工")):
        party = carbide.customer(name)
        Contact.objects.create(company=carbide.company, party=party, name=person, phone=f"000-{party.number}")
    page = sign_in("after_sales_clerk")
    page.locator("[data-main-step]").click()
    form = page.locator("#dialog form.action")
    party, contact, phone = (form.locator(f"[name={name}]") for name in ("party", "contact_name", "contact_phone"))

    party.fill("华北钻具厂")
    party.press("Tab")
    expect(contact).to_have_value("李工")
    party.fill("华南模具厂")
    party.press("Tab")
    expect(contact).to_have_value("王工")
    contact.fill("赵工")
    party.fill("华北钻具厂")
    party.press("Tab")

    expect(form.locator("[data-known]").first).to_contain_text("没有未结单据")
    expect(contact).to_have_value("赵工")
    expect(phone).to_have_value("000-K3")


def test_a_complaint_taken_by_telephone_stands_in_the_register_and_in_the_work(
    sign_in: SignIn, live_server: LiveServer
) -> None:
    page = sign_in("after_sales_clerk")

    register_a_complaint(page)

    expect(page.locator("#content h1")).to_contain_text("TS")
    expect(page.locator(".notices")).to_be_visible()
    assert faults_of_access(page) == []
    number = page.locator("#content h1 .num").inner_text()
    page.goto(f"{live_server.url}/r/complaints/")
    expect(page.locator("tbody .row-link")).to_have_text([number])
    assert faults_of_access(page) == []
    page.goto(f"{live_server.url}/")
    expect(page.locator(".duty").first).to_contain_text(number)
    assert faults_of_access(page) == []


def test_a_step_is_taken_without_leaving_the_list_of_work(sign_in: SignIn, live_server: LiveServer) -> None:
    page = sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")
    page.goto(f"{live_server.url}/")
    step = page.locator(".duty-step a[href*='/do/classify/']")

    step.click()
    form = page.locator("#dialog form.action")
    for name, value in {"cause_class": "quality", "subject": "product_function", "severity": "minor"}.items():
        form.locator(f"[name={name}]").select_option(value)
    form.locator("button.btn-primary").click()

    expect(page.locator(".notices")).to_be_visible()
    expect(page.locator("#content h1")).to_have_text("工作台")
    expect(step).to_have_count(0)


def test_a_comment_appears_in_the_history_without_a_jump(sign_in: SignIn) -> None:
    page = sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")

    page.locator("[data-comment]").fill("已电话联系客户。")
    page.get_by_role("button", name="留言").click()

    expect(page.locator(".history-comment").first).to_have_text("已电话联系客户。")
    expect(page.locator("[data-comment]")).to_have_value("")


def test_a_colleague_is_offered_while_one_writes_a_comment(sign_in: SignIn, carbide: Firm) -> None:
    page = sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")
    name = carbide["quality_manager"].name

    page.locator("[data-comment]").press_sequentially(f"请@{name[:2]}")
    expect(page.locator("[data-mentions] [role=option]").first).to_be_visible()
    assert faults_of_access(page) == []
    page.get_by_role("option", name=name).click()

    expect(page.locator("[data-comment]")).to_have_value(f"请@{name} ")


def test_the_palette_finds_a_record_and_opens_it_by_keys_alone(sign_in: SignIn) -> None:
    page = sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")
    address = page.url
    page.locator(".rail-list a").first.click()
    expect(page.locator("#content h1")).to_have_text("工作台")

    page.keyboard.press("Control+k")
    page.keyboard.type("裂纹")
    expect(page.locator("#palette [role=option]").first).to_contain_text("TS")
    assert faults_of_access(page) == []
    page.keyboard.press("Enter")

    expect(page).to_have_url(address)


def test_one_click_explains_a_clock(sign_in: SignIn) -> None:
    page = sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")

    page.locator("[data-part=clocks] a.clock").first.click()

    expect(page.locator(".segments-table tr[data-kind=result]")).to_have_count(1)
    assert faults_of_access(page) == []


def test_the_record_is_read_and_printed_on_a_phone(sign_in: SignIn, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert faults_of_access(page) == []
    page.locator("details.more-actions summary[aria-label]").click()
    paper = page.request.get(page.locator("details.more-actions[open] a").first.evaluate("link => link.href"))
    assert paper.headers["content-type"] == "application/pdf"


def proposed(carbide: Firm) -> Complaint:
    """A complaint whose remedy waits for the heads of quality and production."""
    sales, quality = carbide["sales_officer"], carbide["quality_manager"]
    complaint = complaint_is.register(
        Complaint(),
        by=sales,
        party=carbide.customer("沪东精密刀具有限公司"),
        channel=Channel.PHONE,
        what_happened="棒材端面崩刃。",
        contact_name="周工",
        product=carbide.product(specification="YG8 φ6×330"),
        quantity=Decimal(200),
        delivered_on=date(2026, 2, 20),
        demand="换货",
        complaint_reason="来料检验发现裂纹",
    )
    complaint_is.classify(
        complaint,
        by=sales,
        cause_class=CauseClass.QUALITY,
        subject=Subject.PRODUCT_FUNCTION,
        severity=Severity.SERIOUS,
    )
    complaint_is.confirm_facts(complaint, by=sales, reasonable=True, note="照片与发货记录相符")
    for position in ("marketing_manager", "quality_manager", "production_manager"):
        ACKNOWLEDGE(complaint, by=carbide[position])
    complaint_is.record_finding(complaint, by=quality, finding="烧结曲线异常", opinion="我方责任")
    complaint_is.record_finding(complaint, by=carbide["production_manager"], finding="炉温偏高", opinion="同意")
    complaint_is.record_inspection(complaint, by=quality, inspection_result=InspectionResult.NONCONFORMING)
    complaint_is.determine_responsibility(
        complaint,
        by=quality,
        cause="烧结炉温偏高",
        responsibility=Responsibility.OURS,
        responsible_department=carbide["production_manager"].department,
    )
    complaint_is.propose_remedy(
        complaint, by=sales, remedy=Remedy.EXCHANGE, remedy_detail="换货 200 支", settlement=Decimal(800)
    )
    return complaint


def test_a_head_signs_on_a_phone_between_two_meetings(
    carbide: Firm, sign_in: SignIn, page: Page, complaints: Complaints
) -> None:
    number = proposed(carbide).number
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in("quality_manager")
    duty = page.locator(".duty", has_text=number).filter(has=page.locator("a[href*='/do/sign/']"))

    duty.locator(".duty-step a").click()
    form = page.locator("#dialog form.action")
    expect(form).to_contain_text("换货 200 支")
    assert faults_of_access(page) == []
    form.locator("[name=opinion]").fill("同意换货")
    form.locator("[name=password]").fill("wrong")
    form.locator("button.btn-primary").click()
    expect(form.locator(".form-errors:visible, [aria-invalid=true]").first).to_be_visible()
    expect(form.locator("[name=opinion]")).to_have_value("同意换货")
    complaints.expect("422")
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button.btn-primary").click()

    expect(page.locator(".notices")).to_be_visible()
    expect(page.locator("#content h1")).to_have_text("工作台")
    expect(duty).to_have_count(0)


@pytest.mark.parametrize("address", ["/procedures/", "/procedures/GJ-YX-05/", "/conformity/", "/search/?q=裂纹"])
def test_the_pages_of_rules_keep_nobody_out(sign_in: SignIn, live_server: LiveServer, address: str) -> None:
    page = sign_in("after_sales_clerk")

    page.goto(f"{live_server.url}{address}")

    assert faults_of_access(page) == []


@pytest.mark.skipif("LUYUE_PICTURES" not in os.environ, reason="pictures are taken when LUYUE_PICTURES names a folder")
@pytest.mark.parametrize("width", [1440, 390])
def test_pictures_of_a_complaint(sign_in: SignIn, live_server: LiveServer, page: Page, width: int) -> None:
    folder = Path(os.environ["LUYUE_PICTURES"])
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("after_sales_clerk")
    register_a_complaint(page)
    expect(page.locator("#content h1")).to_contain_text("TS")
    page.screenshot(path=folder / f"record-{width}.png", full_page=True)
    for name, address in {"my-work": "/", "register": "/r/complaints/", "conformity": "/conformity/"}.items():
        page.goto(f"{live_server.url}{address}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
