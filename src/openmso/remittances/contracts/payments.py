"""What payers decided: claim payments, their lines, and adjustments beside claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.kit.money import Money
from openmso.remittances.contracts.standing import Effect, Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim adjustment reason code (CARC): our category, whether it denies, our words, and what comes first.

    `owner` is the queue of those who answer it, `action` what they do first, `stage` where it could have been
    prevented (empty: not by us).
    """

    code: str
    category: str
    is_denial: bool
    words: str
    owner: str
    action: str
    stage: str


@dataclass(frozen=True, slots=True)
class DeniedLine:
    """A line of a claim payment (number 0: the claim itself) of which a payer left money open, and why it did."""

    payment: int
    payment_name: str
    remittance: str
    claim: int
    claim_line: int | None
    number: int
    payer: int | None
    payer_name: str
    payer_rank: int
    answered_on: date
    """The day that the payer's clocks count from: of the payment, else the accounting day."""
    service_on: date | None
    code: str
    modifiers: str
    charge: Money
    paid: Money
    denied: Money
    remarks: tuple[str, ...]
    reasons: tuple[AdjustmentRow, ...]
    """Those that leave money open, the largest first."""
    claim_charge: Money
    is_whole_claim: bool
    """The payer paid nothing of the claim."""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A claim payment as lists show it."""

    id: int
    public_id: str
    practice: int
    remittance: str
    payer_name: str
    paid_on: date | None
    control: str
    payer_control: str
    claim: str
    """Public id of the claim, or empty while unmatched."""
    patient: str
    service_on: date | None
    charge: Money
    contractual: Money
    other: Money
    patient_share: Money
    denied: Money
    prior: Money
    paid: Money
    outcome: Outcome
    forwarded: bool
    document: str
    span: tuple[int, int]

    @property
    def is_matched(self) -> bool:
        """Whether it was posted to a claim."""
        return bool(self.claim)


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One reason of a CAS, with our words."""

    group: str
    reason: str
    words: str
    amount: Money
    effect: Effect


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service line as adjudicated."""

    number: int
    claim_line: int | None
    """Number of our claim line, where one was found."""
    code: str
    modifiers: str
    submitted_code: str
    service_on: date | None
    units: Decimal | None
    charge: Money
    allowed: Money | None
    contractual: Money
    other: Money
    patient_share: Money
    denied: Money
    prior: Money
    paid: Money
    remarks: str
    adjustments: tuple[AdjustmentRow, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Payment:
    """A claim payment with its lines and reasons."""

    row: PaymentRow
    lines: tuple[ServiceRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    """Of the claim level."""
    remarks: str
    applied_at: datetime | None
    applied_by: str
    why: str


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentRow:
    """Money of a remittance that is about no claim of it (PLB); positive takes from the payment."""

    public_id: str
    practice: int
    remittance: str
    code: str
    words: str
    reference: str
    amount: Money
    """As the file says it."""
    account: str
    span: tuple[int, int]

    @property
    def taken(self) -> Money:
        """With the sign it has for us: what is taken is negative."""
        return -self.amount


@dataclass(frozen=True, slots=True)
class PaymentMeasure:
    """One claim payment as it was applied; amounts of a reversal are negative. Days are accounting days."""

    claim: int
    applied_on: date
    rank: int
    outcome: Outcome
    is_reversal: bool
    is_duplicate: bool
    """The payer had the claim already and judged nothing."""
    paid: Decimal
    contractual: Decimal
    other: Decimal
    denied: Decimal


@dataclass(frozen=True, slots=True)
class Unusual:
    """Something in a remittance that is more than a line paid or denied: a take-back, interest, a code of the payer's.

    `source` is the public id of the claim payment, or of the adjustment beside claims; `line` 0 is the claim itself.
    """

    source: str
    payer: int | None
    payer_name: str
    amount: Money
    claim: int | None = None
    line: int = 0
    code: str = ""
    submitted: str = ""
    """What we billed, where the payer judged another code."""
    service_on: date | None = None
    reasons: tuple[str, ...] = ()
    """Group and reason as the payer wrote them: `CO-45`."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientPart:
    """What a first payer says that the patient of a claim owes: deductible (1), coinsurance (2), copay (3), and all."""

    source: str
    payer: int | None
    payer_name: str
    claim: int
    deductible: Money
    coinsurance: Money
    copay: Money
    owed: Money
    service_on: date | None


@dataclass(frozen=True, slots=True)
class PayerAnswer:
    """How a payer finds an answer it gave: our number and its own, the patient as it named them, trace, day, payee."""

    control: str
    payer_control: str
    patient: str
    member_id: str
    trace: str
    paid_on: date | None
    payee_npi: str
    payee_tin: str


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A claim line as the first payer's decisions stand together: what it paid, left to the patient and denied.

    `kept` is what it kept of its payment by sequestration, `interest` what it added for paying late. What it decided
    of the claim as a whole, or of lines that are none of ours, is shared out among the lines it can be about.
    `payment` and `reasons` (`CO-45`) are the latest that is no reversal; `is_recoded` says that the payer judged
    another code than was billed.
    """

    claim_id: int
    claim: str
    line_id: int
    line: int
    payment: str
    paid: Money
    patient: Money
    denied: Money
    kept: Money
    interest: Money
    reasons: frozenset[str]
    is_recoded: bool

    @property
    def allowed(self) -> Money:
        """What it allowed: paid, the patient's share, and what it kept; interest is paid beside it."""
        return self.paid + self.patient + self.kept - self.interest
