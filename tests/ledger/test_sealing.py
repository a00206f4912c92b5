from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luyue.ledger import book, sealing
from luyue.ledger.models import Block, Entry, Leaf
from luyue.ledger.sealing import has_new_entries, seal, seal_all, search_floor
from luyue.ledger.verification import verify
from luyue.organization.models import Company
from tests.ledger.conftest import MORNING, Write

pytestmark = pytest.mark.horizon


def _sealed(block: Block) -> list[int]:
    return list(block.leaves.order_by("position").values_list("entry_id", flat=True))


def test_nothing_new_makes_no_block(company: Company) -> None:
    assert seal(company, now=MORNING) is None


def test_new_entries_are_sealed_in_order_and_only_once(company: Company, write: Write) -> None:
    written = [write().pk, write(chain="procedures").pk, write().pk]

    block = seal(company, now=MORNING)

    assert block is not None
    assert _sealed(block) == written
    assert (block.number, block.count, block.size, block.previous_digest) == (1, 3, 3, "")
    assert not has_new_entries(company)
    assert seal(company, now=MORNING) is None


def test_each_block_follows_from_the_one_before(company: Company, write: Write) -> None:
    write()
    first = seal(company, now=MORNING)
    write(), write()
    second = seal(company, now=MORNING + timedelta(seconds=5))

    assert first
    assert second
    assert (second.number, second.count, second.size, second.previous_digest) == (2, 2, 3, first.digest)


def test_companies_are_sealed_apart(company: Company, write: Write) -> None:
    other = Company.objects.create(code="beili", name="北力", short_name="北力")
    write()
    _append_alone(other, "organization")

    assert seal_all(now=MORNING) == 2
    assert [(block.company_id, block.number) for block in Block.objects.order_by("company_id")] == [
        (company.pk, 1),
        (other.pk, 1),
    ]


def test_a_large_backlog_becomes_several_blocks(
    company: Company, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BLOCK_LIMIT", 3)
    for _ in range(7):
        write()

    assert seal_all(now=MORNING) == 7
    assert list(Block.objects.order_by("number").values_list("count", "size")) == [(3, 3), (3, 6), (1, 7)]


def test_sealing_costs_the_same_however_long_the_ledger_is(
    company: Company, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    asked = []
    for _ in range(12):
        write(), write()
        with CaptureQueriesContext(connection) as queries:
            seal(company, now=MORNING)
        asked.append(len(queries))

    assert asked[3] == asked[-1]
    # One search goes over what the last two blocks sealed and what is new.
    assert search_floor(company) == Entry.objects.order_by("pk")[19].pk


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_seal_every_entry_once(company: Company, write: Write) -> None:
    together = Barrier(3)

    def seal_often() -> None:
        try:
            together.wait()
            for _ in range(15):
                seal(company, now=MORNING)
        finally:
            connection.close()

    sealers = [Thread(target=seal_often) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    together.wait()
    for _ in range(30):
        write()
    for sealer in sealers:
        sealer.join()
    seal(company, now=MORNING)

    numbers = list(Block.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(Leaf.objects.values_list("entry_id", flat=True)) == sorted(Entry.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [4096, 3])
def test_entries_that_are_committed_late_are_still_sealed(
    company: Company, write: Write, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so nothing is committed late")
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    monkeypatch.setattr(sealing, "BLOCK_LIMIT", limit)
    has_written, may_commit = Event(), Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                for number in range(8):
                    _append_alone(company, f"slow {number}")
                has_written.set()
                may_commit.wait(10)
        finally:
            connection.close()

    slow = Thread(target=write_slowly)
    slow.start()
    has_written.wait(10)
    for _ in range(5):
        write()
        seal(company, now=MORNING)
    may_commit.set()
    slow.join()

    assert seal_all(now=MORNING) == 8
    late = list(Entry.objects.filter(chain__startswith="slow").values_list("pk", flat=True))
    assert Leaf.objects.filter(entry_id__in=late).count() == 8
    for _ in range(3):
        write()
        seal(company, now=MORNING)
    assert search_floor(company) > max(late)
    assert verify(company).found == 0


def _append_alone(company: Company, chain: str) -> Entry:
    return book.append(
        company_id=company.pk,
        chain=chain,
        sequence=1,
        previous_hash="",
        action="department.rename",
        by_id=None,
        occurred_at=MORNING,
        entered_at=MORNING,
    )
