"""What the palette finds for somebody who bills: claims by their patient, and the practice and payer they are of."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, claim_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["Okafor", "okafor dan", "Okafor, Daniel", "daniel okafor", "Daniel Oka", "DAN OKAFOR"]
)
def test_a_claim_is_found_by_its_patients_name_in_either_order(
    rockland: BillingHouse, priya: Client, now: datetime, typed: str
) -> None:
    claim = claim_at(S.READY, rockland, at=now)

    assert claim.public_id in priya.get("/ui/palette/", {"q": typed}).content.decode()
    assert claim.public_id in priya.get(reverse("claims:worklist"), {"q": typed}).content.decode()


def test_a_name_of_somebody_else_finds_no_claim(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)

    for typed in ("daniel kaplan", "olga okafor", "okafor olga", "-", ","):
        assert claim.public_id not in priya.get("/ui/palette/", {"q": typed}).content.decode()


def test_the_palette_finds_practices_payers_and_agreements_by_their_names(
    rockland: BillingHouse, priya: Client, cast: Cast
) -> None:
    found = priya.get("/ui/palette/", {"q": "rockland"}).content.decode()
    payer = priya.get("/ui/palette/", {"q": rockland.payer.name[:5].lower()}).content.decode()

    assert reverse("parties:practice", args=[rockland.house.practice.public_id]) in found
    assert reverse("parties:payer", args=[rockland.payer.public_id]) in payer
    theirs = priya.get("/ui/palette/", {"q": "rival"}).content.decode()
    assert "Nothing here is called" in theirs
    assert "Rival Eye Care" not in theirs
