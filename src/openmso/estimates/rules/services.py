"""Which service types of a 271 speak of a procedure code: ranges of codes, the nearest type first."""

from __future__ import annotations

PLAN = "30"
"""The health plan as a whole."""
_RANGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("90460", "90749", ("80",)),
    ("90785", "90899", ("A6", "MH", "A4", "CH")),
    ("92002", "92014", ("98", "AN", "AL")),
    ("92015", "92015", ("AN", "AL")),
    ("97010", "97799", ("PT", "AE")),
    ("99202", "99215", ("98", "BY")),
    ("99381", "99397", ("81", "BZ", "98")),
    ("S0620", "S0621", ("AN", "AL")),
    ("V2020", "V2025", ("AM", "CP", "AL")),
    ("V2100", "V2499", ("AO", "CP", "AL")),
    ("V2500", "V2599", ("CP", "AL")),
    ("V2700", "V2799", ("AO", "CP", "AL")),
    ("10004", "69990", ("2",)),
    ("70010", "79999", ("4",)),
    ("80047", "89398", ("5",)),
)


def types_of(code: str) -> tuple[str, ...]:
    """The service types that may speak of a code, the nearest first; the plan as a whole speaks last."""
    near = next((types for first, last, types in _RANGES if first <= code <= last), ("1",))
    return (*near, PLAN, "")
