from __future__ import annotations

import re
from pathlib import Path

from luyue.records.registry import vocabulary
from luyue.rulebook.checking import CompanyWords, check_company, check_documents
from luyue.rulebook.controls import Controls
from luyue.rulebook.loading import read_company, read_document
from luyue.rulebook.problems import Findings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-procedures.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def example(beginning: str) -> str:
    return next(text for text in EXAMPLES if text.startswith(beginning))


def test_the_examples_are_accepted_as_they_stand() -> None:
    company = read_company(example("company:"))
    document = read_document(example("procedure:"))

    found = check_company(company, vocabulary())
    found += check_documents({"example.yaml": document}, vocabulary(), CompanyWords.of_file(company))

    assert found.problems == ()
    assert [(remark.path, remark.code) for remark in found.remarks] == [("calls", "not_enforced")]


def test_the_variants_with_a_gap_are_refused_in_the_words_shown() -> None:
    controls = "".join(f"      {line}\n" for line in example("- time_limit:").splitlines())
    text = example("procedure:").partition("clauses:")[0] + (
        f'clauses:\n  - number: "1"\n    text: {{zh-hans: 到场时限}}\n    controls:\n{controls}'
    )
    company = read_company(example("company:"))

    found = check_documents({"example.yaml": read_document(text)}, vocabulary(), CompanyWords.of_file(company))

    (problem,) = found.problems
    assert problem.sentence in PAGE.read_text(encoding="utf-8")


def test_every_kind_of_control_stands_in_the_table() -> None:
    table = re.findall(r"^\| `([a-z_]+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert [kind for kind, _keys in table] == list(Controls.model_fields)


def test_the_conditions_shown_are_conditions() -> None:
    lines = example("when:").splitlines()

    for line in lines:
        text = example("procedure:").replace("          within: 24h", f"          within: 24h\n          {line}")
        assert (
            check_documents(
                {"example.yaml": read_document(text)},
                vocabulary(),
                CompanyWords.of_file(read_company(example("company:"))),
            )
            == Findings()
        )
