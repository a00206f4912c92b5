from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from luyue.records.models import Denial, Record
from tests.firms import PASSWORD, Firm

SeenBy = Callable[[Employee], Client]
ComplaintOf = Callable[..., Complaint]


def intake(firm: Firm, **changes: Any) -> dict[str, Any]:
    return {
        "party": firm.customer().number,
        "channel": "phone",
        "written": "no",
        "kind": "complaint",
        "what_happened": "棒材端面崩刃",
        "contact_name": "周工",
        "demand": "换货",
        "complaint_reason": "裂纹",
        "product_name": "棒材",
        "specification": "YG8",
        "quantity": "12",
        "delivered_on": "2026-01-05",
        "submission": "one",
        **changes,
    }


def test_a_clerk_registers_a_complaint_and_lands_on_it(carbide: Firm, seen_by: SeenBy) -> None:
    answer = seen_by(carbide["sales_officer"]).post("/r/complaints/new/", intake(carbide), follow=True)

    complaint = Complaint.objects.get()
    assert answer.redirect_chain == [(f"/r/complaints/{complaint.pk}/", 302)]
    assert complaint.number in answer.content.decode()


def test_the_same_form_sent_twice_makes_one_complaint(carbide: Firm, seen_by: SeenBy) -> None:
    client, said = seen_by(carbide["sales_officer"]), intake(carbide)

    first = client.post("/r/complaints/new/", said)
    second = client.post("/r/complaints/new/", said)

    assert Complaint.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_what_was_typed_is_still_there_when_something_is_wrong(carbide: Firm, seen_by: SeenBy) -> None:
    said = intake(carbide, party="没有这家", what_happened="一句不能丢的话")

    answer = seen_by(carbide["sales_officer"]).post("/r/complaints/new/", said)

    assert answer.status_code == 422
    assert "一句不能丢的话" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_field_that_does_not_apply_is_struck_through_with_its_reason(carbide: Firm, seen_by: SeenBy) -> None:
    client = seen_by(carbide["sales_officer"])
    refused = client.post("/r/complaints/new/", intake(carbide, quantity=""))
    assert refused.status_code == 422

    client.post("/r/complaints/new/", intake(carbide, quantity="", struck_quantity="客户不清楚数量"))

    complaint = Complaint.objects.get()
    assert complaint.struck_through == {"quantity": "客户不清楚数量"}
    assert "客户不清楚数量" in client.get(f"/r/complaints/{complaint.pk}/").content.decode()


