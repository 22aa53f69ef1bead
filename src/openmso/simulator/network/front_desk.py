"""The front desk at the end of the demo: visits ahead are planned, and every payer is asked whether it covers them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.eligibility.contracts import AuthorizationDraft, Permit, RequestDraft, RuleDraft
from openmso.eligibility.services import asking, permitting, requesting, sending
from openmso.parties.queries import payers
from openmso.patients import queries as patient_queries
from openmso.patients.contracts import PlanKind
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft, VisitStatus
from openmso.simulator.network import partners, people
from openmso.simulator.network.building import Site, within
from openmso.simulator.network.cast import PAYERS
from openmso.simulator.payer.review import review

DAYS = 3
REQUESTS = 4
GLASSES = ("new patient, blurred vision", "routine eye exam", "glasses")
"""Reasons for which eye doctors of the demo ask the vision plan."""
SESSIONS = ("90832", "90838")
"""Psychotherapy, by time."""


def lead(site: Site, *, actor: Actor, at: datetime) -> None:
    """Say for which reasons the vision plan is asked, where there is one."""
    if site.plan.specialty == "optometry":
        for words in GLASSES:
            scheduling.route_reason(actor=actor, practice=site.practice, words=words, plan=PlanKind.VISION, at=at)


def ask(
    site: Site, *, patients: list[int], clinicians: list[int], place: int, actor: Actor, sender: Actor, seed: int,
    at: datetime,
) -> int:  # fmt: skip
    """Plan the visits of the coming days and ask about them: in a rough hour first, then in a good one; the checks."""
    today = at.date()
    ahead = [today + timedelta(days=number) for number in range(1, DAYS + 1)]
    with within(site.practice):
        drafts = [
            draft for on in ahead if on.weekday() < 5 for draft in _planned(site, on, patients, clinicians, place, seed)
        ]
        scheduling.record_visits(actor=actor, practice=site.practice, drafts=drafts, at=at)
        _permit(site, patients, actor, at)
        _request(site, patients, actor, sender, at)
        asked = asking.ask_ahead(actor=actor, practice=site.practice, at=at, days=DAYS)
        for hour in (0, 1):
            sending.send_due(actor=actor, practice=site.practice, at=at + timedelta(hours=hour))
    return len(asked)


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
    today = at.date()
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
            "90837",
            today,
            today + timedelta(days=60),
            Decimal(8),
            "11",
            ("F331",),
        )
        name = requesting.ask(actor=actor, practice=site.practice, draft=draft, at=at)
        sent = partners.hand_in(actor=sender, kind="eligibility.request", thing=name, at=at)
        if count < REQUESTS - 1:
            answer = review(sent, count=count, to=site.plan.code, at=at)
            requesting.take(actor=actor, practice=site.practice, name=f"278-{name}.x12", content=answer, at=at)


def _permit(site: Site, patients: list[int], actor: Actor, at: datetime) -> None:
    """What one payer of the practice asks to be authorized from now on, and what it has authorized; some ends soon."""
    today = at.date()
    asks = payers.by_edi_id(next(one.payer_id for one in PAYERS if one.name in site.plan.payers))
    assert asks is not None, "the payers of the demo stand in its register"
    rule = RuleDraft(asks.id, Permit.AUTHORIZATION, *SESSIONS, today, "Provider manual, behavioral health")
    permitting.add_rule(actor=actor, practice=site.practice, draft=rule, at=at)
    for number, patient in enumerate(patients[:3], start=1):
        yes = AuthorizationDraft(
            patient, asks.id, Permit.AUTHORIZATION, f"A{today:%y}{site.plan.code}{number:03}", *SESSIONS,
            today - timedelta(days=60), today + timedelta(days=number * 9), Decimal(12),
        )  # fmt: skip
        permitting.record(actor=actor, practice=site.practice, draft=yes, at=at)
    permitting.warn(actor=actor, practice=site.practice, at=at)
