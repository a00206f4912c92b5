"""What the people of the demonstration say in each action; invented, in the language of the trade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from luyue.complaints.models import (
    CauseClass,
    Channel,
    Charge,
    Complaint,
    InspectionResult,
    Remedy,
    Responsibility,
    Severity,
    Special,
    Subject,
)
from luyue.improvement.models import Fishbone
from luyue.organization.models import Department, Employee
from luyue.records.models import Record


class Trouble(NamedTuple):
    """One thing that goes wrong with a product, what the customer asks for it and what was behind it."""

    product: str
    """Words of the product's name or specification that it can happen to."""
    what: str
    demand: str
    cause: str


TROUBLES: dict[str, list[Trouble]] = {
    "mining": [
        Trouble("支架立柱", "液压支架立柱密封处渗油，井下已停用两架。", "派人到现场更换密封件", "密封圈装配偏斜"),
        Trouble("圆环链", "圆环链在焊口处断裂，断口有气孔。", "更换同批次链条", "焊接气孔超标"),
        Trouble("托辊", "托辊运行半小时后温升超过规定，有异响。", "查明原因并给出书面答复", "轴承游隙选配不当"),
        Trouble("截齿", "到货的截齿硬度检验低于图纸要求。", "退回返工", "热处理保温时间不足"),
        Trouble("破碎机衬板", "衬板安装孔距与图纸不符，差五毫米。", "换货", "划线单抄错"),
        Trouble("开关箱体", "开关箱体进线端子松动，运输途中掉落。", "补发端子并检查紧固", "出厂紧固检查漏项"),
        Trouble("球磨机衬板", "客户询问衬板的允许磨损量，说明书未写。", "书面说明", "说明书缺项"),
        Trouble("滚筒", "退回三件传动滚筒，客户要求重新加工轴端螺纹。", "返工后发回", "螺纹通规检验漏检"),
    ],
    "brush": [
        Trouble("牙刷", "牙刷植毛拔出力不足，客户抽检十支有两支掉毛。", "换货并提供检验报告", "植毛铜片批次偏软"),
        Trouble("化妆刷", "包装印刷颜色与确认样有明显色差。", "重新印制包装", "油墨批次未比对色样"),
        Trouble("油漆刷", "油漆刷手柄喷漆起泡，外箱受潮。", "折价处理", "喷涂前除湿不足"),
        Trouble("儿童牙刷", "客户反映装箱数量短缺二十四支。", "补发", "称重复核未执行"),
        Trouble("辊刷", "辊刷刷毛长短不齐，超出图纸公差。", "返工", "修毛刀磨损未更换"),
        Trouble("家用", "刷柄注塑飞边划手，客户拒收一箱。", "退货", "模具合模面磨损"),
        Trouble("工业", "交货晚了三天，客户要求说明原因。", "说明原因并承诺下次交期", "物料到货延误"),
    ],
    "carbide": [
        Trouble("棒材", "棒材端面崩刃，整批二百支中十二支有裂纹。", "换货", "烧结炉温偏高"),
        Trouble("刀片", "刀片涂层脱落，加工三件后即失效。", "退货并赔偿试切损失", "涂层前清洗不净"),
        Trouble("冷镦模", "模坯内孔尺寸偏小，珩磨余量不够。", "换货", "压坯收缩系数取值有误"),
        Trouble("车刀片", "客户称合金牌号与质保书不一致，要求复验。", "复验并出具报告", "复验合格，客户取样有误"),
        Trouble("球齿", "球齿硬度偏低，钻进两百米后严重磨损。", "折让", "碳含量控制偏高"),
        Trouble("拉丝模", "拉丝模坯表面有黑点，疑似夹杂。", "更换", "混料筒清理不彻底"),
        Trouble("棒材", "外包装破损，三支圆棒碰伤。", "补发三支", "运输装卸不当"),
        Trouble("混合料", "混合料松装密度超出内控范围。", "技术说明", "检测方法不同造成"),
    ],
    "scale": [
        Trouble("电子汽车衡", "电子汽车衡显示漂移，空秤读数跳动二十千克。", "派人检修", "传感器接线盒进水"),
        Trouble("台秤", "台秤四角误差超差，检定未通过。", "上门调试", "秤台支脚未调平"),
        Trouble("显示仪表", "仪表按键失灵，无法打印磅单。", "更换仪表", "按键膜片老化"),
        Trouble("汽车衡", "客户投诉安装人员态度生硬，未做培训。", "致歉并补做培训", "现场人员培训不足"),
        Trouble("轨道衡", "经销商答复拖延，客户直接来电。", "协调经销商", "经销商未按约定响应"),
        Trouble("皮带秤", "皮带秤累计误差偏大，与轨道衡相差百分之二。", "重新标定", "速度传感器打滑"),
        Trouble("接线盒", "包装箱受潮，随机资料缺合格证。", "补寄合格证", "装箱单核对遗漏"),
        Trouble("称重系统", "大屏显示器缺笔画，夜间看不清。", "更换显示模块", "显示模块焊接虚焊"),
    ],
    "cement": [
        Trouble("P·O 42.5", "混凝土二十八天强度低于设计值，怀疑水泥质量。", "到现场取样检验", "施工养护不到位"),
        Trouble("散装", "水泥凝结时间偏短，泵送堵管。", "派人到现场处理", "石膏掺量波动"),
        Trouble("袋装", "袋装水泥有结块，开袋后不能使用。", "换货", "仓储受潮"),
        Trouble("散装", "散装车卸料数量与过磅单不符，短缺八百千克。", "核对并补足", "罐车余料未清空"),
        Trouble("P·C", "抹灰面出现裂纹，业主要求停工查因。", "现场技术支持", "砂含泥量高，配比不当"),
        Trouble("袋装", "包装袋破损率高，卸车损耗大。", "折让", "包装袋批次强度偏低"),
        Trouble("P·O", "安定性复检结果有争议，要求共同取样。", "共同取样检验", "复检合格，送检过程不规范"),
    ],
}

