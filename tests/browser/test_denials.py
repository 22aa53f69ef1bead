"""Denials in a real browser: from the queue, by keys, to a page that says what it is worth; a letter; nothing for axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.denials.services import appealing, writing_off
from openmso.denials.tests.conftest import Desk, said
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.tests.office import office_of
from tests.browser.test_agreements import enter, look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]
REASONS = (
    ("CO 197 420.00", "420.00", ()), ("CO 16 140.00", "140.00", ("N290",)), ("CO 50 310.00", "310.00", ("N115",)),
    ("CO 97 180.00", "180.00", ("M15",)), ("OA 18 95.00", "95.00", ()), ("CO 987 60.00", "60.00", ()),
)  # fmt: skip


@pytest.fixture
def people(site: str) -> tuple[str, Cast, Desk, list[str]]:  # noqa: F811
    """The site, its cast, six denials: one paid since, one in a draft of an appeal, one waiting for approval."""
    cast = testing.cast()
    desk = Desk(office_of(cast.rockland, cast.payer, at=cast.at))
    made = [desk.deny(reason, charge=charge, remarks=remarks) for reason, charge, remarks in REASONS]
    desk.answer(said(made[1].claim_name, "CO 45 40.00", paid="100.00"))
    with desk.scope():
        appealing.keep_template(
            actor=desk.actor, mso=tenancy.mso(), name="necessity", title="Necessity of {{ claims }}", at=cast.at,
            body="{{ level }}: please pay {{ amount }}.\n\n{{ lines }}", category="med_necessity",
        )  # fmt: skip
        appeal = appealing.draft(actor=desk.actor, denials=[made[2].public_id], at=cast.at)
        writing_off.ask(actor=desk.actor, denial=made[3].public_id, why="Bundled, rightly", at=cast.at)
    return site, cast, desk, [*(one.public_id for one in made), appeal]


def test_from_the_queue_to_what_a_denial_is_worth(
    page: Page, people: tuple[str, Cast, Desk, list[str]], axe: Axe
) -> None:
    address, cast, _, made = people
    enter(page, address, cast.priya)

    page.goto(f"{address}/denials/?q=is:new")
    expect(page.get_by_role("link", name=made[0])).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#preview")).to_contain_text("left open of")
    assert axe() == []
    look(page, "denials-queue")
    page.goto(f"{address}/denials/{made[0]}/")
    page.locator("button.fig").first.click()
    expect(page.get_by_text("Starting value of this kind")).to_be_visible()
    look(page, "denials-denial")
    page.keyboard.press("Escape")
    assert axe() == []
    page.goto(f"{address}/denials/{made[3]}/")
    look(page, "denials-approval")
    page.goto(f"{address}/denials/appeals/{made[-1]}/")
    look(page, "denials-appeal")
    assert axe() == []
    page.goto(f"{address}/denials/causes/?month=2026-03")
    look(page, "denials-causes")
    assert axe() == []
    page.goto(f"{address}/denials/map/")
    look(page, "denials-map")
    assert axe() == []
    page.goto(f"{address}/denials/letters/")
    assert axe() == []
    page.goto(f"{address}/denials/appeals/")
    look(page, "denials-appeals")
    assert axe() == []
