"""Language and theme of the person who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from luyue.organization.access import AccountRequest, for_accounts


@require_POST
@for_accounts
def preferences(request: AccountRequest) -> HttpResponse:
    account = request.user
    theme, language = request.POST.get("theme"), request.POST.get("language")
    if theme in ("", "light", "dark"):
        account.theme = theme
    if language in dict(settings.LANGUAGES):
        account.language = language
    account.save(update_fields=["theme", "language"])
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    answer = redirect(back if safe else "/")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    return answer
