"""The design pages: each part in all its states, and each page with a made-up company's records.

Nothing here touches the database; what is shown is written below, in three languages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from luyue.desk.clocks import clock
from luyue.desk.faces import (
    ActionButton,
    Attachment,
    Cell,
    Change,
    Chip,
    ClauseShown,
    Clock,
    Column,
    Conformity,
    Day,
    Duty,
    Entry,
    Fact,
    LinkedRecord,
    Links,
    NavigationEntry,
    Pager,
    Panel,
    Person,
    Row,
    Segment,
    SignOff,
    Slot,
    State,
    Step,
    Tab,
    Tally,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 9, 10, 20, tzinfo=ZONE)
HOUR = timedelta(hours=1)
HERE = "#here"
ADDRESSES = (
    "my-work",
    "nothing-due",
    "register",
    "empty-register",
    "record",
    "action",
    "sign",
    "clock",
    "procedures",
    "procedure",
    "search",
    "nothing-found",
    "conformity",
    "attachment",
    "saved-view",
    "print",
    "offline",
    "no-company",
    "not-found",
    "forbidden",
    "fault",
    "palette",
)


def say(hans: str, hant: str, en: str) -> str:
    """The sample in the reader's language."""
    language = get_language() or "zh-hans"
    return en if language.startswith("en") else hant if language == "zh-hant" else hans


