"""Agreements and practices in a real browser: read by the owner, drafted and quoted by the MSO, nothing for axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.agreements.testing import NOW, Cast
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]
TIERS = {
    "period": "month",
    "components": [
        {
            "kind": "tiers", "how": "marginal", "of": "net_collections",
            "bands": [{"up_to": "100000", "rate": "6.5%"}, {"up_to": "200000", "rate": "5.5%"}, {"rate": "4.5%"}],
        }
    ],
    "minimum": "6000",
    "cap": "13000",
}  # fmt: skip


def enter(page: Page, site: str, user: User) -> None:  # noqa: F811
    """The person is signed in, with a second factor, just now."""
    session = signed_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


def look(page: Page, name: str) -> None:
    """Keep a picture where OPENMSO_PICTURES says."""
    if folder := os.environ.get("OPENMSO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def people(site: str) -> tuple[str, Cast, User]:  # noqa: F811
    """The site with its cast, and Kate, an executive of the MSO."""
    cast = testing.cast()
    for practice in (cast.mso.id, cast.rockland.id):
        kate = testing.person("kate@harborridge.example", "Kate Lind", practice=practice, role="mso_executive", at=NOW)
    return site, cast, kate


def test_the_owner_reads_her_agreement_and_asks_what_a_month_would_cost(
    page: Page, people: tuple[str, Cast, User], axe: Axe
) -> None:
    address, cast, _ = people
    enter(page, address, cast.ana)

    page.goto(f"{address}/agreements/{cast.agreement.agreement}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rockland Family Practice")
    page.get_by_label("Net collections, all else").fill("100000.00")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("#quote tfoot")).to_contain_text("6,000.00")
    look(page, "agreement-quote")
    assert axe() == []
    page.goto(f"{address}/practices/{cast.rockland.practice.public_id}/")
    look(page, "practice")
    assert axe() == []


def test_the_mso_amends_and_compares(page: Page, people: tuple[str, Cast, User], axe: Axe) -> None:
    address, cast, kate = people
    enter(page, address, kate)

    page.goto(f"{address}/agreements/")
    expect(page.get_by_role("table")).to_contain_text("Rockland")
    look(page, "agreements")
    assert axe() == []
    page.goto(f"{address}/agreements/{cast.agreement.agreement}/amend/")
    look(page, "amend")
    assert axe() == []
    page.get_by_label("In a few words").fill("Purchasing leaves")
    page.get_by_label("Purchasing", exact=True).uncheck()
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_role("link", name="Compare", exact=True).first.click()
    expect(page.locator("#changes")).to_contain_text("not in scope")
    look(page, "compare")
    assert axe() == []
    page.goto(f"{address}/agreements/{cast.agreement.agreement}/execute/")
    look(page, "execute")
    assert axe() == []
    page.goto(f"{address}/agreements/{cast.agreement.agreement}/terminate/")
    look(page, "terminate")
    assert axe() == []


def test_a_telephone_shows_an_agreement_without_sideways_scrolling(phone: Page, people: tuple[str, Cast, User]) -> None:
    address, cast, _ = people
    enter(phone, address, cast.ana)

    phone.goto(f"{address}/agreements/{cast.agreement.agreement}/")

    look(phone, "agreement-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "[...document.querySelectorAll('.table-wrap')].filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert phone.evaluate(wide) == 0
