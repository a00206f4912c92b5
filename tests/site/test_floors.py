"""What import-linter cannot see: parts of Django that some files stay away from."""

import ast
from pathlib import Path

import luyue

PACKAGE = Path(luyue.__file__).parent
WEB = ("django.http", "django.shortcuts", "django.views", "django.template")


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def test_models_facts_and_actions_know_nothing_of_the_web() -> None:
    files = [file for name in ("models", "facts", "actions") for file in PACKAGE.glob(f"*/{name}.py")]

    strays = [
        f"{file.parent.name}/{file.name}: {name}" for file in files for name in _imports(file) if name.startswith(WEB)
    ]

    assert files
    assert strays == []


def test_obligations_are_worked_out_without_a_database() -> None:
    files = [*PACKAGE.glob("worktime/**/*.py"), *PACKAGE.glob("rulebook/engine/**/*.py")]

    strays = [f"{file.name}: {name}" for file in files for name in _imports(file) if name.startswith("django")]

    assert files
    assert strays == []
