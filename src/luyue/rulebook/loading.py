"""From a file to a procedure: all of it, or every reason why not."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from luyue.rulebook.documents import CompanyFile, Document
from luyue.rulebook.problems import Place, Problem, RulebookError, what_is_accepted, written_path
from luyue.rulebook.values import NotAcceptedError, Text
from luyue.rulebook.yaml_text import WrittenYaml

SHIPPED = Path(__file__).resolve().parents[1] / "rulebooks"
COMPANY_FILE = "company.yaml"
NO_PROCEDURES = frozenset({COMPANY_FILE, "staff.yaml", "customers.yaml", "products.yaml"})
"""Files that stand beside the procedures of a profile: the company itself, and what an example company begins with."""

Whole = TypeVar("Whole", bound=BaseModel)

EXPECTED_BY_PATTERN = {
    r"^[a-z][a-z0-9_]*$": gettext_noop("small letters, digits and underscores, such as `sales_manager`"),
    r"^[a-z][a-z0-9_-]*$": gettext_noop("small letters, digits and hyphens, such as `first-reply`"),
    r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$": gettext_noop("a record type and a name in it, such as `complaint.register`"),
    r"^[0-9]{1,4}%$": gettext_noop("a share of the time, such as `75%`"),
    r"^(day|week|month|quarter|half-year|year|[1-9][0-9]?mo)$": gettext_noop(
        "a period: day, week, month, quarter, half-year, year, or months such as `2mo`"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": gettext_noop("letters, digits, dots and hyphens, such as `MX-QM-03`"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A procedure file: its name, its text to the letter, and what it says."""

    file: str
    text: str
    document: Document


