from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something that the company calls by its own words, with its names in other languages beside it."""

    name = models.CharField(_("name"), max_length=120)
    name_hant = models.CharField(_("name in Traditional Chinese"), max_length=120, blank=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_the_readers_language(self.name, hant=self.name_hant, en=self.name_en)


def in_the_readers_language(said: str, *, hant: str, en: str) -> str:
    """What the company says, or its translation where there is one."""
    language = (get_language() or "").lower()
    if language.startswith("en"):
        return en or said
    return hant or said if language.startswith("zh-hant") else said


class Account(AbstractUser):
    """A person who can sign in; what the person may see follows from employments alone."""

    display_name = models.CharField(pgettext_lazy("person", "name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))])
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    password_is_initial = models.BooleanField(default=False, editable=False)
    last_company = models.ForeignKey(
        "Company", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_account_per_user_name"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_account_per_email"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class Company(Named):
    """The tenant: every row belongs to one company and nothing is ever seen across two."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    short_name_hant = models.CharField(_("short name in Traditional Chinese"), max_length=40, blank=True)
    short_name_en = models.CharField(_("English short name"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    calendar = models.JSONField(_("calendar"), default=dict, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    @property
    def called(self) -> str:
        """The short name, in the reader's language; in English rather the whole name than a Chinese one."""
        english = self.short_name_en or self.name_en
        return in_the_readers_language(self.short_name, hant=self.short_name_hant, en=english)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Department(Named):
    """A part of the company that owes work; a part of it may be a department of its own."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    code = models.SlugField(_("code"), max_length=60)
    abbreviation = models.CharField(_("abbreviation"), max_length=12, blank=True)
    closed_on = models.DateField(pgettext_lazy("organization", "closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_code_per_department")]


class Position(Named):
    """A post with duties; the procedures name posts, never persons."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="positions")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="positions"
    )
    code = models.SlugField(_("code"), max_length=60)
    closed_on = models.DateField(pgettext_lazy("organization", "closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_code_per_position")]


class Employee(models.Model):
    """A person's employment in one company; the same person may be employed in several."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="employees")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="employments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="employees")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "account"], condition=Q(left_on=None), name="one_employment_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_employed_on(self, day: date) -> bool:
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)


class Tenure(models.Model):
    """An employee holds a position from one day to another; several at once are usual."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="tenures")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="tenures")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("position held")
        verbose_name_plural = _("positions held")
        indexes = [models.Index(fields=["company", "employee"]), models.Index(fields=["company", "position"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="tenure_ends_after_it_begins"
            )
        ]


class Deputyship(models.Model):
    """For a stated period another employee acts for one who is away, in all positions or in one."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    absent = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="deputyships")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("deputyship")
        verbose_name_plural = _("deputyships")
        indexes = [
            models.Index(fields=["company", "deputy", "until"]),
            models.Index(fields=["company", "absent", "until"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="deputyship_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(deputy=F("absent")), name="nobody_deputises_for_himself"),
        ]
