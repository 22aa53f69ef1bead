"""Paper and telephones: nothing is cut off, and what is only for screens stays off the paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("name", ["", "list", "queue", "claim", "statement", "home", "form", "states", "signin"])
def test_nothing_overflows_a_telephone(phone: Page, gallery: str, name: str) -> None:
    phone.goto(f"{gallery}/{name}/" if name else f"{gallery}/")

    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", ["list", "queue"])
def test_a_telephone_says_why_a_row_waits_and_says_it_whole(phone: Page, gallery: str, name: str) -> None:
    phone.goto(f"{gallery}/{name}/?q=is:denied")
    reasons = phone.locator("tbody td.says")

    expect(reasons.first).to_be_visible()
    assert phone.evaluate(
        """() => [...document.querySelectorAll('tbody td.says')].filter((e) => e.offsetParent)
            .every((e) => e.scrollWidth <= e.clientWidth + 1 && e.innerText !== '–')"""
    )


def test_the_menu_of_a_telephone_opens_over_the_page(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/list/")
    expect(phone.locator("#side")).to_be_hidden()

    phone.get_by_role("button", name="Menu").click()

    expect(phone.locator("#side")).to_be_visible()


def test_paper_has_no_shell_and_shows_what_is_folded(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")
    page.emulate_media(media="print")

    for shell in (".side", ".top", "#toasts"):
        expect(page.locator(shell)).to_be_hidden()
    expect(page.locator(".parts tbody tr").first).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_printed_list_says_what_it_was_narrowed_to(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/?q=is:denied")
    page.emulate_media(media="print")

    expect(page.locator(".table-view > .paper-only")).to_have_text(
        re.compile(r"^1–50 of \d+ claims, only: Status Denied$")
    )
    expect(page.locator(".toolbar")).to_be_hidden()
    expect(page.locator("tfoot")).to_be_visible()


def test_a_printed_page_says_whole_days_and_no_button(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/claim/")
    spoken = page.locator("time[data-local=said]").first
    at_the_desk = spoken.inner_text()
    page.emulate_media(media="print")

    expect(spoken).to_have_text(re.compile(r"^\d{1,2} [A-Z][a-z]{2} 20\d\d \d\d:\d\d$"))
    assert page.locator(".btn:visible").count() == 0
    page.emulate_media(media="screen")
    expect(spoken).to_have_text(at_the_desk)


def test_a_statement_prints_light_even_in_the_dark(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/statement/?theme=dark")
    page.emulate_media(media="print")

    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    assert len(page.pdf(format="Letter")) > 5_000


def test_charts_have_a_picture_for_each_theme_and_a_table(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/home/?theme=dark")

    expect(page.locator(".chart img.dark")).to_be_visible()
    expect(page.locator(".chart img.light")).to_be_hidden()
    assert page.locator(".chart img.dark").evaluate("image => image.naturalWidth") > 400
    page.locator(".chart summary").click()
    expect(page.locator(".chart tbody tr")).to_have_count(11)


@pytest.mark.parametrize(("density", "height"), [("compact", 28), ("regular", 36), ("roomy", 44)])
def test_rows_have_the_height_of_their_density(page: Page, gallery: str, density: str, height: int) -> None:
    page.goto(f"{gallery}/list/?density={density}")

    box = page.locator("tbody tr").nth(3).bounding_box()

    assert box is not None
    assert abs(box["height"] - height) <= 1


def test_every_target_is_at_least_24_pixels_at_the_densest(page: Page, gallery: str) -> None:
    """WCAG 2.2, 2.5.8: for what stands alone; links within text are exempt."""
    page.goto(f"{gallery}/list/?density=compact&q=is:denied")

    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main .chip a, main .check-hit, .top button, .side .item')]
            .filter((e) => e.offsetParent && (e.offsetWidth < 24 || e.offsetHeight < 24))
            .map((e) => e.outerHTML.slice(0, 120))"""
    )

    assert small == []
