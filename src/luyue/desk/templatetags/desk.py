"""Small parts that every page of the desk is made of."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
    Widget,
)
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luyue.desk.drawing import text
from luyue.desk.faces import Cell, Clock, Fact, Person, Row, State
from luyue.records.forms import Lookup, YesNo

register = template.Library()

SPRITE = Path(__file__).parents[1] / "static" / "vendor" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
EMPTY = mark_safe("")
HAN = re.compile(r"[\u4e00-\u9fff]")


class UnknownIconError(LookupError):
    """A template or declaration names an icon that was not fetched."""


@cache
def drawings() -> Mapping[str, str]:
    """The outline icons by name, as scripts/assets.py put them together."""
    return dict(SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon within the text; silent for screen readers unless it is given a label."""
    return _drawn(str(name), str(label))


@lru_cache(maxsize=512)
def _drawn(name: str, label: str) -> SafeString:
    try:
        drawing = mark_safe(drawings()[name])
    except KeyError:
        raise UnknownIconError(f"There is no icon named {name}: add it to scripts/icons.txt and fetch again") from None
    attributes = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" {} focusable="false">{}</svg>',
        attributes,
        drawing,
    )


SIGNS: Mapping[str, str] = {"overdue": "clock-exclamation", "paused": "player-pause", "kept": "check"}


@register.simple_tag
def clock(face: Clock | None) -> SafeString:
    """A clock badge: words first, the exact time on hover, a click explains it."""
    if not face:
        return EMPTY
    exactly = _("due %(at)s") % {"at": until(face.at)} if face.at else ""
    title = text(" · ".join(filter(None, (face.what, exactly, face.clause))))
    sign = icon(SIGNS[face.tone]) if face.tone in SIGNS else ""
    words = f'<time datetime="{localtime(face.at).isoformat()}">' if face.at else "<span>"
    words += f"{text(face.words)}{'</time>' if face.at else '</span>'}"
    link = f' href="{text(face.url)}"' if face.url else ""
    name = "a" if face.url else "span"
    return mark_safe(
        f'<{name} class="clock" data-tone="{face.tone}" data-key="{text(face.key)}"{link} title="{title}">'
        f"{sign}{words}</{name}>"
    )


@register.simple_tag
def state(face: State | None) -> SafeString:
    """A state's word in its muted tint."""
    if not face:
        return EMPTY
    return mark_safe(f'<span class="state" data-tone="{face.tone}">{text(face.label)}</span>')


@register.simple_tag
def person(who: Person | str | None, size: str = "small") -> SafeString:
    """Initials and name; on hover the department, and for whom the person stands in."""
    if not who:
        return EMPTY
    someone = Person(name=who) if isinstance(who, str) else who
    title = someone.department and f"{someone.name} · {someone.department}"
    stands_in = ""
    if someone.instead_of:
        said = {"name": someone.name, "instead_of": someone.instead_of}
        title = _("%(name)s for %(instead_of)s") % said
        stands_in = f'<span class="person-for">{text(_("for %(instead_of)s") % said)}</span>'
    return mark_safe(
        f'<span class="person" data-size="{text(size)}" title="{text(title)}">'
        f'<span class="initials" data-tint="{zlib.crc32(someone.name.encode()) % 6}" aria-hidden="true">'
        f"{text(initials(someone.name))}</span>"
        f'<span class="person-name">{text(someone.name)}{stands_in}</span></span>'
    )


@register.simple_tag
def sheet_rows(rows: Iterable[Row], tickable: bool = False) -> SafeString:
    """The rows of a register; drawn here since a template would draw some four hundred cells, one by one."""
    tick = _("Tick %(number)s")
    drawn = []
    for row in rows:
        drawn.append("<tr data-row>")
        if tickable:
            label = text(tick % {"number": row.number})
            drawn.append(
                '<td class="cell-tick"><input class="form-check-input" type="checkbox" name="record"'
                f' value="{text(row.id)}" aria-label="{label}"></td>'
            )
        drawn += [_cell(cell, row) for cell in row.cells]
        drawn.append("</tr>\n")
    return mark_safe("".join(drawn))


def _cell(shown: Cell, row: Row) -> str:
    """A cell as its column's kind says; long text is whole on hover."""
    kind = shown.column.kind
    value = shown.value
    match kind:
        case "number":
            return f'<td class="cell-number"><a class="row-link" href="{text(row.url)}">{text(value)}</a></td>'
        case "state":
            return f'<td class="cell-state">{state(value)}</td>'
        case "clock":
            return f'<td class="cell-clock">{clock(value)}</td>'
        case "person":
            under = f'<span class="cell-under">{text(shown.under)}</span>' if shown.under else ""
            return f'<td class="cell-person">{person(value)}{under}</td>'
    said = "" if value is None else text(value)
    if kind in ("title", "party", "text"):
        return f'<td class="cell-{kind}" title="{said}">{said}</td>'
    return f'<td class="cell-{kind}">{said}</td>'


@register.filter
def initials(name: str) -> str:
    """张伟 → 张伟, 欧阳丽华 → 丽华, Anna Maria Berg → AB."""
    name = str(name).strip()
    if HAN.search(name):
        return name[-2:]
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def exact(moment: datetime | None) -> str:
    """The exact time as it is written on paper: 2026-03-09 17:00."""
    return localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


@register.filter
def until(moment: datetime | None) -> str:
    """The exact end of a span: midnight is 24:00 of the day that ends with it, as time limits are written."""
    if not moment:
        return ""
    local = localtime(moment)
    if local.time() == time.min:
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return exact(moment)


