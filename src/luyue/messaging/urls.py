from django.urls import path
from django.views.decorators.cache import never_cache

from luyue.messaging import pages

app_name = "messaging"
urlpatterns = [
    path("notices/", never_cache(pages.notices), name="notices"),
    path("notices/read/", pages.mark_read, name="mark_read"),
    path("notices/<int:pk>/", never_cache(pages.open_notice), name="open"),
]
