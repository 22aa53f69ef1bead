"""The screens and the API of the catalogue: a biller writes without code, tries it on a claim, a lead makes it live."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast, person
from openmso.claims.queries import rulebook as queries
from openmso.claims.states import RuleState, S
from openmso.claims.testing import BillingHouse, claim_at
from openmso.kit.errors import NotFound
from openmso.platform.accounts.testing import bearer, signed_in, token_for
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TYPED: dict[str, Any] = {
    "title": "Diabetes visits are counselled", "action": "hold", "words": "The payer wants the counselling code.",
    "fix": "Add the code, or say why not.", "evidence": "Payer's bulletin", "practices": ["ROCK"], "states": "me, nh",
    "all0-property": "line.code", "all0-operator": "is_one_of", "all0-value": "99213, 99214",
    "all1-property": "claim.authorization", "all1-operator": "is_empty",
    "any0-property": "claim.diagnoses", "any0-operator": "begins_with", "any0-value": "E11",
    "any1-property": "patient.age", "any1-operator": "less", "any1-value": "12",
}  # fmt: skip


@pytest.fixture
def marta(cast: Cast, now: datetime) -> Client:
    """The billing lead of Rockland."""
    return signed_in(
        person("marta@harborridge.example", "Marta Silveira", practice=cast.rockland.id, role="billing_lead", at=now)
    )


def written(priya: Client) -> str:
    answer = priya.post(reverse("claims:new_rule"), TYPED)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"]).rstrip("/").rpartition("/")[2]


def test_a_biller_writes_a_rule_without_code_and_a_lead_makes_it_live(
    rockland: BillingHouse, priya: Client, marta: Client, now: datetime
) -> None:
    code = written(priya)
    place = reverse("claims:rule", args=[code])
    shown = priya.get(place).content.decode()
    assert "A draft waits" in shown
    assert "line: code is one of 99213, 99214" in shown
    assert "(Diagnoses begins with one of E11 or Age in years is less than 12)" in shown
    assert "You wrote this draft; somebody else has to make it live." in shown

    again = priya.get(reverse("claims:change_rule", args=[code])).content.decode()
    assert 'value="99213, 99214"' in again
    live = marta.post(reverse("claims:make_rule_live", args=[code]), {"starts_on": now.date(), "why": "Three denials"})
    held = claim_at(S.READY, rockland, at=now)

    assert live.status_code == 303
    assert held.state is S.HELD
    story = priya.get(reverse("claims:claim", args=[held.public_id])).content.decode()
    assert "Line 1: The payer wants the counselling code." in story
    assert f'href="{place}"' in story
    listed = priya.get(reverse("claims:rules"), {"q": "origin:own"}).content.decode()
    assert "Diabetes visits are counselled" in listed
    compared = priya.get(reverse("claims:rule_version", args=[code, 1])).content.decode()
    assert "Priya Raman" in compared
    assert "Marta Silveira" in compared


def test_what_is_typed_wrong_is_told_beside_the_form_and_nothing_is_kept(priya: Client) -> None:
    answer = priya.post(reverse("claims:new_rule"), {**TYPED, "any1-value": "old"})

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "old is no value for Age in years" in said
    assert "Enter a number, as 12" in said
    assert 'value="old"' in said


def test_the_rule_is_tried_on_a_claim_while_it_is_written(
    rockland: BillingHouse, priya: Client, cast: Cast, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    url = reverse("claims:try_rule")

    tried = priya.post(url, {**TYPED, "title": "", "claim": claim.public_id}, headers=HTMX).content.decode()
    missed = priya.post(url, {**TYPED, "all0-value": "99499", "claim": claim.public_id}, headers=HTMX).content.decode()
    wrong = priya.post(url, {**TYPED, "all0-operator": "less", "claim": claim.public_id}, headers=HTMX)
    nothing = priya.post(url, {**TYPED, "claim": "CLM-22222222"}, headers=HTMX).content.decode()

    assert "It hits" in tried
    assert "Line 1: code is one of 99213, 99214" in tried
    assert "It says nothing" in missed
    assert "cannot be compared like that" in wrong.content.decode()
    assert "There is no claim CLM-22222222" in nothing


def test_a_rule_of_the_house_is_adjusted_and_a_firm_one_is_not(priya: Client) -> None:
    adjustment = {"title": "Tracings are read twice", "action": "off", "evidence": "Letter", "practices": ["ROCK"]}

    made = priya.post(reverse("claims:adjust_rule", args=["line_twice"]), adjustment)
    firm = priya.get(reverse("claims:adjust_rule", args=["biller_npi"]))
    rewritten = priya.get(reverse("claims:change_rule", args=["line_twice"]))

    assert made["Location"].endswith("/claims/rules/line_twice.1/")
    assert (firm.status_code, rewritten.status_code) == (422, 422)
    assert "Tracings are read twice" in priya.get(reverse("claims:rule", args=["line_twice"])).content.decode()


def test_a_draft_is_thrown_away_and_a_live_rule_retired_with_a_reason(
    cast: Cast, priya: Client, marta: Client, now: datetime
) -> None:
    gone, kept = written(priya), written(priya)
    marta.post(reverse("claims:make_rule_live", args=[kept]), {"starts_on": now.date(), "why": "Three denials"})

    assert priya.post(reverse("claims:discard_rule", args=[gone])).status_code == 303
    assert priya.post(reverse("claims:retire_rule", args=[kept]), {"why": "No more"}).status_code == 403
    assert marta.post(reverse("claims:retire_rule", args=[kept]), {"why": "The payer took it back"}).status_code == 303
    with cast.scope(), reading():
        assert {queries.page(code).row.state for code in (gone, kept)} == {RuleState.RETIRED}


def test_the_list_of_properties_is_that_of_the_engine(priya: Client) -> None:
    shown = priya.get(reverse("claims:properties")).content.decode()

    assert "line.charge_per_unit" in shown
    assert "Is on or after" in shown


def test_software_writes_tries_and_reads_rules(
    cast: Cast, rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    asks = ("claims.read", "claims.draft_rules")
    lead = person("marta@harborridge.example", "Marta", practice=cast.rockland.id, role="billing_lead", at=now)
    client = bearer(token_for(lead, asks, [Tenant.objects.get(pk=cast.rockland.id)]))
    rule = {
        "title": "Nested rule", "action": "warn", "words": "Ask the front desk.", "fix": "Call the patient.",
        "evidence": "Ours alone", "scope": {"practices": ["ROCK"]},
        "when": {"any": [{"all": [{"property": "line.units", "operator": "at_least", "value": 1}]}]},
    }  # fmt: skip

    def send(method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(f"/api{path}", json.dumps(body), content_type="application/json")

    tried = send("post", "/scrub-rule-trials", {"rule": rule, "claim": claim.public_id}).json()
    made = send("post", "/scrub-rules", rule)
    code = made.json()["code"]
    refused = send("post", "/scrub-rules", {**rule, "when": {"any": []}})
    redrafted = send("put", f"/scrub-rules/{code}/draft", {**rule, "action": "hold"}).json()
    forbidden = send("post", f"/scrub-rules/{code}/versions", {"why": "I like it"})

    assert tried["findings"] == ["Line 1: Ask the front desk."]
    assert (made.status_code, refused.status_code, forbidden.status_code) == (201, 422, 403)
    assert "any of nothing is asked" in refused.content.decode()
    assert redrafted["draft"]["text"]["action"] == "hold"
    assert redrafted["draft"]["when"] == "line: units is at least 1"
    nested = priya.get(reverse("claims:change_rule", args=[code]))
    assert nested.status_code == 422
    assert client.get("/api/scrub-rules?q=nested&origin=own").json()["total"] == 1
    assert client.get("/api/scrub-rules/line_twice").json()["is_firm"] is False
    assert len(client.get("/api/scrub-rule-properties").json()) > 60
    assert client.delete(f"/api/scrub-rules/{code}/draft").json()["state"] == "retired"


def test_somebody_of_another_practice_sees_no_rule_for_this_one(cast: Cast, priya: Client) -> None:
    code = written(priya)

    assert signed_in(cast.theo).get(reverse("claims:rule", args=[code])).status_code == 404
    with cast.scope(cast.rival), reading(), pytest.raises(NotFound):
        queries.page(code)
