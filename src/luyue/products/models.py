from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company


class Product(models.Model):
    """What the company makes and sells, by its own product number."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="products")
    number = models.CharField(_("product number"), max_length=60)
    name = models.CharField(_("product name"), max_length=200)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    category = models.CharField(_("category"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_number_per_product")]
        indexes = [models.Index(fields=["company", "name"])]

    def __str__(self) -> str:
        return f"{self.name} {self.specification}".strip()
