"""What a procedure's conditions about complaints may depend on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luyue.complaints.models import (
    CauseClass,
    Channel,
    Charge,
    Complaint,
    InspectionResult,
    Kind,
    Remedy,
    Responsibility,
    Severity,
    Special,
    Subject,
)
from luyue.parties.models import Market
from luyue.records.facts import Age, Choice, Date, Facts, Number, YesNo

facts = Facts(
    Complaint,
    market=Choice(Market, lambda complaint: complaint.party.market if complaint.party else "", _("customer's market")),
    channel=Choice(Channel, lambda complaint: complaint.channel),
    kind=Choice(Kind, lambda complaint: complaint.kind),
    written=YesNo(lambda complaint: complaint.written),
    delivered_on=Date(lambda complaint: complaint.delivered_on),
    age_of_goods=Age(
        lambda complaint: complaint.delivered_on,
        lambda complaint: complaint.received_on,
        _("time from delivery to complaint"),
    ),
    cause_class=Choice(CauseClass, lambda complaint: complaint.cause_class),
    subject=Choice(Subject, lambda complaint: complaint.subject),
    severity=Choice(Severity, lambda complaint: complaint.severity),
    special=Choice(Special, lambda complaint: complaint.special),
    charge=Choice(Charge, lambda complaint: complaint.charge),
    on_site_needed=YesNo(lambda complaint: complaint.on_site_needed),
    experts_needed=YesNo(lambda complaint: complaint.experts_needed),
    principle_matter=YesNo(lambda complaint: complaint.principle_matter),
    reasonable=YesNo(lambda complaint: complaint.reasonable),
    inspection_result=Choice(InspectionResult, lambda complaint: complaint.inspection_result),
    responsibility=Choice(Responsibility, lambda complaint: complaint.responsibility),
    departments_agree=YesNo(lambda complaint: complaint.departments_agree),
    remedy=Choice(Remedy, lambda complaint: complaint.remedy),
    settlement=Number("CNY", lambda complaint: complaint.settlement),
    distance_km=Number(
        "km",
        lambda complaint: complaint.party.distance_km if complaint.party else None,
        _("distance from the plant (km)"),
    ),
    repeated=YesNo(lambda complaint: complaint.repeats_id is not None, _("repeats an earlier complaint")),
    customer_agrees=YesNo(lambda complaint: complaint.customer_agrees),
    construction_party_agrees=YesNo(lambda complaint: complaint.construction_party_agrees),
    goods_accepted=YesNo(lambda complaint: complaint.goods_accepted),
    satisfied_complainant=YesNo(lambda complaint: complaint.satisfied_complainant),
    satisfied_respondent=YesNo(lambda complaint: complaint.satisfied_respondent),
    tell_authority=YesNo(lambda complaint: complaint.tell_authority),
    told_in_writing=YesNo(lambda complaint: complaint.told_in_writing),
)
