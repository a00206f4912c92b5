"""My work: what I owe, in the order in which it falls due, and the one next thing to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from heapq import merge
from itertools import chain, groupby, islice
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.models import Visit
from luyue.desk.presenting import date_in_words, duty_of, duty_without_record, record_url, state_of
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.models import Deputyship
from luyue.organization.prepared import Place, Prepared
from luyue.records import registry
from luyue.records.models import Obligation, Record
from luyue.records.objections import Names
from luyue.records.rules import may_open, rules_in_force

SHOWN = 60
COUNTED_TO = 999
LISTS = ("all", "overdue", "today", "week", "signature", "others")


@require_safe
@for_employees
def my_work(request: StaffRequest) -> HttpResponse:
    chosen = request.GET.get("list", "all")
    chosen = chosen if chosen in LISTS else "all"
    rows = _rows(request, chosen)
    names = Names.of(request.company)
    context = {
        "tallies": _tallies(request, chosen),
        "days": _by_day(request, rows, names, of_others=chosen == "others"),
        "kept_this_week": 0 if rows else _kept_this_week(request),
        "buttons": _openings(request),
        "recent": _recently_opened(request),
        "deputies": _deputies(request),
        "deputies_url": reverse("organization:my_absences"),
    }
    return render(request, "desk/my_work.html", context)


Moment = datetime | Place


@dataclass(frozen=True)
class Ends:
    """When the day and the week end, seen from now."""

    now: Moment
    today: Moment
    week: Moment


def _ends(request: StaffRequest) -> tuple[datetime, datetime, datetime]:
    today_ends = datetime.combine(request.today + timedelta(days=1), time.min, request.company.zone)
    return request.now, today_ends, today_ends + timedelta(days=6 - request.today.weekday())


def _narrowed(owed: QuerySet[Obligation], name: str, ends: Ends) -> QuerySet[Obligation]:
    if name == "overdue":
        return owed.filter(due_at__lt=ends.now)
    if name == "today":
        return owed.filter(due_at__gte=ends.now, due_at__lte=ends.today)
    if name == "week":
        return owed.filter(due_at__gte=ends.now, due_at__lte=ends.week)
    return owed.filter(kind="sign_off") if name == "signature" else owed


@cache
def _dated(name: str) -> Prepared[tuple[datetime, int]]:
    """What is owed under one address and has a due time, the nearest first; open records only."""

    def rows(company_id: Place, key: Place, *ends: Place) -> QuerySet[Obligation, tuple[datetime, int]]:
        owed = _narrowed(Obligation.objects.filter(company_id=company_id, is_owed=True, owner=key), name, Ends(*ends))
        due = owed.filter(due_at__isnull=False).order_by("due_at", "id")
        return cast(Any, due.values_list("due_at", "id")[:SHOWN])

    return Prepared(rows)


@cache
def _undated(name: str) -> Prepared[int]:
    """What is owed under one address without a due time, the oldest first."""

    def rows(company_id: Place, key: Place, *ends: Place) -> QuerySet[Obligation, int]:
        owed = _narrowed(Obligation.objects.filter(company_id=company_id, is_owed=True, owner=key), name, Ends(*ends))
        return owed.filter(due_at=None).order_by("id").values_list("id", flat=True)[:SHOWN]

    return Prepared(rows)


@cache
def _counted(name: str) -> Prepared[int]:
    """What is owed under any of the addresses, as far as it is counted."""

    def rows(company_id: Place, keys: list[Place], *ends: Place) -> QuerySet[Obligation, int]:
        owed = Obligation.objects.filter(company_id=company_id, is_owed=True, owner__in=keys)
        return _narrowed(owed, name, Ends(*ends)).values_list("id", flat=True)[: COUNTED_TO + 1]

    return Prepared(rows)


def _waiting_for_others(company_id: Place, employee_id: Place, keys: list[Place]) -> QuerySet[Obligation]:
    return Obligation.objects.filter(
        company_id=company_id,
        is_owed=True,
        record__company_id=company_id,
        record__owner_id=employee_id,
        record__is_open=True,
        kind__in=["sign_off", "routing", "time_limit"],
    ).exclude(owner__in=keys)


@Prepared
def _first_of_others(company_id: Place, employee_id: Place, keys: list[Place]) -> QuerySet[Obligation, int]:
    rows = _waiting_for_others(company_id, employee_id, keys).order_by("due_at", "id")
    return rows.values_list("id", flat=True)[:SHOWN]


@Prepared
def _counted_of_others(company_id: Place, employee_id: Place, keys: list[Place]) -> QuerySet[Obligation, int]:
    return _waiting_for_others(company_id, employee_id, keys).values_list("id", flat=True)[: COUNTED_TO + 1]


@Prepared
def _lines(ids: Any) -> QuerySet[Obligation]:
    """Obligations whole, and of their records what a line of work says."""
    own = [field.name for field in Obligation._meta.concrete_fields]
    of_record = ("record__number", "record__title", "record__type", "record__state", "record__party__name")
    return Obligation.objects.filter(id__in=ids).select_related("record__party").only(*own, *of_record)


def _rows(request: StaffRequest, name: str) -> list[Obligation]:
    """The first of the list by due time; those without one come last. One indexed look-up for each address."""
    ids = _ids_of_others(request) if name == "others" else _ids_of_mine(request, name)
    found = {row.pk: row for row in _lines(ids)}
    rows = [found[pk] for pk in ids]
    prefetch_related_objects([row for row in rows if row.record_id is None], "edition__procedure")
    return rows


def _ids_of_others(request: StaffRequest) -> list[int]:
    return _first_of_others(request.company.pk, request.employee.pk, request.authority.keys)


def _ids_of_mine(request: StaffRequest, name: str) -> list[int]:
    ends = _ends(request)
    keys = sorted(request.authority.keys)
    dated = (_dated(name)(request.company.pk, key, *ends) for key in keys)
    first = [pk for _due, pk in islice(merge(*dated), SHOWN)]
    if name not in ("all", "signature") or len(first) == SHOWN:
        return first
    undated = chain.from_iterable(_undated(name)(request.company.pk, key, *ends) for key in keys)
    return first + list(islice(undated, SHOWN - len(first)))


def _number(request: StaffRequest, name: str) -> int:
    company, keys = request.company.pk, sorted(request.authority.keys)
    if name == "others":
        return len(_counted_of_others(company, request.employee.pk, keys))
    return len(_counted(name)(company, keys, *_ends(request)))


def _tallies(request: StaffRequest, chosen: str) -> list[faces.Tally]:
    found = []
    for name, label in _labels():
        number = _number(request, name)
        found.append(
            faces.Tally(
                label=label,
                count=f"{COUNTED_TO}+" if number > COUNTED_TO else str(number),
                url=reverse("desk:my_work") + ("" if name == chosen else f"?list={name}"),
                is_chosen=name == chosen,
                tone="overdue" if name == "overdue" and number else "due" if name == "today" and number else "plain",
            )
        )
    return found


def _labels() -> list[tuple[str, str]]:
    return [
        ("overdue", _("Overdue")),
        ("today", _("Due today")),
        ("week", _("This week")),
        ("signature", _("Waiting for my signature")),
        ("others", _("I wait for others")),
    ]


def _by_day(request: StaffRequest, rows: list[Obligation], names: Names, *, of_others: bool) -> list[faces.Day]:
    zone = request.company.zone

    def day_of(row: Obligation) -> tuple[int, date | None]:
        if row.due_at is None:
            return 2, None
        if row.due_at < request.now:
            return 0, None
        return 1, (row.due_at - timedelta(microseconds=1)).astimezone(zone).date()

    days = []
    for (place, day), found in groupby(rows, day_of):
        label = _("Overdue") if place == 0 else _("Without a time limit") if day is None else ""
        label = label or date_in_words(day or request.today, request.today)
        duties = list((_others_duties if of_others else _duties)(request, found, names))
        days.append(faces.Day(label=label, duties=duties, is_overdue=place == 0))
    return days


def _duties(request: StaffRequest, rows: Iterable[Obligation], names: Names) -> Iterable[faces.Duty]:
    for row in rows:
        if row.record is None:
            yield duty_without_record(row, names, request.company, request.now)
        else:
            record_type = registry.record_type(row.record.type)
            yield duty_of(row, record_type, names, request.company, request.now)


def _others_duties(request: StaffRequest, rows: Iterable[Obligation], names: Names) -> Iterable[faces.Duty]:
    """What one waits for: it says for whom, and leads to the record, for the step is not one's own."""
    kept = list(rows)
    for row, duty in zip(kept, _duties(request, kept, names), strict=True):
        yield replace(duty, action_url="", waits_for=names.address(row.owner))


