from __future__ import annotations

from pathlib import Path

import pytest

from luyue.rulebook.checking import actions_nobody_may_take, check_company, check_documents, check_profile
from luyue.rulebook.loading import read_company, read_document, read_profile
from luyue.rulebook.problems import Findings
from tests.rulebook.papers import COMPANY, HEAD, REPLY, VOCABULARY, WORDS, checked, paper


def said(findings: Findings) -> list[str]:
    return [str(problem).removeprefix("qm-10.yaml: clauses[0].") for problem in findings.problems]


def limit(name: str, within: str, when: str, more: str = "") -> str:
    """A time limit for coming to the place, in some cases only."""
    return f"""time_limit:
  name: {name}
  starts: complaint.register
  stops: visit.arrive
  within: {within}
  when: {when}
  {more}"""


def test_a_procedure_whose_names_all_exist_has_nothing_to_mend() -> None:
    document = read_document(HEAD + REPLY)

    assert check_documents({"a.yaml": document}, VOCABULARY, WORDS) == Findings()


@pytest.mark.parametrize(
    ("control", "sentence"),
    [
        (
            "time_limit: {starts: complaint.register, stops: [complaint.acknowlege], within: 24h}",
            "controls[0].time_limit.stops[0]: no action `complaint.acknowlege`; did you mean `complaint.acknowledge`?",
        ),
        (
            "time_limit: {starts: complain.register, stops: complaint.close, within: 24h}",
            "controls[0].time_limit.starts[0]: no action `complain.register`; did you mean `complaint.register`?",
        ),
        (
            "time_limit: {since: complaint.recieved_on, stops: complaint.close, within: 24h}",
            "controls[0].time_limit.since: no date field `complaint.recieved_on`;"
            " did you mean `complaint.received_on`?",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, within: complaint.travel}",
            "controls[0].time_limit.within: no duration field `complaint.travel`;"
            " did you mean `complaint.travel_time`?",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, within: 1d, pauses: [complaint.waitng]}",
            "controls[0].time_limit.pauses[0]: no state `complaint.waitng`; did you mean `complaint.waiting`?",
        ),
        (
            "time_limit: {starts: complaint.register, before: true, stops: complaint.close, within: 2d}",
            "controls[0].time_limit.before: `before` counts backwards from a date; name the date field in `since`",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, due: complaint.promised_on,"
            " pauses: [complaint.waiting]}",
            "controls[0].time_limit.pauses: what is due by a date is due by that date, whatever the state;"
            " take `pauses` out",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, within: 1d, pauses: [complaint.closed]}",
            "controls[0].time_limit.pauses[0]: `complaint.closed` is a last state;"
            " a clock that stands still there never runs again",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, within: 1d, owner: {department: qualty}}",
            "controls[0].time_limit.owner.department: no department `qualty`; did you mean `quality`?",
        ),
        (
            "time_limit: {starts: complaint.register, stops: complaint.close, within: 7d, not_before: 7d}",
            "controls[0].time_limit.not_before: what is done in the first 7d does not count, yet all is due within 7d",
        ),
        (
            "role: {actions: complaint.close, may: [{position: sales_manger}]}",
            "controls[0].role.may[0].position: no position `sales_manger`; did you mean `sales_manager`?",
        ),
        (
            "role: {actions: complaint.close, everyone: true, when: {markt: [domestic]}}",
            "controls[0].role.when.markt: `complaint` has no fact `markt`; did you mean `market`?",
        ),
        (
            "role: {actions: complaint.close, everyone: true, when: {market: [oversea]}}",
            "controls[0].role.when.market: `market` is never `oversea`; did you mean `overseas`?",
        ),
        (
            'role: {actions: complaint.close, everyone: true, when: {market: ">5"}}',
            "controls[0].role.when.market: `market` is one of: domestic, overseas;"
            " write a list of them, in quotes if need be",
        ),
        (
            "role: {actions: complaint.close, everyone: true, when: {amount: [large]}}",
            "controls[0].role.when.amount: `amount` is a number (CNY); write an interval such as “(300, 1000]”",
        ),
        (
            "role: {actions: complaint.close, everyone: true, when: {in_warranty: [perhaps]}}",
            "controls[0].role.when.in_warranty: `in_warranty` is true or false",
        ),
        (
            'role: {actions: complaint.close, everyone: true, when: {sold_on: ["2026-01-01"]}}',
            "controls[0].role.when.sold_on: `sold_on` is a date; write an interval such as “>=2026-01-01”"
            " or “[2026-01-01, 2026-06-30]”",
        ),
        (
            'role: {actions: complaint.close, everyone: true, when: {age: ">=2026-01-01"}}',
            "controls[0].role.when.age: `age` is the time from one date to another; write an interval such as"
            " “<=7d” or “(6mo, 1y]”",
        ),
        (
            'role: {actions: complaint.close, everyone: true, when: {sold_on: "<=7d"}}',
            "controls[0].role.when.sold_on: `sold_on` is a date; write an interval such as “>=2026-01-01”"
            " or “[2026-01-01, 2026-06-30]”",
        ),
        (
            "role: {actions: visit.arrive, everyone: true, when: {market: [domestic]}}",
            "controls[0].role.when.market: `visit` has no fact `market`; it declares none",
        ),
        (
            "target: {figure: on_time, at_least: 95, when: {market: [domestic]}}",
            "controls[0].target.when: this kind of control concerns no record, so it has no facts to depend on",
        ),
        (
            "required_fields: {action: complaint.close, fields: [remdy]}",
            "controls[0].required_fields.fields[0]: `complaint.close` asks for no field `remdy`;"
            " did you mean `remedy`?",
        ),
        (
            "prerequisite: {before: complaint.close, needs: {attachment: foto}}",
            "controls[0].prerequisite.needs[0].attachment: no kind of attachment `foto`; did you mean `photo`?",
        ),
        (
            "prerequisite: {before: complaint.close, needs: {link: {type: visit, states: [finished]}}}",
            "controls[0].prerequisite.needs[0].link.states[0]: no state `finished`; accepted are `done`, `planned`",
        ),
        (
            "prerequisite: {before: complaint.close, needs: {link: {type: visits}}}",
            "controls[0].prerequisite.needs[0].link.type: no record type `visits`; did you mean `visit`?",
        ),
        (
            "prerequisite: {before: complaint.register, needs: {action: complaint.assess}}",
            "controls[0].prerequisite.needs[0].action: `complaint.register` opens the record;"
            " `complaint.assess` cannot come before it",
        ),
        (
            "threshold: {name: major-amout, value: 5}",
            "controls[0].threshold.name: no threshold `major-amout`; did you mean `major-amount`?",
        ),
        (
            "form: {record: complaint, code: F-1, title: {zh-hans: 登记表}, fields: [contents]}",
            "controls[0].form.fields[0]: no field `contents`; did you mean `content`?",
        ),
        (
            "form: {record: complaint, code: F-1, title: {zh-hans: 登记表}, copies_to: [finance]}",
            "controls[0].form.copies_to[0]: no department or position `finance`; accepted are `general_manager`,"
            " `quality`, `quality_manager`, `sales`, `sales_manager`",
        ),
        (
            "confidentiality: {record: complaint, fields: [party]}",
            "controls[0].confidentiality.fields[0]: `party` stands in the heading, which all read who may see the"
            " record; leave `fields` out to hide the record itself; accepted are `content`, `remedy`, `severity`",
        ),
        (
            "confidentiality: {record: complaint, fields: [contents]}",
            "controls[0].confidentiality.fields[0]: no field `contents`; did you mean `content`?",
        ),
        (
            "classification: {field: complaint.grade, classes: []}",
            "controls[0].classification.field: no field `complaint.grade`; accepted are `complaint.age`,"
            " `complaint.amount`, `complaint.content`, `complaint.distance_km`, `complaint.in_warranty`,"
            " `complaint.market`, `complaint.number`, `complaint.party`, `complaint.remedy`, `complaint.severity`,"
            " `complaint.sold_on`",
        ),
        (
            "cadence: {every: month, actions: visit.plan, per: department, of: [sale]}",
            "controls[0].cadence.of[0]: no department `sale`; did you mean `sales`?",
        ),
        (
            "cadence: {every: month, actions: visit.plan, of: [sales]}",
            "controls[0].cadence.of: the company is one; `of` names parts of nothing here",
        ),
        (
            "attested: {by: {person: owner}, every: month}",
            "controls[0].attested.by.person: a duty of conduct belongs to no record, so it has no owner;"
            " name a position or department",
        ),
        (
            "sign_off: {before: complaint.close, signers: [{department: sales}, {department: sales}]}",
            "controls[0].sign_off.signers[1]: `department:sales` stands here twice",
        ),
        (
            "sign_off: {before: complaint.close, same_as: complaint.assess}",
            "controls[0].sign_off.same_as: nobody signs before `complaint.assess`,"
            " so there are no signers to take over",
        ),
        (
            "separate_persons: {actions: [complaint.close, complaint.close]}",
            "controls[0].separate_persons.actions[1]: `complaint.close` stands here twice",
        ),
        (
            "order: {first: complaint.assess, then: complaint.register}",
            "controls[0].order.then: `complaint.register` opens the record; `complaint.assess` cannot come before it",
        ),
        (
            "order: {first: complaint.close, then: complaint.close}",
            "controls[0].order: `complaint.close` → `complaint.close`: each waits for the one before,"
            " so none can ever be taken",
        ),
    ],
)
def test_a_name_that_cannot_stand_is_told_with_what_can(control: str, sentence: str) -> None:
    assert said(checked(control)) == [sentence]


