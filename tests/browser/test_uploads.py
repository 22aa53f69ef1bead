"""Files are dropped or chosen, by mouse or keyboard; what the server would not take is told before it is sent."""

from __future__ import annotations

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


def test_the_whole_field_opens_the_dialogue_and_takes_a_drop(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/")
    with page.expect_file_chooser() as chosen:
        page.locator("[data-drop] .ask").click(force=True)
    assert not chosen.value.is_multiple()
    control(page).focus()
    with page.expect_file_chooser():
        page.keyboard.press("Enter")

    on_top = page.locator("[data-drop]").evaluate(
        """(drop) => { const at = drop.getBoundingClientRect();
            drop.scrollIntoView({ block: 'center' });
            const now = drop.getBoundingClientRect();
            return document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2).type; }"""
    )
    assert on_top == "file", "a drop anywhere on the field falls on the browser's own control"
