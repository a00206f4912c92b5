"""The real complaint list: every figure of the register is the figure of the file, less the rows that were bad."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from statistics import mean

import pytest
from django.db.models import Count
from django.test import Client

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.ledger.verification import verify
from luyue.parties.models import Party
from luyue.products.models import Product
from luyue.records.models import Link, Obligation, Record
from tests.api.conftest import Program
from tests.exchange.conftest import BroughtIn, OldRegister, import_complaints

pytestmark = pytest.mark.django_db

CHANNELS = {"Web": "web", "Referral": "referral", "Phone": "phone", "Postal mail": "letter", "Fax": "fax"}
YES_NO = {"Yes": "True", "No": "False", "": "None"}


def counted(old: OldRegister, column: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each value of a column stands in the whole file, in its bad rows, and in its good rows."""
    whole, bad, good = (Counter(row[column] for row in rows) for rows in (old.rows, old.bad, old.good))
    assert whole == bad + good
    return whole, bad, good


def in_register(brought_in: BroughtIn, name: str, words: Mapping[str, str]) -> Counter[str]:
    """How many records the register's own filter finds for each value."""
    return +Counter({value: brought_in.count(**{name: word}) for value, word in words.items()})


def test_six_rows_were_sent_on_before_they_were_received(brought_in: BroughtIn) -> None:
    reasons = {row["line"]: row["reasons"] for row in brought_in.said["bad"]}

    assert len(brought_in.old.rows) == 3_186
    assert list(reasons) == [126, 215, 225, 277, 278, 322]
    assert reasons[126] == ["“Forward” (2013-08-01) would lie before “Register” (2013-08-02)."]
    assert brought_in.said["brought_in"] == Complaint.objects.count() == 3_186 - 6


@pytest.mark.parametrize(
    ("column", "name", "words", "published"),
    [
        ("Timely response?", "answered_in_time", YES_NO, {"Yes": 3_093, "No": 93}),
        ("Consumer disputed?", "disputed", YES_NO, {"Yes": 595, "No": 2_534, "": 57}),
        (
            "Submitted via",
            "channel",
            CHANNELS,
            {"Web": 2_233, "Referral": 533, "Phone": 200, "Postal mail": 168, "Fax": 52},
        ),
    ],
)
def test_what_was_said_in_other_words_is_found_as_often(
    brought_in: BroughtIn, column: str, name: str, words: dict[str, str], published: dict[str, int]
) -> None:
    whole, bad, good = counted(brought_in.old, column)
    found = in_register(brought_in, name, words)

    assert whole == published
    assert found == good
    assert found + bad == published


@pytest.mark.parametrize(
    ("column", "name", "kinds", "published"),
    [
        (
            "Company response to consumer",
            "outcome",
            6,
            {
                "Closed with explanation": 2_489,
                "Closed with non-monetary relief": 384,
                "Closed with monetary relief": 216,
                "Closed": 68,
                "Untimely response": 26,
                "In progress": 3,
            },
        ),
        (
            "Product",
            "product",
            11,
            {
                "Mortgage": 921,
                "Credit reporting": 638,
                "Debt collection": 625,
                "Bank account or service": 383,
                "Credit card": 339,
            },
        ),
        ("Issue", "topic", 80, {"Incorrect information on credit report": 449}),
        ("Company", "against", 491, {"Equifax": 228}),
    ],
)
def test_what_was_said_in_the_same_words_is_found_as_often(
    brought_in: BroughtIn, column: str, name: str, kinds: int, published: dict[str, int]
) -> None:
    whole, bad, good = counted(brought_in.old, column)
    found = in_register(brought_in, name, {value: value for value in good})

    assert len(whole) == kinds
    assert published.items() <= whole.items()
    assert found == good
    assert found + bad == whole


def test_eighteen_issues_make_four_fifths(brought_in: BroughtIn) -> None:
    counts = (
        Complaint.objects.values("topic").annotate(count=Count("pk")).order_by("-count").values_list("count", flat=True)
    )
    before, few = 0, 0
    for count in counts:
        few += before < 0.8 * 3_180
        before += count

    assert few == 18


def days_until_sent_on(brought_in: BroughtIn) -> list[int]:
    """By the ledger: the local days from registering to forwarding."""
    zone = brought_in.firm.company.zone
    moments = Entry.objects.filter(
        company=brought_in.firm.company, action__in=["complaint.register", "complaint.forward"]
    )
    days: dict[int | None, list[date]] = {}
    for record, at in moments.order_by("record_id", "sequence").values_list("record_id", "occurred_at"):
        days.setdefault(record, []).append(at.astimezone(zone).date())
    return [(sent - received).days for received, sent in days.values()]


def test_the_ledger_holds_the_real_days(brought_in: BroughtIn) -> None:
    days, bad = days_until_sent_on(brought_in), [brought_in.old.days(row) for row in brought_in.old.bad]

    assert sum(each == 0 for each in days) == 1_753
    assert sum(each <= 1 for each in days) == 1_992 - len(bad)
    assert sum(each <= 2 for each in days) == 2_184 - len(bad)
    assert round(mean(days + bad), 4) == 3.1645
    assert max(days) == 292
    assert sorted(days) == sorted(brought_in.old.days(row) for row in brought_in.old.good)


