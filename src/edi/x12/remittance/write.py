"""835 out (005010X221A1): payments, denials, reversals and provider adjustments, as a payer would send them.

A remittance that does not balance at its three levels is refused (`Unwritable`): nobody could post it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from edi.x12.claim.write_parts import procedure
from edi.x12.output import Envelope, SegmentWriter, Unwritable, day, number
from edi.x12.remittance import balance
from edi.x12.remittance.model import (
    ClaimPayment,
    PaymentTerms,
    ProviderAdjustment,
    Remittance,
    RemittanceHeader,
    ServicePayment,
)
from edi.x12.values import ZERO, Adjustment, Amount, Event, Party, Quantity

VERSION = "005010X221A1"
_REASONS_PER_CAS = 6
_ITEMS_PER_PLB = 6


def write_835(remittances: Iterable[Remittance], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each payment."""
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HP", VERSION)
    for remittance in remittances:
        refuse_unbalanced(remittance)
        writer.open_set("835", remittance.header.control)  # the 835 has no ST03
        _write_header(writer, remittance.header)
        for position, (group, claims) in enumerate(groupby(remittance.claims, key=lambda c: c.group), start=1):
            writer.add("LX", group or str(position))
            for claim in claims:
                _write_claim(writer, claim)
        for adjustment in remittance.provider_adjustments:
            _write_provider_adjustment(writer, adjustment)
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def refuse_unbalanced(remittance: Remittance) -> None:
    """Raise Unwritable with the first level that does not balance."""
    paid = ZERO
    for claim in remittance.claims:
        paid += claim.paid
        for line in claim.lines:
            for code, values in balance.of_line(charge=line.charge, adjusted=line.adjusted, paid=line.paid):
                raise Unwritable(f"Claim {claim.control}, {line.procedure.code}: {code}, {_said(values)}.")
        lines = claim.lines
        sums = (
            sum((line.charge for line in lines), ZERO),
            sum((line.paid for line in lines), ZERO),
            sum((line.adjusted for line in lines), ZERO),
        )
        own = sum((a.amount for a in claim.adjustments), ZERO)
        wrong = balance.of_claim(charge=claim.charge, adjusted=own, paid=claim.paid, lines=sums if lines else None)
        for code, values in wrong:
            raise Unwritable(f"Claim {claim.control}: {code}, {_said(values)}.")
    adjusted = sum((item.amount for a in remittance.provider_adjustments for item in a.items), ZERO)
    payment = remittance.header.payment
    for code, values in balance.of_payment(amount=payment.amount, paid=paid, adjusted=adjusted):
        raise Unwritable(f"Payment {remittance.header.trace}: {code}, {_said(values)}.")


def _said(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _write_header(w: SegmentWriter, header: RemittanceHeader) -> None:
    _write_payment(w, header.payment)
    w.add(
        "TRN",
        "1",
        w.required(header.trace, "TRN02"),
        w.required(header.trace_payer, "TRN03"),
        w.code(header.trace_supplement, "TRN04"),
    )
    w.references(header.references)
    if header.production_on is not None:
        w.add("DTM", "405", day(header.production_on))
    _write_n1(w, header.payer)
    _write_n1(w, header.payee)


def _write_payment(w: SegmentWriter, p: PaymentTerms) -> None:
    w.add(
        "BPR",
        p.handling,
        number(p.amount),
        p.credit_debit,
        p.method,
        p.format,
        "01" if p.sender_routing else "",
        w.code(p.sender_routing, "BPR07"),
        "DA" if p.sender_account else "",
        w.code(p.sender_account, "BPR09"),
        w.code(p.originator, "BPR10"),
        w.code(p.originator_supplement, "BPR11"),
        "01" if p.receiver_routing else "",
        w.code(p.receiver_routing, "BPR13"),
        "DA" if p.receiver_account else "",
        w.code(p.receiver_account, "BPR15"),
        w.required(day(p.paid_on), "BPR16, the day of payment,"),
    )


def _write_n1(w: SegmentWriter, party: Party) -> None:
    qualifier = party.id_qualifier if party.id else ""
    w.add("N1", party.role, w.word(party.last, 60), qualifier, w.code(party.id, f"N104 of {party.role}"))
    w.address(party.address)
    w.references(party.references)
    w.contacts(party.contacts)


def _write_claim(w: SegmentWriter, c: ClaimPayment) -> None:
    w.add(
        "CLP",
        w.required(c.control, "CLP01"),
        c.status,
        number(c.charge),
        number(c.paid),
        number(c.patient_responsibility) if c.patient_responsibility else "",
        c.filing_code,
        w.code(c.payer_control, "CLP07"),
        c.facility_code,
        c.frequency,
        "",
        c.drg,
    )
    _write_adjustments(w, c.adjustments)
    for party in c.parties:
        w.nm1(party)
    for raw in (c.inpatient, c.outpatient):
        if raw:
            w.add(*(w.code(element, raw[0]) for element in raw))
    w.references(c.references)
    _write_events(w, c.dates)
    _write_amounts(w, c.amounts, c.quantities)
    for line in c.lines:
        _write_line(w, line)


def _write_line(w: SegmentWriter, line: ServicePayment) -> None:
    w.add(
        "SVC",
        procedure(w, line.procedure),
        number(line.charge),
        number(line.paid),
        line.revenue_code,
        number(line.units) if line.units is not None else "",
        procedure(w, line.submitted) if line.submitted else "",
        number(line.submitted_units) if line.submitted_units is not None else "",
    )
    _write_events(w, line.dates)
    _write_adjustments(w, line.adjustments)
    w.references(line.references)
    _write_amounts(w, line.amounts, line.quantities)
    for remark in line.remarks:
        w.add("LQ", "HE", w.code(remark, "LQ02"))


def _write_adjustments(w: SegmentWriter, adjustments: tuple[Adjustment, ...]) -> None:
    """Neighbours of one group share a CAS, up to six; their order is kept."""
    for group, members in groupby(adjustments, key=lambda a: a.group):
        reasons = list(members)
        for at in range(0, len(reasons), _REASONS_PER_CAS):
            triples: list[str] = []
            for r in reasons[at : at + _REASONS_PER_CAS]:
                triples += (r.reason, number(r.amount), number(r.quantity) if r.quantity is not None else "")
            w.add("CAS", group, *triples)


def _write_events(w: SegmentWriter, events: tuple[Event, ...]) -> None:
    for event in events:
        w.add("DTM", event.qualifier, day(event.on) or w.code(event.text, "DTM02"))


def _write_amounts(w: SegmentWriter, amounts: tuple[Amount, ...], quantities: tuple[Quantity, ...]) -> None:
    for amount in amounts:
        w.add("AMT", amount.qualifier, number(amount.amount))
    for quantity in quantities:
        w.add("QTY", quantity.qualifier, number(quantity.quantity))


def _write_provider_adjustment(w: SegmentWriter, adjustment: ProviderAdjustment) -> None:
    """As many PLB segments as six pairs each need."""
    if not adjustment.items:
        raise Unwritable(f"The provider adjustment of {adjustment.provider} has no amounts.")
    for at in range(0, len(adjustment.items), _ITEMS_PER_PLB):
        pairs: list[str] = []
        for item in adjustment.items[at : at + _ITEMS_PER_PLB]:
            pairs += (w.composite(item.code, w.code(item.reference, "PLB reference")), number(item.amount))
        w.add("PLB", w.required(adjustment.provider, "PLB01"), day(adjustment.fiscal_on), *pairs)
