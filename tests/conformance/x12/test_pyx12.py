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

from edi.x12.ack.answer import answer
from edi.x12.ack.f999 import write_999
from edi.x12.claim.write import write_837i, write_837p
from edi.x12.remittance.write import write_835
from edi.x12.values import Address, Contact, Party, Reference
from openmso.charges.contracts import Occurrence, Stay, ValueCode
from openmso.claims.rules import loops
from openmso.claims.tests.test_rules import CLEAN, DAY, FACILITY, VISIT
from openmso.claims.tests.test_rules import second as second_payer
from openmso.remittances.rules import eobs
from openmso.remittances.tests.test_papers import WHOLE, paper
from openmso.remittances.tests.test_papers import line as paper_line
from tests.edi.x12.builders import ENVELOPE, batch, secondary_claim
from tests.edi.x12.test_claims import FILES
from tests.edi.x12.test_institutional import facility_claim, secondary_facility_claim
from tests.edi.x12.test_other_payers import bundled_claim, tertiary_claim

TEN = Decimal("10.00")


def accepted(data: bytes, folder: Path) -> tuple[bool, str]:
    """Whether pyx12 accepts the file, and its 999."""
    path, told = folder / "ours.edi", io.StringIO()
    path.write_bytes(data)
    logging.disable(logging.CRITICAL)
    try:
        valid = pyx12.x12n_document.x12n_document(pyx12.params.params(), str(path), told, None, None)
    finally:
        logging.disable(logging.NOTSET)
    return bool(valid), told.getvalue()


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
    medicare = replace(CLEAN.payer, kind="medicare", filing="MB")
    second = FACILITY | second_payer() | {
        "payer": medicare, "cover": replace(CLEAN.cover, insurance_type="12"), "patient_paid": TEN,
        "rendering": replace(CLEAN.rendering, npi="1234567893"), "control": "CLM-7K2P9M4Z",
        "lines": (replace(VISIT, revenue_code="0521", note="By telephone"),),
    }  # fmt: skip
    claims = [loops.claim_of(replace(CLEAN, **changes)) for changes in (FACILITY, inpatient, second)]
    return write_837i([batch(*claims)], ENVELOPE)


def anaesthesia() -> bytes:
    """Minutes of anaesthesia, a day of its aftercare, and the circumstances, by the unit."""
    minutes, day, aged = (replace(VISIT, code=code) for code in ("00840", "01996", "99100"))
    claim = loops.claim_of(replace(CLEAN, lines=(replace(minutes, units=Decimal(95)), day, aged)))
    said = write_837p([batch(replace(claim, charge=sum((line.charge for line in claim.lines), Decimal(0))))], ENVELOPE)
    assert [said.count(b"*MJ*95*"), said.count(b"*UN*1*")] == [1, 2]
    return said


def acknowledged() -> bytes:
    """What a 999 says of loops whose names have more characters than it has place for, and of their order."""
    sent = professional().replace(b"N3*1 CLINIC WAY~\n", b"", 1).replace(b"HL*2*1*", b"HL*7*1*", 1)
    said = write_999(answer(sent).groups, ENVELOPE)
    assert b"*2010*" in said
    assert b"IK3*HL*" in said
    return said


def typed_from_paper() -> bytes:
    """The 835 that says what a paper said."""
    typed = paper(paper_line("140.00", "80.00", *WHOLE), amount="70.00", provider=(("WO", "OLD", TEN),))
    home = Address("1 Payer Way", "", "Columbus", "OH", "432151234")
    payer = Party("PR", "Tidewater", id_qualifier="XV", id="60054", address=home, contacts=(Contact("BL"),))
    payee = Party("PE", "Rockland", id_qualifier="XX", id="1999999984", references=(Reference("TJ", "123456789"),))
    return write_835([eobs.remittance_of(typed, payer=payer, payee=payee, reference="0001", filing="CI")], ENVELOPE)


@pytest.mark.parametrize(
    "write", [typed_from_paper, professional, institutional, of_the_product, anaesthesia, acknowledged]
)
def test_everything_we_write_is_accepted(write: object, tmp_path: Path) -> None:
    valid, told = accepted(write(), tmp_path)  # type: ignore[operator]
    assert valid, told


def test_a_segment_of_no_place_is_not_accepted(tmp_path: Path) -> None:
    data = institutional()
    assert data.count(b"CL1*3*1*01~") == 2
    assert not accepted(data.replace(b"CL1*", b"CL9*", 1), tmp_path)[0]
