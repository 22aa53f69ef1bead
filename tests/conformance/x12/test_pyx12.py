"""What we write in X12, judged by somebody else's maps of the guides (pyx12)."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

from edi.x12.claim.write import write_837i, write_837p
from openmso.charges.contracts import Occurrence, Stay, ValueCode
from openmso.claims.rules import loops
from openmso.claims.tests.test_rules import CLEAN, DAY, FACILITY, VISIT
from tests.edi.x12.builders import ENVELOPE, batch, secondary_claim
from tests.edi.x12.test_claims import FILES
from tests.edi.x12.test_institutional import facility_claim, secondary_facility_claim
from tests.edi.x12.test_other_payers import bundled_claim, tertiary_claim

TEN = Decimal("10.00")


def accepted(data: bytes, folder: Path) -> tuple[bool, str]:
    """Whether pyx12 accepts the file, and its 999."""
    path, answer = folder / "ours.edi", io.StringIO()
    path.write_bytes(data)
    logging.disable(logging.CRITICAL)
    try:
        valid = pyx12.x12n_document.x12n_document(pyx12.params.params(), str(path), answer, None, None)
    finally:
        logging.disable(logging.NOTSET)
    return bool(valid), answer.getvalue()


def professional() -> bytes:
    made = [FILES[name]() for name in FILES]
    made.append(batch(secondary_claim(), tertiary_claim(), bundled_claim()))
    numbered = [batch(*one.claims, control=f"{number:04}") for number, one in enumerate(made, start=1)]
    return write_837p(numbered, ENVELOPE)


def institutional() -> bytes:
    return write_837i([batch(facility_claim(), secondary_facility_claim())], ENVELOPE)


def of_the_product() -> bytes:
    """A clinic's claim and an inpatient one, as the product says them."""
    stay = Stay(
        "11", "1", "1", "01", DAY, "08", "16", "E119", ("09",), (Occurrence("11", DAY),), (ValueCode("80", TEN),)
    )
    room = replace(VISIT, code="", revenue_code="0120", pointers=())
    inpatient = FACILITY | {"stay": stay, "lines": (room,), "control": "CLM-7K2P9M4Y", "operating": CLEAN.rendering}
    claims = [loops.claim_of(replace(CLEAN, **changes)) for changes in (FACILITY, inpatient)]
    return write_837i([batch(*claims)], ENVELOPE)


@pytest.mark.parametrize("write", [professional, institutional, of_the_product])
def test_every_claim_we_write_is_accepted(write: object, tmp_path: Path) -> None:
    valid, answer = accepted(write(), tmp_path)  # type: ignore[operator]
    assert valid, answer


def test_a_segment_of_no_place_is_not_accepted(tmp_path: Path) -> None:
    data = institutional()
    assert data.count(b"CL1*3*1*01~") == 2
    assert not accepted(data.replace(b"CL1*", b"CL9*", 1), tmp_path)[0]
