"""What a contract expects for the lines of a session: the term for each code, its tariff, the payer's own policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openmso.contracting.rules import lines, terms
from openmso.contracting.rules.items import CannotTell, Line, Priced, Tariff
from openmso.contracting.rules.mpfs import Book
from openmso.contracting.rules.policy import Policy
from openmso.contracting.rules.tariffs import NO_BOOK, Agreed, Each, Medicare, OfCharge, Rate
from openmso.contracting.rules.terms import Method, Term

BookOf = Callable[[int | None, str, str, date], Book | None]
"""Medicare's fee schedule of a year (of the day's, when none), contractor and locality; none where it is not loaded."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms of one contract version, ready to price."""

    terms: tuple[Term, ...]
    policy: Policy
    lesser_of_charge: bool
    rates: Mapping[tuple[str, str], Rate] = field(default_factory=dict, repr=False)
    listed: frozenset[str] = field(init=False, repr=False)
    """The codes of its fee schedule."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", frozenset(code for code, _ in self.rates))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a line is expected to be allowed, and the term that says so."""

    priced: Priced
    term: str = ""


def expect(asked: Iterable[Line], agreement: Agreement, on: date, book_of: BookOf | None = None) -> dict[int, Expected]:
    """What a payer should allow for the lines of one patient, clinician and day, by line number."""
    found: dict[int, Term] = {}
    books = _Books(book_of, on)

    def tariff_of(line: Line) -> Tariff:
        term = terms.first_fitting(agreement.terms, line.code, agreement.listed.__contains__)
        if term is None:
            raise CannotTell(f"No term of the contract speaks of {line.code}.")
        found[line.number] = term
        return _tariff(term, agreement, books)

    priced = lines.price_by(
        list(asked), tariff_of, agreement.policy, lesser_of_charge=agreement.lesser_of_charge
    )  # fmt: skip
    return {
        number: Expected(one, found[number].sentence if number in found else "") for number, one in priced.items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Books:
    book_of: BookOf | None
    on: date

    def get(self, year: int | None, mac: str, locality: str) -> Book | None:
        return self.book_of(year, mac, locality, self.on) if self.book_of else None


def _tariff(term: Term, agreement: Agreement, books: _Books) -> Tariff:
    if term.method is Method.MEDICARE:
        book = books.get(term.year, term.mac, term.locality)
        name = f"{term.year or books.on.year} in {term.mac}/{term.locality}"
        if book is None:
            raise CannotTell(f"Medicare's fee schedule of {name} is not loaded.")
        return Medicare(book, term.share, name)
    if term.method is Method.CHARGE:
        return OfCharge(term.share)
    if term.method is Method.NOTHING:
        return Each(Decimal("0.00"))
    indicators = books.get(None, "", "") or NO_BOOK
    if term.method is Method.EACH:
        return Each(term.amount, indicators)
    return Agreed(agreement.rates, indicators)
