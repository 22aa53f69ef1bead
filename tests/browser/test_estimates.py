"""The front desk in a real browser: visits ahead, an estimate that is owed is made and given; nothing for axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.claims.testing import open_for_billing
from openmso.contracting.testing import published
from openmso.eligibility import testing as payer
from openmso.eligibility.services import asking
from openmso.estimates.contracts import EstimateDraft, ItemDraft, Kind
from openmso.estimates.services import making
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.contracts import PayerKind
from openmso.patients import testing as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft, VisitStatus
from tests.browser.test_agreements import enter, look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]


@pytest.fixture
def people(site: str) -> tuple[str, Cast, str]:  # noqa: F811
    """The site, its cast, and three visits ahead: self-pay, insured with a share worked out, insured and not asked."""
    cast = testing.cast()
    at, house = clock.now(), cast.rockland
    actor = Actor.system("a test", at=at)
    with cast.scope():
        open_for_billing(house, cast.payer, at=at)
        published(practice=house.id, payer_id=cast.payer.id, at=at)
        parties.payer(cast.mso, at=at, edi_id="22248", name="ClearSight Vision", kind=PayerKind.VISION)
        seen = []
        for last, covered in (("Reyes", False), ("Okafor", True), ("Wells", True)):
            one = patients.patient(practice=house.id, at=at, who=patients.person(last))
            if covered:
                patients.coverage(one, payer_id=cast.payer.id, at=at)
            draft = VisitDraft(one.id, at.date() + timedelta(days=21), "test", last, house.clinician.id, house.site.id,
                               reason="Sore knee", status=VisitStatus.PLANNED)  # fmt: skip
            seen += scheduling.record_visits(actor=actor, practice=house.id, drafts=[draft], at=at).visits
            if last == "Okafor":
                asking.ask_about_patient(actor=actor, patient=one.public_id, at=at)
                payer.asked(payer.Desk(), practice=house.id, at=at)
                items = (ItemDraft("99213", words="Office visit"), ItemDraft("20610", words="Injection into the knee"))
                what = EstimateDraft(Kind.SHARE, one.public_id, draft.service_on, items, "Sore knee",
                                     visit=seen[-1].public_id)  # fmt: skip
                share = making.make(actor=actor, draft=what, at=at)
        outbox.deliver_pending(at=at)
    return site, cast, share


def test_the_desk_makes_an_estimate_and_gives_it(people: tuple[str, Cast, str], page: Page, axe: Axe) -> None:
    site, cast, share = people  # noqa: F811
    enter(page, site, cast.priya)
    page.goto(f"{site}/estimates/desk/")
    expect(page.get_by_text("Self-pay: give a good faith estimate")).to_be_visible()
    assert axe() == []
    look(page, "desk")
    page.goto(f"{site}/estimates/{share}/")
    expect(page.get_by_text("Deductible that is left")).to_be_visible()
    assert axe() == []
    look(page, "share")
    page.goto(f"{site}/estimates/?q=is:due")
    page.get_by_role("link", name="EST-").first.click()
    expect(page.get_by_text("It is to be given to the patient by")).to_be_visible()
    page.get_by_role("link", name="Make it").click()
    page.get_by_label("Services").fill("99213 Office visit\n20610 x1 185.00 Injection into the knee")
    assert axe() == []
    look(page, "make-estimate")
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("link", name="Give it to the patient").click()
    page.get_by_role("button", name="It was given").click()
    expect(page.get_by_text("It is given and kept.")).to_be_visible()
    assert axe() == []
    look(page, "given")


def test_the_desk_records_a_card_chooses_a_plan_collects_in_two_clicks_and_cancels_a_visit(
    people: tuple[str, Cast, str], page: Page, axe: Axe
) -> None:
    site, cast, _ = people  # noqa: F811
    tess = testing.person("tess@rockland.example", "Tess", practice=cast.rockland.id, role="practice_staff", at=cast.at)
    enter(page, site, tess)
    page.goto(f"{site}/estimates/desk/?q=Okafor")
    page.get_by_role("link", name="VIS-").first.click()
    visit = page.url
    page.get_by_role("link", name="Coverages").click()
    page.get_by_role("link", name="Record a coverage").click()
    page.get_by_label("Payer").select_option("ClearSight Vision")
    page.get_by_label("Member id").fill("V77120")
    assert axe() == []
    look(page, "card")
    page.get_by_role("button", name="Record it and ask the payer").click()
    expect(page.get_by_text("V77120")).to_be_visible()
    page.goto(visit)
    page.get_by_text("Ask another plan").click()
    page.get_by_label("Plan that is asked first").select_option("ClearSight Vision, vision, primary")
    page.get_by_label("Why another").fill("Glasses only")
    assert axe() == []
    look(page, "other-plan")
    page.get_by_role("button", name="Ask it first").click()
    expect(page.get_by_text("Chosen by hand. Tess: Glasses only")).to_be_visible()
    look(page, "plan-chosen")
    expect(page.get_by_text("Collect $")).to_have_count(0)  # what was worked out was the other plan's
    page.get_by_text("Ask another plan").click()
    page.get_by_label("Why another").fill("It is the knee")
    page.get_by_role("button", name="Ask it first").click()
    expect(page.get_by_text("Goes by its reason again")).to_be_visible()
    page.get_by_text("Collect $").click()
    assert axe() == []
    look(page, "collect")
    page.get_by_role("button", name="Cash").click()
    expect(page.get_by_role("link", name="Receipt")).to_be_visible()
    look(page, "collected")
    page.goto(f"{site}/estimates/desk/?q=Okafor")
    page.get_by_role("link", name="VIS-").first.click()
    page.get_by_text("Cancel the visit").click()
    page.get_by_label("Reason").select_option("Weather")
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("Take the mark back")).to_be_visible()
    assert axe() == []
    look(page, "cancelled")
