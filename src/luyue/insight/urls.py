from django.urls import path

from luyue.insight import evidence_page, pages

app_name = "insight"
urlpatterns = [
    path("", pages.conformity, name="conformity"),
    path("<str:code>/<str:number>/", evidence_page.clause, name="clause"),
]
