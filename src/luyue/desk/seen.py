"""Which records this person may look at: the one rule, asked by every page."""

from __future__ import annotations

from functools import cache

from django.db.models import BigIntegerField, QuerySet
from django.http import Http404

from luyue.organization.access import StaffRequest
from luyue.organization.prepared import Place, Prepared
from luyue.records import registry
from luyue.records.case import Case
from luyue.records.models import Denial, Record
from luyue.records.reading import ForOnePerson
from luyue.records.record_types import RecordType


def type_called(slug: str) -> RecordType:
    """The record type of this register; “not found” when there is none."""
    found = registry.by_slug(slug)
    if found is None:
        raise Http404
    return found


def record_seen_by(request: StaffRequest, slug: str, pk: int) -> Record:
    """The record with its own fields, if it exists for this person; a denied look is kept in mind."""
    record_type = type_called(slug)
    company = request.employee.company_id
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    for found in _visible(record_type.model)(company, request.authority.keys, record_type.name, pk):
        return found
    if Record.objects.filter(company_id=company, type=record_type.name, pk=pk).exists():
        Denial.objects.create(
            company_id=company,
            employee=request.employee,
            record_id=pk,
            action=f"{record_type.name}.look",
            reason="confidential",
            tried_at=request.now,
        )
    raise Http404


@cache
def _visible(model: type[Record]) -> Prepared[Record]:
    """A record of this type with all that it names, when the bearer of these keys may see it."""
    related = [field.name for field in model._meta.concrete_fields if field.is_relation]

    def visible(company_id: Place, keys: list[Place], record_type: Place, pk: Place) -> QuerySet[Record]:
        rows = model.objects.visible_under(company_id, keys).filter(type=record_type, pk=pk)
        return rows.select_related(*related, "owner__department")

    return Prepared(visible)


def case_seen_by(request: StaffRequest, slug: str, pk: int) -> Case:
    """The record before this person's eyes, if it exists for him or her."""
    return case_of(request, record_seen_by(request, slug, pk))


def case_of(request: StaffRequest, record: Record) -> Case:
    return Case(record, request.employee, request.now, ForOnePerson(request.authority))