def components(request: HttpRequest) -> HttpResponse:
    """Every part in all its states, in both themes."""
    messages.info(request, say("会签已提交。", "會簽已提交。", "The sign-off was sent."))
    return render(
        request,
        "desk/design.html",
        {
            **_shell("design"),
            "pages": [(name, reverse("design_page", args=[name])) for name in ADDRESSES],
            "sets": [("light", _parts(request)), ("dark", _parts(request))],
        },
    )


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page as it looks with records in it."""
    if name not in ADDRESSES:
        raise Http404
    template, context = PAGES[name]()
    status = {"not-found": 404, "forbidden": 403, "fault": 500}.get(name, 200)
    return render(request, template, {**_shell(name), **context}, status=status)


def _shell(name: str) -> dict[str, Any]:
    def entry(label: str, icon: str, target: str, group: str = "", count: str = "") -> NavigationEntry:
        address = reverse("design_page", args=[target])
        return NavigationEntry(
            label=label,
            url=address,
            icon=icon,
            active=target == name or target in ALSO.get(name, ()),
            group=group,
            count=count,
        )

    records = say("登记簿", "登記簿", "Registers")
    rules = say("程序", "程序", "Procedures")
    return {
        "company": say("曼兴精密机械", "曼興精密機械", "Manxing Precision"),
        "navigation": [
            entry(say("工作台", "工作台", "My work"), icon="layout-list", target="my-work", count="11"),
            entry(
                say("客户投诉", "客戶投訴", "Complaints"),
                icon="message-report",
                target="register",
                group=records,
                count="37",
            ),
            entry(
                say("纠正和预防措施", "矯正和預防措施", "Corrective action"),
                icon="refresh",
                target="empty-register",
                group=records,
                count="4",
            ),
            entry(say("程序文件", "程序文件", "Procedures"), icon="file-certificate", target="procedures", group=rules),
            entry(say("符合性", "符合性", "Conformity"), icon="gauge", target="conformity", group=rules),
        ],
    }


ALSO = {
    "record": ("register",),
    "action": ("register",),
    "sign": ("register",),
    "clock": ("register",),
    "attachment": ("register",),
    "saved-view": ("register",),
    "procedure": ("procedures",),
    "nothing-due": ("my-work",),
}


def li() -> Person:
    return Person(name=say("李敏", "李敏", "Li Min"), department=say("品管部", "品管部", "Quality"))


def zhang() -> Person:
    return Person(name=say("张伟", "張偉", "Zhang Wei"), department=say("销售部", "銷售部", "Sales"))


def chen() -> Person:
    return Person(name=say("陈国栋", "陳國棟", "Chen Guodong"), instead_of=say("王总", "王總", "Mr Wang"))


def states() -> list[State]:
    return [
        State(label=say("已登记", "已登記", "Registered"), tone="new"),
        State(label=say("调查中", "調查中", "Being investigated"), tone="active"),
        State(label=say("等待客户", "等待客戶", "Waiting for the customer"), tone="waiting"),
        State(label=say("拟定处理", "擬定處理", "Remedy being decided"), tone="active"),
        State(label=say("已结案", "已結案", "Closed"), tone="done"),
        State(label=say("作废", "作廢", "Void"), tone="void"),
    ]


def clocks() -> list[Clock]:
    owner = say("品管部", "品管部", "Quality")
    about = {"clause": "MX-QM-03 4.3.5", "owner": owner, "url": reverse("design_page", args=["clock"])}
    reply = say("答复客户", "答覆客戶", "Answer the customer")
    site = say("到达现场", "到達現場", "Arrive on site")
    return [
        clock("running", due_at=NOW - 27 * HOUR, now=NOW, what=reply, key="1", **about),
        clock("running", due_at=NOW + 6 * HOUR, now=NOW, working_left=4 * HOUR, what=site, key="2", **about),
        clock("running", due_at=NOW + 75 * HOUR, now=NOW, working_left=20 * HOUR, what=reply, key="3", **about),
        clock("running", due_at=NOW + 51 * HOUR, now=NOW, what=reply, key="4", **about),
        clock("paused", due_at=NOW + 51 * HOUR, now=NOW, what=reply, key="5", **about),
        clock("kept", due_at=NOW - HOUR, now=NOW, done_at=NOW - 5 * HOUR, what=site, key="6", **about),
        clock("broken", due_at=NOW - 9 * HOUR, now=NOW, done_at=NOW - 7 * HOUR, what=reply, key="7", **about),
        clock("waived", due_at=NOW, now=NOW, what=site, key="8", **about),
        clock("cancelled", due_at=NOW, now=NOW, what=site, key="9", **about),
        clock("running", due_at=None, now=NOW, what=reply, key="10", **about),
    ]


def steps() -> list[Step]:
    names = [
        say("已登记", "已登記", "Registered"),
        say("调查中", "調查中", "Investigating"),
        say("拟定处理", "擬定處理", "Deciding"),
        say("执行中", "執行中", "Carrying out"),
        say("待客户确认", "待客戶確認", "Confirming"),
        say("已结案", "已結案", "Closed"),
    ]
    return [
        Step(
            label=label,
            place="past" if place < 2 else "here" if place == 2 else "ahead",
            at=NOW - (5 - 2 * place) * 24 * HOUR if place <= 2 else None,
        )
        for place, label in enumerate(names)
    ]


def sign_offs() -> list[SignOff]:
    return [
        SignOff(
            title=say("处理方案会签", "處理方案會簽", "Sign-off of the remedy"),
            mode="all",
            clause="MX-QM-03 4.3.5",
            clock=clocks()[1],
            slots=[
                Slot(
                    who=li(),
                    position=say("品管部经理", "品管部經理", "Quality manager"),
                    standing="signed",
                    meaning=say("同意", "同意", "Agreed"),
                    at=NOW - 3 * HOUR,
                    opinion=say(
                        "同意换货，留样复检。", "同意換貨，留樣複檢。", "Exchange; keep a sample and test again."
                    ),
                ),
                Slot(
                    who=zhang(),
                    position=say("销售部经理", "銷售部經理", "Sales manager"),
                    standing="next",
                    waits=say("已 6 小时", "已 6 小時", "for 6 h"),
                ),
                Slot(who=chen(), position=say("总经理", "總經理", "General manager"), standing="later"),
            ],
        )
    ]


def facts() -> list[Fact]:
    return [
        Fact(label=say("产品名称", "產品名稱", "Product"), value=say("精密减速机", "精密減速機", "Precision reducer")),
        Fact(label=say("规格型号", "規格型號", "Specification"), value="NMRV063-i20"),
        Fact(label=say("批号", "批號", "Batch"), value="20260115-B", kind="number"),
        Fact(label=say("投诉数量", "投訴數量", "Quantity"), value=say("12 台", "12 臺", "12 pieces"), kind="number"),
        Fact(label=say("订单号", "訂單號", "Order"), value="SO-2026-001873", kind="link", url=HERE),
        Fact(label=say("交货日期", "交貨日期", "Delivered on"), value="2026-02-11", kind="date"),
        Fact(label=say("是否有书面材料", "是否有書面材料", "In writing"), value=True, kind="yes_no"),
        Fact(
            label=say("联系人", "聯絡人", "Contact"),
            value=say("周志强 138 0013 8000", "周志強 138 0013 8000", "Zhou Zhiqiang"),
        ),
        Fact(
            label=say("投诉内容", "投訴內容", "What happened"),
            value=say(
                "减速机运行约 30 分钟后温升超标，输出轴油封处渗油。同批 12 台中有 3 台出现，客户产线已停。",
                "減速機運轉約 30 分鐘後溫升超標，輸出軸油封處滲油。同批 12 臺中有 3 臺出現，客戶產線已停。",
                "After about 30 minutes the reducers run too hot and oil seeps at the output shaft seal. "
                "Three of the twelve of this batch do so; the customer's line stands still.",
            ),
            kind="long",
            is_wide=True,
        ),
        Fact(label=say("客户要求", "客戶要求", "Demand"), value=say("换货", "換貨", "Exchange")),
        Fact(
            label=say("现场服务", "現場服務", "Site visit"),
            struck=say("客户寄回样件", "客戶寄回樣件", "the customer sends the parts"),
        ),
        Fact(label=say("检验结果", "檢驗結果", "Inspection")),
        Fact(label=say("承办人", "承辦人", "Handled by"), value=li(), kind="person"),
    ]


def entries() -> list[Entry]:
    return [
        Entry(
            kind="comment",
            title=say("留言", "留言", "Comment"),
            who=zhang(),
            occurred_at=NOW - HOUR,
            comment=say(
                "客户希望周三前收到换货，物流已预留舱位。",
                "客戶希望週三前收到換貨，物流已預留艙位。",
                "The customer wants the new parts by Wednesday; space on the truck is kept.",
            ),
        ),
        Entry(
            kind="signature",
            title=say("会签", "會簽", "Signed"),
            who=li(),
            occurred_at=NOW - 3 * HOUR,
            clause="MX-QM-03 4.3.5",
            comment=say("同意换货，留样复检。", "同意換貨，留樣複檢。", "Exchange; keep a sample and test again."),
        ),
        Entry(
            kind="action",
            title=say("判定责任", "判定責任", "Determined responsibility"),
            who=li(),
            occurred_at=NOW - 22 * HOUR,
            entered_at=NOW - 4 * HOUR,
            state=states()[3],
            clause="MX-QM-03 4.3.4",
            changes=[
                Change(
                    label=say("原因", "原因", "Cause"),
                    after=say("油封唇口装配划伤", "油封唇口裝配劃傷", "Seal lip scratched in assembly"),
                ),
                Change(
                    label=say("责任部门", "責任部門", "Responsible"),
                    before=say("品管部", "品管部", "Quality"),
                    after=say("装配车间", "裝配車間", "Assembly"),
                ),
            ],
        ),
        Entry(
            kind="correction",
            title=say("更正", "更正", "Corrected"),
            who=zhang(),
            occurred_at=NOW - 49 * HOUR,
            comment=say("客户来函更正数量。", "客戶來函更正數量。", "The customer's letter corrects the quantity."),
            changes=[Change(label=say("投诉数量", "投訴數量", "Quantity"), before="10", after="12")],
        ),
        Entry(
            kind="action",
            title=say("登记", "登記", "Registered"),
            who=zhang(),
            occurred_at=NOW - 120 * HOUR,
            state=states()[0],
            clause="MX-QM-03 4.1",
            icon="plus",
        ),
    ]


def attachments() -> list[Attachment]:
    here = reverse("design_page", args=["attachment"])
    return [
        Attachment(
            name=say("来函.pdf", "來函.pdf", "letter.pdf"),
            url=here,
            kind=say("来件原件", "來件原件", "Original"),
            size=182_000,
            at=NOW,
        ),
        Attachment(
            name=say("油封渗漏照片.jpg", "油封滲漏照片.jpg", "seal.jpg"),
            url=here,
            kind=say("照片", "照片", "Photo"),
            size=2_410_000,
        ),
    ]


def links() -> list[Links]:
    return [
        Links(
            label=say("纠正和预防措施", "矯正和預防措施", "Corrective action"),
            count="1",
            url=HERE,
            icon="refresh",
            records=[
                LinkedRecord(
                    number="CA-2026-0007",
                    title=say("油封装配工装改进", "油封裝配工裝改進", "Seal assembly tool"),
                    url=HERE,
                    state=states()[1],
                )
            ],
        ),
        Links(
            label=say("该客户的投诉", "該客戶的投訴", "Complaints of this customer"),
            count="6",
            url=HERE,
            icon="message-report",
        ),
    ]


def main_action(refusal: str = "") -> ActionButton:
    return ActionButton(
        label=say("提交处理方案", "提交處理方案", "Send the remedy"),
        url=reverse("design_page", args=["action"]),
        icon="send",
        clause="MX-QM-03 4.3.5",
        refusal=refusal,
        clock=None if refusal else clocks()[1],
    )


def closed_sentence() -> str:
    return say("需品管部会签后方可结案", "需品管部會簽後方可結案", "Quality must sign before the case may be closed")


def closed_actions() -> list[ActionButton]:
    return [
        ActionButton(label=say("结案", "結案", "Close"), url="", refusal=closed_sentence(), clause="MX-QM-03 4.3.5"),
        ActionButton(
            label=say("作废", "作廢", "Void"),
            url="",
            refusal=say(
                "只有管理者代表可以作废", "只有管理者代表可以作廢", "Only the management representative may void it"
            ),
            clause="MX-QM-03 5.2",
        ),
    ]


def open_actions() -> list[ActionButton]:
    action = reverse("design_page", args=["action"])
    return [
        ActionButton(
            label=say("告知进度", "告知進度", "Tell the customer how far we are"), url=action, icon="phone-call"
        ),
        ActionButton(label=say("等待客户", "等待客戶", "Wait for the customer"), url=action, icon="player-pause"),
        ActionButton(label=say("更正", "更正", "Correct"), url=action, icon="pencil"),
    ]


class FilterSample(forms.Form):
    """The builder of a register's filters."""

    kind = forms.ChoiceField(required=False)
    owner = forms.CharField(required=False)
    opened_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    opened_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            ("", say("全部", "全部", "All")),
            ("complaint", say("投诉", "投訴", "Complaint")),
        ]
        self.fields["kind"].label = say("类别", "類別", "Kind")
        self.fields["owner"].label = say("承办人", "承辦人", "Owner")
        self.fields["opened_from"].label = say("登记日期从", "登記日期從", "Opened from")
        self.fields["opened_to"].label = say("到", "到", "to")


