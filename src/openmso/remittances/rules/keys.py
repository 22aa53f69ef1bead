"""What makes a remittance itself, whatever file it comes in.

Payers send a remittance again under another name, with another interchange control number, or beside others. The
payment it explains is the same: payer, trace number, day, amount and payee.
"""

from __future__ import annotations

import hashlib
from datetime import date

from edi.x12.remittance.model import RemittanceHeader


def payer_key(header: RemittanceHeader) -> str:
    """The payer as its 835 names it: the health plan id, else an id it gives itself, else TRN03, else its name."""
    payer = header.payer
    return payer.id or payer.reference("2U", "NF", "HI", "EO") or header.trace_payer or payer.last.upper()


def trace_key(header: RemittanceHeader) -> tuple[str, str, date | None]:
    """Payer, trace number and day: what the parts of a payment still share when its file was split on its way."""
    return payer_key(header), header.trace, header.payment.paid_on


def business_key(header: RemittanceHeader, claims_digest: str) -> str:
    """A digest of the payment. One that moves no money has no trace worth the name: its claims stand in for it."""
    payment = header.payment
    parts = [
        payer_key(header),
        header.trace,
        str(payment.paid_on or ""),
        f"{payment.amount:.2f}",
        header.payee.npi or header.payee_tin or header.payee.last.upper(),
    ]
    if not payment.amount:
        parts.append(claims_digest)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
