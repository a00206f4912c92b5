"""Inclusion proofs: one entry can be proven against a block's digest by a stranger, without the rest of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from luyue.ledger import merkle
from luyue.ledger.book import entry_hash
from luyue.ledger.models import Entry, Leaf
from luyue.ledger.sealing import block_digest, leaf_of


@dataclass(frozen=True)
class Proof:
    """What a stranger needs besides the entry's values and the block's digest; hashes are hexadecimal."""

    company_id: int
    block: int
    sealed_at: str
    count: int
    size: int
    previous_digest: str
    position: int
    path: tuple[str, ...]

    def to_mapping(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "path": list(self.path)}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Proof:
        """From JSON."""
        return cls(**{**mapping, "path": tuple(mapping["path"])})


def inclusion_proof(entry: Entry) -> Proof | None:
    """The proof that an entry stands in its block; None while it is not sealed."""
    leaf = Leaf.objects.filter(entry=entry).select_related("block").first()
    if leaf is None:
        return None
    block = leaf.block
    hashes = block.leaves.filter(company_id=block.company_id).order_by("position").values_list("hash", flat=True)
    audit_path = merkle.path([leaf_of(each) for each in hashes], leaf.position)
    return Proof(
        company_id=block.company_id,
        block=block.number,
        sealed_at=block.sealed_at.isoformat(),
        count=block.count,
        size=block.size,
        previous_digest=block.previous_digest,
        position=leaf.position,
        path=tuple(step.hex() for step in audit_path),
    )


def verify_inclusion(values: Mapping[str, Any], proof: Proof, digest: str) -> bool:
    """Whether an entry that says exactly this (`book.values_of`) stands in the block of this digest; no database."""
    try:
        audit_path = [bytes.fromhex(step) for step in proof.path]
        sealed_at = datetime.fromisoformat(proof.sealed_at)
    except ValueError:
        return False
    root = merkle.root_by_path(leaf_of(entry_hash(values)), proof.position, proof.count, audit_path)
    if root is None or sealed_at.utcoffset() is None:
        return False
    return digest == block_digest(
        company_id=proof.company_id,
        number=proof.block,
        merkle_root=root.hex(),
        previous_digest=proof.previous_digest,
        sealed_at=sealed_at,
        count=proof.count,
        size=proof.size,
    )
