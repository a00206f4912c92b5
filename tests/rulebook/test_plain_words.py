from __future__ import annotations

import pytest
from django.utils import translation

from luyue.rulebook.loading import read_document
from luyue.rulebook.plain_words import Lookups, in_plain_words
from tests.rulebook.papers import paper

CALLED = {
    "complaint.register": "登记",
    "complaint.acknowledge": "确认收到",
    "complaint.assess": "评定",
    "complaint.close": "结案",
    "quality": "品管部",
    "sales": "销售部",
    "sales_manager": "销售经理",
    "general_manager": "总经理",
    "complaint": "投诉登记表",
    "received_on": "收到日期",
    "promised_on": "承诺日期",
    "remedy": "处理方式",
    "market": "市场",
    "distance_km": "里程",
    "waiting": "等待客户",
    "overseas": "国外",
}


def called(code: str) -> str:
    return CALLED.get(code, code)


NAMES = Lookups(
    position=called,
    department=called,
    action=called,
    state=lambda record, state: called(state),
    field=lambda record, name: called(name),
    record=called,
    value=lambda record, fact, value: called(value),
    attachment=called,
)


def said(control: str, language: str) -> str:
    entry = read_document(paper(control)).clauses[0].controls[0]
    with translation.override(language):
        return in_plain_words(entry.kind, entry.control, NAMES)


REPLY = (
    "time_limit: {starts: complaint.register, stops: complaint.acknowledge, within: 24h, owner: {department: quality}"
)


