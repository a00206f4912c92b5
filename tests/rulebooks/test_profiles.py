"""Whether the shipped procedures fit this installation and leave no duty of their sources out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from luyue.records.registry import vocabulary
from luyue.rulebook.checking import actions_nobody_may_take, check_profile
from luyue.rulebook.coverage import Duty
from luyue.rulebook.documents import Clause
from luyue.rulebook.loading import Profile, library_folders, profile_folders, read_profile
from luyue.rulebook.values import Text

COMPANIES = [folder.name for folder in profile_folders()]
ALL_FOLDERS = [*profile_folders(), *library_folders()]
AREAS_NOT_BUILT_YET = {
    "archive", "customers", "deliveries", "feedback", "inquiries", "insight", "orders", "portal", "production",
    "reception", "returns", "service", "stores", "suppliers", "transport", "visits", "warranty",
}  # fmt: skip
HOME_OF_SOURCES = {"MINING": "mining", "CARGO": "mining", "BRUSH": "brush", "CARBIDE": "carbide", "SCALE": "scale"}
HOME_OF_SOURCES["CEMENT"] = "cement"


def every_folder() -> Any:
    return pytest.mark.parametrize("folder", ALL_FOLDERS, ids=[folder.name for folder in ALL_FOLDERS])


def every_company() -> Any:
    return pytest.mark.parametrize("folder", profile_folders(), ids=COMPANIES)


def clauses_of(profile: Profile) -> Iterator[tuple[str, Clause]]:
    return ((paper.file, clause) for paper in profile.papers for clause in paper.document.clauses)


def cited_in(clause: Clause) -> set[str]:
    controls = [entry.control for entry in clause.controls]
    attested = [clause.attested] if clause.attested else []
    return set(clause.sources).union(*(control.sources for control in [*controls, *attested]))


def entries(folder: Path, file: str) -> list[dict[str, Any]]:
    return yaml.safe_load((folder / file).read_text(encoding="utf-8"))


def texts_in(part: Any) -> Iterator[Text]:
    if isinstance(part, Text):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from texts_in(each)
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            yield from texts_in(getattr(part, name))


def test_five_companies_and_nineteen_procedures_of_the_library_are_shipped() -> None:
    assert COMPANIES == ["brush", "carbide", "cement", "mining", "scale"]
    assert len(library_folders()) == 19


@every_folder()
def test_a_profile_fits_the_record_types_and_its_own_company(folder: Path) -> None:
    found = check_profile(read_profile(folder), vocabulary())

    assert [str(problem) for problem in found.problems] == []


@every_company()
def test_every_action_of_complaints_and_improvements_may_be_taken_by_somebody(folder: Path) -> None:
    nobody = actions_nobody_may_take(read_profile(folder).documents, vocabulary())

    assert [action for action in nobody if action.startswith(("complaint.", "improvement."))] == []


def test_every_duty_of_the_catalogue_is_cited(duties: list[Duty]) -> None:
    cited = {
        source
        for folder in ALL_FOLDERS
        for _file, clause in clauses_of(read_profile(folder))
        for source in cited_in(clause)
    }
    wanted = {duty.id for duty in duties}

    assert sorted(wanted - cited) == []
    assert sorted(cited - wanted) == []


def test_each_duty_has_one_home(duties: list[Duty]) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for folder in ALL_FOLDERS:
        for _file, clause in clauses_of(read_profile(folder)):
            for source in cited_in(clause):
                homes[source].add(folder.name)

    assert {source: names for source, names in homes.items() if len(names) > 1} == {}
    for duty in duties:
        company = HOME_OF_SOURCES.get(duty.id.split("-")[0])
        if company is not None:
            assert homes[duty.id] == {company}


@every_folder()
def test_what_is_planned_waits_for_an_area_that_is_not_built(folder: Path) -> None:
    planned = {clause.planned for _file, clause in clauses_of(read_profile(folder)) if clause.planned}

    assert planned <= AREAS_NOT_BUILT_YET


@every_folder()
def test_everything_a_reader_sees_is_said_in_three_languages(folder: Path) -> None:
    profile = read_profile(folder)

    for part in (profile.company, *profile.documents):
        for text in texts_in(part):
            assert text.en, f"no English for “{text.zh_hans}”"
            assert text.zh_hant, f"no Traditional Chinese for “{text.zh_hans}”; run scripts/traditional_procedures.py"


@every_folder()
def test_every_edition_is_in_force_and_signed_by_different_positions(folder: Path) -> None:
    for paper in read_profile(folder).papers:
        document = paper.document

        assert document.effective < date(2025, 1, 1)
        assert document.prepared.key != document.approved.key
        assert document.reviewed is None or document.reviewed.key not in (document.prepared.key, document.approved.key)


@every_company()
def test_a_clause_that_a_time_limit_sets_by_itself_says_so(folder: Path) -> None:
    """A figure that no source gives is the company's own, and the clause owns up to it."""
    figures_given = {"CARBIDE-10.3.4", "CEMENT-2.3.1.6-1"}
    for _file, clause in clauses_of(read_profile(folder)):
        limits = [entry.control for entry in clause.controls if entry.kind == "time_limit"]
        own = [limit for limit in limits if not set(limit.sources or clause.sources) & figures_given]
        if own:
            assert "本公司" in clause.text.zh_hans, f"clause {clause.number} hides that its figure is our own"


@every_company()
def test_the_example_company_has_one_person_on_each_position(folder: Path) -> None:
    profile = read_profile(folder)
    people = entries(folder, "staff.yaml")
    departments = {position.code: position.department for position in profile.company.positions}

    assert sorted(code for person in people for code in person["positions"]) == sorted(departments)
    assert all(departments[code] == person["department"] for person in people for code in person["positions"])
    assert [person["administrator"] for person in people].count(True) == 1


def test_no_two_people_sign_in_with_the_same_name() -> None:
    logins = [person["login"] for folder in profile_folders() for person in entries(folder, "staff.yaml")]

    assert sorted(set(logins)) == sorted(logins)


@every_company()
def test_the_example_company_has_customers_at_home_and_abroad_and_products(folder: Path) -> None:
    customers, products = entries(folder, "customers.yaml"), entries(folder, "products.yaml")
    logins = {person["login"] for person in entries(folder, "staff.yaml")}

    assert 12 <= len(customers) <= 20
    assert {customer["market"] for customer in customers} == {"domestic", "overseas"}
    assert {customer["responsible"] for customer in customers} <= logins
    assert all(contact["phone"].startswith("000-") for customer in customers for contact in customer["contacts"])
    assert 8 <= len(products) <= 12
    assert all(product["specification"] for product in products)
