"""Whether procedures fit the record types of this installation, the company's words, and each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luyue.rulebook.controls import (
    Attested,
    Cadence,
    Classification,
    Control,
    Numbering,
    Order,
    Prerequisite,
    Role,
    SeparatePersons,
    SignOff,
    Threshold,
    TimeLimit,
)
from luyue.rulebook.documents import Clause, CompanyFile, Document
from luyue.rulebook.loading import COMPANY_FILE, Profile
from luyue.rulebook.mentions import Mention, mentions, record_types_of
from luyue.rulebook.naming import CompanyWords, Names, condition_objection
from luyue.rulebook.problems import Findings, Place, Problem, what_is_accepted, written_path
from luyue.rulebook.tables import Space, Tables, TooManyCasesError
from luyue.rulebook.vocabulary import FactName, Vocabulary
from luyue.worktime import Calendar, CalendarError, Span

NUMBER_WORDS = frozenset({"company", "department", "record", "year", "yy", "month", "day", "sequence"})
RESET_NEEDS = {"never": (), "year": ("year",), "month": ("year", "month"), "day": ("year", "month", "day")}

__all__ = [
    "CompanyWords",
    "actions_nobody_may_take",
    "check_company",
    "check_documents",
    "check_profile",
    "controls_of",
    "remarks_on_nobody",
]


@dataclass(frozen=True, slots=True)
class Placed:
    """A control with its place in its document."""

    file: str
    document: Document
    clause: Clause
    kind: str
    place: Place
    control: Control

    def problem(self, code: str, sentence: str, *step: str | int) -> Problem:
        return Problem(self.file, written_path((*self.place, *step)), code, sentence)


def check_profile(profile: Profile, vocabulary: Vocabulary) -> Findings:
    """Check a company's file and all its procedures together."""
    found = check_company(profile.company, vocabulary)
    words = CompanyWords.of_file(profile.company)
    return found + check_documents({paper.file: paper.document for paper in profile.papers}, vocabulary, words)


def check_documents(
    documents: Mapping[str, Document],
    vocabulary: Vocabulary,
    words: CompanyWords,
    *,
    beside: Sequence[Document] = (),
) -> Findings:
    """Check procedures, given by their file names, that shall be in force together with those `beside` them."""
    names = Names(vocabulary, words)
    problems: list[Problem] = []
    remarks: list[Problem] = []
    together = [*controls_of({document.procedure: document for document in beside})]
    for file, document in documents.items():
        placed = list(controls_of({file: document}))
        together += placed
        problems += _document_names(file, document, names)
        problems += _wrong_names(placed, names)
        problems += _wrong_numberings(placed)
        problems += _wrong_within_itself(placed, vocabulary)
        of_groups = _groups_checked(placed, names)
        problems += of_groups.problems
        remarks += of_groups.remarks
        remarks += _planned(file, document)
    problems += _contradictions(together)
    problems += _sign_offs_like_none(together)
    return Findings(tuple(problems), tuple(remarks))


def check_company(company: CompanyFile, vocabulary: Vocabulary, *, file: str = COMPANY_FILE) -> Findings:
    """Check that a company file's own names fit together."""
    words = CompanyWords.of_file(company)
    names = Names(vocabulary, words)
    problems = [
        *_codes_twice(file, "departments", [entry.code for entry in company.departments]),
        *_codes_twice(file, "positions", [entry.code for entry in company.positions]),
        *_departments_in_a_circle(company, file),
    ]
    asked = [
        *(
            Mention(("departments", at, "parent"), "department", entry.parent or "")
            for at, entry in enumerate(company.departments)
        ),
        *(
            Mention(("positions", at, "department"), "department", entry.department or "")
            for at, entry in enumerate(company.positions)
        ),
        *(Mention(("calls", name), "record type", name) for name in company.calls),
        *(Mention(("powers", *mention.place), mention.kind, mention.name) for mention in mentions(company.powers)),
    ]
    problems += _objections(file, (mention for mention in asked if mention.name), names)
    if company.calendar:
        try:
            Calendar.from_mapping({"zone": company.time_zone, **company.calendar})
        except CalendarError as wrong:
            problems.append(Problem(file, "calendar", "wrong_calendar", str(wrong)))
    return Findings(tuple(problems))


def actions_nobody_may_take(documents: Iterable[Document], vocabulary: Vocabulary) -> list[str]:
    """The actions for which no edition names a role, in the order of their record types."""
    placed = controls_of({document.procedure: document for document in documents})
    named = {action for each in placed if isinstance(each.control, Role) for action in each.control.actions}
    return [
        f"{record.name}.{action}"
        for record in vocabulary.records.values()
        for action in record.actions
        if action not in record.general_actions and f"{record.name}.{action}" not in named
    ]


