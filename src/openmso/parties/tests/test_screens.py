"""The screens of parties, through HTTP: each shows its own practice's people and nobody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.parties.queries import enrolments, notes, payers, practices, providers
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading, scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ana(cast: Cast) -> Client:
    return signed_in(cast.ana)


@pytest.fixture
def theo(cast: Cast) -> Client:
    return signed_in(cast.theo)


@pytest.fixture
def keeper(cast: Cast) -> Client:
    """An administrator of the MSO, who keeps the registers."""
    rui = testing.person("rui@harborridge.example", "Rui Castell", practice=cast.mso.id, role="administrator", at=NOW)
    testing.person(rui.email, rui.name, practice=cast.rockland.id, role="administrator", at=NOW)
    return signed_in(rui)


def url(cast: Cast, name: str, **more: str) -> str:
    return reverse(f"parties:{name}", kwargs={"practice": cast.rockland.practice.public_id, **more})


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: list(found) for field, found in answer.context["form"].errors.items()}


def test_ana_sees_her_practice_whole(cast: Cast, ana: Client) -> None:
    answer = ana.get(url(cast, "practice"))

    assert answer.status_code == 200
    for shown in (cast.rockland.biller.npi, cast.rockland.clinician.npi, "12 Harbor Road", "Main office"):
        assert shown in answer.content.decode()


def test_theo_finds_neither_the_practice_nor_its_forms(cast: Cast, theo: Client) -> None:
    for name in ("practice", "change-practice", "rename-practice", "add-entity", "open-account", "add-clinician"):
        assert theo.get(url(cast, name)).status_code == 404, name
    listed = theo.get(reverse("parties:practices")).content.decode()
    assert "Rival Eye Care" in listed
    assert "Rockland" not in listed


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    answer = Client().get(reverse("parties:practices"))

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_biller_reads_and_is_offered_no_change(cast: Cast) -> None:
    priya = signed_in(cast.priya)

    assert "Change" not in priya.get(url(cast, "practice")).content.decode()
    assert priya.get(url(cast, "add-clinician")).status_code == 403


def test_ana_adds_a_clinician_and_their_ssn_is_shown_masked_only(cast: Cast, ana: Client) -> None:
    filled = {
        "npi": "1234567893", "taxonomy": "207Q00000X", "first_name": "Ben", "last_name": "Osei", "ssn": "123-45-6789",
        "starts_on": "2026-03-02",
    }  # fmt: skip
    answer = ana.post(url(cast, "add-clinician"), filled, follow=True)

    assert answer.status_code == 200
    assert "••••6789" in answer.content.decode()
    assert "123-45-6789" not in answer.content.decode()
    with cast.scope(), reading():
        ben = providers.clinician_by_npi(cast.rockland.id, "1234567893")
    assert ben is not None
    revealed = ana.post(url(cast, "reveal-ssn", clinician=ben.public_id), {"why": "Payroll form W-4 asks for it"})
    assert "123456789" in revealed.content.decode()
    assert "no-store" in revealed["Cache-Control"]
    refused = ana.post(url(cast, "reveal-ssn", clinician=ben.public_id), {"why": "x"})
    assert refused.status_code == 422
    assert "123456789" not in refused.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"npi": "1234567890"}, "npi"), ({"taxonomy": "family"}, "taxonomy"), ({"last_name": ""}, "last_name"),
     ({"ssn": "000-12-3456"}, "ssn")],
)  # fmt: skip
def test_a_form_says_no_beside_the_field_it_is_about(
    cast: Cast, ana: Client, change: dict[str, str], field: str
) -> None:
    filled = {"npi": "1234567893", "taxonomy": "207Q00000X", "first_name": "Ben", "last_name": "Osei",
              "starts_on": "2026-03-02"}  # fmt: skip

    answer = ana.post(url(cast, "add-clinician"), filled | change)

    assert answer.status_code == 422
    assert list(errors(answer)) == [field]


def test_a_biller_moves_by_its_form(cast: Cast, ana: Client) -> None:
    place = url(cast, "change-biller", biller=cast.rockland.biller.public_id)
    shown = ana.get(place).context["form"].initial
    moved = {key: value for key, value in shown.items() if value} | {
        "line1": "40 Park Street",
        "starts_on": "2026-05-01",
    }

    assert ana.post(place, moved).status_code == 303
    with cast.scope(), reading():
        assert providers.biller(cast.rockland.biller.id, on=date(2026, 5, 1)).address.line1 == "40 Park Street"
    refused = ana.post(place, moved | {"line1": "PO Box 9"})
    assert list(errors(refused)) == ["line1"]


def test_every_form_opens_and_saves(cast: Cast, keeper: Client, ana: Client) -> None:
    rows = {
        "add-entity": {"legal_name": "Rockland Realty, LLC", "form": "llc", "ein": "98-1234567", "basis": "accrual",
                       "fiscal_year_starts": "7", "starts_on": "2026-03-02"},
        "open-account": {"entity": str(cast.rockland.entity.id), "name": "Operating", "bank_name": "Camden",
                         "routing": "021000021", "account_number": "000123456789", "use": "operating",
                         "opened_on": "2026-03-02"},
        "add-contact": {"name": "Mara Rockland", "role": "owner", "email": "mara@rockland.example"},
        "add-site": {"name": "North office", "place_of_service": "11", "line1": "1 North Road", "city": "Camden",
                     "state": "ME", "zip": "04843", "starts_on": "2026-03-02"},
        "rename-practice": {"legal_name": "Rockland Health, PC", "starts_on": "2026-04-01"},
        "change-practice": {"name": "Rockland Health", "specialty": "pediatrics", "state": "ME"},
        "add-biller": {"entity": str(cast.rockland.entity.id), "npi": "1999999984", "npi_type": "2",
                       "tin": cast.rockland.entity.ein, "name": "SECOND", "taxonomy": "207Q00000X",
                       "line1": "1 North Road", "city": "Camden", "state": "ME", "zip": "048431234",
                       "starts_on": "2026-03-02"},
    }  # fmt: skip
    for name, filled in rows.items():
        assert keeper.get(url(cast, name)).status_code == 200, name
        if name == "add-site":  # where it sees patients is the practice's to decide
            assert "carry out a decision of the practice" in keeper.post(url(cast, name), filled).content.decode()
        answer = (ana if name == "add-site" else keeper).post(url(cast, name), filled)
        assert answer.status_code == 303, (name, errors(answer))
    page = keeper.get(url(cast, "practice")).content.decode()
    for shown in ("Rockland Realty, LLC", "••••6789", "Mara Rockland", "North office", "Rockland Health", "SECOND"):
        assert shown in page, shown


def test_a_clinician_is_changed_and_leaves(cast: Cast, ana: Client) -> None:
    mara = cast.rockland.clinician.public_id
    changed = {"first_name": "Mara", "last_name": "Rockland-Hill", "taxonomy": "207Q00000X", "licence_number": "MD12",
               "licence_state": "ME"}  # fmt: skip

    assert ana.post(url(cast, "change-clinician", clinician=mara), changed).status_code == 303
    half = {"share": "62.5", "starts_on": "2026-03-16", "shows": "Employment agreement, section 2"}
    for wrong, field in (
        ({"share": "0"}, "share"),
        ({"starts_on": "1999-01-01"}, "starts_on"),
        ({"shows": " "}, "shows"),
    ):
        assert list(errors(ana.post(url(cast, "clinician-time", clinician=mara), half | wrong))) == [field]
    assert ana.post(url(cast, "clinician-time", clinician=mara), half).status_code == 303
    (told,) = ana.get(f"/api/practices/{cast.rockland.practice.public_id}/clinicians/{mara}/time").json()
    assert (told["share"], told["starts_on"]) == ("0.6250", "2026-03-16")
    assert ana.post(url(cast, "clinician-leaves", clinician=mara), {"ends_on": "2026-04-01"}).status_code == 303
    page = ana.get(url(cast, "practice")).content.decode()
    assert "Rockland-Hill" in page
    assert "ME MD12" in page


def test_the_keeper_opens_a_practice_and_can_go_on_with_it(cast: Cast, keeper: Client) -> None:
    filled = {"name": "Lumen Eye Care", "legal_name": "Lumen Eye Care, PLLC", "code": "lumen", "specialty": "optometry",
              "state": "NH", "zone": "America/New_York", "starts_on": "2026-03-02"}  # fmt: skip
    answer = keeper.post(reverse("parties:open-practice"), filled, follow=True)

    assert answer.status_code == 200, errors(answer)
    assert "Lumen Eye Care" in answer.content.decode()
    again = keeper.post(reverse("parties:open-practice"), filled)
    assert list(errors(again)) == ["code"]


def test_the_payer_register_is_read_by_all_and_kept_by_the_mso(cast: Cast, keeper: Client, ana: Client) -> None:
    place = reverse("parties:payer", args=[cast.payer.public_id])
    change = reverse("parties:change-payer", args=[cast.payer.public_id])
    assert "60054" in ana.get(place).content.decode()
    assert "60054" in ana.get(reverse("parties:payers")).content.decode()
    assert ana.get(change).status_code == 403

    filled = {"name": "Atlantic Shield", "edi_id": "60055", "kind": "commercial", "filing": "CI",
              "timely_filing_days": "90", "corrected_days": "180", "appeal_days": "60"}  # fmt: skip
    assert keeper.post(change, filled).status_code == 303
    assert keeper.post(reverse("parties:add-payer"), filled).status_code == 409
    assert keeper.post(reverse("parties:add-payer"), filled | {"edi_id": "MDCD"}).status_code == 303
    assert [one.timely_filing_days for one in payers.every()] == [90, 90]


def test_the_page_of_the_mso_shows_its_books_to_its_own_people_only(cast: Cast, keeper: Client, ana: Client) -> None:
    with cast.scope(), reading():
        assert practices.entities(cast.mso.id, on=NOW.date()) == []
    assert "Harbor Ridge MSO, LLC" in ana.get(reverse("parties:mso")).content.decode()
    assert "Not yours to see" in ana.get(reverse("parties:mso")).content.decode()
    assert "Not yours to see" not in keeper.get(reverse("parties:mso")).content.decode()


def test_a_note_stands_where_people_work_until_it_is_ended(cast: Cast) -> None:
    """One lead speaks for every practice, a biller for one; the rival's practice sees what is said to all alone."""
    lead = testing.person("lena@harborridge.example", "Lena Ost", practice=cast.mso.id, role="billing_lead", at=NOW)
    testing.person(lead.email, lead.name, practice=cast.rockland.id, role="billing_lead", at=NOW)
    marta = signed_in(lead)
    payer = cast.payer.public_id
    new = reverse("parties:note-payer", args=[payer])

    said = {"words": "Appeals by fax only, 207 555 0142.", "where": "all"}
    assert marta.post(new, said).status_code == 303
    assert (
        marta.post(new, {"words": "Asks for records first.", "where": cast.rockland.practice.code}).status_code == 303
    )
    there = {"words": "Closed on Fridays.", "payer": ""}
    assert marta.post(url(cast, "note-practice"), there).status_code == 303
    assert errors(marta.post(new, {"words": "Old", "where": "all", "until": "2020-01-01"})) == {
        "until": ["A note holds until a day to come. Choose a later day, or none."]
    }

    with scope(practices=[cast.rockland.id]), reading():
        mine = notes.about(practice=cast.rockland.id, payer_id=cast.payer.id, on=NOW.date())
        other = notes.about(practice=cast.rockland.id, payer_id=None, on=NOW.date())
    with scope(practices=[cast.rival.id]), reading():
        theirs = notes.of_payer(payer, on=NOW.date())
    assert [one.words for one in mine] == [
        "Appeals by fax only, 207 555 0142.", "Closed on Fridays.", "Asks for records first.",
    ]  # fmt: skip
    assert [one.words for one in other] == ["Closed on Fridays."]
    assert [one.where for one in theirs] == ["Every practice"]

    assert marta.post(reverse("parties:end-note", args=[mine[0].public_id])).status_code == 303
    shown = marta.get(reverse("parties:payer", args=[payer])).content.decode()
    assert "Asks for records first." in shown
    assert "Appeals by fax" not in shown


