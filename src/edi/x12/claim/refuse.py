"""What makes a claim impossible to send: refused before a byte of it is written."""

from __future__ import annotations

from collections.abc import Iterator

from edi.x12.catalogue import CATALOGUE
from edi.x12.claim.balance import imbalances
from edi.x12.claim.model import Claim, OtherCoverage, ServiceLine
from edi.x12.output import Unwritable
from edi.x12.values import ZERO, Adjustment

LINES_MAX = 50
LINES_MAX_INSTITUTIONAL = 999
DIAGNOSES_MAX = 12
DIAGNOSES_MAX_INSTITUTIONAL = 25
ATTACHMENTS_MAX = 10
POINTERS_MAX = 4
MODIFIERS_MAX = 4
COVERAGES_MAX = 10
REASONS_MAX = 6
"""Reasons of one group in one CAS; the guide has one CAS for each group."""


def refuse_unwritable(claim: Claim, *, is_institutional: bool = False) -> None:
    """Raise Unwritable with the first thing that is wrong."""
    for trouble in _troubles(claim, is_institutional):
        raise Unwritable(f"Claim {claim.control or '(without number)'}: {trouble}")


def _troubles(claim: Claim, is_institutional: bool) -> Iterator[str]:
    lines_max = LINES_MAX_INSTITUTIONAL if is_institutional else LINES_MAX
    diagnoses_max = DIAGNOSES_MAX_INSTITUTIONAL if is_institutional else DIAGNOSES_MAX
    if not claim.control.strip():
        yield "CLM01 is missing. Give it a claim control number."
    if len(claim.control) > 38:
        yield "CLM01 has more than 38 characters. Shorten it (20 are safe)."
    if not 1 <= len(claim.lines) <= lines_max:
        yield f"it has {len(claim.lines)} lines; 1 to {lines_max} are allowed. Split it."
    if not 1 <= len(claim.diagnoses) <= diagnoses_max:
        yield f"it has {len(claim.diagnoses)} diagnoses; 1 to {diagnoses_max} are allowed."
    if len(claim.other_coverages) > COVERAGES_MAX:
        yield f"it has more than {COVERAGES_MAX} other payers. Leave the last ones out."
    yield from _of_attachments(claim)
    if is_institutional:
        yield from _of_facility(claim)
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
        for trouble in _of_line(line, None if is_institutional else len(claim.diagnoses)):
            yield f"line {position}: {trouble}"
    for one in imbalances(claim):
        words = CATALOGUE[one.code].message
        yield words.format(payer=one.payer, found=one.found, wanted=one.wanted, line=one.line)


def _of_attachments(claim: Claim) -> Iterator[str]:
    if len(claim.attachments) > ATTACHMENTS_MAX:
        yield f"it has more than {ATTACHMENTS_MAX} attachments. Send the rest together."
    if any(one.sent_by != "AA" and not one.control for one in claim.attachments):
        yield "an attachment has no control number (PWK06)."


def _of_facility(claim: Claim) -> Iterator[str]:
    if len(claim.place_of_service) != 2 or not claim.place_of_service.isdigit():
        yield "the type of bill is missing (CLM05-1): two digits, the third is the frequency."
    if claim.admission is None or not claim.admission.kind or not claim.admission.status:
        yield "the type of admission and the patient status are missing (CL1)."
    if claim.date("434") is None:
        yield "the days of the statement are missing (DTP 434)."


def _of_coverage(coverage: OtherCoverage) -> Iterator[str]:
    if not coverage.payer.id:
        yield "another payer has no id (2330B NM109)."
    yield from _of_adjustments(coverage.adjustments)


def _of_line(line: ServiceLine, diagnoses: int | None) -> Iterator[str]:
    """`diagnoses` to point to; None for an institutional line, which points to none and may have no day."""
    if line.charge < 0:
        yield "the charge is negative."
    if diagnoses is not None and line.service_on is None:
        yield "the day of service is missing."
    if diagnoses is not None and not 1 <= len(line.pointers) <= POINTERS_MAX:
        yield f"it needs 1 to {POINTERS_MAX} diagnosis pointers."
    if diagnoses is not None and any(not 1 <= pointer <= diagnoses for pointer in line.pointers):
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
