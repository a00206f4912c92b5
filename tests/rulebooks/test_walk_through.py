"""Whether a case can be brought from its first word to closure in every company, by the people its procedures name.

Each company has its own order of duties; here it is only asked that none of them leads into a dead end.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint, State
from luyue.improvement import actions as improvement_is
from luyue.improvement.models import Improvement
from luyue.improvement.models import State as ImprovementState
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.records.actions import Action, Upload
from luyue.records.general import ATTACH, SIGN
from luyue.records.models import Record
from luyue.records.refusing import Refused
from luyue.rulebook.loading import SHIPPED, profile_folders, read_profile
from tests.firms import PASSWORD, Firm

GRAVE_AND_ON_SITE = {
    "kind": "complaint",
    "severity": "major",
    "responsibility": "ours",
    "remedy": "exchange",
    "settlement": Decimal(60000),
    "on_site_needed": True,
    "special": "special_case",
    "charge": "paid",
}
SMALL_AND_ANSWERED = {
    "kind": "complaint",
    "severity": "minor",
    "responsibility": "not_ours",
    "remedy": "explanation",
    "settlement": Decimal(0),
    "on_site_needed": False,
    "special": "none",
    "charge": "free",
}
RETURNED_FOR_REWORK = {**SMALL_AND_ANSWERED, "kind": "return_for_rework", "responsibility": "ours", "remedy": "rework"}
SUGGESTION = {**SMALL_AND_ANSWERED, "kind": "suggestion", "remedy": "answer"}
CASES = {"grave": GRAVE_AND_ON_SITE, "small": SMALL_AND_ANSWERED, "rework": RETURNED_FOR_REWORK, "idea": SUGGESTION}


@pytest.fixture(params=[folder.name for folder in profile_folders()])
def firm(request: pytest.FixtureRequest, db: None) -> Firm:
    folder = next(each for each in profile_folders() if each.name == request.param)
    return Firm(read_profile(Path(folder)))


def somebody(firm: Firm, action: Action[Any, Any], record: Record, *uploads: Upload, **said: Any) -> Employee:
    """Let whoever may take the action take it; nobody being able to is the fault that is looked for."""
    reasons = set()
    for person in sorted(firm.people.values(), key=lambda each: not is_named(firm, each, action, record)):
        try:
            action.given(uploads=uploads)(record, by=person, **said)
        except Refused as refused:
            reasons |= {f"{refusal.code}: {refusal}" for refusal in refused.refusals}
        else:
            return person
    raise AssertionError(f"nobody may {action.name} in state {record.state}:\n" + "\n".join(sorted(reasons)))


def is_named(firm: Firm, person: Employee, action: Action[Any, Any], record: Record) -> bool:
    """Whether a role names this person's position or department for the action; such people are asked first."""
    position = next(code for code, each in firm.people.items() if each == person)
    department = person.department.code if person.department else ""
    keys = keys_naming(firm.company.code)[f"{type(record).__name__.lower()}.{action.name}"]
    return not keys.isdisjoint({f"position:{position}", f"department:{department}"})


@cache
def keys_naming(company: str) -> dict[str, set[str]]:
    """Whom the company's roles name, by action."""
    named: dict[str, set[str]] = defaultdict(set)
    for document in read_profile(SHIPPED / company).documents:
        for role in (entry.role for clause in document.clauses for entry in clause.controls if entry.role):
            for action in role.actions:
                named[action] |= {address.key for address in role.may}
    return named


def all_sign(firm: Firm, record: Record) -> None:
    """Let everybody sign for whom a signature waits; in order, one signature calls for the next."""
    while waiting := record.obligations.filter(kind="sign_off", status="running").first():
        SIGN.given(password=PASSWORD)(record, by=signer(firm, waiting.owner), decision="agreed", opinion="同意")


def signer(firm: Firm, owner: str) -> Employee:
    kind, _colon, name = owner.partition(":")
    if kind == "position":
        return firm[name]
    return next(person for person in firm.people.values() if str(person.pk) == name)


def paper(kind: str) -> Upload:
    return Upload(kind=kind, file_name=f"{kind}.txt", content="内容".encode())


def registered(firm: Firm, party: Party, case: dict[str, Any]) -> Complaint:
    complaint = Complaint()
    somebody(
        firm,
        complaint_is.register,
        complaint,
        paper("original"),
        party=party,
        kind=case["kind"],
        channel="phone",
        written=False,
        contact_name="周工",
        contact_phone="000-0000-0001",
        product=firm.product(specification="甲型"),
        batch="20260301",
        quantity=Decimal(20),
        unit="件",
        order_number="DD-1",
        material_number="WL-1",
        delivered_on=date(2026, 2, 20),
        what_happened="使用中发现异常",
        demand="请处理",
        complaint_reason="与要求不符",
        site_address="工地一号",
    )
    return complaint


