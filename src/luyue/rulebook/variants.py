"""Variants of one duty: each case has one of them, and only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from luyue.rulebook.control_names import subjects
from luyue.rulebook.controls import Classification, Control
from luyue.rulebook.naming import Names, condition_objection
from luyue.rulebook.placing import Placed
from luyue.rulebook.problems import Findings, written_path
from luyue.rulebook.tables import MixedAgesError, Space, Tables, TooManyCasesError
from luyue.rulebook.vocabulary import FactName


def variants_checked(placed: Sequence[Placed], names: Names) -> Findings:
    """Controls that share a name, and the classes of a classification: variants of one duty."""
    by_name: dict[str, list[Placed]] = defaultdict(list)
    found = Findings()
    for each in placed:
        # Two unconditional thresholds are a contradiction, also between documents, and told there.
        if each.control.name is not None and (each.kind != "threshold" or each.control.when is not None):
            by_name[each.control.name].append(each)
        if isinstance(each.control, Classification):
            found += _classes_checked(each, each.control, names)
    for name, group in by_name.items():
        if len(group) > 1:
            found += _group_checked(name, group, names)
    return found


def _group_checked(name: str, group: Sequence[Placed], names: Names) -> Findings:
    other = next((each for each in group if each.kind != group[0].kind), None)
    if other is not None:
        sentence = _("the name `%(name)s` already belongs to %(place)s, another kind of control") % {
            "name": name,
            "place": written_path(group[0].place),
        }
        return Findings((other.problem("duplicate_name", sentence, "name"),))
    without = next((each for each in group if each.control.when is None), None)
    if without is not None:
        sentence = _("several controls are named `%(name)s`; then each says by `when` in which case it holds") % {
            "name": name
        }
        return Findings((without.problem("variant_without_when", sentence),))
    facts = _facts_of(group[0].control, [each.control.when for each in group if each.control.when], names)
    if facts is None:
        return Findings()
    try:
        space = Space.of([each.control.when for each in group], facts)
    except MixedAgesError as wrong:
        return Findings((group[0].problem("mixed_ages", str(wrong), "when"),))
    except TooManyCasesError as wrong:
        return Findings((group[0].problem("too_many_cases", str(wrong), "when"),))
    overlaps = [
        group[later].problem("overlap", _overlap(name, case, written_path(group[earlier].place)), "when")
        for earlier, later, case in space.overlaps()
    ]
    return Findings(tuple(overlaps)) + _gaps_judged(group, name, space.gaps())


def _overlap(name: str, case: str, place: str) -> str:
    return _("two rules `%(name)s` hold at once for %(case)s; the other is %(place)s") % {
        "name": name,
        "case": case,
        "place": place,
    }


def _gaps_judged(group: Sequence[Placed], name: str, gaps: Sequence[str]) -> Findings:
    """A gap is a mistake unless a clause says why nothing is set there, or that it is still planned."""
    answered = any(each.control.gap is not None or each.clause.planned is not None for each in group)
    if answered and not gaps:
        said = next((each for each in group if each.control.gap is not None), None)
        sentence = _("`gap` is answered, but the rules `%(name)s` leave none") % {"name": name}
        return Findings(remarks=(said.problem("needless_gap", sentence, "gap"),)) if said else Findings()
    if answered:
        found = tuple(
            group[0].problem("answered_gap", _("no rule `%(name)s` for %(case)s, as the clause says") % words, "when")
            for words in ({"name": name, "case": case} for case in gaps)
        )
        return Findings(remarks=found)
    return Findings(
        tuple(
            group[0].problem(
                "gap",
                _("no rule `%(name)s` for %(case)s; add one, or say by `gap` why none is set there")
                % {"name": name, "case": case},
                "when",
            )
            for case in gaps
        )
    )


def _classes_checked(each: Placed, classification: Classification, names: Names) -> Findings:
    facts = _facts_of(classification, [rule.when for rule in classification.classes], names)
    if not facts:
        return Findings()
    try:
        space = Space.of([rule.when for rule in classification.classes], facts)
    except MixedAgesError as wrong:
        return Findings((each.problem("mixed_ages", str(wrong), "classes"),))
    except TooManyCasesError as wrong:
        return Findings((each.problem("too_many_cases", str(wrong), "classes"),))
    overlaps = [
        each.problem(
            "overlap",
            _("`%(one)s` and `%(other)s` are both given for %(case)s")
            % {
                "one": classification.classes[earlier].gives,
                "other": classification.classes[later].gives,
                "case": case,
            },
            "classes",
            later,
        )
        for earlier, later, case in space.overlaps()
        if classification.classes[earlier].gives != classification.classes[later].gives
    ]
    gaps = [each.problem("gap", _("no class for %(case)s") % {"case": case}, "classes") for case in space.gaps()]
    if classification.gap is not None or each.clause.planned is not None:
        return Findings(tuple(overlaps), tuple(gaps))
    return Findings((*overlaps, *gaps))


def _facts_of(control: Control, conditions: Iterable[Tables], names: Names) -> dict[str, FactName] | None:
    """The facts in these conditions; None when one is unknown or wrongly used, which is reported elsewhere."""
    facts: dict[str, FactName] = {}
    for record_type in subjects(control, names.vocabulary):
        if record_type not in names.vocabulary.records:
            return None
        for table in (table for tables in conditions for table in tables):
            for name, allowed in table.items():
                fact = names.fact(record_type, name)
                if not isinstance(fact, FactName) or condition_objection(fact, allowed) is not None:
                    return None
                facts[name] = fact
    return facts
