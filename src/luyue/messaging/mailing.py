"""Notices by mail: gathered into one letter a person, in working hours; what is overdue goes at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luyue.messaging.models import Notice, NoticeQuerySet
from luyue.messaging.wording import sentence
from luyue.organization.authority import authority_of
from luyue.organization.models import Employee
from luyue.records.calendars import calendar_of
from luyue.records.objections import Names

log = logging.getLogger(__name__)

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
GATHERED_FOR = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
CLAIMED_FOR = timedelta(minutes=5)
ONE_MINUTE = timedelta(minutes=1)
LETTERS_A_ROUND = 100


def mail_notices(now: datetime) -> int:
    """Send what is to be mailed; return how many letters. Does nothing where no mail server is named.

    A letter whose sender died is sent again after five minutes, under the same Message-ID.
    """
    if settings.EMAIL_BACKEND == NO_MAIL:
        return 0
    found = list(_waiting(now))
    people = Employee.objects.select_related("company", "account").in_bulk([row["employee"] for row in found])
    return sum(_mail(people[row["employee"]], row, now) for row in found)


def _unclaimed(now: datetime) -> NoticeQuerySet:
    return Notice.objects.unmailed().filter(_nobody_mails(now), created_at__gt=now - GIVEN_UP_AFTER)


def _nobody_mails(now: datetime) -> Q:
    return Q(being_mailed_until=None) | Q(being_mailed_until__lt=now)


def _waiting(now: datetime) -> Any:
    return (
        _unclaimed(now)
        .exclude(employee__email="", employee__account__email="")
        .values("employee")
        .annotate(oldest=Min("created_at"), overdue=Count("pk", filter=Q(kind=Notice.Kind.OVERDUE)))
        .order_by("oldest")[:LETTERS_A_ROUND]
    )


def _mail(employee: Employee, waiting: Mapping[str, Any], now: datetime) -> bool:
    calendar = calendar_of(employee.company)
    in_hours = calendar.working_time(now, now + ONE_MINUTE) > timedelta()
    if in_hours and waiting["oldest"] <= now - GATHERED_FOR:
        return _send(employee, _unclaimed(now), now)
    if waiting["overdue"]:
        return _send(employee, _unclaimed(now).filter(kind=Notice.Kind.OVERDUE), now)
    return False


def _send(employee: Employee, chosen: NoticeQuerySet, now: datetime) -> bool:
    """Claim, send, then mark: who dies in between is followed by one who sends it again."""
    until = now + CLAIMED_FOR
    wanted = Notice.objects.filter(pk__in=list(chosen.filter(employee=employee).values_list("pk", flat=True)))
    if not wanted.filter(_nobody_mails(now)).update(being_mailed_until=until):
        return False
    claimed = Notice.objects.unmailed().filter(employee=employee, being_mailed_until=until)
    today = now.astimezone(employee.company.zone).date()
    seen = Notice.objects.of(employee, authority_of(employee, today)).filter(pk__in=claimed)
    notices = list(seen.select_related("record", "obligation").order_by("pk"))
    if notices and employee.is_employed_on(today) and not _is_handed_over(employee, notices):
        return False
    claimed.update(mailed_at=now)
    return bool(notices)


def _is_handed_over(employee: Employee, notices: Sequence[Notice]) -> bool:
    try:
        letter(employee, notices).send()
    except (SMTPException, OSError):
        log.exception("mail to employee %s was not taken; it is tried again later", employee.pk)
        return False
    return True


def letter(employee: Employee, notices: Sequence[Notice]) -> EmailMessage:
    """The notices as one letter in the reader's language; of a confidential record it gives no more than the number."""
    language = employee.account.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(employee.company.zone):
        names = Names.of(employee.company)
        count = len(notices)
        subject = ngettext("%(count)d notice: %(first)s", "%(count)d notices: %(first)s", count) % {
            "count": count,
            "first": _about(notices[0]) or notices[0].get_kind_display(),
        }
        lines = [_lines(notice, names) for notice in notices]
        end = _("Luyue, %(company)s") % {"company": employee.company.called}
    mark = sha256(",".join(notice.effect for notice in notices).encode()).hexdigest()[:32]
    return EmailMessage(
        subject=" ".join(subject.split()),
        body="\n\n".join([*lines, f"-- \n{end}\n"]),
        to=[employee.email or employee.account.email],
        headers={"Message-ID": f"<{mark}@luyue>", "Auto-Submitted": "auto-generated"},
    )


def _lines(notice: Notice, names: Names) -> str:
    return "\n".join(filter(None, (sentence(notice, names), _about(notice), _link(notice))))


def _about(notice: Notice) -> str:
    if notice.record is None:
        return ""
    return notice.record.number if notice.record.is_restricted else str(notice.record)


def _link(notice: Notice) -> str:
    if not settings.CSRF_TRUSTED_ORIGINS:
        return ""
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}{reverse('messaging:open', args=[notice.pk])}"
