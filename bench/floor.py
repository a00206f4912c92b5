"""The floor: a bare WSGI application that does the same work in the database with hand-written SQL, and nothing else.

It answers with the rows as plain HTML, under the same web server as Luyue, so that what is measured beside it is what
the application itself costs.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs

URL = os.environ["BENCH_DATABASE"]
COMPANY = int(os.environ["BENCH_COMPANY"])
POSTGRES = URL.startswith("postgres")
MARK = "%s" if POSTGRES else "?"
_kept = threading.local()


def _connection() -> Any:
    if not hasattr(_kept, "connection"):
        if POSTGRES:
            import psycopg

            _kept.connection = psycopg.connect(URL, autocommit=True)
        else:
            import sqlite3

            _kept.connection = sqlite3.connect(URL, timeout=20, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                _kept.connection.execute(f"PRAGMA {pragma}")
    return _kept.connection


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return list(_connection().execute(sql.replace("?", MARK), values).fetchall())


def _do(sql: str, *values: Any) -> None:
    _connection().execute(sql.replace("?", MARK), values)


@contextmanager
def _transaction() -> Iterator[None]:
    _do("BEGIN" if POSTGRES else "BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        _do("ROLLBACK")
        raise
    _do("COMMIT")


def _table(rows: Iterable[tuple[Any, ...]]) -> str:
    return "<table>" + "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    ) + "</table>"  # fmt: skip


def register_page(query: dict[str, list[str]]) -> str:
    """The first page of the register, filtered and sorted, with what each line shows."""
    return _table(
        _rows(
            "SELECT r.id, r.number, p.name, r.title, c.severity, r.state, e.name, d.name, r.nearest_due_at"
            " FROM records_record r JOIN complaints_complaint c ON c.record_ptr_id = r.id"
            " LEFT JOIN parties_party p ON p.id = r.party_id LEFT JOIN organization_employee e ON e.id = r.owner_id"
            " LEFT JOIN organization_department d ON d.id = e.department_id"
            " WHERE r.company_id = ? AND r.type = 'complaint' AND r.state = ?"
            " AND (NOT r.is_restricted OR (SELECT 1 FROM records_reader k WHERE k.record_id = r.id AND k.key"
            " IN ('position:sales_officer', 'department:marketing') LIMIT 1) IS NOT NULL)"
            " ORDER BY r.opened_at DESC, r.id DESC LIMIT 51",
            COMPANY,
            query.get("state", ["closed"])[0],
        )
    )


def record(query: dict[str, list[str]]) -> str:
    """A record with its promises, history, files and links; and that this employee has looked at it."""
    pk = int(query["id"][0])
    _remember_visit(int(query["employee"][0]), pk)
    return "".join(
        _table(_rows(sql, *[pk] * sql.count("?")))
        for sql in (
            "SELECT * FROM records_record r JOIN complaints_complaint c ON c.record_ptr_id = r.id WHERE r.id = ?",
            "SELECT * FROM records_obligation WHERE record_id = ? ORDER BY due_at, id",
            "SELECT * FROM ledger_entry WHERE record_id = ? ORDER BY sequence",
            "SELECT * FROM records_attachment WHERE record_id = ?",
            "SELECT * FROM records_link WHERE source_id = ? OR target_id = ?",
            "SELECT * FROM complaints_finding WHERE complaint_id = ?",
        )
    )


def listed(query: dict[str, list[str]]) -> str:
    """What a program is told of the register's first page: the rows whole, with the names of what they refer to."""
    rows = _named_rows(
        "SELECT r.*, c.*, p.number AS party_number, p.name AS party_name, e.name AS owner_name,"
        " d.name AS department_name"
        " FROM records_record r JOIN complaints_complaint c ON c.record_ptr_id = r.id"
        " LEFT JOIN parties_party p ON p.id = r.party_id LEFT JOIN organization_employee e ON e.id = r.owner_id"
        " LEFT JOIN organization_department d ON d.id = r.department_id"
        " WHERE r.company_id = ? AND r.type = 'complaint' AND r.state = ?"
        " AND (NOT r.is_restricted OR (SELECT 1 FROM records_reader k WHERE k.record_id = r.id AND k.key"
        " IN ('position:sales_officer', 'department:marketing') LIMIT 1) IS NOT NULL)"
        " ORDER BY r.opened_at DESC, r.id DESC LIMIT 51",
        COMPANY,
        query.get("state", ["closed"])[0],
    )
    return json.dumps(rows, default=str)


