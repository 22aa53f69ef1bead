"""The figures a fee is computed from: amounts and counts by name, split by category where terms ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openmso.agreements.fees.categories import folded, widened
from openmso.agreements.fees.terms import BadTerms, BaseTerm
from openmso.kit.money import Money

Given = Money | Decimal | int
WHOLE = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure: its categories (`medicaid`, `drugs`) and its amount. A part may be in several."""

    categories: frozenset[str]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure and its parts; a figure given as one number is one part of no category."""

    name: str
    parts: tuple[Part, ...]

    @property
    def whole(self) -> Decimal:
        """The sum of its parts."""
        return sum((part.amount for part in self.parts), Decimal(0))

    @property
    def is_split(self) -> bool:
        """Whether its categories are known."""
        return any(part.categories for part in self.parts)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All figures of one period, by name."""

    figures: Mapping[str, Figure]

    @classmethod
    def of(cls, given: Mapping[str, Given | Mapping[str, Given]]) -> Inputs:
        """Figures from plain values: `{"net_collections": {"commercial": paid, "medicaid+drugs": more}, "claims": 12}`.

        A key joins the categories of a part with `+`; neither spaces around them nor capitals make them others.
        """
        return cls({name: _figure(name, value) for name, value in given.items()})

    def get(self, name: str) -> Figure:
        """A figure by name; refused when it is not given."""
        if name not in self.figures:
            raise BadTerms(
                f"The terms need {name}, which is not given.", code="missing_input", field=f"inputs.{name}",
                fix=f"Give it; given are: {', '.join(sorted(self.figures)) or 'none'}.",
            )  # fmt: skip
        return self.figures[name]

    def count(self, name: str) -> Decimal:
        """A count by name; a count is not below zero (parts of a full-time person are fine)."""
        count = self.get(name).whole
        if count < 0:
            raise BadTerms(f"{name} is a count and cannot be {count}.", code="bad_input", field=f"inputs.{name}")
        return count

    def counted(self, term: BaseTerm) -> list[Part]:
        """The parts of a figure that a base counts, by its inclusions and exclusions."""
        figure = self.get(term.name)
        if (term.include or term.exclude) and not figure.is_split and figure.whole:
            raise BadTerms(
                f"The terms count only some categories of {term.name}, which is given as one number.",
                code="bad_input", field=f"inputs.{term.name}",
                fix='Give it by category, such as {"commercial": "900.00", "medicaid": "100.00"}.',
            )  # fmt: skip
        include, exclude = widened(term.include), widened(term.exclude)
        return [
            part
            for part in figure.parts
            if (not include or part.categories & include) and not part.categories & exclude
        ]

    def idle(self, term: BaseTerm) -> list[str]:
        """What is said of each category that a base includes or excludes and that no part of its figure is in."""
        figure = self.get(term.name)
        there = frozenset[str]().union(*(part.categories for part in figure.parts))
        return [
            f"{one} {'includes' if one in term.include else 'excludes'} nothing: no part of {term.name} is of it"
            for one in (*term.include, *term.exclude) if figure.is_split and not widened([one]) & there
        ]  # fmt: skip

    def as_json(self) -> dict[str, str | dict[str, str]]:
        """The same figures as plain texts, to be kept with the quote."""
        return {
            name: {"+".join(sorted(part.categories)) or "other": str(part.amount) for part in figure.parts}
            if figure.is_split
            else str(figure.whole)
            for name, figure in self.figures.items()
        }


def _figure(name: str, value: Given | Mapping[str, Given]) -> Figure:
    if isinstance(value, Mapping):
        parts: dict[frozenset[str], Decimal] = {}
        for key, one in value.items():
            categories = frozenset(map(folded, key.split("+")))
            parts[categories] = parts.get(categories, Decimal(0)) + _plain(one)
        return Figure(name, tuple(Part(categories, amount) for categories, amount in parts.items()))
    return Figure(name, (Part(frozenset(), _plain(value)),))


def _plain(value: Given) -> Decimal:
    return value.amount if isinstance(value, Money) else Decimal(value)
