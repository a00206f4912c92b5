from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company, Employee
from luyue.records.models import Record


class SavedView(models.Model):
    """A register with its filters, sorting and columns under a name, for oneself or for all colleagues."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="saved_views")
    record_type = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(_("for all colleagues"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["company", "employee", "record_type", "name"], name="one_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """When an employee last opened a record, for the list of those recently opened."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="visits")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    visited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "employee", "record"], name="one_visit_per_record")]
        indexes = [models.Index(fields=["company", "employee", "-visited_at"])]


class Sent(models.Model):
    """A form that was carried out, and where that led, so that the same form sent again is not carried out again."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=90)
    address = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "employee", "key"], name="one_deed_per_form")]

    def __str__(self) -> str:
        return self.address
