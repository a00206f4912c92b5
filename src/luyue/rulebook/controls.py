"""The closed list of controls: what a clause can demand so that a computer sees whether it is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from luyue.rulebook.values import (
    ActionName,
    Address,
    Code,
    FieldName,
    Frozen,
    Label,
    Length,
    NotAcceptedError,
    Percent,
    SpanText,
    Text,
    When,
    _,
)


def _listed(raw: object) -> object:
    return [raw] if isinstance(raw, str | dict) else raw


Actions = Annotated[
    tuple[ActionName, ...], BeforeValidator(_listed, json_schema_input_type=ActionName | list[ActionName])
]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(_listed, json_schema_input_type=Address | list[Address])]
Period = Annotated[str, Field(pattern=r"^(day|week|month|quarter|half-year|year|[1-9][0-9]?mo)$")]
Channel = Literal["in_app", "mail", "phone", "fax", "letter", "e_mail", "visit", "message"]


class Control(Frozen):
    """A duty under a clause; it may have a name, a condition, an owner, and the source duties it carries out.

    Controls of one kind with one name are variants of one duty; `gap` says why nothing is set where none of them holds.
    """

    name: Label | None = None
    when: When | None = None
    owner: Address | None = None
    sources: tuple[str, ...] = ()
    says: Text | None = None
    gap: Text | None = None


class Escalation(Frozen):
    """When this share of the time has passed, these are told as well."""

    at: Percent
    to: Address


class Role(Control):
    """Only these positions or departments may take these actions."""

    actions: Actions
    may: Addresses = ()
    everyone: bool = False

    @model_validator(mode="after")
    def _somebody(self) -> Role:
        if self.everyone == bool(self.may):
            raise NotAcceptedError(_("say either whom `may` names or `everyone: true`"))
        return self


class SignOff(Control):
    """Before this action these sign: all (会签), any one (或签), or one after the other (逐级)."""

    before: ActionName
    after: Actions = ()
    mode: Literal["all", "any", "in_order"] = "all"
    signers: Addresses = ()
    same_as: ActionName | None = None
    meaning: Literal["prepared", "reviewed", "approved", "received", "agreed"] = "approved"
    opinion: Literal["required", "optional"] = "optional"
    own_proposal: bool = False
    password: bool = True
    within: SpanText | None = None
    escalate: tuple[Escalation, ...] = ()
    override_by: Address | None = None

    @model_validator(mode="after")
    def _signers_or_same(self) -> SignOff:
        if bool(self.signers) == bool(self.same_as):
            raise NotAcceptedError(_("say either who the `signers` are or `same_as` which earlier action"))
        return self


class TimeLimit(Control):
    """From an action, or from a date on the record, to one of several actions within a span."""

    starts: Actions = ()
    since: FieldName | None = None
    stops: Actions
    within: Length | None = None
    due: FieldName | None = None
    before: bool = False
    pauses: tuple[str, ...] = ()
    restarts: Actions = ()
    cancels: Actions = ()
    not_before: SpanText | None = None
    escalate: tuple[Escalation, ...] = ()

    @model_validator(mode="after")
    def _start_and_length(self) -> TimeLimit:
        if not self.starts and not self.since:
            raise NotAcceptedError(_("say what starts the clock: `starts` (actions) or `since` (a date field)"))
        if (self.within is None) == (self.due is None):
            raise NotAcceptedError(_("say exactly one of `within` (a span or its field) and `due` (a date field)"))
        return self

    @property
    def within_field(self) -> str | None:
        """The field of the record that says how long; None when the procedure says it itself."""
        return self.within if self.within is not None and "." in self.within else None


class Cadence(Control):
    """At least so many times in every period, per company, department, position or customer."""

    every: Period
    times: int = Field(default=1, ge=1, le=1000)
    per: Literal["company", "department", "position", "customer"] = "company"
    of: tuple[Code, ...] = ()
    in_month: int | None = Field(default=None, ge=1, le=12)
    actions: Actions


class LinkNeed(Frozen):
    """A linked record of a type, in one of these states."""

    type: Code
    states: tuple[str, ...] = ()


class Need(Frozen):
    """What must be there first: an action made, a linked record, an attachment, a number of times.

    An action made before one of those in `since` counts no longer, one by anybody but whom `by` names does not count,
    and with `saying` its last result must say so.
    """

    action: ActionName | None = None
    by: Addresses = ()
    since: Actions = ()
    saying: When | None = None
    link: LinkNeed | None = None
    attachment: Code | None = None
    at_least: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> Need:
        if sum(value is not None for value in (self.action, self.link, self.attachment)) != 1:
            raise NotAcceptedError(_("name exactly one of action, link, attachment"))
        if self.action is None and (self.by or self.since or self.saying is not None):
            raise NotAcceptedError(_("`by`, `since` and `saying` belong to an `action`"))
        return self


class Prerequisite(Control):
    """These actions are refused until what is needed is there."""

    before: Actions
    needs: Annotated[tuple[Need, ...], BeforeValidator(_listed, json_schema_input_type=Need | list[Need])]
    override_by: Address | None = None


class Order(Control):
    """One action never before another on the same record."""

    first: ActionName
    then: ActionName
    override_by: Address | None = None


class SeparatePersons(Control):
    """These actions of one record are taken by different people (four eyes)."""

    actions: Annotated[tuple[ActionName, ...], Field(min_length=2)]


class RequiredFields(Control):
    """These fields are filled when the action is taken, or struck through with a reason where that is allowed."""

    action: ActionName
    fields: Annotated[tuple[Code, ...], Field(min_length=1)]
    may_be_struck_through: bool = False


class Routing(Control):
    """On an action these departments or positions receive the record and acknowledge receipt."""

    on: Actions
    to: Addresses
    acknowledge_within: SpanText | None = None
    hands_over: Literal["record", "copy_of_original", "liaison_slip"] = "record"
    escalate: tuple[Escalation, ...] = ()


class Notice(Control):
    """On an action somebody is told: inside at once, or the customer by an action that proves it.

    With `ahead_of` it is told at least the `lead` before that date comes, unless an action in `cancels` was taken.
    """

    on: Actions = ()
    ahead_of: FieldName | None = None
    lead: SpanText | None = None
    cancels: Actions = ()
    to: Addresses = ()
    customer: bool = False
    channels: Annotated[
        tuple[Channel, ...], BeforeValidator(_listed, json_schema_input_type=Channel | list[Channel])
    ] = ("in_app",)
    proved_by: Actions = ()
    within: SpanText | None = None
    escalate: tuple[Escalation, ...] = ()

    @model_validator(mode="after")
    def _somebody(self) -> Notice:
        if self.customer == bool(self.to):
            raise NotAcceptedError(_("say either `to` whom inside, or `customer: true`"))
        if self.customer and not self.proved_by:
            raise NotAcceptedError(_("a notice to the customer names the actions it is `proved_by`"))
        return self

    @model_validator(mode="after")
    def _when(self) -> Notice:
        if bool(self.on) == (self.ahead_of is not None):
            raise NotAcceptedError(_("say either `on` which actions, or `ahead_of` which date somebody is told"))
        if (self.ahead_of is None) != (self.lead is None):
            raise NotAcceptedError(_("`ahead_of` (a date field) and `lead` (a span) belong together"))
        if self.ahead_of is None and self.cancels:
            raise NotAcceptedError(_("`cancels` belongs to a notice `ahead_of` a date"))
        if self.ahead_of is not None and self.within is not None:
            raise NotAcceptedError(_("the `lead` says by when; `within` is for notices on an action"))
        return self


class ClassRule(Frozen):
    """A class and the facts that give it."""

    gives: Code
    when: When


class Classification(Control):
    """The class of a thing from its facts, and how often it is looked at again."""

    field: FieldName
    classes: tuple[ClassRule, ...]
    review: Period | None = None


class Numbering(Control):
    """How the records of a type are numbered: `TS{year}{month}-{sequence:3}`, counted anew each month."""

    record: Code
    pattern: str = Field(min_length=1, max_length=60)
    reset: Literal["never", "year", "month", "day"] = "year"


class SignatureBox(Frozen):
    """A place for a signature on the printed form."""

    meaning: Text
    signs_on: ActionName | None = None
    position: Code | None = None
    person: Literal["owner", "registrar"] | None = None


class Form(Control):
    """The printed form: its code, its title, its fields in order, who gets a copy, who signs.

    What it is `only_after` counts no longer once one of the actions in `since` has been taken again.
    """

    record: Code
    code: str
    title: Text
    fields: tuple[Code, ...] = ()
    copies_to: tuple[Code, ...] = ()
    signatures: tuple[SignatureBox, ...] = ()
    only_after: ActionName | None = None
    since: Actions = ()


class Retention(Control):
    """How long a record is kept, where, by whom, when it is bound and checked, who approves destruction."""

    record: Code
    years: int | None = Field(default=None, ge=1, le=100)
    product_life: bool = False
    for_ever: bool = False
    where: Text | None = None
    keeper: Address | None = None
    bound: Period | None = None
    checked: Period | None = None
    destruction_approved_by: Address | None = None

    @model_validator(mode="after")
    def _how_long(self) -> Retention:
        if sum((self.years is not None, self.product_life, self.for_ever)) != 1:
            raise NotAcceptedError(_("say exactly one of years, product_life, for_ever"))
        return self


class Confidentiality(Control):
    """Who may see the records of a type, beside those whom the case concerns; for all others they are not found."""

    record: Code
    readers: Addresses = ()
    fields: tuple[Code, ...] = ()


class Threshold(Control):
    """A named number that an area's check uses."""

    name: Label
    value: float
    unit: str = ""
    enforced: bool = True


