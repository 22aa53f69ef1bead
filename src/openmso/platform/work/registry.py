"""The kinds of work, registered by the apps at start-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openmso.platform.access import registry as access
from openmso.platform.work.contracts import Kind

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
