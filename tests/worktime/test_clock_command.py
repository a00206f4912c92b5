import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from luyue.worktime.clock_command import clock


def run(*arguments: str, lines: str | None = None) -> Result:
    return CliRunner().invoke(clock, arguments, input=lines)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2026-02-13", "2x"), "“2x” is not a span"),
        (("13 Feb", "2h"), "“13 Feb” is not a time; write 2026-02-13, 2026-02-13T17:30 or 2026-02-13T17:30+08:00"),
        (
            ("2026-02-13", "2h", "--calendar", "de"),
            "no calendar de; accepted are cn, 24x7 or a readable",
        ),
        (("2026-02-13", "2h", "--pause", "2026-02-14", "2026-02-12"), "ends before it starts"),
        (("9999-12-31", "2d"), "years from 1900 to 2200 are counted"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert sentence in result.output


@pytest.mark.parametrize("arguments", [(), ("2026-02-13",), ("2026-02-13", "2h", "--batch")])
def test_a_wrong_call_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_calendar_file_that_is_wrong_is_refused_with_file_and_place(tmp_path: Path) -> None:
    file = tmp_path / "works.yaml"
    file.write_text("zone: Asia/Shanghai\nweek: {mon: [8-12]}\n", encoding="utf-8")

    result = run("2026-02-13", "2h", "--calendar", str(file))

    assert result.exit_code == 1
    assert "works.yaml.week.mon[0]: “8-12” is not a shift" in result.output


@pytest.mark.parametrize(("name", "text"), [("bad.yaml", "week: ["), ("bad.json", "{"), ("empty.yaml", "")])
def test_a_file_that_holds_no_calendar_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    result = run("2026-02-13", "2h", "--calendar", str(tmp_path / name))

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {name}: ")


def test_people_read_the_due_time_and_how_it_was_counted() -> None:
    result = run("2024-09-27T17:00", "4bh", "--pause", "2024-09-27T17:30", "2024-09-29T09:30")

    assert result.output.splitlines() == [
        "due     Sun 2024-09-29 14:00 +0800",
        "from    Fri 2024-09-27 17:00 +0800, 4bh",
        "        counted       Fri 2024-09-27 17:00 +0800 to Fri 2024-09-27 17:30 +0800  0 h 30 min",
        "        paused        Fri 2024-09-27 17:30 +0800 to Sun 2024-09-29 09:30 +0800",
        "        counted       Sun 2024-09-29 09:30 +0800 to Sun 2024-09-29 12:00 +0800  2 h 30 min",
        "        closed        Sun 2024-09-29 12:00 +0800 to Sun 2024-09-29 13:00 +0800",
        "        counted       Sun 2024-09-29 13:00 +0800 to Sun 2024-09-29 14:00 +0800  1 h 0 min",
        "pause   Fri 2024-09-27 17:30 +0800 to Sun 2024-09-29 09:30 +0800 takes 1 h 0 min",
        "rule    at the very instant",
    ]


def test_the_end_of_a_day_reads_24_00_and_an_unknown_year_is_said() -> None:
    result = run("2026-12-30", "2wd")

    assert result.output.splitlines()[0] == "due     Mon 2027-01-04 24:00 +0800"
    assert result.output.splitlines()[-1] == "note    provisional: no holiday notice is known for 2027"


def test_a_clock_that_stands_still_says_since_when() -> None:
    result = run("2024-09-02T10:00", "2h", "--pause", "2024-09-02T11:00", "-")

    assert result.output.splitlines()[0] == (
        "due     not decided: the clock has stood still since Mon 2024-09-02 11:00 +0800"
    )


def test_machines_read_the_due_time_with_its_offset_and_the_segments() -> None:
    result = run("2024-09-19", "2d", "--json", "--pause", "2024-09-20T12:00", "2024-09-21T12:00")

    assert json.loads(result.output) == {
        "start": "2024-09-19T00:00:00+08:00",
        "span": "2d",
        "due": "2024-09-24T00:00:00+08:00",
        "end_rule": "next_working_day",
        "provisional": False,
        "paused_since": None,
        "segments": [
            segment("day_of_event", "19", "20", 0),
            segment("counted", "20", "21", 1),
            segment("paused", "21", "22", 0),
            segment("counted", "22", "23", 1),
            segment("moved", "23", "24", 0),
        ],
        "pauses": [
            {"start": "2024-09-20T12:00:00+08:00", "end": "2024-09-21T12:00:00+08:00", "days": 1, "reason": ""},
        ],
    }


def segment(kind: str, start: str, end: str, days: int) -> dict[str, Any]:
    first, last = f"2024-09-{start}T00:00:00+08:00", f"2024-09-{end}T00:00:00+08:00"
    return {"kind": kind, "start": first, "end": last, "days": days, "reason": ""}


@pytest.mark.parametrize(
    ("calendar", "due"), [("cn", "2024-10-08T10:00:00+08:00"), ("24x7", "2024-09-30T19:00:00+08:00")]
)
def test_the_calendar_is_chosen_by_name(calendar: str, due: str) -> None:
    result = run("2024-09-30T17:00", "2bh", "--calendar", calendar, "--json")

    assert json.loads(result.output)["due"] == due


@pytest.mark.parametrize("name", ["works.yaml", "works.yml", "works.json"])
def test_the_calendar_is_read_from_a_file(tmp_path: Path, name: str) -> None:
    written = {"zone": "Europe/Berlin", "public": "none", "week": {"mon": ["22:00-06:00"]}}
    (tmp_path / name).write_text(json.dumps(written), encoding="utf-8")

    result = run("2024-09-30T23:00", "2bh", "--calendar", str(tmp_path / name), "--json")

    assert json.loads(result.output)["due"] == "2024-10-01T01:00:00+02:00"


def test_a_start_with_an_offset_is_that_instant() -> None:
    result = run("2024-09-27T09:00Z", "2h", "--json")

    assert json.loads(result.output)["due"] == "2024-09-27T19:00:00+08:00"


def test_a_batch_answers_every_line_in_order_and_fails_when_one_is_bad() -> None:
    lines = [
        '{"id": 7, "start": "2024-09-27T17:00", "span": "4bh", "calendar": "cn", "pauses": []}',
        "",
        "{",
        "[]",
        '{"start": "2024-09-27T17:00"}',
        '{"start": 5, "span": "2h"}',
        '{"start": "2024-09-27T17:00", "span": "2h", "pauses": [["2024-09-27T18:00"]]}',
        '{"start": "2024-09-27T17:00", "span": "2h", "pauses": [[1, 2]]}',
        '{"start": "2024-09-27T17:00", "span": "2h", "calendar": {"week": {}}}',
        '{"start": "2024-09-27T17:00", "span": "2h", "pauses": [["2024-09-27T18:00", "2024-09-27T18:30"]]}',
        '{"start": "2024-09-27T17:00", "span": "2h", "pauses": [["2024-09-27T18:00", null]]}',
    ]

    result = run("--batch", lines="\n".join(lines))

    answers = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert answers[0] == {
        "id": 7,
        "start": "2024-09-27T17:00",
        "span": "4bh",
        "calendar": "cn",
        "pauses": [],
        "due": "2024-09-29T12:00:00+08:00",
    }
    assert [answer.get("error") for answer in answers[1:8]] == [
        "line 3 is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "line 4: expected an object with start and span, found []",
        "line 5: span: expected a span such as 4bh, found None",
        "line 6: start: expected a time such as 2026-02-13T17:30, found 5",
        "line 7: pauses[0]: expected [from, to], found ['2024-09-27T18:00']",
        "line 8: “1” is not a time; write 2026-02-13, 2026-02-13T17:30 or 2026-02-13T17:30+08:00",
        'line 9: calendar.week: no day has a shift; a week needs at least one, such as mon: ["08:00-12:00"]',
    ]
    assert answers[8]["due"] == "2024-09-27T19:30:00+08:00"
    assert (answers[9]["due"], answers[9]["paused_since"]) == (None, "2024-09-27T18:00:00+08:00")


def test_a_batch_without_a_bad_line_ends_well() -> None:
    result = run("--batch", lines='{"start": "2027-02-01", "span": "1wd", "note": "客户"}\n')

    assert result.exit_code == 0
    assert json.loads(result.output) == {
        "start": "2027-02-01",
        "span": "1wd",
        "note": "客户",
        "due": "2027-02-03T00:00:00+08:00",
        "provisional": True,
    }


def test_an_empty_batch_ends_well() -> None:
    assert run("--batch", lines="").exit_code == 0
