"""Words for searching: Chinese by overlapping pairs of characters, Latin and digits by whole runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_]+", re.UNICODE)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LONGEST = 16_000
"""Words of one record; PostgreSQL counts positions up to 16,383."""


def folded(text: str) -> str:
    """Lower case, full-width letters and digits as ordinary ones."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> Iterator[str]:
    """The stretches of Chinese characters and of letters and digits, in order."""
    for found in _RUN.finditer(folded(text)):
        yield from _parted(found.group())


def _parted(run: str) -> Iterator[str]:
    """A run without the change between Chinese and Latin inside it."""
    start = 0
    for place in range(1, len(run)):
        if bool(_HAN.match(run[place])) != bool(_HAN.match(run[place - 1])):
            yield run[start:place]
            start = place
    yield run[start:]


def grams(text: str) -> list[str]:
    """What is kept of a text: each run of Chinese as its pairs and its last character, other runs whole."""
    found: list[str] = []
    for run in runs(text):
        if _HAN.match(run):
            found += [run[place : place + 2] for place in range(len(run) - 1)]
            found.append(run[-1])
        else:
            found.append(run[:60])
    return found[:LONGEST]


def phrases(words: str) -> list[list[tuple[str, bool]]]:
    """What is looked for: for each run the grams that stand one after another; True marks the beginning of a word."""
    found: list[list[tuple[str, bool]]] = []
    for run in list(runs(words))[:12]:
        if not _HAN.match(run):
            found.append([(run[:60], True)])
        elif len(run) == 1:
            found.append([(run, True)])
        else:
            found.append([(run[place : place + 2], False) for place in range(len(run) - 1)])
    return found
