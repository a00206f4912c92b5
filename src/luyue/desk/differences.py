"""What a draft changes, clause by clause, in the words in which its readers know the procedure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luyue.desk.areas import name_of_area
from luyue.desk.wording import lookups_in, said
from luyue.records.objections import Names
from luyue.rulebook.comparing import Change, ClauseDifference, Comparison, ControlDifference
from luyue.rulebook.controls import Control
from luyue.rulebook.plain_words import Lookups, in_plain_words
from luyue.rulebook.values import Text

WORDS = re.compile(r"[A-Za-z0-9_.%-]+|\s+|.", re.DOTALL)
ALIKE_ENOUGH = 0.4
"""Below this share of common words two sentences are shown whole: pieces of them would only puzzle."""

KINDS = {
    "role": gettext_lazy("who may act"),
    "sign_off": gettext_lazy("signatures"),
    "time_limit": gettext_lazy("time limit"),
    "cadence": gettext_lazy("how often"),
    "prerequisite": gettext_lazy("what must be there first"),
    "order": gettext_lazy("order of steps"),
    "separate_persons": gettext_lazy("different persons"),
    "required_fields": gettext_lazy("what must be filled in"),
    "routing": gettext_lazy("who receives it"),
    "notice": gettext_lazy("who is told"),
    "classification": gettext_lazy("classes"),
    "numbering": gettext_lazy("numbering"),
    "form": gettext_lazy("printed form"),
    "retention": gettext_lazy("how long it is kept"),
    "confidentiality": gettext_lazy("who may see it"),
    "threshold": gettext_lazy("threshold"),
    "target": gettext_lazy("target"),
    "attested": gettext_lazy("duty of conduct"),
}
PLACES = {
    "title": gettext_lazy("title"),
    "text": gettext_lazy("text"),
    "text_only": gettext_lazy("why the computer runs nothing"),
    "planned": gettext_lazy("waits for"),
    "sources": gettext_lazy("duties carried out"),
    "edition": gettext_lazy("edition"),
    "effective": gettext_lazy("effective from"),
    "prepared": gettext_lazy("prepared by"),
    "reviewed": gettext_lazy("reviewed by"),
    "approved": gettext_lazy("approved by"),
    "distribution": gettext_lazy("distribution"),
    "scope": gettext_lazy("scope"),
    "history": gettext_lazy("history"),
    "migrates": gettext_lazy("records under earlier editions"),
    "name": gettext_lazy("name"),
    "when": gettext_lazy("condition"),
    "owner": gettext_lazy("who owes it"),
    "says": gettext_lazy("sentence"),
    "gap": gettext_lazy("why nothing is set otherwise"),
}
LANGUAGES = {
    "zh-hans": gettext_lazy("Simplified"),
    "zh-hant": gettext_lazy("Traditional"),
    "en": gettext_lazy("English"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, went or came."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One thing that reads differently now."""

    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """A clause, or the heading, with all that reads differently in it."""

    clause: str
    title: str
    what: str
    changes: Sequence[ChangeShown]


def differences_in_words(found: Comparison, names: Names) -> list[DifferenceShown]:
    """All that differs between two documents, in the order of the later one."""
    reader = _Reader(names)
    heading = [shown for change in found.heading for shown in reader.change(change)]
    clauses = [reader.clause(each) for each in found.clauses]
    return ([DifferenceShown("", _("Cover"), "", heading)] if heading else []) + clauses


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.lookups: Lookups = lookups_in(names)

    def clause(self, found: ClauseDifference) -> DifferenceShown:
        now = found.after or found.before
        changes = [shown for change in found.changes for shown in self.change(change)]
        if found.what != "changed" and now is not None:
            before, after = (said(now.text), "") if found.what == "removed" else ("", said(now.text))
            changes.append(ChangeShown(str(PLACES["text"]), pieces(before, after)))
        changes += [shown for control in found.controls for shown in self.control(control)]
        kinds = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
        title = said(now.title) if now and now.title else ""
        return DifferenceShown(found.number, title, kinds[found.what], changes)

    def control(self, found: ControlDifference) -> Iterator[ChangeShown]:
        before, after = (self._sentence(found.kind, each) for each in (found.before, found.after))
        label = str(KINDS.get(found.kind, found.kind))
        if before != after:
            yield ChangeShown(label, pieces(before, after))
            return
        for change in found.changes:
            for shown in self.change(change):
                yield ChangeShown(f"{label} · {shown.label}", shown.pieces)

    def _sentence(self, kind: str, control: Control | None) -> str:
        return in_plain_words(kind, control, self.lookups) if control is not None else ""

    def change(self, change: Change) -> Iterator[ChangeShown]:
        label = str(PLACES.get(change.path, change.path))
        if _is_text(change.before) and _is_text(change.after) and (change.before or change.after):
            yield from self._text(label, change.before or {}, change.after or {})
            return
        before, after = self._value(change.path, change.before), self._value(change.path, change.after)
        yield ChangeShown(label, pieces(before, after))

    def _text(self, label: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ChangeShown]:
        """In the reader's language; where nothing changed in it, in the others, each by its name."""
        mine = _in_readers_language(before), _in_readers_language(after)
        if mine[0] != mine[1]:
            yield ChangeShown(label, pieces(*mine))
            return
        for language, called in LANGUAGES.items():
            if before.get(language) != after.get(language):
                words = pieces(before.get(language, ""), after.get(language, ""))
                yield ChangeShown(f"{label} · {called}", words)

    def _value(self, place: str, value: Any) -> str:
        if value is None:
            return ""
        if place in ("prepared", "reviewed", "approved", "owner"):
            return self.names.address(str(value))
        if place == "distribution":
            return _listed(self.names.departments.get(code) or self.names.positions.get(code, code) for code in value)
        if place == "planned":
            return name_of_area(str(value))
        if place == "history":
            return "\n".join(f"{row['date']} {row['edition']} {_in_readers_language(row['change'])}" for row in value)
        return _listed(str(each) for each in value) if isinstance(value, list) else str(value)


def pieces(before: str, after: str) -> list[Piece]:
    """Two sentences as one, with the words that went and those that came marked."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not old or not new or matcher.ratio() < ALIKE_ENOUGH:
        return [Piece(what, words) for what, words in (("went", before), ("came", after)) if words]
    found: list[Piece] = []
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            found.append(Piece("stayed", "".join(new[new_from:new_to])))
            continue
        went, came = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        found += [Piece(each, words) for each, words in (("went", went), ("came", came)) if words]
    return found


def _is_text(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and "zh-hans" in value)


def _in_readers_language(text: Mapping[str, str]) -> str:
    return Text.model_validate(text).in_language(get_language() or "zh-hans") if text else ""


def _listed(words: Iterable[str]) -> str:
    return _(", ").join(words)
