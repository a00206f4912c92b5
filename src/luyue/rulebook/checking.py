"""Whether procedures fit the record types of this installation, the company's words, and each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from luyue.rulebook.contradictions import contradictions
from luyue.rulebook.control_names import wrong_names
from luyue.rulebook.controls import Role
from luyue.rulebook.documents import CompanyFile, Document
from luyue.rulebook.loading import COMPANY_FILE, Profile
from luyue.rulebook.mentions import Mention, mentions
from luyue.rulebook.naming import CompanyWords, Names
from luyue.rulebook.not_run import not_enforced
from luyue.rulebook.placing import controls_of
from luyue.rulebook.problems import Findings, Problem, what_is_accepted, written_path
from luyue.rulebook.single_controls import senseless_controls
from luyue.rulebook.variants import variants_checked
from luyue.rulebook.vocabulary import Vocabulary
from luyue.worktime import Calendar, CalendarError

__all__ = [
    "CompanyWords",
    "actions_nobody_may_take",
    "check_company",
    "check_documents",
    "check_profile",
    "remarks_on_nobody",
]


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
    standing = [*controls_of({document.procedure: document for document in beside})]
    together = list(standing)
    for file, document in documents.items():
        placed = list(controls_of({file: document}))
        together += placed
        problems += _document_names(file, document, names)
        problems += wrong_names(placed, names)
        problems += senseless_controls(placed, vocabulary)
        of_groups = variants_checked(placed, names)
        problems += of_groups.problems
        remarks += of_groups.remarks
        remarks += _planned(file, document)
        remarks += not_enforced(placed)
    known = {problem.sentence for problem in contradictions(standing)}
    problems += [problem for problem in contradictions(together) if problem.sentence not in known]
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
    sentence = _("not enforced yet: %(what)s") % {"what": _("pages call the record types by their general names")}
    remarks = [Problem(file, "calls", "not_enforced", sentence)] if company.calls else []
    return Findings(tuple(problems), tuple(remarks))


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
