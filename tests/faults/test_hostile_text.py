"""Whatever is typed, pasted or sent: it is refused with a sentence or kept as the text it is, and never runs."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest

from luyue.complaints.models import Complaint
from luyue.organization.models import Company
from luyue.parties.models import Market, Party
from luyue.records import registry
from luyue.records.forms import LONGEST_TEXT, ActionForm
from luyue.records.general import COMMENT, CORRECT
from luyue.records.models import Record
from luyue.records.refusing import Refused
from tests.faults.conftest import NEW_COMPLAINT, Desk, a_call, address_of, complaint_of, text_of
from tests.firms import Firm

SCRIPT = '<script>alert("履约")</script>'
HOSTILE = {
    "nul": "a\0b",
    "half a character": "a\ud800b",
    "no character": "a\uffffb",
    "control": "a\x01\x08\x1bb",
    "megabytes": "裂" * 100_000,
    "many digits": "9" * 5000,
    "other digits": "²٣",
    "endless": "1e999999",
    "not a number": "NaN",
    "script": SCRIPT,
    "template": "{{ request.user.password }}{% debug %}%(x)s{0}",
    "turned around": "\u202eabc",
}


def action_forms() -> list[Any]:
    found = [
        pytest.param(each.form, id=f"{record_type.name}.{each.name}")
        for record_type in registry.record_types()
        for each in (record_type.opening_action, *record_type.all_actions.values())
        if each.form is not None
    ]
    return list({param.id: param for param in found}.values())


@pytest.mark.parametrize("kind", action_forms())
def test_no_field_of_any_form_breaks_or_lets_through_what_no_text_may_hold(
    carbide: Firm, kind: type[ActionForm]
) -> None:
    let_through = []

    for what, text in HOSTILE.items():
        form = kind(dict.fromkeys(kind(company=carbide.company).fields, text), company=carbide.company)
        form.is_valid()
        for name, value in form.cleaned_data.items():
            kept = str(value)
            if any(letter in kept for letter in "\0\ud800\uffff\x01\x08\x1b") or len(kept) > LONGEST_TEXT:
                let_through.append(f"{name}: {what}")

    assert let_through == []


@pytest.mark.parametrize("kind", action_forms())
def test_every_form_shows_again_what_was_typed_even_when_it_is_hostile(carbide: Firm, kind: type[ActionForm]) -> None:
    for text in (SCRIPT, "a\0b", "²٣"):
        form = kind(dict.fromkeys(kind(company=carbide.company).fields, text), company=carbide.company)

        assert SCRIPT not in form.as_div()


@pytest.mark.parametrize("field", ["what_happened", "contact_name", "demand", "batch", "party", "submission"])
def test_nul_in_a_page_form_is_refused(carbide: Firm, field: str) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, **{field: "a\0b"})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("text", ["a\0b", "a\ufffdb", "a\x1bb", "因" * 201])
def test_why_a_field_stays_empty_is_held_to_the_rules_of_every_text(carbide: Firm, text: str) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, demand="", struck_demand=text)

    assert answer.status_code == 422
    assert "struck_demand" in answer.context["form"].errors
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-16"])
def test_bytes_in_another_encoding_are_not_taken_for_text(carbide: Firm, charset: str) -> None:
    said = a_call() | {"party": carbide.customer().number}
    garbled = urlencode(said | {"what_happened": "裂紋很多".encode(charset, "replace")})
    desk = Desk(carbide["sales_officer"])

    answers = [
        desk.client.generic("POST", NEW_COMPLAINT, garbled, f"application/x-www-form-urlencoded{declared}")
        for declared in ("", "; charset=utf-8", f"; charset={charset}", "; charset=nonsense")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 400, 422]
    assert "arrived damaged" in text_of(answers[0])
    assert "Nothing of it was written" in text_of(answers[2]) or "nothing of it was written" in text_of(answers[2])
    assert not Complaint.objects.exists()


def test_a_script_in_every_name_is_shown_as_text_everywhere(carbide: Firm) -> None:
    customer, product = carbide.customer(name=f"厂{SCRIPT}"), carbide.product(name=f"棒{SCRIPT}")
    seller = carbide["sales_officer"]
    seller.name = f"李{SCRIPT}"
    seller.save()
    complaint = complaint_of(
        carbide,
        party=customer,
        product=product,
        **dict.fromkeys(("what_happened", "contact_name", "product_name", "specification", "demand"), SCRIPT),
    )
    COMMENT(complaint, by=seller, text=SCRIPT)
    desk = Desk(seller)
    name = SCRIPT.partition(">")[0]
    record = address_of(complaint)

    shown = {
        address: text_of(desk.open(address))
        for address in (
            "/",
            "/r/complaints/",
            "/r/complaints/?q=alert&view=all",
            f"/r/complaints/?party={customer.number}",
            "/r/complaints/?product_name=" + SCRIPT,
            "/r/complaints/columns/?" + SCRIPT,
            "/search/?q=alert",
            "/search/?q=" + SCRIPT,
            "/palette/?q=alert",
            "/palette/?q=" + SCRIPT,
            "/conformity/?procedure=" + SCRIPT,
            "/procedures/",
            record,
            *(f"{record}do/{each}/" for each in registry.record_type("complaint").all_actions if each != "register"),
            f"{record}do/correct/?field=" + SCRIPT,
            NEW_COMPLAINT + "?what_happened=" + SCRIPT,
        )
    }

    assert [address for address, page in shown.items() if name + ">alert" in page] == []
    assert "&lt;script&gt;" in shown[record]
    suggested = desk.open("/suggestions/party/", q="厂")
    assert suggested["Content-Type"] == "application/json"
    assert suggested["X-Content-Type-Options"] == "nosniff"


def test_typesetting_commands_in_a_text_are_printed_as_text(carbide: Firm) -> None:
    complaint = complaint_of(carbide, what_happened='#panic("x") $x^$ *b* [a] <label> @ref \\ #include "/etc/passwd"')

    answer = Desk(carbide["sales_officer"]).open(f"{address_of(complaint)}print/0/")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", SCRIPT])
def test_a_formula_in_a_text_is_text_in_the_workbook(carbide: Firm, formula: str) -> None:
    complaint_of(carbide, what_happened=formula, contact_name=formula)

    answer = Desk(carbide["sales_officer"]).open("/r/complaints/export/", cols="number,contact_name,title")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        assert not [name for name in book.namelist() if name.endswith(".bin")]


@pytest.mark.parametrize(
    "address",
    [
        "/r/complaints/99999999999999999999/",
        "/r/complaints/0/",
        "/clocks/99999999999999999999/",
        "/open/99999999999999999999/",
        "/r/nothing/",
        "/suggestions/nothing/",
        "/procedures/%00/",
    ],
)
def test_an_address_that_names_nothing_is_not_found(carbide: Firm, address: str) -> None:
    assert Desk(carbide["sales_officer"]).open(address).status_code == 404


@pytest.mark.parametrize("said", ["²", "9" * 5000, "-1", "1e9", "\0", "½", SCRIPT])
def test_an_address_with_a_number_that_is_none_shows_its_page(carbide: Firm, said: str) -> None:
    complaint = complaint_of(carbide)
    desk = Desk(carbide["sales_officer"])
    names = ("after", "before", "saved", "owner", "department", "party", "state", "limit", "page", "q", "sort", "cols")

    answers = {name: desk.open("/r/complaints/", **{name: said}).status_code for name in names}
    answers["history"] = desk.open(address_of(complaint), before=said).status_code
    answers["ticked"] = desk.open("/r/complaints/bulk/", record=said).status_code
    answers["version"] = desk.do(complaint, "comment", text="看过", version=said).status_code

    assert answers == {**dict.fromkeys(names, 200), "history": 200, "ticked": 302, "version": 302}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "NaN"),
        ("quantity", "1e400"),
        ("quantity", "-5"),
        ("delivered_on", "0001-01-01"),
        ("delivered_on", "2026-02-30"),
        ("delivered_on", "9999-12-31"),
        ("channel", "pigeon"),
        ("batch", "批" * 61),
        ("contact_phone", "a\ud800b"),
        ("what_happened", "裂" * 20_001),
        ("what_happened", "a\0b"),
        ("number", "TS-1"),
        ("state", "closed"),
        ("company", "1"),
        ("version", "1"),
        ("owner", "99999999999999999999"),
        ("party", "x"),
        ("__class__", "x"),
    ],
)
def test_a_correction_is_held_to_the_same_rules_as_the_first_entry(carbide: Firm, field: str, value: str) -> None:
    complaint = complaint_of(carbide)

    with pytest.raises(Refused):
        CORRECT(complaint, by=carbide["sales_officer"], field=field, value=value, reason="更正")

    assert Record.objects.get(pk=complaint.pk).version == complaint.version


def test_a_correction_cannot_reach_into_another_company(carbide: Firm) -> None:
    complaint = complaint_of(carbide)
    stranger = another_company_with_a_customer()

    for written in (stranger.number, stranger.name, str(stranger.pk)):
        with pytest.raises(Refused):
            CORRECT(complaint, by=carbide["sales_officer"], field="party", value=written, reason="更正")
    with pytest.raises(Refused):
        CORRECT(complaint, by=carbide["sales_officer"], field="company", value=stranger.company.code, reason="更正")


def another_company_with_a_customer() -> Party:
    company = Company.objects.create(code="other", name="别厂", short_name="别厂")
    return Party.objects.create(company=company, number="Z9", name="别人的客户", market=Market.DOMESTIC)
