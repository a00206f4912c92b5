"""What cannot be obeyed at all, looking at every procedure that is in force together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from luyue.rulebook.controls import Control, Numbering, Order, Prerequisite, SignOff, Threshold
from luyue.rulebook.placing import Placed
from luyue.rulebook.problems import Problem, written_path


def contradictions(together: Sequence[Placed]) -> list[Problem]:
    """Circles of *first this, then that*; two patterns for one number; signers like those of no sign-off."""
    return [*_circles(together), *_said_twice(together), *_sign_offs_like_none(together)]


def _said_twice(together: Sequence[Placed]) -> list[Problem]:
    problems: list[Problem] = []
    numbered: dict[str, Placed] = {}
    valued: dict[str, Placed] = {}
    for each in together:
        if each.control.when is not None:
            continue
        if isinstance(each.control, Numbering):
            problems += _said_before(
                each, numbered, each.control.record, _("the number of `%(name)s` is already given")
            )
        if isinstance(each.control, Threshold):
            problems += _said_before(each, valued, each.control.name, _("the threshold `%(name)s` is already set"))
    return problems


def _said_before(each: Placed, first: dict[str, Placed], name: str, sentence: str) -> list[Problem]:
    earlier = first.setdefault(name, each)
    if earlier is each:
        return []
    place = f"{earlier.file}: {written_path(earlier.place)}"
    return [each.problem("contradiction", f"{sentence % {'name': name}} ({place})")]


def _circles(together: Sequence[Placed]) -> list[Problem]:
    """Unconditional demands that lead from an action back to itself, so that none of them can ever be taken."""
    after: dict[str, dict[str, Placed]] = defaultdict(dict)
    for each in together:
        for first, then in _demands(each.control):
            after[first].setdefault(then, each)
    problems = []
    reported: set[frozenset[str]] = set()
    for start in sorted(after):
        circle = _way_back(start, after)
        if circle and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            closing = after[circle[-1]][start]
            sentence = _("%(circle)s: each waits for the one before, so none can ever be taken") % {
                "circle": " → ".join(f"`{action}`" for action in (*circle, start))
            }
            problems.append(closing.problem("contradiction", sentence))
    return problems


def _demands(control: Control) -> Iterator[tuple[str, str]]:
    if control.when is not None:
        return
    if isinstance(control, Order):
        yield control.first, control.then
    if isinstance(control, Prerequisite):
        for need in control.needs:
            if need.action is not None:
                yield from ((need.action, action) for action in control.before)


def _way_back(start: str, after: Mapping[str, Mapping[str, Placed]]) -> list[str]:
    """The shortest way from an action back to itself; empty when there is none."""
    ways = [[start]]
    seen = set[str]()
    for way in ways:
        for then in after.get(way[-1], {}):
            if then == start:
                return way
            if then not in seen:
                seen.add(then)
                ways.append([*way, then])
    return []


def _sign_offs_like_none(together: Sequence[Placed]) -> list[Problem]:
    signed = {each.control.before for each in together if isinstance(each.control, SignOff) and each.control.signers}
    return [
        each.problem(
            "contradiction",
            _("nobody signs before `%(action)s`, so there are no signers to take over")
            % {"action": each.control.same_as},
            "same_as",
        )
        for each in together
        if isinstance(each.control, SignOff) and each.control.same_as and each.control.same_as not in signed
    ]