class Target(Control):
    """A figure that every period should reach or keep below."""

    figure: Code
    at_least: float | None = None
    at_most: float | None = None
    every: Period = "month"


class Attested(Control):
    """A position states every period that a duty of conduct was kept, with what evidence."""

    by: Address
    every: Period
    states: Text | None = None
    evidence: Literal["required", "optional"] = "optional"


class Controls(Frozen):
    """One control, under the name of its kind."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    role: Role | None = None
    sign_off: SignOff | None = None
    time_limit: TimeLimit | None = None
    cadence: Cadence | None = None
    prerequisite: Prerequisite | None = None
    order: Order | None = None
    separate_persons: SeparatePersons | None = None
    required_fields: RequiredFields | None = None
    routing: Routing | None = None
    notice: Notice | None = None
    classification: Classification | None = None
    numbering: Numbering | None = None
    form: Form | None = None
    retention: Retention | None = None
    confidentiality: Confidentiality | None = None
    threshold: Threshold | None = None
    target: Target | None = None
    attested: Attested | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Controls:
        if len(self.model_fields_set) != 1 or self.control is None:
            kinds = ", ".join(type(self).model_fields)
            raise NotAcceptedError(_("a control is one of: %(kinds)s"), kinds=kinds)
        return self

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def control(self) -> Control:
        return getattr(self, self.kind)
