"""The engine's objections as sentences, in the company's own names and the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from luyue.organization.models import Company, Department, Employee, Position
from luyue.records import registry
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
            {each.code: str(each) for each in Department.objects.filter(company=company)},
            {each.code: str(each) for each in Position.objects.filter(company=company)},
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
            found = Employee.objects.filter(company_id=self.company_id, pk=pk).values_list("name", flat=True)
            self.people[pk] = found.first() or ""
        return self.people[pk]

    def addresses(self, keys: list[str]) -> str:
        return str(_(", ")).join(self.address(key) for key in keys)

    def action(self, full_name: str) -> str:
        """`complaint.tell_result` by its label."""
        record, _dot, name = full_name.partition(".")
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

    def asked(self, full_name: str, name: str) -> str:
        """What an action asks, by the label of its form."""
        record, _dot, action = full_name.partition(".")
        record_type = registry.record_type(record)
        form = record_type.all_actions[action].form
        label = form.base_fields[name].label if form and name in form.base_fields else None
        return str(label) if label else self.field(record_type, name)


def sentence(objection: Objection, names: Names, record_type: RecordType) -> str:
    """One sentence that says what is missing and who can supply it."""
    return str(_SENTENCES[objection.code](objection.params, names, record_type))


Params = Mapping[str, Any]


def _role(said: Params, names: Names, record_type: RecordType) -> str:
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
    return _("First: %(action)s.") % {"action": names.action(said["action"])}


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
