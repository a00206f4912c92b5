from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from luyue.ledger import book, merkle
from luyue.ledger.anchors import Anchor, newest_anchor
from luyue.ledger.models import Block, Entry, Leaf
from luyue.ledger.sealing import digest_of, leaf_of, seal
from luyue.ledger.verification import Report, verify
from luyue.organization.models import Company
from luyue.records.models import Record
from tests.ledger.conftest import MORNING, Write, verified_after


@pytest.fixture
def written(company: Company, complaint: Record, write: Write) -> list[Entry]:
    """Eight entries in two chains: six of them sealed, in two blocks of three."""
    entries = [*Entry.objects.order_by("pk"), write(data={"to": "质量部"})]
    seal(company, now=MORNING)
    entries += [write(), write(), write()]
    seal(company, now=MORNING + timedelta(seconds=5))
    return [*entries, write(), write()]


@pytest.fixture
def anchor(company: Company, written: list[Entry]) -> Anchor:
    anchor = newest_anchor(company)
    assert anchor is not None
    return anchor


def _codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def _sql(statement: str, *values: object) -> Callable[[CursorWrapper], object]:
    return lambda cursor: cursor.execute(statement, values)


def test_an_honest_ledger_fits_together(company: Company, written: list[Entry], anchor: Anchor) -> None:
    report = verify(company, [anchor])

    assert report.found == 0
    extent = report.extent
    assert (extent.entries, extent.chains, extent.blocks, extent.unsealed) == (8, 2, 2, 2)
    assert (extent.anchored_block, extent.after_anchor) == (2, 2)
    assert extent.oldest_unsealed == written[6].entered_at


def test_without_an_anchor_nothing_counts_as_proven(company: Company, written: list[Entry]) -> None:
    extent = verify(company).extent

    assert (extent.anchored_block, extent.after_anchor) == (None, 8)


def test_a_company_that_has_done_nothing_yet_fits_together(company: Company) -> None:
    assert verify(company).found == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "complaint.void"),
        ("by_id", None),
        ("acting_as", "director"),
        ("occurred_at", MORNING + timedelta(hours=1)),
        ("entered_at", MORNING - timedelta(hours=1)),
        ("state_after", "closed"),
        ("facts", '{"severity": "minor"}'),
        ("data", '{"nan": 1e400}'),
    ],
)
def test_a_changed_entry_is_named(company: Company, written: list[Entry], column: str, value: object) -> None:
    if column == "data" and connection.vendor == "postgresql":
        value = '{"x": null}'
    changed = written[0]

    report = verified_after(_sql(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, changed.pk), company)

    assert [(finding.code, finding.entry) for finding in report.findings] == [("changed", changed.pk)]


def test_the_finding_reads_as_a_sentence(company: Company, written: list[Entry]) -> None:
    changed = written[0]

    report = verified_after(_sql("UPDATE ledger_entry SET state_after = 'x' WHERE id = %s", changed.pk), company)

    assert report.findings[0].sentence == (
        f"Entry {changed.pk} ({changed.chain} no. 1, complaint.register) was changed after it was written."
    )


def test_an_entry_changed_together_with_its_hash_is_named(company: Company, written: list[Entry]) -> None:
    changed = written[3]

    def rewrite(cursor: CursorWrapper) -> None:
        values = {**book.values_of(changed), "action": "department.close"}
        statement = "UPDATE ledger_entry SET action = %s, hash = %s WHERE id = %s"
        cursor.execute(statement, [values["action"], book.entry_hash(values), changed.pk])

    report = verified_after(rewrite, company)

    assert [(finding.code, finding.entry) for finding in report.findings] == [
        ("unlinked", written[4].pk),
        ("exchanged", changed.pk),
    ]


def test_a_last_entry_changed_together_with_its_hash_and_its_leaf_is_found_by_its_block(
    company: Company, written: list[Entry]
) -> None:
    changed = written[1]

    def rewrite(cursor: CursorWrapper) -> None:
        values = {**book.values_of(changed), "action": "complaint.void"}
        hashed = book.entry_hash(values)
        cursor.execute(
            "UPDATE ledger_entry SET action = 'complaint.void', hash = %s WHERE id = %s", [hashed, changed.pk]
        )
        cursor.execute("UPDATE ledger_leaf SET hash = %s WHERE entry_id = %s", [hashed, changed.pk])

    report = verified_after(rewrite, company)

    assert [(finding.code, finding.chain, finding.block) for finding in report.findings] == [
        ("root_differs", None, 1),
    ]


def test_a_removed_entry_is_named_by_its_chain_and_by_its_block(company: Company, written: list[Entry]) -> None:
    removed = written[3]

    report = verified_after(_sql("DELETE FROM ledger_entry WHERE id = %s", removed.pk), company)

    assert [(f.code, f.chain, f.sequence, f.entry, f.block) for f in report.findings] == [
        ("missing", "organization", 2, None, None),
        ("entry_missing", None, None, removed.pk, 2),
    ]


