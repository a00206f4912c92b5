"""Lines that a page has many of, drawn at once; a template would draw each from dozens of small parts."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luyue.desk.drawing import text
from luyue.desk.faces import ActionButton, Change, Clock, Conformity, Duty, Entry, Fact
from luyue.desk.templatetags.desk import clock, exact, icon, paired, person, state, until

register = template.Library()


@register.simple_tag
def history_lines(entries: Iterable[Entry]) -> SafeString:
    """What, who, when it happened and, where it differs, when it was entered."""
    return mark_safe("\n".join(_entry(entry) for entry in entries))


MARKS = {
    "comment": "message",
    "mail": "mail",
    "signature": "writing-sign",
    "correction": "pencil",
    "system": "settings",
}
FOLDED = 6
"""An entry that changed more fields than so many is folded."""
LONG, BEGINNING = 600, 200
"""Letters from which on a comment is folded, and how many of them stand there then."""


def _entry(entry: Entry) -> str:
    mark = icon(entry.icon or MARKS.get(entry.kind, "check"))
    clause = f'<span class="clause">{text(entry.clause)}</span>' if entry.clause else ""
    at = f'<time datetime="{localtime(entry.occurred_at).isoformat()}">{exact(entry.occurred_at)}</time>'
    later = ""
    if entry.entered_at and entry.entered_at != entry.occurred_at:
        sentence = _("written down on %(at)s, later than it happened") % {"at": exact(entry.entered_at)}
        later = f'<p class="history-entered">{text(sentence)}</p>'
    return (
        f'<li data-kind="{text(entry.kind)}">\n  <span class="history-mark">{mark}</span>\n  <div>\n'
        f'    <div class="history-head"><strong>{text(entry.title)}</strong>{person(entry.who)}{state(entry.state)}'
        f"{clause}{at}</div>\n    {later}{_changes(entry)}{_comment(entry.comment)}\n  </div>\n</li>"
    )


def _comment(said: str) -> str:
    """What was said; a long text is folded to its beginning."""
    if not said:
        return ""
    if len(said) <= LONG:
        return f'<div class="history-comment">{text(said)}</div>'
    return (
        f'<details class="history-comment"><summary><span class="while-closed">{text(said[:BEGINNING])}…</span>'
        f'<span class="while-open">{text(_("Fold it"))}</span></summary>{text(said)}</details>'
    )


def _changes(entry: Entry) -> str:
    if not entry.changes:
        return ""
    drawn = f'<dl class="changes">{"".join(_change(change) for change in entry.changes)}</dl>'
    if len(entry.changes) <= FOLDED:
        return drawn
    fields = _("%(count)s fields") % {"count": len(entry.changes)}
    return f'<details class="changes-folded"><summary>{text(fields)}</summary>{drawn}</details>'


def _change(change: Change) -> str:
    label = text(change.label)
    before = ""
    if change.before:
        before = (
            f'<del>{text(change.before)}</del><span class="arrow" aria-hidden="true">→</span>'
            f'<span class="visually-hidden">{text(_("became"))}</span>'
        )
    return f'<dt class="clip" title="{label}">{label}</dt><dd>{before}<ins>{text(change.after or "—")}</ins></dd>'


@register.simple_tag
def fact_lines(facts: Iterable[Fact]) -> SafeString:
    """Label and value as on the paper; an unused field is struck through with the reason."""
    drawn = []
    for fact in paired(facts):
        wide = ' class="wide"' if fact.is_wide else ""
        hint = f' title="{text(fact.hint)}"' if fact.hint else ""
        drawn.append(f"<div{wide}><dt{hint}>{text(fact.label)}</dt><dd{_value(fact)}</dd></div>")
    return mark_safe("".join(drawn))


def _value(fact: Fact) -> str:
    """The rest of the opening tag, and what stands in it."""
    value = fact.value
    if fact.struck:
        reason = text(_("does not apply: %(reason)s") % {"reason": fact.struck})
        return f' class="struck" title="{text(fact.struck)}"><span>{reason}</span>'
    if fact.kind == "withheld":
        return f' class="muted">{text(value)}'
    if fact.kind == "yes_no" and isinstance(value, bool):
        return f">{text(_('Yes') if value else _('No'))}"
    if not value or fact.kind in ("text", "number"):
        return f">{'' if value is None else text(value)}"
    match fact.kind:
        case "person":
            return f">{person(value)}"
        case "link":
            return f'><a href="{text(fact.url)}">{text(value)}</a>'
        case "date":
            return f' class="num">{text(value)}'
        case "long":
            return f'><div class="keep-lines reading">{text(value)}</div>'
    return f">{text(value)}"


@register.simple_tag
def duty_lines(duties: Iterable[Duty]) -> SafeString:
    """Verb and record, for whom, how long, which clause, and the step itself."""
    look, do_it = _("Look"), _("Do it")
    return mark_safe("\n".join(_duty(duty, look, do_it) for duty in duties))


def _duty(duty: Duty, look: str, do_it: str) -> str:
    verb, number, title, url = text(duty.verb), text(duty.number), text(duty.title), text(duty.url)
    customer = f"{text(duty.customer)} · " if duty.customer else ""
    clause = f'<span class="clause">{text(duty.clause)}</span>' if duty.clause else ""
    whole = f'<span class="visually-hidden"> {verb} {number}</span></a>'
    who = (
        f' <span class="duty-who">{text(_("waits for %(who)s") % {"who": duty.waits_for})}</span>'
        if duty.waits_for
        else ""
    )
    if duty.action_url:
        step = f'<a class="btn btn-sm" href="{text(duty.action_url)}" data-dialog data-stay>{text(duty.step or do_it)}'
    else:
        step = f'<a class="btn btn-sm" href="{url}">{text(look)}'
    return (
        f'<li class="duty" data-row>\n'
        f'  <div class="duty-what"><a href="{url}">{verb}</a> <span class="num muted">{number}</span>{who}</div>\n'
        f'  <div class="duty-about"><span title="{title}">{customer}{title}</span>{clause}</div>\n'
        f'  <div class="duty-time">{clock(duty.clock)}</div>\n'
        f'  <div class="duty-step">{step}{whole}</div>\n</li>'
    )


@register.simple_tag
def clock_lines(clocks: Iterable[Clock]) -> SafeString:
    """Each clock with its owner, exact time and clause."""
    return mark_safe("".join(_clock_line(each) for each in clocks))


def _clock_line(face: Clock) -> str:
    at = f'<span class="num">{until(face.at)}</span>' if face.at else ""
    about = " · ".join(filter(None, (text(face.owner), at)))
    clause = f'<span class="clause">{text(face.clause)}</span>' if face.clause else ""
    return (
        f'<li><div class="line"><span>{text(face.what)}</span>{clock(face)}</div>'
        f'<div class="clock-about line"><span>{about}</span>{clause}</div></li>\n'
    )


@register.simple_tag
def closed_actions_lines(actions: Iterable[ActionButton]) -> SafeString:
    """Each closed action with its reason and the clause."""
    lock = icon("lock")
    return mark_safe("".join(_closed(action, lock) for action in actions))


def _closed(action: ActionButton, lock: str) -> str:
    clause = f' <span class="clause">{text(action.clause)}</span>' if action.clause else ""
    return (
        f'<div class="closed-action">{text(action.label)}\n'
        f'<span class="refusal">{lock}<span>{text(action.refusal)}{clause}</span></span></div>\n'
    )


@register.simple_tag
def conformity_bar(said: Conformity) -> SafeString:
    """How often a clause was kept, as a bar and in numbers."""
    if not said.total:
        none = text(_("no evidence"))
        return mark_safe(
            f'<div class="conformity conformity-none"><svg role="img" aria-label="{none}"></svg>'
            f'<span class="muted">{none}</span></div>'
        )
    numbers = {"kept": said.kept, "late": said.late, "broken": said.broken, "running": said.running}
    label = _("%(kept)s kept, %(late)s late, %(broken)s broken, %(running)s running") % numbers
    words = {"kept": _("kept"), "late": _("late"), "broken": _("broken"), "running": _("running")}
    parts = said.parts
    bars = "".join(
        f'<rect data-tone="{tone}" x="{begin}" width="{width}" height="100%"/>' for tone, _number, begin, width in parts
    )
    counts = "".join(
        f'<span data-tone="{tone}">{text(words[tone])} {number}</span>' for tone, number, _begin, _width in parts
    )
    return mark_safe(
        f'<div class="conformity">\n  <svg role="img" aria-label="{text(label)}">{bars}</svg>\n'
        f'  <span class="conformity-numbers" aria-hidden="true">{counts}</span>\n</div>'
    )
