"""Whether the procedures of a profile fit this installation: what `luyue check` says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from luyue.records.registry import vocabulary
from luyue.rulebook.checking import check_profile, remarks_on_nobody
from luyue.rulebook.loading import Profile, library_folders, profile_folders, read_profile
from luyue.rulebook.problems import Problem, RulebookError

Finding = dict[str, str]

WORTH_A_WARNING = frozenset({"planned", "needless_gap", "not_enforced"})


def findings_in_shipped() -> list[Finding]:
    """What is to be said of all profiles that ship, and of the procedures in the library."""
    companies = [finding for folder in profile_folders() for finding in findings_in(folder)]
    return companies + [finding for folder in library_folders() for finding in _of_names(folder)]


def findings_in(folder: Path) -> list[Finding]:
    """What is to be said of one profile: what must be mended, what is worth knowing, what nobody may do."""
    try:
        profile = read_profile(folder)
    except RulebookError as wrong:
        return [_finding("error", folder.name, problem) for problem in wrong.problems]
    return [*_of_profile(profile), *_nobody(profile)]


def _of_names(folder: Path) -> list[Finding]:
    """A procedure of the library names no roles for what other procedures do."""
    try:
        return list(_of_profile(read_profile(folder)))
    except RulebookError as wrong:
        return [_finding("error", folder.name, problem) for problem in wrong.problems]


def _of_profile(profile: Profile) -> Iterator[Finding]:
    found = check_profile(profile, vocabulary())
    for problem in found.problems:
        yield _finding("error", profile.name, problem)
    for remark in found.remarks:
        yield _finding("warning" if remark.code in WORTH_A_WARNING else "info", profile.name, remark)


def _nobody(profile: Profile) -> Iterable[Finding]:
    return [_finding("warning", profile.name, remark) for remark in remarks_on_nobody(profile, vocabulary())]


def _finding(level: str, profile: str, problem: Problem) -> Finding:
    where = ":".join(part for part in (problem.file, str(problem.line or ""), problem.path) if part)
    return {
        "level": level,
        "code": f"rulebook.{problem.code}",
        "message": problem.sentence,
        "hint": "",
        "about": f"{profile}/{where}",
    }
