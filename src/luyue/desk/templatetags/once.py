"""The one-time mark of a form, by which it is known when it is sent a second time."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def one_time(context: template.Context) -> SafeString:
    """A hidden field with a mark of its own; a form that is shown again keeps the one it was sent with."""
    mark = context["request"].POST.get("submission", "")[:64] or uuid.uuid4().hex
    return format_html('<input type="hidden" name="submission" value="{}">', mark)
