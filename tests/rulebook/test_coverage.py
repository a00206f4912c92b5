from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from luyue.rulebook.commands import coverage
from luyue.rulebook.coverage import CatalogueError, Duty, Standing, cover, exercised_duties, read_catalogue
from luyue.rulebook.documents import Document
from luyue.rulebook.loading import Paper, Profile, read_company, read_document
from scripts.exercised import LIST, STORIES, StoryError, as_written, exercised
from tests.rulebook.papers import COMPANY, paper

CONTROL = "order: {first: complaint.assess, then: complaint.close"


def standing(duty: str, *documents: Document, stories: tuple[str, ...] = ()) -> Standing:
    papers = tuple(Paper(f"{number}.yaml", "", document) for number, document in enumerate(documents))
    profile = Profile("mingxing", read_company(COMPANY), papers)
    (covered,) = cover([Duty(duty, "source")], [profile], {duty: stories} if stories else {}).duties
    return covered.standing


def clause(said: str, *controls: str) -> Document:
    return read_document(paper(*controls, clause=said))


def test_a_duty_that_no_procedure_takes_up_is_missing() -> None:
    assert standing("A-2", clause("sources: [A-1]", f"{CONTROL}}}")) == "missing"


def test_a_control_that_no_story_exercises_is_not_counted_as_run() -> None:
    assert standing("A-1", clause("sources: [A-1]", f"{CONTROL}}}")) == "in force, not exercised"


def test_a_control_in_force_and_exercised_is_run() -> None:
    assert standing("A-1", clause("sources: [A-1]", f"{CONTROL}}}"), stories=("test_x",)) == "run"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("sources: [A-1]\ntext_only: {zh-hans: 定义}", "text only"),
        ("sources: [A-1]\nplanned: transport", "planned"),
        ("sources: [A-1]\nattested: {by: {position: sales_manager}, every: month}", "attested"),
        ("attested: {by: {position: sales_manager}, every: month, sources: [A-1]}", "attested"),
    ],
)
def test_no_story_makes_more_of_a_clause_without_a_control(said: str, expected: str) -> None:
    assert standing("A-1", clause(said), stories=("test_x",)) == expected


def test_what_a_control_names_itself_is_all_it_carries() -> None:
    document = clause("sources: [A-1, A-2]", f"{CONTROL}, sources: [A-2]}}")

    assert standing("A-2", document) == "in force, not exercised"
    assert standing("A-1", document) == "missing"


def test_in_a_partly_planned_clause_a_control_carries_only_what_it_names() -> None:
    document = clause("sources: [A-1, A-2]\nplanned: transport", f"{CONTROL}, sources: [A-2]}}", f"{CONTROL}}}")

    assert standing("A-1", document) == "planned"
    assert standing("A-2", document) == "in force, not exercised"


def test_the_strongest_place_counts() -> None:
    weak, strong = clause("sources: [A-1]\nplanned: transport"), clause("sources: [A-1]", f"{CONTROL}}}")

    assert standing("A-1", weak, strong) == "in force, not exercised"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("a: 1", "is no list of duties"), ("- {source: x}", "entry 0 has no `id`"), ("[", "cannot be read")],
)
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "clauses.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError, match=sentence):
        read_catalogue(file)
    assert CliRunner().invoke(coverage, [str(file)]).exit_code == 1


def test_the_command_counts_every_duty_of_every_source(tmp_path: Path) -> None:
    file = tmp_path / "clauses.yaml"
    file.write_text(
        "- {id: NOBODY-KNOWS-1, source: 000.txt / 程序}\n- {id: NOBODY-KNOWS-2, source: 000.txt / 程序}\n", "utf-8"
    )

    printed = CliRunner().invoke(coverage, [str(file), "--list", "missing"])
    found = json.loads(CliRunner().invoke(coverage, [str(file), "--json"]).stdout)

    assert printed.exit_code == 0
    assert "NOBODY-KNOWS  程序" in printed.stdout
    assert printed.stdout.splitlines()[-2:] == ["NOBODY-KNOWS-1", "NOBODY-KNOWS-2"]
    assert found["total"] == {
        "run": 0,
        "in force, not exercised": 0,
        "attested": 0,
        "text only": 0,
        "planned": 0,
        "missing": 2,
    }


def test_the_shipped_list_of_exercised_duties_is_up_to_date() -> None:
    assert LIST.read_text(encoding="utf-8") == as_written(exercised(STORIES)), "run `python scripts/exercised.py`"
    assert exercised_duties() == exercised(STORIES)


STORY = """
import pytest

@pytest.mark.exercises("A-1", "A-2")
def test_one(): ...

@pytest.mark.skip
@pytest.mark.exercises("A-3")
def test_skipped(): ...

@pytest.mark.exercises("A-4")
class TestStory:
    @pytest.mark.exercises("A-1")
    def test_two(self): ...

def test_three(): ...
"""


def test_the_duties_of_stories_are_read_from_their_marks(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "stories"
    folder.mkdir(parents=True)
    (folder / "test_a.py").write_text(STORY, encoding="utf-8")

    assert exercised(folder) == {
        "A-1": ["tests/stories/test_a.py::TestStory::test_two", "tests/stories/test_a.py::test_one"],
        "A-2": ["tests/stories/test_a.py::test_one"],
        "A-4": ["tests/stories/test_a.py::TestStory::test_two"],
    }


def test_a_duty_that_cannot_be_read_without_running_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "stories"
    folder.mkdir(parents=True)
    (folder / "test_a.py").write_text(STORY.replace('"A-1", "A-2"', "*DUTIES"), encoding="utf-8")

    with pytest.raises(StoryError, match=r"test_a\.py:4: exercises"):
        exercised(folder)
