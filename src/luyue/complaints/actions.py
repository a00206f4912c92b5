"""What may happen to a complaint, in the order in which it usually does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luyue.complaints import forms
from luyue.complaints.models import (
    CauseClass,
    Channel,
    Charge,
    Complaint,
    Finding,
    InspectionResult,
    Kind,
    Remedy,
    Responsibility,
    Severity,
    Special,
    State,
    Subject,
)
from luyue.complaints.repetition import earlier_like, refuse_ordinary_handling
from luyue.improvement.actions import raise_improvement as raise_an_improvement
from luyue.improvement.models import Improvement, Origin
from luyue.organization.models import Department, Employee
from luyue.parties.models import Party
from luyue.products.models import Product
from luyue.records import clock
from luyue.records.actions import action
from luyue.records.linking import link
from luyue.records.models import Link
from luyue.records.refusing import Refusal, Refused

IN_WORK = [State.REGISTERED, State.INVESTIGATING, State.WAITING, State.DECIDING, State.CARRYING_OUT, State.CONFIRMING]


def remedy_is_proposed(complaint: Complaint) -> Refusal | None:
    if complaint.remedy:
        return None
    return Refusal("no_remedy", _g("No remedy has been proposed yet."), first="propose_remedy")


def satisfaction_is_known(complaint: Complaint) -> Refusal | None:
    if complaint.satisfied_complainant is False:
        return Refusal("not_satisfied", _g("The complainant is not satisfied: reopen the case instead."))
    return None


@action(opens=Complaint, to=State.REGISTERED, label=_("Register"), form=forms.IntakeForm)
def register(
    complaint: Complaint,
    *,
    by: Employee,
    party: Party,
    what_happened: str,
    channel: Channel | str,
    written: bool = False,
    kind: Kind | str = Kind.COMPLAINT,
    topic: str = "",
    against: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    demand: str = "",
    complaint_reason: str = "",
    product: Product | None = None,
    product_name: str = "",
    specification: str = "",
    batch: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    order_number: str = "",
    material_number: str = "",
    delivered_on: date | None = None,
    site_address: str = "",
    wanted_arrival_at: datetime | None = None,
) -> None:
    """Take the complaint down as the customer tells it."""
    complaint.party, complaint.kind, complaint.channel, complaint.written = party, kind, channel, written
    complaint.topic, complaint.against = topic, against
    complaint.what_happened, complaint.demand, complaint.complaint_reason = what_happened, demand, complaint_reason
    complaint.contact_name, complaint.contact_phone = contact_name, contact_phone
    complaint.product, complaint.product_name = product, product_name or (product.name if product else "")
    complaint.specification = specification or (product.specification if product else "")
    complaint.batch, complaint.quantity = batch, quantity
    complaint.unit = unit or (product.unit if product else "")
    complaint.order_number, complaint.material_number = order_number, material_number
    complaint.delivered_on, complaint.site_address = delivered_on, site_address
    complaint.wanted_arrival_at = wanted_arrival_at
    complaint.received_on = complaint.opened_at.astimezone(complaint.company.zone).date()
    complaint.repeats = earlier_like(complaint)


@action(at=IN_WORK, label=_("Give first answer"), form=forms.AnswerForm)
def give_first_answer(complaint: Complaint, *, by: Employee, first_answer: str, channel: Channel | str) -> None:
    """Tell the customer that the complaint has arrived and what happens next; promise nothing yet."""
    complaint.first_answer = first_answer


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Forward"), form=forms.ForwardForm)
def forward(
    complaint: Complaint,
    *,
    by: Employee,
    to_department: Department,
    to_person: Employee | None = None,
    note: str = "",
) -> None:
    """Hand the case to the department that is responsible for such complaints."""
    complaint.department = to_department
    if to_person is not None:
        complaint.owner = to_person


@action(
    at=[State.REGISTERED, State.INVESTIGATING], to=State.INVESTIGATING, label=_("Classify"), form=forms.ClassifyForm
)
def classify(
    complaint: Complaint,
    *,
    by: Employee,
    cause_class: CauseClass | str,
    subject: Subject | str,
    severity: Severity | str,
    special: Special | str = Special.NONE,
    charge: Charge | str = "",
    on_site_needed: bool = False,
    experts_needed: bool = False,
    principle_matter: bool = False,
) -> None:
    """Say what kind it is and how grave; the procedure decides where it goes."""
    complaint.cause_class, complaint.subject, complaint.severity = cause_class, subject, severity
    complaint.special, complaint.charge = special, charge
    complaint.on_site_needed, complaint.experts_needed = on_site_needed, experts_needed
    complaint.principle_matter = principle_matter
    refuse_ordinary_handling(complaint)


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Fill in liaison slip"), form=forms.LiaisonSlipForm)
def fill_in_liaison_slip(complaint: Complaint, *, by: Employee, liaison_slip: str) -> None:
    """Write down what the customer said by word of mouth, for the departments concerned."""
    complaint.liaison_slip = liaison_slip


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Confirm the facts"), form=forms.ConfirmFactsForm)
def confirm_facts(complaint: Complaint, *, by: Employee, reasonable: bool, note: str = "") -> None:
    """Verify with the departments what the customer says and how the goods were used."""
    complaint.reasonable = reasonable


@action(at=[State.INVESTIGATING], label=_("Add production details"), form=forms.ProductionDetailsForm)
def add_production_details(
    complaint: Complaint,
    *,
    by: Employee,
    production_unit: str,
    produced_on: date,
    production_staff: str = "",
    sample_kept: str = "",
) -> None:
    """Say which unit made the goods, when, and which sample was kept."""
    complaint.production_unit, complaint.production_staff = production_unit, production_staff
    complaint.produced_on, complaint.sample_kept = produced_on, sample_kept


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Send someone to the site"), form=forms.SendToSiteForm)
def send_to_site(
    complaint: Complaint,
    *,
    by: Employee,
    person: Employee,
    planned_arrival_at: datetime,
    travel_time: str = "",
    wanted_arrival_at: datetime | None = None,
) -> None:
    """Name who goes to the customer's site, when he or she will be there and how long the way takes."""
    complaint.planned_arrival_at, complaint.travel_time = planned_arrival_at, travel_time
    complaint.wanted_arrival_at = wanted_arrival_at or complaint.wanted_arrival_at
    complaint.on_site_needed = True


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Arrive on site"), form=forms.ArriveForm)
def arrive_on_site(complaint: Complaint, *, by: Employee, finding: str) -> None:
    """State that our person is on site, and what was found there."""
    complaint.arrived_at = clock.now()
    _keep_finding(complaint, by, finding, "", agrees=True)


