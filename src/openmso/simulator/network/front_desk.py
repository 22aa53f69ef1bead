"""The front desk at the end of the demo, and on the day it is served: visits ahead are planned, payers are asked.

Eye doctors have patients with a medical and a vision plan: the reason for the visit leads to one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.eligibility.contracts import AuthorizationDraft, Permit, RequestDraft, RuleDraft
from openmso.eligibility.services import asking, permitting, requesting, sending
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patient_queries
from openmso.patients.contracts import PlanKind
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import queries as visits
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft, VisitStatus
from openmso.simulator.network import partners, people
from openmso.simulator.network.building import Site, within
from openmso.simulator.network.cast import PAYERS
from openmso.simulator.payer.review import review

DAYS = 3
REQUESTS = 4
BESIDE_OF = 2
"""Of how many patients with two plans the visits are."""
REASONS = {
    "routine eye exam": PlanKind.VISION, "glasses": PlanKind.VISION, "contact lenses": PlanKind.VISION,
    "red eye": PlanKind.MEDICAL, "diabetic": PlanKind.MEDICAL, "glaucoma": PlanKind.MEDICAL,
}  # fmt: skip
"""Reasons for which eye doctors of the demo ask the vision plan, and those for which the medical one."""
BESIDE = ("Routine eye exam, new glasses", "Red eye, dry and burning", "Contact lenses fitted")
"""What the patient comes for who has both plans, on three days."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a payer asks to be authorized of a specialty: a range of codes, one of them, and for what."""

    codes: tuple[str, str]
    code: str
    diagnosis: str


WANTED = {
    "primary_care": Wanted(("95800", "95811"), "95810", "G4733"),  # sleep studies
    "optometry": Wanted(("92133", "92134"), "92134", "H353131"),  # imaging of nerve and retina
    "dermatology": Wanted(("17311", "17315"), "17311", "C44311"),  # Mohs surgery
    "behavioral_health": Wanted(("90832", "90838"), "90837", "F331"),  # psychotherapy, by time
}


def lead(site: Site, *, actor: Actor, at: datetime) -> None:
    """Say for which reasons the vision plan is asked, where there is one."""
    if site.plan.specialty == "optometry":
        for words, plan in REASONS.items():
            scheduling.route_reason(actor=actor, practice=site.practice, words=words, plan=plan, at=at)


def ask(
    site: Site, *, patients: list[int], clinicians: list[int], place: int, actor: Actor, sender: Actor, seed: int,
    at: datetime,
) -> int:  # fmt: skip
    """Plan the visits of the coming days and ask about them: in a rough hour first, then in a good one; the checks."""
    today = at.date()
    ahead = [today + timedelta(days=number) for number in range(1, DAYS + 1)]
    with within(site.practice):
        _plan(site, ahead, patients, clinicians, place, seed=seed, actor=actor, at=at)
        _permit(site, patients, actor, at)
        _request(site, patients, actor, sender, at)
        asked = asking.ask_ahead(actor=actor, practice=site.practice, at=at, days=DAYS)
        for hour in (0, 1):
            sending.send_due(actor=actor, practice=site.practice, at=at + timedelta(hours=hour))
    return len(asked)


def choose(site: Site, *, actor: Actor, at: datetime) -> None:
    """Of the visits of the coming days one asks the patient's other plan first, because the patient says so."""
    with within(site.practice):
        with reading():
            first, last = at.date() + timedelta(days=1), at.date() + timedelta(days=DAYS + 1)
            ahead = visits.planned(practice=site.practice, starts_on=first, ends_on=last)
            held = patient_queries.coverages_of({one.patient_id for one in ahead})
        for one in ahead:
            mine = [cover for cover in held.get(one.patient_id, ()) if cover.holds_on(one.service_on)]
            asked = visits.asked_first(one, mine)
            other = next((cover for cover in mine if asked and cover.kind is not asked.kind), None)
            if other is not None:
                why = "The patient keeps the benefit of the other plan for spring"
                scheduling.choose_coverage(
                    actor=actor, visit=one.public_id, coverage=other.public_id, why=why, at=at
                )  # fmt: skip
                return


def today(site: Site, *, seed: int, actor: Actor, at: datetime) -> None:
    """Plan the visits of today and the days ahead, those that are planned already left alone, and ask about them."""
    numbers = range(site.plan.visits_a_week * people.PATIENTS_PER_WEEKLY_VISIT)
    first = tenancy.today(site.practice, at)
    ahead = [first + timedelta(days=number) for number in range(DAYS + 1)]
    with within(site.practice):
        with reading():
            known = patient_queries.known_ids(
                practice=site.practice, source="demo", source_ids=[f"{site.plan.code}-{n:05d}" for n in numbers]
            )
            clinicians = [one.id for one in providers.clinicians(site.practice)]
            place = providers.sites(site.practice, on=first)[0].id
        patients = [known[name] for name in sorted(known)]
        _plan(site, ahead, patients, clinicians, place, seed=seed, actor=actor, at=at)
        asking.ask_ahead(actor=actor, practice=site.practice, at=at, days=DAYS)
        sending.send_due(actor=actor, practice=site.practice, at=at)


