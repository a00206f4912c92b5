"""A form field as our pages draw it: label, control, hint and what is wrong, joined for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from luyue.organization.models import Account

register = template.Library()

CLASSES: dict[type, str] = {
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
}


@register.inclusion_tag("organization/_field.html")
def field(bound: BoundField, label: str = "", hint: str = "", **attributes: str) -> dict[str, Any]:
    """One field; label and hint replace the form's own, other attributes go to the control."""
    widget = bound.field.widget
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}_hint"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in attributes.items()}
    given["class"] = CLASSES.get(type(widget), "form-control")
    if bound.errors:
        given["aria-invalid"] = "true"
    if described:
        given["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=given),
        "label": label or bound.label,
        "hint": hint,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "is_hidden": bound.is_hidden,
    }


@register.simple_tag
def nobody_can_sign_in() -> bool:
    """Whether this is the first start: no account has been opened yet."""
    return not Account.objects.exists()
