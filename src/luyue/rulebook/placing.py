"""Controls with their places in their documents, so that whatever is wrong with one can say where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luyue.rulebook.controls import Control
from luyue.rulebook.documents import Clause, Document
from luyue.rulebook.problems import Place, Problem, written_path


@dataclass(frozen=True, slots=True)
class Placed:
    """A control with its place in its document."""

    file: str
    document: Document
    clause: Clause
    kind: str
    place: Place
    control: Control

    def problem(self, code: str, sentence: str, *step: str | int) -> Problem:
        return Problem(self.file, written_path((*self.place, *step)), code, sentence)


def controls_of(documents: Mapping[str, Document]) -> Iterator[Placed]:
    """Every control of these documents with its place, those attested included."""
    for file, document in documents.items():
        for number, clause in enumerate(document.clauses):
            for position, entry in enumerate(clause.controls):
                place = ("clauses", number, "controls", position, entry.kind)
                yield Placed(file, document, clause, entry.kind, place, entry.control)
            if clause.attested is not None:
                yield Placed(file, document, clause, "attested", ("clauses", number, "attested"), clause.attested)
