"""Reads and writes the translation catalogs of the areas."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from scripts.translatable import PACKAGE


def catalog_file(area: str, language: str) -> Path:
    """Where the translations of an area into a language stand."""
    return PACKAGE / area / "locale" / language / "LC_MESSAGES" / "django.po"


def catalog_files(language: str) -> list[Path]:
    """All catalogs of a language."""
    return sorted(PACKAGE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"))


def read_catalog(file: Path, language: str) -> Catalog:
    """The catalog of a file; an empty one when there is none yet."""
    if not file.is_file():
        return Catalog(locale=language, project="Luyue", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def write_catalog(file: Path, catalog: Catalog) -> None:
    """Write it without places and dates, so that a change shows only what changed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalog, no_location=True, omit_header=False, width=110, ignore_obsolete=True)
