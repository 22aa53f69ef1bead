"""What a file becomes, whatever its form: people, coverages and visits, and the account of every record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openmso.intake.contracts import Item, Outcome
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Someone:
    """A person and where they live."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""
    born_on: date | None = None
    sex: str = "U"
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class PatientIn:
    """A patient of the file."""

    key: str
    mrn: str
    who: Someone
    phone: str = ""
    email: str = ""
    ssn: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CoverIn:
    """A coverage of the file: the payer by its EDI id or its name."""

    patient: str
    payer: str
    payer_name: str
    member_id: str
    relationship: str
    order: str
    starts_on: date
    ends_on: date | None = None
    group: str = ""
    plan: str = ""
    subscriber: Someone | None = None
    position: int = 0
    payer_ids: tuple[str, ...] = ()
    """Other ids of the payer."""


@dataclass(frozen=True, slots=True)
class LineIn:
    """A charge of a visit; `system` names a code that no payer takes."""

    key: str
    code: str
    system: str
    service_on: date
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = (1,)
    units: Decimal = Decimal(1)
    amount: Decimal | None = None
    left: Money | None = None
    """What the source's own total leaves for a line without an amount: used where no fee schedule has one."""
    position: int = 0
    """The record that says so, where each charge has one of its own."""
    revenue_code: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class VisitIn:
    """A visit with all that was done."""

    key: str
    patient: str
    service_on: date
    npi: str
    place_of_service: str
    reason: str
    diagnoses: tuple[str, ...]
    diagnosis_system: str
    lines: tuple[LineIn, ...]
    position: int
    incomplete: str = ""
    """Why something of it was refused: its claim is held, saying so."""
    bill_type: str = ""
    """Of what a facility bills: two digits."""


@dataclass(slots=True)
class Load:
    """Everything a file holds."""

    kind: str
    patients: list[PatientIn] = field(default_factory=list)
    covers: list[CoverIn] = field(default_factory=list)
    visits: list[VisitIn] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    words: str = ""
    """What is to be said of the file as a whole."""

    def used(self, position: int, kind: str, record: str, words: str, became: str = "") -> None:
        """Account for a record that was used."""
        self.items.append(Item(position, kind[:40], record[:120], Outcome.USED, words[:300], became))

    def kept(self, position: int, kind: str, record: str, words: str) -> None:
        """Account for a record that says nothing a claim needs."""
        self.items.append(Item(position, kind[:40], record[:120], Outcome.KEPT, words[:300]))

    def refused(self, position: int, kind: str, record: str, words: str, *, field: str = "", fix: str = "") -> None:
        """Account for a record that cannot be used: why, which field of it, and what would mend it."""
        self.items.append(
            Item(position, kind[:40], record[:120], Outcome.REFUSED, words[:300], field=field[:40], fix=fix[:200])
        )