class RemedySample(forms.Form):
    """Fields of every kind."""

    remedy = forms.ChoiceField()
    settlement = forms.DecimalField(required=False)
    told = forms.ChoiceField(widget=forms.RadioSelect)
    remedy_detail = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    customer_agrees = forms.BooleanField(required=False)
    evidence = forms.FileField(required=False)
    occurred_at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = self.fields
        named["remedy"].label = say("处理方式", "處理方式", "Remedy")
        named["remedy"].choices = [
            ("exchange", say("换货", "換貨", "Exchange")),
            ("repair", say("返修", "返修", "Repair")),
            ("allowance", say("折让", "折讓", "Allowance")),
        ]
        named["settlement"].label = say("折让金额（元）", "折讓金額（元）", "Allowance (CNY)")
        named["settlement"].help_text = say(
            "超过 5000 元须总经理批准", "超過 5000 元須總經理批准", "Above 5000 the general manager approves"
        )
        named["settlement"].clause = "MX-QM-03 4.3.6"
        named["told"].label = say("答复方式", "答覆方式", "How it is answered")
        named["told"].choices = [
            ("letter", say("函件", "函件", "Letter")),
            ("phone", say("电话", "電話", "Telephone")),
            ("visit", say("登门", "登門", "Visit")),
        ]
        named["remedy_detail"].label = say("处理说明", "處理說明", "What is offered")
        named["remedy_detail"].clause = "MX-QM-03 4.3.5"
        named["customer_agrees"].label = say("客户已同意", "客戶已同意", "The customer agrees")
        named["evidence"].label = say("附件", "附件", "File")
        named["occurred_at"].label = say("实际发生时间", "實際發生時間", "When it happened")


class SignSample(forms.Form):
    """A signature: yes or back, with an opinion, over the password."""

    decision = forms.ChoiceField(widget=forms.RadioSelect, initial="agreed")
    opinion = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].label = say("意见", "意見", "Decision")
        self.fields["decision"].choices = [
            ("agreed", say("同意", "同意", "Agree")),
            ("sent_back", say("退回", "退回", "Send back")),
        ]
        self.fields["opinion"].label = say("说明", "說明", "Opinion")
        self.fields["password"].label = say("登录密码", "登入密碼", "Your password")


def wrong_form() -> RemedySample:
    form = RemedySample(data={"remedy": "exchange", "settlement": "abc"}, auto_id="wrong_%s")
    form.is_valid()
    return form


def columns() -> list[Column]:
    return [
        Column(
            key="number",
            label=say("编号", "編號", "Number"),
            kind="number",
            sort="descending",
            sort_url="?order=number",
        ),
        Column(key="party", label=say("客户", "客戶", "Customer"), kind="party"),
        Column(key="title", label=say("投诉内容", "投訴內容", "What it is about"), kind="title"),
        Column(key="owner", label=say("承办人", "承辦人", "Owner"), kind="person"),
        Column(key="settlement", label=say("金额", "金額", "Amount"), kind="amount"),
        Column(key="state", label=say("状态", "狀態", "State"), kind="state"),
        Column(key="clock", label=say("最近期限", "最近期限", "Next time limit"), kind="clock"),
    ]


