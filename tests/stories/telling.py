"""How stories are told: one case of one firm, from day to day, each deed by a position of the firm.

What a story does not say is said for it in `USUALLY`; what it gives when it begins holds to its end. A refusal is
asked for as its reasons, each with the clause that it rests on: `["role 10.3"]`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from inspect import signature
from random import Random
from typing import Any

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.desk.pages.print_page import form_of, forms_of
from luyue.desk.printing import PrintedForm
from luyue.improvement import actions as improvement_is
from luyue.improvement.models import Improvement
from luyue.organization.authority import authority_of
from luyue.organization.models import Employee
from luyue.parties.models import Market
from luyue.products.models import Product
from luyue.records import clock
from luyue.records.actions import Action, Upload
from luyue.records.case import Case
from luyue.records.general import ACKNOWLEDGE, OVERRIDE, SIGN
from luyue.records.models import Obligation, Record
from luyue.records.refusing import Refused
from luyue.records.rules import rules_of
from luyue.site.demo import playing
from luyue.site.demo.playing import PAPER, Stage
from tests.firms import PASSWORD, Firm

USUALLY: dict[str, dict[str, Any]] = {
    "register": {
        "channel": "phone",
        "kind": "complaint",
        "contact_name": "周工",
        "contact_phone": "000-0000-0001",
        "specification": "甲型",
        "batch": "20260201",
        "quantity": Decimal(20),
        "unit": "件",
        "order_number": "DD-1",
        "material_number": "WL-1",
        "delivered_on": date(2026, 2, 20),
        "what_happened": "使用中发现异常",
        "demand": "请处理",
        "complaint_reason": "与要求不符",
        "site_address": "工地一号",
    },
    "give_first_answer": {"first_answer": "已收到，正在核实", "channel": "phone"},
    "classify": {
        "cause_class": "quality",
        "subject": "product_function",
        "severity": "minor",
        "special": "none",
        "charge": "free",
        "on_site_needed": False,
        "experts_needed": False,
        "principle_matter": False,
    },
    "fill_in_liaison_slip": {"liaison_slip": "客户口头反映异常"},
    "confirm_facts": {"reasonable": True, "note": "与发货记录相符"},
    "add_production_details": {
        "production_unit": "一车间",
        "production_staff": "甲班",
        "produced_on": date(2026, 2, 1),
        "sample_kept": "留样 1",
    },
    "arrive_on_site": {"finding": "现场见异常"},
    "sample_jointly": {"sample_number": "S1", "taken_with": "施工单位"},
    "give_data_in_writing": {"note": "数据已书面交给用户", "papers": ["site_data"]},
    "record_finding": {"finding": "已查", "opinion": "同意", "agrees": True},
    "record_inspection": {"inspection_result": "nonconforming"},
    "wait_for_customer": {"reason": "请客户提供照片"},
    "resume": {"note": "照片已收到"},
    "report_disagreement": {"disagreement": "两部门意见不一"},
    "settle_disagreement": {"decision": "按质检意见办理"},
    "hold_meeting": {"meeting_decision": "照方案处理", "tell_authority": False, "papers": ["minutes"]},
    "notify_authority": {"authority": "市场监督管理局", "note": "书面报告"},
    "determine_responsibility": {"cause": "工艺偏差", "responsibility": "ours", "departments_agree": True},
    "report_upwards": {"note": "报告处理结果"},
    "propose_remedy": {"remedy": "answer", "remedy_detail": "书面说明", "settlement": Decimal(0)},
    "agree_with_customer": {"customer_agrees": True, "construction_party_agrees": True, "how": "电话确认"},
    "decide_remedy": {},
    "tell_progress": {"progress": "正在办理", "channel": "phone"},
    "tell_result": {"result_told": "已书面答复", "channel": "letter", "told_in_writing": True},
    "inspect_returned_goods": {"goods_accepted": True, "note": "复验合格"},
    "carry_out": {"carried_out_detail": "已按决定办理"},
    "appraise_service": {"service_rating": 5},
    "ask_satisfaction": {"satisfied_complainant": True, "satisfied_respondent": True, "satisfaction_note": "满意"},
    "reopen": {"reason": "客户仍不满意"},
    "close": {"summary": "办结"},
    "reward_suggestion": {"note": "致谢并赠纪念品"},
    "bind_in_volume": {"case_volume_year": 2026},
    "withdraw": {"reason": "客户撤回"},
    "raise_improvement": {"problem": "异常再次发生"},
    "contain": {"containment": "隔离同批库存"},
    "analyse_cause": {
        "whys": ["炉温偏高", "热电偶老化"],
        "occurrence_cause": "热电偶未按期校验",
        "escape_cause": "抽检方案漏检",
        "fishbone": "machine",
    },
    "plan_action": {"what": "更换热电偶并缩短校验周期", "due_on": date(2026, 4, 1)},
    "start": {},
    "complete_action": {"number": 1, "evidence": "校验记录"},
    "finish": {},
    "verify_effect": {"effective": True, "effect_evidence": "三批无再发"},
}

MAIN_LINE = ("classify", "determine_responsibility", "propose_remedy", "decide_remedy", "carry_out", "ask_satisfaction")
CAUSE_TO_EFFECT = ("contain", "analyse_cause", "plan_action", "start", "complete_action", "finish", "verify_effect")


class Tale:
    """One complaint or improvement, as its story goes on."""

    record: Any = None

    def __init__(self, firm: Firm, moment: str, by: str = "", *, product: Product | None = None, **facts: Any) -> None:
        """Register a complaint at that moment; raises Refused when it may not be registered."""
        self.firm = firm
        self.facts = facts
        self.papers: list[str] = list(facts.pop("papers", ()))
        struck = facts.pop("struck_through", {})
        party = facts.pop("party", None) or firm.customer(
            market=facts.pop("market", Market.DOMESTIC), distance_km=facts.pop("distance_km", None)
        )
        complaint = Complaint()
        with firm.at(moment):
            stage = self._stage(moment)
            person = firm[by] if by else stage.who_may(complaint_is.register, complaint)[0]
            said = self._said(complaint_is.register, {"party": party, "product": product or firm.product()})
            take = complaint_is.register.given(uploads=papers(self.papers), struck_through=struck)
            self.record = take(complaint, by=person, **said)

    @classmethod
    def of(cls, firm: Firm, record: Record, **facts: Any) -> Tale:
        """A record that is there already, as a story goes on with it."""
        tale = cls.__new__(cls)
        tale.firm, tale.record, tale.facts = firm, record, facts
        return tale

    def then(self, moment: str, who: str, /, *actions: Action[Any, Any], **said: Any) -> Tale:
        """At that moment the holder of a position takes the actions."""
        for action in actions:
            self._take(moment, self.firm[who], action, said)
        return self

    def refused(self, moment: str, who: str, action: Action[Any, Any], /, **said: Any) -> list[str]:
        """Why the holder of a position may not take the action: each reason with its clause."""
        before = self.record.version
        try:
            self._take(moment, self.firm[who], action, said)
        except Refused as refused:
            self.record.refresh_from_db()
            assert self.record.version == before, "a refused action has changed the record"
            return reasons(refused)
        raise AssertionError(f"{who} may {action.name}")

    def signs(self, moment: str, *people: str, decision: str = "agreed", opinion: str = "同意") -> Tale:
        """The holders of the positions sign one after the other."""
        for who in people:
            self.then(moment, who, SIGN, decision=decision, opinion=opinion)
        return self

    def acknowledge(self, moment: str, *people: str, control: str = "") -> Tale:
        """The holders of the positions confirm that they have received the record; all that waits for them, or one."""
        for who in people:
            owed = self.record.obligations.filter(kind="routing", done_at=None, owner__in=self._keys(who, moment))
            wanted = [row for row in owed if row.control.endswith(f"/{control}" if control else "")]
            assert wanted, f"nothing waits for {who}: {self.firm.all_owed(self.record)}"
            for row in wanted:
                self.then(moment, who, ACKNOWLEDGE, control=row.control, receiver=row.owner)
        return self

    def overrides(self, moment: str, who: str, control: str, action: Action[Any, Any]) -> Tale:
        """The holder of a position sets a control aside for one action."""
        return self.then(moment, who, OVERRIDE, **self.override_of(control, action))

    def override_of(self, control: str, action: Action[Any, Any]) -> dict[str, str]:
        """What one says to set a control aside."""
        rules = rules_of(self.record.binding_id, self.firm.company)
        group = next(bound.group for bound in rules.all if bound.group.endswith(f"/{control}"))
        return {"control": group, "action": f"{self.record.type}.{action.name}", "reason": "情况特殊"}

    def raises_improvement(self, moment: str, who: str, responsible: str, **said: Any) -> Tale:
        """A corrective action is opened from the complaint; the story goes on with it."""
        self.then(moment, who, complaint_is.raise_improvement, responsible=self.firm[responsible], **said)
        raised = Improvement.objects.filter(links_in__source_id=self.record.pk).latest("pk")
        return Tale.of(self.firm, raised, responsible=self.firm[responsible])

    def comes_to(self, name: str, moment: str) -> Tale:
        """Everybody does what the procedure asks for until the named action has been taken."""
        stage = self._stage(moment)
        line = (*MAIN_LINE, "close") if self.record.type == "complaint" else CAUSE_TO_EFFECT
        done = {entry.action.partition(".")[2] for entry in self.record.entries.all()}
        for each in line[: line.index(name) + 1]:
            if each not in done or each == name:
                playing.bring_about(stage, self.record, each)
        self.record.refresh_from_db()
        return self

    def brings_about(self, name: str, moment: str) -> Tale:
        """Whoever may take the action takes it, after all that the procedure asks for before it."""
        playing.bring_about(self._stage(moment), self.record, name)
        self.record.refresh_from_db()
        return self

    def owed(self, control: str) -> dict[str, str]:
        """Who owes what under a control: until when, and how it stands."""
        rows = Obligation.objects.filter(record_id=self.record.pk, control__endswith=f"/{control}").order_by("pk")
        return {row.owner: self._standing(row) for row in rows}

    def history(self, control: str) -> list[str]:
        """Every obligation that a control has given rise to, the first one first: until when, and how it stands."""
        rows = Obligation.objects.filter(record_id=self.record.pk, control__endswith=f"/{control}").order_by("pk")
        return [self._standing(row) for row in rows]

    def alarms(self, control: str) -> list[tuple[str, str]]:
        """When whom is told that the obligation is running out."""
        row = self.firm.owed(self.record, control)
        return [(self.firm.local(datetime.fromisoformat(each["at"])), each["to"]) for each in row.alarms]

    def prints(self, who: str, moment: str) -> list[str]:
        """The codes of the forms that may be printed of the record at that moment."""
        with self.firm.at(moment):
            case = Case(self.record, self.firm[who], clock.now())
            return [bound.control.code for bound in forms_of(case)]

    def is_seen_by(self, person: Employee, moment: str) -> bool:
        """Whether the record is found by that person."""
        with self.firm.at(moment):
            authority = authority_of(person, date.fromisoformat(moment[:10]))
        return Record.objects.visible_to(person, authority).filter(pk=self.record.pk).exists()

    def state(self) -> str:
        self.record.refresh_from_db()
        return str(self.record.state)

    def _take(self, moment: str, person: Employee, action: Action[Any, Any], said: dict[str, Any]) -> None:
        given = dict(said)
        kinds = given.pop("papers", USUALLY.get(action.name, {}).get("papers", []))
        struck = given.pop("struck_through", {})
        with self.firm.at(moment):
            take = action.given(uploads=papers(kinds), password=given.pop("password", PASSWORD), struck_through=struck)
            take(self.record, by=person, **self._said(action, given))

    def _said(self, action: Action[Any, Any], given: dict[str, Any]) -> dict[str, Any]:
        wanted = signature(action.function).parameters
        usual = {name: value for name, value in USUALLY.get(action.name, {}).items() if name in wanted}
        own = {name: value for name, value in self._of_the_case().items() if name in wanted}
        known = {name: value for name, value in self.facts.items() if name in wanted}
        return {**usual, **own, **known, **given}

    def _of_the_case(self) -> dict[str, Any]:
        """Whom and what one names when the story names nobody else: the owner of the case and his department."""
        if self.record is None:
            return {}
        somebody = dict.fromkeys(("responsible", "to", "person"), self.record.owner)
        return {
            **somebody,
            "responsible_department": self.record.department,
            "planned_arrival_at": self.record.opened_at,
        }

    def _stage(self, moment: str) -> Stage:
        now = datetime.fromisoformat(moment).replace(tzinfo=self.firm.company.zone)
        said = dict.fromkeys(("complaint", "improvement"), self._words)
        return Stage(self.firm.company, PASSWORD, said, NoChance(0), now)

    def _words(self, name: str, record: Record, _random: Random) -> dict[str, Any]:
        action = (complaint_is if record.type == "complaint" else improvement_is).__dict__[name]
        return {**self._said(action, {}), "papers": USUALLY.get(name, {}).get("papers", [])}

    def _keys(self, who: str, moment: str) -> Collection[str]:
        return authority_of(self.firm[who], date.fromisoformat(moment[:10])).keys

    def _standing(self, row: Obligation) -> str:
        due = f"{self.firm.local(row.due_at)} " if row.due_at else ""
        return f"{due}{row.status}"


def printed_form(tale: Tale, code: str, who: str, moment: str) -> PrintedForm:
    """What stands on the form of that code when it is printed then."""
    with tale.firm.at(moment):
        case = Case(tale.record, tale.firm[who], clock.now())
        [bound] = [each for each in forms_of(case) if each.control.code == code]
        return form_of(case, bound)


class NoChance(Random):
    """Stories leave nothing to chance: people who follow their procedure take the shortest time there is."""

    def random(self) -> float:
        return 0.0

    def randrange(self, start: int, *_more: Any, **_other: Any) -> int:  # type: ignore[override]
        return start


def papers(kinds: Collection[str]) -> tuple[Upload, ...]:
    """Papers of these kinds, handed in with an action."""
    return tuple(Upload(kind, f"{kind}.pdf", PAPER) for kind in kinds)


def reasons(refused: Refused) -> list[str]:
    """Each reason of a refusal with its clause."""
    return [f"{each.code} {each.clause}".strip() for each in refused.refusals]


def refused_at_registration(firm: Firm, moment: str, by: str = "", **facts: Any) -> list[str]:
    """Why a complaint cannot be taken down so: each reason with its clause; nothing is written."""
    before = Complaint.objects.count()
    try:
        Tale(firm, moment, by, **facts)
    except Refused as refused:
        assert Complaint.objects.count() == before
        return reasons(refused)
    raise AssertionError("it was taken down")
