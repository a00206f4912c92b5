"""A real browser before a real server; a page that complains in its console or misses a file fails its story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# Playwright runs an event loop in this thread; the database calls of a story are made beside it, one at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return {
        **browser_type_launch_args,
        "executable_path": browser,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


class Complaints(list[str]):
    """What the browser complained of; a story that expects a refusal takes the complaint out."""

    def expect(self, part: str) -> None:
        self[:] = [said for said in self if part not in said]


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[Complaints]:
    """Console errors, faults in scripts and requests that failed; there are none at the end of a story."""
    said = Complaints()
    listen_to(context, said)
    yield said
    assert list(said) == []


def listen_to(context: BrowserContext, said: Complaints) -> None:
    def listen(page: Page) -> None:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("requestfailed", lambda request: _note_failure(said, request.url, request.failure))
        page.on("response", lambda answer: _note_answer(said, answer.status, answer.url))

    context.on("page", listen)


def _note_answer(said: list[str], status: int, url: str) -> None:
    if status >= 400:
        said.append(f"{status} {url}")


def _note_failure(said: list[str], url: str, failure: str | None) -> None:
    if failure != "net::ERR_ABORTED":
        said.append(f"{failure} {url}")


def faults_of_access(page: Page, *, except_for: Sequence[str] = ()) -> list[str]:
    """What axe-core finds on the page as it stands: rule, number of places, the first place."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']} ({len(each['nodes'])}) {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["id"] not in except_for
    ]
