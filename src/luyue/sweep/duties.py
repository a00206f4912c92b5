"""How duties of the calendar look in somebody's work, and where one does them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luyue.desk import faces
from luyue.desk.presenting import clock_of, presents
from luyue.organization.models import Company
from luyue.parties.models import Party
from luyue.records import registry
from luyue.records.models import Obligation
from luyue.records.objections import Names
from luyue.rulebook.values import Text
from luyue.sweep.periods import control_of


@presents("attested")
def statement_duty(row: Obligation, names: Names, company: Company, now: datetime) -> faces.Duty:
    """A statement to be made, with what is to be stated."""
    address = reverse("sweep:attestation", args=[row.pk])
    return faces.Duty(
        verb=_("State that it was kept"),
        number=row.detail["period"],
        title=what_is_stated(row),
        url=address,
        action_url=address if row.is_owed else "",
        step=_("State it"),
        clause=f"{row.procedure} {row.clause}",
        clock=clock_of(row, company, now),
    )


@presents("cadence")
def cadence_duty(row: Obligation, names: Names, company: Company, now: datetime) -> faces.Duty:
    """Something to be done so many times in the period, with how often it was done already."""
    record_type = registry.record_type(row.does[0].partition(".")[0])
    register = reverse("desk:register", args=[record_type.slug])
    opens = record_type.opening_action.full_name(record_type.name) in row.does
    done = _("%(done)s of %(times)s done") % {"done": row.detail["done"], "times": row.detail["times"]}
    return faces.Duty(
        verb=names.action(row.does[0]),
        number=row.detail["period"],
        title=f"{done} · {_in_words(control_of(row).clause_text)}",
        url=register,
        action_url=reverse("desk:new", args=[record_type.slug]) if opens and row.is_owed else "",
        customer=_customer(row),
        clause=f"{row.procedure} {row.clause}",
        clock=clock_of(row, company, now),
    )


def what_is_stated(row: Obligation) -> str:
    """The sentence that the procedure puts into the mouth of whoever states it, else the clause itself."""
    bound = control_of(row)
    return _in_words(bound.control.states or bound.clause_text)


def _in_words(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


def _customer(row: Obligation) -> str:
    kind, _colon, pk = str(row.detail["subject"]).partition(":")
    if kind != "customer":
        return ""
    return str(Party.objects.filter(company_id=row.company_id, pk=int(pk)).first() or "")
