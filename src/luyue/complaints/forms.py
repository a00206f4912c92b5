"""What each action on a complaint asks, in the order of the paper forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from luyue.complaints import models as m
from luyue.products.forms import ProductLookup
from luyue.records.forms import (
    ActionForm,
    Chosen,
    Colleague,
    Customer,
    Day,
    DepartmentChoice,
    Instant,
    LongText,
    ShortText,
    YesNo,
)
from luyue.records.lengths import HowLong


class IntakeForm(ActionForm):
    party = Customer(label=_("customer"))
    contact_name = ShortText(label=_("contact"), max_length=120, required=False)
    contact_phone = ShortText(label=_("contact's phone"), max_length=60, required=False)
    channel = Chosen(m.Channel, label=_("channel"), initial=m.Channel.PHONE)
    written = YesNo(label=_("in writing"), initial=False)
    kind = Chosen(m.Kind, label=_("kind"), initial=m.Kind.COMPLAINT)
    topic = ShortText(label=_("topic"), required=False)
    against = ShortText(
        label=_("complained about"), required=False, help_text=_("Person, dealer or carrier, where there is one.")
    )
    what_happened = LongText(label=_("what happened"), help_text=_("In the customer's own words."))
    demand = LongText(label=_("what the customer asks for"), rows=2, required=False)
    complaint_reason = LongText(label=_("reason that the customer gives"), rows=2, required=False)
    product = ProductLookup(label=_("product"), required=False)
    product_name = ShortText(label=_("product as the customer names it"), required=False)
    specification = ShortText(label=_("specification"), required=False)
    batch = ShortText(label=_("batch"), max_length=60, required=False)
    quantity = forms.DecimalField(label=_("quantity"), max_digits=14, decimal_places=3, min_value=0, required=False)
    unit = ShortText(label=_("unit"), max_length=20, required=False)
    order_number = ShortText(label=_("order number"), max_length=60, required=False)
    material_number = ShortText(label=_("material number"), max_length=60, required=False)
    delivered_on = Day(label=_("delivery date"), required=False)
    site_address = ShortText(label=_("where the goods are"), max_length=300, required=False)
    wanted_arrival_at = Instant(label=_("arrival that the customer asks for"), required=False)


class TakeOverForm(ActionForm):
    outcome = ShortText(label=_("outcome"))
    answered_in_time = YesNo(label=_("answered in time"), required=False)
    disputed = YesNo(label=_("outcome disputed"), required=False)
    is_finished = YesNo(label=_("finished"), help_text=_("A case that still runs goes on here."))


class AnswerForm(ActionForm):
    first_answer = LongText(label=_("what was answered"))
    channel = Chosen(m.Channel, label=_("by"), initial=m.Channel.PHONE)


class ForwardForm(ActionForm):
    to_department = DepartmentChoice(label=_("to which department"))
    to_person = Colleague(label=_("to whom"), required=False)
    note = LongText(label=_("note"), rows=2, required=False)


class ClassifyForm(ActionForm):
    cause_class = Chosen(m.CauseClass, label=_("class by cause"))
    subject = Chosen(m.Subject, label=_("class by subject"))
    severity = Chosen(m.Severity, label=_("severity"))
    special = Chosen(m.Special, label=_("special handling"), initial=m.Special.NONE)
    charge = Chosen(m.Charge, label=_("charge"), required=False)
    on_site_needed = YesNo(label=_("visit on site needed"), initial=False)
    experts_needed = YesNo(label=_("experts needed on site"), initial=False)
    principle_matter = YesNo(label=_("matter of principle"), initial=False)


class LiaisonSlipForm(ActionForm):
    liaison_slip = LongText(label=_("liaison slip"), help_text=_("What the customer said, for the departments."))


class ConfirmFactsForm(ActionForm):
    reasonable = YesNo(label=_("objection reasonable"))
    note = LongText(label=_("how it was verified"), required=False)


class ProductionDetailsForm(ActionForm):
    production_unit = ShortText(label=_("producing unit"), max_length=120)
    production_staff = ShortText(label=_("producers"), required=False)
    produced_on = Day(label=_("production date"))
    sample_kept = ShortText(label=_("sample kept"), required=False)


class SendToSiteForm(ActionForm):
    person = Colleague(label=_("who goes"))
    wanted_arrival_at = Instant(
        label=_("arrival that the customer asks for"), required=False, help_text=_("Left empty, it stays as it was.")
    )
    planned_arrival_at = Instant(label=_("planned arrival on site"))
    travel_time = HowLong(label=_("planned travel time"), required=False)


class ArriveForm(ActionForm):
    finding = LongText(label=_("what was found on site"))


class SampleForm(ActionForm):
    sample_number = ShortText(label=_("sample number"), max_length=60)
    taken_with = ShortText(label=_("taken together with"))


class NoteForm(ActionForm):
    note = LongText(label=_("note"))


class FindingForm(ActionForm):
    finding = LongText(label=_("finding"))
    opinion = LongText(label=_("opinion"))
    agrees = YesNo(label=_("agrees with the others"), initial=True)


class InspectionForm(ActionForm):
    inspection_result = Chosen(m.InspectionResult, label=_("inspection result"))
    note = LongText(label=_("what was inspected and how"), required=False)


class ReasonForm(ActionForm):
    reason = LongText(label=_("reason"), rows=2)


class ResponsibilityForm(ActionForm):
    cause = LongText(label=_("cause found"))
    responsibility = Chosen(m.Responsibility, label=_("responsibility"))
    responsible_department = DepartmentChoice(label=_("responsible department"), required=False)
    departments_agree = YesNo(label=_("departments agree"), initial=True)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("responsibility") == m.Responsibility.OURS and not said.get("responsible_department"):
            raise ValidationError({"responsible_department": _("When the fault is ours, say which department's.")})
        return said


class DisagreementForm(ActionForm):
    disagreement = LongText(label=_("what the departments disagree about"))


class SettleDisagreementForm(ActionForm):
    decision = LongText(label=_("decision"))


class MeetingForm(ActionForm):
    meeting_decision = LongText(label=_("decision of the meeting"))
    tell_authority = YesNo(label=_("an authority must be told"), initial=False)


class AuthorityForm(ActionForm):
    authority = ShortText(label=_("which authority"))
    note = LongText(label=_("what was told"))


class RemedyForm(ActionForm):
    remedy = Chosen(m.Remedy, label=_("remedy"))
    remedy_detail = LongText(label=_("how the remedy is carried out"))
    settlement = forms.DecimalField(
        label=_("settlement (CNY)"), max_digits=14, decimal_places=2, min_value=0, initial=0
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("remedy") == m.Remedy.ALLOWANCE and not said.get("settlement"):
            raise ValidationError({"settlement": _("A sales allowance has an amount above 0.")})
        return said


class AgreementForm(ActionForm):
    customer_agrees = YesNo(label=_("customer agrees"))
    construction_party_agrees = YesNo(label=_("construction party agrees"), required=False)
    how = LongText(label=_("how and with whom it was agreed"), rows=2)


class ProgressForm(ActionForm):
    progress = LongText(label=_("what the customer was told"))
    channel = Chosen(m.Channel, label=_("by"), initial=m.Channel.PHONE)


class TellResultForm(ActionForm):
    result_told = LongText(label=_("result told to the customer"))
    channel = Chosen(m.Channel, label=_("by"), initial=m.Channel.LETTER)
    told_in_writing = YesNo(label=_("told in writing"), initial=True)


class AssignForm(ActionForm):
    to = Colleague(label=_("to whom"))
    note = LongText(label=_("note"), rows=2, required=False)


class ReturnedGoodsForm(ActionForm):
    goods_accepted = YesNo(label=_("returned goods accepted by inspection"))
    note = LongText(label=_("note"), rows=2, required=False)


class CarryOutForm(ActionForm):
    carried_out_detail = LongText(label=_("what was carried out"))


class RatingForm(ActionForm):
    service_rating = forms.IntegerField(label=_("rating of the service"), min_value=1, max_value=5)
    note = LongText(label=_("note"), rows=2, required=False)


class SatisfactionForm(ActionForm):
    satisfied_complainant = YesNo(label=_("complainant satisfied"))
    satisfied_respondent = YesNo(label=_("respondent satisfied"))
    satisfaction_note = LongText(label=_("what they said"), rows=2, required=False)


class CloseForm(ActionForm):
    summary = LongText(label=_("summary"), rows=2)


class VolumeForm(ActionForm):
    case_volume_year = forms.IntegerField(label=_("case volume of the year"), min_value=1990, max_value=2100)


class RaiseImprovementForm(ActionForm):
    problem = LongText(label=_("what must not happen again"))
    responsible = Colleague(label=_("who leads it"))