def rows() -> list[Row]:
    samples = [
        (
            say("苏州恒远机械有限公司", "蘇州恆遠機械有限公司", "Suzhou Hengyuan Machinery"),
            say(
                "减速机异响，运行 30 分钟后温升超标",
                "減速機異響，運轉 30 分鐘後溫升超標",
                "Reducer noisy, too hot after 30 minutes",
            ),
        ),
        (
            say("宁波海天精工股份有限公司", "寧波海天精工股份有限公司", "Ningbo Haitian Precision"),
            say("到货数量短缺 2 件，外箱破损", "到貨數量短缺 2 件，外箱破損", "Two pieces missing, box broken"),
        ),
        (
            say("上海博世自动化有限公司", "上海博世自動化有限公司", "Shanghai Bosch Automation"),
            say(
                "伺服电机编码器线缆接口与图纸 Rev.C 不符，要求补发并说明原因及预防措施",
                "伺服馬達編碼器線纜介面與圖紙 Rev.C 不符，要求補發並說明原因及預防措施",
                "Encoder cable does not match drawing Rev. C; wants a replacement, the reason and what will prevent it",
            ),
        ),
        (
            say("广州数控设备有限公司", "廣州數控設備有限公司", "Guangzhou CNC Equipment"),
            say(
                "合格证缺失，要求补寄纸质原件",
                "合格證缺失，要求補寄紙質原件",
                "Certificate missing, wants the paper original",
            ),
        ),
        (
            say("青岛海尔模具有限公司", "青島海爾模具有限公司", "Qingdao Haier Moulds"),
            say("表面划伤，要求换货", "表面劃傷，要求換貨", "Scratched surface, wants an exchange"),
        ),
        (
            say("重庆长安汽车股份有限公司", "重慶長安汽車股份有限公司", "Chongqing Changan Automobile"),
            say("交付延期 3 天，提出索赔", "交付延期 3 天，提出索賠", "Three days late, claims damages"),
        ),
        (
            say("东莞立讯精密工业有限公司", "東莞立訊精密工業有限公司", "Dongguan Luxshare Precision"),
            say(
                "油封渗漏，疑似批次问题（批号 20261015）",
                "油封滲漏，疑似批次問題（批號 20261015）",
                "Seal leaks, perhaps the whole batch",
            ),
        ),
        (
            say("沈阳新松机器人自动化股份有限公司", "瀋陽新松機器人自動化股份有限公司", "Shenyang Siasun Robot"),
            say("控制柜触摸屏无法开机", "控制櫃觸控螢幕無法開機", "Touch panel does not start"),
        ),
    ]
    people = [li(), zhang(), chen()]
    all_states = states()
    faces = [0, 1, 2, 3, 4, 5, 6, 8]
    columns_ = columns()
    return [
        Row(
            id=str(place),
            number=f"TS-2026-{412 - place:04}",
            url=reverse("design_page", args=["record"]),
            cells=[
                Cell(column=columns_[0], value=f"TS-2026-{412 - place:04}"),
                Cell(column=columns_[1], value=party),
                Cell(column=columns_[2], value=title),
                Cell(column=columns_[3], value=people[place % 3], under=people[place % 3].department),
                Cell(column=columns_[4], value=["", "1,280.00", "", "18,600.00"][place % 4]),
                Cell(column=columns_[5], value=all_states[place % 6]),
                Cell(column=columns_[6], value=clocks()[faces[place]]),
            ],
        )
        for place, (party, title) in enumerate(samples)
    ]


def tabs() -> list[Tab]:
    return [
        Tab(label=say("我的", "我的", "Mine"), url="?view=mine", count="12"),
        Tab(label=say("未结", "未結", "Open"), url="?view=open", is_active=True, count="37"),
        Tab(label=say("逾期", "逾期", "Overdue"), url="?view=overdue", count="2"),
        Tab(label=say("全部", "全部", "All"), url="?view=all", count="1000+"),
        Tab(label=say("国外客户", "國外客戶", "Abroad"), url="?view=7"),
    ]


def chips() -> list[Chip]:
    return [
        Chip(
            label=say("类别", "類別", "Kind"),
            value=say("投诉", "投訴", "Complaint"),
            without_url="?",
            name="kind",
            raw="complaint",
        ),
        Chip(label=say("登记日期", "登記日期", "Opened"), value="2026-03-01 – 2026-03-31", without_url="?"),
    ]


def duties() -> list[Day]:
    def duty(verb: str, place: int, face: int, clause: str) -> Duty:
        row = rows()[place]
        return Duty(
            verb=verb,
            number=row.number,
            title=row.cells[2].value,
            url=reverse("design_page", args=["record"]),
            action_url=reverse("design_page", args=["sign" if face == 1 else "action"]),
            step=say("签名", "簽名", "Sign") if face == 1 else say("办理", "辦理", "Do it"),
            customer=row.cells[1].value,
            clause=clause,
            clock=clocks()[face],
        )

    answer = say("答复客户", "答覆客戶", "Answer the customer")
    sign = say("会签处理方案", "會簽處理方案", "Sign the remedy")
    classify = say("定级并分派", "定級並分派", "Classify and hand on")
    return [
        Day(label=say("已逾期", "已逾期", "Overdue"), is_overdue=True, duties=[duty(answer, 0, 0, "MX-QM-03 4.2.1")]),
        Day(
            label=say("今天 3 月 9 日 星期一", "今天 3 月 9 日 星期一", "Today, Monday 9 March"),
            duties=[duty(sign, 1, 1, "MX-QM-03 4.3.5"), duty(answer, 2, 1, "MX-QM-03 4.2.1")],
        ),
        Day(
            label=say("星期三 3 月 11 日", "星期三 3 月 11 日", "Wednesday 11 March"),
            duties=[duty(classify, 3, 3, "MX-QM-03 4.1.2"), duty(answer, 4, 2, "MX-QM-03 4.2.1")],
        ),
    ]


