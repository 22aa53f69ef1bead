"""Texts of bank files into money, days and words; what cannot be read is None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_AMOUNT = re.compile(r"[+-]?\d{1,15}(?:\.\d{0,6})?|[+-]?\.\d{1,6}", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<by>[,.])\d{3})(?:(?P=by)\d{3})*(?!(?P=by))[,.]\d{2}", re.ASCII)
"""Thousands apart by one mark, cents by the other: nothing else can be meant."""
_CENTS = re.compile(r"[+-]?\d{1,17}", re.ASCII)


def to_amount(text: str) -> Decimal | None:
    """A decimal number: `-1234.56`, `-1234,56`, `1,234.56`, `1 234,56`. `1,234` could be either, and is none."""
    text = text.strip().replace(" ", "").replace("\xa0", "")
    if _GROUPED.fullmatch(text):
        text = text[:-3].replace(",", "").replace(".", "") + "." + text[-2:]
    elif "." not in text and text.count(",") == 1 and len(text) - text.index(",") != 4:
        text = text.replace(",", ".")
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def to_cents(text: str) -> Decimal | None:
    """A whole number of cents, as BAI2 and NACHA write it."""
    text = text.strip()
    return Decimal(text).scaleb(-2) if _CENTS.fullmatch(text) else None


def to_day(text: str) -> date | None:
    """CCYYMMDD with anything behind it, or CCYY-MM-DD."""
    digits = text.strip().replace("-", "")[:8]
    return _day(digits[:4], digits[4:6], digits[6:8]) if len(digits) == 8 else None


def to_short_day(text: str) -> date | None:
    """YYMMDD of this century."""
    digits = text.strip()
    return _day("20" + digits[:2], digits[2:4], digits[4:6]) if len(digits) == 6 else None


def _day(year: str, month: str, day: str) -> date | None:
    if not (year + month + day).isascii() or not (year + month + day).isdigit():
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def words(*parts: str) -> str:
    """Texts joined into one line without control characters or doubled blanks."""
    text = " ".join(parts)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
