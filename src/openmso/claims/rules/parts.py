"""Which lines of a claim may go apart: of one that nobody has, and of one that its payer has denied in part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from openmso.claims.rules.lines import INSTITUTIONAL_LINES_MAX, LINES_MAX
from openmso.kit.errors import Conflict


class NotSplittable(Conflict):
    """The claim, or this choice of its lines, cannot go apart."""

    code = "not_splittable"


class NotResubmittable(Conflict):
    """The claim, or one of the lines, was not denied as a whole."""

    code = "not_resubmittable"


@dataclass(frozen=True, slots=True)
class Stand:
    """A line and what its payer has decided about it."""

    number: int
    amount: Decimal
    decided: Decimal
    """Paid, adjusted or the patient's."""
    denied: Decimal


class Served(Protocol):
    """What is done on a day."""

    @property
    def service_on(self) -> date:
        """The day."""
        ...

    @property
    def is_institutional(self) -> bool:
        """Whether a facility bills it."""
        ...


def to_split(there: Collection[int], wanted: Collection[int]) -> set[int]:
    """The lines that leave: some of those that are there, and not all."""
    going = set(wanted)
    if not going or not going < set(there):
        raise NotSplittable(
            "Choose some of the claim's lines; at least one stays.", field="lines", fix="Choose fewer lines."
        )
    return going


def to_resubmit(there: Iterable[Stand], wanted: Collection[int]) -> set[int]:
    """The lines that are asked for anew: each denied whole.

    Of what was decided in part the payer must be told all again: that is a corrected claim.
    """
    known = {line.number: line for line in there}
    if not wanted:
        raise NotResubmittable("Choose the denied lines.", field="lines")
    for number in sorted(wanted):
        line = known.get(number)
        if line is None:
            raise NotResubmittable(f"The claim asks for no line {number} any more.", field="lines")
        if line.decided or line.denied < line.amount:
            raise NotResubmittable(
                f"Line {number} was not denied whole: {line.decided} of {line.amount} is decided.", field="lines",
                fix="Send the whole claim corrected (7).",
            )  # fmt: skip
    return set(wanted)


L = TypeVar("L", bound=Served)


def apart(lines: Sequence[L]) -> list[list[L]]:
    """The claims that lines of one visit need: each form and calendar year its own, no more lines than one holds.

    What a facility bills goes on an institutional claim, beside the professional one. Deductibles and benefits begin
    with the year, and payers send back what spans two.
    """
    kinds: dict[tuple[bool, int], list[L]] = {}
    for line in lines:
        kinds.setdefault((line.is_institutional, line.service_on.year), []).append(line)
    return [
        found[first : first + most]
        for (facility, _), found in sorted(kinds.items())
        for most in [INSTITUTIONAL_LINES_MAX if facility else LINES_MAX]
        for first in range(0, len(found), most)
    ]
