"""What leaves contracting: contracts with their versions and terms, what a line is expected to bring, permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openmso.contracting import saying
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.platform.access.contracts import Permission
from openmso.platform.access.reserved import Act

READ = Permission("contracting.read", "read payer contracts and what they allow")
DRAFT = Permission("contracting.draft", "draft versions of payer contracts")
PUBLISH = Permission("contracting.publish", "publish versions of payer contracts")
PERMISSIONS: Iterable[Permission] = (READ, DRAFT, PUBLISH)

PUBLISHES = Act("contracting.publish", "RD07", "publish terms of a payer contract", "contracting:of-practice")
ACTS: Iterable[Act] = (PUBLISHES,)

SENTENCES = {
    "contracting.drafted": "{actor} drafted a version of payer contract {subject}, from {starts_on}",
    "contracting.withdrawn": "{actor} withdrew the draft of payer contract {subject}",
    "contracting.published": "{actor} published payer contract {subject}, version {number}, from {starts_on}",
}

RATES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class RateLine:
    """What is agreed for a unit of a code, outside a facility and in one; a modifier where it has its own."""

    code: str
    modifier: str
    nonfacility: Money
    facility: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a version as people write them; `docs/how-to/contracts.md` has the forms.

    `wording` has the terms and `limits` the time limits, a line for each; `procedures` is the rule for several
    procedures of a day; `bilateral` is what is paid for both sides, 1 for one. `sequestration` says that the payer
    keeps 2% of its payment.
    """

    wording: str
    limits: str = ""
    procedures: str = "medicare"
    bilateral: Decimal = Decimal("1.5")
    lesser_of_charge: bool = True
    sequestration: bool = False
    rates: tuple[RateLine, ...] = field(default=(), repr=False)


def how_it_pays(term: str) -> str:
    """How a term pays, in words for whoever does not write terms."""
    return saying.pays(term)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a contract: published, or the draft (`number` is then the next)."""

    number: int
    days: DayRange
    terms: Terms
    written_at: datetime
    written_by: str
    rates: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """Its terms, a sentence for each."""
        lines = [line for line in self.terms.wording.splitlines() if line.strip()]
        said = [saying.term(line, is_only=len(lines) == 1) for line in lines]
        said.append(saying.procedures(self.terms.procedures))
        said.append(f"A procedure on both sides is paid at {(self.terms.bilateral * 100).normalize():f}% of one")
        if self.terms.lesser_of_charge:
            said.append("Never more than the charge is paid")
        if self.terms.sequestration:
            said.append("The payer keeps 2% of each payment (sequestration)")
        return (*said, *(saying.limit(line) for line in self.terms.limits.splitlines() if line.strip()))


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of a practice with a payer: its versions, the latest first, and the draft on the desk."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_name: str
    payer_id: int
    payer_public_id: str
    payer: str
    versions: tuple[Version, ...]
    draft: Version | None

    def version(self, number: int) -> Version | None:
        """A published version, or the draft, by its number."""
        drafts = (self.draft,) if self.draft else ()
        return next((one for one in (*drafts, *self.versions) if one.number == number), None)

    def on(self, day: date) -> Version | None:
        """The version that holds on a day."""
        begun = next((one for one in self.versions if one.days.starts_on <= day), None)
        return begun if begun and day in begun.days else None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A line of the list of contracts."""

    public_id: str
    practice_name: str
    payer: str
    version: int
    starts_on: date | None
    ends_on: date | None
    pays: str
    rates: int
    has_draft: bool


@dataclass(frozen=True, slots=True)
class RateRow:
    """A line of a version's fee schedule."""

    code: str
    modifier: str
    nonfacility: Money
    facility: Money


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A line whose expected amount is asked; `session` groups what one clinician did for one patient in a day."""

    key: int
    session: int
    payer_id: int | None
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    place_of_service: str
    charge: Money
    on: date


@dataclass(frozen=True, slots=True)
class ExpectedStep:
    """One step to the expected amount."""

    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Expected:
    """What the payer should allow for a line, by which term; without an amount the words are the reason.

    `source` names the version it comes from, as `PCN-7K2P9M4X/2`; empty where none holds.
    """

    amount: Money | None
    words: str
    source: str = ""
    steps: tuple[ExpectedStep, ...] = ()

    @property
    def contract(self) -> str:
        """The contract it comes from."""
        return self.source.partition("/")[0]

    @property
    def version(self) -> int:
        """The version of that contract."""
        return int(self.source.partition("/")[2] or 0)


NOT_ASKED = Expected(None, "")
