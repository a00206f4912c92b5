"""Addresses of sign-in, of a person's own account, and of the company's administration."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from luyue.organization.pages import calendar, deputies, overview, own_account, people, structure

own = [
    path("", own_account.my_account, name="my_account"),
    path("company/", own_account.switch_company, name="switch_company"),
    path("absences/", own_account.absences, name="my_absences"),
    path("absences/<int:pk>/withdraw/", own_account.withdraw, name="withdraw_my_deputy"),
]

administration = [
    path("", overview.overview, name="overview"),
    path("departments/", structure.departments, name="departments"),
    path("departments/add/", structure.add, {"kind": "department"}, name="add_department"),
    path("departments/<int:pk>/", structure.change, {"kind": "department"}, name="department"),
    path("departments/<int:pk>/close/", structure.close, {"kind": "department"}, name="close_department"),
    path("departments/<int:pk>/reopen/", structure.reopen, {"kind": "department"}, name="reopen_department"),
    path("positions/", structure.positions, name="positions"),
    path("positions/add/", structure.add, {"kind": "position"}, name="add_position"),
    path("positions/<int:pk>/", structure.change, {"kind": "position"}, name="position"),
    path("positions/<int:pk>/close/", structure.close, {"kind": "position"}, name="close_position"),
    path("positions/<int:pk>/reopen/", structure.reopen, {"kind": "position"}, name="reopen_position"),
    path("employees/", people.employees, name="employees"),
    path("employees/add/", people.hire, name="hire"),
    path("employees/<int:pk>/", people.employee, name="employee"),
    path("employees/<int:pk>/positions/", people.give_position, name="give_position"),
    path("employees/<int:pk>/leave/", people.leave, name="leave"),
    path("employees/<int:pk>/stay/", people.stay, name="stay"),
    path("employees/<int:pk>/password/", people.reset_password, name="reset_password"),
    path("employees/<int:pk>/second-factor/", people.remove_second_factor, name="remove_second_factor"),
    path("positions-held/<int:pk>/end/", people.end_position, name="end_position"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/<int:pk>/withdraw/", deputies.withdraw, name="withdraw_deputy"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/notice/", calendar.notice, name="notice"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/two-step/", include("allauth.mfa.urls")),
    path(
        "", include(([path("account/", include(own)), path("organization/", include(administration))], "organization"))
    ),
]
