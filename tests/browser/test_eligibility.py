"""Coverage in a real browser: worklist, benefit sheet, a payer taken as coverage, authorizations; nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from edi.x12.eligibility.model import Benefit, Delivery
from edi.x12.review.model import Decision
from edi.x12.values import Party
from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.claims import testing as claims
from openmso.claims.services import building
from openmso.eligibility import testing as payer
from openmso.eligibility.contracts import Permit, RuleDraft
from openmso.eligibility.queries import permits
from openmso.eligibility.services import asking, permitting
from openmso.kit import clock
from openmso.kit.words import day
from openmso.parties import testing as parties
from openmso.parties.contracts import PayerKind
from openmso.patients import queries as patients_of
from openmso.patients import testing as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
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
                payer.asked(desk, practice=cast.rockland.id, at=cast.at)
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


def held_for_permits(cast: Cast, count: int) -> list[tuple[str, str]]:
    """Claims whose payer asks for an authorization that they lack, and their patients."""
    at = clock.now()
    billing = claims.open_for_billing(cast.rockland, cast.payer, at=at)
    rule = RuleDraft(
        cast.payer.id, Permit.AUTHORIZATION, "99214", "99215", at.date() - timedelta(days=90), "Manual, page 9"
    )
    with cast.scope():
        permitting.add_rule(actor=claims.actor(at), practice=billing.id, draft=rule, at=at)
    visits = [
        claims.visit_to_bill(billing, at=at, lines=[claims.Line("99214", "", (), 2)], who=patients.person(last))
        for last in ("Okafor", "Reyes", "Wells")[:count]
    ]
    with cast.scope():
        made = building.build(actor=claims.actor(at), practice=billing.id, at=at, visit_ids=visits).claims
        told = [claims.told(name) for name in made]
        with reading():
            return [(one.public_id, patients_of.by_ids([one.patient_id])[one.patient_id].public_id) for one in told]


def test_a_held_claim_is_let_go_by_the_authorization_that_its_biller_asks_for_or_records(
    site: str,  # noqa: F811
    page: Page,
    axe: Axe,
) -> None:
    cast, today = testing.cast(), clock.now().date()
    (asks, _), (records, patient) = held_for_permits(cast, 2)
    enter(page, site, cast.priya)

    page.goto(f"{site}/claims/{asks}/")
    expect(page.get_by_text("asks for an authorization, and none on file covers it").first).to_be_visible()
    assert axe() == []
    look(page, "permit-lacking")
    page.get_by_role("button", name="Ask for authorization").click()
    expect(page.get_by_text("Asked; the answer is awaited.")).to_be_visible()
    assert axe() == []
    look(page, "permit-asked")
    request = page.url.rstrip("/").rsplit("/", 1)[1]
    with cast.scope(), reading():
        sent = documents.read(permits.request(request).document, cast.rockland.id)
    answer = payer.answer_278(sent, Decision("A1", "AUTH-77"), payer=cast.payer.edi_id)
    page.goto(f"{site}/coverage/authorization-requests/answers/")
    page.get_by_label("Practice").select_option(label="Rockland Family Practice")
    page.get_by_label("Answers").set_input_files({"name": "278.x12", "mimeType": "text/plain", "buffer": answer})
    assert axe() == []
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("1 authorized, 0 pending, 0 not authorized")).to_be_visible()

    page.goto(f"{site}/coverage/authorizations/new/")
    page.get_by_label("Patient").fill(patient)
    page.get_by_label("Payer", exact=True).select_option(label=cast.payer.name)
    page.get_by_label("Number of the payer").fill("B7")
    page.get_by_label("First code").fill("99214")
    page.get_by_label("Units").fill("3")
    page.get_by_label("From").fill(str(today - timedelta(days=30)))
    page.get_by_label("Last day", exact=True).fill(str(today + timedelta(days=9)))
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="Authorizations")).to_be_visible()
    outbox.deliver_pending(at=clock.now())

    page.reload()
    recorded = page.get_by_role("row").filter(has_text="B7")
    expect(recorded).to_contain_text(day(today + timedelta(days=9)))
    expect(recorded.get_by_role("cell")).to_contain_text(["3", "2"])
    assert axe() == []
    look(page, "permits")
    for name, number in ((asks, "AUTH-77"), (records, "B7")):
        page.goto(f"{site}/claims/{name}/")
        expect(page.get_by_text(number, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Submit")).to_be_enabled()
    expect(page.get_by_text("Of the units of B7, 1 will be left.")).to_be_visible()
    assert axe() == []
    look(page, "permit-held")