def test_an_entry_removed_together_with_its_leaf_is_missed(company: Company, written: list[Entry]) -> None:
    removed = written[3]

    def remove(cursor: CursorWrapper) -> None:
        cursor.execute("DELETE FROM ledger_leaf WHERE entry_id = %s", [removed.pk])
        cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [removed.pk])

    report = verified_after(remove, company)

    assert [finding.sentence for finding in report.findings] == [
        f"Chain organization: no. 2 is missing before Entry {written[4].pk} (organization no. 3, department.rename).",
        "Block 2 holds 2 entries; 3 were sealed (positions missing: 0).",
    ]


def test_an_entry_cut_off_the_end_before_it_was_sealed_is_missed_by_its_record(
    company: Company, complaint: Record
) -> None:
    last = Entry.objects.order_by("pk").last()
    assert last is not None

    report = verified_after(_sql("DELETE FROM ledger_entry WHERE id = %s", last.pk), company)

    assert [finding.sentence for finding in report.findings] == [
        "TS-2026-001 is not as its last entry left it: an entry was cut off, or it was changed without one."
    ]


def test_a_record_changed_without_an_entry_is_named(company: Company, complaint: Record) -> None:
    report = verified_after(_sql("UPDATE records_record SET state = 'closed' WHERE id = %s", complaint.pk), company)

    assert [(finding.code, finding.chain) for finding in report.findings] == [("head_differs", f"r{complaint.pk}")]


def test_two_entries_that_change_places_are_named(company: Company, written: list[Entry]) -> None:
    first, second = written[3], written[4]

    def swap(cursor: CursorWrapper) -> None:
        for entry, sequence in ((first, 99), (second, 2), (first, 3)):
            cursor.execute("UPDATE ledger_entry SET sequence = %s WHERE id = %s", [sequence, entry.pk])

    report = verified_after(swap, company)

    assert {finding.entry for finding in report.findings if finding.code == "changed"} == {first.pk, second.pk}


def test_two_leaves_that_change_places_are_named(company: Company, written: list[Entry]) -> None:
    first, second = written[3], written[4]

    def swap(cursor: CursorWrapper) -> None:
        for entry, position in ((first, 99), (second, 0), (first, 1)):
            cursor.execute("UPDATE ledger_leaf SET position = %s WHERE entry_id = %s", [position, entry.pk])

    report = verified_after(swap, company)

    assert [(finding.code, finding.entry) for finding in report.findings] == [("reordered", first.pk)]


def test_an_entry_slipped_in_without_a_place_in_the_chain_is_named(company: Company, written: list[Entry]) -> None:
    forged = Entry(**{name: getattr(written[7], name) for name in book.CONTENT})

    def slip_in(cursor: CursorWrapper) -> None:
        forged.sequence, forged.action = 7, "department.close"
        forged.hash = book.entry_hash(book.values_of(forged))
        forged.save(force_insert=True)

    report = verified_after(slip_in, company)

    assert [(finding.code, finding.entry) for finding in report.findings] == [("unlinked", forged.pk)]


def test_a_changed_block_is_named(company: Company, written: list[Entry]) -> None:
    tamper = _sql("UPDATE ledger_block SET sealed_at = %s WHERE number = 1", MORNING - timedelta(days=1))

    report = verified_after(tamper, company)

    assert [finding.sentence for finding in report.findings] == ["Block 1 was changed after it was sealed."]


def test_a_block_changed_together_with_its_digest_is_named(company: Company, written: list[Entry]) -> None:
    block = Block.objects.get(number=1)
    block.sealed_at -= timedelta(days=1)
    tamper = _sql(
        "UPDATE ledger_block SET sealed_at = %s, digest = %s WHERE number = 1", block.sealed_at, digest_of(block)
    )

    report = verified_after(tamper, company)

    assert [finding.sentence for finding in report.findings] == [
        "Block 2 does not follow from block 1: one was exchanged."
    ]


def test_a_removed_block_is_named(company: Company, written: list[Entry]) -> None:
    report = verified_after(_sql("DELETE FROM ledger_block WHERE number = 1"), company)

    assert [finding.sentence for finding in report.findings] == [
        "Before block 2 the block 1 is missing.",
        "3 sealed entries belong to blocks that are missing.",
    ]


