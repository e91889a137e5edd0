"""A headless Chromium of the system, and pages of it that write down everything they ask for and complain about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from erlangen.gallery import build
from erlangen.runs import RunStore

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@dataclass
class Log:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def check(self, *prefixes: str, but: str = "no exception") -> None:
        """Refuse complaints (but those with a given word), and requests to anywhere but the given places."""
        assert [line for line in self.complaints if but not in line] == []
        foreign = [url for url in self.requests if not url.startswith((*prefixes, "data:", "blob:"))]
        assert foreign == []


def _failed(request: Any, log: Log) -> None:
    """Write down a request that failed; one that was given up, as the page was left, has not."""
    if request.failure != "net::ERR_ABORTED":
        log.complaints.append(f"{request.url}: {request.failure}")


def _listen(page: Any, log: Log) -> None:
    page.on("request", lambda request: log.requests.append(request.url))
    page.on("console", lambda text: log.complaints.append(text.text) if text.type == "error" else None)
    page.on("pageerror", lambda error: log.complaints.append(str(error)))
    page.on("requestfailed", lambda request: _failed(request, log))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; its tests are skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip(f"no Chromium found (looked for {', '.join(_NAMES)})")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., tuple[Any, Log]]]:
    """Open an address in a context of its own; returns page and log."""
    contexts: list[Any] = []

    def start(address: str, **options: Any) -> tuple[Any, Log]:
        context = chromium.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page, log = context.new_page(), Log()
        _listen(page, log)
        page.goto(address)
        return page, log

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def toy_site(ran: Any, toys: Path, records: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """Where the site of the toy papers lies, and the ids of its runs."""
    index = build(tmp_path_factory.mktemp("toy") / "site", store=ran[0], root=toys, benchmarks=records)
    return index.parent.as_uri(), [run.id for run in ran[1]]


@pytest.fixture(scope="session")
def house_site(records: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the site of the fourteen papers lies, without a run."""
    folder = tmp_path_factory.mktemp("house")
    with RunStore(folder / "runs.sqlite") as store:
        return build(folder / "site", store=store, benchmarks=records).parent.as_uri()
