"""Coverage in a real browser: the worklist, a benefit sheet, the payer behind a plan taken as coverage; nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from edi.x12.eligibility.model import Benefit, Delivery
from edi.x12.values import Party
from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.eligibility import testing as payer
from openmso.eligibility.services import asking, sending
from openmso.parties import testing as parties
from openmso.parties.contracts import PayerKind
from openmso.patients import testing as patients
from openmso.platform.access.contracts import Actor
from tests.browser.test_agreements import enter, look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]
BEHIND = Party(role="PR", last="ATLANTIC CARE", id_qualifier="PI", id="77001")
SHEET = (
    *payer.ACTIVE,
    Benefit("C", "IND", ("30",), period="23", amount=Decimal("600"), in_network="Y"),
    Benefit("A", "IND", ("30",), percent=Decimal("0.2"), in_network="Y"),
    Benefit("B", "IND", ("98",), period="27", amount=Decimal("60"), in_network="N"),
    Benefit("F", "IND", ("AM",), amount=Decimal("150"), deliveries=(Delivery("VS", Decimal(1), period="34",
            period_count=Decimal(24)),), messages=("Frames from the plan's own list only.",)),
    Benefit("R", "IND", ("30",), "HM", "MANAGED", parties=(BEHIND,)),
)  # fmt: skip


@pytest.fixture
def people(site: str) -> tuple[str, Cast]:  # noqa: F811
    """The site, its cast, and three checks: answered with a plan behind it, refused, to be retried."""
    cast = testing.cast()
    medicaid = parties.payer(cast.mso, at=cast.at, edi_id="MCD01", name="State Medicaid", kind=PayerKind.MEDICAID)
    parties.payer(cast.mso, at=cast.at, edi_id="77001", name="Atlantic Care")
    actor = Actor.system("a test", at=cast.at)
    with cast.scope():
        for last, desk in (("Okafor", payer.Desk(SHEET)), ("Reyes", payer.Desk(())), ("Wells", None)):
            one = patients.patient(practice=cast.rockland.id, at=cast.at, who=patients.person(last))
            patients.coverage(one, payer_id=medicaid.id, at=cast.at, member_id=f"M{last}")
            asking.ask_about_patient(actor=actor, patient=one.public_id, at=cast.at)
            if desk is not None:
                with payer.line(desk):
                    sending.send_due(actor=actor, practice=cast.rockland.id, at=cast.at)
    return site, cast


def test_a_biller_reads_the_sheet_and_takes_the_payer_behind_it_as_coverage(
    people: tuple[str, Cast], page: Page, axe: Axe
) -> None:
    site, cast = people  # noqa: F811
    enter(page, site, cast.priya)
    page.goto(f"{site}/coverage/")
    expect(page.get_by_role("heading", name="Coverage")).to_be_visible()
    expect(page.get_by_text("The answer tells no benefits.")).to_be_visible()
    assert axe() == []
    look(page, "coverage-worklist")
    page.get_by_role("link", name="ELG-").first.click()
    expect(page.get_by_text("Takes the claims instead")).to_be_visible()
    assert axe() == []
    look(page, "coverage-sheet")
    page.get_by_role("link", name="Take this payer as coverage").click()
    expect(page.get_by_label("Payer of the register")).to_have_value(re.compile("PAY-"))
    expect(page.get_by_label("It takes the place")).to_be_checked()
    assert axe() == []
    look(page, "coverage-taken")
    for name in ("authorizations", "authorizations/new", "authorization-rules", "authorization-rules/new"):
        page.goto(f"{site}/coverage/{name}/")
        assert axe() == []
        look(page, name.replace("/", "-"))
