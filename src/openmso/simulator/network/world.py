"""The demo network while it runs: who its patients are, what payers owe, what the bank will show, and its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from openmso.kit.periods import Month
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.identity.models import User
from openmso.simulator.network import (
    bank,
    people,
    visiting,
)
from openmso.simulator.network.building import FIRST_MONTH, STARTS_ON, Network, Site
from openmso.simulator.network.cast import PAYERS, USERS
from openmso.simulator.network.payers import Payers
from openmso.simulator.network.promises import Promises

LAST_MONTH = FIRST_MONTH.plus(1)
ENDS_AT = datetime(2026, 11, 2, 17, tzinfo=UTC)
TUESDAY, FRIDAY = 1, 4
HOLIDAYS = {date(2026, 9, 7), date(2026, 10, 12)}
SENDER = "HARBORRIDGE"


@dataclass(slots=True)
class Counts:
    """What the month came to, for the summary."""

    visits: int = 0
    claims: int = 0
    held: int = 0
    batches: int = 0
    accepted: int = 0
    rejected: int = 0
    asked: int = 0
    remittances: int = 0
    duplicates: int = 0
    payments: int = 0
    unmatched: int = 0
    deposits: int = 0
    settlements: int = 0
    payment_runs: int = 0
    appeals: int = 0
    write_offs: int = 0
    taken_in: int = 0
    quarantined: int = 0
    coverage_checks: int = 0
    estimates: int = 0
    patient_payments: int = 0
    self_pay: int = 0
    disputes: int = 0
    proposals: int = 0

    def __add__(self, other: Counts) -> Counts:
        """The counts of both."""
        return Counts(**{name: count + getattr(other, name) for name, count in asdict(self).items()})

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(slots=True)
class Desk:
    """What the MSO's people have before them at one practice: what they know of, and what they do when.

    An errand is its instant, its number at the practice, the item of work, and the step.
    """

    met: set[str] = field(default_factory=set)
    errands: list[tuple[datetime, int, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class World:
    """Practices of the network while they run: who their patients are, what payers owe, what the bank will show.

    One of all worlds leads: what happens at the MSO happens there.
    """

    network: Network
    sites: Sequence[Site]
    leads: bool
    payers: Payers
    seed: int
    runs: Sequence[date]
    """The days on which everything between two runs happens."""
    plans_ahead: bool = True
    """Whether visits are planned, and payers asked about them, before they take place."""
    counts: Counts = field(default_factory=Counts)
    patients: dict[str, list[int]] = field(default_factory=dict)
    panels: dict[str, list[people.DemoPatient]] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)
    clinicians: dict[str, list[int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    arrivals: dict[str, list[bank.Arrival]] = field(default_factory=lambda: defaultdict(list))
    delayed: dict[str, bank.Delayed] = field(default_factory=lambda: defaultdict(bank.Delayed))
    desks: dict[str, Desk] = field(default_factory=lambda: defaultdict(Desk))


def world(network: Network, codes: Collection[str], *, seed: int, leads: bool) -> World:
    """A world of some practices that has just begun."""
    sites = [site for code, site in network.sites.items() if code in codes]
    practices = list(network.sites)
    return World(
        network, sites, leads,
        Payers(
            PAYERS, practices=practices, seed=seed, to=SENDER,
            promises=Promises([site.plan for site in network.sites.values()]),
        ),
        seed, list(run_days()),
    )  # fmt: skip


def owner_of(site: Site, at: datetime) -> Actor:
    """The practice's owner: what is reserved to people of the practice, the system cannot decide."""
    return access.actor_for(User.objects.get(email=site.plan.owner[1]), at=at, fresh=True)


def person(name: str, at: datetime) -> Actor:
    """Somebody of a practice of the demo by name."""
    email = next(user.email for user in USERS if user.name == name)
    return access.actor_for(User.objects.get(email=email), at=at, fresh=True)


def by(running: World, role: str, at: datetime) -> Actor:
    """Whoever of the MSO has the role: what they do in a practice is done under the grants of its agreement."""
    if role not in running.staff:
        email = next(user.email for user in USERS if user.role == role)
        running.staff[role] = access.actor_for(User.objects.get(email=email), at=at, fresh=True)
    return replace(running.staff[role], at=at)


def named(running: World, name: str) -> Actor | None:
    """Somebody of the MSO by name; nobody where the name is a machine's or another house's."""
    return next((by(running, one.role, ENDS_AT) for one in USERS if one.name == name and not one.practices), None)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day, UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def run_days() -> Iterator[date]:
    """Fridays in the first month, Tuesdays and Fridays in the second."""
    day, end = FIRST_MONTH.first, LAST_MONTH.last
    while day <= end:
        if day.weekday() == FRIDAY or (day.weekday() == TUESDAY and Month.of(day) == LAST_MONTH):
            yield day
        day += timedelta(days=1)


def days_since_last_run(running: World, day: date) -> Iterator[date]:
    """The working days since the run before, that of the run included."""
    earlier = [one for one in running.runs if one < day]
    on = earlier[-1] if earlier else FIRST_MONTH.first - timedelta(days=1)
    while on < day:
        on += timedelta(days=1)
        if on.weekday() < 5 and on not in HOLIDAYS:
            yield on


def next_run(running: World, day: date) -> datetime:
    """When the run after that of a day begins; after the last one, when the demo ends."""
    return next((moment(one, 13) for one in running.runs if one > day), ENDS_AT)


def evening_before(running: World, day: date) -> datetime:
    """When the front desk plans the visits of a run: in the evening of the run before, at first when all begins."""
    earlier = [one for one in running.runs if one < day]
    return datetime.combine(earlier[-1], visiting.EVENING, UTC) if earlier else moment(STARTS_ON, 12, 30)


def is_last_run_of(running: World, day: date, following: Month) -> bool:
    """Whether no later run is of the same month, and the next is of the month that follows."""
    later = [one for one in running.runs if one > day]
    return Month.of(day) != following and bool(later) and Month.of(later[0]) == following
