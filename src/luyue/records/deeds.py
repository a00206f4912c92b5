"""Deeds of the installation itself, which stand in a record's history and are nobody's to take."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luyue.rulebook.engine.events import MOVED, TOLD_AHEAD

NAMES: Mapping[str, str | Promise] = {
    MOVED: _("Moved to a later edition"),
    TOLD_AHEAD: _("Told ahead of the date"),
}