def test_a_payers_enrolment_of_a_clinician_is_recorded_once_and_ends(cast: Cast, ana: Client, theo: Client) -> None:
    mara, payer = cast.rockland.clinician, cast.payer
    said = {"clinician": mara.public_id, "payer": payer.public_id, "number": "PTAN77", "starts_on": "2026-01-01"}
    assert ana.post(url(cast, "add-enrolment"), said).status_code == 303
    again = ana.post(url(cast, "add-enrolment"), said | {"starts_on": "2026-02-01"})
    assert errors(again) == {"starts_on": [f"{payer.name} has {mara.name} enrolled in these days already."]}
    assert theo.post(url(cast, "add-enrolment"), said).status_code in {403, 404}

    with cast.scope(), reading():
        (one,) = enrolments.of_practice(cast.rockland.id)
    page = ana.get(url(cast, "practice")).content.decode()
    assert "PTAN77" in page
    early = ana.post(url(cast, "end-enrolment", payer_enrolment=one.public_id), {"ends_on": "2025-12-31"})
    assert errors(early) == {"ends_on": ["It began on 2026-01-01. Give a later day."]}
    ana.post(url(cast, "end-enrolment", payer_enrolment=one.public_id), {"ends_on": "2026-03-01"})

    with cast.scope(), reading():
        days = enrolments.days([cast.rockland.id, cast.rival.id])
    assert days == {(cast.rockland.id, payer.id): {mara.id: ((date(2026, 1, 1), date(2026, 3, 1)),)}}

    itself = said | {"clinician": "practice"}
    assert ana.post(url(cast, "add-enrolment"), itself).status_code == 303
    assert errors(ana.post(url(cast, "add-enrolment"), itself)) == {
        "starts_on": [f"{payer.name} has the practice enrolled in these days already."]
    }
    assert "The practice itself" in ana.get(url(cast, "practice")).content.decode()