def tallies() -> list[Tally]:
    return [
        Tally(label=say("已逾期", "已逾期", "Overdue"), count="1", url=HERE, tone="overdue"),
        Tally(label=say("今天到期", "今天到期", "Today"), count="2", url=HERE, tone="due"),
        Tally(label=say("本周到期", "本週到期", "This week"), count="5", url=HERE),
        Tally(label=say("待我签名", "待我簽名", "For my signature"), count="3", url=HERE),
        Tally(label=say("等待他人", "等待他人", "I wait for others"), count="0", url=HERE),
    ]


def clauses(*, shown: bool = True) -> list[ClauseShown]:
    def conformity(**numbers: int) -> Conformity | None:
        return Conformity(**numbers) if shown else None

    return [
        ClauseShown(number="4", title=say("工作程序", "工作程序", "Procedure"), text="", depth=1, anchor="c4"),
        ClauseShown(
            number="4.1",
            title=say("受理与登记", "受理與登記", "Taking down"),
            text=say(
                "销售部接到客户投诉后，无论书面或口头，应当场填写《客户投诉处理单》并登记编号。",
                "銷售部接到客戶投訴後，無論書面或口頭，應當場填寫《客戶投訴處理單》並登記編號。",
                "Whoever in Sales hears of a complaint, written or spoken, takes it down at once on the form and numbers it.",
            ),
            depth=2,
            anchor="c4.1",
            url=HERE,
            controls=[
                say("由销售部登记", "由銷售部登記", "Sales registers it"),
                say("编号：TS-年-四位流水", "編號：TS-年-四位流水", "Number: TS-year-four digits"),
            ],
            conformity=conformity(kept=41, late=2, running=3),
        ),
        ClauseShown(
            number="4.2.1",
            text=say(
                "一般投诉两个工作日内答复客户；重大投诉 4 小时内答复，并报告总经理。",
                "一般投訴兩個工作日內答覆客戶；重大投訴 4 小時內答覆，並報告總經理。",
                "Minor complaints are answered within two working days; grave ones within four hours, and the general manager is told.",
            ),
            depth=3,
            anchor="c4.2.1",
            url=HERE,
            controls=[
                say(
                    "一般：2 个工作日内答复，品管部负责",
                    "一般：2 個工作日內答覆，品管部負責",
                    "Minor: answer within 2 working days, owed by Quality",
                ),
                say("重大：4 小时内答复", "重大：4 小時內答覆", "Major: answer within 4 hours"),
                say("重大投诉通知总经理", "重大投訴通知總經理", "Major: the general manager is told"),
            ],
            conformity=conformity(kept=30, late=4, broken=2, running=5),
        ),
        ClauseShown(
            number="4.3.5",
            text=say(
                "处理方案经品管部、销售部会签，总经理批准后执行。",
                "處理方案經品管部、銷售部會簽，總經理批准後執行。",
                "The remedy is signed by Quality and Sales and approved by the general manager before it is carried out.",
            ),
            depth=3,
            anchor="c4.3.5",
            url=HERE,
            controls=[
                say(
                    "执行前：品管部、销售部会签，总经理批准",
                    "執行前：品管部、銷售部會簽，總經理批准",
                    "Before carrying out: Quality and Sales sign, the general manager approves",
                )
            ],
            conformity=conformity(kept=22, running=1),
        ),
        ClauseShown(
            number="5.2",
            title=say("年度评审", "年度評審", "Yearly review"),
            text=say(
                "每年至少一次评审投诉处理的有效性。",
                "每年至少一次評審投訴處理的有效性。",
                "At least once a year it is reviewed how well complaints are handled.",
            ),
            depth=2,
            anchor="c5.2",
            controls=[
                say("每年一次，管理者代表", "每年一次，管理者代表", "Once a year, the management representative")
            ],
            conformity=conformity(),
        ),
        ClauseShown(
            number="6",
            title=say("定义", "定義", "Definitions"),
            text=say(
                "本程序所称客户，指合同相对方及最终使用者。",
                "本程序所稱客戶，指合約相對方及最終使用者。",
                "Customer here means the party to the contract and the final user.",
            ),
            depth=1,
            anchor="c6",
            remark=say("仅为说明，无控制点", "僅為說明，無控制點", "Text only, nothing to check"),
        ),
    ]


def _parts(request: HttpRequest) -> dict[str, Any]:
    return {
        "clocks": clocks(),
        "states": states(),
        "people": [li(), zhang(), chen(), Person(name="Anna Maria Berg", department="Sales")],
        "steps": steps(),
        "facts": facts(),
        "sign_off": sign_offs()[0],
        "entries": entries(),
        "attachments": attachments(),
        "links": links(),
        "tabs": tabs(),
        "chips": chips(),
        "filter_form": FilterSample(auto_id=False),
        "columns": columns(),
        "rows": rows(),
        "main_action": main_action(),
        "closed_action": main_action(closed_sentence()),
        "refusal": closed_sentence(),
        "form": RemedySample(auto_id="sample_%s"),
        "wrong_form": wrong_form(),
        "what_follows": what_follows(),
        "conformities": [
            Conformity(kept=30, late=4, broken=2, running=5),
            Conformity(kept=22),
            Conformity(running=2),
            Conformity(),
        ],
        "notices": [
            (
                "info",
                say(
                    "您正代王总签名，至 3 月 12 日。",
                    "您正代王總簽名，至 3 月 12 日。",
                    "You sign for Mr Wang until 12 March.",
                ),
            ),
            (
                "success",
                say("已登记，编号 TS-2026-0412。", "已登記，編號 TS-2026-0412。", "Registered as TS-2026-0412."),
            ),
            (
                "warning",
                say(
                    "2027 年放假通知尚未载入，期限为暂定。",
                    "2027 年放假通知尚未載入，期限為暫定。",
                    "The notice of 2027's holidays is not loaded; the time limit is provisional.",
                ),
            ),
            (
                "error",
                say(
                    "李敏刚刚改过这张单子，请核对后再提交。",
                    "李敏剛剛改過這張單子，請核對後再提交。",
                    "Li Min has just changed this record; look at it and send yours again.",
                ),
            ),
        ],
        "pager": Pager(
            newer_url="?after=1",
            older_url="?before=9",
            shown=say("本页 8 条，共 1000+ 条", "本頁 8 筆，共 1000+ 筆", "8 on this page of 1000+"),
        ),
    }


