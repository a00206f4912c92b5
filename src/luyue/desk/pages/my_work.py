"""My work: what I owe, in the order in which it falls due, and the one next thing to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import chain, groupby, islice

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
        "days": _by_day(request, rows, names),
        "kept_this_week": 0 if rows else _kept_this_week(request),
        "buttons": _openings(request),
        "recent": _recently_opened(request),
        "deputies": _deputies(request),
        "deputies_url": reverse("organization:my_absences"),
    }
    return render(request, "desk/my_work.html", context)


def owed_by(request: StaffRequest, key: str) -> QuerySet[Obligation]:
    """What is owed under one address, open records only."""
    return Obligation.objects.filter(company_id=request.company.pk, is_owed=True, owner=key)


def _ends(request: StaffRequest) -> dict[str, datetime]:
    zone = request.company.zone
    today_ends = datetime.combine(request.today + timedelta(days=1), time.min, zone)
    week_ends = today_ends + timedelta(days=6 - request.today.weekday())
    return {"now": request.now, "today": today_ends, "week": week_ends}


def _narrowed(owed: QuerySet[Obligation], name: str, ends: dict[str, datetime]) -> QuerySet[Obligation]:
    if name == "overdue":
        return owed.filter(due_at__lt=ends["now"])
    if name == "today":
        return owed.filter(due_at__gte=ends["now"], due_at__lte=ends["today"])
    if name == "week":
        return owed.filter(due_at__gte=ends["now"], due_at__lte=ends["week"])
    return owed.filter(kind="sign_off") if name == "signature" else owed


def _waiting_for_others(request: StaffRequest) -> QuerySet[Obligation]:
    return (
        Obligation.objects.filter(
            company_id=request.company.pk,
            is_owed=True,
            record__company_id=request.company.pk,
            record__owner=request.employee,
            record__is_open=True,
            kind__in=["sign_off", "routing", "time_limit"],
        )
        .exclude(owner__in=request.authority.keys)
        .order_by("due_at", "id")
    )


def _rows(request: StaffRequest, name: str) -> list[Obligation]:
    """The first of the list by due time; those without one come last. One indexed look-up for each address."""
    if name == "others":
        return list(_waiting_for_others(request).select_related("record__party")[:SHOWN])
    ends = _ends(request)
    dated, undated = [], []
    for key in sorted(request.authority.keys):
        owed = _narrowed(owed_by(request, key), name, ends)
        due = owed.filter(due_at__isnull=False).order_by("due_at", "id")
        dated.append(due.values_list("due_at", "id")[:SHOWN])
        if name in ("all", "signature"):
            undated.append(owed.filter(due_at=None).order_by("id").values_list("id", flat=True)[:SHOWN])
    first = [pk for _due, pk in islice(merge(*dated), SHOWN)]
    ids = first + list(islice(chain.from_iterable(undated), SHOWN - len(first)))
    found = Obligation.objects.select_related("record__party").in_bulk(ids)
    rows = [found[pk] for pk in ids]
    prefetch_related_objects([row for row in rows if row.record_id is None], "edition__procedure")
    return rows


def _tallies(request: StaffRequest, chosen: str) -> list[faces.Tally]:
    ends = _ends(request)
    keys = sorted(request.authority.keys)
    owed = Obligation.objects.filter(company_id=request.company.pk, is_owed=True, owner__in=keys)
    found = []
    for name, label in _labels():
        rows = _waiting_for_others(request).order_by() if name == "others" else _narrowed(owed, name, ends)
        number = rows[: COUNTED_TO + 1].count()
        found.append(
            faces.Tally(
                label=label,
                count=f"{COUNTED_TO}+" if number > COUNTED_TO else str(number),
                url=f"{reverse('desk:my_work')}?list={name}",
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


def _by_day(request: StaffRequest, rows: list[Obligation], names: Names) -> list[faces.Day]:
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
        days.append(faces.Day(label=label, duties=list(_duties(request, found, names)), is_overdue=place == 0))
    return days


def _duties(request: StaffRequest, rows: Iterable[Obligation], names: Names) -> Iterable[faces.Duty]:
    for row in rows:
        if row.record is None:
            yield duty_without_record(row, names, request.company, request.now)
        else:
            record_type = registry.record_type(row.record.type)
            yield duty_of(row, record_type, names, request.company, request.now)


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
    mine = Deputyship.objects.filter(company=request.company, until__gte=request.today)
    said = [
        _("%(deputy)s acts for you from %(since)s to %(until)s.")
        % {"deputy": each.deputy.name, "since": each.since, "until": each.until}
        for each in mine.filter(absent=request.employee).select_related("deputy")[:5]
    ]
    said += [
        _("You act for %(absent)s until %(until)s.") % {"absent": each.absent.name, "until": each.until}
        for each in mine.filter(deputy=request.employee, since__lte=request.today).select_related("absent")[:5]
    ]
    return said


def _recently_opened(request: StaffRequest) -> list[faces.LinkedRecord]:
    seen = Record.objects.visible_to(request.employee, request.authority).filter(pk=OuterRef("record_id"))
    visits = (
        Visit.objects.filter(Exists(seen), company_id=request.company.pk, employee=request.employee)
        .select_related("record")
        .order_by("-visited_at")[:8]
    )
    return [
        faces.LinkedRecord(
            number=visit.record.number,
            title=visit.record.title,
            url=record_url(visit.record, registry.record_type(visit.record.type)),
            state=state_of(registry.record_type(visit.record.type), visit.record.state),
        )
        for visit in visits
    ]
