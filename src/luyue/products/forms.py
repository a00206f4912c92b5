"""How a product is named in a form."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luyue.products.models import Product
from luyue.records.forms import Lookup


class ProductLookup(Lookup):
    model = Product
    nothing_found = _("No product is named or numbered “%(said)s”; choose one of the list or leave it empty.")
