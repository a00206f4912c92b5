"""Addresses of the pages that all record types share."""

from django.urls import include, path
from django.views.decorators.cache import never_cache

from luyue.desk.pages import (
    action_page,
    drafts_page,
    finding_page,
    moves_page,
    my_work,
    offline_page,
    preferences,
    print_page,
    procedures_page,
    record_page,
    register_page,
    views_page,
)

app_name = "desk"
urlpatterns = [
    path("", never_cache(my_work.my_work), name="my_work"),
    path("offline/", offline_page.offline, name="offline"),
    path("worker.js", offline_page.worker, name="worker"),
    path("search/", finding_page.search, name="search"),
    path("palette/", finding_page.palette, name="palette"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("suggestions/<slug:kind>/", finding_page.suggestions, name="suggestions"),
    path("procedures/", procedures_page.procedures, name="procedures"),
    path("procedures/drafts/", drafts_page.drafts, name="drafts"),
    path("procedures/drafts/new/", drafts_page.new_draft, name="new_draft"),
    path("procedures/drafts/<int:pk>/", drafts_page.draft, name="draft"),
    path("procedures/drafts/words/", drafts_page.take_over_words, name="take_over_words"),
    path("procedures/drafts/<int:pk>/document/", drafts_page.draft_document, name="draft_document"),
    path("procedures/drafts/<int:pk>/discard/", drafts_page.discard_draft, name="discard_draft"),
    path("procedures/drafts/<int:pk>/change/", drafts_page.change_draft, name="change_draft"),
    path("procedures/drafts/<int:pk>/sign/", drafts_page.sign_draft, name="sign_draft"),
    path("procedures/drafts/<int:pk>/publish/", drafts_page.publish_draft, name="publish_draft"),
    path("procedures/editions/<int:pk>/moves/", moves_page.moves, name="moves"),
    path("procedures/<str:code>/", procedures_page.procedure, name="procedure"),
    path("open/<int:pk>/", record_page.open_record, name="open"),
    path("clocks/<int:pk>/", record_page.clock, name="clock"),
    path("r/<slug:slug>/", never_cache(register_page.register), name="register"),
    path("r/<slug:slug>/new/", never_cache(action_page.new), name="new"),
    path("r/<slug:slug>/export/", register_page.export, name="export"),
    path("r/<slug:slug>/print/", register_page.printed, name="print_register"),
    path("r/<slug:slug>/bulk/", register_page.bulk, name="bulk"),
    path("r/<slug:slug>/columns/", register_page.columns, name="columns"),
    path("r/<slug:slug>/views/", views_page.keep_view, name="save_view"),
    path("r/<slug:slug>/views/<int:pk>/delete/", views_page.delete_view, name="delete_view"),
    path("r/<slug:slug>/<int:pk>/", never_cache(record_page.record), name="record"),
    path("r/<slug:slug>/<int:pk>/do/<slug:name>/", never_cache(action_page.action), name="action"),
    path("r/<slug:slug>/<int:pk>/files/<int:attachment>/", record_page.attachment, name="attachment"),
    path("r/<slug:slug>/<int:pk>/files/<int:attachment>/raw/", record_page.raw, name="raw"),
    path("r/<slug:slug>/<int:pk>/print/<int:place>/", print_page.printed, name="print"),
    path("", include("luyue.desk.design_urls")),
]
