"""What every answer carries, whatever was asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from luyue.parties.models import Party
from luyue.records.general import COMMENT
from tests.api.conftest import Program, address_of, registered
from tests.firms import Firm

ADDRESSES = ["/complaints", "/obligations", "/search?q=裂纹", "/employees", "/departments", "/openapi.json"]


def head(program: Program, address: str, **headers: str) -> Any:
    return program.client.head(f"/api/v1{address}", headers=headers)


def read(program: Program, address: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.client.get(f"/api/v1{address}", headers=named)


@pytest.mark.parametrize("address", ADDRESSES)
def test_where_one_may_get_one_may_ask_for_the_head(clerk: Program, address: str) -> None:
    whole, bare = read(clerk, address), head(clerk, address)

    assert (bare.status_code, bare.content) == (200, b"")
    assert bare["Content-Length"] == str(len(whole.content))
    assert {name: bare[name] for name in ("ETag", "Content-Type", "Vary", "Cache-Control")} == {
        name: whole[name] for name in ("ETag", "Content-Type", "Vary", "Cache-Control")
    }


def test_the_head_of_what_is_not_there_is_not_there(clerk: Program) -> None:
    assert head(clerk, "/complaints/aaaaaaaaaaaaa").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_has_not_changed_is_not_sent_again(clerk: Program, address: str) -> None:
    first = read(clerk, address)

    second = read(clerk, address, If_None_Match=f'"older", {first["ETag"]}')
    third = read(clerk, address, If_None_Match='"older"')

    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert (third.status_code, third.content) == (200, first.content)
    assert "Authorization" in second["Vary"]
    assert second["Cache-Control"] == "private, no-cache"


def test_a_record_is_sent_again_when_anything_that_it_shows_has_changed(
    mingxing: Firm, clerk: Program, manager: Program, customer: Party
) -> None:
    complaint = registered(mingxing, customer)
    address = address_of(complaint)
    known = read(clerk, address)["ETag"]

    assert read(clerk, address, If_None_Match=known).status_code == 304
    assert read(manager, address, If_None_Match=known).status_code == 200
    with translation.override("zh-hans"):
        assert read(clerk, address, If_None_Match=known, Accept_Language="zh-hans").status_code == 200
    clerk.post(
        f"{address}/actions/attach", {"attachments": [{"kind": "other", "file_name": "a.txt", "content": "aGk="}]}
    )
    changed = read(clerk, address, If_None_Match=known)
    assert (changed.status_code, changed["ETag"].partition(".")[0]) == (200, '"1')


def test_the_tag_that_was_read_is_what_if_match_compares(mingxing: Firm, clerk: Program, customer: Party) -> None:
    complaint = registered(mingxing, customer)
    address = address_of(complaint)
    known = read(clerk, address)["ETag"]
    COMMENT(complaint, by=mingxing["clerk"], text="看过")
    said = {"cause_class": "quality", "subject": "packaging", "severity": "minor"}

    done = clerk.post(f"{address}/actions/classify", said, If_Match=known)
    late = clerk.post(f"{address}/actions/classify", said, If_Match=known)

    assert (done.status_code, late.status_code) == (200, 412)


@pytest.mark.parametrize(("said", "is_kept"), [("erp-4711.a", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_request_keeps_the_id_that_its_caller_gave_it(clerk: Program, said: str, is_kept: bool) -> None:
    answer = read(clerk, "/complaints", X_Request_Id=said)

    assert (answer["X-Request-Id"] == said) is is_kept
    assert len(answer["X-Request-Id"]) >= 8
