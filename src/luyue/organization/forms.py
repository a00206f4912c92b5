"""What the administrator and the employee enter; the verbs of the area decide whether it may be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from luyue.organization.models import Account, Company, Department, Employee, Position
from luyue.organization.refusals import StaffError
from luyue.worktime import CalendarError, Shift
from luyue.worktime.calendar_mapping import WEEKDAYS
from luyue.worktime.shifts import in_order

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def carried_out(form: forms.BaseForm, deed: Callable[[], object]) -> bool:
    """Do what the form asks; a refusal stands in the form, at the field that it concerns."""
    if not form.is_valid():
        return False
    try:
        deed()
    except StaffError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: _StrPromise, *, required: bool = True, help_text: _StrPromise | str = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DayInput())


def _offer(form: forms.Form, name: str, among: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = among
    if field.empty_label is not None:
        field.empty_label = _("— please choose —")


def _call_nothing(form: forms.Form, name: str, words: str) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.empty_label = words


class NamedForm(forms.Form):
    """A name, and the names that readers of other languages see in its place."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    name_hant = forms.CharField(label=gettext_lazy("Name in Traditional Chinese"), max_length=120, required=False)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=120, required=False)


class CompanyForm(NamedForm):
    """What a company is called."""

    short_name = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy("Stands in record numbers, where the procedure says so."),
    )
    short_name_hant = forms.CharField(
        label=gettext_lazy("Short name in Traditional Chinese"), max_length=40, required=False
    )
    short_name_en = forms.CharField(label=gettext_lazy("English short name"), max_length=40, required=False)


class DepartmentForm(NamedForm):
    """What a department is called and of which other it is a part."""

    abbreviation = forms.CharField(
        label=gettext_lazy("Abbreviation"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("Stands in record numbers, such as QC."),
    )
    parent = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Part of"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "parent", open_departments(company))
        _call_nothing(self, "parent", _("the company itself"))


class PositionForm(NamedForm):
    """What a position is called and to which department it belongs."""

    department = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Department"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "department", open_departments(company))
        _call_nothing(self, "department", _("of no department"))


class Coded(forms.Form):
    """A code is chosen once, as the procedures name departments and positions by it."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=60,
        help_text=gettext_lazy("Letters, digits, - and _; the procedures refer to it, so it is never changed."),
    )


class NewDepartmentForm(Coded, DepartmentForm):
    """A department that does not exist yet."""

    field_order = ["code", "name", "name_hant", "name_en", "abbreviation", "parent"]


class NewPositionForm(Coded, PositionForm):
    """A position that does not exist yet."""

    field_order = ["code", "name", "name_hant", "name_en", "department"]


class CloseForm(forms.Form):
    """From which day on something is closed."""

    on = _day(pgettext_lazy("organization", "Closed on"))


def open_departments(company: Company) -> QuerySet[Department]:
    return Department.objects.filter(company=company, closed_on=None).order_by("name")


class EmployeeForm(forms.Form):
    """What the company knows of an employee."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    department = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Department"))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, help_text=gettext_lazy("Can be used to sign in as well.")
    )
    is_administrator = forms.BooleanField(
        label=gettext_lazy("Administrator of the company"),
        required=False,
        help_text=gettext_lazy("May change departments, positions, employees, deputies and the calendar."),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "department", open_departments(company))


def _staff(company: Company, today: date) -> QuerySet[Employee]:
    """Those who have not left by today."""
    return Employee.objects.filter(company=company).exclude(left_on__lt=today)


