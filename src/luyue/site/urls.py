"""The root of all addresses: each area brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from luyue.site import health
from luyue.site.areas import ADDRESSES, areas_with

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(ADDRESSES.get(area, ""), include(f"luyue.{area}.urls")) for area in areas_with("urls")),
]
