from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from luyue.ledger import merkle

_leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=40).map(
    lambda contents: [merkle.leaf_hash(content) for content in contents]
)


def _as_defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, word for word, over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + _as_defined(leaves[:k]) + _as_defined(leaves[k:])).digest()


def test_the_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert merkle.root([]) == sha256(b"").digest()


def test_a_leaf_is_told_from_a_node() -> None:
    assert merkle.leaf_hash(b"x") == sha256(b"\x00x").digest()
    assert merkle.node_hash(b"x", b"y") == sha256(b"\x01xy").digest()


@given(_leaves)
def test_the_root_is_the_one_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == _as_defined(leaves)


@given(_leaves, st.data())
def test_each_leaf_is_proven_by_its_path(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))

    path = merkle.path(leaves, position)

    assert merkle.root_by_path(leaves[position], position, len(leaves), path) == merkle.root(leaves)


@given(_leaves, st.data())
def test_no_other_leaf_place_or_path_proves_anything(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    path, size, root = merkle.path(leaves, position), len(leaves), merkle.root(leaves)
    foreign = merkle.leaf_hash(b"not among them")

    assert merkle.root_by_path(foreign, position, size, path) != root
    assert merkle.root_by_path(leaves[position], size, size, path) is None
    assert merkle.root_by_path(leaves[position], position, size, [*path, foreign]) is None
    for step in range(len(path)):
        shortened = [*path[:step], *path[step + 1 :]]
        assert merkle.root_by_path(leaves[position], position, size, shortened) != root
        exchanged = [*path[:step], foreign, *path[step + 1 :]]
        assert merkle.root_by_path(leaves[position], position, size, exchanged) != root
