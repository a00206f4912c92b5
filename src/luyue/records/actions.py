"""Actions: the only way to change a record. One action is one transaction and one ledger entry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.utils.functional import Promise

from luyue.records.forms import ActionForm
from luyue.records.models import Record
from luyue.records.refusing import Refusal

P = ParamSpec("P")
R = TypeVar("R", bound=Record)

Check = Callable[[Any], Refusal | None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file handed in with an action."""

    kind: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds an action: when it happened, what the person had read, how it was signed, what came with it.

    `occurred_at` is an aware instant; None is the present one. When it was entered is never the caller's to say.
    `submission` is the mark of the form; what bears the mark of an entry that is there already is refused.
    """

    occurred_at: datetime | None = None
    expected_version: int | None = None
    password: str | None = None
    signed_by_passkey: bool = False
    uploads: tuple[Upload, ...] = ()
    struck_through: Mapping[str, str] = field(default_factory=dict)
    source_key: str | None = None
    submission: str = ""


@dataclass(frozen=True)
class Action(Generic[R, P]):
    """Something that may happen to a record, as the procedure's readers would name it."""

    name: str
    function: Callable[Concatenate[R, P], str | None]
    label: str | Promise
    hint: str
    opens: type[Record] | None
    at: frozenset[str] | None
    to: str | None
    form: type[ActionForm] | None
    checks: tuple[Check, ...]
    question: Callable[[Any], list[Refusal]] | None = None
    afterwards: Callable[[Any], None] | None = None

    def __call__(self, record: R, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.given()(record, *args, **kwargs)

    def given(
        self,
        *,
        occurred_at: datetime | None = None,
        expected_version: int | None = None,
        password: str | None = None,
        signed_by_passkey: bool = False,
        uploads: Iterable[Upload] = (),
        struck_through: Mapping[str, str] | None = None,
        source_key: str | None = None,
        submission: str = "",
    ) -> Callable[Concatenate[R, P], R]:
        """The same action under other circumstances than “just now, on what the database holds”."""
        circumstances = Circumstances(
            occurred_at,
            expected_version,
            password,
            signed_by_passkey,
            tuple(uploads),
            struck_through or {},
            source_key,
            submission,
        )

        def take(record: R, *args: P.args, **kwargs: P.kwargs) -> R:
            from luyue.records.performing import perform  # performing needs the declarations of this module

            return perform(self, record, dict(kwargs), circumstances)

        return take

    @property
    def is_opening(self) -> bool:
        return self.opens is not None

    def full_name(self, record_type: str) -> str:
        return f"{record_type}.{self.name}"


def action(
    *,
    label: str | Promise,
    opens: type[Record] | None = None,
    at: Iterable[str] | None = None,
    to: str | None = None,
    form: type[ActionForm] | None = None,
    checks: Iterable[Check] = (),
) -> Callable[[Callable[Concatenate[R, P], str | None]], Action[R, P]]:
    """Declare a function as an action: where it may happen, where it leads, what it is called, what it asks.

    `at=None` means in every state that is not final. The function may return the state it leads to when that depends
    on what was said. Its docstring is the hint that the user reads.
    """

    def declare(function: Callable[Concatenate[R, P], str | None]) -> Action[R, P]:
        return Action(
            name=function.__name__.rstrip("_"),
            function=function,
            label=label,
            hint=inspect.getdoc(function) or "",
            opens=opens,
            at=None if at is None else frozenset(at),
            to=to,
            form=form,
            checks=tuple(checks),
        )

    return declare
