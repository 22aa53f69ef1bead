"""Pain 16: claims for eyes go to the wrong plan. The reason for the visit decides, as data; both plans stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from edi.x12.eligibility.model import Benefit, Delivery
from edi.x12.values import Event
from openmso.agreements.testing import Cast, person
from openmso.charges import testing as charges
from openmso.charges.contracts import ChargeDraft
from openmso.claims.models.claims import Claim
from openmso.claims.services import building
from openmso.eligibility import testing as eligibility
from openmso.eligibility.services import asking
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.parties import testing as parties
from openmso.parties.contracts import Payer, PayerKind
from openmso.patients import queries as covers
from openmso.patients import services as patient_services
from openmso.patients import testing as patients
from openmso.patients.contracts import CoverageDraft, Order, Patient, PlanKind
from openmso.patients.services import CoveragesOverlap
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import queries as visits
from openmso.scheduling import rules
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft

pytestmark = pytest.mark.django_db
EYES = (
    Benefit("1", "IND", ("AL", "30"), plan="CLEAR"),
    Benefit("F", "IND", ("AM",), amount=Decimal(150), events=(Event("348", date(2027, 3, 1)),),
            deliveries=(Delivery("VS", Decimal(1), period="34", period_count=Decimal(24)),)),
    Benefit("F", "IND", ("AN",), deliveries=(Delivery("VS", Decimal(1), period="34", period_count=Decimal(12)),)),
    Benefit("B", "IND", ("AN",), period="27", amount=Decimal(15), in_network="Y"),
    Benefit("F", "IND", ("AL",), amount=Decimal(130), messages=("CONTACT LENSES INSTEAD OF GLASSES",)),
)  # fmt: skip


@dataclass
class Practice:
    """Rockland with a vision payer, and a patient who has both plans."""

    cast: Cast
    at: datetime
    vision: Payer
    patient: Patient

    @property
    def actor(self) -> Actor:
        return Actor.system("a test", at=self.at)

    def lead(self, words: str, plan: PlanKind) -> str:
        return scheduling.route_reason(
            actor=self.actor, practice=self.cast.rockland.id, words=words, plan=plan, at=self.at
        )  # fmt: skip

    def billed_to(self, reason: str, code: str = "99213") -> int | None:
        """The payer of the claim for a visit with this reason."""
        house = self.cast.rockland
        draft = VisitDraft(self.patient.id, self.at.date(), "test", reason, house.clinician.id, house.site.id,
                           reason=reason)  # fmt: skip
        (visit,) = scheduling.record_visits(actor=self.actor, practice=house.id, drafts=[draft], at=self.at).visits
        charges.charged(visit, lines=[ChargeDraft(code, visit.service_on)], at=self.at)
        building.build(actor=self.actor, practice=house.id, at=self.at, visit_ids=[visit.id])
        with reading():
            return Claim.objects.get(visit_id=visit.id).payer_id


@pytest.fixture
def practice(cast: Cast, now: datetime) -> Iterator[Practice]:
    with cast.scope():
        charges.fee_schedule(practice=cast.rockland.id, at=now)
        vision = parties.payer(cast.mso, at=now, edi_id="22248", name="ClearSight Vision", kind=PayerKind.VISION)
        one = patients.patient(practice=cast.rockland.id, at=now)
        patients.coverage(one, payer_id=vision.id, at=now, member_id="V1")
        patients.coverage(one, payer_id=cast.payer.id, at=now)
        yield Practice(cast, now, vision, one)


def test_the_longest_words_of_a_reason_decide() -> None:
    routes = [("eye exam", PlanKind.MEDICAL), ("routine eye exam", PlanKind.VISION)]
    assert rules.plan_for("Routine  EYE exam, glasses", routes) is PlanKind.VISION
    assert rules.plan_for("Eye exam, red eye", routes) is PlanKind.MEDICAL
    assert rules.plan_for("Sore knee", routes) is None


def test_both_plans_are_primary_and_the_reason_for_the_visit_chooses(practice: Practice) -> None:
    led = practice.lead("Routine eye exam", PlanKind.VISION)
    assert practice.billed_to("Routine eye exam") == practice.vision.id
    assert practice.billed_to("Floaters since yesterday") == practice.cast.payer.id
    with pytest.raises(Conflict, match="routed already"):
        practice.lead("routine EYE exam", PlanKind.MEDICAL)
    scheduling.end_route(actor=practice.actor, route=led, at=practice.at)
    assert practice.billed_to("Routine eye exam again") == practice.cast.payer.id


def test_one_plan_of_a_kind_is_first_and_turns_stay_within_the_kind(practice: Practice) -> None:
    with pytest.raises(CoveragesOverlap, match="Another primary vision coverage"):
        patient_services.cover(
            actor=practice.actor, practice=practice.cast.rockland.id, patient_id=practice.patient.id, at=practice.at,
            draft=CoverageDraft(practice.vision.id, "V2", date(2026, 1, 1), order=Order.PRIMARY),
        )  # fmt: skip
    with reading():
        held = covers.coverages_of([practice.patient.id])[practice.patient.id]
    assert [(one.kind, one.order) for one in held] == [
        (PlanKind.MEDICAL, Order.PRIMARY), (PlanKind.VISION, Order.PRIMARY),
    ]  # fmt: skip
    assert [one.kind for one in covers.beside(held, held[1].id)] == [PlanKind.VISION]


def test_the_patients_page_shows_both_with_what_is_given_how_often(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: practice.at)
    name, house = practice.patient.public_id, practice.cast.rockland
    asking.ask_about_patient(actor=practice.actor, patient=name, at=practice.at)
    eligibility.asked(eligibility.Desk(EYES), practice=house.id, at=practice.at)
    priya, theo = signed_in(practice.cast.priya), signed_in(practice.cast.theo)
    page = priya.get(reverse("eligibility:patient", args=[name])).content.decode()
    assert "one in 24 months" in page
    assert "1 Mar 2027" in page
    told = priya.get(f"/api/patients/{name}/coverages").json()
    assert [(one["kind"], one["holds_today"]) for one in told] == [("medical", True), ("vision", True)]
    frames = {"service": "AM", "words": "Frames", "months": 24, "next_on": "2027-03-01", "is_counted": False,
              "allowance": "150.00"}  # fmt: skip
    examined = {"service": "AN", "words": "Routine eye exam", "months": 12, "next_on": None, "is_counted": False,
                "allowance": None}  # fmt: skip
    contacts = {"service": "contacts", "words": "Contact lenses", "months": None, "next_on": None,
                "is_counted": False, "allowance": "130.00"}  # fmt: skip
    assert told[1]["components"] == [frames, examined, contacts]
    sheet = priya.get(reverse("eligibility:check", args=[told[1]["check"]])).content.decode()
    assert "Contact lenses" in sheet
    assert "1 Mar 2027" in sheet
    assert priya.get(f"/api/coverage-checks/{told[1]['check']}").json()["copay"] == "15.00", (
        "of the eyes it asked about"
    )
    assert theo.get(reverse("eligibility:patient", args=[name])).status_code == 404

    practice.lead("Eye exam", PlanKind.VISION)
    practice.billed_to("Eye exam", "92014")
    day = practice.at.date()
    again = priya.get(f"/api/patients/{name}/coverages").json()[1]["components"][1]
    assert again == examined | {"next_on": str(day.replace(year=day.year + 1)), "is_counted": True}
    assert "by what was done here last" in priya.get(reverse("eligibility:patient", args=[name])).content.decode()

    front = signed_in(person("mia@rockland.example", "Mia", practice=house.id, role="practice_staff", at=practice.at))
    made = front.post(reverse("eligibility:new_route"), {"practice": house.id, "words": "Glasses", "plan": "vision"})
    assert made.headers["Location"] == reverse("eligibility:routes")
    line = next(one for one in front.get("/api/reason-routes").json()["items"] if one["words"] == "glasses")
    assert "glasses" in front.get(reverse("eligibility:route", args=[line["id"]])).content.decode()
    front.post(reverse("eligibility:end_route", args=[line["id"]]))
    assert front.get(f"/api/reason-routes/{line['id']}").json()["ended_at"] is not None
    assert theo.get("/api/reason-routes").json()["total"] == 0


def test_another_plan_is_chosen_by_hand_for_one_visit_and_its_claim_follows(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: practice.at)
    house, medical = practice.cast.rockland, practice.cast.payer.id
    assert practice.billed_to("Red eye") == medical
    with reading():
        claim = Claim.objects.get()
        name = visits.by_ids([claim.visit_id])[claim.visit_id].public_id
        held = {one.kind: one.public_id for one in covers.coverages_of([practice.patient.id])[practice.patient.id]}
    front = signed_in(person("mia@rockland.example", "Mia", practice=house.id, role="practice_staff", at=practice.at))
    rival = practice.cast.rival.id
    rita = signed_in(person("rita@lumen.example", "Rita", practice=rival, role="practice_staff", at=practice.at))
    address = f"/api/visits/{name}/coverage"

    def say(door: Client, where: str, **body: str) -> int:
        return door.post(where, body, content_type="application/json").status_code

    def asked() -> int | None:
        outbox.deliver_pending(at=practice.at)
        with reading():
            return Claim.objects.get(pk=claim.pk).payer_id

    why = "Routine exam; the redness was asked about in passing"
    assert say(front, address, coverage=held[PlanKind.VISION], why=" ") == 422, "a choice says why"
    assert say(front, address, coverage="COV-22222222", why=why) == 422, "and is one of the patient's own"
    assert say(rita, address, coverage=held[PlanKind.VISION], why=why) == 404
    assert say(front, f"/api/visits/{name}/by-reason", why=why) == 409, "nobody chose"
    assert asked() == medical

    assert say(front, address, coverage=held[PlanKind.VISION], why=why) == 200
    assert asked() == practice.vision.id
    assert practice.billed_to("Red eye again") == medical, "it was for one visit"
    page = front.get(reverse("estimates:visit", args=[name])).content.decode()
    assert f"Chosen by hand. Mia: {why}" in page

    back = front.post(reverse("estimates:choose", args=[name]), {"coverage": "", "why": "It was the eye after all"})
    assert back.status_code == 303
    assert asked() == medical
    told = front.get(f"/api/visits/{name}").json()
    assert (told["coverage"], [one["coverage"] for one in told["choices"]]) == ("", ["", held[PlanKind.VISION]])