def investigated(firm: Firm, complaint: Complaint, case: dict[str, Any]) -> None:
    somebody(firm, complaint_is.give_first_answer, complaint, first_answer="已收到", channel="phone")
    somebody(
        firm,
        complaint_is.classify,
        complaint,
        cause_class="quality",
        subject="product_function",
        principle_matter=case["severity"] == "major",
        experts_needed=case["on_site_needed"],
        **{name: case[name] for name in ("severity", "special", "charge", "on_site_needed")},
    )
    all_sign(firm, complaint)
    somebody(firm, complaint_is.fill_in_liaison_slip, complaint, liaison_slip="客户口头反映异常")
    somebody(firm, complaint_is.confirm_facts, complaint, reasonable=True, note="属实")
    somebody(
        firm,
        complaint_is.add_production_details,
        complaint,
        production_unit="一车间",
        production_staff="甲班",
        produced_on=date(2026, 2, 1),
        sample_kept="留样 1",
    )
    if case["on_site_needed"]:
        been_on_site(firm, complaint)
    for person in (
        "quality_manager",
        "quality_chief",
        "production_manager",
        "technical_chief",
        "safety_production_manager",
    ):
        if person in firm.people:
            complaint_is.record_finding(complaint, by=firm[person], finding="已查", opinion="同意", agrees=True)
    somebody(
        firm, complaint_is.record_inspection, complaint, paper("inspection_report"), inspection_result="nonconforming"
    )


def been_on_site(firm: Firm, complaint: Complaint) -> None:
    traveller = next(iter(firm.people.values()))
    somebody(
        firm,
        complaint_is.send_to_site,
        complaint,
        person=traveller,
        planned_arrival_at=complaint.opened_at,
    )
    somebody(firm, complaint_is.arrive_on_site, complaint, finding="现场见异常")
    somebody(firm, complaint_is.sample_jointly, complaint, sample_number="S1", taken_with="施工单位")
    somebody(firm, ATTACH, complaint, paper("site_data"))
    somebody(firm, complaint_is.give_data_in_writing, complaint, note="数据已交")


def decided(firm: Firm, complaint: Complaint, case: dict[str, Any]) -> None:
    somebody(
        firm,
        complaint_is.determine_responsibility,
        complaint,
        cause="工艺偏差",
        responsibility=case["responsibility"],
        responsible_department=complaint.department,
    )
    somebody(firm, ATTACH, complaint, paper("minutes"))
    somebody(firm, complaint_is.hold_meeting, complaint, meeting_decision="按方案处理", tell_authority=False)
    somebody(
        firm,
        complaint_is.propose_remedy,
        complaint,
        remedy=case["remedy"],
        remedy_detail="照方案",
        settlement=case["settlement"],
    )
    all_sign(firm, complaint)
    somebody(
        firm,
        complaint_is.agree_with_customer,
        complaint,
        paper("agreement"),
        customer_agrees=True,
        construction_party_agrees=True,
        how="电话确认",
    )
    all_sign(firm, complaint)
    somebody(firm, complaint_is.decide_remedy, complaint)


def improved(firm: Firm, complaint: Complaint) -> Improvement:
    responsible = next(iter(firm.people.values()))
    somebody(firm, complaint_is.raise_improvement, complaint, problem="异常再发", responsible=responsible)
    improvement = Improvement.objects.get(links_in__source_id=complaint.pk)
    somebody(firm, improvement_is.contain, improvement, containment="隔离库存")
    somebody(
        firm,
        improvement_is.analyse_cause,
        improvement,
        whys=["甲", "乙"],
        occurrence_cause="设备老化",
        escape_cause="漏检",
        fishbone="machine",
    )
    somebody(
        firm, improvement_is.plan_action, improvement, what="更换", responsible=responsible, due_on=date(2026, 4, 1)
    )
    all_sign(firm, improvement)
    somebody(firm, improvement_is.start, improvement)
    somebody(firm, improvement_is.complete_action, improvement, number=1, evidence="照片")
    somebody(firm, improvement_is.finish, improvement)
    somebody(firm, improvement_is.verify_effect, improvement, effective=True, effect_evidence="三批无再发")
    return improvement


def carried_out_and_closed(firm: Firm, complaint: Complaint) -> None:
    all_sign(firm, complaint)
    somebody(firm, complaint_is.assign, complaint, to=next(iter(firm.people.values())))
    somebody(firm, ATTACH, complaint, paper("reply_letter"))
    somebody(firm, complaint_is.tell_progress, complaint, progress="办理中", channel="phone")
    somebody(firm, complaint_is.tell_result, complaint, result_told="已告知", channel="letter", told_in_writing=True)
    somebody(firm, complaint_is.inspect_returned_goods, complaint, goods_accepted=True, note="合格")
    somebody(firm, complaint_is.carry_out, complaint, carried_out_detail="已执行")
    all_sign(firm, complaint)
    somebody(firm, complaint_is.appraise_service, complaint, service_rating=5)
    somebody(
        firm,
        complaint_is.ask_satisfaction,
        complaint,
        satisfied_complainant=True,
        satisfied_respondent=True,
        satisfaction_note="满意",
    )
    somebody(firm, complaint_is.close, complaint, summary="办结")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_can_be_closed_in_every_company(firm: Firm, case: dict[str, Any]) -> None:
    with firm.at("2026-03-02 10:00"):
        complaint = registered(firm, firm.customer(), case)
        investigated(firm, complaint, case)
        decided(firm, complaint, case)
        improvement = improved(firm, complaint)
        carried_out_and_closed(firm, complaint)

    complaint.refresh_from_db()
    improvement.refresh_from_db()
    assert complaint.state == State.CLOSED
    assert improvement.state == ImprovementState.CLOSED
