"""What happens to people in a company: hired, given a position, deputised for, left. Dates are days in its time zone.

Every function is one transaction and one entry in the chain "organization". `by` is the administrator who acts (or the
employee himself, for his own deputies); None is the installation itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luyue.organization.accounts import is_employed_elsewhere, open_account, refuse_taken_email
from luyue.organization.changes import one_after_another, write_down
from luyue.organization.models import Account, Company, Department, Deputyship, Employee, Position, Tenure
from luyue.organization.refusals import StaffError, only_an_administrator, only_of


@transaction.atomic
def hire(
    company: Company,
    *,
    by: Employee | None,
    at: datetime,
    user_name: str,
    name: str,
    department: Department,
    joined_on: date,
    password: str = "",
    email: str = "",
    phone: str = "",
    is_administrator: bool = False,
    password_is_initial: bool = True,
) -> Employee:
    """Employ a person from a day on; who has no account yet gets one with a first password."""
    one_after_another(company.pk)
    only_an_administrator(company, by=by, at=at)
    only_of(company, department=department)
    _only_open(department, on=joined_on)
    account = Account.objects.filter(username__iexact=user_name.strip()).first()
    if account is None:
        account = open_account(
            user_name=user_name.strip(),
            name=name,
            password=password,
            email=email,
            at=at,
            password_is_initial=password_is_initial,
        )
    else:
        _may_employ(account, company, by=by, joined_on=joined_on)
    employee = Employee.objects.create(
        company=company,
        account=account,
        department=department,
        name=name,
        phone=phone,
        email=email,
        joined_on=joined_on,
        is_administrator=is_administrator,
    )
    write_down(
        company.pk,
        "hire",
        by=by,
        at=at,
        data={
            "employee": employee.pk,
            "name": name,
            "user_name": account.username,
            "department": department.code,
            "joined_on": joined_on,
            "is_administrator": is_administrator,
        },
    )
    return employee


def _may_employ(account: Account, company: Company, *, by: Employee | None, joined_on: date) -> None:
    """An existing account is offered only to those who know the person: earlier here, or in a company they run too."""
    if by is not None and not _knows(by, account):
        raise StaffError(
            _("The user name %(user_name)s is already taken.") % {"user_name": account.username}, field="user_name"
        )
    earlier = account.employments.filter(Q(left_on=None) | Q(left_on__gte=joined_on), company=company)
    if earlier.exists():
        raise StaffError(_("This person is already employed here at that time."), field="user_name")


def _knows(administrator: Employee, account: Account) -> bool:
    run_by = Employee.objects.filter(
        account_id=administrator.account_id, is_administrator=True, left_on=None
    ).values_list("company_id")
    return account.employments.filter(Q(company_id=administrator.company_id) | Q(company_id__in=run_by)).exists()


@transaction.atomic
def change_employee(
    employee: Employee,
    *,
    by: Employee | None,
    at: datetime,
    name: str,
    department: Department,
    phone: str = "",
    email: str = "",
    is_administrator: bool = False,
) -> None:
    """Change what the company knows of an employee; one administrator must remain."""
    one_after_another(employee.company_id)
    only_an_administrator(employee.company, by=by, at=at)
    only_of(employee.company, department=department)
    if department.pk != employee.department_id:
        _only_open(department, on=_today(employee.company, at))
    if employee.is_administrator and not is_administrator:
        _another_administrator_remains(employee, after=_today(employee.company, at))
    changes = {
        "name": (employee.name, name),
        "department": (employee.department.code, department.code),
        "phone": (employee.phone, phone),
        "email": (employee.email, email),
        "is_administrator": (employee.is_administrator, is_administrator),
    }
    _sign_in_follows(employee, email=email.strip().lower(), at=at)
    employee.name, employee.department, employee.phone, employee.email = name, department, phone, email
    employee.is_administrator = is_administrator
    employee.save(update_fields=["name", "department", "phone", "email", "is_administrator"])
    write_down(employee.company_id, "change_employee", by=by, at=at, changes=changes, data={"employee": employee.pk})


def _sign_in_follows(employee: Employee, *, email: str, at: datetime) -> None:
    """The address to sign in with follows the one at work, unless another company counts on the account too."""
    account = employee.account
    if account.email == email or is_employed_elsewhere(account, company=employee.company, at=at):
        return
    refuse_taken_email(email, account=account)
    account.email = email
    account.save(update_fields=["email"])


@transaction.atomic
def give_position(
    employee: Employee,
    position: Position,
    *,
    by: Employee | None,
    at: datetime,
    since: date,
    until: date | None = None,
) -> Tenure:
    """Let an employee hold a position from a day on, until a day or until it is ended."""
    one_after_another(employee.company_id)
    only_an_administrator(employee.company, by=by, at=at)
    only_of(employee.company, position=position)
    if until and until < since:
        raise StaffError(_("The last day lies before the first one."), field="until")
    if position.closed_on and (until is None or until > position.closed_on):
        raise StaffError(_("The position is closed."), field="position")
    _employed_throughout(employee, since=since, until=until)
    overlapping = employee.tenures.filter(Q(until=None) | Q(until__gte=since), position=position)
    if until:
        overlapping = overlapping.filter(since__lte=until)
    if overlapping.exists():
        raise StaffError(
            _("%(employee)s already holds this position at that time.") % {"employee": employee.name},
            field="position",
        )
    tenure = Tenure.objects.create(
        company_id=employee.company_id, employee=employee, position=position, since=since, until=until
    )
    write_down(
        employee.company_id,
        "give_position",
        by=by,
        at=at,
        data={"employee": employee.pk, "position": position.code, "since": since, "until": until},
    )
    return tenure


@transaction.atomic
def end_position(tenure: Tenure, *, by: Employee | None, at: datetime, until: date) -> None:
    """Let a position be held until a day, that day included."""
    only_an_administrator(tenure.company, by=by, at=at)
    if until < tenure.since:
        raise StaffError(_("The last day lies before the first one."), field="until")
    if tenure.employee.left_on and until > tenure.employee.left_on:
        raise StaffError(_("The employee leaves before that day."), field="until")
    before, tenure.until = tenure.until, until
    tenure.save(update_fields=["until"])
    write_down(
        tenure.company_id,
        "end_position",
        by=by,
        at=at,
        changes={"until": (before, until)},
        data={"employee": tenure.employee_id, "position": tenure.position.code},
    )


@transaction.atomic
def appoint_deputy(
    absent: Employee,
    deputy: Employee,
    *,
    by: Employee | None,
    at: datetime,
    since: date,
    until: date,
    position: Position | None = None,
    reason: str = "",
) -> Deputyship:
    """Let another employee act for one who is away, in all positions or in one; each may do so for himself."""
    one_after_another(absent.company_id)
    if by is None or by.pk != absent.pk:
        only_an_administrator(absent.company, by=by, at=at)
    only_of(absent.company, deputy=deputy, position=position)
    _proper_period(absent.company, since=since, until=until, at=at)
    if deputy.pk == absent.pk:
        raise StaffError(_("Nobody can be his or her own deputy."), field="deputy")
    _employed_throughout(absent, since=since, until=until)
    _employed_throughout(deputy, since=since, until=until, field="deputy")
    if position and not _holds_within(absent, position, since=since, until=until):
        raise StaffError(
            _("%(employee)s does not hold this position in that period.") % {"employee": absent.name},
            field="position",
        )
    if absent.absences.filter(position=position, since__lte=until, until__gte=since).exists():
        raise StaffError(_("A deputy is already named for this period."), field="since")
    deputyship = Deputyship.objects.create(
        company_id=absent.company_id,
        absent=absent,
        deputy=deputy,
        position=position,
        since=since,
        until=until,
        reason=reason,
    )
    write_down(absent.company_id, "appoint_deputy", by=by, at=at, data=_told(deputyship))
    return deputyship


@transaction.atomic
def withdraw_deputy(deputyship: Deputyship, *, by: Employee | None, at: datetime) -> None:
    """End a deputyship at once: today the absent one acts alone again. What has been done stays."""
    if by is None or by.pk != deputyship.absent_id:
        only_an_administrator(deputyship.company, by=by, at=at)
    yesterday = _today(deputyship.company, at) - timedelta(days=1)
    if deputyship.until <= yesterday:
        raise StaffError(_("This deputyship is over."))
    write_down(deputyship.company_id, "withdraw_deputy", by=by, at=at, data=_told(deputyship))
    _cut(Deputyship.objects.filter(pk=deputyship.pk), last_day=yesterday)


@transaction.atomic
def leave(employee: Employee, *, by: Employee | None, at: datetime, on: date) -> None:
    """Let an employment end: positions and deputyships end with it, and from the day after this company is closed
    to the account."""
    one_after_another(employee.company_id)
    only_an_administrator(employee.company, by=by, at=at)
    if on < employee.joined_on:
        raise StaffError(_("The last day lies before the first one."), field="left_on")
    if employee.is_administrator:
        _another_administrator_remains(employee, after=on)
    before, employee.left_on = employee.left_on, on
    employee.save(update_fields=["left_on"])
    ended = list(
        employee.tenures.filter(Q(until=None) | Q(until__gt=on)).values_list("position__code", flat=True).order_by("pk")
    )
    _cut(employee.tenures.all(), last_day=on)
    _cut(Deputyship.objects.filter(Q(absent=employee) | Q(deputy=employee)), last_day=on)
    write_down(
        employee.company_id,
        "leave",
        by=by,
        at=at,
        changes={"left_on": (before, on)},
        data={"employee": employee.pk, "positions_ended": ended},
    )


@transaction.atomic
def stay(employee: Employee, *, by: Employee | None, at: datetime) -> None:
    """Take back a leaving whose day has not passed; positions that were ended are given anew."""
    only_an_administrator(employee.company, by=by, at=at)
    if employee.left_on is None:
        raise StaffError(_("No leaving is noted for this employee."))
    if employee.left_on < _today(employee.company, at):
        raise StaffError(_("The employee has left; hire the person again under the same user name."))
    before, employee.left_on = employee.left_on, None
    employee.save(update_fields=["left_on"])
    write_down(
        employee.company_id, "stay", by=by, at=at, changes={"left_on": (before, None)}, data={"employee": employee.pk}
    )


def _cut(periods: QuerySet[Tenure] | QuerySet[Deputyship], *, last_day: date) -> None:
    """Let nothing of these reach beyond a day; what would only begin afterwards is not needed at all."""
    periods.filter(since__gt=last_day).delete()
    periods.filter(Q(until=None) | Q(until__gt=last_day)).update(until=last_day)


def _told(deputyship: Deputyship) -> dict[str, object]:
    return {
        "absent": deputyship.absent_id,
        "deputy": deputyship.deputy_id,
        "position": deputyship.position.code if deputyship.position else "",
        "since": deputyship.since,
        "until": deputyship.until,
        "reason": deputyship.reason,
    }


def _today(company: Company, at: datetime) -> date:
    return at.astimezone(company.zone).date()


def _only_open(department: Department, *, on: date) -> None:
    if department.closed_on and department.closed_on <= on:
        raise StaffError(_("The department is closed."), field="department")


def _proper_period(company: Company, *, since: date, until: date, at: datetime) -> None:
    if until < since:
        raise StaffError(_("The last day lies before the first one."), field="until")
    if until < _today(company, at):
        raise StaffError(_("The period is already over."), field="until")


def _employed_throughout(employee: Employee, *, since: date, until: date | None, field: str = "since") -> None:
    if since < employee.joined_on:
        raise StaffError(
            _("%(employee)s joins only on %(day)s.") % {"employee": employee.name, "day": employee.joined_on},
            field=field,
        )
    if employee.left_on and (until is None or until > employee.left_on):
        raise StaffError(
            _("%(employee)s leaves on %(day)s.") % {"employee": employee.name, "day": employee.left_on},
            field=field if since > employee.left_on or field != "since" else "until",
        )


def _holds_within(employee: Employee, position: Position, *, since: date, until: date) -> bool:
    return employee.tenures.filter(Q(until=None) | Q(until__gte=since), position=position, since__lte=until).exists()


def _another_administrator_remains(employee: Employee, *, after: date) -> None:
    others = Employee.objects.filter(
        Q(left_on=None) | Q(left_on__gt=after), company_id=employee.company_id, is_administrator=True
    ).exclude(pk=employee.pk)
    if not others.exists():
        raise StaffError(_("The company would have no administrator left; name another one first."))
