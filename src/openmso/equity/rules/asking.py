"""Reading figures out of JSON that people wrote: what is missing, unknown or no figure is said with its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openmso.kit.errors import Refused
from openmso.kit.money import Money

MOST = Decimal(10) ** 12
ALSO = {"30/360": "thirty_360", "actual/365": "actual_365", "actual/360": "actual_360"}
"""Day counts as contracts write them."""


class NotUnderstood(Refused):
    """A field of the file is missing, unknown, or not what it is to be."""

    code = "not_understood"


def only(asked: Any, *, needed: str, may: str = "", where: str = "") -> Mapping[str, Any]:
    """The fields of an object: those that are needed are there, and no others than may be."""
    if not isinstance(asked, dict):
        raise NotUnderstood("It is no object with fields.", field=where, fix=f"Give {needed.replace(' ', ', ')}.")
    known = {*needed.split(), *may.split()}
    for name in sorted(asked):
        if name not in known:
            raise NotUnderstood(f"{name} is no field of it.", field=f"{where}{name}",
                                fix=f"Its fields are {', '.join(sorted(known))}.")  # fmt: skip
    for name in needed.split():
        if name not in asked:
            raise NotUnderstood(f"{name} is missing.", field=f"{where}{name}")
    return asked


def number(
    fields: Mapping[str, Any], name: str, *, least: int | None = None, above: int | None = None, where: str = ""
) -> Decimal:
    """An exact number; 0 where the field is left out."""
    given = fields.get(name, 0)
    try:
        if isinstance(given, bool | float) or not isinstance(given, int | str | Decimal):
            raise InvalidOperation
        found = Decimal(given)
    except InvalidOperation:
        raise NotUnderstood(f"{name} is no number.", field=f"{where}{name}") from None
    if not found.is_finite() or abs(found) > MOST:
        raise NotUnderstood(f"{name} is no number that can be.", field=f"{where}{name}")
    if (least is not None and found < least) or (above is not None and found <= above):
        bound = f"at least {least}" if least is not None else f"more than {above}"
        raise NotUnderstood(f"{name} is {bound}.", field=f"{where}{name}")
    return found


def rate(fields: Mapping[str, Any], name: str, *, where: str = "") -> Decimal:
    """A rate a year, not below zero: `"7.5%"` or `"0.075"`; 0 where the field is left out."""
    given = fields.get(name, 0)
    if isinstance(given, str) and given.strip().endswith("%"):
        return number({name: given.strip().removesuffix("%").strip()}, name, least=0, where=where) / 100
    return number(fields, name, least=0, where=where)


def money(
    fields: Mapping[str, Any], name: str, *, least: int | None = None, above: int | None = None, where: str = ""
) -> Money:
    """An amount in dollars and cents; 0.00 where the field is left out."""
    found = number(fields, name, least=least, above=above, where=where)
    if found != found.quantize(Decimal("0.01")):
        raise NotUnderstood(f"{name} has a fraction of a cent.", field=f"{where}{name}")
    return Money.of(found)


def day(fields: Mapping[str, Any], name: str, *, where: str = "") -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(fields[name])
    except (KeyError, TypeError, ValueError):
        raise NotUnderstood(f"{name} is a day: YYYY-MM-DD.", field=f"{where}{name}") from None


def choice(fields: Mapping[str, Any], name: str, among: Any, otherwise: str, *, where: str = "") -> Any:
    """A member of an enum by its value."""
    given = fields.get(name, otherwise)
    given = ALSO.get(given, given) if isinstance(given, str) else given
    if given not in set(among):
        raise NotUnderstood(f"{name} is one of {', '.join(among)}.", field=f"{where}{name}")
    return among(given)


def listed(fields: Mapping[str, Any], name: str) -> list[Any]:
    """A list that is not empty, of at most a thousand."""
    given = fields.get(name)
    if not isinstance(given, list) or not 1 <= len(given) <= 1_000:
        raise NotUnderstood(f"{name} is a list of one to a thousand.", field=name)
    return given
