"""Which records this person may look at: the one rule, asked by every page."""

from __future__ import annotations

from django.http import Http404

from luyue.organization.access import StaffRequest
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
    visible = Record.objects.visible_to(request.employee, request.authority).filter(type=record_type.name, pk=pk)
    if not visible.exists():
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
    related = [field.name for field in record_type.model._meta.concrete_fields if field.is_relation]
    found: Record = record_type.model._default_manager.select_related(*related, "owner__department").get(pk=pk)
    return found


def case_seen_by(request: StaffRequest, slug: str, pk: int) -> Case:
    """The record before this person's eyes, if it exists for him or her."""
    return case_of(request, record_seen_by(request, slug, pk))


def case_of(request: StaffRequest, record: Record) -> Case:
    return Case(record, request.employee, request.now, ForOnePerson(request.authority))
