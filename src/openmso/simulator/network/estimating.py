"""The front desk of the demo: what visits ahead will cost the patient, owed by the clock and worked out by contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.eligibility.queries import checks
from openmso.estimates.contracts import EstimateDraft, ItemDraft, Kind, Way
from openmso.estimates.services import expecting, making, owing
from openmso.kit.errors import Refused
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import queries as planned
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import Visit, VisitDraft, VisitStatus
from openmso.simulator.network.building import Site, within
from openmso.simulator.network.services_offered import Encounter

FAR_DAYS, DAYS = 21, 7
EACH = 2
"""Estimates of a kind that a practice of the demo makes."""
REASONS = 3
"""Reasons of which such a practice has said what they usually come to."""


def estimate(site: Site, *, people: list[int], encounters: Iterable[Encounter], actor: Actor, at: datetime) -> int:
    """Schedule self-pay visits, give one its estimate and leave one owed; work out shares of the insured; how many."""
    usual = list(encounters)
    with within(site.practice):
        for one in usual[:REASONS]:
            expecting.say(actor=actor, practice=site.practice, words=one.reason, items=_items(one), at=at)
        bare = _schedule_self_pay(site, people, usual[0], actor, at)
        drafts = [_draft(Kind.GOOD_FAITH, who, visit, usual[0]) for who, visit in bare[: EACH - 1]]
        for draft in drafts:
            made = making.make(actor=actor, draft=draft, at=at)
            making.give(actor=actor, estimate=made, way=Way.HAND, at=at + timedelta(minutes=5))
        return len(drafts) + _shares(site, usual, actor, at)


def _schedule_self_pay(
    site: Site, people: list[int], usual: Encounter, actor: Actor, at: datetime
) -> list[tuple[Patient, Visit]]:
    """Patients without a coverage and their visits in three weeks; the estimates that scheduling makes due are open."""
    with reading():
        covers = patients.coverages_of(people)
        found = patients.by_ids([one for one in people if one not in covers][:EACH])
    on = _workday(at.date() + timedelta(days=FAR_DAYS))
    drafts = [VisitDraft(key, on, "demo", f"E-{key}", reason=usual.reason, status=VisitStatus.PLANNED) for key in found]
    visits = scheduling.record_visits(actor=actor, practice=site.practice, drafts=drafts, at=at).visits
    owing.owe(actor=actor, practice=site.practice, visits=[one.public_id for one in visits], at=at)
    return [(found[one.patient_id], one) for one in visits]


def _shares(site: Site, usual: list[Encounter], actor: Actor, at: datetime) -> int:
    """What the insured pay at the first visits ahead whose payers have answered."""
    today, offered = at.date(), {one.reason: one for one in usual}
    with reading():
        ahead = planned.planned(practice=site.practice, starts_on=today, ends_on=today + timedelta(days=DAYS))
        covers = patients.coverages_of({one.patient_id for one in ahead})
        answered = checks.latest_of([cover.id for held in covers.values() for cover in held])
        known = [
            one for one in ahead
            if one.reason in offered and any(cover.id in answered for cover in covers.get(one.patient_id, ())[:1])
        ]  # fmt: skip
        people = patients.by_ids({one.patient_id for one in known})
    made = 0
    for visit in known:
        if made == EACH:
            break
        try:
            draft = _draft(Kind.SHARE, people[visit.patient_id], visit, offered[visit.reason])
            making.make(actor=actor, draft=draft, at=at)
        except Refused:  # an inactive plan, or no coverage that day: the next patient
            continue
        made += 1
    return made


def _draft(kind: Kind, who: Patient, visit: Visit, encounter: Encounter) -> EstimateDraft:
    return EstimateDraft(
        kind, who.public_id, visit.service_on, _items(encounter), visit.reason or encounter.reason, encounter.diagnoses,
        visit.public_id, place_of_service=visit.place_of_service,
    )  # fmt: skip


def _items(encounter: Encounter) -> tuple[ItemDraft, ...]:
    return tuple(
        ItemDraft(one.code, one.modifiers, units=Decimal(one.units), words=one.label) for one in encounter.services
    )


def _workday(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