@pytest.mark.parametrize(
    ("pattern", "reset", "sentence"),
    [
        ("TS{yr}-{sequence:4}", "year", "no part `{yr}` of a number; did you mean `year`?"),
        ("TS{year}-{sequence}", "year", "write `{sequence:4}` with its width, and the other parts without one"),
        ("TS{year:4}-{sequence:4}", "year", "write `{sequence:4}` with its width, and the other parts without one"),
        ("TS{year}", "year", "a number has `{sequence:4}` exactly once"),
        ("TS{year-{sequence:4}", "year", "no part `{year-{sequence` of a number"),
        ("TS{year}{sequence:4}}", "year", "a brace is not closed"),
        (
            "TS{year}-{sequence:3}",
            "month",
            "counted anew each month, numbers would repeat; `{month}` must stand in the pattern",
        ),
    ],
)
def test_a_pattern_of_numbers_that_would_repeat_is_refused(pattern: str, reset: str, sentence: str) -> None:
    (problem,) = said(checked(f'numbering: {{record: complaint, pattern: "{pattern}", reset: {reset}}}'))

    assert problem.startswith("controls[0].numbering.pattern: ")


def test_a_pattern_may_name_the_year_with_two_digits() -> None:
    assert checked('numbering: {record: complaint, pattern: "TS{yy}{month}-{sequence:3}", reset: month}') == Findings()


