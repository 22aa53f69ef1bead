"""Rules that the demo's billers write after a month of denials: one that catches claims, an adjustment, a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from openmso.claims.services import rulebook
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network.building import Network, within

WRITTEN_AT = datetime(2026, 10, 1, 14, tzinfo=UTC)
By = Callable[[str, datetime], Actor]


def write(network: Network, by: By) -> None:
    """Write them as the biller, and make two live as the lead the same day."""
    with within(network.mso, *(site.practice for site in network.sites.values())):
        codes = [
            rulebook.draft(actor=by("biller", WRITTEN_AT), text=text, at=WRITTEN_AT + timedelta(minutes=number))
            for number, text in enumerate((_authorization(network), _taxonomy(), _draft()))
        ]
        later = WRITTEN_AT + timedelta(hours=2)
        for code, why in zip(codes, ("Six denials in September", "They match on the NPI alone"), strict=False):
            rulebook.make_live(actor=by("billing_lead", later), code=code, why=why, at=later)


def _authorization(network: Network) -> dict[str, Any]:
    with reading():
        medicaid = payers.payer(network.payers["State Medicaid"]).public_id
    when = {"all": [
        {"property": "line.code", "operator": "is_one_of", "value": ["90837", "99214"]},
        {"property": "claim.authorization", "operator": "is_empty"},
    ]}  # fmt: skip
    return {
        "title": "State Medicaid wants an authorization for long visits", "action": "hold",
        "words": "State Medicaid denies this without an authorization (CARC 197).",
        "fix": "Ask for the number, or say who told you that none is needed.",
        "evidence": "State Medicaid bulletin 26-114, and denials of September",
        "scope": {"payers": [medicaid], "service_from": "2026-10-01"}, "when": when,
    }  # fmt: skip


def _taxonomy() -> dict[str, Any]:
    return {
        "title": "Vision plans do not match on the clinician's taxonomy", "action": "off", "of": "renderer_taxonomy",
        "evidence": "ClearSight Vision, provider manual, chapter 4", "scope": {"payer_kinds": ["vision"]},
    }  # fmt: skip


def _draft() -> dict[str, Any]:
    when = {"all": [
        {"property": "line.code", "operator": "is", "value": "17110"},
        {"property": "line.first_diagnosis", "operator": "begins_with_none", "value": ["B07", "D48"]},
    ]}  # fmt: skip
    return {
        "title": "Warts are treated for a diagnosis of warts", "action": "warn",
        "words": "Payers pay 17110 for warts and for growths of uncertain behavior.",
        "fix": "Check the diagnosis with the dermatologist.", "evidence": "Two letters of Atlantic Shield",
        "scope": {"specialties": ["dermatology"]}, "when": when,
    }  # fmt: skip
