"""The terms of a payer contract, as they are written and read: a line for each, the first that fits a code holds.

    J0000-J9999: 80% of charge
    99202-99499: 110% of Medicare 2026 in 15202/00
    17311: $450.00 each
    D0000-D9999: not paid
    all: fee schedule

A fee schedule fits only the codes that it lists; for others the search goes on. Without a year it is Medicare's of
the day of service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from openmso.contracting.rules.policy import MEDICARE, UNREDUCED, Policy, Rank
from openmso.contracting.rules.tariffs import percent
from openmso.kit.errors import Refused
from openmso.kit.words import amount as money_words

LINES_MAX, CODES_MAX, LENGTH_MAX = 200, 50, 20_000


class BadTerms(Refused):
    """Terms that nobody can read; says the line and how to write it."""

    code = "bad_terms"


class Method(StrEnum):
    """How a term pays."""

    MEDICARE = "medicare"
    SCHEDULE = "schedule"
    EACH = "each"
    CHARGE = "charge"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: for which codes (none stands for all), and how it pays them."""

    codes: tuple[tuple[str, str], ...]
    method: Method
    share: Decimal = Decimal(1)
    amount: Decimal = Decimal(0)
    year: int | None = None
    mac: str = ""
    locality: str = ""

    def fits(self, code: str) -> bool:
        """Whether it speaks of a code."""
        return not self.codes or any(first <= code <= last for first, last in self.codes)

    @property
    def sentence(self) -> str:
        """The term as it is written."""
        named = ", ".join(first if first == last else f"{first}-{last}" for first, last in self.codes) or "all"
        return f"{named}: {self.pays}"

    @property
    def pays(self) -> str:
        """How it pays, in words."""
        if self.method is Method.MEDICARE:
            year = f" {self.year}" if self.year else ""
            return f"{percent(self.share)} of Medicare{year} in {self.mac}/{self.locality}"
        if self.method is Method.CHARGE:
            return f"{percent(self.share)} of charge"
        if self.method is Method.EACH:
            return f"${money_words(self.amount)} each"
        return "fee schedule" if self.method is Method.SCHEDULE else "not paid"


_CODE = re.compile(r"([A-Z0-9]{5})(?:-([A-Z0-9]{5}))?")
_MEDICARE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)% of medicare(?: (20\d\d))? in (\d{5})/(\d{2})")
_CHARGE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)% of (?:the )?charges?")
_EACH = re.compile(r"\$?(\d{1,7}(?:\.\d{1,2})?) (?:each|per unit)")
_HOW = "Write it as 99202-99499: 110% of Medicare 2026 in 15202/00, or all: 80% of charge."


