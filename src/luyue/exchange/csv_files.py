"""Reading a register kept elsewhere: CSV, plain or gzipped, in the encodings and with the separators in use."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

SEPARATORS = ",;\t|"
_BLOCK = 1 << 16
_HEAD = 1 << 18


class UnreadableFileError(ValueError):
    """The file is no table that could be brought in; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it begins, its cells by column, and how it is out of shape, if it is."""

    line: int
    cells: Mapping[str, str]
    misshapen: str = ""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose encoding, separator and columns are known; its rows are read one by one, as often as asked."""

    file: Path
    encoding: str
    separator: str
    columns: Sequence[str]

    def rows(self) -> Iterator[Row]:
        """The rows without the head; empty lines are passed over.

        Raises UnreadableFileError, with the line, where the file breaks off or a cell never ends.
        """
        with _opened(self.file) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.separator)
            try:
                next(reader)
                begins = reader.line_num + 1
                for cells in reader:
                    if cells:
                        yield self._row(begins, cells)
                    begins = reader.line_num + 1
            except (csv.Error, EOFError, zlib.error, OSError) as error:
                raise UnreadableFileError(
                    _("%(file)s cannot be read after line %(line)d: %(reason)s.")
                    % {"file": self.file.name, "line": reader.line_num, "reason": error}
                ) from error

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        by_column = dict(zip(self.columns, (cell.strip() for cell in cells), strict=False))
        if len(cells) == len(self.columns):
            return Row(line, by_column)
        sentence = _("The row has %(found)d cells, the head has %(wanted)d; perhaps a separator stands in a text.")
        return Row(line, by_column, sentence % {"found": len(cells), "wanted": len(self.columns)})


def csv_file(file: Path) -> CsvFile:
    """Find out how the file is written.

    Raises UnreadableFileError when it is in no encoding that we know, or has no head.
    """
    try:
        encoding = _encoding(file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file.name, "reason": error}
        ) from error
    with _opened(file) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        head = text.read(_HEAD)
    separator = max(SEPARATORS, key=lambda each: len(_first_row(head, each)))
    columns = [cell.strip() for cell in _first_row(head, separator)]
    if not any(columns):
        raise UnreadableFileError(_("%(file)s has no head with the names of the columns.") % {"file": file.name})
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise UnreadableFileError(
            _("Several columns of %(file)s are named “%(column)s”.") % {"file": file.name, "column": twice[0]}
        )
    return CsvFile(file, encoding, separator, columns)


def _first_row(head: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])


def _opened(file: Path) -> BinaryIO:
    with file.open("rb") as begun:
        is_gzipped = begun.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(file, "rb")) if is_gzipped else file.open("rb")


def _encoding(file: Path) -> str:
    """By its mark (BOM), else UTF-8 if the whole file is, else GB18030, of which GBK and GB2312 are parts."""
    with _opened(file) as raw:
        mark = raw.read(3)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        if _is_written_in(file, encoding):
            return encoding
    raise UnreadableFileError(_("%(file)s is written neither in UTF-8 nor in GB18030.") % {"file": file.name})


def _is_written_in(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _opened(file) as raw:
        try:
            while block := raw.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
