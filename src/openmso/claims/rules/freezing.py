"""A claim sheet as JSON and back: what a submission freezes is read again exactly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from openmso.claims.contracts import EarlierDecision
from openmso.claims.rules.sheet import ClaimSheet

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


def digest(plain: dict[str, Any]) -> str:
    """SHA-256 of the frozen sheet, independent of the order of its keys."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(item) for field, item in told if item != field.default}
    if isinstance(value, Decimal | date):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _read(kind: Any, plain: Any) -> Any:
    if plain is None:
        return None
    if get_origin(kind) in {Union, UnionType}:
        kind = next(arm for arm in get_args(kind) if arm is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in plain)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], value) for name, value in plain.items() if name in hints})
    if kind is Decimal:
        return Decimal(plain)
    return date.fromisoformat(plain) if kind is date else plain


_known: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    if kind not in _known:
        _known[kind] = get_type_hints(kind)
    return _known[kind]
