"""Interests that touch a practice: who has which in whom, within which band, since when and until when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from openmso.governance.states import Held
from openmso.kit.money import Money


class Nature(StrEnum):
    """What an interest is."""

    OWNERSHIP = "ownership"
    EMPLOYMENT = "employment"
    FAMILY = "family"
    LOAN = "loan"
    OFFICE = "office"
    OTHER = "other"
    NONE = "none"

    @property
    def words(self) -> str:
        """The interest in words."""
        return _NATURES[self]


_NATURES = {
    Nature.OWNERSHIP: "Ownership or investment",
    Nature.EMPLOYMENT: "Employment or pay",
    Nature.FAMILY: "Interest of the family",
    Nature.LOAN: "Loan",
    Nature.OFFICE: "Office or board seat",
    Nature.OTHER: "Other",
    Nature.NONE: "Nothing to disclose",
}


class Band(StrEnum):
    """How much it is worth in a year, in dollars."""

    NONE = "none"
    UP_TO_5 = "to5k"
    UP_TO_25 = "to25k"
    UP_TO_100 = "to100k"
    MORE = "more"

    @property
    def words(self) -> str:
        """The band in words."""
        return _BANDS[self]


_BANDS = {
    Band.NONE: "No amount",
    Band.UP_TO_5: "Up to $5,000 a year",
    Band.UP_TO_25: "Up to $25,000 a year",
    Band.UP_TO_100: "Up to $100,000 a year",
    Band.MORE: "More than $100,000 a year",
}


@dataclass(frozen=True, slots=True)
class NewInterest:
    """What is disclosed: in whom, which interest, how much, in words.

    Whom: `party`, or a vendor by its public id, or the MSO itself (`in_mso`), whose legal name stands then.
    """

    nature: Nature
    party: str
    words: str
    band: Band = Band.NONE
    vendor: str = ""
    in_mso: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a disclosure: disclosed, renewed, changed or ended."""

    what: str
    nature: Nature
    party: str
    band: Band
    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Interest:
    """A disclosure as it stands: the latest entry, and all of them; `renew_on` is a year after the latest."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_name: str
    account: str
    person: str
    nature: Nature
    party: str
    vendor: str
    band: Band
    words: str
    state: Held
    disclosed_at: datetime
    latest_at: datetime
    renew_on: date
    story: tuple[Told, ...]

    @property
    def nature_words(self) -> str:
        """The interest in words."""
        return self.nature.words

    @property
    def band_words(self) -> str:
        """The band in words."""
        return self.band.words


@dataclass(frozen=True, slots=True)
class PaidTo:
    """What somebody was paid, or may be paid now: by the name that was paid, with the page where it stands."""

    party: str
    on: date
    amount: Money
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Related:
    """A party that is related to somebody who acts for a practice or its MSO, what makes it so, what it was paid."""

    key: str
    practice: int
    practice_name: str
    party: str
    vendor: str
    relations: tuple[str, ...]
    people: tuple[str, ...]
    interests: tuple[str, ...]
    place: str = ""
    """The practice's public id."""
    payments: tuple[PaidTo, ...] = ()

    @property
    def paid(self) -> Money:
        """What it was paid, of what its reader may see."""
        return Money.total(one.amount for one in self.payments)

    @property
    def is_vendor(self) -> bool:
        """Whether it sells to the practice or its MSO."""
        return bool(self.vendor)

    @property
    def relation(self) -> str:
        """What makes it related, as a sentence."""
        return "; ".join(self.relations)
