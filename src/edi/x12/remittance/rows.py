"""An 835 as flat rows, ready for COPY: the bulk way into a staging table.

Rows are numbered from 1 through the file, so that a child names its parent without a database: payment, claim
(within the file), line (within the claim). Amounts are Decimal, days are date; what the file does not say is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.x12.envelope import FileEnd
from edi.x12.remittance.model import (
    ClaimPayment,
    ProviderAdjustment,
    RemittanceHeader,
    RemittanceTotals,
    ServicePayment,
)
from edi.x12.remittance.read import read_835
from edi.x12.tokens import Source
from edi.x12.values import Adjustment, Span

Value = object

COLUMNS: dict[str, tuple[str, ...]] = {
    "payment": (
        "payment_no", "control", "trace", "trace_payer", "amount", "method", "paid_on", "produced_on",
        "payer_name", "payee_npi", "payee_tin", "first_segment", "last_segment", "start_byte", "end_byte",
    ),
    "claim": (
        "payment_no", "claim_no", "control", "status", "charge", "paid", "patient_responsibility", "filing_code",
        "payer_control", "facility_code", "frequency", "patient_last", "patient_first", "member_id",
        "rendering_npi", "is_balanced", "first_segment", "last_segment", "start_byte", "end_byte",
    ),
    "line": (
        "claim_no", "line_no", "qualifier", "code", "modifiers", "submitted_code", "charge", "paid", "units",
        "allowed", "line_control", "service_on", "service_through", "remarks",
        "first_segment", "last_segment", "start_byte", "end_byte",
    ),
    "adjustment": ("claim_no", "line_no", "adjustment_no", "group", "reason", "amount", "quantity"),
    "provider_adjustment": (
        "payment_no", "provider", "fiscal_on", "code", "reference", "amount", "first_segment", "start_byte",
    ),
    "total": (
        "payment_no", "claims", "lines", "charge", "paid", "provider_adjusted", "amount", "is_balanced",
    ),
}  # fmt: skip
"""Table to its columns, in the order of the rows' values."""


class Row(NamedTuple):
    table: str
    values: tuple[Value, ...]


def rows(source: Source) -> Iterator[Row | FileEnd]:
    """The rows of every 835 in the file, parents before children; in the end a FileEnd with the file's findings."""
    payment_no = claim_no = 0
    for record in read_835(source):
        if isinstance(record, ClaimPayment):
            claim_no += 1
            yield from _of_claim(record, payment_no, claim_no)
        elif isinstance(record, RemittanceHeader):
            payment_no += 1
            yield Row("payment", _of_header(record, payment_no))
        elif isinstance(record, ProviderAdjustment):
            span = _place(record.span)
            for item in record.items:
                shared = (record.provider, record.fiscal_on)
                values = (payment_no, *shared, item.code, item.reference, item.amount, span[0], span[2])
                yield Row("provider_adjustment", values)
        elif isinstance(record, RemittanceTotals):
            t = record
            sums = (t.claims, t.lines, t.charge, t.paid, t.provider_adjusted, t.amount, t.is_balanced)
            yield Row("total", (payment_no, *sums))
        else:
            yield record


def _of_header(header: RemittanceHeader, payment_no: int) -> tuple[Value, ...]:
    return (
        payment_no,
        header.control,
        header.trace,
        header.trace_payer,
        header.payment.amount,
        header.payment.method,
        header.payment.paid_on,
        header.production_on,
        header.payer.last,
        header.payee.npi,
        header.payee_tin,
        *_place(header.span),
    )


def _of_claim(claim: ClaimPayment, payment_no: int, claim_no: int) -> Iterator[Row]:
    patient, rendering = claim.patient, claim.rendering
    values = (
        payment_no,
        claim_no,
        claim.control,
        claim.status,
        claim.charge,
        claim.paid,
        claim.patient_responsibility,
        claim.filing_code,
        claim.payer_control,
        claim.facility_code,
        claim.frequency,
        patient.last if patient else None,
        patient.first if patient else None,
        patient.id if patient else None,
        rendering.npi if rendering else None,
        claim.is_balanced,
        *_place(claim.span),
    )
    yield Row("claim", values)
    yield from _of_adjustments(claim.adjustments, claim_no, None)
    for line_no, line in enumerate(claim.lines, start=1):
        yield Row("line", _of_line(line, claim_no, line_no))
        yield from _of_adjustments(line.adjustments, claim_no, line_no)


def _of_line(line: ServicePayment, claim_no: int, line_no: int) -> tuple[Value, ...]:
    return (
        claim_no,
        line_no,
        line.procedure.qualifier,
        line.procedure.code,
        " ".join(line.procedure.modifiers),
        line.submitted.code if line.submitted else None,
        line.charge,
        line.paid,
        line.units,
        line.allowed,
        line.line_control,
        line.service_on,
        line.service_through,
        " ".join(line.remarks),
        *_place(line.span),
    )


def _of_adjustments(adjustments: tuple[Adjustment, ...], claim_no: int, line_no: int | None) -> Iterator[Row]:
    for number, a in enumerate(adjustments, start=1):
        yield Row("adjustment", (claim_no, line_no, number, a.group, a.reason, a.amount, a.quantity))


def _place(span: Span | None) -> tuple[int, int, int, int]:
    return (span.first, span.last, span.start, span.end) if span else (0, 0, 0, 0)
