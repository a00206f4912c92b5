"""A backup becomes an installation again: of the same release, or of an earlier one that is then brought forward."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from luyue.site.backup import (
    ATTACHMENTS,
    FORMAT,
    ROWS_AT_ONCE,
    SECRET_KEY,
    BackupError,
    Contents,
    columns_of,
    copy_digested,
    models_kept,
    table_file,
)
from luyue.site.releases import (
    Name,
    applied_migrations,
    bring_tables_to,
    in_words,
    known_migrations,
    models_after,
)
from luyue.site.upkeep import bring_up_to_date


def restore_backup(source: Path, *, prove: Callable[[], None]) -> Contents:
    """Fill an empty installation from a backup, checking every digest; all or nothing.

    Tables of an earlier release are made as they were then, filled, and brought forward. At the end `prove` says by a
    BackupError what does not hold; then nothing of the backup stays in the database.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(
            _("%(file)s is not a backup of Luyue: %(reason)s") % {"file": source, "reason": error}
        ) from error
    with archive:
        manifest = _read_manifest(archive, source)
        migrations = _refuse_a_newer_release(manifest)
        if migrations == known_migrations():
            return _restore_this_release(archive, manifest, prove)
        return _restore_an_earlier_release(archive, manifest, migrations, prove)


def _restore_this_release(archive: zipfile.ZipFile, manifest: dict[str, Any], prove: Callable[[], None]) -> Contents:
    bring_up_to_date()
    _refuse_a_used_installation()
    with transaction.atomic():
        contents = _fill(archive, manifest, known_migrations())
        prove()
    return contents


def _restore_an_earlier_release(
    archive: zipfile.ZipFile, manifest: dict[str, Any], migrations: frozenset[Name], prove: Callable[[], None]
) -> Contents:
    """Between its steps the database holds tables that prove nothing yet; they go again if a step fails."""
    _refuse_tables_that_are_there()
    before = _tables(), _functions()
    finished = False
    try:
        bring_tables_to(migrations)
        with transaction.atomic():
            contents = _fill(archive, manifest, migrations)
        bring_up_to_date()
        prove()
        finished = True
    finally:
        if not finished:
            _drop(_tables() - before[0], _functions() - before[1])
    return contents


def _fill(archive: zipfile.ZipFile, manifest: dict[str, Any], migrations: frozenset[Name]) -> Contents:
    contents = Contents(rows=manifest["rows"], files=manifest["files"])
    kept = models_kept(models_after(migrations))
    for model in reversed(kept):
        if model._base_manager.exists():
            model._base_manager.all().delete()
    for model in kept:
        _read_rows(archive, model, contents.rows.get(model._meta.label))
    _reset_sequences(kept)
    connection.check_constraints()
    for name, expected in contents.files.items():
        _read_file(archive, name, expected)
    return contents


def _read_rows(archive: zipfile.ZipFile, model: type[models.Model], expected: dict[str, Any] | None) -> None:
    label = model._meta.label
    if expected is None:
        raise BackupError(_("the backup lacks the table %(table)s") % {"table": label})
    by_name = {column.attname: column for column in columns_of(model)}
    digest, count = hashlib.sha256(), 0
    with archive.open(table_file(label)) as source:
        lines = _digested(source, digest)
        columns = [by_name[name] for name in json.loads(next(lines))]
        insert = _insert_statement(model, columns)
        with connection.cursor() as cursor:
            while batch := [_row(columns, line) for line in islice(lines, ROWS_AT_ONCE)]:
                cursor.executemany(insert, batch)
                count += len(batch)
    if digest.hexdigest() != expected["sha256"] or count != expected["count"]:
        raise BackupError(_("the table %(table)s is damaged in the backup: its digest differs") % {"table": label})


def _digested(source: IO[bytes], digest: Any) -> Iterator[bytes]:
    for line in source:
        digest.update(line)
        yield line


def _insert_statement(model: type[models.Model], columns: list[models.Field[Any, Any]]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.column)) for column in columns)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"


def _row(columns: list[models.Field[Any, Any]], line: bytes) -> list[Any]:
    return [
        column.get_db_prep_save(column.to_python(value), connection)
        for column, value in zip(columns, json.loads(line), strict=True)
    ]


def _reset_sequences(kept: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)


def _read_file(archive: zipfile.ZipFile, name: str, expected: dict[str, Any]) -> None:
    target = _place_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    mode = 0o600 if name == SECRET_KEY else settings.FILE_UPLOAD_PERMISSIONS
    try:
        with (
            archive.open(f"files/{name}") as source,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out,
        ):
            found = copy_digested(source, out.write)
        if found != expected:
            raise BackupError(_("the file %(file)s is damaged in the backup: its digest differs") % {"file": name})
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _place_of(name: str) -> Path:
    parts = PurePosixPath(name).parts
    if name == SECRET_KEY:
        return Path(settings.LUYUE_HOME) / SECRET_KEY
    if not name.startswith(ATTACHMENTS) or ".." in parts:
        raise BackupError(_("the backup names a file outside the attachments: %(file)s") % {"file": name})
    return Path(settings.MEDIA_ROOT).joinpath(*parts[1:])


def _read_manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise BackupError(
            _("%(file)s is not a backup of Luyue: it has no readable manifest") % {"file": source}
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupError(
            _("%(file)s has a format that this release does not read; restore it with the release it is of")
            % {"file": source}
        )
    return manifest


def _refuse_a_newer_release(manifest: dict[str, Any]) -> frozenset[Name]:
    migrations = frozenset((app, name) for app, name in manifest["migrations"])
    strange = migrations - known_migrations()
    if strange:
        raise BackupError(
            _("the backup is of a newer release than this one (it has %(names)s); install that one first")
            % {"names": in_words(strange)}
        )
    return migrations


def _refuse_a_used_installation() -> None:
    if models_after(known_migrations()).get_model("organization", "Company")._base_manager.exists():
        raise BackupError(_used())


def _refuse_tables_that_are_there() -> None:
    if not applied_migrations():
        return
    if applied_migrations() == known_migrations():
        _refuse_a_used_installation()
    raise BackupError(
        _(
            "the backup is of an earlier release, whose tables must be made first, but this database has tables"
            " already; give LUYUE_HOME or DATABASE_URL an empty place, without `luyue migrate`"
        )
    )


def _used() -> str:
    return _("this installation holds companies already; restore into an empty LUYUE_HOME or database")


def _tables() -> frozenset[str]:
    return frozenset(connection.introspection.table_names())


def _functions() -> frozenset[str]:
    """The functions that triggers call; SQLite has none."""
    if connection.vendor == "sqlite":
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        return frozenset(name for (name,) in cursor.fetchall())


def _drop(tables: frozenset[str], functions: frozenset[str]) -> None:
    """Remove what a restore made and could not finish."""
    end = "" if connection.vendor == "sqlite" else " CASCADE"
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{end}")
        for function in sorted(functions):
            cursor.execute(f"DROP FUNCTION IF EXISTS {function}{end}")
