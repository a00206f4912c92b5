"""Whether the names and conditions in controls are those of this installation and this company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from luyue.rulebook.controls import Cadence, Classification, Control, Prerequisite, Threshold
from luyue.rulebook.mentions import Mention, mentions, record_types_of
from luyue.rulebook.naming import Names, condition_objection
from luyue.rulebook.placing import Placed
from luyue.rulebook.problems import Place, Problem
from luyue.rulebook.tables import Tables
from luyue.rulebook.vocabulary import FactName, Vocabulary


def wrong_names(placed: Iterable[Placed], names: Names) -> list[Problem]:
    """Every name in these controls that does not exist, and every condition that its fact can never meet."""
    problems = []
    for each in placed:
        for mention in mentions(each.control):
            objection = names.objection(mention)
            if objection is not None:
                problems.append(each.problem(*objection, *mention.place))
        for step, tables in _conditions(each.control):
            problems += _wrong_conditions(each, step, tables, names)
        if isinstance(each.control, Cadence):
            problems += _wrong_subjects(each, each.control, names)
    return problems


def subjects(control: Control, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The record types on whose facts a control can depend."""
    if isinstance(control, Threshold):
        return tuple(record.name for record in vocabulary.records.values() if control.name in record.thresholds)
    return record_types_of(control)


def _conditions(control: Control) -> Iterator[tuple[Place, Tables]]:
    if control.when is not None:
        yield ("when",), control.when
    if isinstance(control, Classification):
        for position, rule in enumerate(control.classes):
            yield ("classes", position, "when"), rule.when
    if isinstance(control, Prerequisite):
        for position, need in enumerate(control.needs):
            if need.saying is not None:
                yield ("needs", position, "saying"), need.saying


def _wrong_conditions(each: Placed, step: Place, tables: Tables, names: Names) -> list[Problem]:
    known = [name for name in subjects(each.control, names.vocabulary) if name in names.vocabulary.records]
    if not known:
        if subjects(each.control, names.vocabulary):
            return []
        sentence = _("this kind of control concerns no record, so it has no facts to depend on")
        return [each.problem("impossible_value", sentence, *step)]
    problems = []
    for table in tables:
        for name, allowed in table.items():
            for record_type in known:
                fact = names.fact(record_type, name)
                objection = condition_objection(fact, allowed) if isinstance(fact, FactName) else fact
                if objection is not None:
                    problems.append(each.problem(*objection, *step, name))
    return problems


def _wrong_subjects(each: Placed, cadence: Cadence, names: Names) -> list[Problem]:
    if cadence.per in ("department", "position"):
        asked = [Mention(("of", position), cadence.per, name) for position, name in enumerate(cadence.of)]
        found = [(mention, names.objection(mention)) for mention in asked]
        return [each.problem(*objection, *mention.place) for mention, objection in found if objection is not None]
    if cadence.per == "company" and cadence.of:
        return [each.problem("impossible_value", _("the company is one; `of` names parts of nothing here"), "of")]
    return []