def what_follows() -> str:
    return say(
        "提交后：品管部、销售部 2 人会签，24 小时内；随后总经理批准。",
        "提交後：品管部、銷售部 2 人會簽，24 小時內；隨後總經理批准。",
        "After this two people in Quality and Sales sign within 24 hours, then the general manager approves.",
    )


def _record_of_samples() -> dict[str, Any]:
    return {
        "record": {
            "number": "TS-2026-0412",
            "subject": say(
                "精密减速机 NMRV063 油封渗漏，12 台中 3 台",
                "精密減速機 NMRV063 油封滲漏，12 臺中 3 臺",
                "Precision reducer NMRV063: seals leak, 3 of 12",
            ),
            "url": reverse("design_page", args=["record"]),
        },
        "register_label": say("客户投诉", "客戶投訴", "Complaints"),
        "register_url": reverse("design_page", args=["register"]),
    }


def _my_work() -> tuple[str, dict[str, Any]]:
    action = reverse("design_page", args=["action"])
    return "desk/my_work.html", {
        "tallies": tallies(),
        "days": duties(),
        "buttons": [
            ActionButton(label=say("登记投诉", "登記投訴", "Register a complaint"), url=action, icon="message-report"),
            ActionButton(label=say("提出改进", "提出改進", "Raise an improvement"), url=action, icon="refresh"),
        ],
        "recent": [LinkedRecord(number=row.number, title=row.cells[2].value, url=row.url) for row in rows()[:4]],
        "deputies": [
            say(
                "您代王总签名，至 3 月 12 日。", "您代王總簽名，至 3 月 12 日。", "You sign for Mr Wang until 12 March."
            )
        ],
        "deputies_url": HERE,
    }


def _nothing_due() -> tuple[str, dict[str, Any]]:
    template, context = _my_work()
    none = [Tally(label=tally.label, count="0", url=tally.url) for tally in tallies()]
    return template, {**context, "tallies": none, "days": [], "kept_this_week": 14, "recent": [], "deputies": []}


def _register() -> tuple[str, dict[str, Any]]:
    return "desk/register.html", {
        "title": say("客户投诉", "客戶投訴", "Complaints"),
        "count": "1000+",
        "count_url": "?count=all",
        "new": ActionButton(
            label=say("登记投诉", "登記投訴", "Register a complaint"),
            url=reverse("design_page", args=["action"]),
            icon="plus",
        ),
        "tabs": tabs(),
        "chips": chips(),
        "filter_form": FilterSample(),
        "clear_url": "?",
        "columns": columns(),
        "rows": rows(),
        "tickable": True,
        "caption": say("客户投诉", "客戶投訴", "Complaints"),
        "bulk_url": HERE,
        "bulk_actions": [
            ActionButton(label=say("转交", "轉交", "Hand over"), url="", name="assign", icon="user-check"),
            ActionButton(label=say("导出所选", "匯出所選", "Export these"), url="", name="export", icon="download"),
        ],
        "pager": Pager(
            older_url="?before=9",
            shown=say("本页 8 条，共 1000+ 条", "本頁 8 筆，共 1000+ 筆", "8 on this page of 1000+"),
        ),
        "export_url": HERE,
        "print_url": reverse("design_page", args=["print"]),
        "save_view_url": reverse("design_page", args=["saved-view"]),
        "columns_url": reverse("design_page", args=["saved-view"]),
    }


def _empty_register() -> tuple[str, dict[str, Any]]:
    _, context = _register()
    return "desk/register.html", {
        **context,
        "title": say("纠正和预防措施", "矯正和預防措施", "Corrective action"),
        "count": "",
        "rows": [],
        "chips": [],
        "new": ActionButton(
            label=say("提出改进", "提出改進", "Raise an improvement"),
            url=reverse("design_page", args=["action"]),
            icon="plus",
        ),
        "empty_text": say(
            "由投诉、审核或自查提出的改进会在这里，从原因分析一直跟到效果验证。",
            "由投訴、稽核或自查提出的改進會在這裡，從原因分析一直跟到效果驗證。",
            "What complaints, audits and your own checks bring up will stand here, from its cause to the proof that the cure works.",
        ),
    }


def _record() -> tuple[str, dict[str, Any]]:
    return "desk/record.html", {
        **_record_of_samples(),
        "party": {
            "name": say("苏州恒远机械有限公司", "蘇州恆遠機械有限公司", "Suzhou Hengyuan Machinery"),
            "url": HERE,
            "note": say("A 类 · 国内", "A 類 · 國內", "class A, domestic"),
        },
        "owner": li(),
        "department": li().department,
        "opened_at": NOW - 120 * HOUR,
        "state": states()[3],
        "steps": steps(),
        "main_action": main_action(),
        "open_actions": open_actions(),
        "closed_actions": closed_actions(),
        "prints": [(say("客户投诉处理单", "客戶投訴處理單", "Complaint form"), HERE)],
        "panels": [
            Panel(title=say("投诉内容", "投訴內容", "The complaint"), facts=facts()[:9]),
            Panel(title=say("处理", "處理", "Handling"), facts=facts()[9:]),
        ],
        "clocks": [clocks()[0], clocks()[1], clocks()[5]],
        "sign_offs": sign_offs(),
        "links": links(),
        "attachments": attachments(),
        "attach_url": HERE,
        "entries": entries(),
        "older_url": "?before=3",
        "comment_url": HERE,
        "editions": [("MX-QM-03", "B/2", reverse("design_page", args=["procedure"]))],
    }