@action(at=[State.INVESTIGATING], label=_("Take samples jointly"), form=forms.SampleForm)
def sample_jointly(complaint: Complaint, *, by: Employee, sample_number: str, taken_with: str) -> None:
    """Take samples together with the customer or the construction unit."""
    complaint.sample_number = sample_number


@action(at=[State.INVESTIGATING], label=_("Give the data in writing"), form=forms.NoteForm)
def give_data_in_writing(complaint: Complaint, *, by: Employee, note: str) -> None:
    """Hand the customer the data taken on site, in writing."""


@action(at=[State.INVESTIGATING], label=_("Record finding"), form=forms.FindingForm)
def record_finding(complaint: Complaint, *, by: Employee, finding: str, opinion: str, agrees: bool = True) -> None:
    """Write down what your department found, and its opinion."""
    _keep_finding(complaint, by, finding, opinion, agrees=agrees)


@action(at=[State.INVESTIGATING], label=_("Record inspection"), form=forms.InspectionForm)
def record_inspection(
    complaint: Complaint, *, by: Employee, inspection_result: InspectionResult | str, note: str = ""
) -> None:
    """Write down what the inspection of the goods complained about has shown."""
    complaint.inspection_result = inspection_result


@action(at=[State.INVESTIGATING], to=State.WAITING, label=_("Wait for the customer"), form=forms.ReasonForm)
def wait_for_customer(complaint: Complaint, *, by: Employee, reason: str) -> None:
    """Say what is asked of the customer; clocks that the procedure lets pause stand still meanwhile."""


@action(at=[State.WAITING], to=State.INVESTIGATING, label=_("Go on"), form=forms.NoteForm)
def resume(complaint: Complaint, *, by: Employee, note: str) -> None:
    """The customer has supplied what was asked; the clocks run on."""


@action(at=[State.INVESTIGATING, State.DECIDING], label=_("Report disagreement"), form=forms.DisagreementForm)
def report_disagreement(complaint: Complaint, *, by: Employee, disagreement: str) -> None:
    """Submit to the next level what the departments cannot agree about."""
    complaint.disagreement, complaint.departments_agree = disagreement, False


@action(at=[State.INVESTIGATING, State.DECIDING], label=_("Settle disagreement"), form=forms.SettleDisagreementForm)
def settle_disagreement(complaint: Complaint, *, by: Employee, decision: str) -> None:
    """Decide what the departments could not agree about."""
    complaint.departments_agree = True


