"""What makes a professional claim impossible to send: refused before a byte of it is written."""

from __future__ import annotations

from collections.abc import Iterator

from edi.x12.claim.model import Claim, OtherCoverage, ServiceLine
from edi.x12.output import Unwritable
from edi.x12.values import ZERO, Adjustment

LINES_MAX = 50
DIAGNOSES_MAX = 12
POINTERS_MAX = 4
MODIFIERS_MAX = 4
COVERAGES_MAX = 10
REASONS_MAX = 6
"""Reasons of one group in one CAS; the guide has one CAS for each group."""


def refuse_unwritable(claim: Claim) -> None:
    """Raise Unwritable with the first thing that is wrong."""
    for trouble in _troubles(claim):
        raise Unwritable(f"Claim {claim.control or '(without number)'}: {trouble}")


def _troubles(claim: Claim) -> Iterator[str]:
    if not claim.control.strip():
        yield "CLM01 is missing. Give it a claim control number."
    if len(claim.control) > 38:
        yield "CLM01 has more than 38 characters. Shorten it (20 are safe)."
    if not 1 <= len(claim.lines) <= LINES_MAX:
        yield f"it has {len(claim.lines)} lines; 1 to {LINES_MAX} are allowed. Split it."
    if not 1 <= len(claim.diagnoses) <= DIAGNOSES_MAX:
        yield f"it has {len(claim.diagnoses)} diagnoses; 1 to {DIAGNOSES_MAX} are allowed."
    if len(claim.other_coverages) > COVERAGES_MAX:
        yield f"it has more than {COVERAGES_MAX} other payers. Leave the last ones out."
    total = sum((line.charge for line in claim.lines), ZERO)
    if total != claim.charge:
        yield f"CLM02 is {claim.charge}, its lines come to {total}. Make them agree."
    if claim.frequency in ("7", "8") and not claim.payer_control:
        yield "a replacement or void needs the payer's claim number (REF F8)."
    if claim.patient is None and not claim.subscriber.is_patient:
        yield "the subscriber is not the patient, and there is no patient."
    if claim.patient is not None and claim.patient.birth_on is None:
        yield "the patient's day of birth is missing."
    for coverage in claim.other_coverages:
        yield from _of_coverage(coverage)
    for position, line in enumerate(claim.lines, start=1):
        for trouble in _of_line(line, len(claim.diagnoses)):
            yield f"line {position}: {trouble}"


def _of_coverage(coverage: OtherCoverage) -> Iterator[str]:
    if not coverage.payer.id:
        yield "another payer has no id (2330B NM109)."
    yield from _of_adjustments(coverage.adjustments)


def _of_line(line: ServiceLine, diagnoses: int) -> Iterator[str]:
    if line.charge < 0:
        yield "the charge is negative."
    if line.service_on is None:
        yield "the day of service is missing."
    if not 1 <= len(line.pointers) <= POINTERS_MAX:
        yield f"it needs 1 to {POINTERS_MAX} diagnosis pointers."
    if any(not 1 <= pointer <= diagnoses for pointer in line.pointers):
        yield f"it points to diagnoses {line.pointers}, the claim has {diagnoses}."
    if len(line.procedure.modifiers) > MODIFIERS_MAX:
        yield f"it has more than {MODIFIERS_MAX} modifiers."
    for adjudication in line.adjudications:
        if adjudication.paid_on is None:
            yield "the prior payer's day of payment (2430 DTP 573) is missing."
        yield from _of_adjustments(adjudication.adjustments)


def _of_adjustments(adjustments: tuple[Adjustment, ...]) -> Iterator[str]:
    groups = [a.group for a in adjustments]
    crowded = next((group for group in groups if groups.count(group) > REASONS_MAX), None)
    if crowded is not None:
        yield f"more than {REASONS_MAX} adjustment reasons of group {crowded}. Put reasons together."
