"""The API does what the screens do, in the caller's own practices only."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from openmso.agreements import testing
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.platform.accounts.testing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def rui(cast: Cast) -> Client:
    """An administrator of the MSO, who works for Rockland too."""
    for practice in (cast.mso.id, cast.rockland.id):
        user = testing.person("rui@harborridge.example", "Rui", practice=practice, role="administrator", at=NOW)
    return signed_in(user)


def send(browser: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(browser, method)(f"/api{path}", data=body, content_type="application/json")


def entity(browser: Client, tenant: str, kind: str = "practices") -> str:
    return browser.get(f"/api/{kind}/{tenant}/entities").json()[0]["id"]


def test_a_practice_is_opened_filled_and_read_by_api(cast: Cast, rui: Client) -> None:
    made = send(rui, "post", "/practices", {
        "code": "LUMEN", "name": "Lumen Eye Care", "legal_name": "Lumen Eye Care, PLLC", "specialty": "optometry",
        "state": "NH", "zone": "America/New_York", "starts_on": "2026-03-01",
    })  # fmt: skip
    assert made.status_code == 201, made.content
    lumen = made.json()["id"]
    address = {"line1": "450 Elm Street", "city": "Manchester", "state": "NH", "zip": "031011234"}
    rows = {
        "entities": {"legal_name": "Lumen Eye Care, PLLC", "form": "pllc", "ein": "020560002", "basis": "cash",
                     "starts_on": "2026-03-01"},
        "sites": {"name": "Main", "place_of_service": "11", "address": address, "starts_on": "2026-03-01"},
        "clinicians": {"npi": parties.npi(55_555_555), "taxonomy": "152W00000X", "last_name": "Lumen", "first_name": "Grace",
                       "starts_on": "2026-03-01"},
    }  # fmt: skip
    for kind, body in rows.items():
        answer = send(rui, "post", f"/practices/{lumen}/{kind}", body)
        assert answer.status_code == 201, answer.content
        assert len(rui.get(f"/api/practices/{lumen}/{kind}").json()) == 1
    biller = {
        "entity": entity(rui, lumen), "npi": parties.npi(66_666_666), "npi_type": "2", "tin": "020560002",
        "name": "LUMEN EYE CARE", "taxonomy": "152W00000X", "address": address, "starts_on": "2026-03-01",
    }  # fmt: skip
    assert send(rui, "post", f"/practices/{lumen}/billers", biller).status_code == 201
    refused = send(rui, "post", f"/practices/{lumen}/billers", biller)
    assert (refused.status_code, refused.json()["field"]) == (409, "npi")


def test_an_agreement_is_drafted_executed_and_ended_by_api(cast: Cast, rui: Client) -> None:
    house = parties.practice(at=NOW, code="LUMEN", name="Lumen Eye Care")
    testing.person("rui@harborridge.example", "Rui", practice=house.id, role="administrator", at=NOW)
    mso = rui.get("/api/msos").json()[0]["id"]
    body = {
        "practice": house.practice.public_id, "mode": "bpo", "mso_entity": entity(rui, mso, "msos"),
        "practice_entity": house.entity.public_id, "starts_on": "2026-03-01",
        "lines": [{"code": "denials", "promises": [{"kind": "denials.first_touch", "words": "First touch",
                                                    "business_hours": 100}]}],
        "fee": {"period": "month", "components": [{"kind": "percent", "rate": 0.06, "of": "net_collections"}]},
    }  # fmt: skip

    made = send(rui, "post", "/agreements", body)
    assert made.status_code == 201, made.content
    agreement = made.json()["id"]
    paper = base64.b64encode(testing.pdf("by API").content).decode()
    signers = [
        {"side": side, "name": name, "title": "Owner", "signed_at": "2026-03-02T14:00:00Z"}
        for side, name in (("mso", "Elena"), ("practice", "Grace"))
    ]
    body = {"document": paper, "signers": signers}
    own = send(rui, "post", f"/agreements/{agreement}/execution", body)
    assert (own.status_code, own.json()["code"]) == (403, "same_person")
    for practice in (cast.mso.id, house.id):
        user = testing.person("ines@harborridge.example", "Ines", practice=practice, role="administrator", at=NOW)
    unseen = send(signed_in(user), "post", f"/agreements/{agreement}/execution", body)
    assert (unseen.status_code, unseen.json()["field"]) == (409, "unreviewed")
    body |= {"unreviewed": "Signed before it came here"}
    done = send(signed_in(user), "post", f"/agreements/{agreement}/execution", body)
    assert done.status_code == 201, done.content
    assert done.json()["fee"] == "6% of net collections"
    assert rui.get(f"/api/agreements/{agreement}").json()["standing"] == "now"
    ended = send(rui, "post", f"/agreements/{agreement}/termination", {"ends_on": "2026-03-02", "why": "Over"})
    assert ended.json()["standing"] == "terminated"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fee": {"period": "month", "components": []}}, "fee.components"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"practice_entity": "ENT-22222222"}, "entity"),
    ],
)
def test_a_bad_draft_is_a_problem_with_its_field(cast: Cast, rui: Client, change: dict[str, Any], field: str) -> None:
    mso = rui.get("/api/msos").json()[0]["id"]
    body = {
        "practice": cast.rockland.practice.public_id, "mode": "bpo", "mso_entity": entity(rui, mso, "msos"),
        "practice_entity": cast.rockland.entity.public_id, "starts_on": "2026-03-01", "lines": [],
    }  # fmt: skip

    answer = send(rui, "post", "/agreements", body | change)

    assert answer.status_code in {404, 422}
    assert answer.json()["field"] == field


def test_theo_reaches_nothing_of_rockland_by_api(cast: Cast) -> None:
    theo = signed_in(cast.theo)
    rockland, agreement = cast.rockland.practice.public_id, cast.agreement.agreement

    for path in (f"/practices/{rockland}", f"/practices/{rockland}/billers", f"/practices/{rockland}/clinicians",
                 f"/practices/{rockland}/payer-contracts", f"/agreements/{agreement}"):  # fmt: skip
        assert theo.get(f"/api{path}").status_code == 404, path
    assert [row["code"] for row in theo.get("/api/practices").json()["items"]] == ["RIVAL"]
    assert agreement not in theo.get("/api/agreements").content.decode()
    refused = send(theo, "post", f"/agreements/{agreement}/withdrawal", {"why": "mine"})
    assert refused.status_code == 403


def test_a_fee_is_quoted_by_api(rui: Client) -> None:
    question = {
        "terms": {"period": "month", "components": [{"kind": "percent", "rate": 0.125, "of": "npr"}]},
        "period": "2026-03", "inputs": {"npr": 412387.55},
    }  # fmt: skip
    assert send(rui, "post", "/fees/quote", question).json()["amount"] == "51548.44"


def test_the_payer_register_by_api(cast: Cast, rui: Client) -> None:
    body = {"name": "Granite Health Plan", "edi_id": "87726", "kind": "commercial", "filing": "CI",
            "timely_filing_days": 90, "corrected_days": 180, "appeal_days": 60}  # fmt: skip
    made = send(rui, "post", "/payers", body)
    assert made.status_code == 201, made.content
    changed = send(rui, "put", f"/payers/{made.json()['id']}", body | {"timely_filing_days": 120})
    assert changed.json()["timely_filing_days"] == 120
    assert {row["edi_id"] for row in signed_in(cast.ana).get("/api/payers").json()["items"]} == {"60054", "87726"}
    assert send(signed_in(cast.ana), "post", "/payers", body).status_code == 403
