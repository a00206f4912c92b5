"""One file that holds an installation: every row, every attachment, the secret key, and a digest of each.

The rows are written as JSON lines, so that a backup made on SQLite can be restored on PostgreSQL and the other way,
without either's own tools.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luyue.site.releases import Name, applied_migrations, in_words, known_migrations, models_after

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
    """Write everything to a new file; what others enter meanwhile is not in it, and they need not wait.

    The tables may still be those of an earlier release: whoever has just installed a new one can make the backup now.
    """
    if target.exists():
        raise BackupError(_("%(file)s exists already; choose a new name") % {"file": target})
    if not target.parent.is_dir():
        raise BackupError(_("there is no folder %(folder)s") % {"folder": target.parent})
    migrations = _applied_and_known()
    contents = Contents()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                with _snapshot():
                    for model in models_kept(models_after(migrations)):
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


def models_kept(apps: Apps) -> list[type[models.Model]]:
    """All whose rows a backup holds."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in NOT_KEPT
    ]


def _applied_and_known() -> frozenset[Name]:
    migrations = applied_migrations()
    strange = migrations - known_migrations()
    if strange:
        raise BackupError(
            _("the database was brought to a newer release than this one (it has %(names)s); install that release")
            % {"names": in_words(strange)}
        )
    if not migrations:
        raise BackupError(_("there is nothing to keep: this database has no tables yet"))
    return migrations


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
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


def table_file(label: str) -> str:
    """Where a table's rows stand in a backup."""
    return f"rows/{label}.jsonl"


def _write_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    names = [column.attname for column in columns_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS_AT_ONCE)
    digest, count = hashlib.sha256(), 0
    with archive.open(table_file(model._meta.label), "w", force_zip64=True) as out:
        _put(out, digest, json.dumps(names))
        for row in rows:
            _put(out, digest, json.dumps(row, cls=_Encoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
            count += 1
    return {"count": count, "sha256": digest.hexdigest()}


def _put(out: IO[bytes], digest: Any, line: str) -> None:
    data = line.encode() + b"\n"
    digest.update(data)
    out.write(data)


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
        return copy_digested(source, out.write)


def copy_digested(source: IO[bytes], write: Callable[[bytes], Any]) -> dict[str, Any]:
    """Hand all bytes on, and say how many there were and what their digest is."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def _manifest(contents: Contents, migrations: Collection[Name]) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "migrations": sorted(map(list, migrations)),
            "rows": contents.rows,
            "files": contents.files,
        },
        indent=1,
    )
