"""A claim on paper: each text at the form's place, six services a page, every cent on some page."""

from __future__ import annotations

import itertools
import re
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from openmso.claims import pdf
from openmso.claims.contracts import EarlierDecision, LineDecision, Reduction
from openmso.claims.rules.cms1500 import Cell, pages
from openmso.claims.rules.sheet import (
    Biller,
    ClaimSheet,
    Cover,
    Earlier,
    Facility,
    Human,
    Insurer,
    Line,
    Place,
    Renderer,
)

INCH, LETTER, CAPITALS = 72, 792, 8
"""Points of an inch, of the height of a letter, and from the top of a capital to its line."""
HOME = Place("7 Elm Street", "", "Rockland", "ME", "04841")
DANIEL = Human("Okafor", "Daniel", "J", born_on=date(1968, 2, 14), sex="M", address=HOME)
COVER = Cover("W2222333", "P", "18", date(2026, 1, 1), group="4410")
HEALTH = Insurer("First Health", "60054", "commercial", "CI", 180, address=Place("1 Plaza", "", "Bath", "ME", "04530"))
MEDICARE = replace(HEALTH, name="Medicare North", edi_id="14112", kind="medicare", filing="MB")


def services(count: int) -> tuple[Line, ...]:
    return tuple(
        Line(n, f"L{n}", "99213", ("25",), Decimal(1), Decimal("140.00"), date(2026, 3, 2), (1, 2))
        for n in range(1, count + 1)
    )


def sheet(count: int = 1, **changes: object) -> ClaimSheet:
    made = ClaimSheet(
        "CLM-7K2P9M4X", Decimal("140.00") * count, "1", "P", "11", date(2026, 3, 2), ("E11.9", "I10"),
        services(count), DANIEL, COVER, HEALTH,
        Biller("Rockland Family Practice", "1999999984", "123456789", "207Q00000X", HOME, phone="207-555-0142"),
        Renderer("Doe", "Jane", "1999999992"), facility=Facility("Main Campus", "1999999968", HOME),
    )  # fmt: skip
    return replace(made, **changes)


def at(cells: tuple[Cell, ...], row: int, column: int) -> str:
    return next((cell.text for cell in cells if (cell.row, cell.column) == (row, column)), "")


def test_each_item_stands_where_the_form_has_it() -> None:
    (cells,) = pages(sheet())
    wanted = {
        (2, 41): "FIRST HEALTH", (8, 31): "X", (8, 50): "W2222333", (10, 1): "OKAFOR, DANIEL, J", (10, 31): "02",
        (10, 34): "14", (10, 37): "1968", (10, 42): "X", (12, 33): "X", (14, 26): "ME", (18, 50): "4410", (26, 57): "X",
        (37, 42): "0", (38, 3): "E119", (38, 16): "I10", (44, 1): "03", (44, 7): "26", (44, 19): "11",
        (44, 25): "99213", (44, 33): "25", (44, 45): "AB", (44, 50): "  140 00", (44, 59): "1", (44, 68): "1999999992",
        (56, 1): "123456789", (56, 19): "X", (56, 23): "CLM-7K2P9M4X", (56, 52): "  140 00", (57, 66): "207",
        (57, 70): "555-0142", (58, 23): "MAIN CAMPUS", (61, 50): "1999999984",
    }  # fmt: skip
    assert {place: at(cells, *place) for place in wanted} == wanted


def test_no_text_runs_into_the_next() -> None:
    for cells in pages(sheet(7)):
        for cell in cells:
            assert len(cell.text) <= cell.width
        rows = {row: sorted((c.column, c.column + len(c.text)) for c in cells if c.row == row) for row in range(67)}
        for spans in rows.values():
            assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def test_the_seventh_service_begins_a_page_and_each_page_has_its_own_total() -> None:
    made = pages(sheet(8))
    assert [at(cells, 56, 52).split() for cells in made] == [["840", "00"], ["280", "00"]]


def test_medicare_reads_item_11_its_own_way() -> None:
    (first,) = pages(sheet(payer=MEDICARE))
    assert (at(first, 8, 1), at(first, 18, 50)) == ("X", "NONE")
    assert at(first, 26, 57) == ""


@pytest.fixture
def second() -> ClaimSheet:
    line = LineDecision(1, "99213", (), Decimal(1), Decimal("79.50"), (Reduction("PR", "2", Decimal("60.50")),))
    decision = EarlierDecision(
        1, "60054", "ICN-1", date(2026, 3, 12), Decimal("79.50"), Decimal(140), "PMT-1", lines=(line,)
    )
    before = Earlier("P", replace(COVER, group="9911", plan_name="Gold"), HEALTH, decision)
    return sheet(order="S", payer=replace(HEALTH, name="Second Mutual", edi_id="SECND"), earlier=(before,))


def test_a_second_payer_sees_the_first_and_what_it_paid(second: ClaimSheet) -> None:
    (cells,) = pages(second)
    assert (at(cells, 18, 1), at(cells, 20, 1), at(cells, 26, 1)) == ("OKAFOR, DANIEL, J", "9911", "GOLD")
    assert at(cells, 26, 52) == "X", "there is another plan"
    assert at(cells, 56, 62).split() == ["79", "50"]


def drawn(content: bytes) -> list[tuple[float, float]]:
    """Where the texts of a page begin: points from the left edge, and from the top edge to the line they stand on."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    texts = b"".join(text for text in map(_inflated, streams) if b"BT" in text)
    found = re.findall(rb"1 0 0 -1 ([-\d.]+) ([-\d.]+) cm", texts)
    return [(float(x), LETTER - float(y)) for x, y in found]


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)  # its last byte may look like the end of a line, and be cut off
    except zlib.error:
        return b""


def inches(found: list[tuple[float, float]], cell: Cell, *, left: float, top: float) -> bool:
    """Whether some text begins where the cell is: a tenth of an inch a column, a sixth of an inch a line."""
    x, y = left + (cell.column - 1) * INCH / 10, top + CAPITALS + (cell.row - 1) * INCH / 6
    return any(abs(at - x) < 0.1 and abs(line - y) < 1 for at, line in found)


def test_a_ruler_held_to_the_page_finds_each_text_of_the_form(second: ClaimSheet) -> None:
    """Item 1 begins 0.31 inch from the left; item 1a 5.2; the services stand a third of an inch under each other."""
    claim = sheet(6, **{name: getattr(second, name) for name in ("order", "payer", "earlier")})
    (cells,) = pages(claim)

    found = drawn(pdf.stock(claim))

    assert len(found) == len(cells)
    assert all(inches(found, cell, left=22, top=16) for cell in cells)
    moved = drawn(pdf.stock(claim, left=3, top=-2))
    assert all(inches(moved, cell, left=25, top=14) for cell in cells)
    assert not all(inches(moved, cell, left=22, top=16) for cell in cells), "the ruler tells a page that is off"
    at = {(cell.item, cell.row): 22 / INCH + (cell.column - 1) / 10 for cell in cells}
    assert (round(at["1a", 8], 2), round(at["24J", 44], 2)) == (5.21, 7.01)
    assert pdf.plain(second).startswith(b"%PDF-")


def test_item_19_says_the_days_of_care_that_was_taken_over() -> None:
    line = replace(
        services(1)[0], code="66984", modifiers=("55", "RT"), note="assumed 3/4/2026, relinquished 5/30/2026"
    )
    (cells,) = pages(sheet(lines=(line,)))

    assert at(cells, 36, 1) == "ASSUMED 03042026 RELINQUISHED 05302026"
