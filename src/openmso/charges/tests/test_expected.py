"""What a charge should bring stands on it since it was charged, by the term of the contract, and is told on the claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openmso.claims import testing
from openmso.claims.contracts import Claim
from openmso.claims.services import correcting
from openmso.claims.services.correcting import LineChange
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line
from openmso.contracting.queries import NO_CONTRACT, NO_PAYER
from openmso.contracting.testing import published

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland(db: None) -> BillingHouse:
    house = testing.billing_house(at=NOW)
    with house.scope():
        published(
            practice=house.id, payer_id=house.payer.id, at=NOW, rates={"99213": "92.40", "92250-26": "20.00"},
            wording="93000: not paid\nall: fee schedule\n20610: 50% of charge",
        )  # fmt: skip
    return house


def told(claim: Claim) -> list[tuple[str, str]]:
    return [
        (line.code, str(line.expected.amount) if line.expected.amount is not None else line.expected.words)
        for line in claim.lines
    ]


def test_every_line_says_what_it_should_bring_or_why_nobody_can_tell(rockland: BillingHouse) -> None:
    lines = [Line("99213"), Line("92250", modifiers=("26",)), Line("93000"), Line("20610"), Line("36415")]
    claim = testing.claim_at(S.READY, rockland, at=NOW, lines=lines)

    assert told(claim) == [
        ("99213", "92.40"), ("92250", "20.00"), ("93000", "0.00"), ("20610", "92.50"),
        ("36415", "No term of the contract speaks of 36415."),
    ]  # fmt: skip
    assert claim.lines[3].expected.words == "20610: 50% of charge"
    assert claim.lines[3].expected.version == 1
    assert str(claim.expected) == "204.90"


def test_a_changed_line_is_expected_anew(rockland: BillingHouse) -> None:
    claim = testing.claim_at(S.READY, rockland, at=NOW, lines=[Line("99213"), Line("20610")])

    with rockland.scope():
        correcting.change(
            actor=testing.actor(NOW), claim=claim.public_id, fields={}, lines={1: LineChange(code="20610")},
            at=NOW,
        )  # fmt: skip

        assert told(testing.told(claim.public_id))[0] == ("20610", "92.50")


def test_without_a_payer_or_a_contract_the_reason_is_told(rockland: BillingHouse) -> None:
    uncovered = testing.claim_at(S.HELD, rockland, at=NOW)
    other = testing.billing_house(at=NOW, code="LUMEN", name="Lumen Eye Care")

    assert told(uncovered) == [("99213", NO_PAYER)]
    assert told(testing.claim_at(S.READY, other, at=NOW)) == [("99213", NO_CONTRACT)]
