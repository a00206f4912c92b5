"""What is read and not carried out yet is said so, key by key, and is never kept."""

from __future__ import annotations

import pytest

from luyue.rulebook.coverage import Duty, Standing, cover
from luyue.rulebook.loading import Paper, Profile, read_company, read_document
from tests.rulebook.papers import COMPANY, checked, paper

CLASSES = """\
classification:
  field: complaint.severity
  classes: [{gives: major, when: {amount: ">0"}}, {gives: minor, when: {amount: "<=0"}}]
"""


@pytest.mark.parametrize(
    ("control", "said"),
    [
        (
            CLASSES,
            "classification: not enforced yet: the class is neither worked out from the facts nor looked at again",
        ),
        ("target: {figure: on_time, at_least: 95}", "target: not enforced yet: nobody measures this figure"),
        (
            "retention: {record: complaint, years: 3, checked: year}",
            "retention.checked: not enforced yet: nobody is reminded to check what is kept",
        ),
        (
            "cadence: {every: month, actions: visit.plan, per: customer, of: [big]}",
            "cadence.of: not enforced yet: it is owed for every customer",
        ),
        (
            'cadence: {every: month, actions: complaint.assess, when: {amount: ">5"}}',
            "cadence.when: not enforced yet: a duty of the calendar belongs to no record, so its condition never holds"
            " and nobody owes it",
        ),
        (
            "role: {actions: complaint.close, everyone: true, owner: {position: sales_manager}}",
            "role.owner: not enforced yet: who owes this kind of control is not asked of `owner`",
        ),
        (
            "notice: {on: complaint.close, to: {position: sales_manager}, channels: [phone]}",
            "notice.channels: not enforced yet: colleagues are told here in the system, and by mail as each has chosen",
        ),
    ],
)
def test_each_part_that_does_nothing_is_named_with_its_place(control: str, said: str) -> None:
    found = checked(control)

    assert found.problems == ()
    assert [
        f"{remark.path.removeprefix('clauses[0].controls[0].')}: {remark.sentence}"
        for remark in found.remarks
        if remark.code == "not_enforced"
    ] == [said]


@pytest.mark.parametrize(
    "control",
    [
        "time_limit: {starts: complaint.register, stops: complaint.close, within: 3d, owner: {person: owner}}",
        "order: {first: complaint.assess, then: complaint.close, owner: {position: sales_manager}}",
        "retention: {record: complaint, years: 3, keeper: {position: sales_manager}}",
        "notice: {on: complaint.close, to: {position: sales_manager}}",
        "threshold: {name: major-amount, value: 5000}",
    ],
)
def test_what_is_carried_out_is_not_named(control: str) -> None:
    assert [remark for remark in checked(control).remarks if remark.code == "not_enforced"] == []


def test_a_duty_that_only_a_target_takes_up_is_planned_even_when_a_story_names_it() -> None:
    text = paper("target: {figure: on_time, at_least: 95, sources: [D-1]}")
    profile = Profile("mingxing", read_company(COMPANY), (Paper("qm-10.yaml", text, read_document(text)),))

    (covered,) = cover([Duty("D-1", "a source")], [profile], {"D-1": ["tests/a_story.py"]}).duties

    assert covered.standing is Standing.PLANNED
