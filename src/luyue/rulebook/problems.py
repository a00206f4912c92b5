"""What is wrong with a procedure file, said so exactly that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

Place = tuple[str | int, ...]

MOST_NAMES_LISTED = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot stand: in which file, where in it, and what would be accepted instead."""

    file: str
    path: str
    code: str
    sentence: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.path}: {self.sentence}" if self.path else f"{where}: {self.sentence}"


class RulebookError(ValueError):
    """Files that cannot be loaded; nothing of them is used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Findings:
    """What must be mended before an edition may be used, and what is only worth knowing."""

    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()

    def __add__(self, other: Findings) -> Findings:
        return Findings(self.problems + other.problems, self.remarks + other.remarks)

    def refuse_problems(self) -> None:
        """Raise RulebookError when there is anything that must be mended."""
        if self.problems:
            raise RulebookError(self.problems)


def written_path(place: Place) -> str:
    """`clauses[3].controls[0].time_limit.within`."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def what_is_accepted(said: str, known: Sequence[str], *, after: str = "") -> str:
    """The nearest name as a question, or else the names to choose from; empty when there are none.

    `after` is written before each name but does not make it any nearer.
    """
    near = get_close_matches(said, known, n=1, cutoff=0.6)
    if near:
        return _("did you mean `%(name)s`?") % {"name": after + near[0]}
    if not known:
        return ""
    names = ", ".join(f"`{after}{name}`" for name in known[:MOST_NAMES_LISTED])
    if len(known) > MOST_NAMES_LISTED:
        return _("accepted are %(names)s and %(more)d more") % {"names": names, "more": len(known) - MOST_NAMES_LISTED}
    return _("accepted are %(names)s") % {"names": names}
