"""Signing in: by user name or e-mail, locked after guessing, with a second step; nobody signs up."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from pytest_django import Settings

from luyue.organization.accounts import reset_password
from luyue.organization.staff import leave
from tests.organization.companies import MORNING, PASSWORD, TODAY, Workforce, signed_in

SIGN_IN = "/account/sign-in/"
LOCKED = "sign-in is locked for five minutes"


def attempt(client: Client, login: str, password: str = PASSWORD) -> object:
    return client.post(SIGN_IN, {"login": login, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def code_for(secret: str, *, step: int = 0) -> str:
    """What the authenticator app shows now, or in the next half minute: a code counts once."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + step))


@pytest.mark.parametrize(
    "login", ["li.hengtai", "LI.Hengtai", " li.hengtai ", "li@hengtai.example", "LI@hengtai.example"]
)
def test_one_signs_in_with_user_name_or_e_mail_however_written(works: Workforce, login: str) -> None:
    works.hire("li", email="li@hengtai.example")
    client = Client()

    assert attempt(client, login, "wrong-password").status_code == 200
    assert not is_signed_in(client)
    assert attempt(client, login).status_code == 302
    assert is_signed_in(client)


def test_a_wrong_name_and_a_wrong_password_sound_the_same(works: Workforce, client: Client) -> None:
    works.hire("li")

    answers = {
        str(attempt(client, login, "wrong").context["form"].non_field_errors()[0])
        for login in ("li.hengtai", "nobody.hengtai", "nobody@hengtai.example")
    }

    assert answers == {"User name or password is not right."}


def test_after_five_wrong_guesses_even_the_right_password_waits(works: Workforce, client: Client) -> None:
    works.hire("li")
    works.hire("wang")
    for _ in range(5):
        assert LOCKED not in attempt(client, "li.hengtai", "guess").content.decode()

    assert LOCKED in attempt(client, "li.hengtai").content.decode()
    assert LOCKED in attempt(Client(REMOTE_ADDR="10.0.0.9"), "LI.hengtai").content.decode()
    assert not is_signed_in(client)
    assert attempt(client, "wang.hengtai").status_code == 302


def test_the_lock_opens_after_five_minutes(works: Workforce, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    works.hire("li")
    for _ in range(5):
        attempt(client, "li.hengtai", "guess")
    later = time.time() + timedelta(minutes=5, seconds=1).total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)

    assert attempt(client, "li.hengtai").status_code == 302


def test_one_place_cannot_try_many_names(works: Workforce, client: Client) -> None:
    for number in range(60):
        attempt(client, f"name{number}", "guess")

    assert LOCKED in attempt(client, "name61", "guess").content.decode()


