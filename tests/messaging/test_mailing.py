"""Notices leave by mail: gathered, in working hours; what is overdue at once; none twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from pytest_django import Settings as SettingsWrapper

from luyue.complaints.models import Complaint
from luyue.messaging.mailing import CLAIMED_FOR, NO_MAIL, mail_notices
from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.organization.models import Employee
from luyue.records.general import COMMENT
from luyue.records.models import Record
from tests.firms import Firm
from tests.messaging.test_telling import registered

LETTER_BOX = "django.core.mail.backends.locmem.EmailBackend"


class Unreachable(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: object) -> int:
        raise SMTPException("no route")


@pytest.fixture(autouse=True)
def with_a_mail_server(settings: SettingsWrapper) -> None:
    settings.EMAIL_BACKEND = LETTER_BOX
    settings.CSRF_TRUSTED_ORIGINS = ["https://luyue.example"]


def at(firm: Firm, moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=firm.company.zone)


def mentioned(firm: Firm, moment: str, text: str = "请看") -> Complaint:
    """Somebody with a mail address is named in a comment at that time."""
    Employee.objects.filter(pk=firm["finance_manager"].pk).update(email="finance@example.com")
    with firm.at(moment):
        complaint = registered(firm)
        COMMENT(complaint, by=firm["sales_officer"], text=f"@{firm['finance_manager'].name} {text}")
    return complaint


def overdue(firm: Firm, complaint: Complaint, moment: str) -> None:
    row = firm.owed(complaint, "complete-complaint")
    tidings = Tidings(
        f"employee:{firm['finance_manager'].pk}", Notice.Kind.OVERDUE, f"alarm/o{row.pk}/1", complaint.pk, row.pk
    )
    tell(firm.company.pk, [tidings], on=at(firm, moment).date(), at=at(firm, moment))


def test_without_a_mail_server_nothing_is_sent(carbide: Firm, settings: SettingsWrapper) -> None:
    settings.EMAIL_BACKEND = NO_MAIL
    mentioned(carbide, "2026-03-02 10:00")

    assert mail_notices(at(carbide, "2026-03-02 10:20")) == 0
    assert Notice.objects.get(kind="mention").mailed_at is None


def test_notices_are_gathered_into_one_letter(carbide: Firm) -> None:
    complaint = mentioned(carbide, "2026-03-02 10:00", text="第一件")
    mentioned(carbide, "2026-03-02 10:05", text="第二件")
    Record.objects.update(is_restricted=False)

    early = mail_notices(at(carbide, "2026-03-02 10:08"))
    sent = mail_notices(at(carbide, "2026-03-02 10:20"))

    (letter,) = mail.outbox
    assert (early, sent, letter.to) == (0, 1, ["finance@example.com"])
    assert letter.subject == f"2 条通知：{complaint.number} {complaint.title}"
    assert ("第一件" in letter.body, "第二件" in letter.body) == (True, True)
    assert f"https://luyue.example/notices/{Notice.objects.filter(kind='mention').order_by('pk')[0].pk}/" in letter.body


def test_a_letter_speaks_its_readers_language(carbide: Firm) -> None:
    account = carbide["finance_manager"].account
    account.language = "en"
    account.save()
    mentioned(carbide, "2026-03-02 10:00")

    mail_notices(at(carbide, "2026-03-02 10:20"))

    assert "mentions you" in mail.outbox[0].body


def test_nothing_is_mailed_twice(carbide: Firm) -> None:
    mentioned(carbide, "2026-03-02 10:00")

    mail_notices(at(carbide, "2026-03-02 10:20"))
    mail_notices(at(carbide, "2026-03-02 10:40"))

    assert len(mail.outbox) == 1


def test_what_was_read_meanwhile_is_not_mailed(carbide: Firm) -> None:
    mentioned(carbide, "2026-03-02 10:00")
    Notice.objects.update(read_at=at(carbide, "2026-03-02 10:05"))

    assert mail_notices(at(carbide, "2026-03-02 10:20")) == 0


@pytest.mark.parametrize("moment", ["2026-03-02 22:30", "2026-03-03 05:00", "2026-03-07 10:00"])
def test_at_night_and_on_days_off_no_mail_leaves(carbide: Firm, moment: str) -> None:
    mentioned(carbide, "2026-03-02 17:00" if moment < "2026-03-07" else "2026-03-06 20:00")

    assert mail_notices(at(carbide, moment)) == 0


def test_the_next_morning_it_leaves(carbide: Firm) -> None:
    mentioned(carbide, "2026-03-02 22:00")

    assert mail_notices(at(carbide, "2026-03-03 10:00")) == 1


def test_what_is_overdue_leaves_at_once_and_alone_also_at_night(carbide: Firm) -> None:
    complaint = mentioned(carbide, "2026-03-12 23:50", text="明天再看")
    overdue(carbide, complaint, "2026-03-13 00:00")

    mail_notices(at(carbide, "2026-03-13 00:01"))

    (letter,) = mail.outbox
    assert "已逾期" in letter.body
    assert "明天再看" not in letter.body


def test_a_letter_that_was_not_taken_is_sent_again_under_the_same_id(carbide: Firm, settings: SettingsWrapper) -> None:
    mentioned(carbide, "2026-03-02 10:00")
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    failed = mail_notices(at(carbide, "2026-03-02 10:20"))
    settings.EMAIL_BACKEND = LETTER_BOX

    too_early = mail_notices(at(carbide, "2026-03-02 10:20") + CLAIMED_FOR - timedelta(seconds=1))
    again = mail_notices(at(carbide, "2026-03-02 10:20") + CLAIMED_FOR + timedelta(seconds=1))

    assert (failed, too_early, again) == (0, 0, 1)
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@luyue>")


def test_who_has_no_address_gets_no_mail(carbide: Firm) -> None:
    mentioned(carbide, "2026-03-02 10:00")
    Employee.objects.update(email="")

    assert mail_notices(at(carbide, "2026-03-02 10:20")) == 0


def test_a_letter_about_a_confidential_record_gives_no_more_than_its_number(carbide: Firm) -> None:
    complaint = mentioned(carbide, "2026-03-02 10:00")
    employee = carbide["finance_manager"]
    Record.objects.filter(pk=complaint.pk).update(is_restricted=True, title="机密事项")
    complaint.readers.get_or_create(company=carbide.company, key=f"employee:{employee.pk}")

    mail_notices(at(carbide, "2026-03-02 10:20"))

    assert complaint.number in mail.outbox[0].body
    assert "机密事项" not in mail.outbox[0].body + mail.outbox[0].subject


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(carbide: Firm) -> None:
    mentioned(carbide, "2026-03-02 10:00")
    together, sent = Barrier(2), []

    def send() -> None:
        together.wait()
        sent.append(mail_notices(at(carbide, "2026-03-02 10:20") + timedelta(microseconds=len(sent))))
        connections.close_all()

    senders = [Thread(target=send) for _ in range(2)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()

    assert sum(sent) == 1