def remarks_on_nobody(profile: Profile, vocabulary: Vocabulary) -> list[Problem]:
    """One remark for each action that nobody in this company may take."""
    sentence = _("nobody can take %(action)s: no procedure names a role for it")
    return [
        Problem(profile.company.company, "", "nobody", sentence % {"action": action})
        for action in actions_nobody_may_take(profile.documents, vocabulary)
    ]


def controls_of(documents: Mapping[str, Document]) -> Iterator[Placed]:
    """Every control of these documents with its place, those attested included."""
    for file, document in documents.items():
        for number, clause in enumerate(document.clauses):
            for position, entry in enumerate(clause.controls):
                place = ("clauses", number, "controls", position, entry.kind)
                yield Placed(file, document, clause, entry.kind, place, entry.control)
            if clause.attested is not None:
                yield Placed(file, document, clause, "attested", ("clauses", number, "attested"), clause.attested)


def _codes_twice(file: str, part: str, codes: Sequence[str]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for position, code in enumerate(codes):
        if code in first:
            sentence = _("`%(code)s` is already %(place)s") % {"code": code, "place": f"{part}[{first[code]}]"}
            problems.append(Problem(file, f"{part}[{position}].code", "duplicate_name", sentence))
        first.setdefault(code, position)
    return problems


def _departments_in_a_circle(company: CompanyFile, file: str) -> list[Problem]:
    parents = {entry.code: entry.parent for entry in company.departments}
    problems = []
    for position, entry in enumerate(company.departments):
        above, passed = entry.parent, set[str]()
        while above is not None and above in parents and above not in passed and above != entry.code:
            passed.add(above)
            above = parents[above]
        if above == entry.code:
            sentence = _("`%(code)s` lies above itself") % {"code": entry.code}
            problems.append(Problem(file, f"departments[{position}].parent", "circle", sentence))
    return problems


def _objections(file: str, asked: Iterable[Mention], names: Names) -> list[Problem]:
    problems = []
    for mention in asked:
        objection = names.objection(mention)
        if objection is not None:
            problems.append(Problem(file, written_path(mention.place), *objection))
    return problems


def _document_names(file: str, document: Document, names: Names) -> list[Problem]:
    asked = [
        Mention((said, *mention.place), mention.kind, mention.name)
        for said, address in (
            ("prepared", document.prepared),
            ("reviewed", document.reviewed),
            ("approved", document.approved),
        )
        if address is not None
        for mention in mentions(address)
    ]
    asked += [
        Mention(("distribution", position), "department or position", name)
        for position, name in enumerate(document.distribution)
    ]
    problems = _objections(file, asked, names)
    problems += [
        Problem(file, f"{said}.person", "impossible_value", _("a document is signed in a position, not as the owner"))
        for said, address in (
            ("prepared", document.prepared),
            ("reviewed", document.reviewed),
            ("approved", document.approved),
        )
        if address is not None and address.person is not None
    ]
    problems += _clauses_twice(file, document)
    limits = {each.control.name for each in controls_of({file: document}) if each.kind == "time_limit"} - {None}
    problems += [
        Problem(
            file,
            f"migrates[{position}]",
            "unknown_name",
            _("no time limit `%(name)s` in this procedure; %(accepted)s")
            % {"name": name, "accepted": what_is_accepted(name, sorted(map(str, limits))) or _("none has a name")},
        )
        for position, name in enumerate(document.migrates)
        if name not in limits
    ]
    return problems


def _clauses_twice(file: str, document: Document) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for position, clause in enumerate(document.clauses):
        if clause.number in first:
            sentence = _("clause %(number)s already stands at %(place)s") % {
                "number": clause.number,
                "place": f"clauses[{first[clause.number]}]",
            }
            problems.append(Problem(file, f"clauses[{position}].number", "duplicate_name", sentence))
        first.setdefault(clause.number, position)
    return problems


def _planned(file: str, document: Document) -> list[Problem]:
    return [
        Problem(
            file,
            f"clauses[{position}].planned",
            "planned",
            _("clause %(number)s waits for `%(area)s`") % {"number": clause.number, "area": clause.planned},
        )
        for position, clause in enumerate(document.clauses)
        if clause.planned is not None
    ]


def _wrong_names(placed: Iterable[Placed], names: Names) -> list[Problem]:
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


def _conditions(control: Control) -> Iterator[tuple[Place, Tables]]:
    if control.when is not None:
        yield ("when",), control.when
    if isinstance(control, Classification):
        for position, rule in enumerate(control.classes):
            yield ("classes", position, "when"), rule.when


def _wrong_conditions(each: Placed, step: Place, tables: Tables, names: Names) -> list[Problem]:
    known = [name for name in _subjects(each.control, names.vocabulary) if name in names.vocabulary.records]
    if not known:
        if _subjects(each.control, names.vocabulary):
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


def _subjects(control: Control, vocabulary: Vocabulary) -> tuple[str, ...]:
    if isinstance(control, Threshold):
        return tuple(record.name for record in vocabulary.records.values() if control.name in record.thresholds)
    return record_types_of(control)


def _wrong_subjects(each: Placed, cadence: Cadence, names: Names) -> list[Problem]:
    if cadence.per in ("department", "position"):
        asked = [Mention(("of", position), cadence.per, name) for position, name in enumerate(cadence.of)]
        found = [(mention, names.objection(mention)) for mention in asked]
        return [each.problem(*objection, *mention.place) for mention, objection in found if objection is not None]
    if cadence.per == "company" and cadence.of:
        return [each.problem("impossible_value", _("the company is one; `of` names parts of nothing here"), "of")]
    return []


def _wrong_numberings(placed: Iterable[Placed]) -> list[Problem]:
    problems = []
    for each in placed:
        if isinstance(each.control, Numbering):
            sentence = _numbering_objection(each.control)
            if sentence:
                problems.append(each.problem("impossible_value", sentence, "pattern"))
    return problems


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


def _wrong_within_itself(placed: Iterable[Placed], vocabulary: Vocabulary) -> list[Problem]:
    problems = []
    for each in placed:
        control = each.control
        if isinstance(control, SignOff):
            problems += _twice(each, "signers", [address.key for address in control.signers])
        if isinstance(control, SeparatePersons):
            problems += _twice(each, "actions", control.actions)
        if isinstance(control, TimeLimit):
            problems += _wrong_pauses(each, control, vocabulary)
            problems += _overdue_before_it_counts(each, control)
        if isinstance(control, Attested) and control.by.person is not None:
            sentence = _("a duty of conduct belongs to no record, so it has no owner; name a position or department")
            problems.append(each.problem("impossible_value", sentence, "by", "person"))
        if isinstance(control, Order):
            problems += _nothing_before_opening(each, control.then, "then", vocabulary=vocabulary, first=control.first)
        if isinstance(control, Prerequisite):
            for position, need in enumerate(control.needs):
                for action in control.before if need.action else ():
                    step: Place = ("needs", position, "action")
                    problems += _nothing_before_opening(
                        each, action, *step, vocabulary=vocabulary, first=need.action or ""
                    )
    return problems


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
    if limit.not_before is None or limit.within is None:
        return []
    earliest, latest = Span.parse(limit.not_before), Span.parse(limit.within)
    if earliest.unit is not latest.unit or earliest.amount < latest.amount:
        return []
    sentence = _("what is done in the first %(earliest)s does not count, yet all is due within %(latest)s")
    words = {"earliest": limit.not_before, "latest": limit.within}
    return [each.problem("contradiction", sentence % words, "not_before")]


def _nothing_before_opening(
    each: Placed, then: str, *step: str | int, vocabulary: Vocabulary, first: str
) -> list[Problem]:
    record_type, _dot, action = then.partition(".")
    record = vocabulary.records.get(record_type)
    if record is None or action not in record.opening_actions or not first.startswith(f"{record_type}."):
        return []
    sentence = _("`%(then)s` opens the record; `%(first)s` cannot come before it") % {"then": then, "first": first}
    return [each.problem("contradiction", sentence, *step)]


def _groups_checked(placed: Sequence[Placed], names: Names) -> Findings:
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
    for record_type in _subjects(control, names.vocabulary):
        if record_type not in names.vocabulary.records:
            return None
        for table in (table for tables in conditions for table in tables):
            for name, allowed in table.items():
                fact = names.fact(record_type, name)
                if not isinstance(fact, FactName) or condition_objection(fact, allowed) is not None:
                    return None
                facts[name] = fact
    return facts


def _contradictions(together: Sequence[Placed]) -> list[Problem]:
    """What cannot be obeyed at all: circles of *first this, then that*, and two patterns for one number."""
    problems = _circles(together)
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
