"""The same service asked twice of the same payer on the same day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from openmso.charges.contracts import ChargeDraft
from openmso.charges.testing import charged
from openmso.claims import testing
from openmso.claims.services import building
from openmso.claims.states import S
from openmso.claims.views import fixes
from openmso.patients import testing as patients
from openmso.scheduling.testing import visit

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "modifiers", "state"), [("99213", (), S.HELD), ("99213", ("76",), S.READY), ("93000", (), S.READY)]
)
def test_the_later_of_two_claims_is_held_unless_a_modifier_says_why(
    code: str, modifiers: tuple[str, ...], state: S
) -> None:
    rockland = testing.billing_house(at=NOW)
    day = NOW.date().replace(day=9)
    with rockland.scope():
        patient = patients.patient(practice=rockland.id, at=NOW)
        patients.coverage(patient, payer_id=rockland.payer.id, at=NOW)
        for given in (ChargeDraft("99213", day), ChargeDraft(code, day, modifiers)):
            charged(visit(rockland.house, patient_id=patient.id, service_on=day, at=NOW), at=NOW, lines=[given])
        built = building.build(actor=testing.actor(NOW), practice=rockland.id, at=NOW)
        first, second = (testing.told(name) for name in built.claims)

    assert (first.state, second.state) == (S.READY, state)
    if state is S.HELD:
        assert second.hold_reason == f"{first.public_id} asks for the same service of the same day."
        place = fixes.place(second, second.findings[0])
        assert place is not None
        assert place.url == reverse("claims:claim", args=[first.public_id])