def read(text: str) -> tuple[Term, ...]:
    """The terms of a text; raises `BadTerms` with the first line that is none."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise BadTerms("The contract has no terms.", field="wording", fix=_HOW)
    if len(lines) > LINES_MAX or len(text) > LENGTH_MAX:
        why = f"A contract has {LINES_MAX} terms at most."
        raise BadTerms(why, field="wording", fix="List codes as a fee schedule.")
    return tuple(_term(number, line) for number, line in lines)


def _term(number: int, line: str) -> Term:
    named, colon, pays = line.partition(":")
    codes = _codes(named)
    found = _pays(" ".join(pays.lower().replace(",", "").split())) if colon else None
    if codes is None or found is None:
        raise BadTerms(f"Line {number}, {line[:60]}, is no term.", field="wording", fix=_HOW)
    method, share, amount, year, mac, locality = found
    return Term(codes, method, share, amount, year, mac, locality)


def _codes(named: str) -> tuple[tuple[str, str], ...] | None:
    if named.strip().lower() in ("all", "others", "all others"):
        return ()
    parts = [_CODE.fullmatch(part.strip().upper()) for part in named.split(",")]
    if len(parts) > CODES_MAX or not all(parts):
        return None
    codes = tuple((part[1], part[2] or part[1]) for part in parts if part)
    return codes if all(first <= last for first, last in codes) else None


def _pays(words: str) -> tuple[Method, Decimal, Decimal, int | None, str, str] | None:
    whole, nothing = Decimal(1), Decimal(0)
    if words in ("fee schedule", "not paid"):
        return Method.SCHEDULE if words == "fee schedule" else Method.NOTHING, whole, nothing, None, "", ""
    if found := _MEDICARE.fullmatch(words):
        year = int(found[2]) if found[2] else None
        return Method.MEDICARE, Decimal(found[1]) / 100, nothing, year, found[3], found[4]
    if (found := _CHARGE.fullmatch(words)) and Decimal(found[1]) <= 100:
        return Method.CHARGE, Decimal(found[1]) / 100, nothing, None, "", ""
    if found := _EACH.fullmatch(words):
        return Method.EACH, whole, Decimal(found[1]).quantize(Decimal("0.01")), None, "", ""
    return None


def written(terms: Iterable[Term]) -> str:
    """Terms as they are written, a line for each: reading it gives the same terms."""
    return "\n".join(term.sentence for term in terms)


_PROCEDURES = re.compile(r"((?:100|\d{1,2})(?:/(?:100|\d{1,2})){1,9}) by (fee|facility value|charge)")
_RANKS = {"fee": Rank.FEE, "facility value": Rank.FACILITY_RVU, "charge": Rank.CHARGE}


def policy(words: str, *, bilateral: Decimal = MEDICARE.bilateral) -> Policy:
    """The payment policy in words: `medicare`, `none`, or `100/50/25 by facility value`, the last for all further."""
    said = " ".join(words.lower().split())
    if said in ("medicare", "none"):
        base = MEDICARE if said == "medicare" else UNREDUCED
        return _bilateral(base, bilateral)
    found = _PROCEDURES.fullmatch(said)
    if found is None:
        raise BadTerms(
            f"{words[:60]!r} is no rule for several procedures.", field="procedures",
            fix="Write medicare, none, or 100/50/25 by fee (or by facility value, or by charge).",
        )  # fmt: skip
    shares = tuple(Decimal(one) / 100 for one in found[1].split("/"))
    own = Policy(procedures=shares, procedures_beyond=shares[-1], rank=_RANKS[found[2]])
    return _bilateral(own, bilateral)


def _bilateral(base: Policy, share: Decimal) -> Policy:
    return replace(base, bilateral=share)


class Kind(StrEnum):
    """What must reach the payer in time."""

    INITIAL = "initial"
    CORRECTED = "corrected"
    SECONDARY = "secondary"
    APPEAL = "appeal"
    SECOND_APPEAL = "second appeal"


class From(StrEnum):
    """From what its days are counted."""

    SERVICE = "service"
    THROUGH = "last service"
    REMITTANCE = "remittance"
    PRIMARY = "primary remittance"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many days a kind of claim or appeal has, and from what they are counted."""

    kind: Kind
    days: int
    counted_from: From

    @property
    def sentence(self) -> str:
        """The limit as it is written."""
        return f"{self.kind.value}: {self.days} days from {self.counted_from.value}"


_LIMIT = re.compile(r"([a-z ]+): ?(\d{1,4}) days from ([a-z ]+)")


def read_limits(text: str) -> tuple[Limit, ...]:
    """The time limits of a text, a line for each kind: `initial: 180 days from service`."""
    found: dict[Kind, Limit] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = _LIMIT.fullmatch(" ".join(line.lower().split()))
        if not line.strip():
            continue
        if said is None or said[1] not in list(Kind) or said[3] not in list(From) or not int(said[2]):
            raise BadTerms(
                f"Line {number}, {line.strip()[:60]}, is no time limit.", field="limits",
                fix="Write it as initial: 180 days from service, or appeal: 60 days from remittance.",
            )  # fmt: skip
        limit = Limit(Kind(said[1]), int(said[2]), From(said[3]))
        if limit.kind in found:
            raise BadTerms(f"{limit.kind.value} stands twice.", field="limits", fix="Keep one of the lines.")
        found[limit.kind] = limit
    return tuple(found.values())


def first_fitting(terms: Iterable[Term], code: str, is_listed: Callable[[str], bool]) -> Term | None:
    """The term that holds for a code: the first that fits; a fee schedule only where it lists the code."""
    for term in terms:
        if term.fits(code) and (term.method is not Method.SCHEDULE or is_listed(code)):
            return term
    return None
