"""The pages of administration and of one's own account, used as people use them: by forms, without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luyue.organization.models import Deputyship, Employee
from luyue.organization.staff import appoint_deputy, give_position, leave
from tests.organization.companies import MORNING, PASSWORD, Book, Workforce, signed_in

JANUARY = date(2026, 1, 1)


def today(works: Workforce) -> date:
    return timezone.now().astimezone(works.company.zone).date()


PLAIN_PAGES = [
    "",
    "departments/",
    "departments/add/",
    "positions/",
    "positions/add/",
    "employees/",
    "employees/add/",
    "deputies/",
    "calendar/",
]
PAGES_OF_ONE = ["departments/{department}/", "positions/{position}/", "employees/{employee}/"]
DEEDS = [
    "departments/{department}/close/",
    "departments/{department}/reopen/",
    "positions/{position}/close/",
    "positions/{position}/reopen/",
    "employees/{employee}/positions/",
    "employees/{employee}/leave/",
    "employees/{employee}/stay/",
    "employees/{employee}/password/",
    "employees/{employee}/second-factor/",
    "positions-held/{tenure}/end/",
    "deputies/{deputyship}/withdraw/",
]
DEEDS_FOR_ALL = ["calendar/notice/"]


def things(works: Workforce) -> dict[str, int]:
    """One of each kind of thing of a company, by its kind."""
    department = works.department("sales")
    position = works.position("clerk", department)
    wang, li = works.hire("wang", department), works.hire("li", department)
    tenure = give_position(li, position, by=works.admin, at=MORNING, since=JANUARY)
    day = today(works)
    deputyship = appoint_deputy(li, wang, by=li, at=timezone.now(), since=day, until=day)
    return {
        "department": department.pk,
        "position": position.pk,
        "employee": li.pk,
        "tenure": tenure.pk,
        "deputyship": deputyship.pk,
    }


def test_the_administrator_sees_every_page(works: Workforce) -> None:
    client, own = signed_in(works.admin), things(works)

    for page in [*PLAIN_PAGES, *PAGES_OF_ONE]:
        assert client.get("/organization/" + page.format(**own)).status_code == 200, page


def test_to_an_employee_the_administration_does_not_exist(works: Workforce) -> None:
    own = things(works)
    client = signed_in(Employee.objects.get(pk=own["employee"]))

    for page in [*PLAIN_PAGES, *PAGES_OF_ONE]:
        assert client.get("/organization/" + page.format(**own)).status_code == 404, page
    for deed in [*PLAIN_PAGES, *DEEDS, *DEEDS_FOR_ALL]:
        assert client.post("/organization/" + deed.format(**own), {"x": "1"}).status_code in {404, 405}, deed


def test_nobody_sees_another_company(works: Workforce, others: Workforce) -> None:
    own = things(works)
    client = signed_in(others.admin)

    for page in PAGES_OF_ONE:
        assert client.get("/organization/" + page.format(**own)).status_code == 404, page
        assert client.post("/organization/" + page.format(**own), {"name": "X"}).status_code == 404, page
    for deed in DEEDS:
        assert client.post("/organization/" + deed.format(**own), {"x": "1"}).status_code == 404, deed
    for page in PLAIN_PAGES:
        assert "Wang" not in client.get("/organization/" + page).content.decode(), page


def test_whoever_is_signed_out_signs_in_first(works: Workforce, client: Client) -> None:
    own = things(works)

    for page in [*PLAIN_PAGES, *PAGES_OF_ONE]:
        address = "/organization/" + page.format(**own)
        assert client.get(address).headers["Location"] == f"/account/sign-in/?next={address}"
    for deed in [*DEEDS, *DEEDS_FOR_ALL]:
        address = "/organization/" + deed.format(**own)
        assert client.post(address, {"x": "1"}).headers["Location"].startswith("/account/sign-in/"), deed
    for address in ("/account/", "/account/absences/"):
        assert client.get(address).headers["Location"] == f"/account/sign-in/?next={address}"


@pytest.mark.parametrize("page", ["", "departments/", "positions/", "employees/", "deputies/"])
def test_a_list_costs_the_same_with_one_row_and_with_many(
    works: Workforce, page: str, django_assert_num_queries: Callable
) -> None:
    client = signed_in(works.admin)
    things(works)
    client.get("/organization/" + page)
    before = _questions(client, page)
    sales = works.department("export", parent=works.head)
    for number in range(5):
        other = works.hire(f"n{number}", sales)
        give_position(other, works.position(f"p{number}", sales), by=works.admin, at=MORNING, since=JANUARY)
        appoint_deputy(other, works.admin, by=other, at=timezone.now(), since=today(works), until=today(works))

    assert _questions(client, page) == before


def _questions(client: Client, page: str) -> int:
    # Only a test counts what the database was asked.
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/organization/" + page).status_code == 200
    return len(asked)


def test_knowing_who_asks_costs_four_questions(works: Workforce, django_assert_num_queries: Callable) -> None:
    # The application's own request, without the page behind it.
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.http import HttpResponse
    from django.test import RequestFactory

    from luyue.organization.middleware import Employment

    li = works.hire("li")
    give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=JANUARY)
    request = RequestFactory().get("/", headers={"cookie": f"sessionid={signed_in(li).session.session_key}"})
    seen = []

    def page(request: object) -> HttpResponse:
        seen.append((request.employee, request.company, request.authority.positions))
        return HttpResponse()

    with django_assert_num_queries(2 + 3):
        SessionMiddleware(AuthenticationMiddleware(Employment(page)))(request)

    assert seen == [(li, works.company, {"clerk"})]


def test_a_department_is_added_renamed_closed_and_reopened(works: Workforce, book: Book) -> None:
    client = signed_in(works.admin)
    new = {"code": "sales", "name": "销售部", "name_en": "Sales", "abbreviation": "XS", "parent": works.head.pk}

    assert "is already taken" in client.post("/organization/departments/add/", {**new, "code": "head"}).content.decode()
    assert client.post("/organization/departments/add/", new).status_code == 302
    sales = works.company.departments.get(code="sales")
    address = f"/organization/departments/{sales.pk}/"
    assert client.post(address, {"name": "营销部", "parent": sales.pk}).status_code == 200
    assert client.post(address, {"name": "营销部", "parent": ""}).status_code == 302
    assert client.post(address + "close/", {"on": "2026-03-09"}).status_code == 302
    assert client.post(address + "reopen/").status_code == 302

    sales.refresh_from_db()
    assert (sales.name, sales.parent, sales.closed_on) == ("营销部", None, None)
    assert book.actions[-4:] == [
        "organization.add_department",
        "organization.change_department",
        "organization.close_department",
        "organization.reopen_department",
    ]


def test_a_position_is_added_changed_and_closed(works: Workforce) -> None:
    client = signed_in(works.admin)
    client.post("/organization/positions/add/", {"code": "clerk", "name": "业务员", "department": works.head.pk})
    clerk = works.company.positions.get(code="clerk")
    tenure = give_position(works.admin, clerk, by=works.admin, at=MORNING, since=JANUARY)
    address = f"/organization/positions/{clerk.pk}/"

    assert "still holds the position" in client.post(address + "close/", {"on": "2026-03-09"}).content.decode()
    client.post(f"/organization/positions-held/{tenure.pk}/end/", {"until": "2026-03-08"})
    assert client.post(address + "close/", {"on": "2026-03-09"}).status_code == 302
    assert client.post(address, {"name": "销售员"}).status_code == 302

    clerk.refresh_from_db()
    assert (clerk.name, clerk.closed_on) == ("销售员", date(2026, 3, 9))


def test_a_new_employee_is_hired_and_signs_in(works: Workforce) -> None:
    client = signed_in(works.admin)
    new = {
        "name": "李明",
        "user_name": "li.ming",
        "password": "first-2026-word",
        "department": works.head.pk,
        "joined_on": "2025-01-01",
        "email": "li@hengtai.example",
    }

    weak = client.post("/organization/employees/add/", {**new, "password": "short"})
    assert "too short" in weak.content.decode()
    done = client.post("/organization/employees/add/", new)

    li = works.company.employees.get(name="李明")
    assert done.headers["Location"] == f"/organization/employees/{li.pk}/"
    browser = Client()
    browser.post("/account/sign-in/", {"login": "li@hengtai.example", "password": "first-2026-word"})
    assert browser.get("/account/").headers["Location"] == "/account/password/"


def test_an_employee_gets_positions_is_changed_leaves_and_stays(works: Workforce, book: Book) -> None:
    client = signed_in(works.admin)
    li, clerk = works.hire("li"), works.position("clerk")
    address = f"/organization/employees/{li.pk}/"
    given = {"position": clerk.pk, "since": "2026-01-01", "until": ""}

    before_joining = client.post(address + "positions/", {**given, "since": "2024-01-01"})
    assert "joins only on" in before_joining.content.decode()
    assert client.post(address + "positions/", given).status_code == 302
    assert "already holds this position" in client.post(address + "positions/", given).content.decode()
    tenure = li.tenures.get()
    ending = f"/organization/positions-held/{tenure.pk}/end/"
    assert "lies before the first" in client.post(ending, {"until": "2025-12-31"}).content.decode()
    assert client.post(address, {"name": "李", "department": works.head.pk, "phone": "138"}).status_code == 302
    last_day = today(works) + timedelta(days=7)
    assert client.post(address + "leave/", {"left_on": last_day.isoformat()}).status_code == 302
    assert client.post(address + "stay/").status_code == 302

    li.refresh_from_db()
    tenure.refresh_from_db()
    assert (li.name, li.phone, li.left_on, tenure.until) == ("李", "138", None, last_day)
    assert book.actions[-4:] == [
        "organization.give_position",
        "organization.change_employee",
        "organization.leave",
        "organization.stay",
    ]


def test_the_administrator_helps_one_who_cannot_sign_in(works: Workforce) -> None:
    client, li = signed_in(works.admin), works.hire("li")
    address = f"/organization/employees/{li.pk}/"

    assert "No two-step sign-in" in client.post(address + "second-factor/", follow=True).content.decode()
    assert "too short" in client.post(address + "password/", {"password": "x1"}).content.decode()
    assert client.post(address + "password/", {"password": "another-2026-word"}).status_code == 302

    li.account.refresh_from_db()
    assert li.account.check_password("another-2026-word")


def test_of_a_person_with_two_companies_the_sign_in_is_not_touched(works: Workforce, others: Workforce) -> None:
    client, li = signed_in(works.admin), works.hire("li")
    others.hire("li", user_name=li.account.username, password="")
    address = f"/organization/employees/{li.pk}/"

    page = client.get(address).content.decode()
    refused = client.post(address + "password/", {"password": "another-2026-word"})

    assert "signs in to another company too" in page
    assert "Set the password" not in page
    assert others.company.name not in page
    assert refused.status_code == 200
    li.account.refresh_from_db()
    assert li.account.check_password(PASSWORD)


def test_one_names_and_ends_ones_own_deputy(works: Workforce) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    client = signed_in(wang)
    day = today(works)
    period = {"deputy": li.pk, "since": day.isoformat(), "until": (day + timedelta(days=3)).isoformat()}

    assert (
        "already over"
        in client.post("/account/absences/", {**period, "since": "2026-01-01", "until": "2026-01-02"}).content.decode()
    )
    assert client.post("/account/absences/", {**period, "deputy": wang.pk}).status_code == 200
    assert client.post("/account/absences/", period).status_code == 302
    deputyship = Deputyship.objects.get()
    assert signed_in(li).post(f"/account/absences/{deputyship.pk}/withdraw/").status_code == 404
    assert "Wang" in signed_in(li).get("/account/absences/").content.decode()
    client.post(f"/account/absences/{deputyship.pk}/withdraw/")

    assert not Deputyship.objects.exists()


def test_the_administrator_names_a_deputy_for_somebody_else(works: Workforce, others: Workforce) -> None:
    wang, li, stranger = works.hire("wang"), works.hire("li"), others.hire("stranger")
    client = signed_in(works.admin)
    day = today(works).isoformat()
    named = {"absent": wang.pk, "deputy": li.pk, "since": day, "until": day, "reason": "出差"}

    assert client.post("/organization/deputies/", {**named, "deputy": stranger.pk}).status_code == 200
    assert client.post("/organization/deputies/", named).status_code == 302
    assert "出差" in client.get("/organization/deputies/").content.decode()
    client.post(f"/organization/deputies/{Deputyship.objects.get().pk}/withdraw/")

    assert not Deputyship.objects.exists()


CALENDAR = {
    "mon": "08:00-12:00, 13:00-17:00",
    "tue": "8:00-12:00、13:00-17:00",
    "sat": "08:00-12:00",
    "public": "on",
    "days_off": "2026-08-03\n2026-08-04",
    "working_days": "2026-08-08 08:00-12:00\n2026-08-09",
}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"mon": "eight"}, "is not a list of shifts"),
        ({"mon": "08:00-12:00, 11:00-13:00"}, "is not a list of shifts"),
        ({"days_off": "3 August"}, "is not a date such as 2026-08-03"),
        ({"working_days": "2026-08-08 later"}, "is not a list of shifts"),
        ({"working_days": "2026-08-03"}, "is also listed as a day off"),
        ({"mon": "", "tue": "", "sat": ""}, "No day of the week has a shift"),
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused_in_words(
    works: Workforce, wrong: dict[str, str], sentence: str
) -> None:
    page = signed_in(works.admin).post("/organization/calendar/", {**CALENDAR, **wrong})

    assert sentence in page.content.decode()
    works.company.refresh_from_db()
    assert works.company.calendar == {}


def test_the_calendar_is_changed_and_shown_again_as_it_was_entered(works: Workforce) -> None:
    client = signed_in(works.admin)

    assert client.post("/organization/calendar/", CALENDAR).status_code == 302

    works.company.refresh_from_db()
    assert works.company.calendar["week"] == {
        "mon": ["08:00-12:00", "13:00-17:00"],
        "tue": ["08:00-12:00", "13:00-17:00"],
        "sat": ["08:00-12:00"],
    }
    shown = client.get("/organization/calendar/").context["form"].initial
    assert client.post("/organization/calendar/", {name: value for name, value in shown.items() if value}).status_code
    before = works.company.calendar
    works.company.refresh_from_db()
    assert works.company.calendar == before


def test_a_month_shows_holidays_and_make_up_days(works: Workforce) -> None:
    client = signed_in(works.admin)

    february = {
        day.date: day for week in client.get("/organization/calendar/?month=2026-02").context["weeks"] for day in week
    }

    assert february[date(2026, 2, 17)].holiday
    assert february[date(2026, 2, 14)].is_make_up
    assert february[date(2026, 2, 14)].shifts == ("09:00-12:00", "13:00-18:00")
    for odd in ("2026-13", "0001-01", "9999-12", "x", "1990-01", "2100-12"):
        assert client.get(f"/organization/calendar/?month={odd}").status_code == 200


def test_a_year_without_its_notice_says_so_until_the_file_is_loaded(works: Workforce) -> None:
    client = signed_in(works.admin)
    assert "2027 is not loaded" in client.get("/organization/calendar/?month=2027-02").content.decode()

    def load(content: bytes) -> str:
        file = SimpleUploadedFile("notice.json", content)
        return client.post("/organization/calendar/notice/", {"notice": file}, follow=True).content.decode()

    assert "This file is not JSON." in load(b"{")
    assert "year" in load(b"[]")
    notice = {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}
    assert "The notice for 2027 has been loaded." in load(json.dumps(notice).encode())
    assert "2027 is not loaded" not in client.get("/organization/calendar/?month=2027-02").content.decode()


def test_the_company_is_renamed(works: Workforce, book: Book) -> None:
    client = signed_in(works.admin)

    assert client.post("/organization/", {"name": "", "short_name": "恒泰"}).status_code == 200
    assert client.post("/organization/", {"name": "恒泰股份", "short_name": "恒泰"}).status_code == 302

    assert book.last["changes"] == {"name": ["恒泰硬质合金", "恒泰股份"]}


def test_one_changes_to_another_company_and_finds_it_again(works: Workforce, others: Workforce) -> None:
    li = works.hire("li")
    others.hire("li", user_name=li.account.username, password="")
    third = Workforce("third", "第三")
    client = signed_in(li)
    assert client.get("/account/").context["request"].company == others.company

    assert client.post("/account/company/", {"company": third.company.pk}).status_code == 404
    assert client.post("/account/company/", {"company": "x"}).status_code == 404
    assert client.post("/account/company/", {"company": works.company.pk}).status_code == 302

    assert client.get("/account/").context["request"].company == works.company
    assert signed_in(li).get("/account/").context["request"].company == works.company


def test_a_company_that_one_has_left_is_no_longer_offered(works: Workforce, others: Workforce) -> None:
    li = works.hire("li")
    others.hire("li", user_name=li.account.username, password="")
    client = signed_in(li)
    client.post("/account/company/", {"company": works.company.pk})
    leave(li, by=works.admin, at=timezone.now(), on=today(works) - timedelta(days=1))

    assert client.get("/account/").context["request"].company == others.company
    assert client.post("/account/company/", {"company": works.company.pk}).status_code == 404


def test_name_language_and_theme_are_ones_own(works: Workforce) -> None:
    client = signed_in(works.admin)

    assert client.post("/account/", {"display_name": "管理员", "language": "xx", "theme": ""}).status_code == 200
    client.post("/account/", {"display_name": "管理员", "language": "zh-hant", "theme": "dark"})

    works.admin.account.refresh_from_db()
    account = works.admin.account
    assert (account.display_name, account.language, account.theme) == ("管理员", "zh-hant", "dark")
    assert '<html lang="zh-Hant"' in client.get("/account/").content.decode()


def test_employees_are_found_and_read_a_page_at_a_time(works: Workforce, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luyue.organization.pages.people.PAGE", 2)
    for name in ("a", "b", "c"):
        works.hire(name)
    client = signed_in(works.admin)

    def names(query: str) -> list[str]:
        return [one.name for one in client.get(f"/organization/employees/{query}").context["employees"]]

    first = client.get("/organization/employees/").context
    assert names("") == ["A", "Admin"]
    assert names(f"?after={first['more_after']}") == ["B", "C"]
    assert names("?q=c.heng") == ["C"]
    assert names("?show=left") == []
    assert names("?after=x&q=%00") == ["A", "Admin"]


def test_theme_and_language_of_the_menu_are_for_those_who_are_signed_in(works: Workforce, client: Client) -> None:
    chosen = {"theme": "dark", "language": "en", "next": "/account/"}

    assert client.post("/preferences/", chosen).headers["Location"].startswith("/account/sign-in/")
    assert signed_in(works.admin).post("/preferences/", chosen).headers["Location"] == "/account/"

    works.admin.account.refresh_from_db()
    assert (works.admin.account.theme, works.admin.account.language) == ("dark", "en")