@pytest.mark.horizon
def test_an_entry_that_the_sealer_will_never_come_back_to_is_named(
    company: Company, written: list[Entry], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luyue.ledger.sealing.LOOK_BACK", 0)
    seal(company, now=MORNING)
    write()
    seal(company, now=MORNING)

    report = verified_after(_sql("DELETE FROM ledger_leaf WHERE entry_id = %s", written[2].pk), company)

    assert [(finding.code, finding.entry, finding.block) for finding in report.findings] == [
        ("leaf_missing", None, 1),
        ("overlooked", written[2].pk, None),
    ]


def test_a_missing_trigger_is_a_finding(company: Company) -> None:
    with connection.cursor() as cursor:
        on_table = " ON ledger_leaf" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER ledger_leaf_no_delete{on_table}")

    report = verify(company)

    assert [finding.sentence for finding in report.findings] == [
        "The database does not refuse DELETE on ledger_leaf: a trigger is missing."
    ]


def test_a_ledger_cut_off_at_the_end_is_found_only_by_an_anchor(
    company: Company, written: list[Entry], anchor: Anchor
) -> None:
    def cut_off(cursor: CursorWrapper) -> None:
        last = Block.objects.get(number=2)
        cursor.execute("DELETE FROM ledger_leaf WHERE block_id = %s", [last.pk])
        cursor.execute("DELETE FROM ledger_block WHERE id = %s", [last.pk])
        cursor.execute("DELETE FROM ledger_entry WHERE id >= %s", [written[3].pk])

    assert _codes(verified_after(cut_off, company)) == []
    report = verified_after(cut_off, company, [anchor])
    assert [finding.sentence for finding in report.findings] == [
        "Block 2, anchored as sealed at 2026-03-02T09:00:05.000000+00:00, is missing: the ledger was cut off."
    ]


def test_a_ledger_computed_anew_from_end_to_end_is_found_only_by_an_anchor(
    company: Company, written: list[Entry], anchor: Anchor
) -> None:
    def compute_anew(cursor: CursorWrapper) -> None:
        cursor.execute("UPDATE ledger_entry SET action = 'department.close' WHERE id = %s", [written[3].pk])
        _compute_anew(company, cursor)

    assert _codes(verified_after(compute_anew, company)) == []
    report = verified_after(compute_anew, company, [anchor])
    assert [finding.sentence for finding in report.findings] == [
        "Block 2 is not the one that was anchored: after block 0 it was rewritten."
    ]
    assert report.extent.after_anchor == 8


def test_two_anchors_show_between_which_blocks_it_was_rewritten(
    company: Company, complaint: Record, write: Write
) -> None:
    anchors = []
    for _ in range(3):
        entry = write()
        seal(company, now=MORNING)
        anchors.append(newest_anchor(company))

    def compute_anew(cursor: CursorWrapper) -> None:
        cursor.execute("UPDATE ledger_entry SET action = 'department.close' WHERE id = %s", [entry.pk])
        _compute_anew(company, cursor)

    report = verified_after(compute_anew, company, [anchor for anchor in anchors if anchor])

    assert [finding.sentence for finding in report.findings] == [
        "Block 3 is not the one that was anchored: after block 2 it was rewritten."
    ]
    assert (report.extent.anchored_block, report.extent.after_anchor) == (2, 1)


def test_findings_without_number_are_counted_but_not_all_kept(company: Company, write: Write) -> None:
    for _ in range(1005):
        write()

    report = verified_after(_sql("UPDATE ledger_entry SET action = 'x'"), company)

    assert (report.found, len(report.findings)) == (1005, 1000)


def _compute_anew(company: Company, cursor: CursorWrapper) -> None:
    """What somebody would do who has the program, the database and time."""
    for _chain, entries in itertools.groupby(
        Entry.objects.order_by("chain", "sequence"), key=lambda entry: entry.chain
    ):
        previous = ""
        for entry in entries:
            entry.previous_hash = previous
            previous = book.entry_hash(book.values_of(entry))
            cursor.execute(
                "UPDATE ledger_entry SET previous_hash = %s, hash = %s WHERE id = %s",
                [entry.previous_hash, previous, entry.pk],
            )
            cursor.execute("UPDATE ledger_leaf SET hash = %s WHERE entry_id = %s", [previous, entry.pk])
    before = ""
    for block in Block.objects.filter(company=company).order_by("number"):
        hashes = Leaf.objects.filter(block=block).order_by("position").values_list("hash", flat=True)
        block.merkle_root = merkle.root(leaf_of(each) for each in hashes).hex()
        block.previous_digest = before
        before = digest_of(block)
        cursor.execute(
            "UPDATE ledger_block SET merkle_root = %s, previous_digest = %s, digest = %s WHERE id = %s",
            [block.merkle_root, block.previous_digest, before, block.pk],
        )


def test_a_record_without_any_entry_is_named(company: Company, complaint: Record) -> None:
    report = verified_after(_sql("DELETE FROM ledger_entry WHERE record_id = %s", complaint.pk), company)

    assert [(finding.code, finding.chain) for finding in report.findings] == [("head_differs", f"r{complaint.pk}")]
