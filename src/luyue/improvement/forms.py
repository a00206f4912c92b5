"""What each action on an improvement asks, in the order of an 8D report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luyue.improvement import models as m
from luyue.records.forms import ActionForm, Chosen, Colleague, Day, LongText, YesNo


class Whys(forms.CharField):
    """A chain of causes, one a line, from what was seen to what the company can change; at most ten."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), max_length=5000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        said = super().clean("\n".join(map(str, value)) if isinstance(value, list) else value)
        whys = [line.strip() for line in said.splitlines() if line.strip()]
        if len(whys) > 10:
            raise ValidationError(_("A chain has at most ten steps; here are %(count)d.") % {"count": len(whys)})
        return whys


class RaiseForm(ActionForm):
    problem = LongText(label=_("what must not happen again"))
    kind = Chosen(m.Kind, label=_("kind"), initial=m.Kind.CORRECTIVE)
    origin = Chosen(m.Origin, label=_("origin"), initial=m.Origin.OWN)
    severity = Chosen(m.Severity, label=_("severity"), required=False)


class ContainForm(ActionForm):
    containment = LongText(label=_("containment"), help_text=_("Stock, goods in transit, and what the customer has."))


class CauseForm(ActionForm):
    whys = Whys(label=_("five whys"), help_text=_("One answer a line."))
    occurrence_cause = LongText(label=_("why it happened"), rows=2)
    escape_whys = Whys(label=_("five whys of the escape"), help_text=_("One answer a line."), required=False)
    escape_cause = LongText(label=_("why it was not found"), rows=2)
    fishbone = Chosen(m.Fishbone, label=_("kind of cause"))


class MeasureForm(ActionForm):
    what = LongText(label=_("what is done"), rows=2)
    responsible = Colleague(label=_("responsible"))
    due_on = Day(label=pgettext_lazy("measure", "due"))


class NumberedForm(ActionForm):
    number = forms.IntegerField(label=_("number of the measure"), min_value=1, max_value=999)
    evidence = LongText(label=_("evidence"))

    def suit(self, record: Any) -> None:
        """The measures that are not done yet, the first of them chosen."""
        waiting = record.measures.filter(done_at=None).select_related("responsible").order_by("number")
        offered = [(each.number, f"{each.number}. {each.what[:60]} · {each.responsible.name}") for each in waiting]
        self.fields["number"].widget = forms.Select(choices=offered)


class VerifyForm(ActionForm):
    effective = YesNo(label=_("effective"))
    effect_evidence = LongText(label=_("evidence of the effect"))


class RecurrenceForm(ActionForm):
    recurrence = LongText(label=_("recurrence"))
