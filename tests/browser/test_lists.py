"""The address of a list is its state; filters, sort, pages, sums and exports agree with each other."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect


def test_sorting_swaps_the_list_and_keeps_the_focus_and_the_address(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/")
    heading = page.get_by_role("link", name="Open", exact=True)
    heading.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"sort=-open"))
    expect(page.locator('th[aria-sort="descending"]')).to_have_text("Open")
    expect(heading).to_be_focused()
    amounts = [float(t.replace(",", "")) for t in page.locator("td[data-n]").all_inner_texts()]
    assert amounts == sorted(amounts, reverse=True)
    page.go_back()
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text("Due")


def test_words_become_chips_and_the_count_is_said(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/")
    page.locator(".query input[type=search]").fill("is:denied payer:tidewater open:>40")
    page.keyboard.press("Enter")

    expect(page.locator(".chip:not(.add)")).to_have_count(3)
    counted = page.locator(".pager .sum.all").inner_text()
    expect(page.locator("#announce")).to_have_text(counted)
    assert set(page.locator("tbody td.status-cell").all_inner_texts()) == {"Denied"}

    page.get_by_role("link", name="Remove filter Payer Tidewater Health").click()

    expect(page.locator(".chip:not(.add)")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"q=is%3Adenied\+open%3A%3E40"))


def test_the_filter_form_edits_the_same_query(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/?q=bayview")
    page.get_by_role("button", name="Filter").click()
    form = page.locator(".filter-form")
    form.get_by_label("Denied").check()
    form.get_by_label("from").first.fill("100")
    form.get_by_role("button", name="Show").click()

    expect(page).to_have_url(re.compile(r"q=is%3Adenied\+open%3A%3E%3D100\+bayview"))
    expect(page.locator(".chip:not(.add)")).to_have_count(3)


def test_what_is_not_understood_is_said_in_words(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/?q=payer:aetna colour:red due:tomorrow")

    problems = page.locator(".query-problem").all_inner_texts()

    assert len(problems) == 3
    assert "there is no “aetna”" in problems[0]


def test_an_empty_list_says_why_and_what_next(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/?q=is:paid open:>40")

    expect(page.locator(".empty")).to_contain_text("No claims match these 2 filters")
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator(".pager .sum.all")).to_have_text("412 claims")


def test_pages_and_the_selection_of_all_that_match(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/list/?size=25")
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pager .range")).to_have_text("26–50 of 412")

    page.locator("[data-select-page]").check()
    page.get_by_role("button", name="Select all 412").click()
    expect(page.locator("[data-selected]")).to_have_text("412")
    expect(page.locator("[data-list]")).to_be_focused()
    page.locator('[data-act="a"]').click()

    expect(page.locator("#toasts [data-toast]")).to_contain_text("Done with 412 claims")


def test_exports_hold_the_whole_filtered_set_and_no_formula(page: Page, gallery: str, tmp_path: Path) -> None:
    page.goto(f"{gallery}/list/?q=is:denied&size=25")
    counted = int(page.locator(".pager .sum.all").inner_text().split()[0])
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "claims.csv")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as workbook:
        page.get_by_role("link", name="Excel").click()
    workbook.value.save_as(tmp_path / "claims.xlsx")

    rows = list(csv.DictReader((tmp_path / "claims.csv").read_text(encoding="utf-8-sig").splitlines()))
    sheet = load_workbook(BytesIO((tmp_path / "claims.xlsx").read_bytes())).active

    assert len(rows) == counted
    assert sheet.max_row == counted + 1
    assert any(row["Reason"].startswith("'=1+1") for row in rows)
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)
    total = page.locator(".pager .sum", has_text="Open").inner_text().removeprefix("Open").strip().replace(",", "")
    assert f"{sum(float(row['Open']) for row in rows):.2f}" == total


def test_a_refusal_is_said_where_it_happened(page: Page, gallery: str, faults: object) -> None:
    faults.forgive("422")  # type: ignore[attr-defined]
    page.goto(f"{gallery}/form/")
    page.get_by_role("button", name="Write off").click()

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(3)
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_amount")).to_be_focused()


def test_a_broken_rule_of_an_action_is_a_page_in_words(page: Page, gallery: str, faults: object) -> None:
    faults.forgive("409")  # type: ignore[attr-defined]
    page.goto(f"{gallery}/refused/")

    expect(page.locator(".empty h3")).to_have_text("Batch 20261118-02 changed since you opened it.")
    expect(page.locator(".empty")).to_contain_text("Load it again")


def test_instants_are_shown_in_the_readers_own_time(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/claim/")

    first = page.locator(".timeline time").first

    assert first.get_attribute("title") == "18 Nov 2026 06:14 UTC"
    assert "01:14" in first.inner_text()


def test_a_figure_says_why_it_is_what_it_is(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/statement/")
    figure = page.get_by_role("button", name="65.00")
    figure.click()

    expect(page.locator("#why-open")).to_contain_text("Charged on line 4")
    assert figure.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(figure).to_be_focused()


def test_a_public_id_never_breaks_at_its_hyphen(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/claim/")
    before, after = page.evaluate(
        """() => {
            const told = document.createElement("p");
            told.style.width = "4ch";
            told.textContent = "Paid by PMT-7K2P9M4X on the remittance ERA-9Q2W8E7R";
            document.getElementById("main").append(told);
            const lines = (id) => {
                const texts = document.createTreeWalker(told, NodeFilter.SHOW_TEXT), range = document.createRange();
                while (texts.nextNode() && !texts.currentNode.data.includes(id));
                const at = texts.currentNode.data.indexOf(id);
                range.setStart(texts.currentNode, at);
                range.setEnd(texts.currentNode, at + id.length);
                return new Set([...range.getClientRects()].map((box) => box.top)).size;
            };
            const both = () => ["PMT-7K2P9M4X", "ERA-9Q2W8E7R"].map(lines);
            const before = both();
            told.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: told } }));
            return [before, both()];
        }"""
    )

    assert before == [2, 2]
    assert after == [1, 1]
