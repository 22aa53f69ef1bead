"""Accounts and payments, by screen and by software; strangers find nothing."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing.tests.conftest import left_to_patient
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.remittances.tests.office import Office

pytestmark = pytest.mark.django_db


def test_a_payment_is_taken_at_the_desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    claim, patient = left_to_patient(office, "20.00", "12.50")
    ana = signed_in(agreements.person("ana@rockland.example", "Ana", practice=office.practice, role="physician",
                                      at=office.at))  # fmt: skip
    staff = signed_in(agreements.person("sam@rockland.example", "Sam", practice=office.practice, role="practice_staff",
                                        at=office.at))  # fmt: skip
    theo = signed_in(agreements.person("theo@rival.example", "Theo", practice=agreements.party_builders.practice(
        at=office.at, code="RIVAL", name="Rival Eye Care").id, role="practice_owner", at=office.at))  # fmt: skip
    here = reverse("billing:account", args=[patient])

    assert patient in staff.get(reverse("billing:accounts")).content.decode()
    taken = staff.post(reverse("billing:take", args=[patient]), {"amount": "50", "method": "cash", "reference": ""})
    assert (taken.status_code, taken["Location"]) == (303, here)
    wrong = staff.post(reverse("billing:take", args=[patient]), {"amount": "5", "method": "check", "reference": ""})
    assert (wrong.status_code, "A check has a number" in wrong.content.decode()) == (422, True)

    told = ana.get(f"/api/patients/{patient}/account").json()
    assert (told["owed"], told["unapplied"], [one["owed"] for one in told["lines"]]) == ("0.00", "17.50", ["0.00"] * 2)
    receipt = told["payments"][0]["id"]
    assert "17.50" in ana.get(f"{reverse('billing:payments')}?q=is:unapplied").content.decode()
    page = staff.get(reverse("billing:payment", args=[receipt])).content.decode()
    assert "Take back from the lines" in page
    assert "Take back" not in ana.get(reverse("billing:payment", args=[receipt])).content.decode()
    assert claim.public_id in staff.get(here).content.decode()
    assert "Settled" in ana.get(reverse("billing:of-claim", args=[claim.public_id])).content.decode()
    assert staff.post(reverse("billing:withdraw", args=[receipt]), {"why": "Wrong visit"}).status_code == 303
    again = staff.post(f"/api/patient-payments/{receipt}/application", json.dumps(
        {"lines": [{"claim": claim.public_id, "line": 2, "amount": "12.50"}]}), content_type="application/json")  # fmt: skip
    assert (again.status_code, again.json()["left"]) == (200, "37.50")

    assert theo.get(here).status_code == 404
    assert theo.get("/api/patient-payments").json()["total"] == 0
    assert ana.post(f"/api/patients/{patient}/payments", json.dumps({"method": "cash", "amount": "5.00"}),
                    content_type="application/json").status_code == 403  # fmt: skip