@register.filter
def language_tag(code: str) -> str:
    """zh-hans → zh-Hans, as HTML wants it."""
    language, _, script = str(code).partition("-")
    return f"{language}-{script.title()}" if script else language


@register.simple_tag
def keys(hint: str) -> SafeString:
    """The keys of a hint such as `Ctrl K`, each as a key."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in hint.split()))


@register.inclusion_tag("desk/parts/field.html", takes_context=True)
def field(context: template.Context, bound: BoundField, clause: str = "", as_buttons: bool = False) -> dict[str, Any]:
    """Label, control, hint with the clause that asks for it, and the error under it."""
    widget = bound.field.widget
    if as_buttons and type(widget) is Select:
        widget = bound.field.widget = RadioSelect(attrs=widget.attrs, choices=widget.choices)
        bound.form.initial.setdefault(bound.name, bound.field.initial or next(iter(widget.choices))[0])
    if type(widget) is SelectMultiple:
        widget = bound.field.widget = CheckboxSelectMultiple(attrs=widget.attrs, choices=widget.choices)
    described = [
        name
        for name, is_there in (
            (f"{bound.auto_id}-hint", bound.help_text),
            (f"{bound.auto_id}-error", bound.errors),
        )
        if is_there
    ]
    attributes: dict[str, Any] = {"class": CONTROL_CLASSES.get(kind_of(widget), "form-control")}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if kind_of(widget) == "file":
        attributes["accept"] = widget.attrs.get("accept", "image/*,application/pdf,.doc,.docx,.xls,.xlsx,.zip")
    kind = kind_of(widget)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={**widget.attrs, **attributes}) if kind != "options" else "",
        "kind": kind,
        "is_wide": kind in ("long", "file")
        or (kind == "options" and not isinstance(bound.field, YesNo))
        or getattr(bound.field, "is_wide", False),
        "clause": clause or getattr(bound.field, "clause", ""),
        "clause_url": getattr(bound.field, "clause_url", ""),
        "is_long_list": kind == "options" and len(widget.choices) > 12,
        "struck": bound.form[f"struck_{bound.name}"] if f"struck_{bound.name}" in bound.form.fields else None,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "knows": isinstance(bound.field, Lookup),
        "enter_url": _enter_url(context, bound),
    }


ENTERED_AT = {"party": "customers:new_customer", "product": "customers:new_product"}
"""Where what a look-up did not find is entered; the page comes back to the form, which keeps what was typed."""


def _enter_url(context: template.Context, bound: BoundField) -> str:
    """Where to enter what is not there yet, under the name that was typed."""
    request = context.get("request")
    if request is None or not isinstance(bound.field, Lookup) or not bound.form.has_error(bound.name, "nothing_found"):
        return ""
    asked = urlencode({"name": str(bound.value() or ""), "back": request.get_full_path(), "field": bound.html_name})
    return f"{reverse(ENTERED_AT[str(bound.field.model._meta.model_name)])}?{asked}"


CONTROL_CLASSES = {"choice": "form-select", "check": "form-check-input"}


def kind_of(widget: Widget) -> str:
    """What the reader meets: a line, a long text, one of a list, options to tick, a box, a file, something hidden."""
    match widget:
        case HiddenInput():
            return "hidden"
        case CheckboxInput():
            return "check"
        case CheckboxSelectMultiple() | RadioSelect():
            return "options"
        case Select():
            return "choice"
        case Textarea():
            return "long"
        case FileInput():
            return "file"
    return "line"


@register.filter
def paired(facts: Iterable[Fact]) -> list[Fact]:
    """Two narrow boxes share a line of the form; one that is left alone before a wide one takes the whole line."""
    lines: list[Fact] = []
    waits = False
    for fact in facts:
        if fact.is_wide and waits:
            lines[-1] = replace(lines[-1], is_wide=True)
        waits = not fact.is_wide and not waits
        lines.append(fact)
    if waits:
        lines[-1] = replace(lines[-1], is_wide=True)
    return lines


@register.filter
def ticking(clocks: Iterable[Clock]) -> list[Clock]:
    """Those that still ask for something."""
    return [clock for clock in clocks if clock.tone in TICKING]


@register.filter
def settled(clocks: Iterable[Clock]) -> list[Clock]:
    """Those that ask for nothing any more."""
    return [clock for clock in clocks if clock.tone not in TICKING]


@register.filter
def filled(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that say something: what is empty and not struck through is left out."""
    return [fact for fact in facts if fact.struck or fact.value not in ("", None)]


@register.filter
def unfilled(facts: Iterable[Fact]) -> list[str]:
    """The names of the fields that say nothing yet."""
    return [fact.label for fact in facts if not fact.struck and fact.value in ("", None)]


@register.filter
def listed(names: Iterable[str]) -> str:
    """Several names in one line."""
    return str(_(", ")).join(names)


@register.filter
def is_choice_of_many(bound: BoundField) -> bool:
    """Whether the field is a list of boxes to tick, which a filter folds away until it is used."""
    return isinstance(bound.field.widget, SelectMultiple | CheckboxSelectMultiple)


TICKING = ("overdue", "due", "running", "paused")
APART = ("occurred_at", "password", "decision", "opinion")


@register.filter
def facts_of(form: BaseForm) -> list[BoundField]:
    """The fields that say something of the matter: not the signature, not when it happened, not why one is empty."""
    signs = "password" in form.fields
    return [
        bound
        for bound in form
        if not bound.name.startswith("struck_") and bound.name != "occurred_at" and not (signs and bound.name in APART)
    ]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The address's query with some values changed; an empty value takes it out."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value not in ("", None):
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"
