"""What is asked about a customer, a contact, a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from luyue.parties.models import Market, Party
from luyue.records.forms import ActionForm, Chosen, Colleague, ShortText


class CustomerForm(ActionForm):
    name = ShortText(label=_("name"))
    number = ShortText(
        label=_("number"), max_length=40, required=False, help_text=_("Left empty, the next number is given.")
    )
    role = Chosen(Party.Role, label=_("role"), initial=Party.Role.CUSTOMER)
    market = Chosen(Market, label=_("market"), initial=Market.DOMESTIC)
    address = ShortText(label=_("address"), max_length=300, required=False)
    postcode = ShortText(label=_("postcode"), max_length=20, required=False)
    phone = ShortText(label=_("phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("e-mail"), required=False, max_length=254)
    distance_km = forms.DecimalField(
        label=_("distance from the plant (km)"), max_digits=7, decimal_places=1, min_value=0, required=False
    )
    responsible = Colleague(label=_("responsible"), required=False)


class ContactForm(ActionForm):
    name = ShortText(label=_("name"), max_length=120)
    title = ShortText(label=_("title"), max_length=80, required=False)
    phone = ShortText(label=_("phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("e-mail"), required=False, max_length=254)


class ProductForm(ActionForm):
    number = ShortText(label=_("product number"), max_length=60)
    name = ShortText(label=_("product name"))
    specification = ShortText(label=_("specification"), required=False)
    unit = ShortText(label=_("unit"), max_length=20, required=False)
    category = ShortText(label=_("category"), max_length=80, required=False)
