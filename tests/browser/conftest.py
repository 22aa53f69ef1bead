"""The browser and the site it looks at.

Chromium is the system's (`OPENMSO_CHROMIUM`, `chromium`, `google-chrome`) or playwright's own. Every test fails on a
request that leaves the machine, on an error in the console, and on a violation of the content security policy.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.axe import violations

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OURS = ("http://127.0.0.1", "http://localhost", "data:", "blob:", "about:")
PATIENCE_MS = 30_000
"""How long a page may take to show what is expected: as long as it may take to load."""
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FLAGS = [
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip


def pytest_configure() -> None:
    """Whatever is expected of a page is waited for, on a busy machine too."""
    expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(str(item.path)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def system_chromium() -> str | None:
    """The path of a Chromium of the system, if there is one."""
    named = os.environ.get("OPENMSO_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session", autouse=True)
def _beside_playwright() -> Iterator[None]:
    """Once a browser was driven, playwright's loop runs in this thread until the end of the run, though nothing here is
    asynchronous; Django need not refuse, neither here nor in the files that this worker takes next."""
    with pytest.MonkeyPatch.context() as told:
        told.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Any) -> dict[str, Any]:
    """How Chromium is started: headless, with no names resolved but the loopback's."""
    path = system_chromium()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        pytest.skip("no Chromium: `make browser` finds or gets one")
    chosen = {"executable_path": path} if path else {}
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, **chosen, "headless": True, "args": [*FLAGS, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk of 1440 by 900 in one time zone."""
    return {**browser_context_args, "viewport": DESK, "timezone_id": "America/New_York", "locale": "en-US"}


class Faults:
    """What went wrong while a page was looked at; a test that means it may forgive some."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.forgiven: list[str] = []
        self.paused = False

    def note(self, fault: str) -> None:
        """Keep a fault, unless a tool of ours is at work in the page."""
        if not self.paused:
            self.found.append(fault)

    def forgive(self, part: str) -> None:
        """Expect a fault that has this text in it."""
        self.forgiven.append(part)

    def left(self) -> list[str]:
        """The faults that nobody expected."""
        return [fault for fault in self.found if not any(part in fault for part in self.forgiven)]


@pytest.fixture
def faults() -> Faults:
    """The faults of this test."""
    return Faults()


@pytest.fixture(autouse=True)
def watched(context: BrowserContext, faults: Faults) -> Iterator[None]:
    """Fails a test on external requests, console errors, uncaught exceptions and policy violations."""

    def on_request(request: Request) -> None:
        if not request.url.startswith(OURS):
            faults.note(f"left the machine: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            faults.note(f"console: {message.text}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: faults.note(f"uncaught: {error.error}"))
    yield
    assert not faults.left(), "\n".join(faults.left())


@pytest.fixture
def axe(page: Page, faults: Faults) -> Callable[[], list[str]]:
    """What axe finds on the page; what it does to the page itself while it looks is no fault of the page."""

    def look() -> list[str]:
        faults.paused = True
        try:
            return violations(page)
        finally:
            faults.paused = False

    return look


THREADS = 8


class _Server(ThreadingMixIn, WSGIServer):
    """Answers by a few threads, each of which keeps its connection to the database, as the server in production does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self.threads = [threading.Thread(target=self._answer, daemon=True) for _ in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.asked.put((request, client_address))

    def _answer(self) -> None:
        connection = connections["default"]
        connection.settings_dict = connection.settings_dict | {"CONN_MAX_AGE": None}
        try:
            while (one := self.asked.get()) is not None:
                self.process_request_thread(*one)
        finally:
            connections.close_all()

    def server_close(self) -> None:
        super().server_close()
        for _ in self.threads:
            self.asked.put(None)
        for thread in self.threads:
            thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what matters is asserted."""


@contextmanager
def serving(host: str) -> Iterator[str]:
    """The site at an address, as production serves it: hashed static files, connections that stay open."""
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{host}:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The static files with their hashes, collected once for all tests."""
    root = str(tmp_path_factory.mktemp("static"))
    with override_settings(STATIC_ROOT=root):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.map"])
    return root


@pytest.fixture(scope="session")
def gallery(static_root: str) -> Iterator[str]:
    """The address of the gallery; it asks nothing of the database."""
    with override_settings(STATIC_ROOT=static_root), serving("127.0.0.1") as address:
        yield f"{address}/ui/gallery"


@pytest.fixture
def phone(page: Page) -> Page:
    """A page as wide as a telephone."""
    page.set_viewport_size(PHONE)
    return page
