"""Asking for jobs inside a transaction, running one, and having a dead one run again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app as queue

from openmso.kit.errors import NotFound
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database import faults
from openmso.platform.jobs import registry
from openmso.platform.jobs.contracts import REPLAY
from openmso.platform.jobs.models import DeadLetter
from openmso.platform.jobs.states import MOVES, Letter
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, scope

Plain = str | int | bool | None | list[Any]


class TryAgain(Exception):
    """A passing fault: the queue tries the job again after so many seconds."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class GivenUp(Exception):
    """The job failed for good and lies with the dead letters; says nothing of anybody's data."""


def defer(
    name: str, /, *, practice: int, lock: str | None = None, not_before: datetime | None = None, behind: str = "",
    **plain: Plain,
) -> int:  # fmt: skip
    """Ask for a job; it runs after the caller's transaction commits, or never if that is undone.

    Jobs with the same `lock` run one after another, in their order. `behind` is the grant of whoever asks: what the
    job does is told with it. Returns the job's number.
    """
    wanted = registry.known(name)
    for key, value in plain.items():
        if not isinstance(value, str | int | bool | list | None):
            raise TypeError(f"{key} of the job {name} is a {type(value).__name__}; jobs take ids and plain values")
    task = queue.configure_task(name, queue=wanted.queue, lock=lock, schedule_at=not_before)
    return task.defer(practice=practice, **({"behind": behind} if behind else {}), **plain)


def run(name: str, /, *, practice: int, at: datetime, behind: Plain = "", **plain: Plain) -> None:
    """Do a job now, in its own scope, as the worker does: an edge, never called inside a transaction."""
    wanted = registry.known(name)
    reach = tenancy.whole_network() if wanted.network else tenancy.reach(practice)
    actor = Actor.system(f"OpenMSO ({name})", at=at, behind=str(behind))
    with scope(practices=reach.practices, entities=reach.entities):
        wanted.function(practice=practice, at=at, actor=actor, **wanted.accepted(plain))


def attempt(name: str, *, job_id: int, tries: int, practice: int, at: datetime, arguments: Mapping[str, Plain]) -> None:
    """Run a job of the queue. A passing fault asks for another try; any other failure leaves a dead letter.

    Raises `TryAgain` or `GivenUp`, whose texts are safe to log.
    """
    try:
        run(name, practice=practice, at=at, **arguments)
    except Exception as failure:  # whatever a job raises becomes another try or a dead letter that says so
        faults.drop_broken_connection()
        reason = faults.reason(failure)
        if faults.is_transient(failure) and tries + 1 < faults.TRIES:
            raise TryAgain(faults.pause(tries + 1), reason) from None
        bury(name, job_id=job_id, tries=tries + 1, practice=practice, reason=reason, at=at, arguments=arguments)
        raise GivenUp(f"{name}: {reason}") from None


def bury(
    name: str, *, job_id: int, tries: int, practice: int, reason: str, at: datetime, arguments: Mapping[str, Plain]
) -> None:
    """Leave a dead letter of a job that failed for good."""
    with scope(practices=[practice]), atomic.open():
        DeadLetter.objects.create(
            practice_id=practice, job_id=job_id, job=name, queue=registry.known(name).queue, arguments=dict(arguments),
            reason=reason[:300], tries=tries, failed_at=at,
        )  # fmt: skip


@atomic
def replay(*, actor: Actor, public_id: str, at: datetime, why: str = "") -> int:
    """Have a dead job run again from the start; returns its new number.

    Raises `NotFound`, `Forbidden` or `IllegalMove`.
    """
    letter = DeadLetter.objects.select_for_update().filter(public_id=public_id).first()
    if letter is None:
        raise NotFound(f"There is no dead job {public_id}.")
    decision = actor.must(REPLAY.code, letter.practice_id)
    check_move(MOVES, noun="dead job", frm=Letter(letter.state), to=Letter.REPLAYED)
    letter.state, letter.replayed_at, letter.replayed_by = Letter.REPLAYED, at, actor.name
    letter.save(update_fields=["state", "replayed_at", "replayed_by"])
    audit.record(
        actor=actor, action="jobs.replayed", practice=letter.practice_id, at=at, why=why, decision=decision,
        subject=("jobs.deadletter", public_id), facts={"job": letter.job},
    )  # fmt: skip
    return defer(letter.job, practice=letter.practice_id, **letter.arguments)
