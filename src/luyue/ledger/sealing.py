"""Sealing: the new entries of a company, in order, become a block whose digest covers them and all blocks before.

A transaction may take a number for its entry early and commit it late, after greater numbers have been sealed. So the
search for new entries begins below the last sealed one. When a block is made, every transaction that was open while an
earlier block was read may have ended: then the entries up to that block's last are all there, and what was not sealed
before is sealed now. The last entry of the newest such block is the floor that the next search need not go below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from luyue.ledger import canonical, merkle
from luyue.ledger.models import Block, Entry, Leaf
from luyue.ledger.turns import wait_for_turn
from luyue.organization.models import Company

BLOCK_LIMIT = 4096
# An entry's number may be taken a moment before its transaction has one itself.
LOOK_BACK = 1000


def seal_all(*, now: datetime) -> int:
    """Seal what is new in every company and return how many entries that were; several sealers may run at once."""
    return sum(_seal_until_nothing_is_new(company, now=now) for company in Company.objects.order_by("pk"))


def seal(company: Company, *, now: datetime) -> Block | None:
    """Seal the new entries of a company, at most BLOCK_LIMIT of them; None when there are none."""
    if not has_new_entries(company):
        return None
    # Durable: a sealer that waited for another must see what that one sealed.
    with transaction.atomic(durable=True):
        wait_for_turn(company.pk, "blocks")
        horizon, floor = _own_transaction(), _next_floor(company)
        entries = list(islice(_new_entries(company, beyond=search_floor(company)), BLOCK_LIMIT))
        return _make_block(company, entries, horizon=horizon, floor=floor, now=now) if entries else None


def has_new_entries(company: Company) -> bool:
    """Whether there is something to seal; asked without waiting for anyone."""
    return next(_new_entries(company, beyond=search_floor(company)), None) is not None


def search_floor(company: Company) -> int:
    """The entry id up to which every entry has been sealed."""
    last = Block.objects.filter(company=company).order_by("-number").values_list("floor", flat=True).first()
    return max(0, (last or 0) - LOOK_BACK)


def leaf_of(entry_hash: str) -> bytes:
    """The Merkle leaf of an entry, from its hash."""
    return merkle.leaf_hash(bytes.fromhex(entry_hash))


def block_digest(
    *, company_id: int, number: int, merkle_root: str, previous_digest: str, sealed_at: datetime, count: int, size: int
) -> str:
    """The digest of a block; it covers all that the block says and, through the digest before, all earlier ones."""
    return canonical.digest(
        {
            "form": 1,
            "company": company_id,
            "number": number,
            "merkle_root": merkle_root,
            "previous_digest": previous_digest,
            "sealed_at": canonical.instant(sealed_at, where="sealed_at"),
            "count": count,
            "size": size,
        }
    )


def _seal_until_nothing_is_new(company: Company, *, now: datetime) -> int:
    sealed = 0
    while block := seal(company, now=now):
        sealed += block.count
    return sealed


def _new_entries(company: Company, *, beyond: int) -> Iterator[tuple[int, str]]:
    """Id and hash of the entries without a leaf, in order, read in runs so that no plan can scan the whole table."""
    entries = Entry.objects.filter(company=company).order_by("pk")
    while run := list(entries.filter(pk__gt=beyond).values_list("pk", "hash")[:BLOCK_LIMIT]):
        last = run[-1][0]
        leaves = Leaf.objects.filter(entry_id__gt=beyond, entry_id__lte=last)
        sealed = set(leaves.values_list("entry_id", flat=True))
        yield from ((pk, entry_hash) for pk, entry_hash in run if pk not in sealed)
        if len(run) < BLOCK_LIMIT:
            return
        beyond = last


def _next_floor(company: Company) -> int:
    """The last entry of the newest block for which everything that was open while it was read has ended by now.

    What was open then had begun before the next block's transaction; so the block before a settled one is meant. Asked
    before the entries are read, so that what has ended is also seen.
    """
    settled = Block.objects.filter(company=company, horizon__lte=_oldest_open_transaction()).order_by("-number")
    return settled.values_list("last_entry", flat=True)[1:2].first() or 0


def _make_block(company: Company, entries: list[tuple[int, str]], *, horizon: int, floor: int, now: datetime) -> Block:
    previous = Block.objects.filter(company=company).order_by("-number").first()
    block = Block(
        company=company,
        number=previous.number + 1 if previous else 1,
        sealed_at=now,
        count=len(entries),
        size=(previous.size if previous else 0) + len(entries),
        merkle_root=merkle.root(leaf_of(entry_hash) for _, entry_hash in entries).hex(),
        previous_digest=previous.digest if previous else "",
        last_entry=max(entries[-1][0], previous.last_entry if previous else 0),
        horizon=horizon,
        # A full block may have left entries behind, all of them after its last one.
        floor=min(floor, entries[-1][0]),
    )
    block.digest = digest_of(block)
    block.save(force_insert=True)
    Leaf.objects.bulk_create(
        Leaf(company=company, block=block, position=position, entry_id=pk, hash=entry_hash)
        for position, (pk, entry_hash) in enumerate(entries)
    )
    return block


def digest_of(block: Block) -> str:
    """The digest that follows from what a block says."""
    return block_digest(
        company_id=block.company_id,
        number=block.number,
        merkle_root=block.merkle_root,
        previous_digest=block.previous_digest,
        sealed_at=block.sealed_at,
        count=block.count,
        size=block.size,
    )


def _own_transaction() -> int:
    return _ask("SELECT pg_current_xact_id()::text::bigint")


def _oldest_open_transaction() -> int:
    return _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _ask(question: str) -> int:
    """A transaction number of PostgreSQL; SQLite has one writer at a time, whose numbers are in order without it."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])
