"""A real worker in a process of its own: it works, stops politely, and loses and doubles nothing when killed."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.context import ForkServerProcess

import pytest

from openmso.kit import clock
from openmso.platform.audit import queries as audit
from openmso.platform.audit.models import Event
from openmso.platform.jobs import queries, registry, services
from openmso.platform.jobs.tests import cast
from openmso.platform.outbox import queries as outbox
from openmso.platform.outbox import registry as listeners
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk

pytestmark = pytest.mark.faults
SECONDS_MAX = 120


@pytest.fixture
def rock(committed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    from procrastinate.contrib.django import app as queue

    from openmso.platform.audit import registry as sentences

    for module, name in ((registry, "_jobs"), (listeners, "_subscriptions"), (sentences, "_sentences")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))
    declared = set(queue.tasks)
    cast.declare()
    yield Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk
    for name in set(queue.tasks) - declared:
        del queue.tasks[name]


@pytest.fixture
def start(committed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], ForkServerProcess]]:
    """Start a worker; those still alive at the end are killed.

    All are forked from one process that does nothing else, so that a start costs milliseconds, not an import of all.
    """
    monkeypatch.setenv("OPENMSO_LOG", "CRITICAL")
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["openmso.platform.jobs.tests.ready"])
    started: list[ForkServerProcess] = []

    def begin() -> ForkServerProcess:
        started.append(forks.Process(target=cast.work, args=[committed]))
        started[-1].start()
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.join()
        process.close()


def ended(process: ForkServerProcess) -> int | None:
    """How a worker ended: 0, or minus the signal that killed it."""
    process.join(SECONDS_MAX)
    return process.exitcode


def ask(rock: int, *names: str, **more: float) -> None:
    with scope(practices=[rock]), atomic.open():
        for name in names:
            services.defer("cast.take", practice=rock, name=name, **more)  # type: ignore[arg-type]


def told(rock: int) -> Counter[tuple[str, str]]:
    with scope(practices=[rock]), reading():
        return Counter(Event.objects.values_list("action", "subject_id"))


def has_told(rock: int, events: int) -> bool:
    return sum(told(rock).values()) >= events


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def stands(rock: int) -> bool:
    with scope(practices=[rock]), reading():
        return audit.verify().stands and outbox.waiting_count() == 0


def test_a_worker_does_the_jobs_delivers_the_facts_and_stops_politely(
    rock: int, start: Callable[[], ForkServerProcess]
) -> None:
    names = [f"F-{n}" for n in range(10)]
    ask(rock, *names)
    process = start()

    wait_until(partial(has_told, rock, 20))
    with scope(practices=[rock]), reading():
        assert queries.health(at=clock.now()).workers == 1
    process.terminate()

    assert ended(process) == 0
    assert set(told(rock).values()) == {1}
    assert stands(rock)


def test_it_finishes_what_it_has_in_hand_before_it_stops(rock: int, start: Callable[[], ForkServerProcess]) -> None:
    ask(rock, "F-1", seconds=2)
    process = start()
    wait_until(lambda: _running() == 1)

    process.terminate()

    assert ended(process) == 0
    assert told(rock)["cast.came", "F-1"] == 1


def _running() -> int:
    with scope(), reading():
        return queries.health(at=clock.now()).running


def test_killed_again_and_again_it_loses_and_doubles_nothing(rock: int, start: Callable[[], ForkServerProcess]) -> None:
    chance = random.Random(42)
    names = [f"F-{n}" for n in range(40)]
    process = start()
    for cycle in range(4):
        done = sum(told(rock).values()) + chance.randint(4, 16)
        ask(rock, *names[cycle * 10 : cycle * 10 + 10])
        wait_until(partial(has_told, rock, done))
        process.kill()
        process.join()
        process = start()

    wait_until(lambda: has_told(rock, 80) and stands(rock))

    expected = {(action, name) for action in ("cast.came", "cast.heard") for name in names}
    assert set(told(rock)) == expected
    assert set(told(rock).values()) == {1}


def test_a_job_that_kills_its_worker_three_times_is_given_up(rock: int, start: Callable[[], ForkServerProcess]) -> None:
    with scope(practices=[rock]), atomic.open():
        services.defer("cast.kill", practice=rock)
    for _ in range(3):
        assert ended(start()) == -signal.SIGKILL

    start()

    def dead() -> bool:
        with scope(practices=[rock]), reading():
            return [row.tries for row in queries.dead_jobs(page=PageAsk()).rows] == [3]

    wait_until(dead)
    with scope(practices=[rock]), reading():
        (letter,) = queries.dead_jobs(page=PageAsk()).rows
    assert letter.reason == "Its worker died 3 times while running it."
    assert told(rock)["cast.came", "KILL"] == 3, "negative control: a careless job is seen doubled"
