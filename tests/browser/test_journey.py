"""A claim's whole way in a real browser: worked by keyboard, sent, acknowledged, paid, settled, read by the owner."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from openmso.agreements import testing as agreements
from openmso.agreements.testing import Cast
from openmso.claims import testing as claims
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.ledger.contracts import Method
from openmso.ledger.services import books, periods
from openmso.parties.queries import practices
from openmso.parties.testing import builder
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import PASSWORD, code_now, with_authenticator
from openmso.platform.identity.models import User
from openmso.platform.jobs import worker
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.remittances import testing as payer
from openmso.settlement import services as settlement
from tests.browser.test_agreements import look
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture
from tests.browser.test_work import _pictures_bring_a_style  # noqa: F401 - a fixture

ZONE, NOON = "America/New_York", time(17, tzinfo=UTC)
CHARGED, PAID = "14000.00", "9500.00"


@dataclass(frozen=True, slots=True)
class Story:
    """Rockland with three claims to send, in a month that will be over: Priya bills, Ana owns."""

    site: str
    cast: Cast
    billing: BillingHouse
    at: datetime
    claims: tuple[str, ...]


@pytest.fixture
def story(site: str, monkeypatch: pytest.MonkeyPatch) -> Story:  # noqa: F811
    """It is the last day of last month, until `the_month_is_over`."""
    today = clock.day_in(ZONE, clock.now())
    then = datetime.combine(today - timedelta(days=today.day), NOON)
    monkeypatch.setattr(clock, "now", lambda: then)
    cast = agreements.cast(at=then)
    billing = claims.open_for_billing(cast.rockland, cast.payer, at=then)
    open_months(cast, then, today)
    for person in (cast.priya, cast.ana):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        with_authenticator(person)
    ready = tuple(
        claims.claim_at(S.READY, billing, at=then, lines=[Line("99213", CHARGED)]).public_id for _ in range(3)
    )
    return Story(site, cast, billing, then, ready)


def open_months(cast: Cast, then: datetime, today: date) -> None:
    """The MSO's book from that month on, and this month in both books."""
    with scope(practices=[cast.mso.id]), reading():
        theirs = practices.entities(cast.mso.id, on=then.date())[0].id
    reach = tenancy.reach(cast.mso.id, cast.rockland.id)
    with scope(practices=reach.practices, entities=reach.entities):
        books.open_books(
            actor=builder(then), entity=theirs, name=cast.mso.name, method=Method.ACCRUAL,
            opens=Month.of(then.date()), at=then, chart="mso",
        )  # fmt: skip
        for entity in (theirs, cast.rockland.entity.id):
            periods.open_next(actor=builder(then), entity=entity, month=Month.of(today), at=then)


def sign_in(page: Page, address: str, user: User) -> None:
    """By password and the authenticator's six digits, from a browser that remembers nobody."""
    page.context.clear_cookies()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code from your authenticator app").fill(code_now())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(user.name)


def work_off() -> None:
    """The worker does what waits, in a thread of its own beside the browser."""
    thread = threading.Thread(target=worker.run, kwargs={"wait": False})
    thread.start()
    thread.join(120)
    assert not thread.is_alive()


def hand_in(page: Page, name: str, content: bytes, button: str) -> None:
    """Choose a file and send it."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name=button).click()


def test_a_claim_from_the_queue_to_the_owners_statement(
    page: Page, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(page, story.site, story.cast.priya)
    look(page, "journey-1-home")
    the_queue_is_worked_and_sent(page, story)
    the_payer_answers(page, story)
    the_payer_pays(page, story)

    monkeypatch.undo()
    the_month_is_settled(story)

    sign_in(page, story.site, story.cast.ana)
    the_owner_reads_down_to_the_payers_words(page, story)


def the_queue_is_worked_and_sent(page: Page, story: Story) -> None:
    expect(page.locator("[data-go=c]")).to_be_visible()
    page.keyboard.type("gc")
    page.get_by_role("link", name="Ready to send").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("[data-list]").focus()
    page.keyboard.press("j")
    expect(page.locator("#preview")).to_contain_text(CHARGED[:2])
    look(page, "journey-2-queue")
    for left in (2, 1, 0):
        expect(page.locator("tbody tr.current")).to_be_visible()
        page.keyboard.press("e")
        expect(page.locator("tbody tr")).to_have_count(left)
    expect(page.locator("#preview")).to_contain_text("Move to a claim")
    look(page, "journey-3-queued")
    page.get_by_role("button", name="Release 3 queued").click()
    page.locator("#confirm").get_by_role("button").last.click()
    expect(page.get_by_text("3 claims left in 1 batch", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Batches", exact=True).click()
    page.locator("tbody tr").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("42,000.00")
    look(page, "journey-4-batch")


def the_payer_answers(page: Page, story: Story) -> None:
    answered = claims.answer_file(story.billing, dict.fromkeys(story.claims, "A2:20"), at=story.at)
    page.goto(f"{story.site}/claims/acknowledgements/")
    hand_in(page, "answers.277ca", answered, "Take in")
    expect(page.locator("main")).to_contain_text("Accepted")
    look(page, "journey-5-answers")


def the_payer_pays(page: Page, story: Story) -> None:
    paid = [
        payer.claim(one, payer.line("99213", CHARGED, paid=PAID, reasons=["CO 45 4500.00"], control=f"{one}-01"))
        for one in story.claims
    ]
    one = payer.remittance(
        *paid, payee=story.cast.rockland.biller, payer=story.cast.payer.edi_id, paid_on=story.at.date()
    )
    page.goto(f"{story.site}/remittances/upload/")
    hand_in(page, "era.835", payer.file_of(one), "Upload")
    expect(page.locator("#file-state")).to_contain_text("Waiting for the worker")
    work_off()
    expect(page.locator("#file-state")).to_contain_text("Posted 3 claims for 28,500.00")
    look(page, "journey-6-remittance")


def the_month_is_settled(story: Story) -> None:
    reach, at = tenancy.reach(story.cast.mso.id, story.cast.rockland.id), clock.now()
    with scope(practices=reach.practices, entities=reach.entities):
        settlement.settle(
            actor=Actor.system("the night of the first", at=at), practice=story.cast.rockland.id,
            month=Month.of(story.at.date()), at=at,
        )  # fmt: skip


def the_owner_reads_down_to_the_payers_words(page: Page, story: Story) -> None:
    look(page, "journey-7-owner")
    page.goto(f"{story.site}/statements/")
    page.get_by_role("row").filter(has_text="Rockland").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("28,500.00")
    look(page, "journey-8-statement")
    page.get_by_role("row").filter(has_text="28,500.00").get_by_role("link", name="28,500.00").first.click()
    look(page, "journey-9-behind")
    page.get_by_role("link", name=re.compile(r"^PMT-")).first.click()
    look(page, "journey-10-payment")
    page.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("#raw li[aria-current=true]").first).to_contain_text("SVC")
    look(page, "journey-11-segment")
