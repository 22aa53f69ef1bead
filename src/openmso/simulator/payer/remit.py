"""The payer's cheque run: what is due to one payee on one day becomes an 835 and a line at the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from edi.x12.output import Envelope
from edi.x12.remittance.model import (
    ClaimPayment,
    PaymentTerms,
    ProviderAdjustment,
    ProviderAdjustmentItem,
    Remittance,
    RemittanceHeader,
)
from edi.x12.remittance.write import write_835
from edi.x12.values import Address, Contact, Party, Reference
from openmso.simulator.payer.profile import Profile

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom the payer pays: name, NPI, TIN, where."""

    name: str
    npi: str
    tin: str
    address: Address


@dataclass(frozen=True, slots=True)
class Cheque:
    """One payment: the 835, and what the bank will show for it."""

    content: bytes
    remittance: Remittance
    amount: Decimal
    trace: str
    paid_on: date
    method: str
    carried: Decimal
    """What the payee still owes the payer after this payment; taken from the next one."""


def remit(
    payments: Sequence[ClaimPayment],
    payer: Profile,
    payee: Payee,
    *,
    to: str,
    paid_on: date,
    at: datetime,
    number: int,
    owed: Decimal = ZERO,
    owed_since: str = "",
    interest: Decimal = ZERO,
    takebacks: Sequence[ProviderAdjustmentItem] = (),
) -> Cheque:
    """Pay what is due, less what the payee owes from before; a payment is never below zero.

    What cannot be taken now is carried forward (PLB FB) under this payment's trace, and taken by the next one:
    `owed` is that money, `owed_since` the trace it was carried from. `takebacks` are overpayments that are left with
    the payee now (negative), or taken now after they were left (positive).
    """
    trace = f"{payer.payer_id}{paid_on:%y%m%d}{number:05d}"
    due = sum((payment.paid for payment in payments), ZERO) + interest - owed
    due -= sum((item.amount for item in takebacks), ZERO)
    items = list(takebacks)
    if interest:
        items.append(ProviderAdjustmentItem("L6", "INTEREST", -interest))
    if owed:
        items.append(ProviderAdjustmentItem("FB", owed_since, owed))
    if due < 0:
        items.append(ProviderAdjustmentItem("FB", trace, due))
    amount = max(due, ZERO)
    method = payer.method if amount else "NON"
    remittance = Remittance(
        header=_header(payer, payee, amount=amount, method=method, trace=trace, paid_on=paid_on),
        claims=tuple(payments),
        provider_adjustments=(ProviderAdjustment(payee.npi, date(paid_on.year, 12, 31), tuple(items)),)
        if items
        else (),
    )
    envelope = Envelope(sender=payer.payer_id, receiver=to, control=number, group_control=number, at=at)
    content = write_835([remittance], envelope)
    return Cheque(content, remittance, amount, trace, paid_on, method, max(-due, ZERO))


def _header(
    payer: Profile, payee: Payee, *, amount: Decimal, method: str, trace: str, paid_on: date
) -> RemittanceHeader:
    electronic = method == "ACH"
    return RemittanceHeader(
        control="0001",
        payment=PaymentTerms(
            amount=amount,
            method=method,
            paid_on=paid_on,
            handling="I" if amount else "H",
            format="CCP" if electronic else "",
            sender_routing="071000013" if electronic else "",
            sender_account=payer.tin if electronic else "",
            originator=f"1{payer.tin}" if electronic else "",
            receiver_routing="011000015" if electronic else "",
            receiver_account=payee.tin if electronic else "",
        ),
        trace=trace,
        trace_payer=f"1{payer.tin}",
        production_on=paid_on,
        payer=Party(
            "PR",
            payer.name,
            id_qualifier="XV",
            id=payer.payer_id,
            address=Address("1 Payer Plaza", "", "Columbus", "OH", "43215"),
            contacts=(Contact("BL", "PROVIDER SERVICES", (("TE", "8005550100"),)),),
        ),
        payee=Party(
            "PE",
            payee.name,
            id_qualifier="XX",
            id=payee.npi,
            address=payee.address,
            references=(Reference("TJ", payee.tin),),
        ),
    )
