"""A company with as many complaints as wanted, cloned inside the database from a few that were really made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from luyue.api.tokens import issue
from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.organization.models import Account, Company, Employee
from luyue.records.models import Obligation, Reader, Record, Tally
from luyue.site.demo.companies import found
from luyue.site.demo.year import live_through

OPEN_SHARE = 10
"""One record in so many is open."""
WHOLE = 3_000
"""So many records are cloned with everything that hangs on them."""


def prepare() -> Company:
    """The carbide company with a handful of complaints played through its procedure."""
    settings.PASSWORD_HASHERS = ["luyue.site.hashers.QuickArgon2PasswordHasher", *settings.PASSWORD_HASHERS]
    company = found("carbide", timezone.now())
    if not Complaint.objects.filter(company=company).exists():
        live_through(company, timezone.now())
    return company


def fill(company: Company, size: int) -> None:
    """Clone until the company has so many complaints.

    The first WHOLE of them carry all their ledger entries, promises and readers; of the others only the first few of
    each are there, as a million whole ones would fill a disk. All are registered, searched, owed and counted alike.
    """
    there = Record.objects.filter(company=company, type="complaint").count()
    closed = Complaint.objects.filter(company=company, state="closed").order_by("pk").first()
    running = Complaint.objects.filter(company=company, is_open=True).order_by("pk").first()
    assert closed is not None
    assert running is not None
    if there >= size:
        return
    whole = max(0, min(size, WHOLE) - there)
    with _in_bulk(Record, Complaint, Entry, Obligation, Reader):
        if whole:
            _clone(closed.pk, running.pk, whole, few=None)
        if size - there - whole:
            _clone(closed.pk, running.pk, size - there - whole, few=2)
    _tally(company)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # the clones' owners differ between open and closed as real ones do not
            cursor.execute(
                "CREATE STATISTICS IF NOT EXISTS owners_of_open (mcv) ON owner_id, is_open FROM records_record"
            )
        cursor.execute("ANALYZE")


@contextmanager
def _in_bulk(*models: Any) -> Iterator[None]:
    """Indexes are made afresh after the rows; foreign keys, right by cloning, are not looked up for each row."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        for setting in FAST_POSTGRESQL if is_postgres else FAST_SQLITE:
            cursor.execute(setting)
        names = [model._meta.db_table for model in models]
        indexes = _indexes(cursor, names)
        for name, _made in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, made in indexes:
            cursor.execute(made)
    connection.close()
    connection.ensure_connection()


FAST_POSTGRESQL = (
    "SET session_replication_role = replica",
    "SET maintenance_work_mem = '512MB'",
    "SET synchronous_commit = off",
)
FAST_SQLITE = (
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = OFF",
    "PRAGMA cache_size = -800000",
)


def _indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str]]:
    marks = ", ".join(["%s"] * len(tables))
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x"
            " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
            f" WHERE t.relname IN ({marks}) AND NOT x.indisunique",
            tables,
        )
    else:
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%%'"
            f" AND tbl_name IN ({marks})",
            tables,
        )
    return list(cursor.fetchall())


