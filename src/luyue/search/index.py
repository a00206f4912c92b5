"""The search index in the database: FTS5 on SQLite, tsvector with GIN on PostgreSQL; the same words on both."""

from __future__ import annotations

from typing import Any

from django.db import connection

from luyue.search.grams import grams, phrases

FOUND_TO = 5_000
"""Records at most that a search brings; the newest ones."""

_SQLITE = "CREATE VIRTUAL TABLE search_index USING fts5(company, type, grams, tokenize='unicode61 remove_diacritics 0')"
_POSTGRES = (
    "CREATE TABLE search_index (record_id bigint PRIMARY KEY"
    " REFERENCES records_record(id) DEFERRABLE INITIALLY DEFERRED,"
    " company_id bigint NOT NULL, type varchar(40) NOT NULL, grams tsvector NOT NULL);"
    " CREATE INDEX search_index_grams ON search_index USING gin (grams) WITH (fastupdate = off)"
)


def create_index(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(_SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRES)


def drop_index(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE search_index")


def put(record_id: int, company_id: int, record_type: str, text: str) -> None:
    """Keep the words of a record, in the place of those kept before."""
    words = grams(text)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM search_index WHERE rowid = %s", [record_id])
            cursor.execute(
                "INSERT INTO search_index (rowid, company, type, grams) VALUES (%s, %s, %s, %s)",
                [record_id, str(company_id), record_type, " ".join(words)],
            )
            return
        cursor.execute(
            "INSERT INTO search_index (record_id, company_id, type, grams) VALUES (%s, %s, %s, %s::tsvector)"
            " ON CONFLICT (record_id) DO UPDATE SET grams = excluded.grams",
            [record_id, company_id, record_type, _tsvector(words)],
        )


def ids_of(words: str, company_id: int, record_type: str | None) -> list[int]:
    """The records of the company in which all these words stand, the newest first."""
    wanted = phrases(words)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT rowid FROM search_index WHERE search_index MATCH %s ORDER BY rowid DESC LIMIT %s",
                [_fts_query(wanted, company_id, record_type), FOUND_TO],
            )
        else:
            # The ids are found first and sorted afterwards: sorted at once, the planner walks the primary key.
            cursor.execute(
                "WITH hits AS MATERIALIZED"
                " (SELECT record_id, company_id, type FROM search_index WHERE grams @@ %s::tsquery)"
                " SELECT record_id FROM hits WHERE company_id = %s AND (%s = '' OR type = %s)"
                " ORDER BY record_id DESC LIMIT %s",
                [_tsquery(wanted), company_id, record_type or "", record_type or "", FOUND_TO],
            )
        return [row[0] for row in cursor.fetchall()]


def _fts_query(wanted: list[list[tuple[str, bool]]], company_id: int, record_type: str | None) -> str:
    parts = [f'company : "{company_id}"']
    if record_type:
        parts.append(f'type : "{record_type}"')
    for phrase in wanted:
        begins = phrase[-1][1]
        parts.append(f'grams : "{" ".join(gram for gram, _ in phrase)}"{" *" if begins else ""}')
    return " AND ".join(parts)


def _tsvector(words: list[str]) -> str:
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"{_quoted(word)}:{','.join(found[:255])}" for word, found in places.items())


def _tsquery(wanted: list[list[tuple[str, bool]]]) -> str:
    return " & ".join(
        "(" + " <-> ".join(f"{_quoted(gram)}{':*' if begins else ''}" for gram, begins in phrase) + ")"
        for phrase in wanted
    )


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
