from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luyue.records.forms import LongText


class StatementForm(forms.Form):
    kept = forms.BooleanField(label=_("I state that this was kept in the period."))
    evidence = LongText(label=_("what shows it"), required=False)
    file = forms.FileField(label=_("file"), required=False)

    def __init__(self, *args: Any, needs_evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_evidence:
            self.fields["evidence"].help_text = _("The procedure asks for evidence: write it down or attach it.")