def _kept_this_week(request: StaffRequest) -> int:
    monday = datetime.combine(request.today - timedelta(days=request.today.weekday()), time.min, request.company.zone)
    return Obligation.objects.filter(
        company_id=request.company.pk, done_by=request.employee, status="kept", settled_at__gte=monday
    ).count()


def _openings(request: StaffRequest) -> list[faces.ActionButton]:
    """What this employee may register, as the editions in force say."""
    rules = rules_in_force(request.company, request.today)
    return [
        faces.ActionButton(
            label=str(each.opening_action.label) + _(": ") + str(each.model._meta.verbose_name),
            url=reverse("desk:new", args=[each.slug]),
            icon=each.icon,
        )
        for each in registry.record_types()
        if may_open(rules, each, request.authority)
    ]


def _deputies(request: StaffRequest) -> list[str]:
    """Who acts for me and for whom I act, each in one sentence."""
    me = (request.company.pk, request.employee.pk, request.today)
    said = [
        _("%(deputy)s acts for you from %(since)s to %(until)s.") % {"deputy": deputy, "since": since, "until": until}
        for deputy, since, until in _my_deputies(*me)
    ]
    said += [
        _("You act for %(absent)s until %(until)s.") % {"absent": absent, "until": until}
        for absent, until in _those_i_act_for(*me)
    ]
    return said


