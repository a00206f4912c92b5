"""Addresses of the API: one set for each record type, and what lies across them."""

from importlib import import_module

from django.urls import include, path

from luyue.api import pages
from luyue.api.registers import offer
from luyue.api.surface import nothing_here, urls_of_surface
from luyue.records.registry import record_types

import_module("luyue.api.lists")
for each in record_types():
    offer(each)

urlpatterns = [
    path("v1/", include((urls_of_surface(), "ninja"), namespace="api")),
    path("tokens/", pages.my_tokens, name="my_tokens"),
    path("tokens/<int:pk>/revoke/", pages.revoke_mine, name="revoke_my_token"),
    path("<path:rest>", nothing_here),
]
