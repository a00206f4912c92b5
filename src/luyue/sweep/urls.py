from django.urls import path
from django.views.decorators.cache import never_cache

from luyue.sweep import pages

app_name = "sweep"
urlpatterns = [
    path("attestations/<int:pk>/", never_cache(pages.attestation), name="attestation"),
    path("attestations/<int:pk>/evidence/", pages.evidence, name="evidence"),
]
