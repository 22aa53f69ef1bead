"""The inbox worked by keyboard in a real browser, and the pages of files, trail and dead letters; nothing for axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import open_lines, person, signed_in, tenant
from openmso.platform.documents import registry as purposes
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Purpose
from openmso.platform.identity.models import User
from openmso.platform.jobs import registry as jobs
from openmso.platform.jobs import services as letters
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope
from openmso.platform.work import registry, services
from openmso.platform.work.contracts import Kind, NewItem
from tests.browser.conftest import Faults
from tests.browser.test_sign_in import site  # noqa: F401 - a fixture

Axe = Callable[[], list[str]]
NOW = datetime.now(UTC)
SYSTEM = Actor.system("OpenMSO", at=NOW)
STORIES = (
    ("K7", "Member id is missing", "The payer rejects claims without it. Ask the front office for the card.", 90, 1),
    ("M3", "Referring clinician has no NPI", "Loop 2310A asks for one. Look it up and release the claim.", 70, 2),
    ("Q9", "Filing limit ends in six days", "AETNA takes claims for 90 days after the visit.", 60, 6),
    ("T4", "Diagnosis does not fit the code", "The rulebook names a mismatch. Ask the clinician.", 40, 9),
)


def enter(page: Page, site: str, user: User) -> None:  # noqa: F811
    """The person is signed in, with a second factor, just now."""
    session = signed_in(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


def look(page: Page, name: str) -> None:
    """Keep a picture where OPENMSO_PICTURES says."""
    if folder := os.environ.get("OPENMSO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(autouse=True)
def _pictures_bring_a_style(faults: Faults) -> None:
    """Taking a picture puts a style of playwright's own into the page, which the policy blocks and tells."""
    if os.environ.get("OPENMSO_PICTURES"):
        faults.forgive("Applying inline style")


@pytest.fixture
def desk(site: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, User]:  # noqa: F811
    """A practice with four held claims, a file and a dead job; Priya bills for it, keeps its books and the house."""
    for module, name in ((registry, "_kinds"), (purposes, "_purposes"), (jobs, "_jobs")):
        monkeypatch.setattr(module, name, {})
    registry.add_kinds([Kind("claims.held", "Claim on hold", "claims.work", "revenue_cycle")])
    purposes.add_purposes([Purpose("tests.file", "Remittance file", "claims.read")])
    jobs.job("remittances.post_file")(lambda *, practice, at, actor: None)
    rock, mso = tenant("ROCK", "Rockland Family Practice"), tenant("MSO", "Harbor Ridge MSO", kind="mso")
    open_lines(rock)
    items = [
        NewItem("claims.held", ("claims.claim", f"CLM-{key}"), title, why, priority,
                "filing limit near" if priority > 80 else "the age of the claim", NOW + timedelta(days=days), f"hold:{key}",
                Decimal("184.50") + days)
        for key, title, why, priority, days in STORIES
    ]  # fmt: skip
    with scope(practices=[rock.pk]):
        services.open_items(practice=rock.pk, items=items, at=NOW)
        kept = documents.store(
            actor=SYSTEM, practice=rock.pk, name="AETNA-era.835", content=b"ISA*00*x~" * 90, media_type="text/plain",
            purpose="tests.file", at=NOW, under=SYSTEM.may("documents.read", rock.pk),
        )  # fmt: skip
        documents.became(document=kept, subject=("remittances.remittance", "ERA-7K2P9M4X"), practice=rock.pk, at=NOW)
    letters.bury(
        "remittances.post_file", job_id=7, tries=5, practice=mso.pk, at=NOW, arguments={"document": kept.public_id},
        reason="Database: two transactions waited for each other (40P01)",
    )  # fmt: skip
    priya = person(
        "priya@mso.example", "Priya Shah", biller=[rock], billing_lead=[rock], compliance_officer=[rock],
        administrator=[mso], it_desk=[mso],
    )  # fmt: skip
    return site, priya


def test_the_queue_is_worked_by_keyboard(page: Page, desk: tuple[str, User], axe: Axe) -> None:
    address, priya = desk
    enter(page, address, priya)
    page.goto(f"{address}/work/")
    expect(page.locator("tbody tr")).to_have_count(4)
    assert axe() == []

    page.locator("[data-list]").focus()
    page.keyboard.press("j")
    expect(page.locator("#preview")).to_contain_text("Ask the front office for the card.")
    look(page, "work-inbox")
    page.keyboard.press("e")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("1 item done")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr")).to_have_count(4)

    page.locator("[data-list]").focus()
    page.keyboard.press("n")
    page.wait_for_url("**/work/WRK-*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Member id is missing")
    assert axe() == []
    look(page, "work-item")
    page.get_by_label("What was done").fill("Found on the card")
    page.get_by_role("button", name="Done, show the next").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Referring clinician")


def test_work_is_given_to_somebody_by_keyboard(page: Page, desk: tuple[str, User], axe: Axe) -> None:
    address, priya = desk
    rock = Tenant.objects.get(code="ROCK")
    for name in ("Marta Silveira", "Noah Adler"):
        person(f"{name.split()[0].lower()}@mso.example", name, billing_lead=rock)
    enter(page, address, priya)
    page.goto(f"{address}/work/")

    page.locator("[data-list]").focus()
    page.keyboard.press("j")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Give 1 item to")).to_be_visible()
    assert axe() == []
    look(page, "work-give")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 item given to Noah Adler")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("Noah Adler")
    expect(page.locator("#ask")).to_be_hidden()


def test_a_view_is_saved_as_a_tab(page: Page, desk: tuple[str, User]) -> None:
    address, priya = desk
    enter(page, address, priya)
    page.goto(f"{address}/work/?q=priority:>=60")
    expect(page.locator("tbody tr")).to_have_count(3)

    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name of the view").fill("Pressing")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("link", name="Pressing")).to_have_attribute("aria-current", "page")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_files_trail_and_dead_letters_read_well(page: Page, desk: tuple[str, User], axe: Axe) -> None:
    address, priya = desk
    enter(page, address, priya)
    for path, name, words in (
        ("/files/", "files", "AETNA-era.835"),
        ("/audit/", "audit", "OpenMSO stored"),
        ("/dead-letters/jobs/", "dead-jobs", "two transactions waited"),
        ("/dead-letters/facts/", "dead-facts", "Every fact was heard"),
    ):
        page.goto(address + path)
        expect(page.locator("main")).to_contain_text(words)
        assert axe() == [], path
        look(page, name)

    page.goto(f"{address}/files/")
    page.locator("tbody tr th a, tbody tr td a").first.click()
    expect(page.locator("main")).to_contain_text("ERA-7K2P9M4X")
    assert axe() == []
    look(page, "file")
