"""Every string that a page may show is there in both Chinese scripts."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Message

from luyue.records import registry
from scripts.catalogs import catalog_files, read_catalog
from scripts.translatable import LANGUAGES, ROOT, Translatable, translatables

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}|(%[sd])")

each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def _strings() -> tuple[Translatable, ...]:
    return tuple(translatables())


@cache
def _translations(language: str) -> dict[tuple[str, str], str | tuple[str, ...]]:
    return {
        (message.id if isinstance(message.id, str) else message.id[0], message.context or ""): message.string
        for file in catalog_files(language)
        for message in read_catalog(file, language)
        if message.id and _is_complete(message)
    }


def _is_complete(message: Message) -> bool:
    forms = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return not message.fuzzy and all(forms)


def _placeholders(text: str) -> set[str]:
    return {"".join(groups) or "{}" for groups in PLACEHOLDER.findall(text)}


@each_language
def test_no_string_is_left_untranslated(language: str) -> None:
    known = _translations(language)

    missing = sorted(
        {f"{item.text!r}  ({item.place})" for item in _strings() if (item.text, item.context) not in known}
    )

    assert not missing, f"{len(missing)} strings lack {language}:\n" + "\n".join(missing)


@each_language
def test_no_translation_is_empty_or_doubtful(language: str) -> None:
    doubtful = [
        f"{file.relative_to(ROOT)}: {message.id!r}"
        for file in catalog_files(language)
        for message in read_catalog(file, language)
        if message.id and not _is_complete(message)
    ]

    assert doubtful == []


@each_language
def test_a_translation_names_the_same_placeholders(language: str) -> None:
    known = _translations(language)
    different = []
    for item in _strings():
        translation = known.get((item.text, item.context), ())
        forms = (translation,) if isinstance(translation, str) else translation
        asked = _placeholders(item.text) | _placeholders(item.plural)
        different += [f"{item.place}: {item.text!r} -> {form!r}" for form in forms if _placeholders(form) != asked]

    assert different == []


def test_strings_are_found_in_python_and_in_templates() -> None:
    suffixes = {item.file.suffix for item in _strings()}

    assert {".py", ".html"} <= suffixes


@each_language
def test_the_hint_of_every_action_is_translated_as_the_page_asks_for_it(language: str) -> None:
    known = _translations(language)
    hints = {action.hint for each in registry.record_types() for action in each.all_actions.values()}

    assert sorted(hint for hint in hints if (hint, "") not in known) == []
