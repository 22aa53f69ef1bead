"""A claim sheet as JSON and back: what a submission freezes is read again exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from edi.x12.claim.said import Said
from openmso.claims.contracts import EarlierDecision
from openmso.claims.rules.sheet import ClaimSheet

LEVELS = "\f"
AS_THEY_ARE = frozenset({str, int, bool, NoneType})
FORM = 1
"""Rises when the sheet's fields change meaning; older forms stay readable here."""


def frozen(sheet: ClaimSheet) -> dict[str, Any]:
    """The sheet as plain JSON values: amounts and days as text, nothing rounded; defaults are left out."""
    plain = _plain(sheet)
    return {"form": FORM, **plain}


def thawed(plain: dict[str, Any]) -> ClaimSheet:
    """The sheet that was frozen."""
    if plain.get("form") != FORM:
        raise ValueError(f"a submission of form {plain.get('form')} cannot be read")
    return _read(ClaimSheet, plain)


def decision_of(plain: dict[str, Any]) -> EarlierDecision:
    """An earlier payer's decision that was frozen by `plain_of`."""
    return _read(EarlierDecision, plain)


def plain_of(decision: EarlierDecision) -> dict[str, Any]:
    """A decision as plain JSON values."""
    told: dict[str, Any] = _plain(decision)
    return told


def together(said: Said) -> str:
    """The segments of a claim as one text; what parts their levels stands in no segment."""
    return LEVELS.join(said)


def apart(segments: str) -> Said:
    """The levels of what was put together."""
    return Said(*segments.split(LEVELS))


def digest(plain: dict[str, Any]) -> str:
    """SHA-256 of the frozen sheet, independent of the order of its keys."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in AS_THEY_ARE:
        return value
    if kind is tuple:
        return [_plain(item) for item in value]
    named = _fields(kind)
    if named is None:
        return str(value) if isinstance(value, Decimal | date) else value
    told = {}
    for name, default in named:
        item = getattr(value, name)
        if item is not default and item != default:
            told[name] = item if type(item) in AS_THEY_ARE else _plain(item)
    return told


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...] | None:
    """The fields of a kind of value with their defaults, asked for once; none where it has no fields."""
    return tuple((field.name, field.default) for field in fields(kind)) if is_dataclass(kind) else None


def _read(kind: Any, plain: Any) -> Any:
    read = _reader(kind)
    return plain if read is None or plain is None else read(plain)


@cache
def _reader(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of a type from its JSON; none where JSON has it as it is."""
    if get_origin(kind) in {Union, UnionType}:
        return _reader(next(arm for arm in get_args(kind) if arm is not NoneType))
    if get_origin(kind) is tuple:
        return _reader_of_many(_reader(get_args(kind)[0]))
    if isinstance(kind, type) and is_dataclass(kind):
        return _reader_of(kind)
    if kind is Decimal:
        return Decimal
    return date.fromisoformat if kind is date else None


def _reader_of_many(read: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    if read is None:
        return tuple
    return lambda items: tuple(None if item is None else read(item) for item in items)


def _reader_of(kind: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(plain: Any) -> Any:
        given = {}
        for name, value in plain.items():
            if name in readers:
                of_field = readers[name]
                given[name] = value if of_field is None or value is None else of_field(value)
        return kind(**given)

    return read
