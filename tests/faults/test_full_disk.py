"""The disk is full or the form too large: the page says so, nothing is half written, what was typed stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.records.models import Attachment, Counter
from tests.faults.conftest import Desk, complaint_of, text_of
from tests.firms import Firm

PDF = b"%PDF-1.7 ..."
TYPED = "整批两百支中十二支有裂纹"


@pytest.fixture
def full_store(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for attachments on a disk without room: the operating system refuses every write of content."""
    settings.MEDIA_ROOT = tmp_path / "attachments"

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    return Path(settings.MEDIA_ROOT)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def a_pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("照片.pdf", PDF, "application/pdf")


def test_a_file_for_which_there_is_no_room_is_refused_with_the_whole_step(carbide: Firm, full_store: Path) -> None:
    customer = carbide.customer()

    answer = Desk(carbide["sales_officer"]).register(
        customer.number, what_happened=TYPED, files=[a_pdf()], file_kind="other"
    )

    assert answer.status_code == 507
    assert "disk is full" in text_of(answer)
    assert TYPED in text_of(answer)
    assert (Complaint.objects.count(), Entry.objects.filter(action="complaint.register").count()) == (0, 0)
    assert not Counter.objects.exists()
    assert not Attachment.objects.exists()
    assert files_in(full_store) == []


def test_when_there_is_room_again_the_same_form_goes_through(
    carbide: Firm, full_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = carbide.customer()
    desk = Desk(carbide["sales_officer"])
    said: dict[str, Any] = {"submission": "a1", "file_kind": "other"}
    refused = desk.register(customer.number, files=[a_pdf()], **said)
    monkeypatch.undo()

    done = desk.register(customer.number, files=[a_pdf()], **said)

    assert (refused.status_code, done.status_code) == (507, 302)
    assert Complaint.objects.get().number.endswith("-001")
    assert [len(path.read_bytes()) for path in files_in(full_store)] == [len(PDF)]


def test_a_form_of_ten_megabytes_is_refused_with_a_page(carbide: Firm) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, what_happened="裂" * 3_500_000)

    assert answer.status_code == 413
    assert "at most 5 MB of text" in text_of(answer)
    assert not Complaint.objects.exists()


def test_a_text_of_a_megabyte_is_refused_at_its_field(carbide: Firm) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, what_happened="裂" * 350_000)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["what_happened"]
    assert not Complaint.objects.exists()


def test_a_form_of_thousands_of_fields_is_refused_with_a_page(carbide: Firm) -> None:
    fields = {f"field{number}": "x" for number in range(2001)}

    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, **fields)

    assert answer.status_code == 400
    assert "at most 20 files and 2,000 fields" in text_of(answer)


def test_twenty_one_files_at_once_are_refused_with_a_page(carbide: Firm) -> None:
    complaint = complaint_of(carbide)

    answer = Desk(carbide["sales_officer"]).do(complaint, "attach", files=[a_pdf() for _each in range(21)])

    assert answer.status_code == 400
    assert "at most 20 files" in text_of(answer)
    assert not Attachment.objects.exists()
