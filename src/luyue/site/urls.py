"""The root of all addresses: each area brings its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from luyue.site import health
from luyue.site.areas import ADDRESSES, areas_with

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    *(path(ADDRESSES.get(area, ""), include(f"luyue.{area}.urls")) for area in areas_with("urls")),
]

handler400 = "luyue.site.unserved.bad_request"
handler404 = "luyue.site.unserved.not_there"
handler500 = "luyue.site.unserved.server_fault"
