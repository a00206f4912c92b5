"""Files that belong to records: checked for type and size, kept once by digest, never served as active content."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from luyue.records.actions import Upload
from luyue.records.refusing import Refusal, Refused

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""

KINDS_OF_FILE = {
    ".pdf": ("application/pdf", (b"%PDF",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    ".xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
    ".zip": ("application/zip", (b"PK\x03\x04",)),
    ".mp4": ("video/mp4", ()),
    ".m4a": ("audio/mp4", ()),
    ".mp3": ("audio/mpeg", ()),
    ".eml": ("message/rfc822", ()),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
SHOWN_AS_PICTURE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def checked(upload: Upload) -> tuple[str, str]:
    """The clean file name and the content type; Refused when the file is empty, too large, or not what it says."""
    name = clean_name(upload.file_name)
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS_OF_FILE:
        accepted = " ".join(sorted(KINDS_OF_FILE))
        raise _refused(_("“%(name)s”: files of this kind are not accepted; accepted are %(accepted)s."), name, accepted)
    content_type, beginnings = KINDS_OF_FILE[suffix]
    if not upload.content:
        raise _refused(_("“%(name)s” is empty."), name)
    if len(upload.content) > LARGEST:
        raise _refused(_("“%(name)s” is larger than %(accepted)s MB."), name, str(LARGEST // 1024 // 1024))
    if beginnings and not upload.content.startswith(beginnings):
        raise _refused(_("“%(name)s” is not what its ending says; save it anew and try again."), name)
    return name, content_type


def _refused(sentence: str, name: str, accepted: str = "") -> Refused:
    return Refused(Refusal("attachment", sentence % {"name": name, "accepted": accepted}))


def clean_name(name: str) -> str:
    """The last part of the name without control characters, at most 200 characters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip() or "file"
    stem, dot, ending = seen.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 10 else seen[:200]


def store(content: bytes) -> str:
    """Keep the content under its SHA-256 digest, whole or not at all, and return the digest."""
    digest = hashlib.sha256(content).hexdigest()
    place = path_of(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, place)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise
    return digest


def path_of(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest
