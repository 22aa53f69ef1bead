"""What other payers decided, while the segments of their 2320, 2330 and 2430 come in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.x12.claim.model import LineAdjudication, OtherCoverage, Payer
from edi.x12.parties import OpenParty
from edi.x12.values import (
    ZERO,
    Adjustment,
    Amount,
    RawSegment,
    event,
    reference,
    to_decimal,
    to_event,
    to_procedure,
)

EMPTY = [""] * 20
_ONE = Decimal(1)


def adjustments_of(elements: list[str]) -> list[Adjustment]:
    """The reasons of a CAS; one without a readable amount is left out."""
    e = elements + EMPTY
    found = []
    for at in range(2, len(elements), 3):
        amount = to_decimal(e[at + 1])
        if amount is not None:
            found.append(Adjustment(e[1], e[at], amount, to_decimal(e[at + 2])))
    return found


class OpenAdjudication:
    """2430 in the making."""

    def __init__(self, elements: list[str]) -> None:
        self.elements = elements + EMPTY
        self.adjustments: list[Adjustment] = []
        self.paid_on: date | None = None
        self.remaining: Decimal | None = None

    def take(self, elements: list[str]) -> bool:
        e = elements + EMPTY
        match e[0]:
            case "CAS":
                self.adjustments += adjustments_of(elements)
            case "DTP":
                self.paid_on = to_event(e[1], e[3]).on
            case "AMT" if e[1] == "EAF":
                self.remaining = to_decimal(e[2])
            case _:
                return False
        return True

    def build(self, component: str) -> LineAdjudication:
        e = self.elements
        return LineAdjudication(
            payer_id=e[1],
            paid=to_decimal(e[2]) or ZERO,
            procedure=to_procedure(e[3], component),
            units=to_decimal(e[5]) or _ONE,
            adjustments=tuple(self.adjustments),
            paid_on=self.paid_on,
            remaining=self.remaining,
            revenue_code=e[4],
            bundled_into=e[6],
        )


class OpenCoverage:
    """2320 in the making."""

    def __init__(self, elements: list[str]) -> None:
        self.sbr = elements + EMPTY
        self.oi = EMPTY
        self.adjustments: list[Adjustment] = []
        self.amounts: list[Amount] = []
        self.inpatient: RawSegment = ()
        self.outpatient: RawSegment = ()
        self.subscriber: OpenParty | None = None
        self.payer: OpenParty | None = None
        self.providers: list[OpenParty] = []
        self.other: list[RawSegment] = []

    def take(self, elements: list[str]) -> None:
        e = elements + EMPTY
        match e[0]:
            case "CAS":
                self.adjustments += adjustments_of(elements)
            case "AMT" if (amount := to_decimal(e[2])) is not None:
                self.amounts.append(Amount(e[1], amount))
            case "OI":
                self.oi = e
            case "MIA":
                self.inpatient = tuple(elements)
            case "MOA":
                self.outpatient = tuple(elements)
            case _:
                self.other.append(tuple(elements))

    def build(self) -> OtherCoverage:
        s, amounts = self.sbr, {a.qualifier: a.amount for a in reversed(self.amounts)}
        payer = self.payer or OpenParty(["NM1", "PR"], "2330B")
        subscriber = self.subscriber or OpenParty(["NM1", "IL"], "2330A")
        paid = event(tuple(payer.events), "573")
        return OtherCoverage(
            payer=payer_of(payer),
            subscriber=subscriber.build(),
            sequence=s[1],
            relationship=s[2],
            group=s[3],
            group_name=s[4],
            insurance_type=s[5],
            filing_code=s[9],
            adjustments=tuple(self.adjustments),
            paid=amounts.get("D"),
            remaining=amounts.get("EAF"),
            noncovered=amounts.get("A8"),
            benefits_assigned=self.oi[3],
            patient_signature=self.oi[4],
            release=self.oi[6],
            outpatient=self.outpatient,
            inpatient=self.inpatient,
            paid_on=paid.on if paid else None,
            claim_control=reference(tuple(payer.references), "F8"),
            providers=tuple(p.build() for p in self.providers),
            other=tuple(self.other),
        )


def payer_of(party: OpenParty) -> Payer:
    built = party.build()
    references = tuple(r for r in built.references if party.loop != "2330B" or r.qualifier != "F8")
    return Payer(built.last, built.id, built.id_qualifier, built.address, references)
