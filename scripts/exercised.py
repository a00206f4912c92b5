"""Lists which test stories exercise which duties: `@pytest.mark.exercises("CARBIDE-10.3.4")` in tests/stories.

The list is shipped, since an installed package has no tests: `python scripts/exercised.py` writes it anew.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORIES = ROOT / "tests" / "stories"
LIST = ROOT / "src" / "luyue" / "rulebooks" / "exercised.json"
NOT_RUN = {"skip", "skipif", "xfail"}


class StoryError(ValueError):
    """A story names its duties in a way that cannot be read without running it."""


def main() -> None:
    """Write the list."""
    LIST.parent.mkdir(parents=True, exist_ok=True)
    LIST.write_text(as_written(exercised(STORIES)), encoding="utf-8")
    sys.stdout.write(f"{LIST.relative_to(ROOT)}\n")


def as_written(duties: dict[str, list[str]]) -> str:
    """The list as it is kept in its file."""
    return json.dumps(duties, ensure_ascii=False, indent=1) + "\n"


def exercised(folder: Path) -> dict[str, list[str]]:
    """Each duty with the stories that exercise it; a story that is skipped or expected to fail exercises nothing."""
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        name = file.relative_to(folder.parents[1]).as_posix()
        marks = [mark for statement in module.body for mark in _marks_of_module(statement)]
        for story, duties in _stories(module.body, marks, name):
            for duty in duties:
                found.setdefault(duty, set()).add(story)
    return {duty: sorted(found[duty]) for duty in sorted(found)}


def _stories(body: list[ast.stmt], around: list[ast.expr], name: str) -> Iterator[tuple[str, list[str]]]:
    for statement in body:
        if isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
            yield from _stories(statement.body, [*around, *statement.decorator_list], f"{name}::{statement.name}")
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name.startswith("test_"):
            marks = [*around, *statement.decorator_list]
            if not any(_mark_name(mark) in NOT_RUN for mark in marks):
                duties = [duty for mark in marks for duty in _duties(mark, name)]
                yield f"{name}::{statement.name}", duties


def _marks_of_module(statement: ast.stmt) -> list[ast.expr]:
    """The marks in `pytestmark = …`."""
    if not isinstance(statement, ast.Assign):
        return []
    if not any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets):
        return []
    return statement.value.elts if isinstance(statement.value, ast.List | ast.Tuple) else [statement.value]


def _mark_name(mark: ast.expr) -> str:
    """`exercises` for `pytest.mark.exercises(…)`; empty for anything else."""
    marker = mark.func if isinstance(mark, ast.Call) else mark
    if isinstance(marker, ast.Attribute) and isinstance(marker.value, ast.Attribute) and marker.value.attr == "mark":
        return marker.attr
    return ""


def _duties(mark: ast.expr, name: str) -> list[str]:
    if _mark_name(mark) != "exercises":
        return []
    said = mark.args if isinstance(mark, ast.Call) else []
    duties = [argument.value for argument in said if isinstance(argument, ast.Constant)]
    if not said or len(duties) != len(said) or not all(isinstance(duty, str) for duty in duties):
        raise StoryError(f"{name}:{mark.lineno}: exercises(…) takes the ids of duties, each in quotes")
    return [str(duty) for duty in duties]


if __name__ == "__main__":
    main()
