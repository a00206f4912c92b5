from __future__ import annotations

import json
from dataclasses import replace

import pytest

from luyue.ledger import book
from luyue.ledger.models import Entry
from luyue.ledger.proofs import Proof, inclusion_proof, verify_inclusion
from luyue.ledger.sealing import seal
from luyue.organization.models import Company
from tests.ledger.conftest import MORNING, Write


def test_an_entry_that_is_not_sealed_has_no_proof_yet(write: Write) -> None:
    assert inclusion_proof(write()) is None


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_sealed_entry_is_proven_by_what_a_stranger_was_handed(company: Company, write: Write, count: int) -> None:
    for _ in range(count):
        write(facts={"severity": "serious", "cost": 12.5})
    block = seal(company, now=MORNING)
    assert block is not None

    for entry in Entry.objects.order_by("pk"):
        proof = inclusion_proof(entry)
        assert proof is not None
        handed_over = json.dumps([book.values_of(entry), proof.to_mapping()])
        values, mapping = json.loads(handed_over)
        assert verify_inclusion(values, Proof.from_mapping(mapping), block.digest)


def test_a_changed_entry_or_proof_proves_nothing(company: Company, write: Write) -> None:
    entries = [write(), write(), write()]
    block = seal(company, now=MORNING)
    assert block is not None
    proof = inclusion_proof(entries[1])
    assert proof is not None
    values = book.values_of(entries[1])

    assert not verify_inclusion({**values, "action": "department.close"}, proof, block.digest)
    assert not verify_inclusion(book.values_of(entries[0]), proof, block.digest)
    assert not verify_inclusion(values, replace(proof, position=0), block.digest)
    assert not verify_inclusion(values, replace(proof, count=4), block.digest)
    assert not verify_inclusion(values, replace(proof, block=2), block.digest)
    assert not verify_inclusion(values, replace(proof, sealed_at="yesterday"), block.digest)
    assert not verify_inclusion(values, replace(proof, path=("zz",)), block.digest)
    assert not verify_inclusion(values, proof, "0" * 64)
    assert verify_inclusion(values, proof, block.digest)
