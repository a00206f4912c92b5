"""The usual controls of a form drawn without a template each: a register's filters alone have some seventy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


class Drawing(DjangoTemplates):
    """Django's own renderer, quicker for the controls below; they come out letter for letter the same."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> SafeString:
        draw = DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, dict(context), request))
        return mark_safe(draw(context["widget"]))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def text(value: Any) -> str:
    """As HTML shows it, with the fewest detours: Django's own way there is asked thousands of times for one page."""
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{text(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{text(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _labelled(widget: Mapping[str, Any]) -> str:
    if not widget["wrap_label"]:
        return _input(widget)
    name = widget["attrs"].get("id")
    belongs = f' for="{text(name)}"' if name else ""
    return f"<label{belongs}>{_input(widget)}\n {text(widget['label'])}</label>"


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        parts.append(f'\n  <optgroup label="{text(group)}">' if group else "")
        parts += [f"\n  {_option(option)}\n" for option in options]
        parts.append("\n  </optgroup>" if group else "")
    return "".join([*parts, "\n</select>"])


def _option(widget: Mapping[str, Any]) -> str:
    return f'<option value="{text(widget["value"])}"{_attributes(widget["attrs"])}>{text(widget["label"])}</option>'


def _textarea(widget: Mapping[str, Any]) -> str:
    value = text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{text(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


_FOLDER = "django/forms/widgets"
DRAWN: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    **{
        f"{_FOLDER}/{name}.html": _input
        for name in ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "checkbox")
    },
    f"{_FOLDER}/checkbox_option.html": _labelled,
    f"{_FOLDER}/radio_option.html": _labelled,
    f"{_FOLDER}/select.html": _select,
    f"{_FOLDER}/textarea.html": _textarea,
}
