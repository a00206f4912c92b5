from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luyue.organization.models import Company, Department, Employee
from luyue.products.models import Product
from luyue.records.lengths import LengthField
from luyue.records.models import Record


class State(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    INVESTIGATING = "investigating", _("Being investigated")
    WAITING = "waiting", _("Waiting for the customer")
    DECIDING = "deciding", _("Remedy being decided")
    CARRYING_OUT = "carrying_out", _("Remedy being carried out")
    CONFIRMING = "confirming", _("Being confirmed with the customer")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the customer")
    VOID = "void", _("Void")


class Kind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    OPINION = "opinion", _("Opinion")
    SUGGESTION = "suggestion", _("Suggestion")
    RETURN_FOR_REWORK = "return_for_rework", _("Return for rework")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    LETTER = "letter", _("Letter")
    FAX = "fax", _("Fax")
    E_MAIL = "e_mail", pgettext_lazy("channel", "E-mail")
    VISIT = "visit", _("Visit")
    PORTAL = "portal", _("Customer portal")
    MESSAGE = "message", _("Message")
    WEB = "web", _("Website")
    REFERRAL = "referral", _("Passed on by an authority")


class CauseClass(models.TextChoices):
    QUALITY = "quality", _("Product quality")
    HANDLING = "handling", _("Not quality: transport, storage, handling")
    OTHER = "other", _("Other")


class Subject(models.TextChoices):
    PRODUCT_FUNCTION = "product_function", _("Product or function")
    PACKAGING = "packaging", _("Packaging")
    STAFF = "staff", _("Conduct of staff")
    DEALER = "dealer", _("Dealer or retailer")
    OTHER = "other", _("Other subject")


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")
    MAJOR = "major", _("Major")


class Special(models.TextChoices):
    NONE = "none", _("Ordinary")
    SPECIAL_CASE = "special_case", _("Special case")
    INDIVIDUAL_CASE = "individual_case", _("Individual case")


class Charge(models.TextChoices):
    FREE = "free", _("Free of charge")
    PAID = "paid", _("Paid service")


class InspectionResult(models.TextChoices):
    CONFORMING = "conforming", _("Conforming")
    NONCONFORMING = "nonconforming", _("Nonconforming")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")


class Responsibility(models.TextChoices):
    OURS = "ours", _("Our fault")
    HANDLING = "handling", _("Handling, transport or use")
    OTHER = "other", _("Other cause")
    NOT_OURS = "not_ours", _("Not our fault")


class Remedy(models.TextChoices):
    ANSWER = "answer", _("Answer")
    EXPLANATION = "explanation", _("Explanation of a misunderstanding")
    REWORK = "rework", _("Rework")
    REPAIR = "repair", _("Repair")
    EXCHANGE = "exchange", _("Exchange")
    RETURN = "return", _("Return")
    ALLOWANCE = "allowance", _("Sales allowance")


class AttachmentKind(models.TextChoices):
    ORIGINAL = "original", _("Original of the complaint")
    PHOTO = "photo", _("Photo")
    SITE_DATA = "site_data", _("Data from the site")
    INSPECTION_REPORT = "inspection_report", _("Inspection report")
    MINUTES = "minutes", _("Minutes of the meeting")
    REPLY_LETTER = "reply_letter", _("Reply letter")
    AGREEMENT = "agreement", _("Customer's agreement")
    OTHER = "other", _("Other paper")


class Complaint(Record):
    """A customer says that what we delivered is not what was promised."""

    State = State
    FINAL = frozenset({State.CLOSED.value, State.WITHDRAWN.value, State.VOID.value})
    NAMED_AFTER = ("what_happened",)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COMPLAINT)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    written = models.BooleanField(_("in writing"), default=False)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    against = models.CharField(_("complained about"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=60, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("product"), related_name="+"
    )
    product_name = models.CharField(_("product as the customer names it"), max_length=200, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    order_number = models.CharField(_("order number"), max_length=60, blank=True)
    material_number = models.CharField(_("material number"), max_length=60, blank=True)
    delivered_on = models.DateField(_("delivery date"), null=True, blank=True)
    what_happened = models.TextField(_("what happened"))
    demand = models.TextField(_("what the customer asks for"), blank=True)
    complaint_reason = models.TextField(_("reason that the customer gives"), blank=True)
    site_address = models.CharField(_("where the goods are"), max_length=300, blank=True)

    first_answer = models.TextField(_("first answer"), blank=True)
    liaison_slip = models.TextField(_("liaison slip"), blank=True)
    cause_class = models.CharField(_("class by cause"), max_length=20, choices=CauseClass, blank=True)
    subject = models.CharField(_("class by subject"), max_length=20, choices=Subject, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    special = models.CharField(_("special handling"), max_length=20, choices=Special, blank=True)
    charge = models.CharField(_("charge"), max_length=10, choices=Charge, blank=True)
    on_site_needed = models.BooleanField(_("visit on site needed"), null=True, blank=True)
    experts_needed = models.BooleanField(_("experts needed on site"), null=True, blank=True)
    principle_matter = models.BooleanField(_("matter of principle"), null=True, blank=True)
    repeats = models.ForeignKey(
        Record, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("repeats")
    )

    reasonable = models.BooleanField(_("objection reasonable"), null=True, blank=True)
    production_unit = models.CharField(_("producing unit"), max_length=120, blank=True)
    production_staff = models.CharField(_("producers"), max_length=200, blank=True)
    produced_on = models.DateField(_("production date"), null=True, blank=True)
    sample_kept = models.CharField(_("sample kept"), max_length=200, blank=True)
    wanted_arrival_at = models.DateTimeField(_("arrival that the customer asks for"), null=True, blank=True)
    travel_time = LengthField(_("planned travel time"), blank=True)
    planned_arrival_at = models.DateTimeField(_("planned arrival on site"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived on site"), null=True, blank=True)
    sample_number = models.CharField(_("sample number"), max_length=60, blank=True)
    inspection_result = models.CharField(_("inspection result"), max_length=20, choices=InspectionResult, blank=True)
    cause = models.TextField(_("cause found"), blank=True)
    responsibility = models.CharField(_("responsibility"), max_length=20, choices=Responsibility, blank=True)
    responsible_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    departments_agree = models.BooleanField(_("departments agree"), null=True, blank=True)
    disagreement = models.TextField(_("disagreement"), blank=True)
    meeting_decision = models.TextField(_("decision of the meeting"), blank=True)
    tell_authority = models.BooleanField(_("an authority must be told"), null=True, blank=True)

    remedy = models.CharField(_("remedy"), max_length=20, choices=Remedy, blank=True)
    remedy_detail = models.TextField(_("how the remedy is carried out"), blank=True)
    settlement = models.DecimalField(_("settlement (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    customer_agrees = models.BooleanField(_("customer agrees"), null=True, blank=True)
    construction_party_agrees = models.BooleanField(_("construction party agrees"), null=True, blank=True)
    result_told = models.TextField(_("result told to the customer"), blank=True)
    told_in_writing = models.BooleanField(_("told in writing"), null=True, blank=True)
    goods_accepted = models.BooleanField(_("returned goods accepted by inspection"), null=True, blank=True)
    carried_out_detail = models.TextField(_("what was carried out"), blank=True)
    service_rating = models.PositiveSmallIntegerField(_("rating of the service"), null=True, blank=True)
    satisfied_complainant = models.BooleanField(_("complainant satisfied"), null=True, blank=True)
    satisfied_respondent = models.BooleanField(_("respondent satisfied"), null=True, blank=True)
    satisfaction_note = models.TextField(_("what they said"), blank=True)
    case_volume_year = models.PositiveSmallIntegerField(_("case volume of the year"), null=True, blank=True)

    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    answered_in_time = models.BooleanField(_("answered in time"), null=True, blank=True)
    disputed = models.BooleanField(_("outcome disputed"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["severity"]),
            models.Index(fields=["cause_class"]),
            models.Index(fields=["channel"]),
            models.Index(fields=["product"]),
            models.Index(fields=["product_name"]),
        ]

    def subject_line(self) -> str:
        first_line = self.what_happened.strip().splitlines()[0] if self.what_happened.strip() else ""
        return first_line[:200]


class Finding(models.Model):
    """What one department found about a complaint, with its opinion."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="findings")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, verbose_name=_("department"))
    by = models.ForeignKey(Employee, on_delete=models.PROTECT, verbose_name=_("found by"))
    finding = models.TextField(_("finding"))
    opinion = models.TextField(_("opinion"), blank=True)
    agrees = models.BooleanField(_("agrees with the others"), default=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [models.Index(fields=["company", "complaint"])]

    def __str__(self) -> str:
        return f"{self.department}: {self.finding[:60]}"
