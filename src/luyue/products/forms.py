"""How a product is named in a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from luyue.products.models import Product
from luyue.records.forms import Lookup


class ProductLookup(Lookup):
    model = Product
    nothing_found = _("No product is named or numbered “%(said)s”; choose one of the list or leave it empty.")

    def known(self, chosen: Product) -> Sequence[Mapping[str, str]]:
        """Name, specification and unit, as the product list has them."""
        return [{"product_name": chosen.name}, {"specification": chosen.specification}, {"unit": chosen.unit}]
