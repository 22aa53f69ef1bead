"""A paper as it is typed: whether it adds up, in words, and the 835 that says the same.

The balance law is that of every 835 (TR3 1.10.2): of a line, charge less adjustments is what was paid; of a payment,
the claims less what was taken from the practice as a whole is the amount of the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from edi.x12.remittance.model import (
    Adjustment,
    ClaimPayment,
    PaymentTerms,
    ProviderAdjustment,
    ProviderAdjustmentItem,
    Remittance,
    RemittanceHeader,
    ServicePayment,
)
from edi.x12.values import Event, Party, Procedure, Reference
from openmso.remittances.rules.reasons import words_of

ZERO = Decimal("0.00")
GROUPS = ("CO", "PR", "OA", "PI")
REASON = re.compile(r"(CO|PR|OA|PI)[ -]?([A-Z]?\d{1,3}) *:? *(-?\d{1,9}(?:\.\d{1,2})?)", re.ASCII)
STATUSES = {
    "1": "Processed as primary", "2": "Processed as secondary", "3": "Processed as tertiary",
    "19": "Primary, sent on to the next payer", "20": "Secondary, sent on", "21": "Tertiary, sent on",
}  # fmt: skip
"""CLP02 that a paper can say."""

LACKS_ADDRESS = ("The payer's street, city, state and ZIP code (N3 and N4, which every 835 says of its payer).",)

Triple = tuple[str, str, Decimal]
"""Group, reason, amount."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What a paper says of one line: what was paid, and why not all. Charge and code are those of the claim."""

    number: int
    control: str
    code: str
    modifiers: tuple[str, ...]
    service_on: date
    charge: Decimal
    paid: Decimal
    reasons: tuple[Triple, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def left(self) -> Decimal:
        """What of the charge is neither paid nor explained yet."""
        return self.charge - self.paid - sum((amount for _, _, amount in self.reasons), ZERO)


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """What a paper says of one claim."""

    claim: str
    control: str
    patient: tuple[str, str]
    status: str
    payer_control: str
    lines: tuple[TypedLine, ...]

    @property
    def paid(self) -> Decimal:
        return sum((line.paid for line in self.lines), ZERO)

    @property
    def left(self) -> Decimal:
        """What of the charges is not explained; lines that are over and under do not cancel out."""
        return sum((abs(line.left) for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A claim payment of before that a paper takes back, whole."""

    payment: str
    claim: str
    record: ClaimPayment
    """What is taken back, all signs turned (CLP02 22)."""
    by: str = ""
    """The payment that took it back already."""

    @property
    def paid(self) -> Decimal:
        return self.record.paid


@dataclass(frozen=True, slots=True)
class Paper:
    """A payment as its paper tells it."""

    method: str
    trace: str
    paid_on: date
    amount: Decimal
    claims: tuple[TypedClaim, ...]
    provider: tuple[Triple, ...] = ()
    """PLB items: code, reference, amount; positive takes money from the check."""
    taken_back: tuple[TakenBack, ...] = ()

    @property
    def left(self) -> Decimal:
        """What of the check is on no claim yet; negative when the claims come to more."""
        taken = sum((amount for _, _, amount in self.provider), ZERO)
        back = sum((one.paid for one in self.taken_back), ZERO)
        return self.amount - sum((claim.paid for claim in self.claims), ZERO) - back + taken


def wrong(paper: Paper) -> Iterator[str]:
    """Everything that keeps a paper from being posted, in words."""
    if not paper.claims and not paper.taken_back:
        yield "It speaks of no claim yet."
    for one in paper.taken_back:
        if one.by:
            yield f"{one.payment} is taken back already, by {one.by}."
    for claim in paper.claims:
        for line in claim.lines:
            if line.left:
                yield (
                    f"{claim.claim}, line {line.number}: {abs(line.left)} of {line.charge} "
                    f"{'is not explained' if line.left > 0 else 'is explained or paid too much'}."
                )
    if paper.left > 0:
        back = " and of what is taken back" if paper.taken_back else ""
        yield f"{paper.left} of the payment of {paper.amount}{back} is on no claim yet."
    if paper.left < 0:
        yield f"The claims come to {-paper.left} more than the payment of {paper.amount}."


def read_reasons(text: str) -> tuple[Triple, ...]:
    """Reasons as people write them: `CO 97 12.00; OA-23 5`. Raises `ValueError` with what is not understood."""
    found: list[Triple] = []
    for piece in re.split(r"[;,\n]", text.upper()):
        if not piece.strip():
            continue
        match = REASON.fullmatch(piece.strip())
        if match is None:
            raise ValueError(f"{piece.strip()[:30]} is no reason; write group, code and amount, such as CO 97 12.00.")
        found.append((match[1], match[2], Decimal(match[3])))
    return tuple(found)


def said(reasons: Iterable[Triple]) -> str:
    """The same, written out with our words for each reason."""
    return "; ".join(f"{group} {reason} {amount} ({words_of(reason)})" for group, reason, amount in reasons)


FILINGS = frozenset("12 13 14 15 16 17 AM CH DS HM LM MA MB MC OF TV VA WC ZZ".split())
"""CLP06: the kinds of payer that an 835 knows; ZZ is any other."""


def remittance_of(paper: Paper, *, payer: Party, payee: Party, reference: str, filing: str = "ZZ") -> Remittance:
    """The 835 transaction that says what the paper says; `reference` is its set control number, `filing` SBR09.

    TRN03 has ten characters: 9 and a number of one's own, where the payer's TIN is not known.
    """
    terms = PaymentTerms(
        paper.amount, method=paper.method, handling="I" if paper.amount else "H", paid_on=paper.paid_on,
        format="CCP" if paper.method == "ACH" else "",
    )  # fmt: skip
    header = RemittanceHeader(
        reference, terms, paper.trace, payer, payee, trace_payer=f"9{payer.id:0>9}", production_on=paper.paid_on
    )
    items = tuple(ProviderAdjustmentItem(code, name, amount) for code, name, amount in paper.provider)
    whole = (ProviderAdjustment(payee.npi, date(paper.paid_on.year, 12, 31), items),) if items else ()
    kind = filing if filing in FILINGS else "ZZ"
    claims = (*(one.record for one in paper.taken_back), *(_claim(one, kind) for one in paper.claims))
    return Remittance(header, claims, whole)


def _claim(claim: TypedClaim, filing: str) -> ClaimPayment:
    share = (amount for line in claim.lines for group, _, amount in line.reasons if group == "PR")
    return ClaimPayment(
        claim.control, claim.status, sum((line.charge for line in claim.lines), ZERO), claim.paid,
        patient_responsibility=sum(share, ZERO), filing_code=filing, payer_control=claim.payer_control, frequency="1",
        group="1",
        parties=(Party("QC", *claim.patient, is_person=True),), lines=tuple(map(_line, claim.lines)),
    )  # fmt: skip


def _line(line: TypedLine) -> ServicePayment:
    return ServicePayment(
        Procedure("HC", line.code, line.modifiers), line.charge, line.paid, dates=(Event("472", line.service_on),),
        adjustments=tuple(Adjustment(group, reason, amount) for group, reason, amount in line.reasons if amount),
        references=(Reference("6R", line.control),), remarks=line.remarks,
    )  # fmt: skip


def plain(lines: Sequence[TypedLine]) -> list[dict[str, Any]]:
    """Lines as they are kept."""
    return [
        {"number": one.number, "paid": str(one.paid), "remarks": list(one.remarks),
         "reasons": [[group, reason, str(amount)] for group, reason, amount in one.reasons]}
        for one in lines
    ]  # fmt: skip


def triples(kept: Iterable[Sequence[str]]) -> tuple[Triple, ...]:
    """Reasons or PLB items as they were kept."""
    return tuple((first, second, Decimal(amount)) for first, second, amount in kept)


def typed(kept: Mapping[str, Any], line: Any) -> TypedLine:
    """A line as it was kept, with what the claim says of it (`claims.contracts.LineKey`)."""
    return TypedLine(
        line.number, line.line_control, line.code, line.modifiers, line.service_on, line.amount.amount,
        Decimal(kept.get("paid", "0.00")), triples(kept.get("reasons", ())), tuple(kept.get("remarks", ())),
    )  # fmt: skip