def test_the_limits_of_one_source_leave_a_gap_between_1000_and_1500_km() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=300"}'),
        limit("on-site", "72h", '{distance_km: "(300, 1000]"}'),
        limit("on-site", "96h", '{distance_km: ">1500"}'),
    )

    assert said(found) == [
        "controls[0].time_limit.when: no rule `on-site` for distance_km in (1000, 1500];"
        " add one, or say by `gap` why none is set there"
    ]


def test_a_gap_that_the_clause_answers_is_only_remarked() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=1000"}'),
        limit("on-site", "96h", '{distance_km: ">1500"}', "gap: {zh-hans: 原文未规定，由双方另行约定}"),
    )

    assert found.problems == ()
    assert [remark.sentence for remark in found.remarks] == [
        "no rule `on-site` for distance_km in (1000, 1500], as the clause says"
    ]


def test_an_answer_to_no_gap_is_remarked() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=1000"}'),
        limit("on-site", "96h", '{distance_km: ">1000"}', "gap: {zh-hans: 无}"),
    )

    assert found.problems == ()
    assert [remark.code for remark in found.remarks] == ["needless_gap"]


def test_two_limits_for_the_same_distance_are_refused_with_the_distances() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=300"}'),
        limit("on-site", "72h", '{distance_km: "[300, 1000]"}'),
        limit("on-site", "96h", '{distance_km: ">900"}'),
    )

    assert said(found) == [
        "controls[1].time_limit.when: two rules `on-site` hold at once for distance_km = 300;"
        " the other is clauses[0].controls[0].time_limit",
        "controls[2].time_limit.when: two rules `on-site` hold at once for distance_km in (900, 1000];"
        " the other is clauses[0].controls[1].time_limit",
    ]


