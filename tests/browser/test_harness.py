"""The harness itself: it must notice what it promises to notice."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Faults

TURN = 20
"""Milliseconds given to the page before it is looked at again."""


def noticed(page: Page, holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold: the browser tells of a fault when it gets to it, on a busy machine after seconds."""
    for _ in range(10_000 // TURN):
        if holds():
            return True
        page.wait_for_timeout(TURN)
    return holds()


def test_an_inline_script_and_an_inline_style_are_refused_and_noticed(page: Page, gallery: str, faults: Faults) -> None:
    page.goto(f"{gallery}/list/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);"
        " const d = document.createElement('div'); d.setAttribute('style', 'color: red'); document.body.append(d); }"
    )

    assert noticed(page, lambda: sum("Content Security Policy" in fault for fault in faults.left()) == 2)
    assert page.evaluate("() => window.ran") is None
    faults.forgive("Content Security Policy")


def test_an_external_request_is_noticed(page: Page, gallery: str, faults: Faults) -> None:
    page.goto(f"{gallery}/list/")
    page.evaluate("() => { const i = new Image(); i.src = 'https://example.org/x.png'; document.body.append(i); }")

    assert noticed(page, lambda: bool(faults.left()))
    faults.forgive("example.org")


def test_an_uncaught_exception_is_noticed(page: Page, gallery: str, faults: Faults) -> None:
    page.goto(f"{gallery}/list/")
    page.evaluate("() => { setTimeout(() => { throw new Error('planted'); }, 0); }")

    assert noticed(page, lambda: any("planted" in fault for fault in faults.left()))
    faults.forgive("planted")
