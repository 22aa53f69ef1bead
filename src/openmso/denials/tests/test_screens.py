"""Every screen of denials answers those who may see it, and nobody else; what is done there happens."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmso.agreements.testing import person
from openmso.denials.models import Denial, WriteOff
from openmso.denials.tests.conftest import Desk
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.platform.accounts.testing import signed_in
from openmso.remittances.testing import claim, line
from openmso.remittances.tests.office import office_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Any) -> Desk:
    office, now = office_of(cast.rockland, cast.payer, at=cast.at), Month.of(clock.now().date())
    with office.scope():
        while (month := Month.of(cast.at.date()).plus(office.serial + 1)) <= now:
            periods.open_next(actor=office.actor, entity=cast.rockland.entity.id, month=month, at=cast.at)
            office.serial += 1
    return Desk(office)


def staff(cast: Any, name: str, role: str) -> Client:
    return signed_in(
        person(f"{name}@harborridge.example", name.title(), practice=cast.rockland.id, role=role, at=cast.at)
    )


@pytest.fixture
def ines(cast: Any) -> Client:
    return staff(cast, "ines", "denial_specialist")


@pytest.fixture
def marta(cast: Any) -> Client:
    return staff(cast, "marta", "billing_lead")


def test_every_page_answers_a_specialist_and_no_stranger(desk: Desk, ines: Client, cast: Any) -> None:
    one = desk.deny("CO 16 140.00", remarks=("N290",))
    theo = signed_in(cast.theo)
    here = f"/denials/{one.public_id}/"
    for address in ("/denials/", "/denials/?q=is:open&sort=due_on", here, f"{here}peek/", f"{here}raw/", "/denials/map/",
                    f"/denials/claims/{one.claim_name}/", f"/claims/{one.claim_name}/"):  # fmt: skip
        assert ines.get(address).status_code == 200, address
        assert theo.get(address).status_code in {403, 404} or one.public_id not in theo.get(address).content.decode()


def test_a_promise_counts_what_the_mso_could_have_prevented_and_its_owner_opens_the_rest(desk: Desk, cast: Any) -> None:
    """One of three denied claims was the MSO's to prevent, of four sent: 25 %, where at most 30 % were promised."""
    ours, records = desk.deny("CO 197 140.00"), desk.deny("CO 150 140.00")
    payers = desk.deny("CO 40 90.00", charge="90.00")
    desk.office.sent(("99213", "140.00"))
    ana, month = signed_in(cast.ana), "month=2026-03"

    rate, rework = ana.get(f"/api/practices/ROCK/denial-promises?{month}").json()

    assert {one.cause for one in (ours, records, payers)} == {"mso", "practice", "payer"}
    assert (rate["was"], rate["at_most"], rate["kept"], rate["claims_sent"]) == ("25.0", "30", True, 4)
    assert [rate[f"by_{who}"] for who in ("mso", "practice", "payer")] == [1, 1, 1]
    assert (rework["at_most"], rework["by_mso"]) == (None, 1), "measured, though nothing is promised about it"
    behind = ana.get(f"/api/practices/ROCK/denial-promises/denials.caused/denials?{month}&cause=practice").json()[
        "items"
    ]
    assert [(one["id"], "practice's own" in one["cause_why"]) for one in behind] == [(records.public_id, True)]
    panel = ana.get(f"/denials/promises/?practice=rock&{month}").content.decode()
    assert "Denied claims that the MSO could have kept from it" in panel
    assert "kept" in panel
    page = f"/denials/promises/denials/?practice=rock&{month}&promise=denials.caused&cause=mso"
    assert ours.public_id in ana.get(page).content.decode()
    assert records.public_id not in ana.get(page).content.decode()
    assert signed_in(cast.theo).get(page).status_code == 404


def test_the_page_says_what_it_is_what_it_is_worth_and_shows_the_bytes(desk: Desk, ines: Client) -> None:
    one = desk.deny("CO 16 140.00", remarks=("N290",))

    page = ines.get(f"/denials/{one.public_id}/").content.decode()

    assert "rendering provider" in page
    assert "CO is never the patient" in page
    assert "Starting value of this kind" in page
    assert "N290" in ines.get(f"/denials/{one.public_id}/raw/").content.decode()


def test_much_is_written_off_with_somebody_elses_consent(desk: Desk, ines: Client, marta: Client) -> None:
    one = desk.deny("CO 97 140.00")

    ines.post(f"/denials/{one.public_id}/write-off/", {"why": "Bundled, rightly"})
    with desk.reading():
        asked = WriteOff.objects.get()
    assert "asks to write off" in marta.get(f"/denials/{one.public_id}/").content.decode()
    assert ines.post(f"/denials/write-offs/{asked.public_id}/approve/").status_code == 403
    marta.post(f"/denials/write-offs/{asked.public_id}/refuse/", {"why": "Modifier 59 fits"})
    assert desk.now(one).state == "new"

    marta.post(f"/denials/{one.public_id}/write-off/", {"why": "It does not"})
    with desk.reading():
        again = WriteOff.objects.get(state="waiting")
    refused = marta.post(f"/denials/write-offs/{again.public_id}/approve/")
    assert "somebody else" in refused.content.decode()


