"""Colleagues named with @ in a text."""

from __future__ import annotations

import re

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from luyue.organization.models import Company, Employee
from luyue.rulebook.engine.addresses import employee_key

_AT = re.compile("[@＠]")


def mentioned_in(text: str, company: Company) -> list[str]:
    """The addresses of those named, `employee:7`; of two names that begin alike the longer one is meant."""
    places = [found.end() for found in _AT.finditer(text)]
    if not places:
        return []
    said = Value(_AT.sub("@", text), output_field=TextField())
    people = (
        Employee.objects.filter(company=company, left_on=None)
        .annotate(said=said)
        .filter(said__contains=Concat(Value("@"), F("name")))
        .values_list("pk", "name")
    )
    by_name: dict[str, list[int]] = {}
    for pk, name in people:
        by_name.setdefault(name, []).append(pk)
    longest_first = sorted(by_name, key=len, reverse=True)
    meant = {next((name for name in longest_first if text.startswith(name, place)), None) for place in places}
    return sorted(employee_key(pk) for name in meant if name is not None for pk in by_name[name])