@action(at=[State.INVESTIGATING, State.DECIDING], label=_("Hold a meeting"), form=forms.MeetingForm)
def hold_meeting(complaint: Complaint, *, by: Employee, meeting_decision: str, tell_authority: bool = False) -> None:
    """Record what the company's meeting decided, and whether an authority must be told."""
    complaint.meeting_decision, complaint.tell_authority = meeting_decision, tell_authority


@action(at=IN_WORK, label=_("Notify authority"), form=forms.AuthorityForm)
def notify_authority(complaint: Complaint, *, by: Employee, authority: str, note: str) -> None:
    """Tell the authority what the meeting decided that it must be told."""


@action(at=[State.INVESTIGATING], to=State.DECIDING, label=_("Determine responsibility"), form=forms.ResponsibilityForm)
def determine_responsibility(
    complaint: Complaint,
    *,
    by: Employee,
    cause: str,
    responsibility: Responsibility | str,
    responsible_department: Department | None = None,
    departments_agree: bool = True,
) -> None:
    """State the cause and whose fault it is."""
    if departments_agree and complaint.departments_agree is not True:
        _refuse_to_pass_over_disagreement(complaint)
    complaint.cause, complaint.responsibility = cause, responsibility
    complaint.responsible_department, complaint.departments_agree = responsible_department, departments_agree


@action(at=[*IN_WORK, State.CLOSED], label=_("Report upwards"), form=forms.NoteForm)
def report_upwards(complaint: Complaint, *, by: Employee, note: str) -> None:
    """Report an unsolved question, or the result, to the superior."""


@action(at=[State.DECIDING], label=_("Propose remedy"), form=forms.RemedyForm)
def propose_remedy(
    complaint: Complaint,
    *,
    by: Employee,
    remedy: Remedy | str,
    remedy_detail: str,
    settlement: Decimal = Decimal(0),
) -> None:
    """Put forward what the customer should be offered; it goes to those who sign."""
    complaint.remedy, complaint.remedy_detail, complaint.settlement = remedy, remedy_detail, settlement
    complaint.customer_agrees = complaint.construction_party_agrees = complaint.goods_accepted = None


@action(at=[State.DECIDING], label=_("Agree with customer"), form=forms.AgreementForm, checks=[remedy_is_proposed])
def agree_with_customer(
    complaint: Complaint,
    *,
    by: Employee,
    customer_agrees: bool,
    how: str,
    construction_party_agrees: bool | None = None,
) -> None:
    """Record whether the customer, and the construction party where there is one, accept the plan."""
    complaint.customer_agrees, complaint.construction_party_agrees = customer_agrees, construction_party_agrees


@action(at=[State.DECIDING], to=State.CARRYING_OUT, label=_("Decide remedy"), checks=[remedy_is_proposed])
def decide_remedy(complaint: Complaint, *, by: Employee) -> None:
    """Fix what the customer is offered. Nothing may be promised before this."""


@action(at=IN_WORK, label=_("Tell progress"), form=forms.ProgressForm)
def tell_progress(complaint: Complaint, *, by: Employee, progress: str, channel: Channel | str) -> None:
    """Tell the customer how far the case has come, without promising a remedy."""


@action(at=[State.CARRYING_OUT, State.CONFIRMING], label=_("Tell the result"), form=forms.TellResultForm)
def tell_result(
    complaint: Complaint, *, by: Employee, result_told: str, channel: Channel | str, told_in_writing: bool = True
) -> None:
    """Tell the customer what was decided; in principle by letter."""
    complaint.result_told, complaint.told_in_writing = result_told, told_in_writing


@action(at=IN_WORK, label=_("Assign"), form=forms.AssignForm)
def assign(complaint: Complaint, *, by: Employee, to: Employee, note: str = "") -> None:
    """Hand the material to one person who sees it through."""
    complaint.owner = to
    complaint.department = to.department


@action(at=[State.CARRYING_OUT, State.CONFIRMING], label=_("Inspect returned goods"), form=forms.ReturnedGoodsForm)
def inspect_returned_goods(complaint: Complaint, *, by: Employee, goods_accepted: bool, note: str = "") -> None:
    """Inspect goods that came back, before they may enter the store."""
    complaint.goods_accepted = goods_accepted


@action(at=[State.CARRYING_OUT], to=State.CONFIRMING, label=_("Carry out"), form=forms.CarryOutForm)
def carry_out(complaint: Complaint, *, by: Employee, carried_out_detail: str) -> None:
    """State that the remedy has been carried out, and how."""
    complaint.carried_out_detail = carried_out_detail


