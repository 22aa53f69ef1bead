"""A contract by its screens and by software: drafted, compared, tried, published; strangers find nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import NOW, Cast
from openmso.contracting.testing import published
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ana(cast: Cast) -> Client:
    return signed_in(cast.ana)


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "contract_practice": "rock", "contract_payer": cast.payer.public_id, "contract_starts_on": "2026-01-01",
        "wording": "all: fee schedule\nall: 70% of charge", "rates": "99213, 92.40", "procedures": "medicare",
        "bilateral": "150", "lesser_of_charge": "on", "limits": "appeal: 60 days from remittance",
    } | changes  # fmt: skip


def test_a_contract_is_drafted_tried_and_published(cast: Cast, ana: Client) -> None:
    sent = SimpleUploadedFile("fees.csv", b"code,modifier,amount\n99213,,92.40\n92250,26,20.00\n")
    made = ana.post(reverse("contracting:new"), values(cast, rates_file=sent))
    assert made.status_code == 303, made.content
    contract = made.headers["Location"].rstrip("/").rsplit("/", 1)[-1]
    page = ana.get(made.headers["Location"]).content.decode()
    assert "Version 1 is a draft" in page

    tried = {"tried": "92250-26", "units": "1", "pos": "11", "charge": "88.00"}
    said = ana.get(reverse("contracting:price", args=[contract, 1]), tried).content.decode()
    assert "$20.00" in said
    assert "all: fee schedule" in said

    ana.post(reverse("contracting:publish", args=[contract]))
    page = ana.get(reverse("contracting:contract", args=[contract])).content.decode()
    assert "Version 1 holds today" in page
    assert "92250" in ana.get(reverse("contracting:version", args=[contract, 1])).content.decode()

    ana.post(reverse("contracting:draft", args=[contract]), values(cast, contract_starts_on="2026-06-01",
                                                                   wording="all: 75% of charge", rates=""))  # fmt: skip
    changes = ana.get(reverse("contracting:version", args=[contract, 2])).content.decode()
    assert "not listed" in changes
    assert "For every service: 75% of the charge" in changes
    ana.post(reverse("contracting:withdraw", args=[contract]))
    assert "is a draft" not in ana.get(reverse("contracting:contract", args=[contract])).content.decode()


def test_what_cannot_be_read_is_told_beside_its_field(cast: Cast, ana: Client) -> None:
    said = ana.post(reverse("contracting:new"), values(cast, wording="all: 70", rates="99213; 9x"))

    errors = said.context["form"].errors
    assert said.status_code == 422
    assert "Line 1, 99213, 9x, is no amount." in errors["rates"][0]
    said = ana.post(reverse("contracting:new"), values(cast, wording="all: 70"))
    assert "Line 1, all: 70, is no term." in said.context["form"].errors["wording"][0]


def test_software_does_the_same(cast: Cast, ana: Client) -> None:
    place = f"/api/practices/{cast.rockland.practice.public_id}/payer-contracts"
    body = {
        "payer": cast.payer.public_id, "starts_on": "2026-01-01", "wording": "all: fee schedule",
        "rates": [{"code": "99213", "amount": "92.40", "facility_amount": "60.00"}],
    }  # fmt: skip
    made = ana.post(place, json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    contract = f"/api/payer-contracts/{made.json()['id']}"
    assert ana.post(f"{contract}/publication").json()["versions"][0]["number"] == 1
    assert ana.get(f"{contract}/versions/1/rates").json()["items"][0]["facility_amount"] == "60.00"
    asked = {"code": "99213", "charge": "140.00", "place_of_service": "22"}
    assert ana.get(f"{contract}/versions/1/price", asked).json()["amount"] == "60.00"
    assert ana.get(place).json()["items"][0]["pays"] == "all: fee schedule"


def test_the_rival_sees_nothing_of_it(cast: Cast) -> None:
    with cast.scope():
        made = published(practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW)
    theo = signed_in(cast.theo)

    assert theo.get(reverse("contracting:contract", args=[made.public_id])).status_code == 404
    assert made.public_id not in theo.get(reverse("contracting:contracts")).content.decode()
