"""The purposes files are kept for, registered by the apps at start-up."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.platform.documents.contracts import Purpose

_purposes: dict[str, Purpose] = {}


class UnknownPurpose(LookupError):
    """A file was to be kept for a purpose that no app declares."""


def add_purposes(purposes: Iterable[Purpose]) -> None:
    """Declare purposes: `Purpose("remittances.file", "Remittance file", bytes_max=100 * MEGABYTE)`."""
    for purpose in purposes:
        if _purposes.setdefault(purpose.code, purpose) != purpose:
            raise ValueError(f"the purpose {purpose.code} is declared twice")


def purpose(code: str) -> Purpose:
    """The purpose of a code; raises `UnknownPurpose`."""
    try:
        return _purposes[code]
    except KeyError:
        raise UnknownPurpose(f"No app declares the purpose {code!r}: documents.registry.add_purposes.") from None


def words_of(code: str) -> str:
    """What a file was kept for, in words; the code itself where no app declares it."""
    return _purposes[code].words if code in _purposes else code


def purposes() -> dict[str, Purpose]:
    """All of them by code."""
    return _purposes