def _plan(
    site: Site, ahead: Sequence[date], patients: list[int], clinicians: list[int], place: int, *, seed: int,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    days = [on for on in ahead if on.weekday() < 5]
    drafts = [draft for on in days for draft in _planned(site, on, patients, clinicians, place, seed)]
    drafts += _beside(site, days, patients, clinicians, place)
    scheduling.record_visits(actor=actor, practice=site.practice, drafts=drafts, at=at)


def _beside(
    site: Site, days: Sequence[date], patients: list[int], clinicians: list[int], place: int
) -> Iterator[VisitDraft]:
    """Visits of somebody with a medical and a vision plan, each for another reason."""
    with reading():
        covers = patient_queries.coverages_of(patients[: BESIDE_OF * 4])
    both = [key for key in patients if {one.kind for one in covers.get(key, ())} == set(PlanKind)]
    for number, (on, reason) in enumerate(zip(days, BESIDE, strict=False)):
        if both:
            yield VisitDraft(
                patient_id=both[number % BESIDE_OF % len(both)], service_on=on, source="demo",
                source_id=f"B-{site.plan.code}-{on:%Y%m%d}", clinician_id=clinicians[0], site_id=place, reason=reason,
                status=VisitStatus.PLANNED,
            )  # fmt: skip


def _planned(
    site: Site, on: date, patients: list[int], clinicians: list[int], place: int, seed: int
) -> list[VisitDraft]:
    return [
        VisitDraft(
            patient_id=patients[visit.patient], service_on=on, source="demo", source_id=f"P-{visit.source_id}",
            clinician_id=clinicians[visit.clinician], site_id=place, place_of_service=visit.encounter.place,
            reason=visit.encounter.reason, status=VisitStatus.PLANNED,
        )
        for visit in people.visits(site.plan, on, seed=seed)
    ]  # fmt: skip


def _request(site: Site, patients: list[int], actor: Actor, sender: Actor, at: datetime) -> None:
    """What the same payer is asked to authorize for some patients, and its answers; the last one waits."""
    today, wanted = at.date(), WANTED[site.plan.specialty]
    asks = payers.by_edi_id(next(one.payer_id for one in PAYERS if one.name in site.plan.payers))
    assert asks is not None, "the payers of the demo stand in its register"
    with reading():
        covers = patient_queries.coverages_of(patients[3:40])
    theirs = [key for key, found in covers.items() if any(c.payer_id == asks.id and c.holds_on(today) for c in found)]
    for count, patient in enumerate(theirs[:REQUESTS]):
        draft = RequestDraft(
            patient,
            asks.id,
            Permit.AUTHORIZATION,
            wanted.code,
            today,
            today + timedelta(days=60),
            Decimal(8),
            "11",
            (wanted.diagnosis,),
        )
        name = requesting.ask(actor=actor, practice=site.practice, draft=draft, at=at)
        sent = partners.hand_in(actor=sender, kind="eligibility.request", thing=name, at=at)
        if count < REQUESTS - 1:
            answer = review(sent, count=count, to=site.plan.code, at=at)
            requesting.take(actor=actor, practice=site.practice, name=f"278-{name}.x12", content=answer, at=at)


def _permit(site: Site, patients: list[int], actor: Actor, at: datetime) -> None:
    """What one payer of the practice asks to be authorized from now on, and what it has authorized; some ends soon."""
    today, wanted = at.date(), WANTED[site.plan.specialty]
    asks = payers.by_edi_id(next(one.payer_id for one in PAYERS if one.name in site.plan.payers))
    assert asks is not None, "the payers of the demo stand in its register"
    rule = RuleDraft(asks.id, Permit.AUTHORIZATION, *wanted.codes, today, "Provider manual, prior authorization")
    permitting.add_rule(actor=actor, practice=site.practice, draft=rule, at=at)
    for number, patient in enumerate(patients[:3], start=1):
        yes = AuthorizationDraft(
            patient, asks.id, Permit.AUTHORIZATION, f"A{today:%y}{site.plan.code}{number:03}", *wanted.codes,
            today - timedelta(days=60), today + timedelta(days=number * 9), Decimal(12),
        )  # fmt: skip
        permitting.record(actor=actor, practice=site.practice, draft=yes, at=at)
    permitting.warn(actor=actor, practice=site.practice, at=at)
