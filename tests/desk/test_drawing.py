"""Controls are drawn quickly, and exactly as Django draws them."""

from __future__ import annotations

from datetime import date

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from luyue.desk.drawing import DRAWN, Drawing

CHOICES = [("", "—"), ("a", "A & B"), (3, gettext_lazy("Yes")), ("Group <1>", [("c", mark_safe("<b>C</b>"))])]


class Everything(forms.Form):
    words = forms.CharField(max_length=40, label="Words", widget=forms.TextInput(attrs={"data-x": '"', "hidden": True}))
    count = forms.IntegerField(min_value=0, required=False)
    mail = forms.EmailField(required=False)
    place = forms.URLField(required=False, assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(required=False)
    moment = forms.DateTimeField(required=False)
    ticked = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES, required=False)
    some = forms.MultipleChoiceField(choices=CHOICES, required=False)
    boxes = forms.MultipleChoiceField(choices=CHOICES[:3], widget=forms.CheckboxSelectMultiple, required=False)
    dots = forms.ChoiceField(choices=CHOICES[:3], widget=forms.RadioSelect, required=False)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "disabled": False}), required=False)


SAID = {
    "words": "<i>'\"&", "count": "1200", "mail": "a@b", "place": "x", "secret": "s", "kept": "k", "day": "2026-01-05",
    "moment": "2026-01-05 10:00", "ticked": "on", "one": "3", "some": ["a", "c"], "boxes": ["a"], "dots": "3",
    "long": "two\nlines & <more>",
}  # fmt: skip


def _drawn(form: forms.Form) -> list[str]:
    singles = [str(bound) for bound in form]
    options = [*form["boxes"], *form["dots"]]
    return singles + [option.tag(wrap_label=wrap) for wrap in (True, False) for option in options]


def test_each_control_is_letter_for_letter_what_django_draws() -> None:
    begun = {"count": 1200, "day": date(2026, 1, 5), "ticked": True}
    for said, initial in ((None, None), (SAID, None), (None, begun)):
        ours = Everything(said, initial=initial, renderer=Drawing())
        theirs = Everything(said, initial=initial, renderer=DjangoTemplates())
        assert _drawn(ours) == _drawn(theirs)


def test_the_controls_drawn_are_still_django_s() -> None:
    for name in DRAWN:
        assert DjangoTemplates().get_template(name)
