from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from luyue.rulebook.documents import CompanyFile, Document
from luyue.rulebook.loading import NO_PROCEDURES, SHIPPED
from luyue.rulebook.schema import SCHEMAS, schema_of, schema_text
from luyue.rulebook.yaml_text import WrittenYaml
from tests.rulebook.papers import COMPANY, HEAD, REPLY

DOCS = Path(__file__).resolve().parents[2] / "docs"


@cache
def validator(kind: type[Document] | type[CompanyFile]) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind))


def refused(kind: type[Document] | type[CompanyFile], text: str) -> list[str]:
    written: Any = WrittenYaml(text, file="test.yaml").value
    return [error.json_path for error in validator(kind).iter_errors(written)]


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_the_published_schema_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == schema_text(SCHEMAS[name]), "run `luyue rulebook-schema docs`"


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_the_published_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(SCHEMAS[name]))


def test_an_editor_accepts_what_loading_accepts() -> None:
    assert refused(Document, HEAD + REPLY) == []
    assert refused(CompanyFile, COMPANY) == []


@pytest.mark.parametrize(
    ("said", "instead", "place"),
    [
        ("within: 24h", "wthin: 24h", "$.clauses[0].controls[0].time_limit"),
        ("within: 24h", "within: 24 hours", "$.clauses[0].controls[0].time_limit.within"),
        ("within: 24h", "within: 24h\n          when: {market: domestic}", "$.clauses[0].controls[0].time_limit.when"),
        ('number: "3.1"', "number: 3.1", "$.clauses[0].number"),
        ("{position: sales_manager}", "{position: sales_manager, department: sales}", "$.prepared"),
    ],
)
def test_an_editor_marks_what_loading_refuses(said: str, instead: str, place: str) -> None:
    assert place in refused(Document, (HEAD + REPLY).replace(said, instead, 1))


def test_all_shipped_files_please_the_editor() -> None:
    files = sorted(SHIPPED.rglob("*.yaml"))

    wrong = {
        file.name: found
        for file in files
        if file.name == "company.yaml" or file.name not in NO_PROCEDURES
        if (found := refused(CompanyFile if file.name == "company.yaml" else Document, file.read_text("utf-8")))
    }

    assert wrong == {}