CHANNELS = [Channel.PHONE, Channel.PHONE, Channel.E_MAIL, Channel.LETTER, Channel.VISIT, Channel.FAX, Channel.MESSAGE]


def complaint_says(name: str, record: Record, random: Random) -> dict[str, Any]:
    """What is entered in each action on a complaint."""
    assert isinstance(record, Complaint)
    cause = _cause_of(record)
    ours = "不" not in cause[:2] and not cause.startswith(("复验合格", "复检合格", "检测方法", "运输", "施工", "砂含"))
    said: dict[str, dict[str, Any]] = {
        "give_first_answer": {
            "first_answer": "已收到您的反映，我们马上安排调查，进展随时告知。",
            "channel": Channel.PHONE,
        },
        "classify": {
            "cause_class": CauseClass.QUALITY if ours else CauseClass.HANDLING,
            "subject": _subject_of(record),
            "severity": _severity_of(record),
            "special": Special.INDIVIDUAL_CASE if record.repeats_id else Special.NONE,
            "charge": Charge.FREE,
            "on_site_needed": "现场" in record.demand or "上门" in record.demand or "派人" in record.demand,
            "experts_needed": False,
            "principle_matter": _severity_of(record) == Severity.MAJOR,
        },
        "fill_in_liaison_slip": {"liaison_slip": f"客户口头反映：{record.what_happened}"},
        "confirm_facts": {"reasonable": ours, "note": "已与相关部门核对发货记录与客户提供的资料。"},
        "add_production_details": {
            "production_unit": "二车间甲班",
            "production_staff": "当班操作工",
            "produced_on": (record.opened_at - timedelta(days=20)).date(),
            "sample_kept": "留样柜 A-12",
        },
        "send_to_site": {
            "person": record.owner,
            "planned_arrival_at": record.opened_at + timedelta(hours=20),
        },
        "arrive_on_site": {"finding": "已到现场，查看实物并拍照，与对方负责人沟通。"},
        "sample_jointly": {"sample_number": f"QY-{record.pk:04d}", "taken_with": "客户现场负责人"},
        "give_data_in_writing": {"note": "现场数据已书面交对方。", "papers": ["site_data"]},
        "record_finding": {"finding": f"经查：{cause}。", "opinion": "建议按程序处理。", "agrees": True},
        "record_inspection": {
            "inspection_result": InspectionResult.NONCONFORMING if ours else InspectionResult.CONFORMING,
            "note": "按标准抽样检验。",
            "papers": ["inspection_report"],
        },
        "wait_for_customer": {"reason": "等待客户寄回样品。"},
        "resume": {"note": "样品已收到。"},
        "report_disagreement": {"disagreement": "两个部门对责任认定不一致。"},
        "settle_disagreement": {"decision": "按检验结论处理。"},
        "hold_meeting": {
            "meeting_decision": "会议讨论同意处理方案，加强同类产品检查。",
            "tell_authority": False,
            "papers": ["minutes"],
        },
        "notify_authority": {"authority": "当地市场监督管理部门", "note": "已书面通报。"},
        "determine_responsibility": {
            "cause": cause,
            "responsibility": Responsibility.OURS if ours else Responsibility.NOT_OURS,
            "departments_agree": True,
        },
        "report_upwards": {"note": "已向上级汇报处理情况。"},
        "propose_remedy": _remedy(record, ours, random),
        "agree_with_customer": {
            "customer_agrees": True,
            "construction_party_agrees": True,
            "how": "电话商定，客户书面确认。",
            "papers": ["agreement"],
        },
        "tell_progress": {"progress": "正在检验，结果出来后第一时间告知。", "channel": Channel.PHONE},
        "tell_result": {
            "result_told": "处理结果已函告客户，并说明原因与改进措施。",
            "channel": Channel.LETTER,
            "told_in_writing": True,
            "papers": ["reply_letter"],
        },
        "assign": {"to": record.owner, "note": ""},
        "inspect_returned_goods": {"goods_accepted": True, "note": "退回货物检验后入待处理区。"},
        "carry_out": {"carried_out_detail": "已按方案执行完毕，客户签收。"},
        "appraise_service": {"service_rating": random.choice([3, 4, 4, 5, 5]), "note": ""},
        "ask_satisfaction": {
            "satisfied_complainant": True,
            "satisfied_respondent": True,
            "satisfaction_note": random.choice(
                ["客户表示满意。", "客户认可处理，希望以后更快一些。", "客户满意，继续合作。"]
            ),
        },
        "reopen": {"reason": "客户反映同样的问题再次出现。"},
        "close": {"summary": "处理完毕，资料齐全，予以结案。"},
        "reward_suggestion": {"note": "建议被采纳，赠送小礼品表示感谢。"},
        "bind_in_volume": {"case_volume_year": record.opened_at.year},
        "withdraw": {"reason": "客户自行解决，撤回投诉。"},
        "attach": {"note": ""},
        "comment": {"text": "请各位抓紧。"},
    }
    if name == "forward":
        return {"to_department": _department(record, random), "note": "请按职责处理。"}
    if name == "raise_improvement":
        return {"problem": f"防止再次发生：{cause}。", "responsible": _responsible(record)}
    if name == "determine_responsibility":
        return {**said[name], "responsible_department": _department(record, random)}
    return dict(said.get(name, {}))