@action(at=[State.CARRYING_OUT, State.CONFIRMING, State.CLOSED], label=_("Appraise the service"), form=forms.RatingForm)
def appraise_service(complaint: Complaint, *, by: Employee, service_rating: int, note: str = "") -> None:
    """Appraise how well the service on site was done, from 1 to 5."""
    complaint.service_rating = service_rating


@action(at=[State.CONFIRMING], label=_("Ask about satisfaction"), form=forms.SatisfactionForm)
def ask_satisfaction(
    complaint: Complaint,
    *,
    by: Employee,
    satisfied_complainant: bool,
    satisfied_respondent: bool,
    satisfaction_note: str = "",
) -> None:
    """Ask both the complainant and the one complained about whether they accept the outcome."""
    complaint.satisfied_complainant, complaint.satisfied_respondent = satisfied_complainant, satisfied_respondent
    complaint.satisfaction_note = satisfaction_note


@action(at=[State.CONFIRMING, State.CLOSED], to=State.INVESTIGATING, label=_("Reopen"), form=forms.ReasonForm)
def reopen(complaint: Complaint, *, by: Employee, reason: str) -> None:
    """Take the case up again because somebody is not satisfied or the fault came back."""
    complaint.satisfied_complainant = complaint.satisfied_respondent = complaint.departments_agree = None


@action(at=[State.CONFIRMING], to=State.CLOSED, label=_("Close"), form=forms.CloseForm, checks=[satisfaction_is_known])
def close(complaint: Complaint, *, by: Employee, summary: str) -> None:
    """Close the case; what it owed is settled."""


@action(at=[*IN_WORK, State.CLOSED], label=_("Reward suggestion"), form=forms.NoteForm)
def reward_suggestion(complaint: Complaint, *, by: Employee, note: str) -> None:
    """Thank for a valuable opinion, and say how it was rewarded."""


@action(at=[State.CLOSED], label=_("Bind in case volume"), form=forms.VolumeForm)
def bind_in_volume(complaint: Complaint, *, by: Employee, case_volume_year: int) -> None:
    """Put the papers into the case volume of the year."""
    complaint.case_volume_year = case_volume_year


@action(at=IN_WORK, to=State.WITHDRAWN, label=_("Withdraw"), form=forms.ReasonForm)
def withdraw(complaint: Complaint, *, by: Employee, reason: str) -> None:
    """The customer takes the complaint back."""


@action(
    at=[State.INVESTIGATING, State.DECIDING, State.CARRYING_OUT, State.CONFIRMING, State.CLOSED],
    label=_("Raise corrective action"),
    form=forms.RaiseImprovementForm,
)
def raise_improvement(complaint: Complaint, *, by: Employee, problem: str, responsible: Employee) -> None:
    """Open a corrective action, so that the same does not happen again."""
    improvement = Improvement(party=complaint.party, department=responsible.department, owner=responsible)
    raise_an_improvement(improvement, by=by, problem=problem, origin=Origin.COMPLAINT, severity=complaint.severity)
    link(complaint, improvement, Link.Kind.RAISED)


@action(at=[State.REGISTERED, State.INVESTIGATING], label=_("Take over the outcome"), form=forms.TakeOverForm)
def take_over_outcome(
    complaint: Complaint,
    *,
    by: Employee,
    outcome: str,
    is_finished: bool,
    answered_in_time: bool | None = None,
    disputed: bool | None = None,
) -> str | None:
    """Enter how a case from the old register ended, where this register was not yet kept."""
    complaint.outcome, complaint.answered_in_time, complaint.disputed = outcome, answered_in_time, disputed
    return State.CLOSED if is_finished else None


def _refuse_to_pass_over_disagreement(complaint: Complaint) -> None:
    """Departments agree when the last finding of each says so, and what was reported as a disagreement is settled."""
    latest = {each.department_id: each for each in complaint.findings.select_related("department").order_by("pk")}
    against = [str(each.department) for each in latest.values() if not each.agrees]
    if not against and complaint.departments_agree is None:
        return
    sentence = (
        _g("%(departments)s does not agree: say that the departments disagree, or have it settled first.")
        % {"departments": _g(", ").join(against)}
        if against
        else _g("The departments have reported a disagreement: say so, or have it settled first.")
    )
    raise Refused(Refusal("disagreement", sentence, fields={"departments_agree": sentence}))


def _keep_finding(complaint: Complaint, by: Employee, finding: str, opinion: str, *, agrees: bool) -> None:
    Finding.objects.create(
        company_id=complaint.company_id,
        complaint=complaint,
        department=by.department,
        by=by,
        finding=finding,
        opinion=opinion,
        agrees=agrees,
        found_at=clock.now(),
    )
