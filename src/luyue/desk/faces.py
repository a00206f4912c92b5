"""What a page shows of a record: plain values that a view fills and a template draws, and nothing it must not show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

ClockTone = Literal["overdue", "due", "running", "paused", "kept", "late", "waived", "cancelled"]
StateTone = Literal["new", "active", "waiting", "done", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long is left of a promise, in words first, with the exact time and the way to its explanation."""

    tone: ClockTone
    words: str
    at: datetime | None = None
    counts: Literal["natural", "working"] = "natural"
    what: str = ""
    clause: str = ""
    owner: str = ""
    url: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state's word and the family of its tint."""

    label: str
    tone: StateTone = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One station of the state line: where the record has been, is, or may come."""

    label: str
    place: Literal["past", "here", "ahead"]
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as others see him: name, department, and for whom he stands in."""

    name: str
    department: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One field of the form: its name on the paper, its value, and why it stays empty where it does not apply."""

    label: str
    value: Any = ""
    kind: Literal["text", "long", "number", "yes_no", "date", "person", "link", "withheld"] = "text"
    url: str = ""
    hint: str = ""
    struck: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A block of the form, in the order of the paper."""

    title: str
    facts: Sequence[Fact]
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionButton:
    """An action as the reader meets it: open to him, or closed with the reason and its clause."""

    label: str
    url: str
    name: str = ""
    icon: str = ""
    clause: str = ""
    refusal: str = ""
    clock: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """One thing that follows when a step is taken, with the clause that has it so."""

    text: str
    clause: str = ""
    clause_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place on a sign-off sheet."""

    who: Person
    position: str = ""
    standing: Literal["signed", "sent_back", "next", "later", "cancelled"] = "later"
    meaning: str = ""
    at: datetime | None = None
    opinion: str = ""
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Signatures that an action waits for: all, any, or in order."""

    title: str
    mode: Literal["all", "any", "in_order"]
    slots: Sequence[Slot]
    clause: str = ""
    clock: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field before and after."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the record's history."""

    kind: Literal["action", "comment", "mail", "signature", "correction", "system"]
    title: str
    who: Person | None
    occurred_at: datetime
    entered_at: datetime | None = None
    comment: str = ""
    changes: Sequence[Change] = ()
    state: State | None = None
    clause: str = ""
    digest: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that belongs to a record."""

    name: str
    url: str
    kind: str = ""
    size: int = 0
    thumbnail: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Records of one type that hang together with this one."""

    label: str
    count: str
    url: str
    icon: str = "link"
    records: Sequence[LinkedRecord] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRecord:
    """Another record named from here."""

    number: str
    title: str
    url: str
    state: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a register; `kind` decides width, alignment and how its cells are drawn."""

    key: str
    label: str
    kind: Literal["number", "party", "title", "text", "state", "clock", "person", "date", "amount"] = "text"
    sort: Literal["", "ascending", "descending"] = ""
    sort_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell; `value` is a text, a Clock, a State or a Person as the column's kind says."""

    column: Column
    value: Any = ""
    under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record in a register."""

    id: str
    number: str
    url: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A view of a list."""

    label: str
    url: str
    is_active: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    value: str
    without_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Newer and older by key; there are no page numbers."""

    newer_url: str = ""
    older_url: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A line of somebody's work: what, on which record, for whom, by when, under which clause.

    `waits_for` is who owes it, where that is somebody else.
    """

    verb: str
    number: str
    title: str
    url: str
    action_url: str = ""
    step: str = ""
    customer: str = ""
    clause: str = ""
    clock: Clock | None = None
    waits_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The duties of one day."""

    label: str
    duties: Sequence[Duty]
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A number that opens its list; the one that is open leads back to everything."""

    label: str
    count: str
    url: str
    tone: Literal["plain", "overdue", "due"] = "plain"
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """How often a clause was kept in a period; nothing at all is `no evidence`, never kept."""

    kept: int = 0
    late: int = 0
    broken: int = 0
    running: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.late + self.broken + self.running

    @property
    def parts(self) -> list[tuple[str, int, str, str]]:
        """Tone, number, and where its bar begins and how wide it is, in per cent."""
        found: list[tuple[str, int, str, str]] = []
        begin = 0.0
        for tone in ("kept", "late", "broken", "running"):
            number: int = getattr(self, tone)
            if number:
                width = 100 * number / self.total
                found.append((tone, number, f"{begin:.2f}%", f"{width:.2f}%"))
                begin += width
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseShown:
    """A paragraph of a procedure, its controls in plain words, and how well it is being kept."""

    number: str
    text: str
    title: str = ""
    depth: int = 1
    anchor: str = ""
    controls: Sequence[str] = ()
    controls_not_run: Sequence[str] = ()
    parts_not_run: Sequence[str] = ()
    remark: str = ""
    conformity: Conformity | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of time as a clock counted it."""

    start: datetime
    end: datetime | None
    words: str
    amount: str = ""
    kind: Literal["counted", "pause", "rest", "moved", "result"] = "counted"
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """A line of the left navigation."""

    label: str
    url: str
    icon: str
    active: bool = False
    count: str = ""
    group: str = field(default="")
