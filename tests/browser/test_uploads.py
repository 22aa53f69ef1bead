"""Files are dropped or chosen, by mouse or keyboard; what the server would not take is told before it is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect


def file_of(name: str, size: int) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": b"x" * size}


def control(page: Page) -> Locator:
    return page.get_by_label("Remittance file")


def test_a_chosen_file_is_named_with_its_size_and_can_be_taken_off(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")
    control(page).set_input_files(file_of("march.835", 12_345))  # type: ignore[arg-type]

    expect(page.locator("[data-drop-names]")).to_have_text("march.835, 12 kB")
    page.get_by_role("button", name="Take it off").click()

    expect(page.locator("[data-drop-names]")).to_have_text("")
    expect(control(page)).to_be_focused()
    assert control(page).evaluate("(input) => input.files.length") == 0


def test_a_file_that_is_too_large_is_told_and_not_sent(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")
    control(page).set_input_files(file_of("year.835", 2_400_000))  # type: ignore[arg-type]

    expect(page.locator("[data-drop-names]")).to_have_text("year.835 is larger than 1 MB. Choose another.")
    assert control(page).evaluate("(input) => input.files.length") == 0


def test_the_whole_field_is_the_browsers_own_control(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")

    on_top = page.locator("[data-drop]").evaluate(
        """(drop) => {
            drop.scrollIntoView({ block: "center" });
            const at = drop.getBoundingClientRect();
            return [0.02, 0.5, 0.98].map((part) => document.elementFromPoint(at.left + part * at.width, at.top + 8).type);
        }"""
    )

    assert on_top == ["file"] * 3, "a click or a drop anywhere on the field falls on it"


def test_the_field_is_on_the_way_of_the_keyboard_and_shows_where_the_focus_is(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")
    control(page).focus()
    page.keyboard.press("Shift+Tab")
    expect(control(page)).not_to_be_focused()

    page.keyboard.press("Tab")

    expect(control(page)).to_be_focused()
    expect(page.locator("[data-drop]")).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_on_the_field_is_a_click_on_the_browsers_own_control(page: Page, gallery: str, key: str) -> None:
    page.goto(f"{gallery}/")
    control(page).evaluate(
        """(input) => input.addEventListener("click", (event) => {
            input.dataset.clicked = event.isTrusted && !event.defaultPrevented ? "by the browser" : "by a script";
            event.preventDefault();
        })"""
    )
    control(page).focus()

    page.keyboard.press(key)

    expect(control(page)).to_have_attribute("data-clicked", "by the browser")
