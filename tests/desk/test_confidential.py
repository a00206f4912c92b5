"""What a procedure keeps from somebody is on no page, paper, list and answer of a program that he or she gets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from luyue.api.shapes import whole
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.desk.pages.print_page import form_of, forms_of
from luyue.organization.authority import authority_of
from luyue.organization.models import Employee, Position
from luyue.organization.staff import give_position
from luyue.records import clock
from luyue.records.case import Case
from luyue.records.general import COMMENT
from luyue.records.models import Record
from luyue.rulebook.loading import read_profile
from tests.desk.conftest import RULEBOOKS
from tests.firms import Firm

SeenBy = Callable[[Employee], Client]
ComplaintOf = Callable[..., Complaint]

FORM = "      - form:\n          record: complaint\n"
SECRETS = """      - confidentiality:
          record: complaint
          readers: [{position: sales_officer}]
          fields: [complaint_reason, specification, product_name, contact_name]
"""


@pytest.fixture
def discreet(db: None, tmp_path: Path) -> Firm:
    """Carbide, with some facts of a complaint for the eyes of the sales officer alone."""
    shutil.copytree(RULEBOOKS / "carbide", tmp_path / "carbide")
    paper = tmp_path / "carbide" / "contract-and-after-sales.yaml"
    text = paper.read_text(encoding="utf-8")
    paper.write_text(text.replace(FORM, SECRETS + FORM, 1), encoding="utf-8")
    return Firm(read_profile(tmp_path / "carbide"))


def case_of(firm: Firm, complaint: Complaint, position: str) -> Case:
    return Case(Complaint.objects.get(pk=complaint.pk), firm[position], complaint.changed_at)


def test_hidden_facts_are_left_out_of_the_page_its_history_and_its_forms(
    discreet: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(discreet, complaint_reason="内部裂纹八处", specification="YG8秘")
    here = f"/r/complaints/{complaint.pk}/"

    def said_to(position: str) -> str:
        client = seen_by(discreet[position])
        pages = [client.get(address) for address in (here, f"{here}do/correct/")]
        assert {page.status_code for page in pages} == {200}
        return "".join(page.content.decode() for page in pages)

    assert "内部裂纹八处" in said_to("sales_officer")
    assert "YG8秘" in said_to("sales_officer")
    assert "内部裂纹八处" not in said_to("quality_manager")
    assert "YG8秘" not in said_to("quality_manager")
    assert 'value="specification"' not in said_to("quality_manager")


def test_on_the_page_what_is_hidden_is_not_taken_for_empty(
    discreet: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(discreet, specification="YG8秘")

    def said_to(position: str) -> dict[str, Any]:
        page = seen_by(discreet[position]).get(f"/r/complaints/{complaint.pk}/", headers={"accept-language": "en"})
        return {fact.label: fact.value for panel in page.context["panels"] for fact in panel.facts}

    assert said_to("sales_officer")["Specification"] == "YG8秘"
    assert said_to("quality_manager")["Specification"] == "not shown to you"
    assert said_to("quality_manager")["Batch"] == ""


def test_a_column_of_a_hidden_fact_says_that_it_is_hidden_on_screen_on_paper_and_in_the_workbook(
    discreet: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint_of(discreet, specification="YG8秘")
    query = "?view=all&cols=number,specification,batch"

    def cells(position: str) -> list[Any]:
        client = seen_by(discreet[position])
        english = {"accept-language": "en"}
        pages = [client.get(f"/r/complaints/{name}{query}", headers=english) for name in ("", "print/")]
        return [row.cells[1].value for page in pages for row in page.context["rows"]]

    assert cells("sales_officer") == ["YG8秘", "YG8秘"]
    assert cells("quality_manager") == ["not shown to you"] * 2
    assert _is_in_workbook(seen_by(discreet["sales_officer"]), query)
    assert not _is_in_workbook(seen_by(discreet["quality_manager"]), query)


def _is_in_workbook(client: Client, query: str) -> bool:
    import io
    import zipfile

    answer = client.get(f"/r/complaints/export/{query}")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return "YG8秘" in parts.read("xl/sharedStrings.xml").decode()


def test_nobody_finds_a_record_by_a_fact_that_is_hidden_from_him(
    discreet: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(discreet, product_name="秘制棒材")

    def found(position: str, query: str) -> list[str]:
        rows = seen_by(discreet[position]).get(f"/r/complaints/?view=all&{query}").context["rows"]
        return [row.number for row in rows]

    assert found("sales_officer", "product_name=秘制棒材") == [complaint.number]
    assert found("quality_manager", "product_name=秘制棒材") == []
    assert found("quality_manager", "channel=phone") == [complaint.number]
    assert found("quality_manager", "q=秘制棒材") == found("sales_officer", "q=秘制棒材") == []


def test_hidden_facts_are_on_no_paper_and_in_no_answer_to_a_program(discreet: Firm, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(discreet, specification="YG8秘")

    def printed(position: str) -> set[str]:
        case = case_of(discreet, complaint, position)
        return {field.value for field in form_of(case, forms_of(case)[0]).fields}

    def hidden_boxes(position: str) -> list[str]:
        case = case_of(discreet, complaint, position)
        said = f"not shown to {discreet[position].name}"
        with translation.override("en"):
            return [field.label for field in form_of(case, forms_of(case)[0]).fields if field.value == said]

    def answered(position: str) -> Any:
        return whole(case_of(discreet, complaint, position))["fields"]["specification"]

    assert "YG8秘" in printed("sales_officer")
    assert "YG8秘" not in printed("quality_manager")
    assert (len(hidden_boxes("sales_officer")), "Specification" in hidden_boxes("quality_manager")) == (0, True)
    assert (answered("sales_officer"), answered("quality_manager")) == ("YG8秘", None)


def _cannot_see(firm: Firm, record: Record) -> Employee:
    return next(
        person
        for person in firm.people.values()
        if not Record.objects.visible_to(person, authority_of(person, firm.today())).filter(pk=record.pk).exists()
    )


def test_what_a_record_repeats_is_not_named_to_one_who_may_not_see_it(cement: Firm, seen_by: SeenBy) -> None:
    said = {
        "by": cement["complaint_officer"],
        "party": cement.customer(),
        "channel": "phone",
        "contact_name": "王工",
        "contact_phone": "000",
        "product_name": "P.O 42.5",
        "order_number": "D1",
        "material_number": "M1",
        "quantity": 5,
        "demand": "检验",
        "complaint_reason": "强度",
        "specification": "42.5",
        "batch": "B1",
        "delivered_on": cement.today(),
        "site_address": "工地",
    }
    earlier = complaint_is.register(Complaint(), what_happened="强度不足", **said)
    later = complaint_is.register(Complaint(), what_happened="又不足", **said)
    stranger = _cannot_see(cement, earlier)
    COMMENT(later, by=cement["complaint_officer"], text=f"请 @{stranger.name} 看一下")
    client = seen_by(stranger)

    pages = [
        client.get(address).content.decode()
        for address in (f"/r/complaints/{later.pk}/", "/r/complaints/?view=all&cols=number,repeats", "/")
    ]

    assert later.repeats_id == earlier.pk
    assert later.number in pages[0]
    assert later.number in pages[1]
    assert [earlier.number in page for page in pages] == [False, False, False]
    officer = seen_by(cement["complaint_officer"])
    assert earlier.number in officer.get(f"/r/complaints/{later.pk}/").content.decode()


def test_what_one_may_no_longer_see_is_not_among_the_records_recently_opened(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
        helper = _cannot_see(carbide, complaint)
        position = Position.objects.get(company=carbide.company, code="sales_officer")
        give_position(helper, position, by=None, at=clock.now(), since=carbide.today(), until=carbide.today())
        client = seen_by(helper)
        assert client.get(f"/r/complaints/{complaint.pk}/").status_code == 200
        assert complaint.number in client.get("/").content.decode()

    with carbide.at("2026-03-03 10:00"):
        assert client.get(f"/r/complaints/{complaint.pk}/").status_code == 404
        assert complaint.number not in client.get("/").content.decode()