@Prepared
def _my_deputies(company_id: Place, me: Place, today: Place) -> QuerySet[Deputyship, tuple[str, date, date]]:
    mine = Deputyship.objects.filter(company_id=company_id, absent_id=me, until__gte=today)
    return mine.values_list("deputy__name", "since", "until")[:5]


@Prepared
def _those_i_act_for(company_id: Place, me: Place, today: Place) -> QuerySet[Deputyship, tuple[str, date]]:
    theirs = Deputyship.objects.filter(company_id=company_id, deputy_id=me, until__gte=today, since__lte=today)
    return theirs.values_list("absent__name", "until")[:5]


def _recently_opened(request: StaffRequest) -> list[faces.LinkedRecord]:
    visits = _last_visits(request.company.pk, request.employee.pk, request.authority.keys)
    return [
        faces.LinkedRecord(
            number=visit.record.number,
            title=visit.record.title,
            url=record_url(visit.record, registry.record_type(visit.record.type)),
            state=state_of(registry.record_type(visit.record.type), visit.record.state),
        )
        for visit in visits
    ]


@Prepared
def _last_visits(company_id: Place, employee_id: Place, keys: list[Place]) -> QuerySet[Visit]:
    seen = Record.objects.visible_under(company_id, keys).filter(pk=OuterRef("record_id"))
    visits = Visit.objects.filter(Exists(seen), company_id=company_id, employee_id=employee_id)
    of_record = ("record__number", "record__title", "record__type", "record__state")
    return visits.select_related("record").only("visited_at", *of_record).order_by("-visited_at")[:8]
