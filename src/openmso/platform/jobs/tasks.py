"""How the jobs of the registry become tasks of the queue."""

from __future__ import annotations

from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as queue
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob

from openmso.kit import clock
from openmso.platform.jobs import registry, services
from openmso.platform.tenancy import queries as tenancy


class OnlyPassingFaults(BaseRetryStrategy):
    """Another try where the job itself asked for one; everything else is over."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, services.TryAgain):
            return RetryDecision(retry_in={"seconds": int(exception.seconds) + 1})
        return None


def declare() -> None:
    """Make every job of the registry known to the queue; those with a cron are asked for by the worker."""
    for job in registry.jobs().values():
        if job.name not in queue.tasks:
            task = queue.task(name=job.name, queue=job.queue, retry=OnlyPassingFaults(), pass_context=True)(
                _runner(job)
            )
            if job.cron:
                queue.periodic(cron=job.cron)(task)


def _runner(job: registry.Job) -> Any:
    def runner(context: JobContext, *_: Any, practice: int | None = None, timestamp: int = 0, **plain: Any) -> None:
        where = practice if practice is not None else tenancy.mso()
        number = context.job.id or 0
        services.attempt(
            job.name, job_id=number, tries=context.job.attempts, practice=where, at=clock.now(), arguments=plain
        )

    return runner
