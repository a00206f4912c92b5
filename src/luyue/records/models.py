from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from luyue.ledger.models import Entry
from luyue.organization.authority import Authority
from luyue.organization.models import Company, Department, Employee
from luyue.organization.prepared import Place
from luyue.parties.models import Party
from luyue.rulebook.models import Edition


class Binding(models.Model):
    """The editions under which records are opened: one row for each combination that was ever in force together.

    `moved` names the later editions to which running promises were moved, each with the groups of its time limits, in
    the order in which it was done: `[{"edition": 7, "limits": ["QM-10/first-answer"]}]`.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    editions = models.ManyToManyField(Edition)
    key = models.CharField(max_length=64)
    moved = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "key"], name="one_binding_per_set_of_editions")]


class RecordQuerySet(models.QuerySet["Record"]):
    def of(self, company: Company | int) -> RecordQuerySet:
        return self.filter(company=company)

    def visible_to(self, employee: Employee, authority: Authority) -> RecordQuerySet:
        """The one rule of who may see: open records of the company, restricted ones when they concern the employee."""
        return self.visible_under(employee.company_id, authority.keys)

    def visible_under(self, company_id: int | Place, keys: Collection[str] | Sequence[Place]) -> RecordQuerySet:
        """The same rule by the keys of an authority.

        Not EXISTS: for that PostgreSQL may read the readers of all records to show a page of fifty.
        """
        concerned = Reader.objects.filter(record=OuterRef("pk"), key__in=keys).values("pk")[:1]
        return self.filter(Q(is_restricted=False) | Q(IsNull(Subquery(concerned), False)), company_id=company_id)


class Record(models.Model):
    """One numbered instance of a record type; it keeps the editions it was opened under."""

    FINAL: ClassVar[frozenset[str]] = frozenset()
    NAMED_AFTER: ClassVar[tuple[str, ...]] = ()
    """The fields from which the subject line is made, which all read who may see the record."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="records")
    type = models.CharField(max_length=40, editable=False)
    number = models.CharField(_("number"), max_length=60, editable=False)
    title = models.CharField(_("subject"), max_length=200, editable=False)
    state = models.CharField(_("state"), max_length=40, editable=False)
    is_open = models.BooleanField(default=True, editable=False)
    is_restricted = models.BooleanField(default=False, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("customer"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("department")
    )
    owner = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    registrar = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("registered by")
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)
    entered_at = models.DateTimeField(_("entered"), editable=False)
    changed_at = models.DateTimeField(_("last change"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    nearest_due_at = models.DateTimeField(_("nearest due"), null=True, editable=False)
    retained_until = models.DateField(_("kept until"), null=True, editable=False)
    struck_through = models.JSONField(default=dict, editable=False)
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, editable=False, related_name="+")
    source_key = models.CharField(max_length=120, null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [
            models.UniqueConstraint(fields=["company", "type", "number"], name="one_record_per_number"),
            models.UniqueConstraint(
                fields=["company", "type", "source_key"],
                condition=Q(source_key__isnull=False),
                name="imported_only_once",
            ),
        ]
        indexes = [
            models.Index("company", "type", F("opened_at").desc(), F("id").desc(), name="register_by_opening"),
            models.Index(
                "company",
                "type",
                F("opened_at").desc(),
                F("id").desc(),
                name="register_of_open",
                condition=Q(is_open=True),
            ),
            models.Index(
                "company",
                "type",
                "nearest_due_at",
                "id",
                name="register_by_due",
                condition=Q(is_open=True, nearest_due_at__isnull=False),
            ),
            models.Index("company", "owner", name="open_of_owner", condition=Q(is_open=True)),
            models.Index("company", "type", "owner", F("opened_at").desc(), F("id").desc(), name="register_of_owner"),
            models.Index("company", "type", "state", F("opened_at").desc(), F("id").desc(), name="register_by_state"),
            models.Index("company", "type", "party", F("opened_at").desc(), name="register_by_party"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def subject_line(self) -> str:
        """What the record is about, in one line, for lists."""
        return self.number

    @property
    def chain(self) -> str:
        return f"r{self.pk}"


class Obligation(models.Model):
    """Somebody owes something by some time, under a clause, because of a record or of a calendar period."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        WAIVED = "waived", _("Waived")
        CANCELLED = "cancelled", _("Cancelled")

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="obligations")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    procedure = models.CharField(max_length=40)
    clause = models.CharField(max_length=40)
    control = models.CharField(max_length=80)
    owner = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status)
    settled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Employee, on_delete=models.PROTECT, null=True, related_name="+")
    does = models.JSONField(default=list)
    alarms = models.JSONField(default=list)
    next_alarm_at = models.DateTimeField(null=True)
    alarmed_until = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    is_owed = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(fields=["record", "key"], name="one_obligation_per_record_and_key"),
            models.UniqueConstraint(
                fields=["company", "key"], condition=Q(record=None), name="one_obligation_per_period_and_key"
            ),
        ]
        indexes = [
            models.Index("company", "owner", "due_at", "id", name="work_by_owner", condition=Q(is_owed=True)),
            models.Index(
                "company",
                "owner",
                "due_at",
                "id",
                name="signatures_by_owner",
                condition=Q(is_owed=True, kind="sign_off"),
            ),
            models.Index("due_at", "id", name="running_by_due", condition=Q(status="running", due_at__isnull=False)),
            models.Index("next_alarm_at", "id", name="alarms_to_give", condition=Q(next_alarm_at__isnull=False)),
            models.Index("company", "procedure", "clause", "started_at", "status", name="conformity_by_clause"),
            models.Index(
                "company", "procedure", "started_at", name="conformity_of_periods", condition=Q(record__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.clause} {self.control}"


class Tally(models.Model):
    """How many promises of a clause that began on a day stand so; and how often an action was taken on a day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    procedure = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=80)
    day = models.DateField()
    standing = models.CharField(max_length=10)
    number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "procedure", "clause", "day", "standing"], name="one_tally_per_place"
            )
        ]


