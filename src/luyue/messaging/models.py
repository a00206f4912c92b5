from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from luyue.organization.authority import Authority
from luyue.organization.models import Company, Employee
from luyue.organization.prepared import Place
from luyue.records.models import Obligation, Reader, Record


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, employee: Employee, authority: Authority) -> NoticeQuerySet:
        """The employee's own notices, without those of records that he or she may not see."""
        return self.concerning(employee.company_id, employee.pk, authority.keys)

    def concerning(
        self, company_id: int | Place, employee_id: int | Place, keys: Collection[str] | Sequence[Place]
    ) -> NoticeQuerySet:
        concerned = Reader.objects.filter(record=OuterRef("record"), key__in=keys)
        return self.filter(
            Q(record=None) | Q(record__is_restricted=False) | Exists(concerned),
            company_id=company_id,
            employee_id=employee_id,
        )

    def unread(self) -> NoticeQuerySet:
        """What nobody has read and what still waits; a duty that was done needs no reading."""
        return self.filter(~Q(kind__in=Notice.WAITING) | Q(obligation=None) | Q(obligation__is_owed=True), read_at=None)

    def unmailed(self) -> NoticeQuerySet:
        return self.unread().filter(mailed_at=None)


class Notice(models.Model):
    """Somebody is told of something that concerns him or her; it is told once and read when it suits."""

    class Kind(models.TextChoices):
        SIGN = "sign", _("To be signed")
        RECEIVE = "receive", _("To be acknowledged")
        TOLD = "told", _("For your information")
        MENTION = "mention", _("Mentioned")
        ASSIGNED = "assigned", _("Assigned")
        REMINDER = "reminder", _("Falls due")
        OVERDUE = "overdue", _("Overdue")

    WAITING = (Kind.SIGN, Kind.RECEIVE, Kind.REMINDER, Kind.OVERDUE)

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="notices", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    being_mailed_until = models.DateTimeField(null=True)
    effect = models.CharField(max_length=120)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["company", "effect"], name="told_once")]
        indexes = [
            models.Index("company", "employee", F("id").desc(), name="notices_newest_first"),
            models.Index("company", "employee", name="notices_unread", condition=Q(read_at=None)),
            models.Index("created_at", "id", name="notices_unmailed", condition=Q(mailed_at=None, read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.employee}"

    @property
    def is_unread(self) -> bool:
        waits = self.kind not in self.WAITING or self.obligation is None or self.obligation.is_owed
        return self.read_at is None and waits