def told(query: dict[str, list[str]]) -> str:
    """What a program is told of one record: itself, its promises, files, links and findings."""
    pk = int(query["id"][0])
    return json.dumps(
        [
            _named_rows(sql, *[pk] * sql.count("?"))
            for sql in (
                "SELECT * FROM records_record r JOIN complaints_complaint c ON c.record_ptr_id = r.id WHERE r.id = ?",
                "SELECT * FROM records_obligation WHERE record_id = ? ORDER BY due_at, id",
                "SELECT * FROM records_attachment WHERE record_id = ?",
                "SELECT * FROM records_link WHERE source_id = ? OR target_id = ?",
                "SELECT * FROM complaints_finding WHERE complaint_id = ?",
            )
        ],
        default=str,
    )


def _named_rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    answer = _connection().execute(sql.replace("?", MARK), values)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _remember_visit(employee: int, pk: int) -> None:
    """Committed before the disk has it, as Luyue does with this trifle."""
    now = datetime.now(UTC)
    if not POSTGRES:
        _do("PRAGMA synchronous = NORMAL")
    with _transaction():
        if POSTGRES:
            _do("SET LOCAL synchronous_commit = off")
        _do(
            "INSERT INTO desk_visit (company_id, employee_id, record_id, visited_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (company_id, employee_id, record_id) DO UPDATE SET visited_at = excluded.visited_at",
            COMPANY,
            employee,
            pk,
            now if POSTGRES else str(now),
        )
    if not POSTGRES:
        _do("PRAGMA synchronous = FULL")


def my_work(query: dict[str, list[str]]) -> str:
    """What one person owes, the nearest first, and the five figures above it."""
    keys = query["key"]
    found = [
        _rows(
            "SELECT o.id, o.control, o.clause, o.due_at, r.number, r.title, p.name FROM records_obligation o"
            " JOIN records_record r ON r.id = o.record_id LEFT JOIN parties_party p ON p.id = r.party_id"
            " WHERE o.company_id = ? AND o.is_owed AND o.owner = ? AND o.due_at IS NOT NULL"
            " ORDER BY o.due_at, o.id LIMIT 60",
            COMPANY,
            key,
        )
        for key in keys
    ]
    now = datetime.now(UTC)
    marks = ", ".join("?" * len(keys))
    ends = [now, now + timedelta(days=1), now + timedelta(days=7)]
    counts = [
        _rows(
            "SELECT count(*) FROM (SELECT 1 FROM records_obligation WHERE company_id = ? AND is_owed"
            f" AND owner IN ({marks}) AND due_at < ? LIMIT 1000) AS found",
            COMPANY,
            *keys,
            end if POSTGRES else str(end),
        )
        for end in ends
    ]
    return _table(row for rows in (*found, *counts) for row in rows)


def conformity(query: dict[str, list[str]]) -> str:
    """The figures of each clause of a year."""
    return _table(
        _rows(
            "SELECT procedure, clause, standing, sum(number) FROM records_tally WHERE company_id = ?"
            " AND day >= ? GROUP BY 1, 2, 3",
            COMPANY,
            str((datetime.now(UTC) - timedelta(days=365)).date()),
        )
    )


