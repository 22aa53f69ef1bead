"""Questions to the queue: what was given up, and how it stands."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection
from django.db.models import Q

from openmso.platform.jobs.contracts import DeadJob, Health
from openmso.platform.jobs.models import DeadLetter
from openmso.platform.jobs.states import Letter
from openmso.platform.ui.contracts import Page, PageAsk

SORTS = {"failed_at": "failed_at", "job": "job", "tries": "tries"}
HEART_SECONDS = 30


def dead_jobs(*, page: PageAsk, text: str = "") -> Page[DeadJob]:
    """The dead jobs of the practices in scope, newest failure first."""
    found = DeadLetter.objects.filter(state=Letter.DEAD).select_related("practice")
    for word in text.split():
        found = found.filter(Q(job__icontains=word) | Q(reason__icontains=word) | Q(public_id__iexact=word))
    order = SORTS.get(page.sort, "failed_at")
    ordered = found.order_by(order if page.sort and not page.desc else f"-{order}", "-pk")
    rows = [
        DeadJob(
            letter.public_id, letter.practice_id, letter.practice.name, letter.job, letter.queue,
            Letter(letter.state), letter.reason, letter.tries, letter.failed_at, json.dumps(letter.arguments),
        )
        for letter in ordered[page.offset : page.offset + page.size]
    ]  # fmt: skip
    return Page(rows, found.count(), page)


def health(*, at: datetime) -> Health:
    """How the queue of the whole house stands; dead letters are counted for the practices in scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, %s) <= %s),
                   min(coalesce(scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)))
                     FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, %s) <= %s),
                   count(*) FILTER (WHERE status = 'doing'),
                   (SELECT count(*) FROM procrastinate_workers
                    WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %s))
            FROM procrastinate_jobs j WHERE status IN ('todo', 'doing')
            """,
            [at, at, at, at, HEART_SECONDS],
        )
        due, oldest, running, workers = cursor.fetchone()
    return Health(due, oldest, running, workers, DeadLetter.objects.filter(state=Letter.DEAD).count())
