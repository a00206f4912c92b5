"""How people sign in: our words and rules on top of allauth's sign-in and second factor."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Account

PRODUCT = "Luyue 履约"

_WRONG = _("User name or password is not right.")
_WRONG_CODE = _("This code is not right. Codes change every 30 seconds; enter the one that is shown now.")


class SignIn(DefaultAccountAdapter):
    """Nobody opens an account for himself; an administrator hires."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "invalid_login": _WRONG,
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _(
            "Too many failed attempts: sign-in is locked for five minutes. "
            "If you forgot your password, ask the administrator of your company."
        ),
        "rate_limited": _("Too many attempts in a short time. Wait a few minutes and try again."),
        "account_inactive": _("This account is closed."),
    }

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, str]]:
        """The ways to prove oneself again, in the words of our own pages."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
        }
        return [
            {**method, "description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the account, where language and second factor are chosen too; never back to the form just filled in."""
        return reverse("organization:my_account")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The person has chosen the password, so it is no longer an initial one."""
        assert isinstance(user, Account)
        user.set_password(password)
        user.password_is_initial = False
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_is_initial", "password_changed_at"])


class SecondFactor(DefaultMFAAdapter):
    """Authenticator app, recovery codes and passkeys under the product's name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": _("Two-step sign-in cannot be switched off."),
        "cannot_generate_recovery_codes": _("Recovery codes need an authenticator app or a passkey first."),
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """The name that a new passkey bears until the person gives it a better one."""
        earlier = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": earlier + 1}

    def _get_site_name(self) -> str:
        return PRODUCT
