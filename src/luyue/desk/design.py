"""The design pages: each part in all its states, and each page with a made-up company's records in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luyue.desk.faces import (
    ActionButton,
    Conformity,
    Fact,
    LinkedRecord,
    NavigationEntry,
    Pager,
    Panel,
    Person,
    Segment,
    Tally,
)
from luyue.desk.mishaps import BUSY, NO_ROOM, TOO_LARGE
from luyue.desk.samples import (
    HERE,
    HOUR,
    NOW,
    ZONE,
    FilterSample,
    RemedySample,
    SignSample,
    ViewSample,
    attachments,
    chen,
    chips,
    clauses,
    clocks,
    closed_actions,
    closed_sentence,
    columns,
    duties,
    entries,
    facts,
    li,
    links,
    main_action,
    open_actions,
    rows,
    say,
    sign_offs,
    states,
    steps,
    tabs,
    tallies,
    what_follows,
    wrong_form,
    zhang,
)

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
    "too-much",
    "no-answer",
    "no-room",
    "too-many-attempts",
    "palette",
)
STATUSES = {
    "not-found": 404,
    "forbidden": 403,
    "fault": 500,
    "too-much": 413,
    "no-answer": 503,
    "no-room": 507,
    "too-many-attempts": 429,
}


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every part in all its states, in both themes."""
    messages.info(request, say("会签已提交。", "會簽已提交。", "The sign-off was sent."))
    return render(
        request,
        "desk/design.html",
        {
            **_shell("design"),
            "pages": [(name, reverse("desk:design_page", args=[name])) for name in ADDRESSES],
            "sets": [("light", _parts(request)), ("dark", _parts(request))],
        },
    )


@login_not_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page as it looks with records in it."""
    if name not in ADDRESSES:
        raise Http404
    template, context = PAGES[name]()
    return render(request, template, {**_shell(name), **context}, status=STATUSES.get(name, 200))


def _shell(name: str) -> dict[str, Any]:
    def entry(label: str, icon: str, target: str, group: str = "", count: str = "") -> NavigationEntry:
        address = reverse("desk:design_page", args=[target])
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
        "navigation": (
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
        ),
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


def _record_of_samples() -> dict[str, Any]:
    return {
        "record": {
            "number": "TS-2026-0412",
            "subject": say(
                "精密减速机 NMRV063 油封渗漏，12 台中 3 台",
                "精密減速機 NMRV063 油封滲漏，12 臺中 3 臺",
                "Precision reducer NMRV063: seals leak, 3 of 12",
            ),
            "url": reverse("desk:design_page", args=["record"]),
        },
        "register_label": say("客户投诉", "客戶投訴", "Complaints"),
        "register_url": reverse("desk:design_page", args=["register"]),
    }


def _my_work() -> tuple[str, dict[str, Any]]:
    action = reverse("desk:design_page", args=["action"])
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
            url=reverse("desk:design_page", args=["action"]),
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
        "print_url": reverse("desk:design_page", args=["print"]),
        "save_view_url": reverse("desk:design_page", args=["saved-view"]),
        "columns_url": reverse("desk:design_page", args=["saved-view"]),
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
            url=reverse("desk:design_page", args=["action"]),
            icon="plus",
        ),
        "empty_text": say(
            "由投诉、审核或自查提出的改进会在这里，从原因分析一直跟到效果验证。",
            "由投訴、稽核或自查提出的改進會在這裡，從原因分析一直跟到效果驗證。",
            "What complaints and audits bring up will stand here, from its cause to the proof of the cure.",
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
        "editions": [("MX-QM-03", "B/2", reverse("desk:design_page", args=["procedure"]))],
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
        "cancel_url": reverse("desk:design_page", args=["record"]),
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
        "panels": [Panel(title=say("处理方案", "處理方案", "The remedy"), facts=facts()[9:])],
        "form": SignSample(),
        "meaning": say(
            "我作为销售部经理已审核这一方案。",
            "我作為銷售部經理已審核這一方案。",
            "I have reviewed this remedy as sales manager.",
        ),
        "what_follows": what_follows()[1:],
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
            "Sixteen working hours from 6 March 10:20, less three of waiting, end on 10 March at 14:20.",
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
            "url": reverse("desk:design_page", args=["procedure"]) + "#c4.2.1",
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
        ("MX-QM-01", say("客户档案管理程序", "客戶檔案管理程序", "Customer files")),
        ("MX-QM-03", say("客户投诉处理程序", "客戶投訴處理程序", "Handling of complaints")),
        ("MX-QM-07", say("纠正和预防措施控制程序", "矯正和預防措施控制程序", "Corrective and preventive action")),
    ]
    return "desk/procedures.html", {
        "procedures": [
            {
                "code": code,
                "title": title,
                "url": reverse("desk:design_page", args=["procedure"]),
                "edition": "B/2",
                "effective": NOW.date(),
                "clauses": 24,
            }
            for code, title in names
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
            "url": reverse("desk:design_page", args=["procedure"]),
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
    record = reverse("desk:design_page", args=["record"])
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
    "no-company": lambda: ("organization/no_company.html", {}),
    "not-found": lambda: ("404.html", {}),
    "forbidden": lambda: ("403.html", {}),
    "fault": lambda: ("500.html", {}),
    "too-much": lambda: ("desk/mishap.html", {"mishap": TOO_LARGE}),
    "no-answer": lambda: ("desk/mishap.html", {"mishap": BUSY}),
    "no-room": lambda: ("desk/mishap.html", {"mishap": NO_ROOM}),
    "too-many-attempts": lambda: ("429.html", {}),
}
