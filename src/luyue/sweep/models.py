from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.ledger.models import Entry
from luyue.organization.models import Company, Employee
from luyue.records.models import Obligation


class Lookout(models.Model):
    """How far the periodic duties of a company have been looked after; one sweeper at a time holds it."""

    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="+")
    looked_until = models.DateTimeField(null=True)
    last_entry = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("lookout")
        verbose_name_plural = _("lookouts")


class Attestation(models.Model):
    """Somebody stated that a duty of conduct was kept in a period, with what evidence; it is written once."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="attestation")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+", verbose_name=_("stated by"))
    stated_at = models.DateTimeField(_("stated at"))
    evidence = models.TextField(_("evidence"), blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")

    def __str__(self) -> str:
        return f"{self.obligation}: {self.employee}"
