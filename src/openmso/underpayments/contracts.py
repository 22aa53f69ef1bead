"""What leaves underpayments: short-paid lines, disputes, permissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openmso.contracting.contracts import how_it_pays
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import Kind
from openmso.underpayments.states import Cause, Proposed, S

_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("underpayments.read", "see what payers paid short", line="payment_posting", classes=_PHI)
WORK = Permission("underpayments.work", "dispute or accept what payers paid short", line="payment_posting",
                  classes=_PHI)  # fmt: skip
RULES = Permission("underpayments.rules", "write the rules that propose what is done where payments differ")
PERMISSIONS: Iterable[Permission] = (READ, WORK, RULES)
PURPOSES = (Purpose("underpayments.packet", "Dispute packet", READ.code),)
KINDS = (
    Kind(
        "underpayments.short_paid",
        "Paid short",
        WORK.code,
        "payment_posting",
        "claims:claim",
        ranked="By the dollars that are missing, up to a thousand",
    ),
    *(
        Kind(
            code, words, permission, line, "underpayments:difference",
            ranked="By the dollars that they are about, up to a thousand",
        )
        for code, words, permission, line in (
            ("underpayments.for_posting", "Payment to look into", WORK.code, "payment_posting"),
            ("underpayments.for_denials", "Denial with a proposal", "denials.work", "denials"),
            ("underpayments.for_patients", "Patient's share to look into", "billing.collect", "patient_billing"),
        )
    ),
)  # fmt: skip
SENTENCES = {
    "underpayments.disputed": "{actor} disputed {count:line} with {payer}, {amount} in all, as {subject}",
    "underpayments.rule_written": "{actor} wrote version {number} of the posting rule {subject}",
    "underpayments.proposal_decided": "{actor} {decided} what the posting rule {rule} proposed for {subject}",
    "underpayments.accepted": "{actor} accepted what was paid on {subject}",
}


class About(Status):
    """In what a payment differs from what was expected, and so what a rule of posting speaks about."""

    SHORT = "short", "Paid short", Tone.WARN
    OVERPAID = "overpaid", "Paid above the contract", Tone.WARN
    TAKEN_BACK = "taken_back", "Taken back, original unknown", Tone.BAD
    INTEREST = "interest", "Interest", Tone.INFO
    UNMATCHED = "unmatched", "Fits no claim", Tone.WARN
    RECODED = "recoded", "Recoded by the payer", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    PATIENT = "patient", "Patient's share unlike benefits", Tone.WARN


class Owner(Status):
    """Whose work a proposal becomes when it is taken."""

    POSTING = "posting", "Payment posting"
    DENIALS = "denials", "Denials"
    PATIENTS = "patients", "Patient billing"


class Treatment(Status):
    """What a rule of posting proposes."""

    ACCEPT = "accept", "Accept as paid"
    DISPUTE = "dispute", "Dispute it"
    ASK = "ask", "Ask the payer"
    CHECK = "check", "Look into it"
    CORRECT = "correct", "Correct and send again"
    APPEAL = "appeal", "Appeal it"
    RETURN = "return", "Return what is too much"
    PATIENT = "patient", "Set the patient's share right"


OF_SHORT = frozenset({Treatment.ACCEPT, Treatment.DISPUTE, Treatment.ASK})
"""What may be proposed for a line that was paid short; every other difference takes what is no word of these two:
accept and dispute, which are moves of such a line."""


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that was paid short. What is missing now is `short`; `recovered` came later."""

    public_id: str
    practice: int
    practice_name: str
    claim: str
    line: int
    code: str
    service_on: date
    payer_id: int
    payer: str
    expected: Money
    allowed: Money
    short: Money
    recovered: Money
    cause: Cause
    state: S
    source: str
    term: str
    payment: str
    reasons: tuple[str, ...]
    found_on: date
    why: str
    dispute: str

    @property
    def pays(self) -> str:
        """How the term pays that expects more, in words."""
        return how_it_pays(self.term)

    @property
    def contract(self) -> str:
        """The contract that expects more."""
        return self.source.partition("/")[0]

    @property
    def version(self) -> int:
        """Its version."""
        return int(self.source.partition("/")[2])


class By(StrEnum):
    """By what a repricing is told."""

    CODE = "code"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one payer allowed for a code beside what its contract led to expect, over lines that it paid.

    `missing` is what stands as paid short now, on `short` of the lines.
    """

    code: str
    lines: int
    expected: Money
    allowed: Money
    short: int
    missing: Money

    @property
    def difference(self) -> Money:
        """What was allowed more than expected, or less."""
        return self.allowed - self.expected


@dataclass(frozen=True, slots=True)
class Repriced:
    """Lines of a code or clinician under proposed terms.

    `current` and `proposed` are sums over the lines for which both the terms of then and the proposed ones tell an
    amount; `untold` lines have only one of them, or none.
    """

    name: str
    lines: int
    untold: int
    charged: Money
    current: Money
    proposed: Money

    @property
    def difference(self) -> Money:
        """What the proposal would bring more, or less."""
        return self.proposed - self.current


@dataclass(frozen=True, slots=True)
class Repricing:
    """What claims from a day to before another would have brought under a version of a contract, a draft's too."""

    contract: str
    payer: str
    practice: int
    version: int
    is_draft: bool
    since: date
    until: date
    total: Repriced
    allowed: Money
    """What payers have allowed so far, of all the lines."""
    by: Mapping[By, tuple[Repriced, ...]]
    """The largest difference first."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What was sent to a payer about lines it paid short: how many, what was missing, and the packet."""

    public_id: str
    practice: int
    payer: str
    lines: int
    amount: Money
    document: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a version of a posting rule says. `when` is JSON over the properties of a difference of its kind."""

    code: str
    title: str
    payer_id: int | None
    when: Mapping[str, Any]
    treatment: Treatment
    words: str
    starts_on: date
    why: str
    withdrawn: bool = False
    about: About = About.SHORT
    owner: Owner = Owner.POSTING


@dataclass(frozen=True, slots=True)
class Sum:
    """How many proposals, and what was missing on their lines when they were made."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A version of a posting rule, and what all versions of it came to in the practices of the reader."""

    code: str
    number: int
    title: str
    payer: str
    """Public id; empty for a rule about every payer."""
    payer_name: str
    when: Mapping[str, Any]
    when_words: str
    about: About
    owner: Owner
    treatment: Treatment
    words: str
    starts_on: date
    withdrawn: bool
    holds: bool
    """Whether it is the version in force."""
    why: str
    at: datetime
    by: str
    waits: Sum
    taken: Sum
    declined: Sum
    lapsed: Sum


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What a rule proposes; `subject` is the public id of the line that was paid short, or of the difference."""

    subject: str
    about: About
    claim: str
    line: int
    code: str
    payer: str
    practice: int
    practice_name: str
    owner: Owner
    rule: str
    number: int
    title: str
    treatment: Treatment
    words: str
    amount: Money
    state: Proposed
    proposed_at: datetime
    decided_by: str
    why: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A payment that differs from what was expected in another way than paid short, and what a rule proposes for it."""

    public_id: str
    practice: int
    practice_name: str
    about: About
    words: str
    source: str
    """Public id of the claim payment, or of the adjustment beside claims."""
    claim: str
    line: int
    code: str
    service_on: date | None
    payer: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    expected: Money | None
    amount: Money
    found_on: date
    gone_on: date | None
    proposal: ProposalRow | None = None
    """The latest."""

    @property
    def proposed(self) -> str:
        """What is proposed, in words."""
        return self.proposal.treatment.label if self.proposal else ""
