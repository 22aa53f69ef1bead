"""A workbook opened by somebody else runs nothing and loses nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from openmso.kit.money import Money
from openmso.platform.ui import exports, harmless
from openmso.platform.ui.contracts import Column, TableSpec
from openmso.platform.ui.visibility import Sight

SPEC = TableSpec(
    name="x", noun=("thing", "things"), row_key=lambda row: "",
    columns=(Column("a", "A", value=lambda row: row[0]), Column("m", "M", "money", value=lambda row: row[1]),
             Column("d", "D", "day", value=lambda row: row[2]), Column("i", "I", "instant", value=lambda row: row[3])),
)  # fmt: skip
NOBODY = Sight(frozenset(), {})


def workbook(rows: list[tuple[Any, ...]]) -> Any:
    response, count = exports.as_xlsx(SPEC, SPEC.columns, NOBODY, iter(rows))
    assert count == len(rows)
    content = b"".join(response)  # type: ignore[arg-type]
    response.file_to_stream.close()  # type: ignore[attr-defined]
    return load_workbook(BytesIO(content)).active


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless.harmless(text) == f"'{text}"


@given(st.one_of(st.text(max_size=40), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.none()))
def test_numbers_and_plain_words_stay_as_they_are(value: Any) -> None:
    kept = harmless.harmless(value)

    assert not (isinstance(kept, str) and kept.startswith(harmless.RISKY))
    assert kept == value or kept == f"'{value}"


def test_numbers_and_days_stay_numbers_and_days() -> None:
    at = datetime(2026, 11, 18, 9, 14, tzinfo=UTC)
    sheet = workbook([("=1+1", Money.of("-86.40"), date(2026, 11, 18), at), ("bell\x07", None, None, None)])

    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d", "d"]
    assert sheet["A2"].value == "'=1+1"
    assert Decimal(str(sheet["B2"].value)) == Decimal("-86.40")
    assert sheet["D2"].value == at.replace(tzinfo=None)
    assert sheet["A3"].value == "bell"
    assert [cell.value for cell in sheet[1]] == ["A", "M", "D", "I (UTC)"]


@pytest.mark.parametrize("amount", ["98.40", "0.00", "-98.40", "99999999999.99", "0.10"])
def test_an_amount_is_written_digit_by_digit(amount: str) -> None:
    assert Decimal(str(workbook([("x", Money.of(amount), None, None)])["B2"].value)) == Decimal(amount)
