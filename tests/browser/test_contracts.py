"""Payer contracts in a real browser: read, tried with a code, drafted; nothing for axe."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.agreements.testing import NOW
from openmso.contracting.testing import published
from tests.browser.test_agreements import enter, look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]


def test_the_owner_tries_a_code_and_drafts_the_next_version(page: Page, site: str, axe: Axe) -> None:  # noqa: F811
    cast = testing.cast()
    with cast.scope():
        made = published(
            practice=cast.rockland.id, payer_id=cast.payer.id, at=NOW, rates={"99213": "92.40", "92250-26": "20.00"},
            wording="J0000-J9999: 80% of charge\nall: fee schedule", limits="appeal: 60 days from remittance",
        )  # fmt: skip
    enter(page, site, cast.ana)

    page.goto(f"{site}/contracts/{made.public_id}/")
    page.get_by_role("button", name="Price it").click()
    expect(page.locator("#price tfoot")).to_contain_text("$92.40")
    look(page, "contract")
    assert axe() == []
    page.goto(f"{site}/contracts/{made.public_id}/draft/")
    expect(page.locator("[name=rates]")).to_have_value("92250, 26, 20.00, 20.00\n99213, , 92.40, 92.40")
    look(page, "contract-draft")
    assert axe() == []
    page.goto(f"{site}/underpayments/contracts/{made.public_id}/1/")
    look(page, "contract-repriced")
    assert axe() == []
    page.goto(f"{site}/underpayments/")
    look(page, "underpayments")
    assert axe() == []
