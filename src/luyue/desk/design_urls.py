"""Where the design pages stand."""

from django.urls import path

from luyue.desk import design

urlpatterns = [
    path("design", design.components, name="design"),
    path("design/<slug:name>", design.page, name="design_page"),
]
