"""Dead letters on screen, and having them run or delivered again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.platform.access.edges import act, page
from openmso.platform.jobs import queries, services
from openmso.platform.jobs.tables import FACTS, JOBS
from openmso.platform.outbox import queries as outbox
from openmso.platform.outbox import services as facts
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, PageAsk, TableSpec

REPLAYED_MAX = 1_000


@page("jobs.read")
def dead_jobs(request: Any) -> HttpResponse:
    """Jobs that were given up, and how the queue stands."""
    ask = tables.ask(request, JOBS)
    context = {"tabs": _tabs("jobs:dead-jobs"), "health": queries.health(at=request.actor.at)}
    return tables.answer(
        request, JOBS, ask, template="jobs/dead.html", context=context,
        fetch=lambda wanted: queries.dead_jobs(page=wanted, text=ask.filters.text),
    )  # fmt: skip


@page("outbox.read")
def dead_facts(request: Any) -> HttpResponse:
    """Facts that a subscriber could not take."""
    ask = tables.ask(request, FACTS)
    return tables.answer(
        request, FACTS, ask, template="jobs/dead.html", context={"tabs": _tabs("jobs:dead-facts")},
        fetch=lambda wanted: outbox.dead_letters(page=wanted, text=ask.filters.text),
    )  # fmt: skip


@act("jobs.replay")
def replay_jobs(request: Any) -> HttpResponse:
    """Have the selected jobs run again."""

    def again(public_id: str) -> None:
        services.replay(actor=request.actor, public_id=public_id, at=request.actor.at)

    def every(found: Filters) -> list[str]:
        page = queries.dead_jobs(page=PageAsk(size=REPLAYED_MAX), text=found.text)
        return [row.public_id for row in page.rows]

    return _replayed(request, JOBS, again, every, back="jobs:dead-jobs", words="will run again")


@act("outbox.replay")
def replay_facts(request: Any) -> HttpResponse:
    """Have the selected facts delivered again."""

    def again(public_id: str) -> None:
        facts.replay(actor=request.actor, public_id=public_id, at=request.actor.at)

    def every(found: Filters) -> list[str]:
        page = outbox.dead_letters(page=PageAsk(size=REPLAYED_MAX), text=found.text)
        return [row.public_id for row in page.rows]

    return _replayed(request, FACTS, again, every, back="jobs:dead-facts", words="will be delivered again")


def _replayed(
    request: Any,
    spec: TableSpec,
    again: Callable[[str], None],
    every: Callable[[Filters], list[str]],
    *,
    back: str,
    words: str,
) -> HttpResponse:
    count, refused = 0, None
    try:
        chosen = tables.selection(request, spec)
        with reading():
            ids = every(chosen.filters) if chosen.every else list(chosen.ids)
    except Refused as no:
        return respond.refusal(request, no)
    for public_id in ids:
        try:
            again(public_id)
            count += 1
        except Refused as no:
            refused = no
    if refused is not None and not count:
        return respond.refusal(request, refused)
    return respond.done(request, f"{count:,} {spec.noun[count != 1]} {words}", back=reverse(back))


def _tabs(current: str) -> list[dict[str, Any]]:
    pairs = (("Jobs", "jobs:dead-jobs"), ("Facts", "jobs:dead-facts"))
    return [{"label": label, "url": reverse(name), "current": name == current, "count": None} for label, name in pairs]
