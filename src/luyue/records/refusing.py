"""Refusals: a “no” that carries its reason, its clause, and who could say yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is not open: a sentence for the reader, with the clause it rests on where there is one.

    `first` is the action of the same record that would open it.
    """

    code: str
    sentence: str | Promise
    procedure: str = ""
    clause: str = ""
    control: str = ""
    override_by: str = ""
    hides: bool = False
    first: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.clause:
            return str(self.sentence)
        words = {"sentence": self.sentence, "clause": f"{self.procedure} {self.clause}"}
        return gettext("%(sentence)s (%(clause)s)") % words


class Refused(Exception):  # noqa: N818 - read as a sentence: the action is refused
    """An action was not taken; nothing has been written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(str(refusal) for refusal in refusals))
        self.refusals = refusals

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(refusal.code for refusal in self.refusals)


class ChangedMeanwhile(Refused):
    """Somebody else changed the record since it was read; what was typed is kept by the page."""
