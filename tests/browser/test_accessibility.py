"""Every page of the gallery, in every look, has nothing that axe objects to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

Axe = Callable[[], list[str]]
PAGES = ["", "list", "queue", "claim", "statement", "home", "form", "states", "signin"]
SEEDED = "<html><body><img src='data:,'><input><p style='color:#999;background:#aaa'>grey</p></body></html>"


@pytest.mark.parametrize(("theme", "density"), [("light", "regular"), ("dark", "compact"), ("light", "roomy")])
def test_all_components_pass_in_every_look(page: Page, gallery: str, axe: Axe, theme: str, density: str) -> None:
    page.goto(f"{gallery}/?theme={theme}&density={density}")

    assert page.locator("html").get_attribute("data-density") == density
    assert axe() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES[1:])
def test_whole_pages_pass(page: Page, gallery: str, axe: Axe, name: str, theme: str) -> None:
    page.goto(f"{gallery}/{name}/?theme={theme}")

    assert axe() == []


@pytest.mark.parametrize("opener", ["palette", "keys"])
def test_dialogs_pass_while_they_are_open(page: Page, gallery: str, axe: Axe, opener: str) -> None:
    page.goto(f"{gallery}/list/")

    page.locator(f'[data-opens="{opener}"]').click()
    page.locator(f"#{opener}").wait_for(state="visible")

    assert axe() == []


def test_open_popovers_and_the_selection_bar_pass(page: Page, gallery: str, axe: Axe) -> None:
    page.goto(f"{gallery}/list/")
    page.locator('input[name="ids"]').first.check()

    page.get_by_role("button", name="Filter").click()
    page.locator(".filter-form").wait_for(state="visible")

    assert page.locator("[data-batch]").is_visible()
    assert axe() == []


def test_phone_pages_pass(phone: Page, gallery: str, axe: Axe) -> None:
    for name in ("list", "queue", "home", "statement"):
        phone.goto(f"{gallery}/{name}/")
        assert axe() == [], name


def test_the_harness_sees_seeded_defects(page: Page, axe: Axe) -> None:
    """The negative control: a page with three defects must not pass."""
    page.set_content(SEEDED)

    found = " ".join(axe())

    assert all(rule in found for rule in ("image-alt", "label", "color-contrast"))
