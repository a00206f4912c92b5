"""Verifying: every chain and every block is computed anew, and whatever does not fit is named.

The ledger is read in streams, so that memory stays flat. Each stream is one statement and so one consistent view;
people may go on working meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise, starmap
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from luyue.ledger import append_only, book, merkle
from luyue.ledger.anchors import Anchor
from luyue.ledger.canonical import UnwritableError
from luyue.ledger.models import Block, Entry, Leaf
from luyue.ledger.sealing import digest_of, leaf_of, search_floor
from luyue.organization.models import Company

CHUNK = 2000


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: `code` for machines, `sentence` for people, and where it is, as far as known."""

    code: str
    sentence: str
    entry: int | None = None
    chain: str | None = None
    sequence: int | None = None
    block: int | None = None


@dataclass
class Extent:
    """How far a verification reached, and from where on it can prove nothing."""

    entries: int = 0
    chains: int = 0
    blocks: int = 0
    unsealed: int = 0
    oldest_unsealed: datetime | None = None
    anchored_block: int | None = None
    anchored_at: datetime | None = None
    after_anchor: int = 0


@dataclass
class Report:
    """The result for one company; all findings are counted, the first thousand are kept."""

    company: Company
    extent: Extent = field(default_factory=Extent)
    findings: list[Finding] = field(default_factory=list)
    found: int = 0

    def add(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < 1000:
            self.findings.append(finding)


class _Link(NamedTuple):
    """An entry's place in its chain."""

    pk: int
    chain: str
    sequence: int
    action: str
    hash: str

    def __str__(self) -> str:
        return _("Entry %(id)s (%(chain)s no. %(sequence)s, %(action)s)") % {
            "id": self.pk,
            "chain": self.chain,
            "sequence": self.sequence,
            "action": self.action,
        }

    def finding(self, code: str, sentence: str, *, block: int | None = None) -> Finding:
        return Finding(
            code,
            sentence % {"entry": self, "block": block},
            entry=self.pk,
            chain=self.chain,
            sequence=self.sequence,
            block=block,
        )


def _link(entry: int) -> _Link:
    return _Link(*Entry.objects.values_list("pk", *_Link._fields[1:]).get(pk=entry))


def verify(company: Company, anchors: Sequence[Anchor] = ()) -> Report:
    """Compute a company's ledger anew and compare it with what is stored and with the anchors; changes nothing."""
    report = Report(company)
    for finding in _findings(company, anchors, report.extent):
        report.add(finding)
    return report


def _findings(company: Company, anchors: Sequence[Anchor], extent: Extent) -> Iterator[Finding]:
    yield from _protection()
    yield from _chains(company, extent)
    yield from _heads(company)
    yield from _blocks(company, extent)
    yield from _unsealed(company, extent)
    yield from _anchored(company, anchors, extent)


def _protection() -> Iterator[Finding]:
    for table, operation in append_only.missing_triggers(connection):
        sentence = _("The database does not refuse %(operation)s on %(table)s: a trigger is missing.")
        yield Finding("unprotected", sentence % {"operation": operation, "table": table})


def _chains(company: Company, extent: Extent) -> Iterator[Finding]:
    """Every entry against its hash, and every link of every chain."""
    rows = (
        Entry.objects.filter(company=company)
        .order_by("chain", "sequence")
        .values_list("pk", "hash", *book.CONTENT)
        .iterator(chunk_size=CHUNK)
    )
    before: _Link | None = None
    for pk, stored_hash, *columns in rows:
        content = dict(zip(book.CONTENT, columns, strict=True))
        link = _Link(pk, content["chain"], content["sequence"], content["action"], stored_hash)
        extent.entries += 1
        if before is None or before.chain != link.chain:
            before = None
            extent.chains += 1
        if not _is_unchanged(content, stored_hash):
            yield link.finding("changed", _("%(entry)s was changed after it was written."))
        yield from _place(link, content["previous_hash"], before)
        before = link


def _is_unchanged(content: dict[str, Any], stored_hash: str) -> bool:
    try:
        return book.entry_hash(book.plain_values(content)) == stored_hash
    except UnwritableError:
        return False


def _place(link: _Link, previous_hash: str, before: _Link | None) -> Iterator[Finding]:
    expected = before.sequence + 1 if before else 1
    if link.sequence != expected:
        last = link.sequence - 1
        sentence = _("Chain %(chain)s: no. %(missing)s is missing before %(entry)s.")
        missing = f"{expected}" if last == expected else f"{expected}–{last}"
        yield Finding(
            "missing",
            sentence % {"chain": link.chain, "missing": missing, "entry": link},
            chain=link.chain,
            sequence=expected,
        )
    elif previous_hash != (before.hash if before else ""):
        yield link.finding("unlinked", _("%(entry)s does not follow from the entry before it: one was exchanged."))


def _heads(company: Company) -> Iterator[Finding]:
    """Each record shows the time and the state of its last entry; so one cut off the end is missed even unsealed."""
    record = Entry._meta.get_field("record").related_model
    last = Entry.objects.filter(record=OuterRef("pk")).order_by("-sequence")
    rows = (
        record._default_manager.filter(company=company)
        .annotate(entered=Subquery(last.values("entered_at")[:1]), led_to=Subquery(last.values("state_after")[:1]))
        .filter(Q(entered=None) | ~Q(changed_at=F("entered"), state=F("led_to")))
        .values_list("pk", "number")
        .iterator(chunk_size=CHUNK)
    )
    for pk, number in rows:
        sentence = _(
            "%(number)s is not as its last entry left it: an entry was cut off, or it was changed without one."
        )
        yield Finding("head_differs", sentence % {"number": number}, chain=book.record_chain(pk))


def _blocks(company: Company, extent: Extent) -> Iterator[Finding]:
    """Every block against its entries and against the block before it."""
    leaves = _Leaves(company)
    before: Block | None = None
    for block in Block.objects.filter(company=company).order_by("pk").iterator(chunk_size=CHUNK):
        extent.blocks += 1
        yield from _seal(block, leaves.of(block))
        yield from _succession(block, before)
        before = block
    if homeless := leaves.count_homeless():
        sentence = _("%(count)s sealed entries belong to blocks that are missing.")
        yield Finding("block_missing", sentence % {"count": homeless})


class _Leaves:
    """The leaves of a company in one stream, handed out block by block."""

    def __init__(self, company: Company) -> None:
        entry = Entry.objects.filter(pk=OuterRef("entry_id"))
        rows = (
            Leaf.objects.filter(company=company)
            .order_by("block_id", "position")
            .annotate(present_hash=Subquery(entry.values("hash")))
            .values_list("block_id", "position", "entry_id", "hash", "present_hash")
            .iterator(chunk_size=CHUNK)
        )
        self._blocks = groupby(starmap(_Place, rows), attrgetter("block"))
        self._homeless = 0
        self._block, self._group = self._advance()

    def of(self, block: Block) -> list[_Place]:
        """The leaves of this block, at most as many as a block may hold; those of missing blocks are only counted."""
        while self._block is not None and self._block < block.pk:
            self._pass_over()
        if self._block != block.pk:
            return []
        leaves = list(self._group)
        self._block, self._group = self._advance()
        return leaves

    def count_homeless(self) -> int:
        while self._block is not None:
            self._pass_over()
        return self._homeless

    def _pass_over(self) -> None:
        self._homeless += sum(1 for _place in self._group)
        self._block, self._group = self._advance()

    def _advance(self) -> tuple[int | None, Iterator[_Place]]:
        return next(self._blocks, (None, iter(())))


class _Place(NamedTuple):
    """A leaf: which entry was sealed there with which hash, and the hash it has now (None when it is gone)."""

    block: int
    position: int
    entry: int
    sealed_hash: str
    present_hash: str | None


def _seal(block: Block, leaves: list[_Place]) -> Iterator[Finding]:
    """A block against its leaves, and these against the entries as they are now."""
    yield from _sealed_entries(block, leaves)
    missing = sorted(set(range(block.count)) - {leaf.position for leaf in leaves})
    if missing or len(leaves) > block.count:
        sentence = _("Block %(block)s holds %(now)s entries; %(count)s were sealed (positions missing: %(missing)s).")
        values = {"block": block.number, "now": len(leaves), "count": block.count, "missing": _listed(missing)}
        yield Finding("leaf_missing", sentence % values, block=block.number)
        return
    reordered = [b for a, b in pairwise(leaves) if a.entry > b.entry and b.present_hash]
    for leaf in reordered:
        yield _link(leaf.entry).finding(
            "reordered", _("%(entry)s no longer stands where it was sealed in block %(block)s."), block=block.number
        )
    if not reordered and merkle.root(leaf_of(leaf.sealed_hash) for leaf in leaves).hex() != block.merkle_root:
        sentence = _("Block %(block)s: its entries do not give its Merkle root; one was exchanged.")
        yield Finding("root_differs", sentence % {"block": block.number}, block=block.number)


def _sealed_entries(block: Block, leaves: list[_Place]) -> Iterator[Finding]:
    for leaf in leaves:
        if leaf.present_hash is None:
            sentence = _("Entry %(id)s was sealed in block %(block)s at position %(position)s and is missing.")
            values = {"id": leaf.entry, "block": block.number, "position": leaf.position}
            yield Finding("entry_missing", sentence % values, entry=leaf.entry, block=block.number)
        elif leaf.present_hash != leaf.sealed_hash:
            sentence = _("%(entry)s is not the one that was sealed in block %(block)s.")
            yield _link(leaf.entry).finding("exchanged", sentence, block=block.number)


def _succession(block: Block, before: Block | None) -> Iterator[Finding]:
    values = {"block": block.number, "before": block.number - 1}
    if digest_of(block) != block.digest:
        sentence = _("Block %(block)s was changed after it was sealed.")
        yield Finding("block_changed", sentence % values, block=block.number)
    if block.number != (before.number + 1 if before else 1):
        sentence = _("Before block %(block)s the block %(before)s is missing.")
        yield Finding("block_missing", sentence % values, block=block.number)
    elif block.previous_digest != (before.digest if before else ""):
        sentence = _("Block %(block)s does not follow from block %(before)s: one was exchanged.")
        yield Finding("block_unlinked", sentence % values, block=block.number)
    elif block.size != (before.size if before else 0) + block.count:
        sentence = _("Block %(block)s counts the sealed entries wrongly.")
        yield Finding("block_changed", sentence % values, block=block.number)


def _unsealed(company: Company, extent: Extent) -> Iterator[Finding]:
    floor = search_floor(company)
    waiting = Entry.objects.filter(company=company, leaf=None)
    overlooked = waiting.filter(pk__lte=floor).values_list("pk", *_Link._fields[1:]).iterator(chunk_size=CHUNK)
    for row in overlooked:
        yield _Link(*row).finding("overlooked", _("%(entry)s stands in no block, though later entries are sealed."))
    totals = waiting.aggregate(count=Count("pk"), oldest=Min("entered_at"))
    extent.unsealed, extent.oldest_unsealed = totals["count"], totals["oldest"]


def _anchored(company: Company, anchors: Sequence[Anchor], extent: Extent) -> Iterator[Finding]:
    """Blocks against what was exported of them; only this finds a ledger that was cut off or computed anew."""
    extent.after_anchor = extent.entries
    for anchor in sorted(anchors, key=attrgetter("block")):
        block = Block.objects.filter(company=company, number=anchor.block).first()
        values = {"block": anchor.block, "since": extent.anchored_block or 0, "sealed_at": anchor.sealed_at}
        if block is None:
            sentence = _("Block %(block)s, anchored as sealed at %(sealed_at)s, is missing: the ledger was cut off.")
            yield Finding("anchor_missing", sentence % values, block=anchor.block)
        elif block.digest != anchor.digest:
            sentence = _("Block %(block)s is not the one that was anchored: after block %(since)s it was rewritten.")
            yield Finding("anchor_differs", sentence % values, block=anchor.block)
        else:
            extent.anchored_block, extent.anchored_at = block.number, block.sealed_at
            extent.after_anchor = max(0, extent.entries - block.size)


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return f"{shown} …" if len(numbers) > 10 else shown or "–"
