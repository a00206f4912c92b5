from __future__ import annotations

from typing import Any

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

from luyue.organization.models import Company

PART = Template("{% load kept i18n %}{% kept name=name %}{% trans 'My work' %} {{ name }} {{ secret }}{% endkept %}")
FORM = Template("{% load kept %}{% kept %}<form action='{{ address }}'>{% csrf_token %}</form>{% endkept %}")


def drawn(part: Template, address: str = "/", **shown: Any) -> str:
    return part.render(RequestContext(RequestFactory().get(address), shown))


def test_a_kept_part_is_drawn_for_what_it_shows_and_for_the_language() -> None:
    with override("en"):
        assert drawn(PART, name="<Li>") == "My work &lt;Li&gt; "
        assert drawn(PART, name="Wang") == "My work Wang "
    with override("zh-hans"):
        assert drawn(PART, name="Wang") != "My work Wang "
    with override("en"):
        assert drawn(PART, name="<Li>") == "My work &lt;Li&gt; "


def test_a_kept_part_sees_nothing_that_it_was_not_given() -> None:
    with override("en"):
        assert drawn(PART, name="Li", secret="of the first who came") == "My work Li "


def test_each_page_has_its_own_form_token_and_address_in_a_kept_part() -> None:
    first, second = drawn(FORM, "/a/?b=<"), drawn(FORM, "/c/")

    assert ("'/a/?b=%3C'" in first, "'/c/'" in second) == (True, True)
    assert first.partition("csrfmiddlewaretoken")[2] != second.partition("csrfmiddlewaretoken")[2]


def test_a_row_of_the_database_is_not_kept_by_its_id() -> None:
    with pytest.raises(TypeError, match="name: give what is shown of it, not the row"):
        drawn(PART, name=Company(pk=1))
