import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

SIGN_IN = "/account/sign-in/"


def _language(client: Client, **headers: str) -> str:
    return client.get(SIGN_IN, headers=headers).headers["Content-Language"]


def test_who_says_nothing_reads_simplified_chinese(client: Client) -> None:
    assert _language(client) == "zh-hans"


@pytest.mark.parametrize(
    ("wish", "read"),
    [("zh-TW,zh;q=0.9", "zh-hant"), ("zh-CN", "zh-hans"), ("en-GB,en;q=0.8", "en"), ("fr", "zh-hans")],
)
def test_the_browser_may_wish_for_a_language(wish: str, read: str, client: Client) -> None:
    assert _language(client, accept_language=wish) == read


def test_somebody_not_signed_in_may_choose_a_language(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": SIGN_IN})

    assert _language(client, accept_language="zh-CN") == "en"
