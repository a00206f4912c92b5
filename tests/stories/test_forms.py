"""The paper forms of complaints and corrective actions: what is on record stands on them, in the order of the paper."""

from __future__ import annotations

import pytest
from django.utils import translation

from luyue.complaints import actions as a
from luyue.desk.printing import PrintedForm, render_form
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale, printed_form

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


def filled(form: PrintedForm) -> dict[str, str]:
    """What stands on the sheet by the label of its box; the sheet can be printed."""
    assert render_form(form).startswith(b"%PDF-")
    return {field.label: field.value for field in form.fields}


def signed(form: PrintedForm) -> dict[str, str]:
    return {box.meaning: box.name for box in form.signatures}


def test_the_handling_form_of_the_carbide_works_is_filled_in_from_the_record(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY, remedy="exchange").comes_to("ask_satisfaction", MONDAY)
    form = printed_form(tale, "GJ-YX-05-01", "sales_officer", TUESDAY)
    sheet = filled(form)

    assert [label for label, value in sheet.items() if not value] == []
    assert sheet["调查情况"].count("\n") == 1
    assert signed(form) == {
        "填单": "业务员",
        "质量管理部": "质量管理部主管",
        "生产管理部": "生产管理部主管",
        "批准": "营销部主管",
    }
    assert form.copies == "质量管理部、生产管理部、营销部"


def test_what_a_customer_suggests_stands_in_the_service_record_and_a_complaint_does_not(carbide: Firm) -> None:
    suggestion, complaint = Tale(carbide, MONDAY, kind="suggestion"), Tale(carbide, MONDAY)
    suggestion.then(TUESDAY, "after_sales_clerk", a.give_first_answer)

    record = printed_form(suggestion, "GJ-YX-05-04", "sales_officer", TUESDAY)

    assert filled(record)["投诉内容"] == "使用中发现异常"
    assert signed(record)["答复"] == "售后专员"
    assert "GJ-YX-05-04" not in complaint.prints("sales_officer", MONDAY)


def test_an_action_sheet_shows_each_measure_with_who_by_when_and_what_proves_it(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY).comes_to("determine_responsibility", MONDAY)
    improvement = tale.raises_improvement(TUESDAY, "quality_manager", "production_manager")
    improvement.comes_to("verify_effect", "2026-03-04 10:00")

    sheet = filled(printed_form(improvement, "GJ-YX-05-02", "quality_manager", "2026-03-09 10:00"))

    assert all(
        part in sheet["措施"] for part in ("更换热电偶并缩短校验周期", "生产管理部主管", "2026-04-01", "校验记录")
    )


def test_the_register_of_the_brush_works_shows_who_registered_judged_and_closed(brush: Firm) -> None:
    tale = Tale(brush, MONDAY, responsibility="not_ours").comes_to("close", MONDAY)

    form = printed_form(tale, "MH-QM-03-01", "order_clerk", TUESDAY)

    assert signed(form) == {"登记": "业务跟单员", "品管": "品管经理", "结案": "业务经理"}


def test_a_liaison_slip_says_to_whom_it_goes(mining: Firm) -> None:
    tale = Tale(mining, MONDAY, severity="serious").then(MONDAY, "salesperson", a.classify, a.fill_in_liaison_slip)

    slip = printed_form(tale, "YH-CX-07-02", "salesperson", MONDAY)

    assert filled(slip)["信息联络单"] == "客户口头反映异常"
    assert slip.copies == "质检科、技术科、公司领导"


def test_the_processing_form_of_the_cement_works_bears_the_handlers_and_the_departments_signatures(
    cement: Firm,
) -> None:
    tale = Tale(cement, MONDAY, "complaint_officer", severity="serious").comes_to("carry_out", MONDAY)

    form = printed_form(tale, "YS-SC-02-02", "complaint_officer", "2026-03-09 10:00")

    assert filled(form)["处理方案"] == "书面说明"
    assert all(signed(form).values()), signed(form)
    assert list(signed(form))[-1] == "处理人"


def test_the_after_sales_file_names_samples_findings_and_papers(cement: Firm) -> None:
    tale = Tale(cement, MONDAY, on_site_needed=True).comes_to("determine_responsibility", MONDAY)

    sheet = filled(printed_form(tale, "YS-SC-02-03", "service_engineer", TUESDAY))

    assert sheet["样品编号"] == "S1"
    assert "现场见异常" in sheet["调查情况"]
    assert sheet["附件"].startswith("现场数据 现场数据.pdf ")


def test_we_show_the_customer_our_appraisal_with_the_papers_it_rests_on(cement: Firm) -> None:
    tale = Tale(cement, MONDAY, responsibility="not_ours").comes_to("classify", MONDAY)
    tale.then(MONDAY, "inspector", a.record_inspection, papers=["inspection_report"])
    tale.comes_to("determine_responsibility", MONDAY)

    sheet = filled(printed_form(tale, "YS-SC-02-04", "service_engineer", TUESDAY))

    assert sheet["检验结果"] == "不合格"
    assert "inspection_report" in sheet["附件"]


@pytest.mark.parametrize(
    ("procedure", "code", "title"),
    [
        ("consumer-after-sales", "FB-SH-03-01", "来电来信来访登记表"),
        ("engineering-after-sales", "FB-SH-02-01", "售后服务电话、信函登记"),
        ("electric-vehicle-service", "FB-DC-01-01", "来电来访登记表"),
        ("garment-after-sales", "FB-FZ-01-01", "售后服务申请"),
        ("follow-up-calls", "FB-GZ-01-01", "电话登记表"),
        ("service-and-satisfaction", "FB-MY-01-01", "顾客服务登记表"),
    ],
)
def test_every_register_of_the_library_is_printed_from_the_first_call_on(
    adopting: FirmOf, procedure: str, code: str, title: str
) -> None:
    firm = adopting(procedure)
    tale = Tale(firm, MONDAY)

    form = printed_form(tale, code, next(iter(firm.people)), MONDAY)

    assert form.title == title
    assert filled(form)["投诉内容"] == "使用中发现异常"


def test_no_form_shows_a_customer_what_has_not_been_decided(
    carbide: Firm, cement: Firm, mining: Firm, brush: Firm, scale: Firm
) -> None:
    for firm in (carbide, cement, mining, brush, scale):
        tale = Tale(firm, MONDAY, remedy="exchange", subject="other").comes_to("propose_remedy", MONDAY)
        who = next(iter(firm.people))
        before = {code for code in tale.prints(who, TUESDAY) if "答复" in printed_form(tale, code, who, TUESDAY).title}
        tale.comes_to("decide_remedy", TUESDAY)
        after = {
            code
            for code in tale.prints(who, "2026-03-09 10:00")
            if "答复" in printed_form(tale, code, who, "2026-03-09 10:00").title
        }

        assert (before, len(after)) == (set(), 1), firm.company
