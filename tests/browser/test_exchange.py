"""The exchange in a real browser: what waits to be handed in, routes, an outage, enrolments; nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.claims import testing as claims
from openmso.claims.states import S
from openmso.exchange import testing as exchange
from openmso.exchange.contracts import PartnerFacts, PartnerKind, Transaction, Way
from openmso.exchange.services import enrolling
from openmso.platform.tenancy.scope import scope
from tests.browser.test_agreements import enter
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]


def test_a_file_is_handed_in_and_an_outage_is_declared(page: Page, site: str, axe: Axe) -> None:  # noqa: F811
    cast = testing.cast()
    rockland = claims.open_for_billing(cast.rockland, cast.payer, at=cast.at)
    wire = PartnerFacts(
        "Tidewater Clearing", PartnerKind.CLEARINGHOUSE, Way.SFTP, "sftp.tidewater.example", 22,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTrUF2X", "harbor", "a pass phrase", None, "/in", "/out",
    )  # fmt: skip
    tidewater = exchange.partner(cast.mso.id, wire, at=cast.at)
    portal = exchange.by_hand(cast.mso.id, at=cast.at)
    exchange.route(cast.mso.id, [tidewater, portal], at=cast.at)
    exchange.route(cast.mso.id, [portal], at=cast.at, payer=cast.payer.id)
    claims.claim_at(S.SENT, rockland, at=cast.at)
    with scope(practices=[cast.rockland.id]):
        enrolled = enrolling.begin(
            actor=exchange.actor(cast.at), biller=cast.rockland.biller.public_id, payer=cast.payer.public_id,
            transaction=Transaction.REMITTANCE, at=cast.at,
        )  # fmt: skip
    marta = testing.person(
        "marta@harborridge.example", "Marta Silveira", practice=cast.rockland.id, role="billing_lead", at=cast.at
    )
    enter(page, site, marta)

    page.goto(f"{site}/exchange/")
    assert axe() == []
    page.get_by_role("link", name=re.compile("^TRX-")).first.click()
    page.get_by_role("link", name="Mark as handed in").click()
    expect(page.get_by_label("Where, and under which receipt")).to_be_visible()
    assert axe() == []
    page.get_by_label("Where, and under which receipt").fill("Portal, receipt 4711")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("receipt 4711")
    assert axe() == []

    page.goto(f"{site}/exchange/partners/{tidewater.public_id}/down/")
    page.get_by_label("What is wrong").fill("Their status page says so")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{site}/exchange/partners/{tidewater.public_id}/")
    assert axe() == []
    page.goto(f"{site}/exchange/routes/")
    expect(page.locator("main")).to_contain_text("Tidewater Clearing is down")
    assert axe() == []
    for path in ("exchange/partners/", "exchange/enrolments/", f"exchange/enrolments/{enrolled}/", "claims/follow-up/",
                 "exchange/mailbox/", "exchange/routes/set/"):  # fmt: skip
        page.goto(f"{site}/{path}")
        assert axe() == [], path
