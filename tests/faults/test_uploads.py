from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luyue.records.attachments import LARGEST
from luyue.records.models import Attachment
from tests.faults.conftest import Desk, address_of, complaint_of, text_of
from tests.firms import Firm

SCRIPT = b"<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n"


def refused_files() -> list[tuple[str, bytes, str]]:
    """Name, content, and what the page says of it."""
    return [
        ("图.svg", b"<svg onload='alert(1)'/>", "not accepted"),
        ("页.html", SCRIPT, "not accepted"),
        ("页.xhtml", SCRIPT, "not accepted"),
        ("页.pdf.html", SCRIPT, "not accepted"),
        ("程序.exe", b"MZ", "not accepted"),
        ("无后缀", b"%PDF-1.7", "not accepted"),
        ("页.pdf", SCRIPT, "not what its ending says"),
        ("图.png", SCRIPT, "not what its ending says"),
        ("图.jpg", PNG, "not what its ending says"),
        ("表.xlsx", b"<html>", "not what its ending says"),
        ("空.pdf", b"", "empty"),
        ("大.pdf", b"%PDF" + b"0" * LARGEST, "larger than 20 MB"),
    ]


@pytest.mark.parametrize(("name", "content", "says"), refused_files(), ids=lambda said: str(said)[:12])
def test_what_is_not_an_honest_file_is_refused_and_the_note_stays(
    carbide: Firm, name: str, content: bytes, says: str
) -> None:
    complaint = complaint_of(carbide)

    answer = Desk(carbide["sales_officer"]).do(
        complaint, "attach", files=[SimpleUploadedFile(name, content)], file_kind="other", note="断口照片"
    )

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "断口照片" in text_of(answer)
    assert not Attachment.objects.exists()


def test_one_bad_file_keeps_the_good_ones_out_too(carbide: Firm) -> None:
    complaint = complaint_of(carbide)
    files = [SimpleUploadedFile("好.png", PNG), SimpleUploadedFile("坏.png", SCRIPT)]

    answer = Desk(carbide["sales_officer"]).do(complaint, "attach", files=files, file_kind="other")

    assert answer.status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("../../etc/passwd.txt", b"x", "passwd.txt"),
        ("C:\\temp\\信.txt", b"x", "信.txt"),
        ('<img src=x onerror="alert(1)">.png', PNG, '<img src=x onerror="alert(1)">.png'),
        ("发票\u202egnp.txt", b"x", "发票gnp.txt"),
        ("名" * 300 + ".txt", b"x", "名" * 196 + ".txt"),
    ],
    ids=["climbing", "windows", "script", "turned-around", "long"],
)
def test_a_strange_name_is_made_plain_and_shown_as_text(carbide: Firm, name: str, content: bytes, kept_as: str) -> None:
    complaint = complaint_of(carbide)
    desk = Desk(carbide["sales_officer"])

    answer = desk.do(complaint, "attach", files=[SimpleUploadedFile(name, content)], file_kind="other")
    page = text_of(desk.open(address_of(complaint)))

    assert answer.status_code == 302
    assert Attachment.objects.get().file_name == kept_as
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [("页.txt", SCRIPT, False), ("信.eml", SCRIPT, False), ("图.png", PNG + SCRIPT, True), ("表.csv", b"=1+1", False)],
    ids=["text", "mail", "picture", "table"],
)
def test_no_file_is_ever_given_out_as_something_that_runs(
    carbide: Firm, name: str, content: bytes, shown: bool
) -> None:
    complaint = complaint_of(carbide)
    desk = Desk(carbide["sales_officer"])
    desk.do(complaint, "attach", files=[SimpleUploadedFile(name, content)], file_kind="other")
    kept = Attachment.objects.get()

    answer = desk.open(f"{address_of(complaint)}files/{kept.pk}/raw/")

    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == ("image/png" if shown else "application/octet-stream")
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_of_another_record_is_not_found(carbide: Firm) -> None:
    complaint, other = complaint_of(carbide), complaint_of(carbide)
    desk = Desk(carbide["sales_officer"])
    desk.do(complaint, "attach", files=[SimpleUploadedFile("图.png", PNG)], file_kind="other")
    kept = Attachment.objects.get()

    assert desk.open(f"{address_of(other)}files/{kept.pk}/raw/").status_code == 404
    assert desk.open(f"{address_of(complaint)}files/{kept.pk}/raw/").status_code == 200