class HireForm(EmployeeForm):
    """A new employee, with the account to sign in."""

    user_name = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        validators=Account._meta.get_field("username").validators,
        help_text=gettext_lazy("To sign in with; letters, digits and @ . + - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Initial password"),
        required=False,
        help_text=gettext_lazy(
            "At least 10 characters; must be changed at the first sign-in. "
            "Leave it empty for a person who already has an account."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    joined_on = _day(gettext_lazy("Joins on"))

    field_order = ["name", "user_name", "password", "department", "joined_on", "phone", "email", "is_administrator"]


class GivePositionForm(forms.Form):
    """Which position from when to when."""

    position = forms.ModelChoiceField(Position.objects.none(), label=gettext_lazy("Position"))
    since = _day(pgettext_lazy("first day", "From"))
    until = _day(
        pgettext_lazy("last day", "To"), required=False, help_text=gettext_lazy("Leave empty for an open end.")
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "position", Position.objects.filter(company=company, closed_on=None).order_by("name"))


class EndPositionForm(forms.Form):
    """The last day on which a position is held."""

    until = _day(gettext_lazy("Last day"))


class LeaveForm(forms.Form):
    """The last day of an employment."""

    left_on = _day(gettext_lazy("Last day"))


class PasswordForm(forms.Form):
    """A new first password, set by the administrator."""

    password = forms.CharField(
        label=gettext_lazy("New initial password"),
        help_text=gettext_lazy("At least 10 characters; must be changed at the next sign-in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AbsenceForm(forms.Form):
    """Who acts for someone who is away, from when to when."""

    deputy = forms.ModelChoiceField(Employee.objects.none(), label=gettext_lazy("Deputy"))
    position = forms.ModelChoiceField(Position.objects.none(), label=gettext_lazy("In the position"), required=False)
    since = _day(pgettext_lazy("first day", "From"))
    until = _day(pgettext_lazy("last day", "To"))
    reason = forms.CharField(label=gettext_lazy("Reason for the absence"), max_length=200, required=False)

    def __init__(self, *args: Any, company: Company, today: date, absent: Employee | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = _staff(company, today)
        positions = Position.objects.filter(company=company, closed_on=None)
        if absent is not None:
            staff = staff.exclude(pk=absent.pk)
            positions = positions.filter(tenures__employee=absent).distinct()
        _offer(self, "deputy", staff.order_by("name"))
        _offer(self, "position", positions.order_by("name"))
        _call_nothing(self, "position", _("In all positions"))


class DeputyForm(AbsenceForm):
    """The same, entered by the administrator for anyone."""

    absent = forms.ModelChoiceField(Employee.objects.none(), label=gettext_lazy("Absent"))

    field_order = ["absent", "deputy", "position", "since", "until", "reason"]

    def __init__(self, *args: Any, company: Company, today: date, **kwargs: Any) -> None:
        super().__init__(*args, company=company, today=today, absent=None, **kwargs)
        _offer(self, "absent", _staff(company, today).order_by("name"))


def _languages() -> list[tuple[str, str]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


def _themes() -> list[tuple[str, str]]:
    return [("", _("As the device is set")), ("light", _("Light")), ("dark", _("Dark"))]


class MyAccountForm(forms.ModelForm[Account]):
    """How a person is addressed and how the pages look."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=_languages)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, choices=_themes)

    class Meta:
        model = Account
        fields = ["display_name", "language", "theme"]


class CalendarForm(forms.Form):
    """The week, the public days and the company's own days, as text that a calendar is read from."""

    mon = forms.CharField(label=gettext_lazy("Monday"), required=False)
    tue = forms.CharField(label=gettext_lazy("Tuesday"), required=False)
    wed = forms.CharField(label=gettext_lazy("Wednesday"), required=False)
    thu = forms.CharField(label=gettext_lazy("Thursday"), required=False)
    fri = forms.CharField(label=gettext_lazy("Friday"), required=False)
    sat = forms.CharField(label=gettext_lazy("Saturday"), required=False)
    sun = forms.CharField(label=gettext_lazy("Sunday"), required=False)
    public = forms.BooleanField(
        label=gettext_lazy("Public holidays and make-up working days of China"),
        required=False,
    )
    closes_at_business_end = forms.BooleanField(
        label=gettext_lazy("A period in working days ends at the close of business"),
        required=False,
        help_text=gettext_lazy("Otherwise it ends at 24:00 of its last day."),
    )
    days_off = forms.CharField(
        label=gettext_lazy("Own days off"),
        required=False,
        help_text=gettext_lazy("One day per line, such as 2026-08-03."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    working_days = forms.CharField(
        label=gettext_lazy("Own working days"),
        required=False,
        help_text=gettext_lazy(
            "One day per line, with its shifts when they differ from the ordinary ones: 2026-08-08 08:00-12:00."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    @classmethod
    def initial_of(cls, written: dict[str, Any]) -> dict[str, object]:
        """The fields as they show a calendar that stands written."""
        week = written["week"]
        own = written["working_days"]
        return {
            **{day: ", ".join(week.get(day, [])) for day in WEEKDAYS},
            "public": written["public"] == "cn",
            "closes_at_business_end": written["closes_at_business_end"],
            "days_off": "\n".join(written["days_off"]),
            "working_days": "\n".join(" ".join([day["date"], ", ".join(day.get("shifts", []))]).strip() for day in own),
        }

    @property
    def weekdays(self) -> list[BoundField]:
        return [self[day] for day in WEEKDAYS]

    @property
    def other_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in WEEKDAYS]

    def clean(self) -> dict[str, object]:
        entered = super().clean() or {}
        self._week = {day: self._read(day, lambda text: _shifts(text)) for day in WEEKDAYS}
        if not self.errors and not any(self._week.values()):
            self.add_error("mon", _("No day of the week has a shift; enter at least one, such as 08:00-12:00."))
        self._days_off = self._read("days_off", lambda text: [_date(line).isoformat() for line in _lines(text)]) or []
        self._working_days = self._read("working_days", lambda text: [_own_day(line) for line in _lines(text)]) or []
        for day in {own["date"] for own in self._working_days} & set(self._days_off):
            self.add_error(
                "working_days", _("%(day)s is also listed as a day off; keep one of the two.") % {"day": day}
            )
        return entered

    def mapping(self, *, notices: list[object]) -> dict[str, object]:
        """The calendar as it is kept; the notices loaded before stay as long as public days count."""
        follows_the_state = self.cleaned_data["public"]
        mapping: dict[str, object] = {
            "week": {day: shifts for day, shifts in self._week.items() if shifts},
            "public": "cn" if follows_the_state else "none",
            "days_off": sorted(set(self._days_off)),
            "working_days": sorted(self._working_days, key=lambda own: str(own["date"])),
            "closes_at_business_end": self.cleaned_data["closes_at_business_end"],
        }
        if notices and follows_the_state:
            mapping["notices"] = notices
        return mapping

    def _read(self, name: str, read: Callable[[str], list]) -> list:
        try:
            return read(self.cleaned_data.get(name) or "")
        except forms.ValidationError as error:
            self.add_error(name, error)
            return []


class NoticeForm(forms.Form):
    """The yearly notice of the State Council, as a file."""

    notice = forms.FileField(
        label=gettext_lazy("File with the notice"),
        help_text=gettext_lazy("JSON with year and days: name, date, isOffDay."),
    )

    def clean_notice(self) -> object:
        file = self.cleaned_data["notice"]
        if file.size > 200_000:
            raise forms.ValidationError(_("This file is too large to be a notice."))
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except ValueError as error:
            raise forms.ValidationError(_("This file is not JSON.")) from error


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _shifts(text: str) -> list[str]:
    words = text.replace("，", ",").replace("、", ",").replace("–", "-").replace("：", ":").replace(";", ",")
    parts = [part for part in words.replace(",", " ").split() if part]
    try:
        return [str(shift) for shift in in_order(Shift.parse(part) for part in parts)]
    except CalendarError as error:
        raise forms.ValidationError(
            _("“%(text)s” is not a list of shifts; write for example 08:00-12:00, 13:00-17:00 without overlaps.")
            % {"text": text}
        ) from error


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise forms.ValidationError(_("“%(text)s” is not a date such as 2026-08-03.") % {"text": text}) from error


def _own_day(line: str) -> dict[str, object]:
    day, _space, shifts = line.partition(" ")
    own: dict[str, object] = {"date": _date(day).isoformat()}
    if shifts.strip():
        own["shifts"] = _shifts(shifts)
    return own
