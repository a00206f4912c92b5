import pytest

from luyue.site.mail import MailAddressError, mail_settings


def test_without_a_mail_server_nothing_is_sent() -> None:
    assert mail_settings("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.mark.parametrize(
    ("url", "port", "starts_tls", "is_tls"),
    [
        ("smtp://li%40firm:s%2Fcrt@mail.example", 587, True, False),
        ("smtps://li%40firm:s%2Fcrt@mail.example", 465, False, True),
        ("smtp://li%40firm:s%2Fcrt@mail.example:25?tls=no", 25, False, False),
    ],
)
def test_a_mail_server_is_taken_apart(url: str, port: int, starts_tls: bool, is_tls: bool) -> None:
    found = mail_settings(url)

    assert (found["EMAIL_HOST"], found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        "li@firm",
        "s/crt",
    )
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, starts_tls, is_tls)


@pytest.mark.parametrize("url", ["mail.example", "imap://mail.example", "smtp://"])
def test_an_address_of_no_use_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(MailAddressError, match="LUYUE_MAIL_URL"):
        mail_settings(url)
