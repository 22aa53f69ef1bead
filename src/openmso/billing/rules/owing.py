"""Which lines a patient's money goes to, and where it comes back from: plain values in, parts out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from openmso.kit.money import ZERO, Money


class Owing(Protocol):
    """A line of which something is owed."""

    @property
    def owed(self) -> Money:
        """How much."""


L = TypeVar("L", bound=Owing)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Part(Generic[L]):
    """An amount that goes to a line; negative comes back from it."""

    line: L
    amount: Money


def oldest_first(amount: Money, lines: Iterable[L]) -> list[Part[L]]:
    """An amount spread over lines in the order given, each to what is owed of it; what is left over is left out."""
    parts, left = [], amount
    for line in lines:
        part = min(line.owed, left)
        if part > ZERO:
            parts.append(Part(line, part))
            left -= part
    return parts


def taken_back(excess: Money, earlier: Sequence[tuple[S, Money]]) -> list[tuple[S, Money]]:
    """How much of an excess comes back from each source, the latest first; `earlier` is in order of time."""
    parts, left = [], excess
    for source, amount in reversed(earlier):
        part = min(amount, left)
        if part > ZERO:
            parts.append((source, part))
            left -= part
    return parts
