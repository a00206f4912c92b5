"""The areas of Luyue by the names that a reader knows; clauses of those not built yet say for which they wait."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AREAS = {
    "archive": _("records control"),
    "customers": _("customer files"),
    "deliveries": _("deliveries"),
    "feedback": _("surveys and follow-up"),
    "insight": _("figures and reports"),
    "inquiries": _("inquiries and quotations"),
    "orders": _("orders and contracts"),
    "portal": _("customer portal"),
    "production": _("production notices"),
    "products": _("products"),
    "reception": _("reception of visitors"),
    "returns": _("returns and exchange"),
    "service": _("service and repair"),
    "stores": _("spare parts and tools"),
    "suppliers": _("suppliers"),
    "training": _("training"),
    "transport": _("transport and cargo tracking"),
    "visits": _("customer visits"),
    "warranty": _("warranty"),
}


def name_of_area(area: str) -> str:
    """The area's name; a code that has none is shown as it is."""
    return str(AREAS.get(area, area))
