"""Controlled forms on paper."""

from __future__ import annotations

import pytest
from django.utils import translation

from luyue.desk.printing import PrintedField, PrintedForm, PrintedSignature, laid_out, render_form

NARROW = PrintedField(label="批号", value="20260115-B")
WIDE = PrintedField(label="投诉内容", value="油封渗漏。", wide=True)


def form(**more: object) -> PrintedForm:
    said: dict[str, object] = {
        "company": "曼兴精密机械有限公司",
        "title": "客户投诉处理单",
        "code": "MX-QR-03-02",
        "number": "TS-2026-0412",
        "fields": [NARROW, WIDE],
    }
    return PrintedForm(**{**said, **more})  # type: ignore[arg-type]


def test_two_narrow_fields_share_a_line() -> None:
    assert [field.wide for field in laid_out([NARROW, NARROW, WIDE])] == [False, False, True]


@pytest.mark.parametrize("fields", [[NARROW, WIDE], [NARROW], [NARROW, NARROW, NARROW, WIDE]])
def test_a_narrow_field_left_alone_takes_the_whole_line(fields: list[PrintedField]) -> None:
    lonely = laid_out(fields)[(len(fields) - 1) // 2 * 2 if len(fields) > 2 else 0]

    assert lonely.wide


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_form_is_a_pdf_in_each_language(language: str) -> None:
    with translation.override(language):
        pdf = render_form(form(signatures=[PrintedSignature(meaning="批准")], copies="品管部"))

    assert pdf.startswith(b"%PDF-")


def test_what_a_customer_wrote_is_never_read_as_markup() -> None:
    hostile = PrintedField(label="投诉内容", value='#panic("x") $x$ <b> \\ @a [', wide=True)

    assert render_form(form(fields=[hostile])).startswith(b"%PDF-")


def test_a_struck_field_carries_its_reason() -> None:
    struck = PrintedField(label="现场服务", value="客户寄回样件", struck=True)

    assert render_form(form(fields=[struck])).startswith(b"%PDF-")
