"""An office whose insurer left something to a patient."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from openmso.claims.models.claims import Claim
from openmso.patients import queries as patients
from openmso.platform.outbox import services as outbox
from openmso.remittances import testing as payer
from openmso.remittances.tests.office import Office, open_office


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


def left_to_patient(office: Office, *parts: str) -> tuple[Claim, str]:
    """A claim of 140.00 a line, of which the payer allows 90.00 and leaves these parts to the patient; and who it is."""
    claim = office.sent(*(("99213", "140.00") for _ in parts))
    office.pay(decided(claim, *parts))
    outbox.deliver_pending(at=office.at)
    return office.claim(claim.public_id), patient_of(office, claim)


def decided(claim: Claim, *parts: str, **more: object) -> payer.ClaimPayment:
    """The payer's decision about it."""
    lines = [
        payer.line(
            "99213", "140.00", paid=f"{90 - float(part):.2f}", control=f"{claim.control}-{number:02}",
            reasons=["CO 45 50.00", *([f"PR 1 {part}"] if float(part) else [])],
        )
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip
    return payer.claim(claim.control, *lines, **more)  # type: ignore[arg-type]


def patient_of(office: Office, claim: Claim) -> str:
    """The patient's public id."""
    with office.reading():
        return patients.by_ids([claim.patient_id])[claim.patient_id].public_id


def standing(office: Office, codes: Sequence[str]) -> list[str]:
    """What accounts of the books stand at, debits less credits."""
    balances = office.balances()
    return [str(balances.get(code, "0.00")) for code in codes]