def test_a_missing_value_of_a_list_is_named() -> None:
    found = checked(
        limit("on-site", "48h", "{severity: [critical]}"),
        limit("on-site", "72h", "{market: [domestic], severity: [minor]}"),
    )

    assert [problem.partition(" for ")[2].partition(";")[0] for problem in said(found)] == [
        "severity = minor or major, market = overseas",
        "severity = major, market = domestic",
    ]


def test_several_facts_are_looked_at_together() -> None:
    found = checked(
        limit("on-site", "48h", '{market: [domestic], distance_km: "<=300"}'),
        limit("on-site", "72h", '[{market: [domestic], distance_km: ">300"}, {in_warranty: true, market: [overseas]}]'),
    )

    assert [problem.partition(" for ")[2].partition(";")[0] for problem in said(found)] == [
        "market = overseas, in_warranty = false"
    ]


def test_variants_of_one_name_each_say_when() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=300"}'),
        "time_limit: {name: on-site, starts: complaint.register, stops: visit.arrive, within: 96h}",
    )

    assert said(found) == [
        "controls[1].time_limit: several controls are named `on-site`; then each says by `when` in which case it holds"
    ]


def test_a_name_belongs_to_one_kind_of_control() -> None:
    found = checked(
        limit("on-site", "48h", '{distance_km: "<=300"}'),
        "order: {name: on-site, first: visit.plan, then: visit.arrive}",
    )

    assert said(found) == [
        "controls[1].order.name: the name `on-site` already belongs to clauses[0].controls[0].time_limit,"
        " another kind of control"
    ]


def test_too_many_cases_are_refused_rather_than_half_checked() -> None:
    bounds = [f'{{amount: "({n}, {n + 1}]", distance_km: "({n}, {n + 1}]"}}' for n in range(0, 240, 2)]

    found = checked(*(limit("on-site", "48h", bound) for bound in bounds))

    assert [problem.code for problem in found.problems] == ["too_many_cases"]


def test_every_case_has_a_class_and_only_one() -> None:
    found = checked(
        """classification:
  field: complaint.severity
  classes:
    - {gives: minor, when: {amount: "<1000"}}
    - {gives: major, when: {amount: "[500, 5000)"}}
    - {gives: critical, when: {amount: ">5000"}}"""
    )

    assert said(found) == [
        "controls[0].classification.classes[1]: `minor` and `major` are both given for amount in [500, 1000)",
        "controls[0].classification.classes: no class for amount = 5000",
    ]


def test_a_circle_of_demands_is_found_across_procedures() -> None:
    one = read_document(paper("order: {first: complaint.assess, then: complaint.close}"))
    other = read_document(
        paper("prerequisite: {before: complaint.assess, needs: {action: complaint.close}}").replace("QM-10", "QM-11")
    )

    found = check_documents({"one.yaml": one, "other.yaml": other}, VOCABULARY, WORDS)

    assert [problem.sentence for problem in found.problems] == [
        "`complaint.assess` → `complaint.close` → `complaint.assess`: each waits for the one before,"
        " so none can ever be taken"
    ]


def test_what_already_contradicts_itself_is_not_held_against_a_new_procedure() -> None:
    numbering = 'numbering: {record: complaint, pattern: "TS{year}-{sequence:4}"}'
    standing = [read_document(paper(numbering)), read_document(paper(numbering).replace("QM-10", "QM-11"))]
    new = read_document(paper("order: {first: complaint.assess, then: complaint.close}"))

    assert check_documents({"new.yaml": new}, VOCABULARY, WORDS, beside=standing) == Findings()


