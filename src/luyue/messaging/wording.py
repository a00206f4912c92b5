"""A notice in the reader's language and the company's own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from luyue.desk.presenting import duty_verb, exactly, said
from luyue.messaging.models import Notice
from luyue.records.objections import Names
from luyue.records.registry import record_type
from luyue.rulebook.engine.clocks import read_date

Kind = Notice.Kind


def sentence(notice: Notice, names: Names) -> str:
    """What the notice says, in one sentence."""
    return _SENTENCES[Kind(notice.kind)](notice, names)


def _sign(notice: Notice, names: Names) -> str:
    if "step" not in notice.params:
        return _("%(by)s hands the signature over to you: %(text)s") % _said(notice)
    return _("Waits for your signature: %(step)s") % {"step": names.action(notice.params["step"])}


def _receive(notice: Notice, names: Names) -> str:
    return _("To be acknowledged: it has come to you with “%(step)s” by %(by)s") % _step(notice, names)


def _told(notice: Notice, names: Names) -> str:
    if "ahead_of" in notice.params:
        return _ahead(notice, names)
    return _("For your information: “%(step)s” by %(by)s") % _step(notice, names)


def _ahead(notice: Notice, names: Names) -> str:
    """A date that is coming, by the label of its field."""
    assert notice.record is not None
    field = names.field(record_type(notice.record.type), str(notice.params["ahead_of"]).rpartition(".")[2])
    day = read_date(str(notice.params["date"]))
    return _("%(field)s: %(date)s") % {"field": capfirst(field), "date": said(day)}


def _mention(notice: Notice, names: Names) -> str:
    return _("%(by)s mentions you: %(text)s") % _said(notice)


def _assigned(notice: Notice, names: Names) -> str:
    return _("%(by)s has put this into your hands") % _said(notice)


def _reminder(notice: Notice, names: Names) -> str:
    return _("Due on %(due)s: %(what)s, owed by %(owner)s") % _promise(notice, names)


def _overdue(notice: Notice, names: Names) -> str:
    return _("Overdue since %(due)s: %(what)s, owed by %(owner)s") % _promise(notice, names)


def _said(notice: Notice) -> dict[str, str]:
    return {"by": notice.params.get("by", ""), "text": notice.params.get("text", "")}


def _step(notice: Notice, names: Names) -> dict[str, str]:
    return {"by": notice.params.get("by", ""), "step": names.action(notice.params["step"])}


def _promise(notice: Notice, names: Names) -> dict[str, str]:
    """As it was when it was told; the due time may have moved since."""
    row, due = notice.obligation, notice.params.get("due", "")
    return {
        "due": exactly(datetime.fromisoformat(due)) if due else "",
        "what": duty_verb(row, names) if row else "",
        "owner": names.address(row.owner) if row else "",
    }


_SENTENCES: Mapping[Kind, Callable[[Notice, Names], str]] = {
    Kind.SIGN: _sign,
    Kind.RECEIVE: _receive,
    Kind.TOLD: _told,
    Kind.MENTION: _mention,
    Kind.ASSIGNED: _assigned,
    Kind.REMINDER: _reminder,
    Kind.OVERDUE: _overdue,
}
