"""What a calculator asks for: each figure that a fee needs, by the categories that the terms name, and all else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import charging, quoting, sentences
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.terms import FeeTerms, Percent, Residual, Tiers

ALL_ELSE = "all else"
"""The part of a figure that is of none of the categories that the terms name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A figure to ask for, or its part of one category; `key` is what its field is called."""

    name: str
    category: str
    words: str

    @property
    def key(self) -> str:
        """`net_collections` for the whole or all else, `net_collections+medicaid` for a category."""
        return self.name if self.category in {"", ALL_ELSE} else f"{self.name}+{self.category}"


def parts(*fees: FeeTerms | None) -> tuple[Part, ...]:
    """The figures that fees need, each by the categories that any of them names of it, in the order of their use."""
    made: dict[str, Part] = {}
    agreed = [fee for fee in fees if fee is not None]
    categories: dict[str, dict[str, None]] = {}
    for fee in agreed:
        for name, category in _named(fee):
            categories.setdefault(name, {})[category] = None
    for fee in agreed:
        for name in quoting.figures_of(fee):
            said, split = sentences.name(name, fee.words), categories.get(name, {})
            whole = Part(name, ALL_ELSE if split else "", f"{said}, all else" if split else said)
            for one in (whole, *(Part(name, each, f"{said}, {sentences.name(each, fee.words)}") for each in split)):
                made.setdefault(one.key, one)
    return tuple(made.values())


def inputs(asked: tuple[Part, ...], given: Mapping[str, Decimal]) -> Inputs:
    """The figures as they were given by the keys of their parts; a category that nobody gave is nothing."""
    figures: dict[str, Any] = {}
    for one in asked:
        value = given.get(one.key, Decimal(0))
        if one.category:
            figures.setdefault(one.name, {})[one.category] = value
        else:
            figures[one.name] = value
    return Inputs.of(figures)


def _named(fee: FeeTerms) -> Iterator[tuple[str, str]]:
    """Each category that a base names, with its figure."""
    for one in charging.parts(fee.components):
        if isinstance(one, Percent | Residual | Tiers):
            for term in one.of.terms:
                for category in (*term.include, *term.exclude):
                    yield term.name, category
