"""What the business reads in an 835, as frozen records.

Every record has its `span`: the segments and the bytes of the file that it was read from, so that any figure can be
opened down to the payer's own words. A record that is built to be written carries no span.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.x12.findings import Finding, blocking
from edi.x12.quick import quick
from edi.x12.values import (
    ZERO,
    Adjustment,
    Amount,
    Event,
    Party,
    Procedure,
    Quantity,
    RawSegment,
    Reference,
    Span,
    amount,
    event,
    reference,
)

__all__ = [
    "Adjustment",
    "ClaimBlock",
    "ClaimPayment",
    "PaymentTerms",
    "ProviderAdjustment",
    "ProviderAdjustmentItem",
    "Remittance",
    "RemittanceHeader",
    "RemittanceTotals",
    "ServicePayment",
]

REVERSAL = "22"
FORWARDED = frozenset({"19", "20", "21", "23"})


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """BPR: how much money moves, how, when, from and to which account."""

    amount: Decimal
    """BPR02, never negative; what the deposit must show."""
    method: str = "ACH"
    """BPR04: ACH, CHK (check), NON (no payment), FWT, BOP."""
    paid_on: date | None = None
    """BPR16: the day of the check or the day the EFT settles."""
    handling: str = "I"
    """BPR01: I remittance with payment, H notification only, C, D, P, U, X."""
    credit_debit: str = "C"
    format: str = ""
    """BPR05: CCP or CTX for ACH."""
    sender_routing: str = ""
    sender_account: str = ""
    originator: str = ""
    """BPR10: the payer's id as it appears in the bank's record."""
    originator_supplement: str = ""
    receiver_routing: str = ""
    receiver_account: str = ""


@dataclass(frozen=True, slots=True)
class RemittanceHeader:
    """All that stands before the first claim of one ST: payment, trace, payer, payee, and the envelope around it."""

    control: str
    """ST02."""
    payment: PaymentTerms
    trace: str
    """TRN02: check or EFT trace number, what the bank line is matched by."""
    payer: Party
    """1000A, N1*PR. `id` is N104; more in `references` (2U, NF, HI, EO)."""
    payee: Party
    """1000B, N1*PE. `npi`, or the tax id: see `payee_tin`."""
    trace_payer: str = ""
    """TRN03: 1 and the payer's TIN."""
    trace_supplement: str = ""
    """TRN04."""
    production_on: date | None = None
    """DTM*405."""
    version: str = "005010X221A1"
    """GS08."""
    interchange_control: str = ""
    group_control: str = ""
    sender: str = ""
    receiver: str = ""
    references: tuple[Reference, ...] = ()
    """Before the payer: REF*EV receiver, REF*F2 version."""
    span: Span | None = None

    @property
    def payee_tin(self) -> str:
        """The payee's tax id, from N1*PE*..*FI or REF*TJ."""
        return self.payee.id if self.payee.id_qualifier == "FI" else self.payee.reference("TJ")


