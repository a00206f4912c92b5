"""Forms of actions: one and the same form checks the page, the API and the import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luyue.organization.models import Company, Department, Employee
from luyue.organization.prepared import Place, Prepared
from luyue.parties.models import Party
from luyue.records.models import Record

LONGEST_TEXT = 20_000
"""Characters of one text field."""


def refuse_unreadable(text: str) -> None:
    """Letters that no screen or paper shows cannot be kept; they come from damaged files and wrong encodings."""
    if not _UNREADABLE.search(text):
        return
    raise ValidationError(
        _("Some letters of this arrived damaged and cannot be kept; take them out or write the text anew.")
    )


_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
"""Control signs but tab and line break, halves of letters, and the sign that stands for what could not be read."""


class ActionForm(forms.Form):
    """What an action asks; choices are those of the company in which it is taken."""

    required_css_class = "required"

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, CompanyField):
                field.company = company

    def suit(self, record: Record) -> None:
        """Offer what stands on the record; a page asks for it, a program says what it means."""


class LongText(forms.CharField):
    """A text of several lines, at most 20,000 characters."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), validators=[refuse_unreadable], **kwargs)


class ShortText(forms.CharField):
    """A text of one line, at most 200 characters unless said otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(validators=[refuse_unreadable], **kwargs)


class Chosen(forms.ChoiceField):
    """One of the values of an enumeration; empty when it is not asked for."""

    def __init__(self, choices: type[models.TextChoices], **kwargs: Any) -> None:
        said = list(choices.choices)
        super().__init__(choices=said if kwargs.get("initial") else [("", _("— please choose —")), *said], **kwargs)


class YesNo(forms.TypedChoiceField):
    """Yes or no; “not known” is None and is offered only when an answer is not required."""

    def __init__(self, **kwargs: Any) -> None:
        required = kwargs.get("required", True)
        answers = [("yes", _("Yes")), ("no", _("No"))]
        super().__init__(
            choices=answers if required else [*answers, ("", _("Not known"))],
            coerce=lambda said: {"yes": True, "no": False}.get(said),
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python({True: "yes", False: "no", "true": "yes", "false": "no"}.get(value, value))

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class Instant(forms.DateTimeField):
    """A date and a time of the company's zone, between 1990 and 2100."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **kwargs
        )

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment and not 1990 <= moment.year <= 2100:
            raise ValidationError(_("%(day)s cannot be right; accepted are days from 1990 to 2100.") % {"day": moment})
        return moment


class Day(forms.DateField):
    """A date between 1990 and 2100."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not 1990 <= day.year <= 2100:
            raise ValidationError(_("%(day)s cannot be right; accepted are days from 1990 to 2100.") % {"day": day})
        return day


class CompanyField(forms.Field):
    """A field whose choices belong to one company."""

    company: Company


class Lookup(CompanyField, forms.CharField):
    """Something of the company found by its number or its exact name; the page suggests while one types."""

    model: type[models.Model]
    searched: tuple[str, ...] = ("number", "name")
    nothing_found = _("There is nothing named “%(said)s”.")
    kinds: dict[str, type[Lookup]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.kinds[str(cls.model._meta.model_name)] = cls

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(validators=[refuse_unreadable], **kwargs)
        self.widget.attrs.update({"data-lookup": self.model._meta.model_name, "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, self.model):
            return getattr(value, self.searched[0])
        return value

    def clean(self, value: Any) -> Any:
        if isinstance(value, self.model):
            return value
        said = super().clean(value)
        if not said:
            return None
        for name in self.searched:
            found = _called(self.model, name)(self.company.pk, said)
            if len(found) == 1:
                return found[0]
            if len(found) > 1:
                raise ValidationError(_("Several are named “%(said)s”; give the number.") % {"said": said})
        raise ValidationError(self.nothing_found % {"said": said}, code="nothing_found")

    def known(self, chosen: Any) -> Sequence[Mapping[str, str]]:
        """What is known of the chosen one that other fields ask, by their names; what goes together stands together."""
        return ()


@cache
def _called(model: type[models.Model], name: str) -> Prepared[Any]:
    """Those of a company whose field says just this; two are enough to know that it is not clear who is meant."""

    def called(company_id: Place, said: Place) -> models.QuerySet[Any]:
        return model._default_manager.filter(company_id=company_id, **{name: said})[:2]

    return Prepared(called)


class Customer(Lookup):
    model = Party
    nothing_found = _(
        "No customer is named or numbered “%(said)s”; choose one of the list or enter the customer first."
    )

    def known(self, chosen: Party) -> Sequence[Mapping[str, str]]:
        """Whom we call there, when there is only one."""
        contacts = list(chosen.contacts.order_by("pk")[:2])
        if len(contacts) != 1:
            return ()
        return [{"contact_name": contacts[0].name, "contact_phone": contacts[0].phone or chosen.phone}]


class CompanyChoice(CompanyField, forms.ChoiceField):
    """One of the company's own rows, chosen from a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._company: Company | None = None

    @property
    def company(self) -> Company:
        assert self._company is not None
        return self._company

    @company.setter
    def company(self, company: Company) -> None:
        self._company = company
        self.choices = lambda: [("", _("— please choose —")), *self.offered(company)]

    def offered(self, company: Company) -> Iterable[tuple[str, str]]:
        """What stands in the list: the key that is sent, and what a person reads."""
        raise NotImplementedError


class Colleague(CompanyChoice):
    """An employee of the company."""

    def offered(self, company: Company) -> Iterable[tuple[str, str]]:
        return ((str(each.pk), f"{each.name} · {each.department}") for each in _employed(company))

    def clean(self, value: Any) -> Any:
        if isinstance(value, Employee):
            return value
        said = super().clean(value)
        return _employed(self.company).get(pk=int(said)) if said else None

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Employee) else value


def _employed(company: Company) -> models.QuerySet[Employee]:
    return Employee.objects.filter(Q(left_on=None), company=company).select_related("department").order_by("name")


class DepartmentChoice(CompanyChoice):
    """A department of the company."""

    def offered(self, company: Company) -> Iterable[tuple[str, str]]:
        return ((each.code, str(each)) for each in Department.objects.filter(company=company, closed_on=None))

    def clean(self, value: Any) -> Any:
        if isinstance(value, Department):
            return value
        said = super().clean(value)
        return Department.objects.get(company=self.company, code=said) if said else None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Department) else value