@pytest.mark.parametrize(("control", "within"), [("forward-by-next-day", 1_992), ("forward-within-two-days", 2_184)])
def test_the_time_limit_on_forwarding_is_kept_as_often_as_the_days_say(
    brought_in: BroughtIn, control: str, within: int
) -> None:
    owed = Obligation.objects.filter(control=f"CR-01/{control}").values_list("status").annotate(Count("pk"))

    assert dict(owed) == {"kept": within - 6, "broken": 3_186 - within}


def test_numbers_follow_the_procedure_year_by_year(brought_in: BroughtIn) -> None:
    years = Counter(row["Date received"].rsplit("/", 1)[1] for row in brought_in.old.good)
    expected = {f"C{year}-{place:05}" for year, count in years.items() for place in range(1, count + 1)}

    assert set(Record.objects.values_list("number", flat=True)) == expected


def test_records_run_under_the_edition_of_their_day_and_say_when_they_were_entered(brought_in: BroughtIn) -> None:
    first = Complaint.objects.order_by("opened_at").first()

    assert first is not None
    assert f"{first.opened_at.astimezone(brought_in.firm.company.zone):%Y-%m-%d %H:%M}" == "2013-06-04 12:00"
    assert [str(edition.effective) for edition in first.binding.editions.all()] == ["2013-01-01"]
    assert Entry.objects.filter(action="complaint.register", entered_at__year__lt=2026).count() == 0


def test_cases_in_progress_stay_open(brought_in: BroughtIn) -> None:
    assert set(Complaint.objects.filter(is_open=True).values_list("outcome", flat=True)) == {"In progress"}
    assert Complaint.objects.filter(is_open=True).count() == 3


def test_customers_and_products_are_entered_once(brought_in: BroughtIn) -> None:
    places = {(row["State"], row["ZIP code"]) for row in brought_in.old.good}

    assert Party.objects.count() == len(places) == brought_in.said["newcomers"]["party"]
    assert Product.objects.count() == 11 == brought_in.said["newcomers"]["product"]
    assert Party.objects.filter(name="Consumer").count() == 1


def test_exact_duplicates_come_in_and_are_linked_to_the_first(brought_in: BroughtIn) -> None:
    links = Link.objects.filter(kind=Link.Kind.REPEATS).select_related("source", "target")

    assert brought_in.said["repeating"] == links.count() == 11
    assert all(link.source.title == link.target.title for link in links)
    assert all(link.source.opened_at == link.target.opened_at for link in links)
    assert not Complaint.objects.exclude(repeats=None).exists()


def test_a_second_run_brings_in_nothing(brought_in: BroughtIn) -> None:
    result = import_complaints(brought_in.old.file, "--skip-bad", "--json")
    said = json.loads(result.stdout)

    assert (said["brought_in"], said["already_there"], len(said["bad"])) == (0, 3_180, 6)
    assert Complaint.objects.count() == 3_180


def test_the_workbook_holds_what_the_register_shows(brought_in: BroughtIn, client: Client) -> None:
    client.force_login(brought_in.firm["intake_clerk"].account)
    answer = client.get("/r/complaints/export/", {"view": "all", "disputed": "True", "cols": "number,outcome"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert len(re.findall(r"<row ", sheet)) - 1 == 595 - sum(
        row["Consumer disputed?"] == "Yes" for row in brought_in.old.bad
    )


@pytest.mark.parametrize(
    ("query", "column", "value", "published"),
    [
        ({"disputed": "unknown"}, "Consumer disputed?", "", 57),
        ({"answered_in_time": "false"}, "Timely response?", "No", 93),
        ({"channel": "fax"}, "Submitted via", "Fax", 52),
        (
            {"outcome": "Closed with monetary relief"},
            "Company response to consumer",
            "Closed with monetary relief",
            216,
        ),
    ],
)
def test_a_program_finds_the_same(
    brought_in: BroughtIn, query: dict[str, str], column: str, value: str, published: int
) -> None:
    program = Program(brought_in.firm["intake_clerk"])
    numbers: list[str] = []
    after: str | None = ""
    while after is not None:
        page = program.get("/complaints", limit="200", **query, **({"after": after} if after else {})).json()
        numbers += [item["number"] for item in page["items"]]
        after = page["next"]

    assert len(set(numbers)) == len(numbers) == published - sum(row[column] == value for row in brought_in.old.bad)


def test_the_page_of_a_repeating_record_leads_to_the_first(brought_in: BroughtIn, client: Client) -> None:
    client.force_login(brought_in.firm["intake_clerk"].account)
    repeating = Link.objects.filter(kind=Link.Kind.REPEATS).select_related("target").order_by("pk")[0]

    answer = client.get(f"/r/complaints/{repeating.source_id}/", headers={"Accept-Language": "en"})

    page = answer.content.decode()
    assert f'href="/r/complaints/{repeating.target_id}/"' in page
    assert "From the old register" in page


def test_the_ledger_of_the_import_is_whole(brought_in: BroughtIn) -> None:
    report = verify(brought_in.firm.company)

    assert report.findings == []
    assert report.extent.entries >= 3 * 3_180
