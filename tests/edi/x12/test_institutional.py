"""An 837I written, read back, and refused where it cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.model import Admission, Attachment, Batch, BatchHeader, BatchTotals, Claim, Diagnosis, ServiceLine
from edi.x12.claim.read import read_837
from edi.x12.claim.write import write_837i
from edi.x12.output import Unwritable
from edi.x12.values import Event, Procedure
from tests.edi.x12.builders import DOCTOR, ENVELOPE, SERVED, batch, claim, money, secondary_claim


def room(charge: str, code: str, revenue: str, control: str) -> ServiceLine:
    return ServiceLine(
        Procedure("HC", code) if code else Procedure("", ""),
        money(charge),
        service_on=SERVED if code else None,
        revenue_code=revenue,
        line_control=control,
        pointers=(),
    )


def facility_claim(control: str = "FAC1", **changes: object) -> Claim:
    """An outpatient surgery: type of bill 131, with all kinds of codes."""
    lines = (room("1200", "66984", "0360", "F1"), room("80.25", "", "0250", "F2"))
    values: dict[str, object] = {
        "lines": lines,
        "place_of_service": "13",
        "facility_qualifier": "A",
        "admission": Admission("3", "1", "01"),
        "dates": (Event("434", SERVED, SERVED), Event("435", SERVED, None, "202511030730")),
        "diagnoses": (Diagnosis("H25.11"), Diagnosis("I10", present_on_admission="Y")),
        "codes": (
            ("BG", "09"),
            ("BE", "A2", "", "", "15.31"),
            ("BH", "11", "D8", "20251101"),
            ("BI", "71", "RD8", "20251001-20251003"),
            ("BBR", "08RJ3JZ", "D8", "20251103"),
            ("ABJ", "H2511"),
            ("APR", "H2511"),
        ),
        "providers": (replace(DOCTOR, role="71"), replace(DOCTOR, role="72", taxonomy="")),
        "attachments": (Attachment("OZ", "EL", "PWK0001"),),
    }
    return claim(control, **(values | changes))


def secondary_facility_claim() -> Claim:
    """Medicare has paid 80 of 100 for one service of a revenue code."""
    second = secondary_claim()
    line = replace(second.lines[0], revenue_code="0510")
    decided = replace(line.adjudications[0], revenue_code="0510")
    return facility_claim(
        "FAC2",
        lines=(replace(line, adjudications=(decided,)),),
        other_coverages=second.other_coverages,
        subscriber=second.subscriber,
        codes=(),
    )


@pytest.mark.parametrize("made", [facility_claim, secondary_facility_claim])
def test_a_facility_claim_reads_back_the_same(made: object) -> None:
    wanted = made()  # type: ignore[operator]
    data = write_837i([batch(wanted)], ENVELOPE)
    report = check_bytes(data, strict=True)
    assert report.valid, list(report.all_findings())
    header, back, totals = (r for r in read_837(data) if isinstance(r, BatchHeader | Claim | BatchTotals))
    assert isinstance(back, Claim)
    assert isinstance(header, BatchHeader)
    assert header.is_institutional
    assert isinstance(totals, BatchTotals)
    assert totals.charge == wanted.charge
    assert back.admission == wanted.admission
    assert (back.place_of_service, back.facility_qualifier, back.frequency) == ("13", "A", "1")
    assert sorted(back.codes) == sorted(wanted.codes)
    assert [(d.code, d.present_on_admission) for d in back.diagnoses] == [("H2511", ""), ("I10", "Y")]
    assert [(one.revenue_code, one.procedure.code, one.charge) for one in back.lines] == [
        (one.revenue_code, one.procedure.code, one.charge) for one in wanted.lines
    ]
    assert back.attachments == wanted.attachments
    assert [p.role for p in back.providers] == ["71", "72"]
    assert write_837i([Batch(header, [back])], ENVELOPE) == data


def test_codes_of_one_kind_share_segments_in_the_order_of_the_guide() -> None:
    many = tuple(("BG", f"{n:02}") for n in range(1, 14))
    data = write_837i([batch(facility_claim(codes=(("BE", "A2", "", "", "1"), *many)))], ENVELOPE)
    said = [segment.split(b"*")[1:] for segment in data.split(b"~\n") if segment.startswith(b"HI*")]
    assert [one[0].split(b":")[0] for one in said] == [b"ABK", b"ABF", b"BE", b"BG", b"BG"]
    assert [len(one) for one in said] == [1, 1, 1, 12, 1]


REFUSED = {
    "no type of bill": {"place_of_service": ""},
    "no patient status": {"admission": None},
    "no days of the statement": {"dates": ()},
    "no revenue code": {"lines": (room("1", "66984", "", "F1"),)},
    "a paper without its number": {"attachments": (Attachment("OZ", "FX"),)},
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_facility_claim_that_cannot_be_said_is_refused(why: str) -> None:
    with pytest.raises(Unwritable):
        write_837i([batch(facility_claim(**REFUSED[why]))], ENVELOPE)


def test_a_statement_of_one_day_is_written_as_a_range() -> None:
    one_day = facility_claim(dates=(Event("434", date(2025, 11, 3)),))
    assert b"DTP*434*RD8*20251103-20251103~" in write_837i([batch(one_day)], ENVELOPE)
