"""The claim loop of an 837I: 2300 to 2430 of 005010X223A2."""

from __future__ import annotations

from itertools import groupby

from edi.x12.claim.model import Claim, ServiceLine
from edi.x12.claim.write_parts import procedure, write_below, write_beside
from edi.x12.output import SegmentWriter, number
from edi.x12.values import Event

_DATE_ORDER = ("096", "434", "435", "050")
_REFERENCE_ORDER = ("4N", "9F", "G1", "F8", "9A", "9C", "LX", "D9", "LU", "EA", "P4", "G4")
_CODE_ORDER = (
    *("ABK", "BK", "ABJ", "BJ", "APR", "PR", "ABN", "BN", "DR", "ABF", "BF"),
    *("BBR", "BR", "CAH", "BBQ", "BQ", "BI", "BH", "BE", "BG", "TC"),
)
"""The HI segments, each of one kind: principal, admitting, reason, external, DRG, other; procedures; spans,
occurrences, values, conditions, treatments."""
_CODES_PER_HI = 12
_CLAIM_PROVIDER_ORDER = ("71", "72", "ZZ", "82", "77", "DN")
_LINE_PROVIDER_ORDER = ("72", "ZZ", "82", "DN")


def write_institutional(w: SegmentWriter, claim: Claim) -> None:
    """2300 to 2430 of an 837I."""
    _write_clm(w, claim)
    for event in sorted(claim.dates, key=lambda e: _place(e.qualifier, _DATE_ORDER)):
        _write_date(w, event)
    if claim.admission is not None:
        w.add("CL1", claim.admission.kind, claim.admission.source, claim.admission.status)
    write_beside(w, claim, _REFERENCE_ORDER)
    _write_codes(w, claim)
    write_below(w, claim, _CLAIM_PROVIDER_ORDER, _write_service, _LINE_PROVIDER_ORDER)


def _place(qualifier: str, order: tuple[str, ...]) -> int:
    return order.index(qualifier) if qualifier in order else len(order)


def _write_clm(w: SegmentWriter, claim: Claim) -> None:
    w.add(
        "CLM",
        w.code(claim.control, "CLM01"),
        number(claim.charge),
        "",
        "",
        w.composite(claim.place_of_service, claim.facility_qualifier, claim.frequency),
        "",
        claim.assignment,
        claim.benefits_assigned,
        claim.release,
        *([""] * 10),
        claim.delay_reason,
    )


def _write_date(w: SegmentWriter, event: Event) -> None:
    """The statement is always a range; admission and discharge have hours, which stand in the text alone."""
    text = event.text or ""
    if event.qualifier == "434" and event.on is not None and event.through is None:
        w.dtp(Event("434", event.on, event.on))
    elif event.qualifier == "435" and len(text) > 8:
        w.add("DTP", "435", "DT", w.code(text, "DTP 435"))
    elif event.qualifier == "096" and event.on is None:
        w.add("DTP", "096", "TM", w.code(text, "DTP 096"))
    else:
        w.dtp(event)


def _write_codes(w: SegmentWriter, claim: Claim) -> None:
    diagnoses = [
        (d.qualifier or ("ABK" if at == 0 else "ABF"), d.code.replace(".", ""), *_present(d.present_on_admission))
        for at, d in enumerate(claim.diagnoses)
    ]
    codes = sorted((*diagnoses, *claim.codes), key=lambda c: _place(c[0], _CODE_ORDER))
    for _, kind in groupby(codes, key=lambda c: c[0]):
        said = [w.composite(*(w.code(part, "HI") for part in code)) for code in kind]
        for first in range(0, len(said), _CODES_PER_HI):
            w.add("HI", *said[first : first + _CODES_PER_HI])


def _present(on_admission: str) -> tuple[str, ...]:
    return ("", "", "", "", "", "", on_admission) if on_admission else ()


def _write_service(w: SegmentWriter, line: ServiceLine) -> None:
    w.add(
        "SV2",
        w.required(line.revenue_code, "Revenue code"),
        procedure(w, line.procedure) if line.procedure.code else "",
        number(line.charge),
        line.unit,
        number(line.units),
    )