def _action() -> tuple[str, dict[str, Any]]:
    return "desk/action.html", {
        **_record_of_samples(),
        "action": {
            "label": say("提交处理方案", "提交處理方案", "Send the remedy"),
            "hint": say("写明给客户的处理方案。", "寫明給客戶的處理方案。", "Say what the customer is offered."),
            "clause": "MX-QM-03 4.3.5",
            "clause_url": HERE,
        },
        "form": RemedySample(),
        "what_follows": what_follows(),
        "submit_label": say("提交会签", "提交會簽", "Send for sign-off"),
        "cancel_url": reverse("design_page", args=["record"]),
        "version": 4,
    }


def _sign() -> tuple[str, dict[str, Any]]:
    _, context = _action()
    return "desk/action.html", {
        **context,
        "action": {
            "label": say("会签处理方案", "會簽處理方案", "Sign the remedy"),
            "hint": "",
            "clause": "MX-QM-03 4.3.5",
            "clause_url": HERE,
        },
        "form": SignSample(),
        "meaning": say(
            "我作为销售部经理已审核这一方案。",
            "我作為銷售部經理已審核這一方案。",
            "I have reviewed this remedy as sales manager.",
        ),
        "what_follows": say(
            "签名后：转总经理批准，24 小时内。签名不能撤回。",
            "簽名後：轉總經理批准，24 小時內。簽名不能撤回。",
            "After this the general manager approves within 24 hours. A signature cannot be taken back.",
        ),
        "submit_label": say("签名", "簽名", "Sign"),
    }


