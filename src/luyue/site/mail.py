"""From LUYUE_MAIL_URL to Django's mail settings; without it nothing is sent."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.utils.translation import gettext_noop as _

from luyue.site.environment import SettingError

PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_SECONDS = 20
_ACCEPTED = _("LUYUE_MAIL_URL is no mail server; write smtp://user:password@host:587 or smtps://host")


class MailAddressError(SettingError):
    """LUYUE_MAIL_URL names no mail server; the sentence says what is accepted."""


def mail_settings(url: str) -> dict[str, Any]:
    """`smtp://user:password@host:587` speaks TLS after STARTTLS, `smtps://` from the start, `?tls=no` not at all."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts, port = _taken_apart(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailAddressError(_ACCEPTED)
    without_tls = parse_qs(parts.query).get("tls") == ["no"]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not without_tls,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def _taken_apart(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:  # a port that is no number, a bracket without its other half
        raise MailAddressError(_ACCEPTED) from error
