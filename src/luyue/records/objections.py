"""The engine's objections as sentences, in the company's own names and the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luyue.organization.models import Company, Department, Employee, Position, in_the_readers_language
from luyue.organization.prepared import Place, Prepared
from luyue.records import deeds, registry
from luyue.records.facts import Choice, YesNo
from luyue.records.record_types import RecordType
from luyue.rulebook.engine.enforcement import Objection


@dataclass(frozen=True)
class Names:
    """What this company calls its departments, positions and people."""

    company_id: int
    departments: Mapping[str, str]
    positions: Mapping[str, str]
    people: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, company: Company) -> Names:
        return cls(
            company.pk,
            {
                code: in_the_readers_language(name, hant=hant, en=en)
                for code, name, hant, en in _departments(company.pk)
            },
            {code: in_the_readers_language(name, hant=hant, en=en) for code, name, hant, en in _positions(company.pk)},
        )

    def address(self, key: str) -> str:
        """`position:qc_manager` as the company says it."""
        kind, _colon, name = key.partition(":")
        if kind == "department":
            return self.departments.get(name, name)
        if kind == "position":
            return self.positions.get(name, name)
        if kind == "employee":
            return self._person(int(name))
        return str({"owner": _("the owner of the case"), "registrar": _("whoever registered it")}.get(name, name))

    def _person(self, pk: int) -> str:
        if pk not in self.people:
            self.people[pk] = next(iter(_employee(self.company_id, pk)), "")
        return self.people[pk]

    def addresses(self, keys: list[str]) -> str:
        return str(_(", ")).join(self.address(key) for key in keys)

    def action(self, full_name: str) -> str:
        """`complaint.tell_result` by its label."""
        record, _dot, name = full_name.partition(".")
        if name in deeds.NAMES:
            return str(deeds.NAMES[name])
        return str(registry.record_type(record).all_actions[name].label)

    def field(self, record_type: RecordType, name: str) -> str:
        """A field, or a fact that conditions depend on, by the label that its readers know."""
        fact = record_type.facts.facts.get(name)
        if fact and fact.label:
            return str(fact.label)
        try:
            return str(record_type.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            forms = [each.form for each in record_type.all_actions.values() if each.form]
            labels = [form.base_fields[name].label for form in forms if name in form.base_fields]
            return str(labels[0]) if labels and labels[0] else name

    def choice(self, full_name: str, name: str, value: str) -> str:
        """One of the values that an action asks to choose from, by its label."""
        record, _dot, action = full_name.partition(".")
        form = registry.record_type(record).all_actions[action].form
        choices = dict(form.base_fields[name].choices) if form else {}  # type: ignore[attr-defined]
        return str(choices.get(value, value))

    def asked(self, full_name: str, name: str) -> str:
        """What an action asks, by the label of its form."""
        record, _dot, action = full_name.partition(".")
        record_type = registry.record_type(record)
        form = record_type.all_actions[action].form
        label = form.base_fields[name].label if form and name in form.base_fields else None
        return str(label) if label else self.field(record_type, name)


CodeAndNames = tuple[str, str, str, str]


@Prepared
def _departments(company_id: Place) -> QuerySet[Department, CodeAndNames]:
    return Department.objects.filter(company_id=company_id).values_list("code", "name", "name_hant", "name_en")


@Prepared
def _positions(company_id: Place) -> QuerySet[Position, CodeAndNames]:
    return Position.objects.filter(company_id=company_id).values_list("code", "name", "name_hant", "name_en")


@Prepared
def _employee(company_id: Place, pk: Place) -> QuerySet[Employee, str]:
    return Employee.objects.filter(company_id=company_id, pk=pk).values_list("name", flat=True)


def sentence(objection: Objection, names: Names, record_type: RecordType) -> str:
    """One sentence that says what is missing and who can supply it."""
    return str(_SENTENCES[objection.code](objection.params, names, record_type))


Params = Mapping[str, Any]


def _role(said: Params, names: Names, record_type: RecordType) -> str:
    if not said["may"]:
        return _("In a case like this the procedures let nobody do this.")
    if said["undecided"]:
        facts = str(_(", ")).join(names.field(record_type, fact) for fact in said["undecided"])
        who = names.addresses(list(said["may"]))
        return _("Only %(who)s may do this, which depends on: %(facts)s.") % {"who": who, "facts": facts}
    return _("Only %(who)s may do this.") % {"who": names.addresses(list(said["may"]))}


def _nobody(said: Params, names: Names, record_type: RecordType) -> str:
    return _("No procedure in force names anybody who may do this.")


def _unsigned(said: Params, names: Names, record_type: RecordType) -> str:
    who = names.addresses(list(said["waiting"]))
    if said["opened"] or not said["after"]:
        return _("First to be signed by %(who)s.") % {"who": who}
    first = str(_(" or ")).join(names.action(each) for each in said["after"])
    return _("To be signed by %(who)s; that begins with “%(action)s”.") % {"who": who, "action": first}


def _returned(said: Params, names: Names, record_type: RecordType) -> str:
    return _("Sent back by %(who)s: %(opinion)s") % {
        "who": names.address(said["address"]),
        "opinion": said["opinion"] or _("no opinion given"),
    }


def _undecided(said: Params, names: Names, record_type: RecordType) -> str:
    facts = str(_(", ")).join(names.field(record_type, fact) for fact in said["facts"])
    return _("Cannot be decided until this is filled in: %(facts)s.") % {"facts": facts}


def _first_action(said: Params, names: Names, record_type: RecordType) -> str:
    words = {"action": names.action(said["action"])}
    if said.get("saying"):
        facts = [str(_(", ")).join(_results(table, names, record_type)) for table in said["saying"]]
        return _("First: %(action)s, with the result: %(facts)s.") % {**words, "facts": str(_(" or ")).join(facts)}
    if said.get("by"):
        return _("First: %(action)s, by %(who)s.") % {**words, "who": names.addresses(list(said["by"]))}
    if said.get("again"):
        return _("First once more: %(action)s.") % words
    return _("First: %(action)s.") % words


def _results(table: Mapping[str, Any], names: Names, record_type: RecordType) -> list[str]:
    """`customer agrees: Yes` for each fact that the action should have brought."""
    return [
        _("%(fact)s: %(value)s")
        % {"fact": names.field(record_type, fact), "value": _wanted(record_type, fact, allowed)}
        for fact, allowed in table.items()
    ]


def _wanted(record_type: RecordType, fact: str, allowed: Any) -> str:
    declared = record_type.facts.facts.get(fact)
    if isinstance(declared, YesNo):
        return str(_("Yes") if True in allowed else _("No"))
    if isinstance(declared, Choice):
        return str(_(" or ")).join(str(declared.values(value).label) for value in sorted(allowed))
    return str(allowed)


def _first_link(said: Params, names: Names, record_type: RecordType) -> str:
    wanted = registry.record_type(said["type"])
    labels = dict(wanted.states.choices)
    states = str(_(" or ")).join(str(labels.get(state, state)) for state in said["states"]) or _("in any state")
    return _("First a linked record is needed: %(type)s, %(states)s.") % {"type": wanted.title, "states": states}


def _first_attachment(said: Params, names: Names, record_type: RecordType) -> str:
    kind = dict(record_type.attachment_kinds.choices).get(said["attachment"], said["attachment"])
    return _("First attach: %(kind)s.") % {"kind": kind}


def _order(said: Params, names: Names, record_type: RecordType) -> str:
    return _("“%(first)s” comes first.") % {"first": names.action(said["first"])}


def _four_eyes(said: Params, names: Names, record_type: RecordType) -> str:
    return _("You did “%(action)s”; another person must do this.") % {"action": names.action(said["other"])}


_SENTENCES: Mapping[str, Callable[[Params, Names, RecordType], str]] = {
    "role": _role,
    "role_nobody": _nobody,
    "sign_off_missing": _unsigned,
    "sign_off_returned": _returned,
    "sign_off_undecided": _undecided,
    "prerequisite_action": _first_action,
    "prerequisite_link": _first_link,
    "prerequisite_attachment": _first_attachment,
    "order": _order,
    "separate_persons": _four_eyes,
}