def improvement_says(name: str, record: Record, random: Random) -> dict[str, Any]:
    """What is entered in each action on a corrective action."""
    said: dict[str, dict[str, Any]] = {
        "contain": {"containment": "在库同批次产品隔离复检，在途货物通知客户暂停使用。"},
        "analyse_cause": {
            "whys": ["工序参数偏离", "首件检验未发现", "作业指导书未规定复核", "变更后未更新文件"],
            "occurrence_cause": "作业指导书未及时更新，参数设定偏离。",
            "escape_whys": ["出厂抽检未覆盖该项目"],
            "escape_cause": "检验计划缺少该项目。",
            "fishbone": random.choice(list(Fishbone)),
        },
        "plan_action": {
            "what": "修订作业指导书和检验计划，培训当班人员。",
            "responsible": record.owner,
            "due_on": (record.opened_at + timedelta(days=20)).date(),
        },
        "complete_action": {"number": 1, "evidence": "新版文件已发放，培训签到表存档。"},
        "verify_effect": {"effective": True, "effect_evidence": "连续三批抽检合格，未再发生。"},
        "reopen": {"recurrence": "同类问题再次发生。"},
        "attach": {"note": ""},
    }
    return dict(said.get(name, {}))


def _cause_of(complaint: Complaint) -> str:
    troubles = TROUBLES.get(complaint.company.code, [])
    return next((each.cause for each in troubles if each.what == complaint.what_happened), "正在查明")


def _subject_of(complaint: Complaint) -> Subject:
    said = complaint.what_happened
    if "包装" in said or "外箱" in said or "受潮" in said:
        return Subject.PACKAGING
    if "态度" in said:
        return Subject.STAFF
    return Subject.DEALER if "经销商" in said else Subject.PRODUCT_FUNCTION


def _severity_of(complaint: Complaint) -> Severity:
    said = complaint.what_happened
    if "停工" in said:
        return Severity.MAJOR
    grave = any(word in said for word in ("停用", "断裂", "裂纹", "强度", "失效", "漂移", "堵管", "掉毛"))
    return Severity.SERIOUS if grave else Severity.MINOR


def _remedy(complaint: Complaint, ours: bool, random: Random) -> dict[str, Any]:
    demand = complaint.demand
    if not ours:
        chosen, settlement = Remedy.EXPLANATION, 0
    elif "退" in demand:
        chosen, settlement = Remedy.RETURN, random.randrange(3, 60) * 1000
    elif "换" in demand or "补" in demand:
        chosen, settlement = Remedy.EXCHANGE, random.randrange(1, 30) * 1000
    elif "折" in demand:
        chosen, settlement = Remedy.ALLOWANCE, random.randrange(1, 12) * 500
    elif "返工" in demand:
        chosen, settlement = Remedy.REWORK, 0
    else:
        chosen, settlement = Remedy.REPAIR, 0
    return {
        "remedy": chosen,
        "remedy_detail": f"按客户要求“{demand}”处理，由责任部门执行。",
        "settlement": Decimal(settlement),
    }


def _department(complaint: Complaint, random: Random) -> Department:
    departments = list(Department.objects.filter(company=complaint.company_id).order_by("pk"))
    wanted = [each for each in departments if any(word in each.code for word in ("quality", "production", "qc"))]
    return random.choice(wanted or departments)


def _responsible(complaint: Complaint) -> Employee:
    quality = Employee.objects.filter(company=complaint.company_id, department__code__contains="quality").first()
    found = quality or complaint.owner
    assert found is not None
    return found
