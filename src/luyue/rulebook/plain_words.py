"""A control as a sentence for its reader, in the company's own names and the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from luyue.rulebook.controls import (
    Attested,
    Cadence,
    Classification,
    Confidentiality,
    Control,
    Escalation,
    Form,
    Need,
    Notice,
    Numbering,
    Order,
    Prerequisite,
    RequiredFields,
    Retention,
    Role,
    Routing,
    SeparatePersons,
    SignOff,
    Target,
    Threshold,
    TimeLimit,
)
from luyue.rulebook.mentions import record_types_of
from luyue.rulebook.values import Address, Age, Bounds, Text
from luyue.worktime import Span, Unit

_SEQUENCE = re.compile(r"\{sequence:([0-9])\}")


def _code_of_value(record: str, fact: str, value: str) -> str:
    return value


@dataclass(frozen=True)
class Lookups:
    """What things are called: each function gives the name that the reader knows for a code of the rulebook."""

    position: Callable[[str], str]
    department: Callable[[str], str]
    action: Callable[[str], str]
    state: Callable[[str, str], str]
    field: Callable[[str, str], str]
    record: Callable[[str], str]
    value: Callable[[str, str, str], str] = _code_of_value
    attachment: Callable[[str], str] = str
    threshold: Callable[[str], str] = str
    asked_by: Callable[[str, str], str] | None = None

    def asked(self, action: str, field: str) -> str:
        """What an action asks, by the label of its form."""
        return self.asked_by(action, field) if self.asked_by else self.field(action.partition(".")[0], field)


def in_plain_words(kind: str, control: Control, names: Lookups) -> str:
    """What a control demands, as its reader would say it; its own `says` if it has one."""
    if control.says is not None:
        return _text(control.says)
    sentences = _SENTENCES[kind](control, names)
    if control.when is None:
        return _joined(sentences)
    case = condition_in_plain_words(control.when, record_types_of(control), names)
    return _("If %(case)s: %(sentence)s") % {"case": case, "sentence": _joined(sentences)}


def condition_in_plain_words(when: Sequence[Mapping[str, Any]], records: Sequence[str], names: Lookups) -> str:
    """`market is domestic and 300 < distance ≤ 1000`, or several such cases."""
    record = records[0] if records else ""
    cases = [
        pgettext("between two conditions", " and ").join(
            _fact(record, fact, allowed, names) for fact, allowed in table.items()
        )
        for table in when
    ]
    return _or(cases)


def span_in_plain_words(written: str) -> str:
    """`24 hours` for `24h`."""
    span = Span.parse(written)
    return _UNITS[span.unit](span.amount)


def address_in_plain_words(address: Address, names: Lookups) -> str:
    """The position, the department, or the person by the part played in the case."""
    if address.position:
        return names.position(address.position)
    if address.department:
        return names.department(address.department)
    return _("the owner of the case") if address.person == "owner" else _("whoever registered it")


def _role(control: Role, names: Lookups) -> list[str]:
    words = {"actions": _actions(control.actions, names), "who": _who(control.may, names)}
    if control.everyone:
        return [_("Every employee may do this: %(actions)s.") % words]
    return [_("Only %(who)s may do this: %(actions)s.") % words]


def _sign_off(control: SignOff, names: Lookups) -> list[str]:
    words = {"action": names.action(control.before), "who": _who(control.signers, names)}
    said = [_who_signs(control, names, words)]
    if control.within:
        said.append(_("Each signs within %(span)s.") % {"span": span_in_plain_words(control.within)})
    if control.opinion == "required":
        said.append(_("An opinion must be given."))
    if control.own_proposal:
        said.append(_("The proposer may sign too."))
    return said + _escalations(control.escalate, names) + _override(control.override_by, names)


def _who_signs(control: SignOff, names: Lookups, words: Mapping[str, str]) -> str:
    if control.same_as:
        earlier = {"earlier": names.action(control.same_as)}
        return _("Before “%(action)s” the same people sign as before “%(earlier)s”.") % {**words, **earlier}
    if len(control.signers) == 1:
        return _("Before “%(action)s”, %(who)s signs.") % words
    if control.mode == "any":
        return _("Before “%(action)s” one of these signs: %(who)s.") % words
    if control.mode == "in_order":
        in_turn = " → ".join(address_in_plain_words(signer, names) for signer in control.signers)
        return _("Before “%(action)s” these sign one after the other: %(who)s.") % {**words, "who": in_turn}
    return _("Before “%(action)s” all of these sign: %(who)s.") % words


def _time_limit(control: TimeLimit, names: Lookups) -> list[str]:
    owner = address_in_plain_words(control.owner, names) if control.owner else _("the owner of the case")
    words = {
        "start": _start(control, names),
        "who": owner,
        "length": _length(control, names),
        "actions": _actions(control.stops, names, together=_or),
    }
    said = [_("%(start)s, %(who)s must do this %(length)s: %(actions)s.") % words]
    if control.not_before:
        span = span_in_plain_words(control.not_before)
        said.append(_("What is done in the first %(span)s does not count.") % {"span": span})
    if control.pauses:
        states = _or([_quoted(names.state(*name.split(".", 1))) for name in control.pauses])
        said.append(_("The clock stands still in the state %(states)s.") % {"states": states})
    if control.restarts:
        said.append(
            _("It begins anew with %(actions)s.") % {"actions": _actions(control.restarts, names, together=_or)}
        )
    if control.cancels:
        said.append(_("It lapses with %(actions)s.") % {"actions": _actions(control.cancels, names, together=_or)})
    return said + _escalations(control.escalate, names)


def _start(control: TimeLimit, names: Lookups) -> str:
    if control.starts:
        return _("After %(actions)s") % {"actions": _actions(control.starts, names, together=_or)}
    words = {"date": _field(control.since or "", names)}
    return _("Before the date “%(date)s”") % words if control.before else _("From the date “%(date)s”") % words


def _length(control: TimeLimit, names: Lookups) -> str:
    if control.due:
        return _("by the date “%(date)s”") % {"date": _field(control.due, names)}
    if control.within_field:
        return _("within the time given as “%(field)s”") % {"field": _field(control.within_field, names)}
    span = control.within or ""
    if Span.parse(span).amount == 0:
        return _("on the same day")
    words = {"span": span_in_plain_words(span)}
    return _("at least %(span)s ahead") % words if control.before else _("within %(span)s") % words


def _cadence(control: Cadence, names: Lookups) -> list[str]:
    words = {
        "period": _period(control.every, control.in_month),
        "actions": _actions(control.actions, names, together=_or),
        "times": control.times,
    }
    if control.times == 1:
        said = _("%(period)s at least once: %(actions)s.") % words
    else:
        said = _("%(period)s at least %(times)d times: %(actions)s.") % words
    subjects = _subjects(control, names)
    return [said, subjects] if subjects else [said]


def _subjects(control: Cadence, names: Lookups) -> str:
    if control.per == "company":
        return ""
    if control.per == "customer":
        return _("This holds for each customer.")
    called = names.department if control.per == "department" else names.position
    if not control.of:
        return (
            _("This holds for each department.") if control.per == "department" else _("This holds for each position.")
        )
    return _("This holds for each of: %(names)s.") % {"names": _and(called(code) for code in control.of)}


def _prerequisite(control: Prerequisite, names: Lookups) -> list[str]:
    words = {
        "actions": _actions(control.before, names, together=_or),
        "needs": _and(_need(need, record_types_of(control), names) for need in control.needs),
    }
    said = [_("Before %(actions)s there must be: %(needs)s.") % words]
    return said + _override(control.override_by, names)


def _need(need: Need, records: Sequence[str], names: Lookups) -> str:
    if need.action:
        said = _done(need, need.action, records, names)
    elif need.attachment:
        said = _("the attachment %(kind)s") % {"kind": _quoted(names.attachment(need.attachment))}
    elif need.link and need.link.states:
        record = need.link.type
        states = _or([_quoted(names.state(record, state)) for state in need.link.states])
        said = _("a linked %(record)s in the state %(states)s") % {"record": names.record(record), "states": states}
    else:
        said = _("a linked %(record)s") % {"record": names.record(need.link.type) if need.link else ""}
    if need.at_least == 1:
        return said
    return _("%(need)s (at least %(count)d times)") % {"need": said, "count": need.at_least}


def _done(need: Need, action: str, records: Sequence[str], names: Lookups) -> str:
    """“Agree with customer” done after the last “Propose remedy”, with the result: customer agrees: yes."""
    said = _("%(action)s done") % {"action": _quoted(names.action(action))}
    if need.by:
        said = _("%(action)s done by %(who)s") % {"action": _quoted(names.action(action)), "who": _who(need.by, names)}
    if need.since:
        said = _("%(need)s after the last %(actions)s") % {
            "need": said,
            "actions": _actions(need.since, names, together=_or),
        }
    if need.saying is None:
        return said
    result = condition_in_plain_words(need.saying, records, names)
    return _("%(need)s with the result that %(case)s") % {"need": said, "case": result}


def _order(control: Order, names: Lookups) -> list[str]:
    words = {"first": names.action(control.first), "then": names.action(control.then)}
    return [_("First “%(first)s”, then “%(then)s”.") % words, *_override(control.override_by, names)]


def _separate_persons(control: SeparatePersons, names: Lookups) -> list[str]:
    return [_("Different people do these: %(actions)s.") % {"actions": _actions(control.actions, names)}]


def _required_fields(control: RequiredFields, names: Lookups) -> list[str]:
    words = {
        "action": names.action(control.action),
        "fields": _and(names.asked(control.action, name) for name in control.fields),
    }
    said = [_("“%(action)s” needs these filled in: %(fields)s.") % words]
    if control.may_be_struck_through:
        said.append(_("One left empty is struck through with a reason."))
    return said


def _routing(control: Routing, names: Lookups) -> list[str]:
    words = {"actions": _actions(control.on, names, together=_or), "who": _who(control.to, names)}
    said = {
        "record": _("With %(actions)s the record goes to %(who)s."),
        "copy_of_original": _("With %(actions)s a copy of the original goes to %(who)s."),
        "liaison_slip": _("With %(actions)s a liaison slip goes to %(who)s."),
    }[control.hands_over] % words
    if not control.acknowledge_within:
        return [said, _("Each confirms receipt."), *_escalations(control.escalate, names)]
    span = span_in_plain_words(control.acknowledge_within)
    return [said, _("Each confirms receipt within %(span)s.") % {"span": span}, *_escalations(control.escalate, names)]


def _notice(control: Notice, names: Lookups) -> list[str]:
    words = {
        "actions": _actions(control.on, names, together=_or),
        "who": _who(control.to, names),
        "channels": _or([str(_CHANNELS[channel]()) for channel in control.channels]),
        "proof": _actions(control.proved_by, names, together=_or),
    }
    if control.ahead_of:
        return [*_told_ahead(control, control.ahead_of, words, names), *_escalations(control.escalate, names)]
    if control.customer:
        said = [_("After %(actions)s the customer is told (%(channels)s); proof is %(proof)s.") % words]
    else:
        said = [_("After %(actions)s %(who)s is told (%(channels)s).") % words]
    if control.within:
        said.append(_("This is done within %(span)s.") % {"span": span_in_plain_words(control.within)})
    return said + _escalations(control.escalate, names)


def _told_ahead(control: Notice, date_field: str, words: Mapping[str, str], names: Lookups) -> list[str]:
    words = {**words, "date": _field(date_field, names), "span": span_in_plain_words(control.lead or "")}
    if control.customer:
        sentence = _(
            "The customer is told at least %(span)s ahead of the date “%(date)s” (%(channels)s); proof is %(proof)s."
        )
    else:
        sentence = _("%(who)s is told at least %(span)s ahead of the date “%(date)s” (%(channels)s).")
    if not control.cancels:
        return [sentence % words]
    done = _actions(control.cancels, names, together=_or)
    return [sentence % words, _("It lapses with %(actions)s.") % {"actions": done}]


def _classification(control: Classification, names: Lookups) -> list[str]:
    records = record_types_of(control)
    rules = [
        _("%(class)s if %(case)s")
        % {
            "class": names.value(records[0], control.field.partition(".")[2], rule.gives),
            "case": condition_in_plain_words(rule.when, records, names),
        }
        for rule in control.classes
    ]
    said = [
        _("“%(field)s” is: %(rules)s.")
        % {"field": _field(control.field, names), "rules": pgettext("between two rules", "; ").join(rules)}
    ]
    if control.review:
        said.append(_("It is looked at again: %(period)s.") % {"period": _period(control.review)})
    return said


def _numbering(control: Numbering, names: Lookups) -> list[str]:
    words = {"record": names.record(control.record), "pattern": _pattern(control.pattern)}
    return [
        {
            "never": _("The number of a %(record)s is %(pattern)s, counted on without end."),
            "year": _("The number of a %(record)s is %(pattern)s, counted anew each year."),
            "month": _("The number of a %(record)s is %(pattern)s, counted anew each month."),
            "day": _("The number of a %(record)s is %(pattern)s, counted anew each day."),
        }[control.reset]
        % words
    ]


def _pattern(pattern: str) -> str:
    """`TS[year]-[4 digits]` for `TS{year}-{sequence:4}`."""
    parts = {
        "{company}": pgettext("part of a number", "[company]"),
        "{department}": pgettext("part of a number", "[department]"),
        "{record}": pgettext("part of a number", "[kind of record]"),
        "{year}": pgettext("part of a number", "[year]"),
        "{yy}": pgettext("part of a number", "[year, 2 digits]"),
        "{month}": pgettext("part of a number", "[month]"),
        "{day}": pgettext("part of a number", "[day]"),
    }
    for part, word in parts.items():
        pattern = pattern.replace(part, word)
    digits = pgettext("part of a number", "[%(count)s digits]")
    return _SEQUENCE.sub(lambda found: digits % {"count": found.group(1)}, pattern)


def _form(control: Form, names: Lookups) -> list[str]:
    words = {"record": names.record(control.record), "code": control.code, "title": _text(control.title)}
    said = [_("The %(record)s is printed as form %(code)s “%(title)s”.") % words]
    if control.only_after:
        said.append(_printed_after(control, control.only_after, names))
    if control.signatures:
        said.append(_("Signatures: %(boxes)s.") % {"boxes": _and(_text(box.meaning) for box in control.signatures)})
    if control.copies_to:
        copies = _and(_department_or_position(code, names) for code in control.copies_to)
        said.append(_("Copies go to %(who)s.") % {"who": copies})
    return said


def _printed_after(control: Form, action: str, names: Lookups) -> str:
    words = {"action": names.action(action)}
    if not control.since:
        return _("It is printed only after “%(action)s”.") % words
    again = _actions(control.since, names, together=_or)
    return _("It is printed only after “%(action)s”, done after the last %(actions)s.") % {**words, "actions": again}


def _retention(control: Retention, names: Lookups) -> list[str]:
    words = {"record": names.record(control.record), "years": control.years or 0}
    if control.years is not None:
        said = [
            ngettext(
                "The %(record)s is kept for %(years)d year.",
                "The %(record)s is kept for %(years)d years.",
                control.years,
            )
            % words
        ]
    elif control.product_life:
        said = [_("The %(record)s is kept for the life of the product.") % words]
    else:
        said = [_("The %(record)s is kept for ever.") % words]
    if control.keeper:
        said.append(_("%(who)s keeps it.") % {"who": address_in_plain_words(control.keeper, names)})
    if control.where:
        said.append(_("Place: %(where)s.") % {"where": _text(control.where)})
    if control.bound:
        said.append(_("It is bound: %(period)s.") % {"period": _period(control.bound)})
    if control.checked:
        said.append(_("It is checked: %(period)s.") % {"period": _period(control.checked)})
    if control.destruction_approved_by:
        who = address_in_plain_words(control.destruction_approved_by, names)
        said.append(_("%(who)s approves its destruction.") % {"who": who})
    return said


def _confidentiality(control: Confidentiality, names: Lookups) -> list[str]:
    words = {
        "record": names.record(control.record),
        "who": _who(control.readers, names),
        "fields": _and(names.field(control.record, name) for name in control.fields),
    }
    if control.fields and control.readers:
        return [_("Of a %(record)s only %(who)s and those concerned see: %(fields)s.") % words]
    if control.fields:
        return [_("Of a %(record)s only those concerned see: %(fields)s.") % words]
    if control.readers:
        return [_("Only %(who)s and those concerned see a %(record)s; for all others it is not found.") % words]
    return [_("Only those concerned see a %(record)s; for all others it is not found.") % words]


def _threshold(control: Threshold, names: Lookups) -> list[str]:
    words = {"name": names.threshold(control.name), "value": _measured(control.value, control.unit)}
    if control.enforced:
        return [_("Limit “%(name)s”: %(value)s.") % words]
    return [_("Guide value “%(name)s”: %(value)s; beyond it nothing is refused.") % words]


def _measured(value: float, unit: str) -> str:
    """`90 days`, `3 times`, or a number with the unit as it was written."""
    if unit == "times":
        return ngettext("%(count)s time", "%(count)s times", int(value)) % {"count": _number(value)}
    if value == int(value) and unit in {each.value for each in Unit}:
        return span_in_plain_words(f"{int(value)}{unit}")
    return f"{_number(value)} {unit}".rstrip()


def _target(control: Target, names: Lookups) -> list[str]:
    words = {"period": _period(control.every), "figure": control.figure}
    said = []
    if control.at_least is not None:
        said.append(
            _("%(period)s “%(figure)s” reaches at least %(number)s.") % {**words, "number": _number(control.at_least)}
        )
    if control.at_most is not None:
        said.append(
            _("%(period)s “%(figure)s” stays at or below %(number)s.") % {**words, "number": _number(control.at_most)}
        )
    return said


def _attested(control: Attested, names: Lookups) -> list[str]:
    words = {"period": _period(control.every), "who": address_in_plain_words(control.by, names)}
    if control.states:
        statement = {"statement": _text(control.states).rstrip("。.")}
        said = [_("%(period)s %(who)s states: %(statement)s.") % {**words, **statement}]
    else:
        said = [_("%(period)s %(who)s states that this was kept.") % words]
    if control.evidence == "required":
        said.append(_("Evidence is attached."))
    return said


_SENTENCES: Mapping[str, Callable[[Any, Lookups], list[str]]] = {
    "role": _role,
    "sign_off": _sign_off,
    "time_limit": _time_limit,
    "cadence": _cadence,
    "prerequisite": _prerequisite,
    "order": _order,
    "separate_persons": _separate_persons,
    "required_fields": _required_fields,
    "routing": _routing,
    "notice": _notice,
    "classification": _classification,
    "numbering": _numbering,
    "form": _form,
    "retention": _retention,
    "confidentiality": _confidentiality,
    "threshold": _threshold,
    "target": _target,
    "attested": _attested,
}

_UNITS: Mapping[Unit, Callable[[int], str]] = {
    Unit.MINUTES: lambda count: ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count},
    Unit.HOURS: lambda count: ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count},
    Unit.BUSINESS_HOURS: lambda count: (
        ngettext("%(count)d business hour", "%(count)d business hours", count) % {"count": count}
    ),
    Unit.DAYS: lambda count: ngettext("%(count)d day", "%(count)d days", count) % {"count": count},
    Unit.WORKING_DAYS: lambda count: (
        ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
    ),
    Unit.MONTHS: lambda count: ngettext("%(count)d month", "%(count)d months", count) % {"count": count},
    Unit.YEARS: lambda count: ngettext("%(count)d year", "%(count)d years", count) % {"count": count},
}

_CHANNELS: Mapping[str, Callable[[], str]] = {
    "in_app": lambda: _("here in the system"),
    "mail": lambda: pgettext("channel", "e-mail"),
    "e_mail": lambda: pgettext("channel", "e-mail"),
    "phone": lambda: pgettext("channel", "phone"),
    "fax": lambda: pgettext("channel", "fax"),
    "letter": lambda: pgettext("channel", "letter"),
    "visit": lambda: pgettext("channel", "visit"),
    "message": lambda: pgettext("channel", "message"),
}


def _escalations(escalations: Iterable[Escalation], names: Lookups) -> list[str]:
    said = []
    for step in escalations:
        words = {"who": address_in_plain_words(step.to, names), "share": step.at}
        if step.at == "100%":
            said.append(_("When it is overdue, %(who)s is told.") % words)
        else:
            said.append(_("When %(share)s of the time has passed, %(who)s is told.") % words)
    return said


def _override(by: Address | None, names: Lookups) -> list[str]:
    if by is None:
        return []
    return [_("%(who)s may override this, with a reason.") % {"who": address_in_plain_words(by, names)}]


def _fact(record: str, fact: str, allowed: Any, names: Lookups) -> str:
    called = names.field(record, fact)
    if isinstance(allowed, Bounds):
        return _between(called, allowed)
    if allowed <= {True, False}:
        return (_("%(fact)s: yes") if True in allowed else _("%(fact)s: no")) % {"fact": called}
    values = _or([names.value(record, fact, value) for value in sorted(allowed)])
    return _("%(fact)s is %(values)s") % {"fact": called, "values": values}


def _between(called: str, bounds: Bounds) -> str:
    """`300 < distance ≤ 1000`, which every reader understands."""
    if bounds.low is not None and bounds.low == bounds.high:
        return f"{called} = {_bound(bounds.low)}"
    if bounds.low is not None and bounds.high is None:
        return f"{called} {'≥' if bounds.low_included else '>'} {_bound(bounds.low)}"
    low = f"{_bound(bounds.low)} {'≤' if bounds.low_included else '<'} " if bounds.low is not None else ""
    high = f" {'≤' if bounds.high_included else '<'} {_bound(bounds.high)}" if bounds.high is not None else ""
    return f"{low}{called}{high}"


def _bound(bound: Decimal | date | Age) -> str:
    """A number, a date, or a length of time as `12 months`."""
    if isinstance(bound, Age):
        length = span_in_plain_words(f"{abs(bound.amount)}{bound.unit}") if bound.amount else "0"
        return f"-{length}" if bound.amount < 0 else length
    return bound.isoformat() if isinstance(bound, date) else _number(bound)


def _number(number: Decimal | float) -> str:
    written = f"{number:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _period(every: str, in_month: int | None = None) -> str:
    if in_month is not None:
        return _("Every year in month %(month)d") % {"month": in_month}
    if every.endswith("mo"):
        return _("Every %(count)s months") % {"count": every.removesuffix("mo")}
    return {
        "day": _("Every day"),
        "week": _("Every week"),
        "month": _("Every month"),
        "quarter": _("Every quarter"),
        "half-year": _("Every half-year"),
        "year": _("Every year"),
    }[every]


def _who(addresses: Iterable[Address], names: Lookups) -> str:
    return _and(address_in_plain_words(address, names) for address in addresses)


def _actions(actions: Iterable[str], names: Lookups, *, together: Callable[[Sequence[str]], str] | None = None) -> str:
    said = [_quoted(names.action(action)) for action in actions]
    return together(said) if together else _and(said)


def _department_or_position(code: str, names: Lookups) -> str:
    called = names.department(code)
    return called if called != code else names.position(code)


def _field(name: str, names: Lookups) -> str:
    record, _dot, field = name.partition(".")
    return names.field(record, field)


def _and(parts: Iterable[str]) -> str:
    return pgettext("between names in a list", ", ").join(parts)


def _or(parts: Sequence[str]) -> str:
    """`a, b or c`."""
    *first, last = parts
    return pgettext("between two values", " or ").join([_and(first), last]) if first else last


def _quoted(name: str) -> str:
    return pgettext("a name within a sentence", "“%(name)s”") % {"name": name}


def _joined(sentences: Iterable[str]) -> str:
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def _text(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")
