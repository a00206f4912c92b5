"""A made-up company's records for the design pages, in three languages; nothing here touches the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
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
    Following,
    LinkedRecord,
    Links,
    Person,
    Row,
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


def say(hans: str, hant: str, en: str) -> str:
    """The sample in the reader's language."""
    language = get_language() or "zh-hans"
    return en if language.startswith("en") else hant if language == "zh-hant" else hans


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
    about: dict[str, Any] = {
        "clause": "MX-QM-03 4.3.5",
        "owner": owner,
        "url": reverse("desk:design_page", args=["clock"]),
    }
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
    here = reverse("desk:design_page", args=["attachment"])
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
        url=reverse("desk:design_page", args=["action"]),
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
    action = reverse("desk:design_page", args=["action"])
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
        named: dict[str, Any] = self.fields
        named["kind"].choices = [
            ("", say("全部", "全部", "All")),
            ("complaint", say("投诉", "投訴", "Complaint")),
        ]
        named["kind"].label = say("类别", "類別", "Kind")
        named["owner"].label = say("承办人", "承辦人", "Owner")
        named["opened_from"].label = say("登记日期从", "登記日期從", "Opened from")
        named["opened_to"].label = say("到", "到", "to")


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
        named: dict[str, Any] = self.fields
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
        named: dict[str, Any] = self.fields
        named["decision"].label = say("意见", "意見", "Decision")
        named["decision"].choices = [
            ("agreed", say("同意", "同意", "Agree")),
            ("sent_back", say("退回", "退回", "Send back")),
        ]
        named["opinion"].label = say("说明", "說明", "Opinion")
        named["password"].label = say("登录密码", "登入密碼", "Your password")


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
            url=reverse("desk:design_page", args=["record"]),
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
            url=reverse("desk:design_page", args=["record"]),
            action_url=reverse("desk:design_page", args=["sign" if face == 1 else "action"]),
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
                "Whoever in Sales hears of a complaint, written or spoken, takes it down at once and numbers it.",
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
                "Minor complaints are answered within two working days, grave ones within four hours.",
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
                "Quality and Sales sign the remedy; the general manager approves it before it is carried out.",
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


def what_follows() -> list[Following]:
    return [
        Following(
            text=say(
                "单据状态变为“方案待审定”。", "單據狀態變為「方案待審定」。", "The record becomes “To be decided”."
            )
        ),
        Following(
            text=say(
                "由品管部、销售部在 24 小时内会签。",
                "由品管部、銷售部在 24 小時內會簽。",
                "Quality and Sales sign within 24 hours.",
            ),
            clause="MX-QM-03 4.3.5",
            clause_url=HERE,
        ),
    ]


class ViewSample(forms.Form):
    """A saved view."""

    name = forms.CharField()
    shared = forms.BooleanField(required=False)
    columns = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        named["name"].label = say("名称", "名稱", "Name")
        named["shared"].label = say("本公司同事都可以用", "本公司同事都可以用", "For all colleagues")
        named["columns"].label = say("列", "欄", "Columns")
        named["columns"].choices = [(column.key, column.label) for column in columns()]
        named["columns"].initial = [column.key for column in columns()]
