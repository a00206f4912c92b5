from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luyue.complaints import actions as a
from luyue.complaints.facts import facts
from luyue.complaints.models import AttachmentKind, Complaint
from luyue.records import registry
from luyue.records.record_types import Panel, RecordType

complaints = RecordType(
    Complaint,
    title=_("Customer complaints"),
    slug="complaints",
    icon="message-report",
    facts=facts,
    actions=[
        a.register,
        a.give_first_answer,
        a.forward,
        a.classify,
        a.fill_in_liaison_slip,
        a.confirm_facts,
        a.add_production_details,
        a.send_to_site,
        a.arrive_on_site,
        a.sample_jointly,
        a.give_data_in_writing,
        a.record_finding,
        a.record_inspection,
        a.wait_for_customer,
        a.resume,
        a.report_disagreement,
        a.settle_disagreement,
        a.hold_meeting,
        a.notify_authority,
        a.determine_responsibility,
        a.report_upwards,
        a.propose_remedy,
        a.agree_with_customer,
        a.decide_remedy,
        a.tell_progress,
        a.tell_result,
        a.assign,
        a.inspect_returned_goods,
        a.carry_out,
        a.appraise_service,
        a.ask_satisfaction,
        a.reopen,
        a.close,
        a.reward_suggestion,
        a.bind_in_volume,
        a.raise_improvement,
        a.withdraw,
    ],
    register=["number", "party", "title", "severity", "state", "owner", "nearest_due_at"],
    filters=[
        "state", "severity", "cause_class", "subject", "special", "channel", "kind", "responsibility", "remedy",
        "owner", "department", "party", "product", "opened_at",
    ],  # fmt: skip
    panels=[
        Panel(
            _("The complaint"),
            [
                "party", "contact_name", "contact_phone", "channel", "written", "kind", "product", "product_name",
                "specification", "batch", "quantity", "unit", "order_number", "material_number", "delivered_on",
                "what_happened", "demand", "complaint_reason", "site_address", "repeats",
            ],
        ),
        Panel(
            _("Classification"),
            [
                "cause_class", "subject", "severity", "special", "charge", "on_site_needed", "experts_needed",
                "principle_matter",
            ],
        ),
        Panel(
            _("Investigation"),
            [
                "first_answer", "liaison_slip", "reasonable", "production_unit", "production_staff", "produced_on",
                "sample_kept", "planned_arrival_at", "arrived_at", "sample_number", "inspection_result", "cause",
                "responsibility", "responsible_department", "departments_agree", "disagreement", "meeting_decision",
                "tell_authority",
            ],
        ),
        Panel(
            _("Remedy"),
            [
                "remedy", "remedy_detail", "settlement", "customer_agrees", "construction_party_agrees", "result_told",
                "told_in_writing", "goods_accepted", "carried_out_detail", "service_rating",
            ],
        ),
        Panel(
            _("Outcome"),
            ["satisfied_complainant", "satisfied_respondent", "satisfaction_note", "case_volume_year"],
        ),
    ],
    attachment_kinds=AttachmentKind,
    date_facts=["received_on", "delivered_on", "planned_arrival_at"],
    thresholds=["repeat-window", "individual-case-after"],
    children=["findings"],
)  # fmt: skip
registry.register(complaints)
