"""Ids: the public names of rows, and the check digits of identifiers that the field uses.

A public id is a prefix and eight random characters, `CLM-7K2P9M4X`: readable on the telephone (no 0/O,
1/I/L, U) and the only id that leaves the house; 30^8 = 6.6e11 names a prefix.
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(240, 256))
"""Left out, so that every letter is as likely; fewer than eight of 32 bytes are left once in 10^24 names."""
_PUBLIC = re.compile(rf"[A-Z]{{2,4}}-[{ALPHABET}]{{8}}")


def public_id(prefix: str) -> str:
    """A new public id with this prefix of two to four capital letters."""
    (one,) = public_ids(prefix, 1)
    return one


def public_ids(prefix: str, count: int) -> list[str]:
    """So many new public ids: the same, thousands for one question to the system."""
    letters = ""
    while len(letters) < 8 * count:
        missing = 8 * count - len(letters)
        letters += secrets.token_bytes(missing + missing // 8).translate(_LETTERS, _UNEVEN).decode()
    return [f"{prefix}-{letters[at : at + 8]}" for at in range(0, 8 * count, 8)]


def is_public_id(text: str) -> bool:
    """Whether a text has the form of a public id."""
    return _PUBLIC.fullmatch(text) is not None


def beginning(prefix: str, text: str) -> tuple[str, str] | None:
    """The first and the last public id that begin with what was typed, prefix or not; none when no id can.

    A range keeps an index in use under row-level security, where LIKE does not.
    """
    typed = text.strip().upper().removeprefix(f"{prefix}-")
    if not typed or len(typed) > 8 or not set(typed) <= set(ALPHABET):
        return None
    return f"{prefix}-{typed.ljust(8, ALPHABET[0])}", f"{prefix}-{typed.ljust(8, ALPHABET[-1])}"


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