@dataclass(frozen=True, slots=True)
class Profile:
    """A company as its folder describes it: what it calls things, and its procedures."""

    name: str
    company: CompanyFile
    papers: tuple[Paper, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(paper.document for paper in self.papers)


def read_document(source: Path | str, *, source_name: str = "") -> Document:
    """The procedure in a file, or in a text.

    Raises RulebookError with everything that is wrong with it.
    """
    return read_as(source, Document, source_name)


def read_company(source: Path | str, *, source_name: str = "") -> CompanyFile:
    """What a company calls its departments, positions and papers.

    Raises RulebookError with everything that is wrong with it.
    """
    return read_as(source, CompanyFile, source_name or COMPANY_FILE)


def read_profile(folder: Path) -> Profile:
    """A folder with `company.yaml` and one file for each procedure, read completely.

    Raises RulebookError with everything that is wrong in any of its files.
    """
    problems: list[Problem] = []
    company: CompanyFile | None = None
    papers: list[Paper] = []
    try:
        company = read_company(folder / COMPANY_FILE)
    except RulebookError as wrong:
        problems += wrong.problems
    for file in sorted(folder.glob("*.yaml")):
        if file.name not in NO_PROCEDURES:
            try:
                papers.append(read_paper(file))
            except RulebookError as wrong:
                problems += wrong.problems
    problems += _same_edition_twice(papers)
    if problems or company is None:
        raise RulebookError(problems)
    return Profile(folder.name, company, tuple(papers))


def read_paper(file: Path) -> Paper:
    """A procedure file with its text, as an edition keeps it."""
    text = _text_of(file, file.name)
    return Paper(file.name, text, read_document(text, source_name=file.name))


def profile_folders() -> list[Path]:
    """The company profiles that ship with this installation."""
    return _folders_with_company(SHIPPED)


def library_folders() -> list[Path]:
    """The procedures that ship for any company to adopt and make its own."""
    return _folders_with_company(SHIPPED / "library")


def _folders_with_company(parent: Path) -> list[Path]:
    return sorted(file.parent for file in parent.glob(f"*/{COMPANY_FILE}"))


def _same_edition_twice(papers: Iterable[Paper]) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    problems = []
    for paper in papers:
        key = (paper.document.procedure, paper.document.edition)
        if key in first:
            sentence = _("edition %(edition)s of %(procedure)s is already in %(file)s") % {
                "edition": key[1],
                "procedure": key[0],
                "file": first[key],
            }
            problems.append(Problem(paper.file, "edition", "duplicate_edition", sentence))
        first.setdefault(key, paper.file)
    return problems


def read_as(source: Path | str, kind: type[Whole], source_name: str) -> Whole:
    """A YAML file, or a text, as one of the frozen classes; unknown keys and wrong values are refused with their place.

    Raises RulebookError with everything that is wrong with it.
    """
    file = source_name or (source.name if isinstance(source, Path) else _("text"))
    written = WrittenYaml(_text_of(source, file) if isinstance(source, Path) else source, file=file)
    try:
        return kind.model_validate(written.value)
    except ValidationError as wrong:
        refused = _without_consequences(wrong.errors(include_url=False))
        explained = [_Explanation(written, kind, details).problem() for details in refused]
        raise RulebookError(sorted(dict.fromkeys(explained), key=lambda problem: problem.line)) from wrong


def _without_consequences(refused: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where only its parts were refused."""
    places = [details["loc"] for details in refused]
    return [
        details
        for details in refused
        if details["type"] != "too_short"
        or not any(
            len(place) > len(details["loc"]) and place[: len(details["loc"])] == details["loc"] for place in places
        )
    ]


def _text_of(file: Path, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as wrong:
        raise RulebookError([Problem(name, "", "no_file", _("there is no such file"))]) from wrong
    except UnicodeDecodeError as wrong:
        sentence = _("the file is not written in UTF-8 (byte %(place)d)") % {"place": wrong.start + 1}
        raise RulebookError([Problem(name, "", "not_utf8", sentence)]) from wrong


class _Explanation:
    """One thing that the decoder refused, put into a sentence for the author of the file."""

    def __init__(self, written: WrittenYaml, kind: type[BaseModel], details: ErrorDetails) -> None:
        self.written = written
        self.kind = kind
        self.details = details
        self.given = details["input"]
        self.context: Mapping[str, Any] = details.get("ctx") or {}
        self.place: Place = tuple(step for step in details["loc"] if step != "[key]")

    def problem(self) -> Problem:
        code, sentence = self._code_and_sentence()
        shown = self.written.place_as_written(self.place)
        if self.details["type"] == "missing":
            shown = (*self.written.place_as_written(self.place[:-1]), self.place[-1])
        return Problem(self.written.file, written_path(shown), code, sentence, self.written.line_of(self.place))

    def _code_and_sentence(self) -> tuple[str, str]:
        said = self.details["type"]
        if said == "extra_forbidden":
            return "unknown_key", self._unknown_key()
        if said == "missing":
            return "missing", _("`%(key)s` is missing") % {"key": self.place[-1]}
        if said in ("value_error", "assertion_error"):
            return "impossible_value", self._own_refusal()
        if said == "string_type":
            return self._no_text()
        if said in ("model_type", "model_attributes_type"):
            return "wrong_type", self._no_part()
        if said == "string_pattern_mismatch":
            return "impossible_value", self._no_such_form()
        if said == "too_short":
            return "impossible_value", _("at least %(least)d must stand here") % {"least": self.context["min_length"]}
        if said in ("literal_error", "enum"):
            return "impossible_value", self._none_of_these()
        return self._wrong_type_or_value(said)

    def _unknown_key(self) -> str:
        key = str(self.place[-1])
        part = _part_at(self.kind, self.place[:-1])
        known = [field.alias or name for name, field in part.model_fields.items()] if part else []
        return _("no key `%(key)s` is known here; %(accepted)s") % {
            "key": key,
            "accepted": what_is_accepted(key, known),
        }

    def _own_refusal(self) -> str:
        error = self.context.get("error")
        if isinstance(error, NotAcceptedError):
            return _(error.sentence) % error.values
        return str(error) if error else self.details["msg"]

    def _no_text(self) -> tuple[str, str]:
        if isinstance(self.given, dict | list):
            return "wrong_type", _("one text is needed here, not a list or a table")
        if self.given is None:
            return "wrong_type", _("a text is needed here; nothing is written")
        words = {"written": self.written.written_at(self.place) or str(self.given)}
        return "number_for_text", _(
            '%(written)s is read as a number or as true and false; put it in quotes: "%(written)s"'
        ) % words

    def _no_part(self) -> str:
        part = _part_at(self.kind, self.place)
        if part is Text:
            return _("a text is written with its languages, such as {zh-hans: …, en: …}")
        known = [field.alias or name for name, field in part.model_fields.items()] if part else []
        return _("a table of keys is needed here; %(accepted)s") % {"accepted": what_is_accepted("", known)}

    def _no_such_form(self) -> str:
        pattern = str(self.context.get("pattern"))
        expected = EXPECTED_BY_PATTERN.get(pattern)
        return _("“%(given)s” cannot stand here; needed is %(expected)s") % {
            "given": self.given,
            "expected": _(expected) if expected else pattern,
        }

    def _none_of_these(self) -> str:
        known = [word.strip("'") for word in str(self.context.get("expected", "")).replace(" or ", ", ").split(", ")]
        return _("“%(given)s” cannot stand here; %(accepted)s") % {
            "given": self.given,
            "accepted": what_is_accepted(str(self.given), known),
        }

    def _wrong_type_or_value(self, said: str) -> tuple[str, str]:
        needed = _needed(said, self.context)
        if needed is None:
            return "impossible_value", self.details["msg"]
        given = self.written.written_at(self.place) or _("a list or a table")
        return "wrong_type", _("%(needed)s is needed here, not “%(given)s”") % {"needed": needed, "given": given}


def _needed(said: str, context: Mapping[str, Any]) -> str | None:
    """What the decoder wanted, by the name it gives to its refusal."""
    if said in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        word = _("a number from %(bound)s upwards") if "ge" in context else _("a number up to %(bound)s")
        return word % {"bound": bound}
    if said == "string_too_long":
        return _("a text of at most %(most)d characters") % {"most": context["max_length"]}
    if said.startswith("date"):
        return _("a date such as 2026-03-09")
    if said.startswith("bool"):
        return _("true or false")
    if said.startswith("int"):
        return _("a whole number")
    if said.startswith(("float", "decimal", "finite")):
        return _("a number")
    if said == "string_too_short":
        return _("a text that is not empty")
    if said.startswith(("tuple", "list", "set", "frozen_set")):
        return _("a list")
    if said.startswith("dict"):
        return _("a table of keys")
    return None


def _part_at(kind: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The class of the part that stands at a place of a file."""
    part: Any = kind
    for step in place:
        if get_origin(part) is dict:
            part = get_args(part)[1]
            continue
        part = _model_in(part)
        if isinstance(step, int):
            continue
        if part is None:
            return None
        field = next((field for name, field in part.model_fields.items() if step in (name, field.alias)), None)
        if field is None:
            return None
        part = field.annotation
    return _model_in(part)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The class of parts inside an annotation such as `tuple[Clause, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, list, dict):
        for inner in reversed(get_args(annotation)):
            found = _model_in(inner)
            if found is not None:
                return found
    return None
