"""Before the visits of the demo: they are planned, payers are asked, and some patients cancel or do not come.

Who has a coverage is planned some days ahead; who has none is fitted in on the evening before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from openmso.eligibility.services import asking, sending
from openmso.platform.access.contracts import Actor
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import Cause, MarkDraft, Visit, VisitDraft, VisitStatus
from openmso.simulator.network.building import Site
from openmso.simulator.network.people import DemoPatient, DemoVisit
from openmso.simulator.payer.profile import dice

NO_SHOW_PER_1000, CANCELLED_PER_1000 = 55, 40
"""Visits that do not take place, beside those that do."""
EVENING, CLOSING = time(22, 45), time(21)
ASKED_DAYS = 7
NO_SHOW = MarkDraft(VisitStatus.NO_SHOW)
CAUSES = (Cause.CANNOT_COME, Cause.CANNOT_COME, Cause.BETTER, Cause.NO_WAY, Cause.COST, Cause.CLINICIAN, Cause.WEATHER)


@dataclass(frozen=True, slots=True)
class Book:
    """What the front desk of a practice goes by: its patients, their keys, clinicians, and the place."""

    site: Site
    panel: Sequence[DemoPatient]
    patients: Sequence[int]
    clinicians: Sequence[int]
    place: int
    seed: int

    def draft(self, visit: DemoVisit, status: VisitStatus = VisitStatus.DONE) -> VisitDraft:
        """A visit as it is recorded."""
        return VisitDraft(
            patient_id=self.patients[visit.patient], service_on=visit.on, source="demo", source_id=visit.source_id,
            clinician_id=self.clinicians[visit.clinician], site_id=self.place, place_of_service=visit.encounter.place,
            reason=visit.encounter.reason, status=status,
        )  # fmt: skip

    def is_covered(self, visit: DemoVisit) -> bool:
        """Whether any coverage holds on the day."""
        held = self.panel[visit.patient].coverages
        return any(one.starts_on <= visit.on and (one.ends_on is None or visit.on < one.ends_on) for one in held)


def ahead(book: Book, visits: Sequence[DemoVisit], *, since: datetime, actor: Actor) -> None:
    """Plan the visits until the next run, and those that will not take place; ask payers; mark who does not come.

    `since` is the evening on which the desk plans for the days to come. The scope is the practice.
    """
    missed = [other for one in visits for other in _missed(book, one)]
    planned = [*visits, *missed]
    known = [one for one in planned if book.is_covered(one)]
    found = _plan(book, known, actor=actor, at=since)
    if "eligibility" in book.site.plan.lines:
        practice = book.site.practice
        asking.ask_ahead(actor=replace(actor, at=since), practice=practice, at=since, days=ASKED_DAYS)
        sending.send_due(actor=replace(actor, at=since), practice=practice, at=since)
    late = {one.source_id for one in planned} - {one.source_id for one in known}
    for on in sorted({one.on for one in planned}):
        at = max(since, datetime.combine(_working_day_before(on), EVENING, UTC))
        found |= _plan(book, [one for one in planned if one.on == on and one.source_id in late], actor=actor, at=at)
    for one in missed:
        chance = dice(book.seed, "cancels", one.source_id)
        cancels = chance.randrange(NO_SHOW_PER_1000 + CANCELLED_PER_1000) < CANCELLED_PER_1000
        mark = MarkDraft(VisitStatus.CANCELLED, chance.choice(CAUSES)) if cancels else NO_SHOW
        evening = max(since, datetime.combine(_working_day_before(one.on), EVENING, UTC))
        at = evening if cancels else datetime.combine(one.on, CLOSING, UTC)
        scheduling.mark_one(actor=replace(actor, at=at), visit=found[one.source_id].public_id, draft=mark, at=at)


def _plan(book: Book, visits: Iterable[DemoVisit], *, actor: Actor, at: datetime) -> dict[str, Visit]:
    drafts = [book.draft(one, VisitStatus.PLANNED) for one in visits]
    if not drafts:
        return {}
    recorded = scheduling.record_visits(
        actor=replace(actor, at=at), practice=book.site.practice, drafts=drafts, at=at
    ).visits
    return {one.source_id: one for one in recorded}


def _missed(book: Book, visit: DemoVisit) -> Iterable[DemoVisit]:
    """Another patient who was to come at the same time, and does not."""
    chance = dice(book.seed, "missed", visit.source_id)
    if chance.randrange(1000) < NO_SHOW_PER_1000 + CANCELLED_PER_1000:
        other = (visit.patient + 1 + chance.randrange(len(book.patients) - 1)) % len(book.patients)
        yield replace(visit, patient=other, source_id=f"{visit.source_id}-M")


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day
