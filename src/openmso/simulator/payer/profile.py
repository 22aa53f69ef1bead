"""How one payer behaves: what it allows, how often it says no and why, how it pays and what it leaves out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from edi.x12.claim.model import Claim

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class DenialReason:
    """One way to deny a line: group, CARC, remark code, and how often among denials."""

    group: str
    reason: str
    remark: str = ""
    weight: int = 1


DENIALS: tuple[DenialReason, ...] = (
    DenialReason("CO", "197", "M62", 5),   # authorization missing
    DenialReason("CO", "16", "N290", 4),   # information missing: rendering provider's id
    DenialReason("CO", "50", "N115", 3),   # not deemed necessary by policy
    DenialReason("CO", "97", "M15", 3),    # bundled with another service
    DenialReason("CO", "29", "", 1),       # filed too late
    DenialReason("OA", "18", "", 1),       # exact duplicate
    DenialReason("PR", "27", "", 2),       # coverage had ended
    DenialReason("CO", "22", "", 2),       # another payer comes first
    DenialReason("PR", "96", "N130", 1),   # not covered by the plan
    DenialReason("CO", "11", "", 1),       # diagnosis does not fit the procedure
)  # fmt: skip


class Mispays(Enum):
    """How a payer pays less than its contract says, where it errs."""

    OLD_RATE = "old rate"
    FURTHER = "further procedures"
    """The half of a further procedure of the day, which the contract pays whole."""
    PLACE = "place"
    """By the other place: as in a facility what was done in the office or at home."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A simulated payer. Rates are out of 1,000 claims or files, so that no float is needed."""

    name: str
    payer_id: str
    tin: str
    kind: str = "commercial"
    allowed: Mapping[str, Decimal] = field(default_factory=dict)
    """Contracted amount per procedure code and unit; what is not listed is `percent_of_charge`."""
    percent_of_charge: Decimal = Decimal("0.62")
    copay: Decimal = Decimal(0)
    coinsurance: Decimal = Decimal("0.20")
    deductible_per_1000: int = 120
    rejected_per_1000: int = 25
    denied_per_1000: int = 85
    short_paid_per_1000: int = 25
    mispays: Mispays | None = None
    mispaid_per_1000: int = 0
    """How often a claim is paid less by that error."""
    crossover_per_1000: int = 0
    crossover_to: str = ""
    """Name of the payer that claims are passed on to."""
    reversed_per_1000: int = 12
    duplicate_file_per_1000: int = 60
    broken_file_per_1000: int = 20
    """How often a file that does not balance comes before the right one."""
    former_claim_per_1000: int = 40
    """How often a payment explains a claim that the practice's former biller sent."""
    days_to_pay: tuple[int, int] = (9, 18)
    method: str = "ACH"
    sequestration: Decimal = Decimal(0)
    keeps_line_control: bool = True
    drops_modifiers: bool = False
    pays_interest: bool = False
    takes_back_later: bool = False
    """Whether an overpayment stays with the payee at first and is taken from the next payment: PLB WO, both times."""
    takes_back_apart: bool = False
    """Whether what is taken back comes in a remittance of its own, which pays nothing and carries the debt: PLB FB."""

    habit: str = ""
    """How it tells some decisions: `habits.Habit`, by its value."""
    habit_per_1000: int = 25
    capitation: Mapping[str, Decimal] = field(default_factory=dict)
    """What it pays a practice, by its code, for a month of its members (PLB CT)."""
    pays_in_parts: bool = False
    """Whether the first line of a claim is paid at once and the others in a later remittance."""

    def allowed_for(self, code: str, charge: Decimal, units: Decimal) -> Decimal:
        """The contracted amount of a line, to the cent and never above the charge."""
        rate = self.allowed.get(code)
        exact = charge * self.percent_of_charge if rate is None else rate * units
        return min(charge, exact.quantize(CENT))


def fingerprint(claim: Claim) -> str:
    """What tells a claim apart by its content: who, when, what, how much; control numbers differ in every run."""
    codes = ",".join(line.procedure.code for line in claim.lines)
    return f"{claim.subscriber.member_id}:{claim.lines[0].service_on}:{codes}:{claim.charge}:{claim.frequency}"


def dice(*parts: object) -> random.Random:
    """Chance that depends only on what is named, so that the order of events changes nothing."""
    return random.Random(":".join(map(str, parts)))  # a simulation, not a secret
