"""Verbs: build the demo network, run its months, and prove that nothing was lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from openmso.analytics import services as analytics
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Tenant
from openmso.simulator.contracts import Summary
from openmso.simulator.network import building, month
from openmso.simulator.network.cast import MSO_CODE, PRACTICES, DemoPractice

SEED = 20261001
Progress = Callable[[str, int, int], object]


def demo(*, progress: Progress, seed: int = SEED, plans: Sequence[DemoPractice] = PRACTICES) -> Summary:
    """Build and run the demo network; tells each step, how many are done, and how many there are."""
    steps_to_build = len(plans) + 2
    done = 0

    def say(step: str) -> None:
        nonlocal done
        progress(step, done, steps_to_build)
        done += 1

    network = building.build(say=say, plans=plans)
    month.open_months(network)
    whole = month.count_steps(network)
    running = month.world(network, seed=seed)
    for number, step in enumerate(month.steps(running)):
        progress(step, number, whole)
    return Summary(counts=running.counts.as_dict())


def exists() -> bool:
    """Whether the demo network was built in this database before."""
    return Tenant.objects.filter(code=MSO_CODE).exists()


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
        practices = [site.practice for site in network.sites.values()]
        with building.within(network.mso, *practices):
            audit.seal_reads()
