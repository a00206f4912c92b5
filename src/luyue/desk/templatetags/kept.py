"""Parts of the frame that look the same for everybody to whom they show the same: drawn once, then kept."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

register = template.Library()

MOST = 256
"""So many ways of drawing one part are remembered by a process; then it begins anew."""
TOKEN = "\0token\0"
ADDRESS = "\0address\0"


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept name=value … %}…{% endkept %}`: what stands between sees these values and nothing else of the page.

    So what was drawn once for the same values, in the same language and zone, serves whoever comes after. A value that
    is costly to work out says by `shows` what would be seen of it. The form token and `{{ address }}`, the page's own
    address, are filled in anew for each page.
    """
    _name, *said = token.split_contents()
    shown = {name: parser.compile_filter(value) for name, _is, value in (each.partition("=") for each in said)}
    body = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(body, shown)


class Kept(template.Node):
    """The part with what has been drawn of it so far."""

    child_nodelists = ("body",)

    def __init__(self, body: NodeList, shown: dict[str, FilterExpression]) -> None:
        self.body = body
        self.shown = shown
        self.drawn: dict[tuple[object, ...], str] = {}

    def render(self, context: template.Context) -> SafeString:
        values = {name: _value(name, expression.resolve(context)) for name, expression in self.shown.items()}
        shown = (getattr(value, "shows", value) for value in values.values())
        key = (get_language(), get_current_timezone_name(), *shown)
        drawn = self.drawn.get(key)
        if drawn is None:
            drawn = self._draw(context, values)
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            self.drawn[key] = drawn
        if TOKEN in drawn:
            drawn = drawn.replace(TOKEN, escape(context.get("csrf_token") or ""))
        if ADDRESS in drawn:
            drawn = drawn.replace(ADDRESS, escape(context["request"].get_full_path()))
        return mark_safe(drawn)

    def _draw(self, context: template.Context, values: dict[str, Any]) -> str:
        return str(self.body.render(context.new({**values, "csrf_token": TOKEN, "address": ADDRESS})))


def _value(name: str, value: Any) -> Any:
    """Two rows of the database are equal when their ids are, whatever they say; so what they say must be given."""
    if isinstance(value, Model):
        raise TypeError(f"{name}: give what is shown of it, not the row")
    return value
