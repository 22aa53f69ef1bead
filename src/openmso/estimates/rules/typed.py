"""Services as a person types them, a line each: `99213-25 x2 150.00 Office visit`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from openmso.estimates.contracts import ItemDraft
from openmso.kit.errors import Refused
from openmso.kit.money import Money

LINES_MAX = 50
_LINE = re.compile(
    r"^(?P<code>[A-Z0-9]{5})(?P<modifiers>(-[A-Z0-9]{2}){0,4})"
    r"(\s+[xX](?P<units>\d{1,4}(\.\d{1,2})?))?"
    r"(\s+\$?(?P<amount>\d{1,7}\.\d{2}))?"
    r"(\s+(?P<words>\D.{0,119}))?$",
    re.ASCII | re.IGNORECASE,
)
USUAL_FORM = "A line each: code, modifiers, units, words, as 99213-25 x1 Office visit."
FORM = "Write code, modifiers, units, price, words: 99213-25 x1 150.00 Office visit. Only the code is needed."


def read(text: str) -> tuple[ItemDraft, ...]:
    """The services of a text; raises `Refused` naming the line that cannot be read."""
    typed = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(typed) > LINES_MAX:
        raise Refused(f"That are {len(typed)} services; an estimate has at most {LINES_MAX}.", field="items")
    return tuple(_item(number, line) for number, line in typed)


def written(items: Iterable[ItemDraft]) -> str:
    """Services as a person would type them, so that `read` reads them again."""
    return "\n".join(_written(one) for one in items)


def _written(one: ItemDraft) -> str:
    price = "" if one.amount is None else f" {one.amount.amount:.2f}"
    words = f" {one.words}" if one.words else ""
    return f"{'-'.join((one.code, *one.modifiers))} x{one.units.normalize():f}{price}{words}"


def _item(number: int, line: str) -> ItemDraft:
    found = _LINE.match(line)
    if found is None:
        raise Refused(f"Line {number} is no service: {line[:40]}", field="items", fix=FORM)
    units = Decimal(found["units"] or 1)
    if not units:
        raise Refused(f"Line {number} asks for no units.", field="items", fix="Leave the line out, or correct it.")
    return ItemDraft(
        found["code"].upper(), tuple(found["modifiers"].upper().split("-")[1:]), units,
        Money.of(found["amount"]) if found["amount"] else None, (found["words"] or "").strip(),
    )  # fmt: skip
