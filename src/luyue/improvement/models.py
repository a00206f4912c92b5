from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luyue.organization.models import Company, Employee
from luyue.records.models import Record


class State(models.TextChoices):
    RAISED = "raised", _("Raised")
    ANALYSING = "analysing", _("Cause being analysed")
    PLANNED = "planned", _("Actions planned")
    CARRYING_OUT = "carrying_out", _("Actions being carried out")
    VERIFYING = "verifying", _("Effect being verified")
    CLOSED = "closed", _("Closed, effective")
    VOID = "void", _("Void")


class Kind(models.TextChoices):
    CORRECTIVE = "corrective", _("Corrective")
    PREVENTIVE = "preventive", _("Preventive")


class Origin(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    AUDIT = "audit", _("Audit")
    OWN = "own", _("Own observation")


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")
    MAJOR = "major", _("Major")


class Fishbone(models.TextChoices):
    MAN = "man", _("Man")
    MACHINE = "machine", _("Machine")
    MATERIAL = "material", _("Material")
    METHOD = "method", _("Method")
    ENVIRONMENT = "environment", _("Environment")
    MEASUREMENT = "measurement", _("Measurement")


class AttachmentKind(models.TextChoices):
    EVIDENCE = "evidence", _("Evidence")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other paper")


class Improvement(Record):
    """A fault is kept from coming back: its causes found, actions taken, their effect verified."""

    State = State
    FINAL = frozenset({State.CLOSED.value, State.VOID.value})
    NAMED_AFTER = ("problem",)

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CORRECTIVE)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    problem = models.TextField(_("what must not happen again"))
    containment = models.TextField(_("containment"), blank=True)
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    escape_whys = models.JSONField(_("five whys of the escape"), default=list, blank=True)
    occurrence_cause = models.TextField(_("why it happened"), blank=True)
    escape_cause = models.TextField(_("why it was not found"), blank=True)
    fishbone = models.CharField(_("kind of cause"), max_length=12, choices=Fishbone, blank=True)
    measures_due_on = models.DateField(_("measures due by"), null=True, blank=True)
    effective = models.BooleanField(_("effective"), null=True, blank=True)
    effect_evidence = models.TextField(_("evidence of the effect"), blank=True)
    recurrence = models.TextField(_("recurrence"), blank=True)

    class Meta:
        verbose_name = _("corrective or preventive action")
        verbose_name_plural = _("corrective and preventive actions")
        indexes = [models.Index(fields=["severity"])]

    def subject_line(self) -> str:
        first_line = self.problem.strip().splitlines()[0] if self.problem.strip() else ""
        return first_line[:200]


class Measure(models.Model):
    """One thing to be done against a cause: what, by whom, until when, and what proves that it was done."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField(_("number"))
    what = models.TextField(_("what is done"))
    responsible = models.ForeignKey(Employee, on_delete=models.PROTECT, verbose_name=_("responsible"))
    due_on = models.DateField(pgettext_lazy("measure", "due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [models.UniqueConstraint(fields=["company", "improvement", "number"], name="one_measure_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.what[:80]}"
