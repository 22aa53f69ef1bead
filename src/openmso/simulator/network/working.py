"""The MSO's people at work in the demo: what waits is taken, asked about, mended, put off, given and finished.

Everything goes through the services that the screens use, at instants of business hours between two runs. Most is
touched in time; a little is late, some goes to the lead, and a few things still wait when the demo ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import heapify, heappop, heappush
from random import Random
from typing import Protocol

from openmso.agreements.contracts import Hours
from openmso.agreements.queries import clocks
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries, services
from openmso.platform.work.contracts import InboxFilters, ItemRow
from openmso.platform.work.states import Party
from openmso.simulator.network import mending
from openmso.simulator.network.building import Site, within
from openmso.simulator.network.world import World, by
from openmso.simulator.payer.profile import dice

LATE_PER_100, GIVEN_PER_100, ESCALATED_PER_100 = 8, 8, 4
"""What is touched too late, given by the lead, and taken to the lead."""
OPEN_MAX = 1_000
TOUCHED, DECIDED = 0, 9
"""The step with which everything begins, and the one at which the lead has answered."""


class Calendar(Protocol):
    """The business hours of a practice."""

    def due(self, at: datetime, hours: Decimal) -> datetime:
        """The instant at which so many business hours have passed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that somebody does about an item at an instant; `step` says how often somebody was at it before."""

    site: Site
    row: ItemRow
    who: Actor
    lead: Actor
    step: int
    chance: Random
    calendar: Calendar

    @property
    def at(self) -> datetime:
        """The instant."""
        return self.who.at

    def put_off(self, hours: int, party: Party, why: str) -> None:
        """Until some business hours have passed, because somebody else is to act."""
        until = self.calendar.due(self.at, Decimal(hours))
        services.snooze(
            actor=self.who, public_id=self.row.public_id, until=until, at=self.at, why=why, waits_for=party
        )  # fmt: skip

    def note(self, text: str) -> None:
        """Words for whoever works it next."""
        services.comment(actor=self.who, public_id=self.row.public_id, text=text, at=self.at)


Act = Callable[[Job], Decimal | None]
"""What somebody does; the business hours after which they are at it again, if they are."""


def _held(job: Job) -> Decimal | None:
    """A claim on hold: who knows what is missing is asked, then it is mended."""
    why, claim = job.row.why, job.row.subject_id
    if "No coverage" in why:
        if job.step == 1:
            job.put_off(16, Party.PRACTICE, "Asked the front desk for the card.")
            return Decimal(17)
        job.put_off(60, Party.PRACTICE, "The patient looks for the card; without one they are billed.")
    elif "authorization" in why:
        if job.step == 1:
            job.put_off(10, Party.PAYER, "Asked for the number of the authorization.")
            return Decimal(11)
        mending.authorize(job.who, claim, f"A26{job.chance.randrange(10**6):06d}")
    elif not mending.mend(job.who, claim, why, job.site):
        if job.step > 1:
            job.put_off(40, Party.PRACTICE, "Asked again; the clinician is away.")
            return None
        job.put_off(12, Party.PRACTICE, "Asked the clinician what was done.")
        return Decimal(13)
    return None


def _rejected(job: Job) -> Decimal | None:
    """A claim that the payer did not take: compared with the record, and sent again."""
    if job.step == 1 and job.chance.randrange(3) == 0:
        job.put_off(6, Party.PAYER, "Called: they look into why their front end turned it away.")
        return Decimal(7)
    job.note("Compared with the card and the record; goes out again with the next batch.")
    mending.send_again(job.who, job.row.subject_id)
    return None


def _denied(job: Job) -> Decimal | None:
    """A denial: what the payer has right is written off, what can be appealed is prepared, else the payer is asked."""
    kind = job.row.title.partition(":")[0]
    if kind in {"Bundling", "Duplicate", "Filed too late"} and mending.write_off(job.who, job.row):
        return None
    if kind in {"Authorization", "Medical necessity"} and job.step == 1 and job.chance.randrange(2):
        job.note("Asked the practice for the record of the visit; an appeal is worth it.")
        return None
    mending.ask_payer(job.who, job.row.subject_id)
    return None


def _waits_for_payer(words: str, hours: int) -> Act:
    """Something that nobody but the payer can answer."""

    def act(job: Job) -> None:
        job.put_off(hours, Party.PAYER, words)

    return act


def _called(job: Job) -> Decimal | None:
    """A patient is called; who is not reached is called again."""
    if job.chance.randrange(3):
        job.note("Spoke with the patient: a plan was offered.")
    else:
        job.put_off(20, Party.MSO, "No answer; left a message.")
    return None


def _looked_up(job: Job) -> Decimal | None:
    """A coverage that does not hold, or another that does: most is found at the desk."""
    if job.chance.randrange(5):
        services.done(actor=job.who, public_id=job.row.public_id, at=job.at, outcome="The card was seen at the desk")
    else:
        job.put_off(24, Party.PRACTICE, "Asked the patient to bring the card.")
    return None


@dataclass(frozen=True, slots=True)
class Hands:
    """Who works a kind of work, within how many business hours, what they do, and how many of a hundred they reach."""

    role: str
    hours: int
    act: Act
    reached: int = 98
    takes: bool = False
    """Whether they take it first, so that everybody sees who is at it."""


HANDS = {
    "claims.held": Hands("biller", 8, _held, takes=True),
    "claims.rejected": Hands("biller", 16, _rejected, takes=True),
    "claims.follow_up": Hands("biller", 24, _waits_for_payer("Called: in process, no number of days.", 60), 12),
    "claims.earlier_payer_changed": Hands("biller", 24, _waits_for_payer("Sent them the new decision.", 60), 80),
    "denials.first_touch": Hands("denial_specialist", 50, _denied, takes=True),
    "remittances.unmatched_claim": Hands("poster", 16, _waits_for_payer("Asked whose claim it is.", 50)),
    "remittances.quarantined": Hands("poster", 8, _waits_for_payer("Asked for a file that balances.", 30)),
    "underpayments.short_paid": Hands(
        "denial_specialist", 40, _waits_for_payer("Asked by which schedule they paid.", 80), 70
    ),
    "billing.call": Hands("patient_billing", 16, _called, 85),
    "eligibility.failed": Hands("scheduler", 8, _looked_up, 95),
    "eligibility.inactive": Hands("scheduler", 8, _looked_up, 95),
    "eligibility.other_payer": Hands("scheduler", 16, _looked_up, 95),
}


def work(running: World, site: Site, *, until: datetime) -> None:
    """What people do at a practice with what waits, before an instant; later errands are kept."""
    desk, calendar = running.desks[site.plan.code], clocks.calendar_of(site.plan.zone, Hours())
    with within(site.practice):
        with reading():
            asked = InboxFilters(practices=(site.practice,), kinds=tuple(HANDS))
            found = queries.inbox(
                actor=Actor.system("the demo network", at=until), filters=asked, page=PageAsk(size=OPEN_MAX), at=until
            )
        rows = {row.public_id: row for row in found.rows}
        _meet(running, site, found.rows, calendar, until)
        heapify(desk.errands)
        while desk.errands and desk.errands[0][0] < until:
            at, number, item, step = heappop(desk.errands)
            if item not in rows:
                continue  # a payer or somebody else has answered it meanwhile
            chance = dice(running.seed, "at work", site.plan.code, number, step)
            role = HANDS[rows[item].kind].role
            job = Job(
                site, rows[item], by(running, role, at), by(running, "billing_lead", at), step, chance, calendar
            )  # fmt: skip
            if (again := _do(job)) is not None:
                hours, following = again
                heappush(desk.errands, (calendar.due(at, hours), number, item, following))
    outbox.deliver_pending(at=until, practices=[site.practice])


def _meet(
    running: World, site: Site, rows: Iterable[ItemRow], calendar: Calendar, until: datetime
) -> None:  # fmt: skip
    """Say of everything that is new when somebody first does something about it."""
    desk = running.desks[site.plan.code]
    may = {role: {one.code for one in queries.kinds(actor=by(running, role, until))}
           for role in {hands.role for hands in HANDS.values()}}  # fmt: skip
    for row in sorted(rows, key=lambda one: (one.opened_at, one.kind, one.title)):
        hands = HANDS[row.kind]
        if row.public_id in desk.met or row.kind not in may[hands.role]:
            continue
        desk.met.add(row.public_id)
        chance = dice(running.seed, "at work", site.plan.code, len(desk.met))
        if chance.randrange(100) >= hands.reached:
            continue
        is_late = chance.randrange(100) < LATE_PER_100
        share = chance.randint(110, 170) if is_late else chance.randint(4, 80)
        first = calendar.due(row.opened_at, Decimal(hands.hours * share) / 100)
        desk.errands.append((first, len(desk.met), row.public_id, TOUCHED))


def _do(job: Job) -> tuple[Decimal, int] | None:
    """A step; after how many business hours which one follows, if any."""
    item, hands = job.row.public_id, HANDS[job.row.kind]
    if job.step == TOUCHED:
        if job.chance.randrange(100) < GIVEN_PER_100:
            services.assign(actor=job.lead, public_id=item, at=job.at, to=job.who)
            return Decimal(job.chance.randint(1, 12)) / 4, 1
        if hands.takes:
            services.assign(actor=job.who, public_id=item, at=job.at, to=job.who)
            return Decimal(job.chance.randint(1, 8)) / 8, 1
    if job.step == DECIDED:
        services.assign(actor=job.lead, public_id=item, at=job.at, to=job.who)
        return Decimal(1), 2
    if job.step == 1 and hands.takes and job.chance.randrange(100) < ESCALATED_PER_100:
        why = "the practice and the payer say different things"
        services.escalate(actor=job.who, public_ids=[item], at=job.at, to=job.lead, why=why)
        return Decimal(job.chance.randint(4, 24)) / 2, DECIDED
    following = job.step + 1 if job.step else 2
    try:
        hours = hands.act(job if job.step else _begun(job))
    except Refused as no:
        job.note(f"Tried it, and it cannot be done so: {no}")
        return None
    return None if hours is None else (hours, following)


def _begun(job: Job) -> Job:
    """The same where nobody takes it first."""
    return Job(job.site, job.row, job.who, job.lead, 1, job.chance, job.calendar)
