"""A claim sheet as JSON and back: what a submission freezes is read again exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from edi.x12.claim.said import Said
from openmso.claims.contracts import EarlierDecision
from openmso.claims.rules.sheet import Biller, ClaimSheet, Facility, Insurer, Renderer

LEVELS = "\f"
SHARED = frozenset({Biller, Facility, Insurer, Renderer})
"""What many claims have alike, and is said once for them."""
FORM = 1
"""Rises when the sheet's fields change meaning; older forms stay readable here."""


def frozen(sheet: ClaimSheet) -> str:
    """The sheet as JSON: amounts and days as text, nothing rounded, keys in their order; defaults are left out."""
    kind: Any = type(sheet)
    return "{" + ",".join(sorted([f'"form":{FORM}', *_fields(kind)(sheet)])) + "}"


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
    told: dict[str, Any] = json.loads(_json(decision))
    return told


def together(said: Said) -> str:
    """The segments of a claim as one text; what parts their levels stands in no segment."""
    return LEVELS.join(said)


def apart(segments: str) -> Said:
    """The levels of what was put together."""
    return Said(*segments.split(LEVELS))


def digest(frozen: str) -> str:
    """SHA-256 of a frozen sheet."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def _json(value: Any) -> str:
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], str]:
    """What says a value of a type as JSON."""
    if kind is str:
        return encode_basestring_ascii
    if kind is tuple:
        return lambda items: "[" + ",".join([_json(item) for item in items]) + "]"
    if kind is int:
        return str
    if issubclass(kind, Decimal | date):
        return lambda value: f'"{value}"'
    if not hasattr(kind, "__dataclass_fields__"):
        return partial(json.dumps, sort_keys=True, separators=(",", ":"))
    fields_of = _fields(kind)
    once = lru_cache(maxsize=1024) if kind in SHARED else lambda write: write
    return once(lambda value: "{" + ",".join(fields_of(value)) + "}")


@cache
def _fields(kind: Any) -> Callable[[Any], list[str]]:
    """What says the fields of a kind of value, each with its name, those left out that are their defaults."""
    parts = [(one.name, f'"{one.name}":', one.default) for one in sorted(fields(kind), key=attrgetter("name"))]

    def said(value: Any) -> list[str]:
        return [
            key + _json(item)
            for name, key, default in parts
            if (item := getattr(value, name)) is not default and item != default
        ]

    return said


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
