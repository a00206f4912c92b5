"""What the environment says of one installation, read with a sentence for whoever wrote it wrongly."""

from __future__ import annotations

import gettext
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext_noop as _

LOCALES = Path(__file__).parent / "locale"
YES, NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


class SettingError(ValueError):
    """A setting cannot be used; the sentence names it and says what would be accepted."""

    def __init__(self, sentence: str, **about: object) -> None:
        super().__init__(sentence % about)
        self._sentence, self._about = sentence, about

    def in_language(self, language: str) -> str:
        """The sentence for a reader at the terminal, while Django, whose settings are at fault, cannot be asked."""
        folder = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}.get(language, language)
        catalog = gettext.translation("django", LOCALES, languages=[folder], fallback=True)
        return catalog.gettext(self._sentence) % self._about


def spoken_language(environment: Mapping[str, str]) -> str:
    """The language of whoever sits at the terminal: LUYUE_LANGUAGE, else that of the locale."""
    names = ("LUYUE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next((environment[name] for name in names if environment.get(name)), "")
    said = said.partition(".")[0].replace("-", "_").lower()
    if not said.startswith("zh"):
        return "en"
    return "zh-hant" if said.startswith(("zh_hant", "zh_tw", "zh_hk", "zh_mo")) else "zh-hans"


def yes(name: str) -> bool:
    """A setting that is on or off, and off when it is not there."""
    said = os.environ.get(name, "").strip().lower()
    if said not in YES | NO:
        raise SettingError(_("%(name)s is %(said)s; write 1 for yes or 0 for no"), name=name, said=f"“{said}”")
    return said in YES


def words(name: str) -> list[str]:
    """A setting of several words, separated by spaces or commas."""
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


def log_level() -> str:
    """LUYUE_LOG_LEVEL, or INFO."""
    level = os.environ.get("LUYUE_LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in logging.getLevelNamesMapping():
        raise SettingError(
            _("LUYUE_LOG_LEVEL is %(said)s; accepted are DEBUG, INFO, WARNING and ERROR"), said=f"“{level}”"
        )
    return level


def host_names() -> list[str]:
    """LUYUE_HOSTS: bare names, for an address with scheme or port would match no request."""
    names = words("LUYUE_HOSTS")
    strange = next((name for name in names if "/" in name or (":" in name and not name.startswith("["))), None)
    if strange:
        raise SettingError(
            _("LUYUE_HOSTS holds %(said)s; write names only, without https:// and port, such as service.example.com"),
            said=f"“{strange}”",
        )
    return names
