"""Words: numbers of things, amounts, days and instants, as a sentence says them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

MINUS = "\u2212"


def counted(number: int, noun: str, many: str = "") -> str:
    """`1 payment`, `1,204 payments`, `2 batches`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def by_reason(refused: Iterable[tuple[str, str]], *, shown: int = 4) -> str:
    """What was refused, by why: `9.9 is late: CLM-1, CLM-2; Nobody is named: CLM-3`, the commonest reason first.

    Of those refused for one reason so many are named, and the rest counted.
    """
    names: dict[str, list[str]] = {}
    for name, why in refused:
        names.setdefault(why.strip().removesuffix("."), []).append(name)
    told = sorted(names.items(), key=lambda one: -len(one[1]))
    return "; ".join(
        f"{why}: {', '.join(found[:shown])}{f' and {len(found) - shown:,} more' if len(found) > shown else ''}"
        for why, found in told
    )  # fmt: skip


def amount(value: Decimal) -> str:
    """`−1,234.50`, with a true minus."""
    return f"{value:,.2f}".replace("-", MINUS)


def grouped(figure: str) -> str:
    """An exact figure with thousands and a true minus, all its places kept: `-1982.15215` is `−1,982.15215`.

    What goes on behind the places that are shown ends in an ellipsis, which stays.
    """
    whole, point, places = figure.lstrip("-").partition(".")
    digits = whole.rstrip("…")
    return f"{MINUS if figure.startswith('-') else ''}{int(digits):,}{whole[len(digits) :]}{point}{places}"


def phone(number: str) -> str:
    """`(207) 555-0142`; what has not ten digits stays as it is."""
    digits = number.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else number


def size(octets: int) -> str:
    """`840 bytes`, `12 kB`, `1.9 MB`, `200 MB`: decimal units, as file managers say them."""
    if octets < 1_000:
        return counted(octets, "byte")
    number, unit = (octets / 1_000, "kB") if octets < 999_500 else (octets / 1_000_000, "MB")
    return f"{number:,.1f}".removesuffix(".0") + f" {unit}" if number < 10 else f"{number:,.0f} {unit}"


def day(value: date) -> str:
    """`18 Nov 2026`: no reader can take the month for the day."""
    return f"{value.day} {value:%b %Y}"


def from_today(value: date, today: date) -> str:
    """`today`, `tomorrow`, `in 9 days`, `yesterday`, `3 days ago`."""
    days = (value - today).days
    if abs(days) <= 1:
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days:,} days" if days > 0 else f"{-days:,} days ago"


def instant(value: datetime) -> str:
    """`18 Nov 2026 09:14 UTC`."""
    utc = value.astimezone(UTC)
    return f"{day(utc)} {utc:%H:%M} UTC"
