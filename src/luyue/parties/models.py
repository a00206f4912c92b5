from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luyue.organization.models import Company


class Market(models.TextChoices):
    DOMESTIC = "domestic", _("Domestic")
    OVERSEAS = "overseas", _("Overseas")


class Party(models.Model):
    """Someone outside the company with whom it deals: a customer, a supplier, a carrier, a dealer."""

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        DEALER = "dealer", _("Dealer")
        SUPPLIER = "supplier", _("Supplier")
        CARRIER = "carrier", _("Carrier")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="parties")
    number = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.CUSTOMER)
    market = models.CharField(_("market"), max_length=10, choices=Market, default=Market.DOMESTIC)
    address = models.CharField(_("address"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    distance_km = models.DecimalField(
        _("distance from the plant (km)"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    responsible = models.ForeignKey(
        "organization.Employee", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("responsible")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_number_per_party")]
        indexes = [models.Index(fields=["company", "name"])]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a party whom we may call or write to."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(pgettext_lazy("person", "title"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["company", "party"])]

    def __str__(self) -> str:
        return self.name
