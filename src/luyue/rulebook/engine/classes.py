"""Which class the facts give."""

from __future__ import annotations

from dataclasses import dataclass

from luyue.rulebook.engine.conditions import Facts, holds, unknown_facts
from luyue.rulebook.engine.rules import BoundControl, Rules


@dataclass(frozen=True, slots=True)
class Classified:
    """The class that a field has by the rules, or the facts without which it cannot be said, and the clause."""

    gives: str | None
    wanted_facts: tuple[str, ...]
    bound: BoundControl


def class_by_facts(rules: Rules, field: str, facts: Facts) -> Classified | None:
    """The first class whose condition holds; None when no procedure classifies the field for these facts.

    As long as an earlier class may still turn out to hold, none is given.
    """
    for bound in rules.classifications(field):
        if bound.holds(facts):
            return _classified(bound, facts)
    return None


def _classified(bound: BoundControl, facts: Facts) -> Classified:
    for rule in bound.control.classes:
        answer = holds(rule.when, facts)
        if answer is None:
            return Classified(None, unknown_facts(rule.when, facts), bound)
        if answer:
            return Classified(rule.gives, (), bound)
    return Classified(None, (), bound)
