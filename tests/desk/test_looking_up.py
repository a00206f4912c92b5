"""Whoever takes something down by phone is asked once only for what the company knows."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from luyue.parties.models import Contact, Party
from tests.desk.test_pages import intake
from tests.firms import Firm

SeenBy = Callable[[Employee], Client]
ComplaintOf = Callable[..., Complaint]


def test_a_customer_is_offered_by_name_and_by_number_where_two_have_one_name(carbide: Firm, seen_by: SeenBy) -> None:
    carbide.customer("华北钻具厂")
    carbide.customer("华南模具厂")
    carbide.customer("华南模具厂")

    found = seen_by(carbide["sales_officer"]).get("/suggestions/party/", {"q": "华"}).json()["found"]

    assert found == [
        {"value": "华北钻具厂", "label": "K1"},
        {"value": "K2", "label": "华南模具厂"},
        {"value": "K3", "label": "华南模具厂"},
    ]


def test_the_customers_contact_is_known_and_what_is_open_with_the_customer(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    complaint = complaint_of(carbide)
    Contact.objects.create(company=carbide.company, party=complaint.party, name="周工", phone="000-0001")

    known = seen_by(carbide["sales_officer"]).get("/suggestions/party/", {"chosen": "华东工具厂"}).json()["known"]

    assert known["fills"] == [{"contact_name": "周工", "contact_phone": "000-0001"}]
    assert [each["number"] for each in known["records"]] == [complaint.number]


def test_of_whom_is_not_there_nothing_is_known(carbide: Firm, cement: Firm, seen_by: SeenBy) -> None:
    cement.customer("水泥的客户")

    client = seen_by(carbide["sales_officer"])

    assert client.get("/suggestions/party/", {"chosen": "水泥的客户"}).json() == {"known": None}
    assert client.get("/suggestions/party/", {"chosen": ""}).json() == {"known": None}


def test_a_product_brings_its_name_specification_and_unit(carbide: Firm, seen_by: SeenBy) -> None:
    carbide.product("钻头毛坯", specification="YG8", unit="支")

    known = seen_by(carbide["sales_officer"]).get("/suggestions/product/", {"chosen": "P1"}).json()["known"]

    assert known["fills"] == [{"product_name": "钻头毛坯"}, {"specification": "YG8"}, {"unit": "支"}]
    assert known["records"] == []


def test_a_customer_whom_nobody_knows_is_entered_and_the_form_goes_on(carbide: Firm, seen_by: SeenBy) -> None:
    client = seen_by(carbide["sales_officer"])
    form = client.post("/r/complaints/new/", intake(carbide, party="新客户")).content.decode()
    address = form.split('class="field-way" href="')[1].split('"')[0].replace("&amp;", "&")

    asked = client.get(address).content.decode()
    answer = client.post(address, {"name": "新客户", "role": "customer", "market": "domestic"})

    assert 'value="新客户"' in asked
    assert answer["Location"] == "/r/complaints/new/"
    assert Party.objects.filter(company=carbide.company, name="新客户").exists()


def test_nobody_is_led_to_another_site(carbide: Firm, seen_by: SeenBy) -> None:
    answer = seen_by(carbide["sales_officer"]).post(
        "/customers/new/?back=https://example.com/", {"name": "新客户", "role": "customer", "market": "domestic"}
    )

    assert answer["Location"].startswith("/customers/")


def test_colleagues_are_offered_by_name_but_nobody_of_another_company(
    carbide: Firm, cement: Firm, seen_by: SeenBy
) -> None:
    client = seen_by(carbide["sales_officer"])

    def names(words: str) -> list[str]:
        return [each["value"] for each in client.get("/suggestions/employee/", {"q": words}).json()["found"]]

    assert names(cement["complaint_officer"].name) == []
    assert names(carbide["quality_manager"].name) == [carbide["quality_manager"].name]
    assert carbide["sales_officer"].name not in names("")
