"""From tasks by the piece to management: what would change is seen first, and the past stays as it was signed."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from openmso.agreements import rules, testing
from openmso.agreements.contracts import Mode
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import law, tasks
from openmso.agreements.tasks.rules import fitted
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.queries import practices
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading, scope

BY_PIECE = {
    "period": "month",
    "components": [{"kind": "per_unit", "unit": "claim", "count": "claims", "price": "6.40"}],
}


def test_a_practice_goes_from_tasks_by_the_piece_to_management(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    house = parties.practice(at=NOW, code="STILL", name="Still Waters")
    version = testing.executed(cast.mso, house, at=NOW, mode=Mode.BPO, lines="revenue_cycle accounting", fee=BY_PIECE)
    for practice in (cast.mso.id, house.id):
        kate = testing.person("kate@harborridge.example", "Kate", practice=practice, role="mso_executive", at=NOW)
    browser = signed_in(kate)
    place = reverse("agreements:convert", args=[version.agreement])

    assert "now Tasks by the piece (BPO)" in browser.get(place).content.decode()
    wanted = {
        "mode": "third_party", "effective_on": "2026-04-01", "percent": "5", "lines": ["revenue_cycle", "scheduling"],
        "reserved": ["RD03", "RD13"], "figure_claims": "900", "figure_net_collections": "120000.00",
    }  # fmt: skip
    address = f"{place}?{urlencode(wanted, doseq=True)}"
    shown = browser.get(address)
    page, plan = shown.content.decode(), shown.context["plan"]

    changed = ["Mode", "Fee", "Reserved decisions", "Accounting", "Scheduling", "Scheduling: tasks"]
    assert [one.what for one in plan.changes] == changed
    assert {one.line: one.opens_patients for one in plan.access} == {"Accounting": False, "Scheduling": True}
    assert "$5,760.00 a month" in page
    assert "$6,000.00 a month" in page
    assert {"Joint operating board", "Budget"} <= set(plan.added_clauses)
    assert "Tasks by the piece" in plan.dropped_clauses
    assert {one.need.kind.value: one.held.value for one in plan.needed} == {
        "baa": "there", "power_of_attorney": "missing", "billing_agreement": "missing",
    }  # fmt: skip
    assert any(one.rule.code == "AKS-PCT-07" for one in plan.findings), "a percentage from an MSO that bills"

    drafted = browser.post(address)
    assert (drafted.status_code, drafted["Location"]) == (303, reverse("agreements:document", args=[version.agreement]))
    with scope(practices=[house.id, cast.mso.id]), reading():
        found = queries.agreement(version.agreement)
        assert found.draft is not None
        assert (found.draft.starts_on, found.draft.terms.mode) == (date(2026, 4, 1), Mode.THIRD_PARTY)
        assert found.versions[0].terms.mode is Mode.BPO, "what was signed stays"
        assert found.version_on(date(2026, 3, 31)) == found.versions[0]
    assert "An amendment is being drafted already." in browser.get(address).content.decode()
    assert browser.post(address).status_code == 422
    with scope(practices=[house.id, cast.mso.id]), reading():
        ours = practices.entity(version.terms.mso.entity, on=date(2026, 3, 2)).public_id
    asked = {"mode": "friendly_pc", "effective_on": "2026-04-01", "starts_on": "2026-01-01", "mso_entity": ours,
             "practice_entity": house.entity.public_id, "lines": [{"code": "accounting"}]}  # fmt: skip
    told = browser.post(f"/api/agreements/{version.agreement}/conversion", json.dumps(asked), "application/json")
    assert told.status_code == 200, told.content
    assert "stock_transfer" in {one["kind"] for one in told.json()["papers"]}


def test_what_is_unusual_for_a_mode_is_told_and_stops_nothing(cast: Cast) -> None:
    by_percent = testing.terms(cast.mso, cast.rockland, mode=Mode.BPO)
    by_piece = testing.terms(cast.mso, cast.rockland, mode=Mode.BPO, lines="accounting", fee=BY_PIECE)

    assert [one.field for one in rules.oddities(by_percent)] == ["fee", "lines"]
    assert list(rules.oddities(by_piece)) == []
    assert list(rules.faults(fitted(by_percent, tasks.known()))) == []


def test_who_owns_the_mso_and_what_a_practice_does_are_facts_of_law(cast: Cast) -> None:
    with cast.scope(), reading():
        known = law.known_of(queries.agreement(cast.agreement.agreement), on=date(2026, 3, 2))

    assert (known["mso.ownership"].said, known["practice.is_multi_specialty"].said) == ("physician", "no")
