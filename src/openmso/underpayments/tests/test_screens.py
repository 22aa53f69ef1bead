"""The queue, a line, its acceptance and a packet, by screen and by software; strangers find nothing."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.remittances.tests.office import Office
from openmso.underpayments.tests.test_stories import answer, posted, sent

pytestmark = pytest.mark.django_db


def test_the_queue_is_worked_on_screen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    claim = sent(office)
    posted(office, answer(claim, "85.00", "70.00"))
    ana = signed_in(agreements.person("ana@rockland.example", "Ana", practice=office.practice, role="practice_owner",
                                      at=office.at))  # fmt: skip
    theo = signed_in(agreements.person("theo@rival.example", "Theo", practice=agreements.party_builders.practice(
        at=office.at, code="RIVAL", name="Rival Eye Care").id, role="practice_owner", at=office.at))  # fmt: skip

    page = ana.get(reverse("underpayments:underpayments")).content.decode()
    assert claim.public_id in page
    short = ana.get("/api/underpayments").json()["items"][0]
    assert (short["short"], short["cause"]) == ("10.00", "rate")
    line = ana.get(reverse("underpayments:underpayment", args=[short["id"]])).content.decode()
    assert "its amount in the fee schedule" in line
    assert "Several" not in line
    assert "20610" in ana.get(reverse("underpayments:of-claim", args=[claim.public_id])).content.decode()
    assert theo.get(reverse("underpayments:underpayment", args=[short["id"]])).status_code == 404
    assert theo.get("/api/underpayments").json()["total"] == 0
    contract = f"/api/payer-contracts/{short['contract']}/allowed?since=2026-01-01&until=2027-01-01"
    by_code = {one["code"]: one for one in ana.get(contract).json()}
    assert (by_code["20610"]["expected"], by_code["20610"]["allowed"], by_code["20610"]["missing"]) == (
        "80.00", "70.00", "10.00"
    )  # fmt: skip
    assert (by_code["20610"]["short"], by_code["99213"]["difference"] < "0") == (1, True)
    panel = ana.get(reverse("underpayments:of-contract", args=[short["contract"]])).content.decode()
    whole = reverse("underpayments:allowed", args=[short["contract"]])
    assert whole in panel
    assert "20610" in ana.get(whole).content.decode()
    assert "Difference" in b"".join(ana.get(whole, {"export": "csv"})).decode()
    assert theo.get(whole).status_code == theo.get(contract).status_code == 404
    refused = ana.post(f"/api/underpayments/{short['id']}/acceptance", json.dumps({"why": "so"}),
                       content_type="application/json")  # fmt: skip
    assert refused.status_code == 403