@quick
@dataclass(frozen=True, slots=True)
class ServicePayment:
    """2110: one service line as adjudicated."""

    procedure: Procedure
    """SVC01, the code that was paid."""
    charge: Decimal
    paid: Decimal
    units: Decimal | None = None
    """SVC05, units paid; the standard says 1 when absent."""
    revenue_code: str = ""
    submitted: Procedure | None = None
    """SVC06: the code that was billed, when the payer paid under another one."""
    submitted_units: Decimal | None = None
    dates: tuple[Event, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[str, ...] = ()
    """LQ*HE: remittance advice remark codes."""
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None

    @property
    def line_control(self) -> str:
        """REF*6R: our line control number of the 837, or the empty string."""
        return reference(self.references, "6R")

    @property
    def service_on(self) -> date | None:
        """DTM*472, else the start of the period (DTM*150)."""
        found = event(self.dates, "472", "150")
        return found.on if found else None

    @property
    def service_through(self) -> date | None:
        """DTM*151, else the day of service."""
        found = event(self.dates, "151")
        return found.on if found else self.service_on

    @property
    def allowed(self) -> Decimal | None:
        """AMT*B6."""
        return amount(self.amounts, "B6")

    @property
    def adjusted(self) -> Decimal:
        return sum((a.amount for a in self.adjustments), ZERO)


@quick
@dataclass(frozen=True, slots=True)
class ClaimPayment:
    """2100: one claim as adjudicated, with its lines."""

    control: str
    """CLP01: our claim control number (CLM01), of which the first 20 characters are safe."""
    status: str
    """CLP02: 1/2/3 processed as primary/secondary/tertiary, 4 denied, 19-21 and 23 forwarded, 22 reversal."""
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal = ZERO
    """CLP05."""
    filing_code: str = ""
    """CLP06: 12 PPO, 13 POS, HM, MA, MB, MC ..."""
    payer_control: str = ""
    """CLP07: the payer's claim control number (ICN)."""
    facility_code: str = ""
    frequency: str = ""
    drg: str = ""
    parties: tuple[Party, ...] = ()
    """NM1: QC patient, IL subscriber, 74 corrected, 82 rendering, TT crossover carrier, PR corrected priority payer."""
    adjustments: tuple[Adjustment, ...] = ()
    """CAS of the claim level only; those of the lines are on the lines."""
    inpatient: RawSegment = ()
    """MIA."""
    outpatient: RawSegment = ()
    """MOA."""
    references: tuple[Reference, ...] = ()
    dates: tuple[Event, ...] = ()
    contacts: tuple[RawSegment, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    lines: tuple[ServicePayment, ...] = ()
    group: str = ""
    """LX01 of the 2000 loop that the claim stands in."""
    heading: tuple[RawSegment, ...] = ()
    """TS3 and TS2, on the first claim after them."""
    other: tuple[RawSegment, ...] = ()
    """Segments that the guide has no place for here."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with this claim; its balance above all."""
    span: Span | None = None

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def is_forwarded(self) -> bool:
        """Crossed over by the payer: the next payer must not be billed by us."""
        return self.status in FORWARDED

    @property
    def is_balanced(self) -> bool:
        return not blocking(self.findings)

    def party(self, *roles: str) -> Party | None:
        """The first NM1 in one of the roles."""
        for one in self.parties:
            if one.role in roles:
                return one
        return None

    @property
    def patient(self) -> Party | None:
        return self.party("QC")

    @property
    def rendering(self) -> Party | None:
        return self.party("82")

    @property
    def remarks(self) -> tuple[str, ...]:
        """Claim level remark codes of MIA (05, 20-23) and MOA (03-07)."""
        mia = self.inpatient[5:6] + self.inpatient[20:24]
        return tuple(code for code in mia + self.outpatient[3:8] if code)

    @property
    def adjusted(self) -> Decimal:
        """All adjustments, of the claim and of its lines."""
        own = sum((a.amount for a in self.adjustments), ZERO)
        return own + sum((line.adjusted for line in self.lines), ZERO)

    def amount(self, *qualifiers: str) -> Decimal | None:
        return amount(self.amounts, *qualifiers)

    def reference(self, *qualifiers: str) -> str:
        return reference(self.references, *qualifiers)

    def date(self, *qualifiers: str) -> date | None:
        """Day of the first DTM under one of the qualifiers: 232/233 statement, 050 received, 036 expired."""
        found = event(self.dates, *qualifiers)
        return found.on if found else None


@dataclass(frozen=True, slots=True)
class ClaimBlock:
    """Neighbouring claims that were read together: what they come to, and what their reader made of them."""

    claims: int
    lines: int
    charge: Decimal
    paid: Decimal
    content: object


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentItem:
    """One pair of a PLB: positive takes money from the payment, negative adds to it."""

    code: str
    """WO overpayment recovery, FB forwarding balance, L6 interest, CS, 72, J1 ..."""
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """PLB: money that is not about one claim of this remittance."""

    provider: str
    fiscal_on: date | None
    items: tuple[ProviderAdjustmentItem, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class RemittanceTotals:
    """The end of one ST: its sums, whether it balances, and what is wrong with it outside its claims."""

    control: str
    claims: int
    lines: int
    charge: Decimal
    paid: Decimal
    """Sum of CLP04."""
    provider_adjusted: Decimal
    """Sum of all PLB amounts; paid - provider_adjusted = amount."""
    amount: Decimal | None
    """BPR02; None when there is none to be read."""
    is_balanced: bool
    """All three levels: every line, every claim, and the transaction."""
    findings: tuple[Finding, ...]
    """Of the whole transaction, claims' own included."""
    span: Span


@dataclass(frozen=True, slots=True)
class Remittance:
    """One ST held whole: to be written, or read when it is known to be small."""

    header: RemittanceHeader
    claims: tuple[ClaimPayment, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    totals: RemittanceTotals | None = None
