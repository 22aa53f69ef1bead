"""What patients paid, as objects of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openmso.billing import testing as billing

if TYPE_CHECKING:
    from tests.architecture.month import Named, Office


def the_patients_money(office: Office, patient: str) -> Named:
    """A payment that waits."""
    with office.scope():
        receipt = billing.payment(patient, "10.00", at=office.at, reference=office.canary, waits=True)
    return {"receipt": receipt}
