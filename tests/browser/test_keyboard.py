"""A list is worked by keyboard alone; letters act only while it has the focus, and can be switched off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

CURRENT = "tbody tr.current"


@pytest.fixture
def listed(page: Page, gallery: str) -> Page:
    """The sample list, with the focus in it."""
    page.goto(f"{gallery}/list/")
    page.locator("[data-list]").focus()
    return page


def row_number(page: Page) -> int:
    return page.evaluate("() => [...document.querySelectorAll('tbody tr')].findIndex(r => r.matches('.current'))")


def test_j_and_k_move_and_the_focus_follows(listed: Page) -> None:
    for key in ("j", "j", "j", "k"):
        listed.keyboard.press(key)

    assert row_number(listed) == 1
    assert listed.evaluate("() => document.activeElement.closest('tr').matches('.current')")


def test_x_selects_and_the_bar_shows_the_sum_to_the_cent(listed: Page) -> None:
    for key in ("j", "x", "j", "x"):
        listed.keyboard.press(key)

    amounts = listed.locator("tbody tr:nth-child(-n+2) td[data-n]").evaluate_all("cells => cells.map(c => c.dataset.n)")
    expect(listed.locator("[data-selected]")).to_have_text("2")
    assert listed.locator("[data-sum]").inner_text() == f"{sum(float(a) for a in amounts):,.2f}"


def test_enter_opens_the_row(listed: Page) -> None:
    listed.keyboard.press("j")
    listed.keyboard.press("Enter")

    expect(listed).to_have_url(re.compile("/ui/gallery/claim/"))


def test_space_shows_the_row_in_a_drawer_and_the_list_stays_in_use(listed: Page) -> None:
    listed.keyboard.press("j")
    listed.keyboard.press(" ")
    expect(listed.locator("#drawer .amount")).to_be_visible()

    first = listed.locator("#drawer header strong").inner_text()
    listed.keyboard.press("j")

    expect(listed.locator("#drawer header strong")).not_to_have_text(first)
    listed.keyboard.press("Escape")
    expect(listed.locator("#drawer")).to_be_hidden()


def test_a_letter_does_the_bulk_action_and_the_toast_offers_undo(listed: Page) -> None:
    listed.keyboard.press("j")
    listed.keyboard.press("e")

    toast = listed.locator("#toasts [data-toast]")
    expect(toast).to_contain_text("Done with 1 claims")
    expect(toast.locator("[data-undo]")).to_be_visible()


def test_a_dangerous_action_asks_first(listed: Page) -> None:
    listed.keyboard.press("j")
    listed.keyboard.press("x")
    listed.get_by_role("button", name="Void").click()

    dialog = listed.locator("#confirm")
    expect(dialog).to_contain_text("Void the selected claims?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(listed.locator("#toasts [data-toast]")).to_have_count(0)


def test_letters_in_a_field_are_words_and_an_arrow_leads_from_it_into_the_list(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/")
    page.locator(".query input[type=search]").focus()
    page.keyboard.type("jjx")

    assert row_number(page) == -1
    assert page.locator(".query input[type=search]").input_value() == "jjx"
    page.keyboard.press("ArrowDown")
    assert row_number(page) == 0


def test_j_steps_into_the_list_where_nothing_has_the_focus(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/")
    page.keyboard.press("x")
    assert row_number(page) == -1
    page.keyboard.press("j")
    page.keyboard.press("j")

    assert row_number(page) == 1


def test_single_letters_can_be_switched_off(listed: Page) -> None:
    listed.locator(".me").click()
    with listed.expect_response("**/ui/preferences/"):
        listed.get_by_role("button", name="Single-letter shortcuts").click()
    listed.keyboard.press("Escape")
    listed.locator("[data-list]").focus()

    listed.keyboard.press("j")
    assert row_number(listed) == -1
    listed.keyboard.press("ArrowDown")
    assert row_number(listed) == 0
    listed.reload()
    assert listed.locator("html").get_attribute("data-keys") == "off"


def test_the_palette_opens_by_ctrl_k_and_closes_by_escape(listed: Page) -> None:
    listed.keyboard.press("Control+k")
    expect(listed.locator("#palette")).to_be_visible()
    expect(listed.locator("#palette-q")).to_be_focused()
    expect(listed.locator("#palette-list")).not_to_be_empty()
    listed.keyboard.type("list")

    listed.keyboard.press("Escape")

    expect(listed.locator("#palette")).to_be_hidden()


def test_question_mark_shows_the_keys(listed: Page) -> None:
    listed.keyboard.press("?")

    expect(listed.locator("#keys")).to_contain_text("Next, previous")


def test_the_queue_shows_the_row_under_the_cursor(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/queue/")
    page.locator("[data-list]").focus()
    page.keyboard.press("j")

    expect(page.locator("#preview .amount")).to_be_visible()
    assert page.locator("#preview header strong").inner_text() == page.locator(f"{CURRENT} th").inner_text()


def test_theme_and_density_change_at_once_and_stay(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/")
    page.locator(".me").click()
    with page.expect_response("**/ui/preferences/"):
        page.get_by_role("button", name="Compact").click()
    with page.expect_response("**/ui/preferences/"):
        page.get_by_role("button", name="Dark").click()

    page.reload()

    html = page.locator("html")
    assert (html.get_attribute("data-theme"), html.get_attribute("data-density")) == ("dark", "compact")
    assert page.evaluate("() => getComputedStyle(document.body).colorScheme") == "dark"
