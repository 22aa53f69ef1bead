"""Ids: the public names of rows, and the check digits of identifiers that the field uses.

A public id is a prefix and ten random characters, `CLM-7K2P9M4XQ3`: readable on the telephone (no 0/O, 1/I/L, U), the
only id that leaves the house, and short enough for box 26 of a CMS-1500. With 30^10 = 5.9e14 names a prefix, a practice
that has a million rows and adds 100,000 meets a name that is taken once in 6,000 times. Older ids have eight characters
and are as good.
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(240, 256))
"""Left out, so that every letter is as likely."""
LENGTH = 10
NAME = f"[{ALPHABET}]{{8}}(?:[{ALPHABET}]{{2}})?"
"""What follows the prefix of a public id, older or newer, as a regular expression."""
_PUBLIC = re.compile(rf"[A-Z]{{2,4}}-{NAME}")


def public_id(prefix: str) -> str:
    """A new public id with this prefix of two to four capital letters."""
    (one,) = public_ids(prefix, 1)
    return one


def public_ids(prefix: str, count: int, *, length: int = LENGTH) -> list[str]:
    """So many new public ids, no two alike: the same, thousands for one question to the system.

    Raises `ValueError` where there are not so many names of this length.
    """
    if count > len(ALPHABET) ** length:
        raise ValueError(f"There are no {count} names of {length} letters.")
    names: dict[str, None] = {}
    while len(names) < count:
        letters = _letters(length * (count - len(names)))
        names |= dict.fromkeys(f"{prefix}-{letters[at : at + length]}" for at in range(0, len(letters), length))
    return list(names)


def _letters(count: int) -> str:
    """So many random letters."""
    letters = ""
    while len(letters) < count:
        missing = count - len(letters)
        letters += secrets.token_bytes(missing + missing // 8 + 1).translate(_LETTERS, _UNEVEN).decode()
    return letters[:count]


def is_public_id(text: str) -> bool:
    """Whether a text has the form of a public id."""
    return _PUBLIC.fullmatch(text) is not None


def beginning(prefix: str, text: str) -> tuple[str, str] | None:
    """The first and the last public id that begin with what was typed, prefix or not; none when no id can.

    A range keeps an index in use under row-level security, where LIKE does not.
    """
    typed = text.strip().upper().removeprefix(f"{prefix}-")
    if not typed or len(typed) > LENGTH or not set(typed) <= set(ALPHABET):
        return None
    return f"{prefix}-{typed}", f"{prefix}-{typed.ljust(LENGTH, ALPHABET[-1])}"


def named_first(text: str) -> list[str]:
    """What a text that begins with a public id may name: an older one, a newer one."""
    found = re.match(rf"[A-Z]{{2,4}}-[{ALPHABET}]{{8,{LENGTH}}}", text)
    return sorted({found[0], found[0][: found[0].index("-") + 9]}) if found else []


@lru_cache(maxsize=10_000)
def npi_is_valid(npi: str) -> bool:
    """Whether ten digits are an NPI: Luhn over `80840` and the number (45 CFR 162.406, ISO 7812)."""
    return len(npi) == 10 and npi.isascii() and npi.isdigit() and npi[0] in "12" and luhn_is_valid("80840" + npi)


def luhn_is_valid(digits: str) -> bool:
    """Whether a string of digits ends in its Luhn check digit."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def npi_with_check(nine: str) -> str:
    """Nine digits completed to an NPI by the Luhn check digit."""
    return next(nine + str(d) for d in range(10) if luhn_is_valid("80840" + nine + str(d)))


def tin_is_valid(tin: str) -> bool:
    """Whether nine digits can be a taxpayer identification number (not all alike, IRS Pub. 1635 form)."""
    return len(tin) == 9 and tin.isascii() and tin.isdigit() and len(set(tin)) > 1 and tin[:2] != "00"