class Signature(models.Model):
    """Who signed, in which meaning, when, over the hash of exactly what was shown."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="signatures")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    control = models.CharField(max_length=160)
    slot = models.PositiveIntegerField()
    meaning = models.CharField(max_length=20)
    decision = models.CharField(max_length=10)
    opinion = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    shown = models.JSONField()
    shown_digest = models.CharField(max_length=64)
    method = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        indexes = [models.Index(fields=["company", "record"])]


class Attachment(models.Model):
    """A file that belongs to a record, kept once by its digest and never served as active content."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=30)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Employee, on_delete=models.PROTECT)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(fields=["company", "record"]), models.Index(fields=["company", "digest"])]

    def __str__(self) -> str:
        return self.file_name


class Link(models.Model):
    """One record came from another, or repeats it."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("Raised from")
        REPEATS = "repeats", _("Repeats")

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    source = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=Kind)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="linked_once")]
        indexes = [models.Index(fields=["company", "target"])]


class Reader(models.Model):
    """A position, department or employee whom a restricted record concerns."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="readers")
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="one_reader_per_key")]
        indexes = [models.Index(fields=["company", "key", "record"])]


class Counter(models.Model):
    """The last number given in a series; taken inside the transaction, so never skipped and never reused."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    series = models.CharField(max_length=120)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series"], name="one_counter_per_series")]


class Denial(models.Model):
    """Somebody tried to see or to do what was not allowed; kept so that it can be asked about."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True)
    action = models.CharField(max_length=80)
    reason = models.CharField(max_length=40)
    tried_at = models.DateTimeField()

    class Meta:
        verbose_name = _("denial")
        verbose_name_plural = _("denials")
        indexes = [models.Index(fields=["company", "tried_at"])]


def concrete_values(record: Record) -> dict[str, Any]:
    """The record's own facts as stored, without what the kernel keeps for itself."""
    return {name: getattr(record, name) for name in _own_facts(type(record))}


@cache
def _own_facts(model: type[Record]) -> tuple[str, ...]:
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if (field.editable or field.name in ("owner", "department")) and not field.primary_key
    )
