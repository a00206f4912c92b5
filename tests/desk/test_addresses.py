"""Whatever stands in an address, a page answers it; and the page speaks of time as the company's clock does."""

from __future__ import annotations

import base64
from collections.abc import Callable

from django.test import Client

from luyue.complaints.models import Complaint
from luyue.organization.models import Employee
from tests.firms import Firm

SeenBy = Callable[[Employee], Client]
ComplaintOf = Callable[..., Complaint]

ENDLESS = "9" * 400
NESTED = base64.urlsafe_b64encode(b"[" * 5000).decode()
ODD = ["", "x", "-1", "0", ENDLESS, "9" * 19, "²", "٣", "\0", "a\0b", "%", "None", "[1,2]", "💥", NESTED]


ASKED = {
    "/": ["list"],
    "/r/complaints/": [
        "saved", "before", "after", "cols", "sort", "view", "q", "owner", "department", "party", "product", "state",
        "severity", "case_volume_year", "answered_in_time", "opened_at_from", "opened_at_to",
    ],
    "/r/complaints/export/": ["cols", "sort", "owner"],
    "/r/complaints/print/": ["cols", "saved", "opened_at_to"],
    "/r/complaints/columns/": ["cols"],
    "/r/complaints/views/": ["saved"],
    "/r/complaints/new/": ["party", "quantity", "delivered_on"],
    "/search/": ["q", "type"],
    "/palette/": ["q"],
    "/suggestions/party/": ["q"],
    "/customers/": ["q", "after"],
    "/products/": ["q", "after"],
    "/conformity/": ["procedure", "since", "until"],
    "/notices/": ["before", "show"],
}  # fmt: skip
NUMBERED = (
    "/r/complaints/{n}/", "/r/complaints/{n}/do/classify/", "/r/complaints/{n}/print/{n}/", "/open/{n}/",
    "/clocks/{n}/", "/r/complaints/{n}/files/{n}/", "/r/complaints/{n}/files/{n}/raw/", "/customers/{n}/",
    "/procedures/drafts/{n}/", "/procedures/x%00y/", "/procedures/{n}/", "/conformity/x%00y/{n}/", "/r/{n}/",
)  # fmt: skip


def test_no_question_in_an_address_breaks_a_page(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint_of(carbide)
    client = seen_by(carbide["sales_officer"])

    answers = {
        (address, name, said): client.get(address, {name: said}).status_code
        for address, names in ASKED.items()
        for name in names
        for said in ODD
    }

    assert {asked: status for asked, status in answers.items() if status not in (200, 302)} == {}


def test_no_question_about_a_record_breaks_its_pages(carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf) -> None:
    complaint = complaint_of(carbide)
    client = seen_by(carbide["sales_officer"])
    here = f"/r/complaints/{complaint.pk}/"

    answers = {client.get(here, {"before": said}).status_code for said in ODD}
    answers |= {client.get(f"{here}do/classify/", {"severity": said, "special": said}).status_code for said in ODD}
    answers |= {client.get(f"{here}do/sign/", {"control": said}).status_code for said in ODD}

    assert answers == {200}


def test_what_does_not_exist_is_not_found(carbide: Firm, seen_by: SeenBy) -> None:
    client = seen_by(carbide["sales_officer"])

    answers = {(each, n): client.get(each.format(n=n)).status_code for each in NUMBERED for n in ("0", "9" * 25)}

    assert {asked: status for asked, status in answers.items() if status != 404} == {}


def test_times_are_shown_and_read_in_the_companys_zone(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    carbide.company.time_zone = "Europe/Berlin"
    carbide.company.save()
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
    client = seen_by(carbide["sales_officer"])

    with carbide.at("2026-03-02 15:00"):
        client.post(f"/r/complaints/{complaint.pk}/do/acknowledge/", {"occurred_at": "2026-03-02T14:30"})
        comment = {"text": "已电话联系", "version": complaint.version}
        client.post(f"/r/complaints/{complaint.pk}/do/comment/", comment)
        page = client.get("/r/complaints/?cols=number,opened_at&view=all")

    assert carbide.local(complaint.opened_at) == "2026-03-02 10:00"
    assert "2026-03-02 10:00" in page.content.decode()
    assert "2026-03-02 17:00" not in page.content.decode()


def test_a_filter_by_days_means_the_days_of_a_company_in_the_east(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    carbide.company.time_zone = "Asia/Tokyo"
    carbide.company.save()
    with carbide.at("2026-03-02 00:30"):
        complaint = complaint_of(carbide)
    client = seen_by(carbide["sales_officer"])

    def found(query: str) -> list[str]:
        return [row.number for row in client.get(f"/r/complaints/?view=all&{query}").context["rows"]]

    assert found("opened_at_from=2026-03-02&opened_at_to=2026-03-02") == [complaint.number]
    assert found("opened_at_to=2026-03-01") == []
    assert found("opened_at_from=2026-03-03") == []


def test_paper_and_workbook_stand_in_the_order_of_the_register(
    carbide: Firm, seen_by: SeenBy, complaint_of: ComplaintOf
) -> None:
    numbers = [complaint_of(carbide, f"事项{place}").number for place in range(3)]
    client = seen_by(carbide["sales_officer"])

    printed = client.get("/r/complaints/print/?view=all&sort=opened_at")

    assert [row.number for row in printed.context["rows"]] == numbers
