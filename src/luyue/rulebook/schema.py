"""The format of procedure and company files as a JSON Schema, so that editors complete and check them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from luyue.rulebook.documents import CompanyFile, Document

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "procedure.schema.json": Document,
    "company.schema.json": CompanyFile,
}


def schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    """The schema of one kind of file, with the sentences of its classes as descriptions."""
    schema = kind.model_json_schema(by_alias=True, mode="validation")
    _take_out_noise(schema)
    return {"$schema": DIALECT, "title": kind.__name__, **schema}


def write_schemas(folder: Path) -> list[Path]:
    """Write all schemas into a folder and say which files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, kind in SCHEMAS.items():
        file = folder / name
        file.write_text(schema_text(kind), encoding="utf-8")
        files.append(file)
    return files


def schema_text(kind: type[BaseModel]) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def _take_out_noise(part: Any) -> None:
    """Titles made from field names say nothing new, and nobody writes `null` for what he leaves out."""
    if isinstance(part, list):
        for inner in part:
            _take_out_noise(inner)
    elif isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        if "default" in part and part["default"] is None:
            del part["default"]
        _take_out_null(part)
        for inner in part.values():
            _take_out_noise(inner)


def _take_out_null(part: dict[str, Any]) -> None:
    choices = [choice for choice in part.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del part["anyOf"]
        part.update(choices[0])
    elif choices:
        part["anyOf"] = choices
