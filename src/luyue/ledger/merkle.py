"""Merkle trees as RFC 9162 section 2.1 builds them, over SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps a leaf from being passed off as a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two parts."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in their order; keeps only one hash per level in memory."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, tree = 1, leaf
        while peaks and peaks[-1][0] == size:
            tree = node_hash(peaks.pop()[1], tree)
            size *= 2
        peaks.append((size, tree))
    if not peaks:
        return hashlib.sha256().digest()
    tree = peaks.pop()[1]
    while peaks:
        tree = node_hash(peaks.pop()[1], tree)
    return tree


def path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The audit path of the leaf at this position (from 0): the hashes that lead from it to the root, lowest first."""
    if len(leaves) <= 1:
        return []
    left = _largest_power_below(len(leaves))
    if position < left:
        return [*path(leaves[:left], position), root(leaves[left:])]
    return [*path(leaves[left:], position - left), root(leaves[:left])]


def root_by_path(leaf: bytes, position: int, size: int, audit_path: Sequence[bytes]) -> bytes | None:
    """The root that follows from one leaf and its audit path (RFC 9162, 2.1.3.2); None when the path does not fit."""
    if not 0 <= position < size:
        return None
    node, last, tree = position, size - 1, leaf
    for sibling in audit_path:
        if last == 0:
            return None
        if node % 2 or node == last:
            tree = node_hash(sibling, tree)
            while node and not node % 2:
                node, last = node // 2, last // 2
        else:
            tree = node_hash(tree, sibling)
        node, last = node // 2, last // 2
    return tree if last == 0 else None


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
