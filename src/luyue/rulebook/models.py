"""Procedures and their editions, as a company keeps them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company, Employee


class PublishedEditionError(ValueError):
    """A published edition was about to change; a change of the rules is a new edition."""


class Procedure(models.Model):
    """A controlled document of a company: its code and title, whatever its editions say."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="procedures")
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    title_hant = models.CharField(_("title in Traditional Chinese"), max_length=200, blank=True)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_code_per_procedure")]

    def __str__(self) -> str:
        language = (get_language() or "").lower()
        if language.startswith("en"):
            return self.title_en or self.title
        if language in ("zh-hant", "zh-tw", "zh-hk"):
            return self.title_hant or self.title
        return self.title


class Edition(models.Model):
    """One approved, dated version of a procedure; once published it never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("being signed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    SETTLED = (Status.PUBLISHED, Status.WITHDRAWN)
    MAY_STILL_CHANGE = ("status", "withdrawn_on")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="editions")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions")
    number = models.CharField(_("edition"), max_length=20)
    effective = models.DateField(_("effective from"))
    withdrawn_on = models.DateField(_("not in force from"), null=True, blank=True)
    content = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["company", "procedure", "number"], name="one_edition_per_number"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review"]) | Q(published_at__isnull=False),
                name="published_edition_has_its_date",
            ),
        ]
        indexes = [models.Index(fields=["company", "status", "effective"], name="edition_in_force")]

    def __str__(self) -> str:
        return f"{self.procedure.code} {self.number}"

    @property
    def is_settled(self) -> bool:
        """Whether its text can no longer change."""
        return self.status in self.SETTLED

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_change_when_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if Edition.objects.filter(pk=self.pk, status__in=self.SETTLED).exists():
            raise PublishedEditionError(_("A published edition is kept; it can be withdrawn, never deleted."))
        return super().delete(*args, **kwargs)

    def _refuse_change_when_published(self) -> None:
        kept = [field.attname for field in self._meta.concrete_fields if field.attname not in self.MAY_STILL_CHANGE]
        stored = Edition.objects.filter(pk=self.pk, status__in=self.SETTLED).values(*kept).first() if self.pk else None
        if stored is None:
            return
        if self.status not in self.SETTLED or any(getattr(self, name) != value for name, value in stored.items()):
            raise PublishedEditionError(_("A published edition never changes; a change of the rules is a new edition."))


class EditionSignature(models.Model):
    """Who prepared, reviewed or approved an edition, over exactly which text; it is written once."""

    class Meaning(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        REVIEWED = "reviewed", _("reviewed")
        APPROVED = "approved", _("approved")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="signatures")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+", verbose_name=_("signed by"))
    position = models.CharField(_("signed as"), max_length=80)
    meaning = models.CharField(_("meaning"), max_length=10, choices=Meaning)
    signed_at = models.DateTimeField(_("signed at"))
    digest = models.CharField(_("digest of what was signed"), max_length=64)

    class Meta:
        verbose_name = _("signature of an edition")
        verbose_name_plural = _("signatures of editions")
        constraints = [
            models.UniqueConstraint(fields=["company", "edition", "meaning", "digest"], name="one_signature_per_text")
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.get_meaning_display()}"
