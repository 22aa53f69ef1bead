"""The cells of a CSV row as values; one that cannot be read is refused by its field, with what would mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from openmso.kit.ids import npi_is_valid

Cells = Mapping[str, str]

ONE = Decimal(1)
NUMBER_MAX = 1_000_000
DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d")
DAY_SIZE_MAX = 10
DAYS = ("service_date", "birth_date", "subscriber_birth_date", "coverage_from", "coverage_to")
BIRTHS = ("birth_date", "subscriber_birth_date")
LIFE_YEARS_MAX = 120
_SHORT_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})", re.ASCII)
_CENTURIES = dict.fromkeys((*BIRTHS, "coverage_from"), (1900, 2000))
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}[0-9:.]*(?: ?[AaPp][Mm]|Z)?$", re.ASCII)
"""The time that spreadsheets put behind a day."""
_BETWEEN = re.compile(r"[\s,;:|/\-]+")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?|\.\d{1,6}", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?", re.ASCII)


class Bad(ValueError):
    """A row cannot be read; says in which field, and what would mend it."""

    def __init__(self, field: str, words: str, fix: str) -> None:
        super().__init__(words)
        self.field = field
        self.fix = fix


def day(told: Cells, name: str) -> date | None:
    """A day; None when the cell is empty."""
    text = told.get(name, "")
    plain = _CLOCK.sub("", text[:40])
    found = _day(plain) if 0 < len(plain) <= DAY_SIZE_MAX else None
    if text and found is None:
        raise Bad(name, f"{text[:20]} is no day", "Write it as 2026-03-14.")
    return found


def whole_years(told: Cells, today: date) -> dict[str, str]:
    """The days of a row whose year has two digits, with four: `3/4/26`.

    Services and coverages are of this century; a coverage that would begin more than a year ahead began in the last.
    People are born within 120 years before today: where both centuries would do, nobody can know, and it is refused.
    """
    found = {}
    for name in DAYS:
        short = _SHORT_YEAR.fullmatch(_CLOCK.sub("", told.get(name, "")[:40]))
        if short is None:
            continue
        years = [century + int(short[3]) for century in _CENTURIES.get(name, (2000,))]
        fits = [day for year in years if (day := _day(f"{short[1]}/{short[2]}/{year}")) and _may_be(day, name, today)]
        if len(fits) > 1 and name == "coverage_from":
            fits = fits[-1:]
        if len(fits) != 1:
            shown = told[name][:20]
            said = " or ".join(f"in {day.year}" for day in fits)
            said = f"{shown} could be {said}" if fits else f"{shown} is no day that it could be"
            raise Bad(name, said, "Write the year with four digits: 2026-03-14.")
        found[name] = fits[0].isoformat()
    return found


def _may_be(day: date, name: str, today: date) -> bool:
    if name in BIRTHS:
        return today.year - LIFE_YEARS_MAX <= day.year and day <= today
    if name == "coverage_from":
        return day.year <= today.year + 1
    return name == "coverage_to" or day <= today


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    """The day that a text writes in one of our forms; the same few days stand in every row of a file."""
    for form in DAY_FORMS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        if found.year >= 1900:
            return found
    return None


def number(told: Cells, name: str) -> Decimal | None:
    """A number above zero; None when the cell is empty."""
    text = told.get(name, "").removeprefix("$").strip()
    if not text:
        return None
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if not _NUMBER.fullmatch(plain.lstrip("-")):
        raise Bad(name, f"{text[:20]} is no number", "Write digits with a point, such as 125.00.")
    if plain.startswith("-") or not 0 < Decimal(plain) < NUMBER_MAX:
        raise Bad(name, f"{text[:20]} is out of range", f"Write a number above 0 and below {NUMBER_MAX:,}.")
    return Decimal(plain)


def money(told: Cells, name: str) -> Decimal | None:
    """Dollars and whole cents; None when the cell is empty."""
    amount = number(told, name)
    if amount is not None and amount != amount.quantize(Decimal("0.01")):
        raise Bad(name, f"{told[name][:20]} has a fraction of a cent", "Round it to cents.")
    return amount


def code(told: Cells) -> str:
    """The code of what was done."""
    found = told["code"].upper()
    if not re.fullmatch(r"[A-Z0-9]{3,12}", found):
        raise Bad("code", f"{told['code'][:20]} is no procedure code", "Write a CPT or HCPCS code, such as 99213.")
    return found


def modifiers(told: Cells) -> tuple[str, ...]:
    """Up to four modifiers, whatever stands between them."""
    found = tuple(_BETWEEN.split(told.get("modifiers", "").upper().strip()))
    if found == ("",):
        return ()
    if len(found) > 4 or not all(re.fullmatch(r"[A-Z0-9]{2}", one) for one in found):
        raise Bad("modifiers", f"{told['modifiers'][:20]} are not four of two characters at most", "Write 25 or 25 LT.")
    return found


def pointers(told: Cells) -> tuple[int, ...]:
    """The diagnoses a charge points to, by their letters, or by their numbers with something between."""
    parts = _BETWEEN.split(told.get("pointers", "").upper().strip())
    if len(parts) <= 4 and all(re.fullmatch(r"[1-9]", part) for part in parts):
        return tuple(int(part) for part in parts)
    found = "".join(parts) or "A"
    if not re.fullmatch(r"[A-L]{1,4}", found):
        raise Bad("pointers", f"{found[:10]} are not letters from A to L", "Write A, or AB; four at most.")
    return tuple(ord(letter) - 64 for letter in found)


def npi(told: Cells, name: str) -> None:
    """An NPI that passes its check digit, or nothing."""
    found = told.get(name, "")
    if found and not npi_is_valid(found):
        raise Bad(name, f"{found[:20]} is no NPI: its check digit fails", "Look it up in NPPES.")


def diagnoses(told: Cells) -> tuple[str, ...]:
    """Diagnoses in their order, each once, without points."""
    found = re.split(r"[\s;,|]+", told.get("diagnoses", "").upper().replace(".", "").strip())
    if any(len(one) > 20 for one in found):
        raise Bad("diagnoses", "holds more than codes", "Write codes with blanks between: E119 I10.")
    return tuple(dict.fromkeys(one for one in found if one))


def state(told: Cells) -> str:
    """The two letters of a state; empty when the cell is."""
    found = told.get("state", "").upper()
    if found and not re.fullmatch(r"[A-Z]{2}", found):
        raise Bad("state", f"{told['state'][:20]} is no state", "Write its two letters, such as ME.")
    return found


def zip_code(told: Cells) -> str:
    """Five or nine digits; a spreadsheet's lost leading zeros are given back."""
    found = told.get("zip", "")
    digits = re.sub(r"\D", "", found)
    if found and len(digits) not in {3, 4, 5, 8, 9}:
        raise Bad("zip", f"{found[:20]} is no ZIP code", "Write five digits, or nine.")
    return digits.zfill(9 if len(digits) > 5 else 5) if digits else ""
