from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company, Employee


class AccessToken(models.Model):
    """A program may act for one employee in one company until the token expires or is revoked."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        indexes = [models.Index(fields=["company", "employee"])]

    def __str__(self) -> str:
        return self.name


class IdempotentAnswer(models.Model):
    """What was answered to a request that carried a key, so that the same request sent twice is carried out once."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["company", "employee", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
