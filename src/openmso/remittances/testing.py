"""Builders of 835 files for tests of this and of higher apps: a payer's side, written by our own codec.

paid = claim("CLM-7K2P9M4X", line("99213", "125.00", paid="80.00", reasons=["CO 45 25.00", "PR 3 20.00"]))
content = file_of(remittance(paid, payee=house.biller, trace="EFT-1", paid_on=date(2026, 3, 12)))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from edi.x12.output import Envelope
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
from edi.x12.remittance.write import write_835
from edi.x12.values import Address, Contact, Event, Party, Procedure, Reference
from openmso.parties.contracts import BillingProvider

ZERO = Decimal(0)
AT = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
PAYER_TIN = "1987654321"


def reason(text: str) -> Adjustment:
    """An adjustment from `CO 45 25.00`."""
    group, code, amount = text.split()
    return Adjustment(group, code, Decimal(amount))


def line(
    code: str,
    charge: str,
    *,
    paid: str = "0",
    reasons: Iterable[str] = (),
    control: str = "",
    on: date = date(2026, 3, 2),
    modifiers: Sequence[str] = (),
    submitted: str = "",
) -> ServicePayment:
    """A service line as adjudicated; `submitted` is the code that was billed where the payer changed it."""
    return ServicePayment(
        Procedure("HC", code, tuple(modifiers)), Decimal(charge), Decimal(paid), units=Decimal(1),
        submitted=Procedure("HC", submitted) if submitted else None, dates=(Event("472", on),),
        adjustments=tuple(map(reason, reasons)), references=(Reference("6R", control),) if control else (),
    )  # fmt: skip


def claim(
    control: str,
    *lines: ServicePayment,
    status: str = "1",
    payer_control: str = "ICN1",
    reasons: Iterable[str] = (),
    charge: str = "",
    paid: str = "",
    patient: tuple[str, str] = ("OKAFOR", "DANIEL"),
) -> ClaimPayment:
    """A claim as adjudicated; charge and payment are those of its lines, less reasons of the claim level."""
    own = tuple(map(reason, reasons))
    charged = Decimal(charge) if charge else sum((one.charge for one in lines), ZERO)
    taken = sum((one.amount for one in own), ZERO)
    amount = Decimal(paid) if paid else sum((one.paid for one in lines), ZERO) - taken
    every = [*own, *(one for each in lines for one in each.adjustments)]
    return ClaimPayment(
        control, status, charged, amount,
        patient_responsibility=sum((one.amount for one in every if one.group == "PR"), ZERO), filing_code="12",
        payer_control=payer_control, facility_code="11", frequency="1",
        parties=(Party("QC", *patient, is_person=True, id_qualifier="MI", id="W123456789"),), adjustments=own,
        lines=lines, group="1",
    )  # fmt: skip


def reversal(of: ClaimPayment) -> ClaimPayment:
    """The same claim taken back: every amount negated under its own group, CLP02 22 (TR3 1.10.2.8)."""
    return replace(
        of, status="22", charge=-of.charge, paid=-of.paid, patient_responsibility=-of.patient_responsibility,
        adjustments=tuple(replace(one, amount=-one.amount) for one in of.adjustments),
        lines=tuple(
            replace(
                one, charge=-one.charge, paid=-one.paid,
                adjustments=tuple(replace(each, amount=-each.amount) for each in one.adjustments),
            )
            for one in of.lines
        ),
    )  # fmt: skip


def remittance(
    *claims: ClaimPayment,
    payee: BillingProvider,
    trace: str = "EFT-1",
    paid_on: date = date(2026, 3, 12),
    provider: Iterable[tuple[str, str, str]] = (),
    payer: str = "60054",
    control: str = "0001",
    method: str = "ACH",
) -> Remittance:
    """A payment of a payer, if it pays; `provider` are PLB items: code, reference, amount (positive takes)."""
    items = tuple(ProviderAdjustmentItem(code, reference, Decimal(amount)) for code, reference, amount in provider)
    amount = sum((one.paid for one in claims), ZERO) - sum((item.amount for item in items), ZERO)
    terms = PaymentTerms(
        amount, method=method if amount else "NON", handling="I" if amount else "H", paid_on=paid_on,
        format="CCP" if amount and method == "ACH" else "", originator=PAYER_TIN,
    )  # fmt: skip
    where = Address("1 Main Street", "", "Augusta", "ME", "043300000")
    header = RemittanceHeader(
        control, terms, trace,
        Party("PR", "ATLANTIC SHIELD", id_qualifier="XV", id=payer, address=where,
              contacts=(Contact("BL", "EDI", (("TE", "2075550100"),)),)),
        Party("PE", payee.name, id_qualifier="XX", id=payee.npi, references=(Reference("TJ", payee.tin),)),
        trace_payer=PAYER_TIN, production_on=paid_on,
    )  # fmt: skip
    adjustments = (ProviderAdjustment(payee.npi, date(paid_on.year, 12, 31), items),) if items else ()
    return Remittance(header, claims, adjustments)


def file_of(*remittances: Remittance, number: int = 1, at: datetime = AT) -> bytes:
    """A file of these payments; `number` is its interchange control number."""
    return write_835(remittances, Envelope(sender="SHIELD", receiver="MSO001", control=number, group_control=1, at=at))
