from django.urls import path

from luyue.insight import pages

app_name = "insight"
urlpatterns = [
    path("", pages.conformity, name="conformity"),
    path("<str:code>/<str:number>/", pages.clause, name="clause"),
]