def test_a_record_has_one_pattern_for_its_number() -> None:
    numbering = 'numbering: {record: complaint, pattern: "TS{year}-{sequence:4}"}'

    assert said(checked(numbering, numbering)) == [
        "controls[1].numbering: the number of `complaint` is already given"
        " (qm-10.yaml: clauses[0].controls[0].numbering)"
    ]


def test_a_clause_number_stands_once() -> None:
    document = read_document(HEAD + REPLY + REPLY.replace("first-reply", "second-reply"))

    found = check_documents({"qm-10.yaml": document}, VOCABULARY, WORDS)

    assert [str(problem) for problem in found.problems] == [
        "qm-10.yaml: clauses[1].number: clause 3.1 already stands at clauses[0]"
    ]


def test_the_signers_and_readers_of_a_document_are_checked() -> None:
    head = HEAD.replace("quality_manager", "quality_head").replace("{position: sales_manager}", "{person: owner}")
    document = read_document(
        head.replace("clauses:", "distribution: [sale]\nmigrates: [first-replay]\nclauses:") + REPLY
    )

    found = check_documents({"qm-10.yaml": document}, VOCABULARY, WORDS)

    assert [str(problem) for problem in found.problems] == [
        "qm-10.yaml: reviewed.position: no position `quality_head`; did you mean `quality_manager`?",
        "qm-10.yaml: distribution[0]: no department or position `sale`; did you mean `sales`?",
        "qm-10.yaml: prepared.person: a document is signed in a position, not as the owner",
        "qm-10.yaml: migrates[0]: no time limit `first-replay` in this procedure; did you mean `first-reply`?",
    ]


def test_the_names_in_a_company_file_fit_together() -> None:
    company = read_company(
        COMPANY.replace("abbreviation: XS", "parent: quality")
        .replace("abbreviation: PG", "parent: sales")
        .replace("department: quality}", "department: qualty}")
        .replace("complaint:", "complain:")
        .replace("code: general_manager", "code: sales_manager")
        + "powers: {void: {position: chairman}}\ncalendar: {week: {mon: [9-12]}}\n"
    )

    assert [str(problem) for problem in check_company(company, VOCABULARY).problems] == [
        "company.yaml: positions[2].code: `sales_manager` is already positions[0]",
        "company.yaml: departments[0].parent: `sales` lies above itself",
        "company.yaml: departments[1].parent: `quality` lies above itself",
        "company.yaml: positions[1].department: no department `qualty`; did you mean `quality`?",
        "company.yaml: calls.complain: no record type `complain`; did you mean `complaint`?",
        "company.yaml: powers.void[0].position: no position `chairman`;"
        " accepted are `quality_manager`, `sales_manager`",
        "company.yaml: calendar: calendar.week.mon[0]: “9-12” is not a shift; write from-to,"
        " such as 08:00-12:00 or 22:00-06:00",
    ]


def test_a_profile_is_checked_with_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY.replace("code: quality,", "code: quality_department,"), "utf-8")
    (tmp_path / "qm-10.yaml").write_text(HEAD + REPLY, "utf-8")

    found = check_profile(read_profile(tmp_path), VOCABULARY)

    assert [str(problem) for problem in found.problems] == [
        "company.yaml: positions[1].department: no department `quality`; accepted are `quality_department`, `sales`",
        "qm-10.yaml: clauses[0].controls[0].time_limit.owner.department: no department `quality`;"
        " accepted are `quality_department`, `sales`",
    ]


def test_a_planned_clause_is_remarked() -> None:
    found = checked(clause="planned: transport")

    assert [remark.sentence for remark in found.remarks] == ["clause 3.1 waits for `transport`"]


def test_actions_without_a_role_can_be_taken_by_nobody() -> None:
    document = read_document(
        paper("role: {actions: [complaint.register, complaint.close], may: {position: sales_manager}}")
    )

    assert actions_nobody_may_take([document], VOCABULARY) == [
        "complaint.acknowledge",
        "complaint.assess",
        "visit.plan",
        "visit.arrive",
    ]
