"""One file that holds an installation: every row, every attachment, the secret key, and a digest of each.

The rows are written as JSON lines, so that a backup made on SQLite can be restored on PostgreSQL and the other way,
without either's own tools.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

FORMAT = 1
ROWS_AT_ONCE = 1000
CHUNK = 1024 * 1024
NOT_KEPT = {"sessions.Session"}
SECRET_KEY = "secret_key"
ATTACHMENTS = "attachments/"


class BackupError(ValueError):
    """A backup cannot be made or restored; the sentence says why and what would help."""


@dataclass
class Contents:
    """What a backup holds: rows by table and bytes by file, each with its SHA-256."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        return sum(table["count"] for table in self.rows.values())


class _Encoder(DjangoJSONEncoder):
    """Everything to the last digit; Django's own encoder would cut instants to milliseconds."""

    def default(self, o: object) -> Any:
        if isinstance(o, datetime | time):
            return o.isoformat()
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode("ascii")
        return super().default(o)


def make_backup(target: Path) -> Contents:
    """Write everything to a new file; what others enter meanwhile is not in it, and they need not wait."""
    if target.exists():
        raise BackupError(f"{target} exists already; choose a new name")
    contents = Contents()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                with _snapshot():
                    migrations = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
                    for model in _models():
                        contents.rows[model._meta.label] = _write_rows(archive, model)
                for name, file in _files():
                    contents.files[name] = _write_file(archive, name, file)
                archive.writestr("manifest.json", _manifest(contents, migrations))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def restore_backup(source: Path) -> Contents:
    """Fill an empty installation of the same release from a backup, checking every digest; all or nothing."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source} is not a backup of Luyue: {error}") from error
    with archive:
        manifest = _read_manifest(archive, source)
        _refuse_another_release(manifest)
        _refuse_a_used_installation()
        contents = Contents(rows=manifest["rows"], files=manifest["files"])
        with transaction.atomic():
            for model in reversed(_models()):
                if model._base_manager.exists():
                    model._base_manager.all().delete()
            for model in _models():
                _read_rows(archive, model, contents.rows.get(model._meta.label))
            _reset_sequences()
            connection.check_constraints()
            for name, expected in contents.files.items():
                _read_file(archive, name, expected)
    return contents


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in NOT_KEPT
    ]


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [column for column in model._meta.local_concrete_fields if not getattr(column, "generated", False)]


@contextmanager
def _snapshot() -> Iterator[None]:
    """One unchanging view of all tables. On SQLite a plain BEGIN reads without keeping writers waiting."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _table_file(label: str) -> str:
    return f"rows/{label}.jsonl"


def _write_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    names = [column.attname for column in _columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS_AT_ONCE)
    digest, count = hashlib.sha256(), 0
    with archive.open(_table_file(model._meta.label), "w", force_zip64=True) as out:
        _put(out, digest, json.dumps(names))
        for row in rows:
            _put(out, digest, json.dumps(row, cls=_Encoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
            count += 1
    return {"count": count, "sha256": digest.hexdigest()}


def _put(out: IO[bytes], digest: Any, line: str) -> None:
    data = line.encode() + b"\n"
    digest.update(data)
    out.write(data)


def _read_rows(archive: zipfile.ZipFile, model: type[models.Model], expected: dict[str, Any] | None) -> None:
    label = model._meta.label
    if expected is None:
        raise BackupError(f"the backup lacks the table {label}")
    by_name = {column.attname: column for column in _columns(model)}
    digest, count = hashlib.sha256(), 0
    with archive.open(_table_file(label)) as source:
        lines = _digested(source, digest)
        columns = [by_name[name] for name in json.loads(next(lines))]
        insert = _insert_statement(model, columns)
        with connection.cursor() as cursor:
            while batch := [_row(columns, line) for line in islice(lines, ROWS_AT_ONCE)]:
                cursor.executemany(insert, batch)
                count += len(batch)
    if digest.hexdigest() != expected["sha256"] or count != expected["count"]:
        raise BackupError(f"the table {label} is damaged in the backup: its digest differs")


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


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _files() -> Iterator[tuple[str, Path]]:
    secret = Path(settings.LUYUE_HOME) / SECRET_KEY
    if secret.is_file():
        yield SECRET_KEY, secret
    folder = Path(settings.MEDIA_ROOT)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield ATTACHMENTS + file.relative_to(folder).as_posix(), file


def _write_file(archive: zipfile.ZipFile, name: str, file: Path) -> dict[str, Any]:
    with file.open("rb") as source, archive.open(f"files/{name}", "w", force_zip64=True) as out:
        return _copy(source, out.write)


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
            found = _copy(source, out.write)
        if found != expected:
            raise BackupError(f"the file {name} is damaged in the backup: its digest differs")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _place_of(name: str) -> Path:
    parts = PurePosixPath(name).parts
    if name == SECRET_KEY:
        return Path(settings.LUYUE_HOME) / SECRET_KEY
    if not name.startswith(ATTACHMENTS) or ".." in parts:
        raise BackupError(f"the backup names a file outside the attachments: {name}")
    return Path(settings.MEDIA_ROOT).joinpath(*parts[1:])


def _copy(source: IO[bytes], write: Callable[[bytes], Any]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def _manifest(contents: Contents, migrations: list[list[str]]) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "migrations": migrations,
            "rows": contents.rows,
            "files": contents.files,
        },
        indent=1,
    )


def _read_manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise BackupError(f"{source} is not a backup of Luyue: it has no readable manifest") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupError(
            f"{source} has a format that this release does not read; restore it with the release it is of"
        )
    return manifest


def _refuse_another_release(manifest: dict[str, Any]) -> None:
    here = {tuple(name) for name in MigrationRecorder(connection).applied_migrations()}
    there = {tuple(name) for name in manifest["migrations"]}
    if here == there:
        return
    strange = sorted(".".join(name) for name in here ^ there)
    raise BackupError(
        "the backup is of another release; restore it with that release and then run `luyue migrate`"
        f" (the two differ in {', '.join(strange[:5])})"
    )


def _refuse_a_used_installation() -> None:
    if apps.get_model("organization", "Company")._base_manager.exists():
        raise BackupError("this installation holds companies already; restore into an empty LUYUE_HOME or database")
