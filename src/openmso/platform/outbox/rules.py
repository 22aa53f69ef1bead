"""Facts as plain data: a frozen dataclass of ids and plain values to JSON and back, by its type hints."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from openmso.kit.money import Money
from openmso.kit.periods import Month

Plain = str | int | bool | None | list[Any]

_AS_TEXT: dict[type, Callable[[str], Any]] = {
    Decimal: Decimal,
    Money: Money.of,
    Month: Month.parse,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def name_of(event: type) -> str:
    """The name of a kind of fact: app and class, `claims.ClaimDenied`."""
    app = event.__module__.removesuffix(".events").rsplit(".", 1)[-1]
    return f"{app}.{event.__name__}"


@lru_cache(maxsize=1024)
def faults(event: type) -> tuple[str, ...]:
    """What keeps a class from being a fact, in words; empty when it is one."""
    if not dataclasses.is_dataclass(event):
        return (f"{event.__name__} is no dataclass",)
    found = [] if event.__dataclass_params__.frozen else [f"{event.__name__} is not frozen"]  # type: ignore[attr-defined]
    hints = get_type_hints(event)
    odd = (field.name for field in dataclasses.fields(event) if not _fits(hints[field.name]))
    found += [f"{event.__name__}.{name} is a {hints[name]}; facts hold ids and plain values" for name in odd]
    return tuple(found)


def to_plain(fact: object) -> dict[str, Plain]:
    """A fact as JSON values."""
    return {field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)}  # type: ignore[arg-type]


def from_plain(event: type, payload: Mapping[str, Any]) -> Any:
    """The fact of a payload. Fields the class no longer has are left out; new ones take their defaults."""
    hints = get_type_hints(event)
    known = {field.name for field in dataclasses.fields(event)}
    return event(**{name: _typed(hints[name], value) for name, value in payload.items() if name in known})


def _fits(hint: Any) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return len(kinds) == 1 and _fits(kinds[0])
    if get_origin(hint) is tuple:
        kinds = list(get_args(hint))
        return len(kinds) == 2 and kinds[1] is Ellipsis and _fits(kinds[0])
    return isinstance(hint, type) and (hint in {str, int, bool, *_AS_TEXT} or issubclass(hint, Enum))


def _plain(value: Any) -> Plain:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(kind for kind in get_args(hint) if kind is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_typed(get_args(hint)[0], part) for part in value)
    if hint in _AS_TEXT:
        return _AS_TEXT[hint](value)
    return hint(value)
