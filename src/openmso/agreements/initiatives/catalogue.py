"""The catalogue of initiatives as data: what comes along, and how one that the MSO wrote is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from openmso.agreements.initiatives.contracts import Choice, Initiative, TakesPart
from openmso.kit.errors import Refused

CODE = re.compile(r"^[a-z][a-z0-9_]{2,39}$")
WORDS_MAX, SAYS_MAX = 80, 400


class BadInitiative(Refused):
    """The initiative cannot be kept as it is written."""

    code = "bad_initiative"


def initiative_of(given: Mapping[str, Any], *, number: int = 0) -> Initiative:
    """An initiative from its data. Raises `BadInitiative` that names the field and what mends it."""
    code, words, says, uses = (str(given.get(name) or "").strip() for name in ("code", "words", "says", "uses"))
    if not CODE.match(code):
        raise BadInitiative("A code is small letters and underscores.", field="code", fix="Such as group_purchasing.")
    for name, said, most in (("words", words, WORDS_MAX), ("says", says, SAYS_MAX), ("uses", uses, SAYS_MAX)):
        if not 0 < len(said) <= most:
            raise BadInitiative(f"It takes up to {most} characters, and at least one.", field=name)
    return Initiative(code, words, says, uses, number)


def as_data(one: Initiative) -> dict[str, str]:
    """The initiative as data; `initiative_of` makes it again."""
    return {"code": one.code, "words": one.words, "says": one.says, "uses": one.uses}


@cache
def of_the_house() -> tuple[Initiative, ...]:
    """The initiatives that come with the product."""
    said = files("openmso.agreements.initiatives").joinpath("catalogue.csv").read_text("utf-8")
    return tuple(initiative_of(row) for row in csv.DictReader(said.splitlines()))


def on_day(choices: Iterable[Choice], on: date) -> Choice | None:
    """What holds on a day of choices in the order in which they were made: the last one that has begun."""
    return next((one for one in reversed(list(choices)) if one.from_on <= on), None)


def part(choices: Iterable[Choice], on: date) -> TakesPart:
    """Whether a practice takes part on a day; it does not until it says so."""
    made = list(choices)
    held = on_day(made, on)
    if held is not None and held.joins:
        return TakesPart.IN
    if made and made[-1].joins and made[-1].from_on > on:
        return TakesPart.SOON
    return TakesPart.OUT if held is not None else TakesPart.OFF
