from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luyue.ledger import book
from luyue.ledger.canonical import UnwritableError, plain
from luyue.ledger.models import Entry
from luyue.organization.models import Company
from luyue.records.models import Record
from tests.ledger.conftest import MORNING, Write


class Severity(models.TextChoices):
    SERIOUS = "serious"


def test_the_first_entry_follows_nothing_and_the_second_follows_the_first(write: Write) -> None:
    first, second = write(), write()

    assert (first.sequence, first.previous_hash) == (1, "")
    assert (second.sequence, second.previous_hash) == (2, first.hash)


def test_chains_of_two_companies_do_not_meet(write: Write) -> None:
    write()
    other = Company.objects.create(code="beili", name="北力", short_name="北力")

    entry = book.append_to(
        company_id=other.pk,
        chain="organization",
        action="department.rename",
        by_id=None,
        occurred_at=MORNING,
        entered_at=MORNING,
    )

    assert (entry.sequence, entry.previous_hash) == (1, "")


def test_an_entry_is_one_insert(company: Company, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        _append(company, sequence=1, previous_hash="")


def test_the_same_link_cannot_be_written_twice(company: Company) -> None:
    first = _append(company, sequence=1, previous_hash="")
    _append(company, sequence=2, previous_hash=first.hash)

    with pytest.raises(IntegrityError), transaction.atomic():
        _append(company, sequence=2, previous_hash=first.hash)


@pytest.mark.parametrize(("sequence", "previous_hash"), [(1, "0" * 64), (2, "")])
def test_only_the_first_entry_has_none_before_it(company: Company, sequence: int, previous_hash: str) -> None:
    with pytest.raises(UnwritableError, match="The first entry of a chain, and only the first"):
        _append(company, sequence=sequence, previous_hash=previous_hash)


def test_the_entry_of_a_record_belongs_into_its_own_chain(company: Company, complaint: Record) -> None:
    with pytest.raises(UnwritableError, match=rf"belongs into the chain r{complaint.pk}\."):
        _append(company, sequence=1, previous_hash="", record_id=complaint.pk)


def test_values_that_json_does_not_know_are_kept_as_text() -> None:
    values = {
        "price": Decimal("12.50"),
        "on": date(2026, 3, 2),
        "at": datetime(2026, 3, 2, 17, 0, tzinfo=timezone(timedelta(hours=8))),
        "daily": time(8, 30),
        "within": timedelta(hours=2),
        "severity": Severity.SERIOUS,
        "label": gettext_lazy("hash"),
        "key": UUID(int=1),
        "places": {"上海", "北京"},
        "pair": (1, 2.0),
        3: True,
    }

    assert plain(values, where="data") == {
        "price": "12.50",
        "on": "2026-03-02",
        "at": "2026-03-02T09:00:00.000000+00:00",
        "daily": "08:30:00",
        "within": "P0DT02H00M00S",
        "severity": "serious",
        "label": "hash",
        "key": "00000000-0000-0000-0000-000000000001",
        "places": ["上海", "北京"],
        "pair": [1, 2],
        "3": True,
    }


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("a\0b", "data.x: the text holds a NUL character"),
        ("\ud800", "data.x: the text holds half a character"),
        (float("nan"), "data.x: nan is not a number"),
        (Decimal("Infinity"), "data.x: Infinity is not a number"),
        (datetime(2026, 3, 2), "data.x: 2026-03-02 00:00:00 has no time zone"),  # noqa: DTZ001 it is what is refused
        (b"bytes", "data.x: the ledger cannot keep a value of the kind bytes"),
        ([object()], r"data.x\[0\]: the ledger cannot keep a value of the kind object"),
        ({None: 1}, "data.x: None cannot be the name of a value"),
    ],
)
def test_what_would_not_come_back_unchanged_is_refused(value: Any, sentence: str) -> None:
    with pytest.raises(UnwritableError, match=sentence):
        plain({"x": value}, where="data")


@pytest.mark.parametrize("field", ["chain", "action", "acting_as", "state_before"])
def test_what_is_too_long_or_holds_nul_is_refused(company: Company, field: str) -> None:
    for value, sentence in [("x" * 81, "is longer than"), ("a\0b", "NUL")]:
        with pytest.raises(UnwritableError, match=f"{field}.*{sentence}"):
            _append(company, sequence=1, previous_hash="", **{field: value})


def test_an_entry_without_time_zone_is_refused(company: Company) -> None:
    with pytest.raises(UnwritableError, match="occurred_at: 2026-03-02 00:00:00 has no time zone"):
        _append(company, sequence=1, previous_hash="", occurred_at=datetime(2026, 3, 2))  # noqa: DTZ001


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(_texts, parts, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(_texts, _values, max_size=4), at=st.datetimes(timezones=st.just(UTC)))
def test_what_the_database_gives_back_has_the_hash_that_was_written(
    company: Company, data: dict[str, Any], at: datetime
) -> None:
    written = book.append_to(
        company_id=company.pk, chain="trial", action="trial.run", by_id=None, occurred_at=at, entered_at=at, data=data
    )

    read = Entry.objects.get(pk=written.pk)

    assert read.hash == written.hash == book.entry_hash(book.values_of(read))


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_stand_one_behind_the_other(company: Company, write: Write) -> None:
    def write_some() -> None:
        try:
            for _ in range(10):
                write()
        finally:
            connection.close()

    writers = [Thread(target=write_some) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    entries = list(Entry.objects.filter(company=company, chain="organization").order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, 41))
    assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]


def _append(company: Company, **content: Any) -> Entry:
    content = {"chain": "trial", "action": "trial.run", "by_id": None, "occurred_at": MORNING, **content}
    return book.append(company_id=company.pk, entered_at=MORNING, **content)
