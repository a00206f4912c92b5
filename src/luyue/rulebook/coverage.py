"""How far the shipped procedures carry out a catalogue of duties found in written sources."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from luyue.rulebook.documents import Clause
from luyue.rulebook.loading import SHIPPED, Profile
from luyue.rulebook.not_run import KINDS

EXERCISED = SHIPPED / "exercised.json"


class CatalogueError(ValueError):
    """A file that is no catalogue of duties; the sentence says why."""


class Standing(StrEnum):
    """How a duty is carried out, the strongest first."""

    RUN = "run"
    NOT_EXERCISED = "in force, not exercised"
    ATTESTED = "attested"
    TEXT_ONLY = "text only"
    PLANNED = "planned"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of a written source, by its id in the catalogue."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shipped procedure takes up a duty, and what it does about it."""

    profile: str
    file: str
    clause: str
    kind: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class CoveredDuty:
    """A duty, how it stands, where it is taken up, and which stories show it."""

    duty: Duty
    standing: Standing
    places: tuple[Place, ...]
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every duty of a catalogue with its standing, and the ids in procedures that no catalogue knows."""

    duties: tuple[CoveredDuty, ...]
    unknown: tuple[tuple[str, Place], ...]

    def by_source(self) -> Mapping[str, tuple[CoveredDuty, ...]]:
        grouped: dict[str, list[CoveredDuty]] = defaultdict(list)
        for covered in self.duties:
            grouped[covered.duty.source].append(covered)
        return {source: tuple(duties) for source, duties in grouped.items()}


def read_catalogue(file: Path) -> list[Duty]:
    """The duties of a catalogue: a YAML list whose entries have an `id` and a `source`.

    Raises CatalogueError with a sentence.
    """
    try:
        entries = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise CatalogueError(_("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": wrong}) from wrong
    if not isinstance(entries, list):
        raise CatalogueError(_("%(file)s is no list of duties") % {"file": file})
    duties = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise CatalogueError(_("%(file)s: entry %(number)d has no `id`") % {"file": file, "number": number})
        duties.append(Duty(entry["id"], str(entry.get("source", ""))))
    return duties


def exercised_duties(file: Path = EXERCISED) -> Mapping[str, Sequence[str]]:
    """Which test stories exercise which duty; the package cannot see the tests, so the list is shipped with it."""
    stories: Mapping[str, Sequence[str]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return stories


def cover(duties: Iterable[Duty], profiles: Iterable[Profile], exercised: Mapping[str, Sequence[str]]) -> Coverage:
    """Say of each duty how the procedures of these profiles carry it out.

    A duty is run when a control for it is in force and a story exercises it.
    """
    taken_up: dict[str, list[Place]] = defaultdict(list)
    for profile in profiles:
        for paper in profile.papers:
            for clause in paper.document.clauses:
                for source, kind, standing in _taken_up(clause):
                    taken_up[source].append(Place(profile.name, paper.file, clause.number, kind, standing))
    covered = [_covered(duty, taken_up.get(duty.id, []), exercised.get(duty.id, ())) for duty in duties]
    known = {each.duty.id for each in covered}
    unknown = [(source, place) for source, places in taken_up.items() if source not in known for place in places]
    return Coverage(tuple(covered), tuple(unknown))


def counted(duties: Iterable[CoveredDuty]) -> dict[Standing, int]:
    """How many duties stand how, all standings named."""
    numbers = Counter(covered.standing for covered in duties)
    return {standing: numbers[standing] for standing in Standing}


def family(duties: Iterable[CoveredDuty]) -> str:
    """What the ids of one source begin with: `SCALE-SERVICE`."""
    parts = zip(*(covered.duty.id.split("-") for covered in duties), strict=False)
    return "-".join(same[0] for same in takewhile(lambda same: len(set(same)) == 1, parts))


def _taken_up(clause: Clause) -> Iterator[tuple[str, str, Standing]]:
    """Each duty that a clause takes up: by a control, by attestation, as text, or as a plan.

    A control without `sources` of its own carries those of its clause. In a clause that is partly planned that would
    say too much: there a control carries only what it names.
    """
    for entry in clause.controls:
        standing = _standing_of(entry.kind)
        for source in entry.control.sources or (() if clause.planned else clause.sources):
            yield source, entry.kind, standing
    for source in clause.sources:
        if clause.text_only is not None:
            yield source, "text_only", Standing.TEXT_ONLY
        if clause.planned is not None:
            yield source, "planned", Standing.PLANNED
    if clause.attested is not None:
        for source in clause.attested.sources or clause.sources:
            yield source, "attested", Standing.ATTESTED


def _standing_of(kind: str) -> Standing:
    """What no computer carries out yet is a plan, whatever a story shows of it."""
    if kind in KINDS:
        return Standing.PLANNED
    return Standing.ATTESTED if kind == "attested" else Standing.NOT_EXERCISED


def _covered(duty: Duty, places: Sequence[Place], stories: Sequence[str]) -> CoveredDuty:
    order = list(Standing)
    standing = min((place.standing for place in places), key=order.index, default=Standing.MISSING)
    if standing is Standing.NOT_EXERCISED and stories:
        standing = Standing.RUN
    return CoveredDuty(duty, standing, tuple(places), tuple(stories))
