"""Remittances in a real browser: from the list to the payer's bytes, an unmatched payment, deposits; nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.platform.identity.models import User
from openmso.remittances.testing import claim, line
from openmso.remittances.tests.office import Office, office_of
from openmso.remittances.tests.test_deposits import arrive, match
from tests.browser.test_agreements import enter, look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]
PATIENTS = [("OKAFOR", "DANIEL"), ("REYES", "ANA"), ("LINDQVIST", "PER"), ("ABARA", "GRACE"), ("WELLS", "JUNE")]


@pytest.fixture
def people(site: str) -> tuple[str, Cast, Office]:  # noqa: F811
    """The site, its cast, and a remittance of five claims: paid, partly denied, denied, one that nobody knows."""
    cast = testing.cast()
    office = office_of(cast.rockland, cast.payer, at=cast.at)
    claims = []
    for number, patient in enumerate(PATIENTS):
        sent = office.sent(("99213", "140.00"), ("36415", "18.00"))
        denied = number in {1, 3}
        claims.append(
            claim(
                "RFP-11873" if number == 4 else sent.control,
                line("99213", "140.00", paid="80.00", reasons=["CO 45 45.00", "PR 3 15.00"], control=f"{sent.control}-01"),
                line("36415", "18.00", paid="0" if denied else "18.00", reasons=["CO 97 18.00"] if denied else [],
                     control=f"{sent.control}-02"),
                payer_control=f"ICN{number}", patient=patient,
            )
        )  # fmt: skip
    office.pay(*claims, provider=[("WO", "CLM-OLD", "86.40"), ("L6", "INT", "-3.12")], trace="0081140226")
    sent = office.sent(("99214", "210.00"))
    office.pay(claim(sent.control, line("99214", "210.00", reasons=["CO 197 210.00"])), trace="0081140300")
    sent = office.sent(("99214", "210.00"))
    office.pay(claim(sent.control, line("99214", "210.00", paid="150.00", reasons=["CO 45 60.00"])), trace="0081140311")
    arrive(office, ("2026-03-13", "HCCLAIMPMT SHIELD TRN*1*0081140226*1987654321~", "370.72"),
           ("2026-03-16", "COUNTER DEPOSIT", "151.00"), ("2026-03-30", "CHECK AT THE DESK", "150.00"))  # fmt: skip
    match(office)
    return site, cast, office


def poster(cast: Cast) -> User:
    """Who posts payments for Rockland, and sees its bank."""
    return testing.person("pia@harborridge.example", "Pia Lund", practice=cast.rockland.id, role="poster", at=cast.at)


def test_from_the_list_to_the_bytes_behind_a_figure(page: Page, people: tuple[str, Cast, Office], axe: Axe) -> None:
    address, cast, _ = people
    enter(page, address, cast.priya)

    page.goto(f"{address}/remittances/")
    look(page, "remittances")
    assert axe() == []
    page.get_by_role("row").filter(has_text="0081140226").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("370.72")
    look(page, "remittance")
    assert axe() == []
    page.get_by_role("link", name=re.compile(r"^CLM-[0-9A-Z]{10}$")).first.click()
    page.get_by_role("link", name="2", exact=True).click()
    expect(page.locator("#raw li[aria-current=true]").first).to_contain_text("SVC")
    look(page, "payment")
    assert axe() == []


def test_the_other_screens_are_looked_at(page: Page, people: tuple[str, Cast, Office], axe: Axe) -> None:
    address, cast, _ = people
    enter(page, address, poster(cast))

    for name in ("remittances/unmatched", "remittances/deposits", "remittances/deposits/unexplained",
                 "remittances/deposits/matched", "remittances/upload", "remittances/files", "banking",
                 "banking/import"):  # fmt: skip
        page.goto(f"{address}/{name}/")
        look(page, name.replace("/", "-"))
        assert axe() == [], name
    page.goto(f"{address}/remittances/unmatched/")
    page.get_by_role("link", name="RFP-11873").click()
    expect(page.get_by_text("Which claim is it?")).to_be_visible()
    look(page, "payment-unmatched")
    assert axe() == []


def test_the_money_of_a_remittance_is_found_from_what_is_offered(
    page: Page, people: tuple[str, Cast, Office], axe: Axe
) -> None:
    address, cast, _ = people
    enter(page, address, poster(cast))
    page.goto(f"{address}/remittances/deposits/")
    row = page.get_by_role("row").filter(has_text="0081140311")
    expect(row).to_contain_text("1 candidate: the same cents")

    row.get_by_role("link").first.click()
    expect(page.get_by_text("Which money is it?")).to_be_visible()
    expect(page.get_by_text("CHECK AT THE DESK")).to_be_visible()
    look(page, "deposit-pair")
    assert axe() == []
    page.get_by_role("button", name="Match", exact=True).first.click()

    expect(page.get_by_text("Matched as DEP-")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="0081140311")).to_have_count(0)
    page.get_by_role("link", name="Matched", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="A person")).to_have_count(1)