def test_what_is_done_with_one_and_with_many(desk: Desk, ines: Client) -> None:
    first, second, third = (desk.deny("CO 16 40.00", charge="40.00", remarks=("N290",)) for _ in range(3))
    here = f"/denials/{first.public_id}"

    assert "what you asked" not in ines.post(f"{here}/ask/", {"note": "Called"}, headers=HTMX).content.decode()
    assert desk.now(first).state == "asked"
    ines.post(f"{here}/take-up/", {"why": ""})
    ines.post(f"{here}/cause/", {"cause": "payer", "why": "The number is on the claim"})
    assert "The number is on the claim" in ines.get(f"{here}/").content.decode()
    assert "copied" not in ines.post("/denials/take/", {"ids": first.public_id}, headers=HTMX)["HX-Trigger"]
    assert "/claims/CLM-" in ines.post(f"{here}/correct/", {"why": "Number added"}).headers["Location"]

    dialog = ines.post("/denials/write-off/", {"ids": [second.public_id, third.public_id]}, headers=HTMX)
    assert "Write off 2 denials?" in dialog.content.decode()
    told = ines.post(
        "/denials/write-off/do/", {"ids": [second.public_id, third.public_id], "why": "Small"}, headers=HTMX
    )
    assert "2 denials written off" in told["HX-Trigger"]
    with desk.reading():
        assert Denial.objects.filter(state="writtenoff").count() == 2
    rows = b"".join(ines.get("/denials/?q=is:writtenoff&export=csv").streaming_content)
    assert rows.count(b"DNL-") == 2


def test_an_appeal_is_written_sent_and_answered_on_screen(desk: Desk, ines: Client, cast: Any) -> None:
    one = desk.deny("CO 50 140.00")
    kept = {"title": "About {{ claims }}", "body": "Please pay {{ amount }}.", "category": "med_necessity", "keep": ""}
    rui = signed_in(person("rui@harborridge.example", "Rui", practice=cast.mso.id, role="administrator", at=cast.at))
    assert "no field" in rui.post("/denials/letters/necessity/", kept | {"body": "{{ nothing }}"}).content.decode()
    rui.post("/denials/letters/necessity/", kept)
    assert "version 1" in ines.get("/denials/letters/").content.decode()

    here = ines.post(f"/denials/{one.public_id}/appeal/").headers["Location"]
    assert "Please pay $140.00." in ines.get(here).content.decode()
    assert ines.get(f"{here}letter.pdf").content.startswith(b"%PDF")
    ines.post(f"{here}change/", {"title": "About it", "body": "Please pay at once."})
    record = SimpleUploadedFile("record.txt", b"Seen on 2 March", "text/plain")
    ines.post(f"{here}enclose/", {"file": record})
    assert ines.post(f"{here}send/", {"method": "fax", "proof": ""}).status_code == 422
    ines.post(f"{here}send/", {"method": "fax", "proof": "Confirmed, 2 pages"})
    assert "record.txt" in ines.get(here).content.decode()
    ines.post(f"{here}answer/", {"outcome": "lost", "note": "Upheld"})
    page = ines.get("/denials/appeals/").content.decode()
    assert "Lost" in page
    assert desk.now(one).state == "new"
    dialog = ines.post("/denials/appeal/", {"ids": one.public_id}, headers=HTMX).content.decode()
    assert "with which letter" in dialog
    again = ines.post("/denials/appeal/draft/", {"ids": one.public_id, "template": "necessity"}).headers["Location"]
    ines.post(f"{again}drop/", {"why": "Enough"})
    assert "Enough" in ines.get(again).content.decode()


HTMX = {"HX-Request": "true"}


def test_the_denied_line_alone_is_resubmitted_from_its_page(desk: Desk, ines: Client) -> None:
    sent = desk.office.sent(("99213", "140.00"), ("93000", "60.00"))
    first = line("99213", "140.00", paid="140.00", control=f"{sent.control}-01")
    desk.answer(
        claim(sent.control, first, line("93000", "60.00", reasons=["CO 16 60.00"], control=f"{sent.control}-02"))
    )
    one = desk.only(sent.public_id)

    assert "Resubmit the line" in ines.get(f"/denials/{one.public_id}/").content.decode()
    answer = ines.post(f"/denials/{one.public_id}/resubmit/", {"why": "Modifier added", "frequency": "1"})

    made = answer["Location"].rstrip("/").split("/")[-1]
    assert made in ines.get(f"/claims/{sent.public_id}/").content.decode()
    assert sent.public_id in ines.get(f"/claims/{made}/").content.decode()


def test_what_is_kept_denied_is_drafted_by_a_biller_and_dismissed_by_a_specialist(
    desk: Desk, ines: Client, cast: Any
) -> None:
    rosa, today = staff(cast, "rosa", "biller"), clock.now().date()
    for reason in ("197", "97"):
        for charge in ("40.00", "50.00", "60.00"):
            desk.deny(f"CO {reason} {charge}", charge=charge, on=today)
    auth, bundled = (f"/denials/prevention/{cast.payer.public_id}-99213-{reason}/" for reason in ("197", "97"))

    listed = ines.get("/denials/prevention/").content.decode()
    assert auth in listed
    assert bundled in listed
    assert "Draft this rule" not in ines.get(auth).content.decode(), "a specialist writes no rules"
    assert "Draft this rule" in rosa.get(auth).content.decode()
    assert rosa.post(f"{auth}draft/").headers["Location"].startswith("/claims/rules/own_")
    assert "A draft of it waits" in rosa.get(auth).content.decode()
    assert ines.post(f"{bundled}dismiss/", {"why": "Rightly bundled"}).status_code == 303
    assert ines.get(bundled).status_code == 404
    assert auth not in signed_in(cast.theo).get("/denials/prevention/").content.decode(), "another practice's"
