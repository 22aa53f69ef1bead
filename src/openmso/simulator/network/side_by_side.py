"""The network's months run by several processes side by side, each with practices of its own.

They meet before every run and around what happens at the MSO, so that all are at the same day; what they come to does
not hang on how many they are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from threading import BrokenBarrierError
from typing import Protocol

from django.db import connections

from openmso.simulator.network import meeting, month
from openmso.simulator.network.building import Network
from openmso.simulator.network.world import Counts, World, world

Tell = Callable[[str], object]


class Steps(Protocol):
    """What a world goes through; yields the name of each step before it is done."""

    def __call__(self, running: World, *, meet: Callable[[], object]) -> Iterator[str]:
        """Run everything."""


def run(network: Network, *, seed: int, processes: int, tell: Tell, steps: Steps = month.steps) -> Counts:
    """Run the months of the whole network; `tell` hears of the steps of the first process."""
    groups = deal(list(network.sites), processes)
    if len(groups) == 1:
        return _run(network, groups[0], seed, steps, leads=True, tell=tell, meet=lambda: None)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(groups), timeout=meeting.PATIENCE)
    database = connections["default"].settings_dict["NAME"]
    with ProcessPoolExecutor(len(groups) - 1, context, initializer=meeting.begin, initargs=(barrier, database)) as pool:
        others = [pool.submit(run_here, network, group, seed, steps) for group in groups[1:]]
        for other in others:
            other.add_done_callback(lambda done: barrier.abort() if done.exception() else None)
        try:
            counts = _run(network, groups[0], seed, steps, leads=True, tell=tell, meet=barrier.wait)
        except BrokenBarrierError:
            _raise_what_broke(others)
            raise
        except BaseException:
            barrier.abort()
            raise
        return sum((other.result() for other in others), counts)


def deal(codes: Sequence[str], processes: int) -> list[list[str]]:
    """The practices of each process, dealt in turn."""
    return [list(codes[start::processes]) for start in range(min(processes, len(codes)))]


def run_here(network: Network, codes: Sequence[str], seed: int, steps: Steps) -> Counts:
    """Run the months of some practices in a process that was begun for it."""
    try:
        return _run(network, codes, seed, steps, leads=False, tell=lambda step: None, meet=meeting.here().wait)
    finally:
        connections.close_all()


def _run(
    network: Network, codes: Sequence[str], seed: int, steps: Steps, *, leads: bool, tell: Tell,
    meet: Callable[[], object],
) -> Counts:  # fmt: skip
    running = world(network, codes, seed=seed, leads=leads)
    for step in steps(running, meet=meet):
        tell(step)
    return running.counts


def _raise_what_broke(others: Sequence[Future[Counts]]) -> None:
    """The failure because of which the others were not waited for any longer."""
    for other in others:
        if (failure := other.exception()) and not isinstance(failure, BrokenBarrierError):
            raise failure