def _clone(closed: int, running: int, number: int, *, few: int | None) -> None:
    base = (Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    template = f"CASE WHEN s.k % {OPEN_SHARE} = 0 THEN {running} ELSE {closed} END"
    series = _series(number)
    moment = _minutes_before("t.{column}", f"({base} + s.k) % 500000")
    times = {column: moment.format(column=column) for column in ("opened_at", "entered_at", "changed_at", "closed_at")}
    _copy(
        Record,
        series,
        f"t.id = {template}",
        {"id": f"{base} + s.k", "number": f"'B' || ({base} + s.k)", "owner_id": _owner(running), **times},
        keep_id=True,
    )
    _copy(Complaint, series, f"t.record_ptr_id = {template}", {"record_ptr_id": f"{base} + s.k"}, keep_id=True)
    again = {"record_id": f"{base} + s.k"}

    def those(model: Any) -> str:
        ids = [*_first(model, closed, few), *_first(model, running, few)]
        return f"t.id IN ({', '.join(map(str, ids))}) AND t.record_id = {template}"

    _copy(Entry, series, those(Entry), {**again, "chain": f"'r' || ({base} + s.k)"})
    begun = {"started_at": moment.format(column="started_at")}
    _copy(Obligation, series, those(Obligation), {**again, **begun})
    _copy(Reader, series, those(Reader), again)
    _copy_words(series, template, base)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('records_record_id_seq', (SELECT max(id) FROM records_record))")


def _owner(running: int) -> str:
    """One open record in fifty is owned by whom the template says, the others by a colleague."""
    owner, company = Record.objects.values_list("owner_id", "company_id").get(pk=running)
    colleague = Employee.objects.filter(company_id=company).exclude(pk=owner).order_by("pk").first()
    assert colleague is not None
    return f"CASE WHEN s.k % {OPEN_SHARE * 50} = 0 OR t.id <> {running} THEN t.owner_id ELSE {colleague.pk} END"


def _first(model: Any, record: int, few: int | None) -> list[int]:
    return list(model.objects.filter(record_id=record).order_by("pk").values_list("pk", flat=True)[:few])


def _series(number: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(0, {number - 1}) AS s(k)"
    return (
        f"(WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < {number - 1}) SELECT k FROM n) AS s"
    )


def _minutes_before(column: str, minutes: str) -> str:
    if connection.vendor == "postgresql":
        return f"{column} - ({minutes}) * interval '1 minute'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || ({minutes}) || ' minutes')"


def _copy(model: Any, series: str, which: str, instead: dict[str, str], *, keep_id: bool = False) -> None:
    columns = [field.column for field in model._meta.local_concrete_fields if keep_id or not field.primary_key]
    values = [instead.get(column, f't."{column}"') for column in columns]
    table = model._meta.db_table
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({named}) SELECT {", ".join(values)} FROM {series} JOIN "{table}" t ON {which}'
        )


def _copy_words(series: str, template: str, base: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO search_index (record_id, company_id, type, grams)"
                f" SELECT {base} + s.k, t.company_id, t.type, t.grams FROM {series}"
                f" JOIN search_index t ON t.record_id = {template}"
            )
        else:
            cursor.execute(
                "INSERT INTO search_index (rowid, company, type, grams)"
                f" SELECT {base} + s.k, t.company, t.type, t.grams FROM {series}"
                f" JOIN search_index t ON t.rowid = {template}"
            )


def _tally(company: Company) -> None:
    """Count what was cloned; the day is taken in UTC, which is good enough for a measurement."""
    standing = (
        "CASE WHEN status = 'paused' THEN 'running'"
        " WHEN status = 'broken' AND done_at IS NOT NULL THEN 'late' ELSE status END"
    )
    day = "started_at::date" if connection.vendor == "postgresql" else "date(started_at)"
    deed_day = day.replace("started_at", "occurred_at")
    table = Tally._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(
            f"INSERT INTO {table} (company_id, procedure, clause, day, standing, number)"
            f" SELECT company_id, procedure, clause, {day}, {standing}, count(*) FROM records_obligation"
            " WHERE record_id IS NOT NULL AND status NOT IN ('cancelled', 'waived') GROUP BY 1, 2, 3, 4, 5"
        )
        cursor.execute(
            f"INSERT INTO {table} (company_id, procedure, clause, day, standing, number)"
            f" SELECT company_id, '', action, {deed_day}, 'deed', count(*) FROM ledger_entry"
            " WHERE record_id IS NOT NULL GROUP BY 1, 2, 3, 4"
        )


def run_promises(company: Company, number: int, falling_due: int) -> None:
    """So many running promises, of which a share is due already; for measuring the sweep."""
    template = Obligation.objects.filter(company=company, status="running", record__isnull=False).order_by("pk").first()
    assert template is not None
    past, future = timezone.now() - timedelta(minutes=5), timezone.now() + timedelta(days=90)
    due = f"CASE WHEN s.k < {falling_due} THEN {_literal(past)} ELSE {_literal(future)} END"
    instead = {"key": "'bench/' || s.k", "due_at": due, "is_owed": "TRUE", "next_alarm_at": "NULL"}
    with _in_bulk(Obligation):
        _copy(Obligation, _series(number), f"t.id = {template.pk}", instead)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def forget_promises() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_obligation WHERE key LIKE 'bench/%%'")


def _literal(moment: Any) -> str:
    text = moment.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"'{text}+00'::timestamptz" if connection.vendor == "postgresql" else f"'{text}'"


def session_of(login: str) -> str:
    """A signed-in session's key."""
    account = Account.objects.get(username=login)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def token_of(login: str) -> str:
    """A token with which a program acts for the person."""
    until = (timezone.now() + timedelta(days=2)).date()
    _token, secret = issue(employee_of(login), name="bench", by=None, at=timezone.now(), expires_on=until)
    return secret


def little_told(company: Company, *, pairs: int) -> list[list[int]]:
    """Pairs of open records of which the least is told, so that a history is as long at the end as those of most."""
    whole = Complaint.objects.filter(company=company, is_open=True).order_by("pk").values_list("pk", flat=True)[:200]
    told = Record.objects.filter(pk__in=list(whole)).annotate(told=Count("entries")).order_by("told", "pk")
    found = list(told.values_list("pk", flat=True)[: 2 * pairs])
    return [found[place::pairs] for place in range(pairs)]


def employee_of(login: str) -> Employee:
    return Employee.objects.select_related("company").get(account__username=login)
