"""What a procedure may say already and nobody carries out yet; it is never to look as if it were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from luyue.rulebook.controls import Attested, Cadence, Control, Notice, Retention, Role, Threshold
from luyue.rulebook.documents import Clause
from luyue.rulebook.engine.enforcement import ANSWERS
from luyue.rulebook.placing import Placed
from luyue.rulebook.problems import Place, Problem

KINDS = frozenset({"classification", "target"})
"""Kinds of control that are read and shown, and otherwise do nothing."""

OWES = frozenset({"time_limit", "cadence", "order", "prerequisite", "separate_persons"})
"""Kinds in which `owner` says who owes it; in a notice it does when the customer is told."""


def not_enforced(placed: Iterable[Placed]) -> list[Problem]:
    """One remark for each control, or part of one, that changes nothing yet."""
    return [
        each.problem("not_enforced", _("not enforced yet: %(what)s") % {"what": what}, *place)
        for each in placed
        for place, what in parts_not_run(each.kind, each.control)
    ]


def parts_not_run(kind: str, control: Control) -> Iterator[tuple[Place, str]]:
    """What of a control is not carried out, with its place in it; the empty place is the whole control."""
    if kind == "classification":
        yield (), _("the class is neither worked out from the facts nor looked at again")
    if kind == "target":
        yield (), _("nobody measures this figure")
    if isinstance(control, Retention):
        yield from _of_retention(control)
    if isinstance(control, Cadence | Attested) and control.when is not None:
        yield (
            ("when",),
            _("a duty of the calendar belongs to no record, so its condition never holds and nobody owes it"),
        )
    if isinstance(control, Cadence) and control.per == "customer" and control.of:
        yield ("of",), _("it is owed for every customer")
    if isinstance(control, Threshold) and not control.enforced:
        yield ("enforced",), _("no warning is given beyond a guide value")
    if isinstance(control, Notice) and control.to and set(control.channels) != {"in_app"}:
        yield ("channels",), _("colleagues are told here in the system, and by mail as each has chosen")
    if isinstance(control, Role):
        yield from _of_role(control)
    owes = kind in OWES or (isinstance(control, Notice) and control.customer)
    if control.owner is not None and not owes:
        yield ("owner",), _("who owes this kind of control is not asked of `owner`")


def is_not_run(clause: Clause) -> bool:
    """Whether nothing of what the clause demands is carried out."""
    kinds = {entry.kind for entry in clause.controls}
    return bool(kinds) and kinds <= KINDS and clause.attested is None


def _of_retention(control: Retention) -> Iterator[tuple[Place, str]]:
    if control.bound is not None:
        yield ("bound",), _("nobody is reminded to bind")
    if control.checked is not None:
        yield ("checked",), _("nobody is reminded to check what is kept")
    if control.destruction_approved_by is not None:
        yield ("destruction_approved_by",), _("nothing is destroyed here, so no approval is asked")


def _of_role(control: Role) -> Iterator[tuple[Place, str]]:
    """Who signs, acknowledges or overrides is named by the sign-off, the routing or the control itself."""
    for position, name in enumerate(control.actions):
        if name.partition(".")[2] in ANSWERS:
            yield (
                ("actions", position),
                _("no role is asked for `%(action)s`; what it answers names its person") % {"action": name},
            )
