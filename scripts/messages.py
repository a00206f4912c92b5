"""For developers: bring the catalogs up to date with the code, and show what is left to translate.

`python -m scripts.messages` adds new strings with empty translations and drops those no longer used.
"""

from babel.messages.catalog import Catalog

from scripts.catalogs import catalog_file, catalog_files, read_catalog, write_catalog
from scripts.translatable import LANGUAGES, PACKAGE, Translatable, translatables


def main() -> None:
    strings = translatables()
    for language in LANGUAGES:
        for area in sorted({item.area for item in strings}):
            _update(area, language, [item for item in strings if item.area == area])
        empty = sum(
            1
            for file in catalog_files(language)
            for message in read_catalog(file, language)
            if message.id and not message.string
        )
        print(f"{language}: {empty} to translate")


def _update(area: str, language: str, strings: list[Translatable]) -> None:
    file = catalog_file(area, language)
    old = read_catalog(file, language)
    elsewhere = _translated_elsewhere(language, area)
    new = Catalog(locale=language, project="Luyue", fuzzy=False, creation_date=old.creation_date)
    for item in strings:
        if (item.text, item.context) in elsewhere and not old.get(item.text, item.context or None):
            continue
        message_id = (item.text, item.plural) if item.plural else item.text
        known = old.get(message_id, item.context or None)
        new.add(message_id, known.string if known else None, context=item.context or None)
    if len(new):
        write_catalog(file, new)


def _translated_elsewhere(language: str, area: str) -> set[tuple[str, str]]:
    own = PACKAGE / area
    return {
        (message.id if isinstance(message.id, str) else message.id[0], message.context or "")
        for file in catalog_files(language)
        if own not in file.parents
        for message in read_catalog(file, language)
        if message.id and message.string
    }


if __name__ == "__main__":
    main()
