"""Verbs: build the demo network, run its months, and prove that nothing was lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from openmso.analytics import services as analytics
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant
from openmso.simulator import queries
from openmso.simulator.contracts import Check, Summary
from openmso.simulator.network import building, front_desk, month, partners, relations, seeded, side_by_side
from openmso.simulator.network.building import Network
from openmso.simulator.network.cast import MSO_CODE, PAYERS, PRACTICES, USERS, DemoPractice
from openmso.simulator.network.world import ENDS_AT
from openmso.simulator.payer import contractor, online

SEED = 20261001
Progress = Callable[[str, int, int], object]


def demo(
    *, progress: Progress, seed: int = SEED, plans: Sequence[DemoPractice] = PRACTICES, processes: int = 1
) -> Summary:
    """Build the demo network and run it by some processes; tells each step, how many are done, and how many there are.

    Several processes read the database's address from the environment, as every other process of the product does.
    """
    steps_to_build = len(plans) + 2
    done = 0

    def say(step: str) -> None:
        nonlocal done
        progress(step, done, steps_to_build)
        done += 1

    with online.answering(PAYERS, seed=seed) as door, contractor.listening() as south:
        network = building.build(say=say, plans=plans, online=door, contractor=south)
        month.open_months(network)
        steps = count(1)
        whole = month.count_steps(network, of=min(processes, len(plans)))
        counts = side_by_side.run(
            network, seed=seed, processes=processes, tell=lambda step: progress(step, next(steps), whole)
        )
        with building.within(network.mso, *(site.practice for site in network.sites.values())):
            analytics.compare(at=ENDS_AT)
    return Summary(counts=counts.as_dict())


def quarter(
    *, seeds: Sequence[int], progress: Progress, visits_a_week: int = 6, processes: int = 1
) -> tuple[Summary, list[Check]]:
    """Run a quarter for each seed, every one in a practice of its own with patients of eight payers; and prove it.

    Nothing may be in the database yet. What it comes to hangs on the seeds alone.
    """
    plans = seeded.plans(seeds, visits_a_week=visits_a_week)
    done, whole = count(), len(plans) + 2
    network = building.build(
        say=lambda step: progress(step, next(done), whole), plans=plans, staff=seeded.staff()
    )  # fmt: skip
    month.open_months(network)
    steps, whole = count(1), month.count_weeks(network, of=min(processes, len(plans)))
    counts = side_by_side.run(
        network, seed=SEED, processes=processes, tell=lambda step: progress(step, next(steps), whole),
        steps=month.quarter,
    )  # fmt: skip
    _seal(network)
    return Summary(counts=counts.as_dict()), queries.checks(network)


def relationships(
    *, modes: Sequence[str], states: Sequence[str], months: int, progress: Progress, visits_a_week: int = 2,
    processes: int = 1,
) -> tuple[Summary, list[Check]]:  # fmt: skip
    """Run relationships of so many months, one for each mode in each state, from signature to exit; and prove them.

    Nothing may be in the database yet.
    """
    plans = relations.plans(modes, states, visits_a_week=visits_a_week)
    done, whole = count(), len(plans) + 2
    network = building.build(
        say=lambda step: progress(step, next(done), whole), plans=plans, staff=relations.staff(plans)
    )  # fmt: skip
    relations.open_months(network, months)
    relations.open_accounts(network)
    steps, whole = count(1), relations.count_steps(network, months, of=min(processes, len(plans)))
    counts = side_by_side.run(
        network, seed=SEED, processes=processes, tell=lambda step: progress(step, next(steps), whole),
        steps=relations.Relations(months),
    )  # fmt: skip
    _seal(network)
    return Summary(counts=counts.as_dict()), list(queries.of_relations(network, months))


def exists() -> bool:
    """Whether the demo network was built in this database before."""
    return Tenant.objects.filter(code=MSO_CODE).exists()


@contextmanager
def payers_online(*, seed: int = SEED, at: datetime) -> Iterator[None]:
    """Have the payers of the demo answer questions about coverage at once, and take files, as long as it lasts.

    The front desk plans the visits of today and the days ahead, and asks about them.
    """
    with online.answering(PAYERS, seed=seed) as door, contractor.listening() as south:
        network = building.find()
        if network is not None:
            with building.within(network.mso):
                partners.point(
                    actor=Actor.system(building.SETS_UP, at=at), mso=network.mso, online=door, contractor=south, at=at
                )
            for site in network.sites.values():
                if "eligibility" in site.plan.lines:
                    front_desk.today(site, seed=seed, actor=_scheduler(at), at=at)
        yield


def _scheduler(at: datetime) -> Actor:
    email = next(one.email for one in USERS if one.role == "scheduler")
    return access.actor_for(User.objects.get(email=email), at=at, fresh=True)


def count_figures(*, at: datetime) -> None:
    """Count the key figures of every practice anew, as the worker does every night."""
    network = building.find()
    for site in network.sites.values() if network else ():
        with building.within(site.practice):
            analytics.count(practice=site.practice, at=at)


def seal_reads() -> None:
    """Seal the reads that wait since the last worker ended, as the next one would do first."""
    network = building.find()
    if network is not None:
        _seal(network)


def _seal(network: Network) -> None:
    with building.within(network.mso, *(site.practice for site in network.sites.values())):
        audit.seal_reads()
