"""Icons are drawn or missed at start-up, never in front of a reader."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.template import Context, Template

from luyue.desk.templatetags.desk import UnknownIconError


def test_every_icon_that_a_template_names_is_there() -> None:
    assert [fault for fault in run_checks() if fault.id == "desk.E001"] == []


def test_an_unknown_icon_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UnknownIconError):
        Template('{% load desk %}{% icon "no-such-icon" %}').render(Context())


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    silent = Template('{% load desk %}{% icon "check" %}').render(Context())
    labelled = Template('{% load desk %}{% icon "check" "kept" %}').render(Context())

    assert 'aria-hidden="true"' in silent
    assert 'role="img" aria-label="kept"' in labelled