def _clock() -> tuple[str, dict[str, Any]]:
    def at(written: str) -> datetime:
        return datetime.strptime(f"2026-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)

    def worked(start: str, end: str, amount: str) -> Segment:
        return Segment(start=at(start), end=at(end), words=say("工作时间", "工作時間", "Working time"), amount=amount)

    return "desk/clock.html", {
        **_record_of_samples(),
        "clock": clocks()[2],
        "sentence": say(
            "从 3 月 6 日 10:20 起算 2 个工作日（16 工时），扣除等待客户 3 小时，到 3 月 10 日 14:20 为止。",
            "從 3 月 6 日 10:20 起算 2 個工作日（16 工時），扣除等待客戶 3 小時，到 3 月 10 日 14:20 為止。",
            "Two working days (16 working hours) from 6 March 10:20, less three hours of waiting for the customer, end on 10 March at 14:20.",
        ),
        "facts": [
            Fact(label=say("期限", "期限", "Span"), value=say("2 个工作日", "2 個工作日", "2 working days")),
            Fact(label=say("起点", "起點", "Starts with"), value=say("登记", "登記", "Registering")),
            Fact(label=say("工作时间", "工作時間", "Calendar"), value="08:00–12:00, 13:00–17:00"),
            Fact(label=say("责任人", "責任人", "Owed by"), value=li(), kind="person"),
        ],
        "clause": {
            "procedure": "MX-QM-03",
            "number": "4.2.1",
            "text": clauses()[2].text,
            "url": reverse("design_page", args=["procedure"]) + "#c4.2.1",
        },
        "segments": [
            worked("03-06 10:20", "03-06 12:00", say("1 小时 40 分", "1 小時 40 分", "1 h 40 min")),
            worked("03-06 13:00", "03-06 17:00", say("4 小时", "4 小時", "4 h")),
            Segment(start=at("03-07 00:00"), end=at("03-09 00:00"), words=say("周末", "週末", "Weekend"), kind="rest"),
            Segment(
                start=at("03-09 08:00"),
                end=at("03-09 11:00"),
                words=say("等待客户寄回样件", "等待客戶寄回樣件", "Waiting for the customer's parts"),
                kind="pause",
                clause="MX-QM-03 4.2.3",
            ),
            worked("03-09 11:00", "03-09 12:00", say("1 小时", "1 小時", "1 h")),
            worked("03-09 13:00", "03-09 17:00", say("4 小时", "4 小時", "4 h")),
            worked("03-10 08:00", "03-10 12:00", say("4 小时", "4 小時", "4 h")),
            worked("03-10 13:00", "03-10 14:20", say("1 小时 20 分", "1 小時 20 分", "1 h 20 min")),
            Segment(start=at("03-10 14:20"), end=None, words=say("到期", "到期", "Due"), kind="result"),
        ],
        "total": say("16 小时", "16 小時", "16 h"),
        "provisional": "",
    }


def _procedures() -> tuple[str, dict[str, Any]]:
    names = [
        ("MX-QM-01", say("客户档案管理程序", "客戶檔案管理程序", "Customer files"), Conformity(kept=12)),
        (
            "MX-QM-03",
            say("客户投诉处理程序", "客戶投訴處理程序", "Handling of complaints"),
            Conformity(kept=93, late=6, broken=2, running=9),
        ),
        (
            "MX-QM-07",
            say("纠正和预防措施控制程序", "矯正和預防措施控制程序", "Corrective and preventive action"),
            Conformity(),
        ),
    ]
    return "desk/procedures.html", {
        "procedures": [
            {
                "code": code,
                "title": title,
                "url": reverse("design_page", args=["procedure"]),
                "edition": "B/2",
                "effective": NOW.date(),
                "clauses": 24,
                "conformity": conformity,
            }
            for code, title, conformity in names
        ]
    }


def _procedure() -> tuple[str, dict[str, Any]]:
    return "desk/procedure.html", {
        "document": {
            "code": "MX-QM-03",
            "title": say("客户投诉处理程序", "客戶投訴處理程序", "Handling of customer complaints"),
            "edition": "B/2",
            "effective": NOW.date(),
            "company": say("曼兴精密机械有限公司", "曼興精密機械有限公司", "Manxing Precision Machinery Co., Ltd."),
        },
        "cover": [
            Fact(label=say("编制", "編製", "Prepared"), value=say("品管部", "品管部", "Quality")),
            Fact(
                label=say("审核", "審核", "Reviewed"),
                value=say("管理者代表", "管理者代表", "Management representative"),
            ),
            Fact(label=say("批准", "批准", "Approved"), value=say("总经理", "總經理", "General manager")),
            Fact(
                label=say("分发", "分發", "Distribution"),
                value=say("销售部、品管部、装配车间", "銷售部、品管部、裝配車間", "Sales, Quality, Assembly"),
            ),
        ],
        "history": [
            {
                "edition": "B/2",
                "date": NOW.date(),
                "change": say(
                    "答复期限由 3 个工作日改为 2 个工作日",
                    "答覆期限由 3 個工作日改為 2 個工作日",
                    "Answer within two working days instead of three",
                ),
            }
        ],
        "clauses": clauses(),
        "conformity_on": True,
        "conformity_url": "?conformity=0",
        "period": say("2025-03-10 至 2026-03-09", "2025-03-10 至 2026-03-09", "2025-03-10 to 2026-03-09"),
        "editions": [("B/1", "?edition=B/1", False), ("B/2", "?edition=B/2", True)],
        "print_url": HERE,
    }


def _search() -> tuple[str, dict[str, Any]]:
    return "desk/search.html", {
        "words": say("油封", "油封", "seal"),
        "count": "23",
        "tabs": tabs()[1:4],
        "results": [
            {
                "number": row.number,
                "title": row.cells[2].value,
                "url": row.url,
                "type": say("客户投诉", "客戶投訴", "Complaint"),
                "party": row.cells[1].value,
                "state": row.cells[5].value,
            }
            for row in rows()[:5]
        ],
        "pager": Pager(
            older_url="?before=9", shown=say("本页 5 条，共 23 条", "本頁 5 筆，共 23 筆", "5 on this page of 23")
        ),
    }


def _nothing_found() -> tuple[str, dict[str, Any]]:
    return "desk/search.html", {"words": "XQ-0000", "count": "0", "results": []}


def _conformity() -> tuple[str, dict[str, Any]]:
    _, procedures = _procedures()
    for procedure in procedures["procedures"]:
        procedure["is_active"] = procedure["code"] == "MX-QM-03"
    return "desk/conformity.html", {
        **procedures,
        "whole": Conformity(kept=93, late=6, broken=2, running=9),
        "document": {
            "code": "MX-QM-03",
            "title": say("客户投诉处理程序", "客戶投訴處理程序", "Handling of complaints"),
            "url": reverse("design_page", args=["procedure"]),
        },
        "clauses": clauses(),
        "filter_form": FilterSample(),
        "worst_url": "?worst=1",
        "sample_url": HERE,
        "print_url": HERE,
        "as_of": NOW,
    }


def _attachment() -> tuple[str, dict[str, Any]]:
    return "desk/attachment.html", {
        "file": attachments()[0],
        "record": _record_of_samples()["record"],
        "media": "other",
        "download_url": HERE,
        "facts": [
            Fact(label=say("种类", "種類", "Kind"), value=attachments()[0].kind),
            Fact(label=say("附上", "附上", "Attached by"), value=zhang(), kind="person"),
            Fact(label="SHA-256", value="9f2c1d…e07b", kind="number"),
        ],
    }


class ViewSample(forms.Form):
    """A saved view."""

    name = forms.CharField()
    shared = forms.BooleanField(required=False)
    columns = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = say("名称", "名稱", "Name")
        self.fields["shared"].label = say("本公司同事都可以用", "本公司同事都可以用", "For all colleagues")
        self.fields["columns"].label = say("列", "欄", "Columns")
        self.fields["columns"].choices = [(column.key, column.label) for column in columns()]
        self.fields["columns"].initial = [column.key for column in columns()]


def _saved_view() -> tuple[str, dict[str, Any]]:
    return "desk/saved_view.html", {
        **_record_of_samples(),
        "form": ViewSample(),
        "what": say("未结 · 类别：投诉", "未結 · 類別：投訴", "open · kind: complaint"),
        "delete_url": HERE,
    }


def _print() -> tuple[str, dict[str, Any]]:
    return "desk/print.html", {
        "company": say("曼兴精密机械有限公司", "曼興精密機械有限公司", "Manxing Precision Machinery Co., Ltd."),
        "code": "MX-QR-03-02",
        "edition": "B/2",
        "title": say("客户投诉登记簿", "客戶投訴登記簿", "Register of complaints"),
        "what": say("未结，按编号倒序", "未結，按編號倒序", "open, newest number first"),
        "columns": columns(),
        "rows": rows(),
        "printed_by": li().name,
        "printed_at": NOW,
    }


def _palette() -> tuple[str, dict[str, Any]]:
    record = reverse("design_page", args=["record"])
    return "desk/parts/palette_results.html", {
        "groups": [
            (
                say("单据", "單據", "Records"),
                [
                    {"number": row.number, "label": row.cells[2].value, "url": record, "state": row.cells[5].value}
                    for row in rows()[:3]
                ],
            ),
            (
                say("操作", "操作", "Commands"),
                [
                    {
                        "icon": "plus",
                        "label": say("登记投诉", "登記投訴", "Register a complaint"),
                        "url": record,
                        "note": "MX-QM-03",
                    }
                ],
            ),
        ]
    }


PAGES = {
    "my-work": _my_work,
    "nothing-due": _nothing_due,
    "register": _register,
    "empty-register": _empty_register,
    "record": _record,
    "action": _action,
    "sign": _sign,
    "clock": _clock,
    "procedures": _procedures,
    "procedure": _procedure,
    "search": _search,
    "nothing-found": _nothing_found,
    "conformity": _conformity,
    "attachment": _attachment,
    "saved-view": _saved_view,
    "print": _print,
    "palette": _palette,
    "offline": lambda: ("desk/offline.html", {}),
    "no-company": lambda: ("desk/no_company.html", {}),
    "not-found": lambda: ("404.html", {}),
    "forbidden": lambda: ("403.html", {}),
    "fault": lambda: ("500.html", {}),
}
