"""The kinds of work, registered by the apps at start-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openmso.platform.access import registry as access
from openmso.platform.work.contracts import HOUSE, Kind

_kinds: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """An item was opened of a kind that no app declares."""


def add_kinds(kinds: Iterable[Kind]) -> None:
    """Declare kinds of work; the permission of each must be declared, its service line must exist."""
    for kind in kinds:
        access.permission(kind.permission)
        if kind.capability and kind.capability not in access.LINES:
            raise ValueError(f"the kind {kind.code} names no service line: {kind.capability}")
        if _kinds.setdefault(kind.code, kind) != kind:
            raise ValueError(f"the kind {kind.code} is declared twice")


def kind(code: str) -> Kind:
    """The kind of a code; raises `UnknownKind`."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"No app declares the kind of work {code!r}.") from None


def kinds() -> Mapping[str, Kind]:
    """All of them by code."""
    return _kinds


def deciding() -> tuple[Kind, ...]:
    """The kinds of work that wait for somebody's yes or no."""
    return tuple(kind for kind in _kinds.values() if kind.decides)


def function_of(kind: Kind) -> tuple[str, str]:
    """The function a kind of work belongs to, its code and words: its service line, or the house."""
    return (kind.capability, access.line_words(kind.capability)) if kind.capability else (HOUSE, "The house")


def functions() -> dict[str, str]:
    """The functions that have work of their own, by code, in the order of their words."""
    return dict(sorted({function_of(kind) for kind in _kinds.values()}, key=lambda pair: pair[1]))


def kinds_of(functions: Iterable[str]) -> tuple[str, ...]:
    """The kinds of work of some functions, by code."""
    wanted = set(functions)
    return tuple(kind.code for kind in _kinds.values() if function_of(kind)[0] in wanted)
