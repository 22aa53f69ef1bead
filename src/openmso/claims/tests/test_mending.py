"""What findings ask for can be done: the visit, the patient's record and the coverage are mended from the claim."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements.testing import Cast, person
from openmso.charges import services as charge_services
from openmso.charges import testing as charges
from openmso.charges.contracts import FeeDraft
from openmso.claims import contracts, testing
from openmso.claims.queries import sources
from openmso.claims.rules import book
from openmso.claims.services import building, mending
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, Line, claim_at
from openmso.claims.tests import test_rules
from openmso.claims.views import fixes
from openmso.kit.money import Money
from openmso.parties import testing as parties
from openmso.parties.contracts import NO_ADDRESS, Clinician
from openmso.parties.services import clinicians
from openmso.patients import testing as patients
from openmso.platform.accounts.testing import bearer, signed_in, token_for
from openmso.platform.audit.models import Event
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def nobody_rendered(house: BillingHouse, now: datetime, service_on: date | None = None) -> contracts.Claim:
    """The claim of a visit that names no clinician."""
    day = service_on or now.date()
    actor = testing.actor(now)
    with house.scope():
        patient = patients.patient(practice=house.id, at=now)
        patients.coverage(patient, payer_id=house.payer.id, at=now)
        draft = VisitDraft(patient.id, day, "test", patient.mrn, None, house.house.site.id)
        visit = scheduling.record_visits(actor=actor, practice=house.id, drafts=[draft], at=now).visits[0]
        charges.charged(visit, at=now)
        name = building.build(actor=actor, practice=house.id, at=now, visit_ids=[visit.id]).claims[0]
        return testing.told(name)


def of(house: BillingHouse, claim: contracts.Claim) -> contracts.Claim:
    with house.scope():
        return testing.told(claim.public_id)


def codes(claim: contracts.Claim) -> set[str]:
    return {finding.code for finding in claim.findings if finding.blocks}


def another_clinician(house: BillingHouse, now: datetime, starts_on: date = parties.EARLY) -> Clinician:
    with house.scope():
        return clinicians.add(
            actor=testing.actor(now), practice=house.id, person=parties.Person("Quill", "Nora", credential="NP"),
            npi=parties.npi(77_777_777), taxonomy=parties.FAMILY_MEDICINE, starts_on=starts_on, at=now,
        )  # fmt: skip


def test_every_field_that_a_rule_names_has_a_place_where_it_is_mended() -> None:
    said = [
        finding
        for _, changes in test_rules.BROKEN
        for finding in book.scrub(test_rules.replace(test_rules.CLEAN, **changes), test_rules.CONTEXT)
    ]

    assert len({finding.code for finding in said}) > 40
    assert {finding.field for finding in said} <= set(fixes.PLACES)


def test_the_finding_leads_to_the_choice_of_a_clinician_and_the_claim_becomes_ready(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = nobody_rendered(rockland, now)
    url = reverse("claims:visit", args=[claim.public_id])
    assert codes(claim) == {"renderer_missing"}

    story = priya.get(reverse("claims:claim", args=[claim.public_id])).content.decode()
    peek = priya.get(reverse("claims:peek", args=[claim.public_id])).content.decode()
    form = priya.get(url).content.decode()
    saved = priya.post(url, {"clinician": rockland.house.clinician.public_id, "site": "", "sheet_version": "1"})

    assert f'href="{url}#id_clinician">Choose the clinician' in story
    assert f'href="{url}#id_clinician">Choose the clinician' in peek
    assert rockland.house.clinician.npi in form
    assert saved.status_code == 303
    mended = of(rockland, claim)
    assert (mended.state, mended.clinician) == (S.READY, rockland.house.clinician.name)
    told = priya.get(reverse("claims:claim", args=[claim.public_id])).content.decode()
    assert "Priya Raman changed clinician of claim" in told
    with rockland.scope(), reading():
        assert Event.objects.filter(action="visits.corrected").count() == 1


def test_one_clinician_is_named_for_many_claims_and_what_cannot_be_is_told(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    late = another_clinician(rockland, now, starts_on=now.date())
    first, second = nobody_rendered(rockland, now), nobody_rendered(rockland, now)
    before = nobody_rendered(rockland, now, service_on=now.date().replace(month=1))
    sent = claim_at(S.SENT, rockland, at=now)
    chosen = {"ids": [one.public_id for one in (first, second, before, sent)]}

    asked = priya.post(reverse("claims:clinicians"), chosen, headers=HTMX).content.decode()
    answer = priya.post(reverse("claims:name_clinician"), chosen | {"clinician": late.public_id}, headers=HTMX)

    assert "Who rendered 4 claims?" in asked
    assert late.name in asked
    assert "2 claims scrubbed again; 2 claims not changed" in answer["HX-Trigger"]
    assert [of(rockland, one).state for one in (first, second, before, sent)] == [S.READY, S.READY, S.HELD, S.SENT]
    assert of(rockland, sent).clinician != late.name


def test_the_clinician_of_another_practice_is_refused(rockland: BillingHouse, cast: Cast, now: datetime) -> None:
    claim = nobody_rendered(rockland, now)
    with pytest.raises(mending.NotTheirVisit), testing.scope(practices=[rockland.id, cast.rival.id]):
        mending.correct_visit(
            actor=testing.actor(now), claim=claim.public_id, clinician=cast.rival.clinician.public_id, at=now
        )
    assert of(rockland, claim).state is S.HELD


def test_ana_and_theo_name_nobody(rockland: BillingHouse, cast: Cast, now: datetime) -> None:
    claim = nobody_rendered(rockland, now)
    given = {"clinician": rockland.house.clinician.public_id, "sheet_version": "1"}

    for user in (cast.ana, cast.theo):
        answer = signed_in(user).post(reverse("claims:visit", args=[claim.public_id]), given)
        assert answer.status_code in {403, 404}
    assert of(rockland, claim).state is S.HELD


def test_a_missing_coverage_is_added_from_the_claim_and_serves_the_patients_other_claims(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.HELD, rockland, at=now)
    url = reverse("claims:coverage", args=[claim.public_id])
    card = {
        "payer": rockland.payer.public_id, "member_id": "W123456789", "order": "P", "starts_on": "2026-01-01",
        "relationship": "18", "sheet_version": "1",
    }  # fmt: skip

    story = priya.get(reverse("claims:claim", args=[claim.public_id])).content.decode()
    refused = priya.post(url, card | {"relationship": "19"})
    saved = priya.post(url, card)

    assert f'href="{url}#id_payer">Coverage' in story
    assert refused.status_code == 422
    assert "Nobody is named who holds the policy." in refused.content.decode()
    assert saved.status_code == 303, saved.content.decode()[-1500:]
    mended = of(rockland, claim)
    assert (mended.state, mended.payer) == (S.READY, rockland.payer.name)
    priya.post(url, card | {"member_id": "W987654321", "sheet_version": "2"})
    assert "W987654321" in priya.get(url).content.decode()


def test_a_patients_record_is_completed_from_the_claim(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now, who=patients.person(address=NO_ADDRESS))
    url = reverse("claims:patient", args=[claim.public_id])
    assert codes(claim) == {"patient_address"}

    saved = priya.post(
        url,
        {
            "last_name": "Okafor", "first_name": "Daniel", "born_on": "1968-02-14", "sex": "M",
            "line1": "7 Elm Street", "city": "Rockland", "state": "me", "zip": "04841-1234", "sheet_version": "1",
        },
    )  # fmt: skip

    assert saved.status_code == 303
    assert of(rockland, claim).state is S.READY


def test_what_a_line_lacks_is_written_on_it(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    """A code without a price, a drug without its NDC, a day that is wrong: each has its input."""
    claim = claim_at(S.READY, rockland, at=now, lines=[Line("J3490")])
    assert codes(claim) == {"charge_positive"}
    url = reverse("claims:change", args=[claim.public_id])
    given = {
        "diagnoses": "E119", "place_of_service": "11", "sheet_version": "1", "line1-code": "J3490",
        "line1-pointers": "A", "line1-units": "1", "line1-amount": "12.50", "line1-service_on": "2026-02-20",
        "line1-ndc": "00074-3799-02", "line1-ndc_quantity": "2", "line1-ndc_unit": "ML",
    }  # fmt: skip

    saved = priya.post(url, given)

    assert saved.status_code == 303, saved.content.decode()[-1500:]
    mended = of(rockland, claim)
    assert (mended.state, str(mended.charged), mended.service_on) == (S.READY, "12.50", date(2026, 2, 20))
    assert not mended.findings
    assert "00074379902" in priya.get(url).content.decode()
    priya.post(url, given | {"sheet_version": "2", "line1-ndc": "", "line1-ndc_quantity": ""})
    assert "00074379902" not in priya.get(url).content.decode(), "what was typed is taken off by emptying it"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"line1-modifiers": "25 59 LT RT 50"}, "Up to four, each of two letters or digits"),
        ({"line1-modifiers": "ABC"}, "Up to four, each of two letters or digits"),
        ({"line1-ndc": "-----------", "line1-ndc_quantity": "1"}, "It has eleven digits"),
        ({"line1-ndc": "0007437990", "line1-ndc_quantity": "1"}, "It has eleven digits"),
        ({"line1-pointers": "Z"}, "Line 1, Diagnoses, as AB: It has up to four letters from A to L."),
        ({"another-code": "36415", "another-pointers": "A"}, "New line, Units: This field is required."),
        ({"place_of_service": "1"}, "It has two digits: 11 is an office."),
    ],
)
def test_what_no_line_has_room_for_is_told_beside_its_input(
    rockland: BillingHouse, priya: Client, now: datetime, given: dict[str, str], said: str
) -> None:
    claim = claim_at(S.READY, rockland, at=now, lines=[Line("99213")])
    url = reverse("claims:change", args=[claim.public_id])

    refused = priya.post(url, asked(claim) | given)

    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert of(rockland, claim).lines == claim.lines


def asked(claim: contracts.Claim, **more: str) -> dict[str, str]:
    """The form of a claim of one line, as it stands."""
    line = claim.lines[0]
    return {
        "diagnoses": " ".join(claim.diagnoses), "place_of_service": "11", "sheet_version": str(claim.sheet_version),
        "line1-code": line.code, "line1-pointers": "A", "line1-units": "1", **more,
    }  # fmt: skip


def test_a_line_that_was_forgotten_joins_the_claim_at_its_price(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now, lines=[Line("99213")])
    more = {"another-code": "99214", "another-modifiers": "25", "another-pointers": "A", "another-units": "1"}

    saved = priya.post(reverse("claims:change", args=[claim.public_id]), asked(claim, **more))

    assert saved.status_code == 303, saved.content.decode()[-1500:]
    mended = of(rockland, claim)
    assert [(line.code, line.modifiers) for line in mended.lines] == [("99213", ()), ("99214", ("25",))]
    assert mended.charged == Money.total(line.charged for line in mended.lines) > claim.charged
    assert mended.lines[1].service_on == claim.service_on
    told = priya.get(reverse("claims:claim", args=[claim.public_id])).content.decode()
    assert "Priya Raman changed lines of claim" in told
    with rockland.scope():
        assert building.build(actor=testing.actor(now), practice=rockland.id, at=now).claims == (), "nothing waits"


def test_a_line_joins_what_replaces_a_claim_and_waits_again_if_that_is_dropped(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    sent = claim_at(S.PAID, rockland, at=now, lines=[Line("99213")])
    assert priya.get(reverse("claims:change", args=[sent.public_id])).status_code == 409
    wrong = {"why": "A service was forgotten", "frequency": "7"}
    made = priya.post(reverse("claims:correct", args=[sent.public_id]), wrong)
    with rockland.scope():
        replacement = testing.told(made["Location"].strip("/").rpartition("/")[2])

    body = {"sheet_version": replacement.sheet_version, "more": [{"code": "36415", "amount": "8.00",
            "service_on": str(sent.service_on)}]}  # fmt: skip
    answer = software(rockland, now).patch(
        f"/api/claims/{replacement.public_id}", json.dumps(body), content_type="application/json"
    )

    assert answer.status_code == 200, answer.content
    grown = of(rockland, replacement)
    assert [line.code for line in grown.lines] == ["99213", "36415"]
    assert grown.charged == sent.charged + Money.of("8.00")
    assert of(rockland, sent).charged == sent.charged, "what the payer has stays as it is"
    priya.post(reverse("claims:drop", args=[replacement.public_id]))
    with rockland.scope():
        built = building.build(actor=testing.actor(now), practice=rockland.id, at=now).claims
        assert [line.code for line in testing.told(built[0]).lines] == ["36415"]


def test_who_opened_a_form_earlier_does_not_write_over_who_saved_meanwhile(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    with rockland.scope(), reading():
        person = sources.of(claim.public_id).patient.person
    record = {
        "last_name": person.last_name, "first_name": "Daniela", "born_on": "1968-02-14", "sex": "F",
        "line1": "7 Elm Street", "city": "Rockland", "state": "ME", "zip": "04841", "sheet_version": "1",
    }  # fmt: skip
    url = reverse("claims:patient", args=[claim.public_id])

    first, second = priya.post(url, record), priya.post(url, record | {"first_name": "Danielle"})
    visit = priya.post(
        reverse("claims:visit", args=[claim.public_id]),
        {"clinician": rockland.house.clinician.public_id, "sheet_version": "1"},
    )

    assert [first.status_code, second.status_code, visit.status_code] == [303, 409, 409]
    assert "Somebody changed this claim while the form was open. Open it again." in second.content.decode()
    assert "Danielle" in second.content.decode(), "what was typed is still there"
    with rockland.scope(), reading():
        assert sources.of(claim.public_id).patient.person.first_name == "Daniela"


def test_nothing_is_told_as_changed_where_nothing_was(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    with rockland.scope(), reading():
        found = sources.of(claim.public_id)
    nobody = priya.post(reverse("claims:visit", args=[claim.public_id]), {"clinician": "", "sheet_version": "1"})
    same = priya.post(
        reverse("claims:visit", args=[claim.public_id]), {"clinician": found.clinician, "sheet_version": "1"}
    )

    assert (nobody.status_code, same.status_code) == (422, 303)
    assert "Nobody is named, and no site. Choose one of the two." in nobody.content.decode()
    with rockland.scope(), reading():
        assert not Event.objects.filter(action="claims.amended").exists()


def test_a_claim_that_a_payer_has_says_so_before_anything_is_typed(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.SENT, rockland, at=now)

    for route in fixes.PARTS:
        page = priya.get(reverse(route, args=[claim.public_id]))
        assert page.status_code == 409
        assert "it is not changed in place" in page.content.decode()


def test_a_price_that_is_published_later_reaches_the_claim_that_waits_for_it(
    rockland: BillingHouse, priya: Client, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now, lines=[Line("99213"), Line("A4550")])
    assert codes(claim) == {"charge_positive"}
    with rockland.scope():
        charge_services.publish_fees(
            actor=testing.actor(now), practice=rockland.id, name="Standard", label="2026", starts_on=date(2026, 1, 1),
            fees=[FeeDraft("A4550", Money.of("7.50"))], at=now,
        )  # fmt: skip

    priya.post(reverse("claims:scrub", args=[claim.public_id]), headers=HTMX)

    mended = of(rockland, claim)
    assert (mended.state, mended.charged) == (S.READY, claim.charged + Money.of("7.50"))


def test_a_visit_of_more_lines_than_a_claim_holds_becomes_several(rockland: BillingHouse, now: datetime) -> None:
    many = [Line("99213", "1.00", (f"{number:02d}",)) for number in range(60)]
    visit = testing.visit_to_bill(rockland, at=now, lines=many)
    with rockland.scope():
        built = building.build(actor=testing.actor(now), practice=rockland.id, at=now, visit_ids=[visit])
        sizes = [len(testing.told(name).lines) for name in built.claims]

    assert sizes == [50, 10]


def test_dropped_charges_are_built_again_from_the_list(rockland: BillingHouse, priya: Client, now: datetime) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    priya.post(reverse("claims:drop", args=[claim.public_id]), headers=HTMX)

    built = priya.post(reverse("claims:build"), headers=HTMX)
    again = priya.post(reverse("claims:build"), headers=HTMX)

    assert "1 claim built, 1 ready" in built["HX-Trigger"]
    assert "No charge waits" in again["HX-Trigger"]


def software(house: BillingHouse, now: datetime) -> Client:
    """A program that works the claims of a practice."""
    lea = person("lea@harborridge.example", "Lea", practice=house.id, role="billing_lead", at=now)
    return bearer(token_for(lea, ["claims.work", "claims.read", "charges.capture"], [Tenant.objects.get(pk=house.id)]))


def test_software_mends_the_same(rockland: BillingHouse, cast: Cast, now: datetime) -> None:
    client = software(rockland, now)
    first, second = nobody_rendered(rockland, now), nobody_rendered(rockland, now)
    who = rockland.house.clinician.public_id

    def send(method: str, path: str, body: object) -> Any:
        return client.generic(method, f"/api/{path}", json.dumps(body), content_type="application/json")

    one = send("PATCH", f"claims/{first.public_id}/visit", {"clinician": who})
    many = send("POST", "claim-clinicians", {"claims": [second.public_id], "clinician": who})
    card = {"payer": rockland.payer.public_id, "member_id": "W555", "starts_on": "2026-01-01", "order": "S"}
    added = send("POST", f"claims/{first.public_id}/coverages", card)
    listed = client.get(f"/api/claims/{first.public_id}/coverages").json()

    assert (one.status_code, one.json()["state"]) == (200, "ready"), one.content
    assert many.json() == {"done": [second.public_id], "refused": []}
    assert added.status_code == 201, added.content
    assert [cover["member_id"] for cover in listed] == ["W123456789", "W555"]
