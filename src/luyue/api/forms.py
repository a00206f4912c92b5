"""What somebody enters who makes a token for a program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luyue.api.tokens import LONGEST_DAYS, USUAL_DAYS
from luyue.records.forms import Day, ShortText


class TokenForm(forms.Form):
    """What the token is for, and until when it is good; a year unless said otherwise, five years at most."""

    name = ShortText(
        label=_("What it is for"), max_length=80, help_text=_("The program that uses it, such as the ERP system.")
    )
    expires_on = Day(label=_("Last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["expires_on"].initial = today + timedelta(days=USUAL_DAYS)

    def clean_expires_on(self) -> date:
        last: date = self.cleaned_data["expires_on"]
        if not self.today <= last <= self.today + timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError(_("Choose a day from today to five years ahead."))
        return last