def test_nobody_signs_up_and_no_password_is_mailed(client: Client, db: None) -> None:
    for address in ("/account/signup/", "/account/password/reset/", "/account/email/", "/accounts/signup/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"email": "a@b.cn", "username": "x"}).status_code == 404
    assert mail.outbox == []


def test_signing_out_asks_first(works: Workforce) -> None:
    client = signed_in(works.admin)

    assert "Sign out?" in client.get("/account/sign-out/").content.decode()
    assert is_signed_in(client)
    client.post("/account/sign-out/")
    assert not is_signed_in(client)


def test_an_initial_password_is_changed_before_anything_else(works: Workforce) -> None:
    li = works.hire("li")
    reset_password(li, by=works.admin, at=MORNING, password=PASSWORD)
    client = signed_in(li)

    for address in ("/organization/", "/account/absences/", "/account/"):
        assert client.get(address).headers["Location"] == "/account/password/"
    page = client.get("/account/password/").content.decode()
    assert "Choose your own password" in page
    change = {"oldpassword": PASSWORD, "password1": "my-own-2026-words", "password2": "my-own-2026-words"}
    assert (
        "This is not your present password."
        in client.post("/account/password/", {**change, "oldpassword": "wrong"}).content.decode()
    )
    assert client.post("/account/password/", change).headers["Location"] == "/account/"

    li.account.refresh_from_db()
    assert not li.account.password_is_initial
    assert client.get("/account/").status_code == 200


def test_changing_the_password_signs_out_elsewhere(works: Workforce) -> None:
    li = works.hire("li")
    here, elsewhere = signed_in(li), signed_in(li)

    here.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "my-own-2026-words", "password2": "my-own-2026-words"},
    )

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def set_up_the_app(client: Client) -> str:
    """Switch on two-step sign-in as a person does; the app's secret is given back."""
    page = client.get("/account/two-step/totp/activate/")
    if page.status_code == 302:
        client.post(page.headers["Location"], {"password": PASSWORD})
        page = client.get("/account/two-step/totp/activate/")
    secret = page.context["form"].secret
    wrong = client.post("/account/two-step/totp/activate/", {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    done = client.post("/account/two-step/totp/activate/", {"code": code_for(secret)})
    assert done.headers["Location"] == "/account/two-step/recovery-codes/"
    return secret


def test_with_the_app_a_password_alone_opens_nothing(works: Workforce) -> None:
    li = works.hire("li")
    secret = set_up_the_app(signed_in(li))
    client = Client()

    assert attempt(client, "li.hengtai").headers["Location"] == "/account/two-step/authenticate/"
    assert not is_signed_in(client)
    wrong = client.post("/account/two-step/authenticate/", {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    client.post("/account/two-step/authenticate/", {"code": code_for(secret, step=1)})
    assert is_signed_in(client)


def test_guessing_codes_is_locked_too(works: Workforce) -> None:
    li = works.hire("li")
    secret = set_up_the_app(signed_in(li))
    client = Client()
    attempt(client, "li.hengtai")
    for _ in range(5):
        client.post("/account/two-step/authenticate/", {"code": "000000"})

    client.post("/account/two-step/authenticate/", {"code": code_for(secret, step=1)})

    assert not is_signed_in(client)


def test_each_recovery_code_opens_once(works: Workforce) -> None:
    li = works.hire("li")
    browser = signed_in(li)
    set_up_the_app(browser)
    codes = browser.get("/account/two-step/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in browser.get("/account/two-step/recovery-codes/download/").content.decode()

    first, second = Client(), Client()
    for client in (first, second):
        attempt(client, "li.hengtai")
        client.post("/account/two-step/authenticate/", {"code": codes[0]})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_the_second_step_is_removed_only_by_one_who_proves_himself_again(works: Workforce) -> None:
    li = works.hire("li")
    client = signed_in(li)
    set_up_the_app(client)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()

    suspended = client.post("/account/two-step/totp/deactivate/")
    assert suspended.headers["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.filter(user=li.account, type="totp").exists()
    assert "Confirm that it is you" in client.get("/account/confirm/").content.decode()
    client.post("/account/confirm/", {"password": PASSWORD})
    client.post("/account/two-step/totp/deactivate/")

    assert not Authenticator.objects.filter(user=li.account, type="totp").exists()


def test_a_passkey_is_offered_at_sign_in_and_asked_for_when_added(works: Workforce, client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "Sign in with a passkey" in page
    options = client.get("/account/two-step/webauthn/login/", headers={"accept": "application/json"}).json()
    assert set(options) == {"request_options"}

    browser = signed_in(works.admin)
    browser.post("/account/confirm/", {"password": PASSWORD})
    adding = browser.get("/account/two-step/webauthn/add/")
    assert adding.context["js_data"]["creation_options"]["publicKey"]["rp"] == {
        "name": "Luyue 履约",
        "id": "testserver",
    }
    refused = browser.post("/account/two-step/webauthn/add/", {"name": "x", "credential": "{}"})
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()


def test_every_page_of_the_two_steps_can_be_drawn(works: Workforce) -> None:
    li = works.hire("li")
    client = signed_in(li)
    set_up_the_app(client)

    for address in (
        "",
        "recovery-codes/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "webauthn/",
        "webauthn/add/",
        "reauthenticate/",
    ):
        assert client.get(f"/account/two-step/{address}").status_code == 200, address


def test_who_has_left_signs_in_and_is_told_that_there_is_no_company(works: Workforce) -> None:
    li = works.hire("li", joined_on=TODAY - timedelta(days=900))
    leave(li, by=None, at=MORNING, on=TODAY - timedelta(days=700))
    client = signed_in(li)

    page = client.get("/account/absences/")

    assert page.status_code == 403
    assert "No company yet" in page.content.decode()
    assert client.get("/account/").status_code == 200


def test_a_place_that_knocks_too_often_is_told_to_wait(client: Client, db: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    attempt(client, "li.hengtai", "guess")

    page = attempt(client, "li.hengtai", "guess")

    assert page.status_code == 429
    assert "Too many attempts" in page.content.decode()