def test_a_closed_action_says_why_on_its_own_page(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(carbide)

    answer = seen_by(carbide["warehouse_keeper"]).get(f"/r/complaints/{complaint.pk}/do/close/")

    assert answer.status_code in (200, 404)
    page = seen_by(carbide["sales_officer"]).get(f"/r/complaints/{complaint.pk}/do/close/").content.decode()
    assert "disabled" in page


def test_a_second_person_is_told_that_the_first_changed_the_record(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(carbide)
    address = f"/r/complaints/{complaint.pk}/do/classify/"
    said = {
        "version": complaint.version,
        "cause_class": "quality",
        "subject": "packaging",
        "severity": "minor",
        "special": "none",
        "on_site_needed": "no",
        "experts_needed": "no",
        "principle_matter": "no",
    }
    client = seen_by(carbide["sales_officer"])
    client.post(address, said)

    answer = client.post(address, {**said, "severity": "major"})

    assert answer.status_code == 422
    complaint.refresh_from_db()
    assert complaint.severity == "minor"


def test_whoever_is_not_concerned_finds_nothing(cement: Firm, seen_by: SeenBy) -> None:
    with cement.at("2026-03-02 10:00"):
        registrar = next(person for code, person in cement.people.items() if _may_register(cement, person))
        complaint = complaint_is.register(
            Complaint(),
            by=registrar,
            party=cement.customer(),
            channel="phone",
            what_happened="强度不足",
            contact_name="王工",
            contact_phone="000",
            product_name="P.O 42.5",
            order_number="D1",
            material_number="M1",
            quantity=5,
            demand="检验",
            complaint_reason="强度",
            specification="42.5",
            batch="B1",
            delivered_on=cement.today(),
            site_address="工地",
        )
    stranger = next(
        person
        for person in cement.people.values()
        if not Record.objects.visible_to(person, _authority(cement, person)).filter(pk=complaint.pk).exists()
    )
    client = seen_by(stranger)

    page = client.get(f"/r/complaints/{complaint.pk}/")
    action = client.get(f"/r/complaints/{complaint.pk}/do/classify/")
    register = client.get("/r/complaints/?view=all").content.decode()
    search = client.get("/search/?q=强度不足").content.decode()

    assert (page.status_code, action.status_code) == (404, 404)
    assert complaint.number not in register
    assert complaint.number not in search
    assert Denial.objects.filter(employee=stranger, record=complaint, reason="confidential").count() == 2


def _may_register(firm: Firm, person: Employee) -> bool:
    from luyue.records.registry import record_type
    from luyue.records.rules import may_open, rules_in_force

    return may_open(rules_in_force(firm.company, firm.today()), record_type("complaint"), _authority(firm, person))


def _authority(firm: Firm, person: Employee) -> Any:
    from luyue.organization.authority import authority_of

    return authority_of(person, firm.today())


def test_another_companys_records_do_not_exist(
    carbide: Firm, cement: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(carbide)
    client = seen_by(next(iter(cement.people.values())))

    for address in ("", "do/classify/", "do/comment/", "print/"):
        assert client.get(f"/r/complaints/{complaint.pk}/{address}").status_code == 404
    clock = complaint.obligations.filter(due_at__isnull=False).first()
    assert clock is not None
    assert client.get(f"/clocks/{clock.pk}/").status_code == 404
    assert complaint.number not in client.get("/r/complaints/?view=all").content.decode()


@pytest.mark.parametrize("address", ["/", "/r/complaints/?view=all", "/search/?q=崩刃"])
def test_a_list_asks_the_database_as_often_for_three_as_for_one(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf, address: str
) -> None:
    client = seen_by(carbide["sales_officer"])
    complaint_of(carbide, "崩刃一")
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        client.get(address)
    complaint_of(carbide, "崩刃二")
    complaint_of(carbide, "崩刃三")

    with CaptureQueriesContext(connection) as for_three:
        client.get(address)

    assert len(for_three) == len(for_one)


def test_the_register_pages_by_key_and_comes_back(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luyue.desk.listing.PAGE", 2)
    numbers = [complaint_of(carbide, f"事项{place}").number for place in range(5)]
    client = seen_by(carbide["sales_officer"])

    first = client.get("/r/complaints/?view=all")
    older = client.get(first.context["pager"].older_url)
    back = client.get(older.context["pager"].newer_url)

    def shown(answer: Any) -> list[str]:
        return [row.number for row in answer.context["rows"]]

    assert shown(first) == numbers[4:2:-1]
    assert shown(older) == numbers[2:0:-1]
    assert shown(back) == shown(first)


def test_the_export_holds_what_the_register_shows(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(carbide, "=1+1 不是公式")

    answer = seen_by(carbide["sales_officer"]).get("/r/complaints/export/?view=all")

    cells = _texts(answer.content)
    assert complaint.number in cells
    assert "=1+1 不是公式" in cells
    assert "已登记" in cells
    assert "registered" not in cells


def test_the_export_of_ticked_rows_keeps_the_columns_and_the_order_of_the_list(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    first, second = complaint_of(carbide, "先来的"), complaint_of(carbide, "后来的")

    answer = seen_by(carbide["sales_officer"]).get(
        "/r/complaints/bulk/",
        {"action": "export", "record": [second.pk, first.pk], "cols": "number,batch", "view": "all"},
    )

    assert [text for text in _texts(answer.content) if text] == ["编号", "批号", second.number, first.number]
    assert "%E5%AE%A2%E6%88%B7%E6%8A%95%E8%AF%89" in answer["Content-Disposition"]


def test_who_searches_within_a_filtered_list_keeps_the_filters(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint_of(carbide)

    shown = seen_by(carbide["sales_officer"]).get("/r/complaints/?view=all&state=closed&state=registered&cols=number")

    search = shown.content.decode().split('role="search"')[2].split("</form>")[0]
    assert [f'name="state" value="{state}"' in search for state in ("closed", "registered")] == [True, True]
    assert 'name="cols" value="number"' in search


def test_whoever_assigns_ticked_rows_comes_back_to_the_list_as_it_was(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint, heir = complaint_of(carbide), carbide["after_sales_clerk"]

    answer = seen_by(carbide["marketing_manager"]).post(
        f"/r/complaints/bulk/?action=assign&record={complaint.pk}&view=all&state=registered",
        {"action": "assign", "record": complaint.pk, "to": heir.pk},
    )

    assert answer["Location"] == "/r/complaints/?view=all&state=registered"


def test_a_column_of_the_workbook_is_wide_enough_for_its_chinese(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint_of(carbide, "十个汉字一共二十宽啊")

    answer = seen_by(carbide["sales_officer"]).get("/r/complaints/export/?view=all&cols=title")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert float(sheet.split('width="')[1].split('"')[0]) > 20


def _texts(workbook: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        shared = parts.read("xl/sharedStrings.xml").decode()
    return re.findall(r"<t[^>]*>([^<]*)</t>", shared)


def test_a_view_is_kept_and_opened_again(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    client = seen_by(carbide["sales_officer"])
    complaint_of(carbide)

    answer = client.post(
        "/r/complaints/views/?view=all&state=closed", {"name": "已结案", "is_shared": "on"}, follow=True
    )

    assert [tab.label for tab in answer.context["tabs"]][-1] == "已结案"
    assert answer.context["rows"] == []
    colleague = seen_by(carbide["quality_manager"]).get("/r/complaints/")
    assert [tab.label for tab in colleague.context["tabs"]][-1] == "已结案"


def test_a_wrong_fact_is_put_right_and_the_wrong_one_stays_in_the_history(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(carbide)
    address = f"/r/complaints/{complaint.pk}/do/correct/"
    refused = seen_by(carbide["warehouse_keeper"]).post(address, {"field": "batch", "value": "B9", "reason": "抄错"})
    assert refused.status_code in (404, 422)

    seen_by(carbide["sales_officer"]).post(address, {"field": "batch", "value": "B9", "reason": "抄错"})

    complaint.refresh_from_db()
    entry = complaint.entries.get(action="complaint.correct")
    assert complaint.batch == "B9"
    assert entry.changes == {"batch": ["", "B9"]}
    assert entry.data["reason"] == "抄错"


def test_a_draft_edition_is_checked_signed_by_those_it_names_and_published(carbide: Firm, seen_by: SeenBy) -> None:
    from luyue.rulebook.models import Edition

    head = carbide["marketing_manager"]
    head.is_administrator = True
    head.save()
    old = Edition.objects.get(company=carbide.company)
    text = old.content.replace('edition: "1"', 'edition: "2"', 1).replace("2023-03-01", "2027-01-01", 1)
    client = seen_by(head)
    wrong = client.post("/procedures/drafts/new/", {"text": text.replace("within: 10d", "within: 10x")})
    assert wrong.status_code == 422
    assert "10x" in wrong.content.decode()

    right = {"text": text.replace("within: 10d", "within: 7d"), "submission": "a"}
    sent = [client.post("/procedures/drafts/new/", right) for _each in range(2)]
    draft = Edition.objects.get(number="2")
    assert [each["Location"] for each in sent] == [f"/procedures/drafts/{draft.pk}/"] * 2
    assert client.post(f"/procedures/drafts/{draft.pk}/publish/").status_code == 302
    draft.refresh_from_db()
    assert draft.status != "published"
    for position, meaning in (
        ("marketing_manager", "prepared"),
        ("deputy_gm", "reviewed"),
        ("general_manager", "approved"),
    ):
        seen_by(carbide[position]).post(
            f"/procedures/drafts/{draft.pk}/sign/", {"meaning": meaning, "password": PASSWORD}
        )
    page = client.get(f"/procedures/drafts/{draft.pk}/").content.decode()
    client.post(f"/procedures/drafts/{draft.pk}/publish/")

    draft.refresh_from_db()
    assert "<del>10</del><ins>7</ins> 天" in page
    assert draft.status == "published"
