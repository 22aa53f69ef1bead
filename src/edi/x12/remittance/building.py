"""Claims and lines of an 835 while their segments come in, and the frozen records made of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from edi.x12.findings import Finding
from edi.x12.quick import maker
from edi.x12.remittance.model import ClaimPayment, ServicePayment
from edi.x12.values import (
    ZERO,
    Adjustment,
    Amount,
    Event,
    Party,
    Quantity,
    RawSegment,
    Reference,
    Span,
    to_decimal,
    to_procedure,
)

_EMPTY = [""] * 16
_adjustment, _span = maker(Adjustment), maker(Span)
_claim_payment, _service_payment = maker(ClaimPayment), maker(ServicePayment)


class OpenLine:
    """2110 in the making."""

    __slots__ = (
        "adjusted",
        "adjustments",
        "amounts",
        "charge",
        "dates",
        "elements",
        "end",
        "last",
        "number",
        "other",
        "paid",
        "quantities",
        "references",
        "remarks",
        "start",
    )
    loop = "2110"

    def __init__(self, elements: list[str], number: int, start: int) -> None:
        """Opened by an SVC; the caller reads its money."""
        self.elements = elements + _EMPTY
        self.number = number
        self.start = start
        self.last = number
        self.end = start
        """Number of the last segment, and the byte after it; told when it is closed."""
        self.charge = ZERO
        self.paid = ZERO
        self.adjusted = ZERO
        """Sum of `adjustments`."""
        self.adjustments: list[Adjustment] = []
        self.references: list[Reference] = []
        self.dates: list[Event] = []
        self.amounts: list[Amount] = []
        self.quantities: list[Quantity] = []
        self.remarks: list[str] = []
        self.other: list[RawSegment] = []

    @property
    def is_balanced(self) -> bool:
        """Does the line hold? The quick question; `balance.of_line` says what is wrong."""
        return self.charge - self.adjusted == self.paid

    def take_reasons(self, elements: list[str], money: Callable[[int], Decimal]) -> None:
        """A CAS of up to six reasons; `money` is asked for an amount, by its position, that is none."""
        size = len(elements)
        group = elements[1] if size > 1 else ""
        for at in range(2, size, 3):
            amount = to_decimal(elements[at + 1]) if at + 1 < size else None
            if amount is None:
                if not any(elements[at : at + 2]):
                    continue
                amount = money(at + 1)
            quantity = to_decimal(elements[at + 2]) if at + 2 < size else None
            self.adjustments.append(_adjustment(group, elements[at], amount, quantity))
            self.adjusted += amount

    def build(self, component: str) -> ServicePayment:
        e = self.elements
        # By position: keywords cost as much again as the record, and there are as many of these as lines.
        return _service_payment(
            to_procedure(e[1], component),
            self.charge,
            self.paid,
            to_decimal(e[5]),
            e[4],
            to_procedure(e[6], component) if e[6] else None,
            to_decimal(e[7]) if e[7] else None,
            tuple(self.dates),
            tuple(self.adjustments),
            tuple(self.references),
            tuple(self.amounts),
            tuple(self.quantities) if self.quantities else (),
            tuple(self.remarks) if self.remarks else (),
            tuple(self.other) if self.other else (),
            _span(self.number, self.last, self.start, self.end),
        )


class OpenClaim(OpenLine):
    """2100 in the making; what a claim and a line have in common is collected in the same way."""

    __slots__ = (
        "contacts",
        "findings",
        "inpatient",
        "line_adjusted",
        "line_charge",
        "line_paid",
        "lines",
        "outpatient",
        "parties",
    )
    loop = "2100"

    def __init__(self, elements: list[str], number: int, start: int) -> None:
        """Opened by a CLP; the caller reads its money."""
        OpenLine.__init__(self, elements, number, start)
        self.parties: list[Party] = []
        self.inpatient: RawSegment = ()
        self.outpatient: RawSegment = ()
        self.contacts: list[RawSegment] = []
        self.lines: list[ServicePayment] = []
        self.line_charge = ZERO
        self.line_paid = ZERO
        self.line_adjusted = ZERO
        self.findings: list[Finding] = []

    def take(self, line: OpenLine, component: str) -> None:
        """A line is complete."""
        self.lines.append(line.build(component))
        self.line_charge += line.charge
        self.line_paid += line.paid
        self.line_adjusted += line.adjusted

    @property
    def line_sums(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Charges, payments and adjustments of the lines; None when there are no lines."""
        return (self.line_charge, self.line_paid, self.line_adjusted) if self.lines else None

    @property
    def is_balanced(self) -> bool:
        """Do the two claim levels hold? The quick question; `balance.of_claim` says what is wrong."""
        if self.charge - self.adjusted - self.line_adjusted != self.paid:
            return False
        return not self.lines or (self.line_charge == self.charge and self.line_paid - self.adjusted == self.paid)

    def build_claim(self, group: str, heading: tuple[RawSegment, ...]) -> ClaimPayment:
        e = self.elements
        return _claim_payment(
            e[1].strip(),
            e[2].strip(),
            self.charge,
            self.paid,
            to_decimal(e[5]) or ZERO,
            e[6].strip(),
            e[7].strip(),
            e[8],
            e[9],
            e[11],
            tuple(self.parties),
            tuple(self.adjustments),
            self.inpatient,
            self.outpatient,
            tuple(self.references),
            tuple(self.dates),
            tuple(self.contacts),
            tuple(self.amounts),
            tuple(self.quantities),
            tuple(self.lines),
            group,
            heading,
            tuple(self.other),
            tuple(self.findings),
            _span(self.number, self.last, self.start, self.end),
        )
