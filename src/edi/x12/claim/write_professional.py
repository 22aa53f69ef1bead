"""The claim loop of an 837P: 2300 to 2430 of 005010X222A1."""

from __future__ import annotations

from edi.x12.claim.model import Claim, ServiceLine
from edi.x12.claim.write_parts import procedure, write_below, write_beside
from edi.x12.output import SegmentWriter, number

_REFERENCE_ORDER = ("4N", "F5", "EW", "9F", "G1", "F8", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J")
_CLAIM_PROVIDER_ORDER = ("DN", "P3", "82", "77", "DQ", "PW", "45")
_LINE_PROVIDER_ORDER = ("82", "QB", "77", "DQ", "DK", "DN", "P3", "PW", "45")


def write_professional(w: SegmentWriter, claim: Claim) -> None:
    """2300 to 2430 of an 837P."""
    _write_clm(w, claim)
    for event in claim.dates:
        w.dtp(event)
    write_beside(w, claim, _REFERENCE_ORDER)
    _write_codes(w, claim)
    write_below(w, claim, _CLAIM_PROVIDER_ORDER, _write_service, _LINE_PROVIDER_ORDER)


def _write_clm(w: SegmentWriter, claim: Claim) -> None:
    cause = claim.cause
    codes = (*cause.codes, "", "", "")[:3] if cause else ()
    w.add(
        "CLM",
        w.code(claim.control, "CLM01"),
        number(claim.charge),
        "",
        "",
        w.composite(claim.place_of_service, claim.facility_qualifier, claim.frequency),
        claim.provider_signature,
        claim.assignment,
        claim.benefits_assigned,
        claim.release,
        claim.patient_signature,
        w.composite(*codes, cause.state, cause.country) if cause else "",
        claim.special_program,
        *([""] * 7),
        claim.delay_reason,
    )


def _write_codes(w: SegmentWriter, claim: Claim) -> None:
    diagnoses = [
        w.composite(
            d.qualifier or ("ABK" if position == 0 else "ABF"),
            w.code(d.code.replace(".", ""), "Diagnosis"),
        )
        for position, d in enumerate(claim.diagnoses)
    ]
    w.add("HI", *diagnoses)
    for composite in claim.codes:
        w.add("HI", w.composite(*(w.code(part, "HI") for part in composite)))


def _write_service(w: SegmentWriter, line: ServiceLine) -> None:
    w.add(
        "SV1",
        procedure(w, line.procedure),
        number(line.charge),
        line.unit,
        number(line.units),
        line.place_of_service,
        "",
        w.composite(*map(str, line.pointers)),
        "",
        "Y" if line.emergency else "",
    )