def register(query: dict[str, list[str]]) -> str:
    """Take a complaint down: number, record, form, ledger entry, promises, readers, words, figures; one commit."""
    template = int(query["id"][0])
    with _transaction():
        _do(
            "UPDATE records_counter SET last = last + 1 WHERE company_id = ? AND series = ?",
            COMPANY,
            query["series"][0],
        )
        number = _rows(
            "SELECT last FROM records_counter WHERE company_id = ? AND series = ?", COMPANY, query["series"][0]
        )[0][0]
        pk = _insert_like("records_record", "id", template, {"number": f"F{number}"}, returning=True)
        _insert_like("complaints_complaint", "record_ptr_id", template, {"record_ptr_id": pk})
        _insert_like("ledger_entry", "record_id", template, {"record_id": pk, "chain": f"r{pk}"}, first=True)
        _insert_like("records_obligation", "record_id", template, {"record_id": pk})
        _insert_like("records_reader", "record_id", template, {"record_id": pk})
        if POSTGRES:
            _insert_like("search_index", "record_id", template, {"record_id": pk})
        else:
            _do(
                "INSERT INTO search_index (rowid, company, type, grams)"
                " SELECT ?, company, type, grams FROM search_index WHERE rowid = ?",
                pk,
                template,
            )
        _tally("register")
    return str(pk)


def act(query: dict[str, list[str]]) -> str:
    """One action: read the record and its history, write record, ledger entry and figures; one commit."""
    pk = int(query["id"][0])
    with _transaction():
        lock = " FOR UPDATE" if POSTGRES else ""
        _rows(f"SELECT * FROM records_record WHERE id = ?{lock}", pk)
        _rows("SELECT * FROM complaints_complaint WHERE record_ptr_id = ?", pk)
        entries = _rows("SELECT sequence, hash, data FROM ledger_entry WHERE record_id = ? ORDER BY sequence", pk)
        _rows("SELECT * FROM records_obligation WHERE record_id = ?", pk)
        now = datetime.now(UTC)
        _do("UPDATE records_record SET changed_at = ? WHERE id = ?", now if POSTGRES else str(now), pk)
        instead = {"sequence": entries[-1][0] + 1, "previous_hash": entries[-1][1]}
        _insert_like("ledger_entry", "record_id", pk, instead, first=True)
        _tally("act")
    return json.dumps({"entries": len(entries)})


def _tally(what: str) -> None:
    _do(
        "INSERT INTO records_tally (company_id, procedure, clause, day, standing, number)"
        " VALUES (?, '', ?, ?, 'deed', 1) ON CONFLICT (company_id, procedure, clause, day, standing)"
        " DO UPDATE SET number = records_tally.number + 1",
        COMPANY,
        f"floor.{what}",
        str(datetime.now(UTC).date()),
    )


_columns: dict[str, list[str]] = {}


def _insert_like(
    table: str, by: str, template: int, instead: dict[str, Any], *, returning: bool = False, first: bool = False
) -> int:
    if table not in _columns:
        head = _connection().execute(f"SELECT * FROM {table} LIMIT 0").description
        _columns[table] = [each[0] for each in head if each[0] != "id"]
    columns = _columns[table]
    chosen = ", ".join(MARK if column in instead else f'"{column}"' for column in columns)
    limit = " ORDER BY sequence LIMIT 1" if first else ""
    named = ", ".join(f'"{column}"' for column in columns)
    sql = f"INSERT INTO {table} ({named}) SELECT {chosen} FROM {table} WHERE {by} = {MARK}{limit}"
    if returning and POSTGRES:
        sql += " RETURNING id"
    values = [instead[column] for column in columns if column in instead]
    cursor = _connection().execute(sql, [*values, template])
    if not returning:
        return 0
    return int(cursor.fetchone()[0] if POSTGRES else cursor.lastrowid)


PATHS: dict[str, Callable[[dict[str, list[str]]], str]] = {
    "/register_page": register_page,
    "/record": record,
    "/listed": listed,
    "/told": told,
    "/my_work": my_work,
    "/conformity": conformity,
    "/register": register,
    "/act": act,
}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    body = PATHS[environ["PATH_INFO"]](parse_qs(environ.get("QUERY_STRING", ""))).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
