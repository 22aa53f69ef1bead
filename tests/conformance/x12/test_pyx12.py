"""What we write in X12, judged by somebody else's maps of the guides (pyx12)."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

from edi.x12.claim.write import write_837i, write_837p
from tests.edi.x12.builders import ENVELOPE, batch, secondary_claim
from tests.edi.x12.test_claims import FILES
from tests.edi.x12.test_institutional import facility_claim, secondary_facility_claim
from tests.edi.x12.test_other_payers import bundled_claim, tertiary_claim


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


@pytest.mark.parametrize("write", [professional, institutional])
def test_every_claim_we_write_is_accepted(write: object, tmp_path: Path) -> None:
    valid, answer = accepted(write(), tmp_path)  # type: ignore[operator]
    assert valid, answer


def test_a_segment_of_no_place_is_not_accepted(tmp_path: Path) -> None:
    data = institutional()
    assert data.count(b"CL1*3*1*01~") == 2
    assert not accepted(data.replace(b"CL1*", b"CL9*", 1), tmp_path)[0]