@pytest.mark.parametrize(
    ("control", "chinese"),
    [
        (f"{REPLY}}}", "“登记”后，品管部须在 24 小时内办理：“确认收到”。"),
        (
            f'{REPLY}, when: {{market: [overseas], distance_km: "(300, 1000]"}}}}',
            "市场为国外且300 < 里程 ≤ 1,000时：“登记”后，品管部须在 24 小时内办理：“确认收到”。",
        ),
        (
            f"{REPLY}, pauses: [complaint.waiting], escalate: [{{at: 75%, to: {{position: sales_manager}}}},"
            " {at: 100%, to: {position: general_manager}}]}",
            "“登记”后，品管部须在 24 小时内办理：“确认收到”。处于“等待客户”状态期间停止计时。"
            "时间用去 75% 时告知销售经理。逾期时告知总经理。",
        ),
        (
            "time_limit: {since: complaint.promised_on, before: true, stops: complaint.close, within: 14d}",
            "在“承诺日期”之前，经办人须至少提前 14 天办理：“结案”。",
        ),
        (
            "time_limit: {starts: complaint.register, due: complaint.promised_on,"
            " stops: [complaint.assess, complaint.close]}",
            "“登记”后，经办人须在“承诺日期”到期前办理：“评定”或“结案”。",
        ),
        (
            "role: {actions: [complaint.assess, complaint.close],"
            " may: [{department: quality}, {position: sales_manager}]}",
            "仅限品管部、销售经理办理：“评定”、“结案”。",
        ),
        ("role: {actions: complaint.register, everyone: true}", "全体员工均可办理：“登记”。"),
        (
            "sign_off: {before: complaint.close, signers: [{department: quality}, {department: sales}],"
            " opinion: required, within: 2wd, override_by: {position: general_manager}}",
            "“结案”之前须会签：品管部、销售部。每人须在 2 个工作日内签署。须填写意见。总经理可说明理由予以特批。",
        ),
        (
            "sign_off: {before: complaint.close, mode: in_order,"
            " signers: [{position: sales_manager}, {position: general_manager}]}",
            "“结案”之前须逐级审批：销售经理 → 总经理。",
        ),
        (
            "sign_off: {before: complaint.close, mode: any, signers: [{department: quality}, {department: sales}]}",
            "“结案”之前须由下列之一签署（或签）：品管部、销售部。",
        ),
        (
            "sign_off: {before: complaint.close, same_as: complaint.assess}",
            "“结案”之前，由“评定”的原签署人签署。",
        ),
        ("cadence: {every: half-year, actions: complaint.assess}", "每半年至少一次：“评定”。"),
        (
            "cadence: {every: month, times: 3, actions: complaint.assess, per: department, of: [sales, quality]}",
            "每月至少 3 次：“评定”。下列各单位分别计算：销售部、品管部。",
        ),
        (
            "cadence: {every: year, in_month: 1, actions: complaint.assess, per: customer}",
            "每年 1 月至少一次：“评定”。每个客户分别计算。",
        ),
        (
            "prerequisite: {before: complaint.close, needs: [{action: complaint.assess}, {attachment: photo}]}",
            "“结案”之前须具备：已办理“评定”、附件“photo”。",
        ),
        ("order: {first: complaint.assess, then: complaint.close}", "先“评定”，后“结案”。"),
        (
            "separate_persons: {actions: [complaint.assess, complaint.close]}",
            "须由不同的人分别办理：“评定”、“结案”。",
        ),
        (
            "required_fields: {action: complaint.close, fields: [remedy], may_be_struck_through: true}",
            "“结案”时须填写：处理方式。空项须划去并注明理由。",
        ),
        (
            "routing: {on: complaint.register, to: [{department: quality}], acknowledge_within: 4bh}",
            "“登记”后，记录分送品管部。各接收方须在 4 个工时内确认收到。",
        ),
        (
            "notice: {on: complaint.close, customer: true, channels: [phone, letter],"
            " proved_by: complaint.acknowledge}",
            "“结案”后须告知客户（电话或信函）；以“确认收到”为证。",
        ),
        (
            'classification: {field: complaint.market, classes: [{gives: overseas, when: {distance_km: ">5000"}}]}',
            "“市场”按下列规定划分：里程 > 5,000时为国外。",
        ),
        (
            'numbering: {record: complaint, pattern: "TS{year}-{sequence:4}"}',
            "投诉登记表编号为 TS[年]-[4 位流水号]，流水号按年重置。",
        ),
        (
            "form: {record: complaint, code: F-1, title: {zh-hans: 登记表}, copies_to: [sales, general_manager]}",
            "投诉登记表按表单 F-1《登记表》打印。抄送：销售部、总经理。",
        ),
        (
            "retention: {record: complaint, years: 3, keeper: {department: quality}, bound: year}",
            "投诉登记表保存 3 年。由品管部保管。装订：每年。",
        ),
        (
            "confidentiality: {record: complaint, readers: [{department: quality}]}",
            "投诉登记表仅品管部及相关人员可见；其他人查无此记录。",
        ),
        ("threshold: {name: companions, value: 4, unit: 人}", "限值“companions”：4 人。"),
        ("threshold: {name: companions, value: 90, unit: d}", "限值“companions”：90 天。"),
        ("threshold: {name: companions, value: 3, unit: times}", "限值“companions”：3 次。"),
        ("target: {figure: on_time, at_least: 95.5}", "每月“on_time”不低于 95.5。"),
        (
            "attested: {by: {position: sales_manager}, every: quarter,"
            " states: {zh-hans: 态度热情。}, evidence: required}",
            "每季度由销售经理声明：态度热情。须附证据。",
        ),
        ("order: {first: complaint.assess, then: complaint.close, says: {zh-hans: 先评后结}}", "先评后结"),
    ],
)
def test_a_control_is_said_in_plain_chinese(control: str, chinese: str) -> None:
    assert said(control, "zh-hans") == chinese


def test_the_same_is_said_in_english_and_in_traditional_chinese() -> None:
    control = f'{REPLY}, when: {{distance_km: "<=300"}}}}'

    assert said(control, "en") == "If 里程 ≤ 300: After “登记”, 品管部 must do this within 24 hours: “确认收到”."
    assert said(control, "zh-hant") == "里程 ≤ 300時：「登记」後，品管部須在 24 小時內辦理：「确认收到」。"


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize(
    ("span", "english"), [("1h", "1 hour"), ("30m", "30 minutes"), ("2mo", "2 months"), ("1y", "1 year"), ("0d", "")]
)
def test_every_span_can_be_said(language: str, span: str, english: str) -> None:
    sentence = said(REPLY.replace("24h", span) + "}", language)

    assert language != "en" or f"within {english}:" in sentence or "on the same day" in sentence
