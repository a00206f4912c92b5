"""Stories and rules for the engine's tests, told in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from luyue.rulebook.documents import Document
from luyue.rulebook.engine.events import Event, Obligation
from luyue.rulebook.engine.obligations import obligations
from luyue.rulebook.engine.rules import Rules
from luyue.worktime import Calendar

CALENDAR = Calendar.cn()
LI, WANG, ZHAO, QIAN = 1, 2, 3, 4

CLERK = {"position": "clerk"}
MANAGER = {"position": "manager"}
DIRECTOR = {"position": "director"}
QUALITY = {"department": "quality"}
SALES = {"department": "sales"}


class Authority:
    """A person with positions and departments, as the organisation would hand one over."""

    def __init__(self, employee: int, *addresses: Mapping[str, str]) -> None:
        self.keys = frozenset(
            {f"employee:{employee}"} | {f"{k}:{v}" for address in addresses for k, v in address.items()}
        )


def document(*controls: Mapping[str, Any], procedure: str = "KH-01") -> Document:
    """A procedure with one clause for each control, numbered 1, 2, 3."""
    return document_of(*({"controls": [control]} for control in controls), procedure=procedure)


def document_of(*clauses: Mapping[str, Any], procedure: str = "KH-01") -> Document:
    """A procedure with these clauses, numbered 1, 2, 3."""
    return Document.model_validate(
        {
            "procedure": procedure,
            "title": {"zh-hans": "投诉"},
            "edition": "1",
            "effective": "2020-01-01",
            "prepared": MANAGER,
            "approved": DIRECTOR,
            "clauses": [
                {"number": str(number), "text": {"zh-hans": f"第{number}条"}, **clause}
                for number, clause in enumerate(clauses, start=1)
            ],
        }
    )


def rules(*controls: Mapping[str, Any]) -> Rules:
    """The rules of one such procedure."""
    return Rules.of([document(*controls)])


def on(said: str) -> datetime:
    """`03-04 09:30` in Shanghai in the year 2026, or a full date and time."""
    text = said if len(said) > len("03-04 09:30") else f"2026-{said}"
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone)


class Story:
    """The events of one complaint; what is not said stays as it was."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def then(
        self,
        action: str,
        at: str | datetime,
        by: int | None = LI,
        /,
        *,
        state: str | None = None,
        facts: Mapping[str, Any] | None = None,
        dates: Mapping[str, Any] | None = None,
        persons: Mapping[str, int | None] | None = None,
        **data: Any,
    ) -> Story:
        """Add an event; `data` is what sign, acknowledge and their like say."""
        last = self.events[-1] if self.events else None
        instant = at if isinstance(at, datetime) else on(at)
        self.events.append(
            Event(
                sequence=len(self.events) + 1,
                action=f"complaint.{action}",
                occurred_at=instant,
                entered_at=instant,
                by=by,
                state=state or (last.state if last else "open"),
                facts={**(last.facts if last else {}), **(facts or {})},
                dates={**(last.dates if last else {}), **(dates or {})},
                data=data,
                persons={**(last.persons if last else {}), **(persons or {})},
            )
        )
        return self

    def owed(self, rules: Rules, as_of: str | datetime) -> tuple[Obligation, ...]:
        """All obligations at an instant."""
        instant = as_of if isinstance(as_of, datetime) else on(as_of)
        return obligations(self.events, rules, CALENDAR, instant, "complaint")

    def only(self, rules: Rules, as_of: str | datetime) -> Obligation:
        """The one obligation at an instant."""
        (obligation,) = self.owed(rules, as_of)
        return obligation
