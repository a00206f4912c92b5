"""What makes no sense in one control, whatever the others say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from luyue.rulebook.controls import Attested, Numbering, Order, Prerequisite, SeparatePersons, SignOff, TimeLimit
from luyue.rulebook.placing import Placed
from luyue.rulebook.problems import Problem, what_is_accepted
from luyue.rulebook.vocabulary import Vocabulary
from luyue.worktime import Span

NUMBER_WORDS = frozenset({"company", "department", "record", "year", "yy", "month", "day", "sequence"})
RESET_NEEDS = {"never": (), "year": ("year",), "month": ("year", "month"), "day": ("year", "month", "day")}


def senseless_controls(placed: Iterable[Placed], vocabulary: Vocabulary) -> list[Problem]:
    """Names said twice, clocks that never run, numbers that repeat, actions that nothing can come before."""
    return [problem for each in placed for problem in _senseless(each, vocabulary)]


def _senseless(each: Placed, vocabulary: Vocabulary) -> list[Problem]:
    match each.control:
        case SignOff(signers=signers):
            return _twice(each, "signers", [address.key for address in signers])
        case SeparatePersons(actions=actions):
            return _twice(each, "actions", actions)
        case TimeLimit() as limit:
            return [
                *_wrong_pauses(each, limit, vocabulary),
                *_overdue_before_it_counts(each, limit),
                *_backwards_from_no_date(each, limit),
            ]
        case Attested() as attested:
            return _attested_by_no_position(each, attested)
        case Order(first=first, then=then):
            return _before_opening(each, "then", first=first, then=then, vocabulary=vocabulary)
        case Prerequisite() as prerequisite:
            return _needed_before_opening(each, prerequisite, vocabulary)
        case Numbering() as numbering:
            return _wrong_numbering(each, numbering)
    return []


def _twice(each: Placed, step: str, said: Sequence[str]) -> list[Problem]:
    return [
        each.problem("duplicate_name", _("`%(name)s` stands here twice") % {"name": name}, step, position)
        for position, name in enumerate(said)
        if name in said[:position]
    ]


def _wrong_pauses(each: Placed, limit: TimeLimit, vocabulary: Vocabulary) -> list[Problem]:
    problems = []
    for position, name in enumerate(limit.pauses):
        record_type, _dot, state = name.partition(".")
        record = vocabulary.records.get(record_type)
        if record is not None and state in record.final_states:
            sentence = _("`%(state)s` is a last state; a clock that stands still there never runs again")
            problems.append(each.problem("contradiction", sentence % {"state": name}, "pauses", position))
    return problems


def _overdue_before_it_counts(each: Placed, limit: TimeLimit) -> list[Problem]:
    """Two spans of one unit can be compared without a calendar."""
    if limit.not_before is None or limit.within is None or limit.within_field is not None:
        return []
    earliest, latest = Span.parse(limit.not_before), Span.parse(limit.within)
    if earliest.unit is not latest.unit or earliest.amount < latest.amount:
        return []
    sentence = _("what is done in the first %(earliest)s does not count, yet all is due within %(latest)s")
    words = {"earliest": limit.not_before, "latest": limit.within}
    return [each.problem("contradiction", sentence % words, "not_before")]


def _backwards_from_no_date(each: Placed, limit: TimeLimit) -> list[Problem]:
    """An action has happened; only a date that is still to come can have something done so long before it."""
    problems = []
    if limit.before and limit.since is None:
        sentence = _("`before` counts backwards from a date; name the date field in `since`")
        problems.append(each.problem("contradiction", sentence, "before"))
    if limit.pauses and (limit.before or limit.due is not None):
        sentence = _("what is due by a date is due by that date, whatever the state; take `pauses` out")
        problems.append(each.problem("contradiction", sentence, "pauses"))
    return problems


def _attested_by_no_position(each: Placed, attested: Attested) -> list[Problem]:
    if attested.by.person is None:
        return []
    sentence = _("a duty of conduct belongs to no record, so it has no owner; name a position or department")
    return [each.problem("impossible_value", sentence, "by", "person")]


def _needed_before_opening(each: Placed, prerequisite: Prerequisite, vocabulary: Vocabulary) -> list[Problem]:
    return [
        problem
        for position, need in enumerate(prerequisite.needs)
        if need.action is not None
        for action in prerequisite.before
        for problem in _before_opening(
            each, "needs", position, "action", first=need.action, then=action, vocabulary=vocabulary
        )
    ]


def _before_opening(each: Placed, *step: str | int, first: str, then: str, vocabulary: Vocabulary) -> list[Problem]:
    record_type, _dot, action = then.partition(".")
    record = vocabulary.records.get(record_type)
    if record is None or action not in record.opening_actions or not first.startswith(f"{record_type}."):
        return []
    sentence = _("`%(then)s` opens the record; `%(first)s` cannot come before it") % {"then": then, "first": first}
    return [each.problem("contradiction", sentence, *step)]


def _wrong_numbering(each: Placed, numbering: Numbering) -> list[Problem]:
    sentence = _numbering_objection(numbering)
    return [each.problem("impossible_value", sentence, "pattern")] if sentence else []


def _numbering_objection(numbering: Numbering) -> str:
    words = re.findall(r"\{([^{}]*)\}", numbering.pattern)
    named = [word.partition(":")[0] for word in words]
    for word, name in zip(words, named, strict=True):
        if name not in NUMBER_WORDS:
            accepted = what_is_accepted(name, sorted(NUMBER_WORDS))
            return _("no part `{%(name)s}` of a number; %(accepted)s") % {"name": name, "accepted": accepted}
        if (":" in word) != (name == "sequence") or not re.fullmatch(r"[a-z]+|sequence:[1-9]", word):
            return _("write `{sequence:4}` with its width, and the other parts without one")
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", numbering.pattern)):
        return _("a brace is not closed")
    if named.count("sequence") != 1:
        return _("a number has `{sequence:4}` exactly once")
    given = {"year" if name == "yy" else name for name in named}
    missing = [part for part in RESET_NEEDS[numbering.reset] if part not in given]
    if missing:
        return _("counted anew each %(period)s, numbers would repeat; `{%(missing)s}` must stand in the pattern") % {
            "period": numbering.reset,
            "missing": missing[0],
        }
    return ""
