"""What the queue tells on home pages: what was given up, what waits and who works."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import queries
from openmso.platform.jobs.contracts import READ
from openmso.platform.outbox import queries as outbox
from openmso.platform.outbox.contracts import READ as READ_OUTBOX
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import PageAsk, Tone
from openmso.platform.ui.tiles import Board, Figure, Tile

DEAD = "jobs:dead-jobs"


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("jobs.health", "Jobs and facts", READ.code, _health, DEAD, "Dead letters", span=12))


def _health(actor: Actor) -> Board:
    now, page = queries.health(at=actor.at), reverse(DEAD)
    since = f"the oldest since {now.oldest_due_at:%-d %b %H:%M} UTC" if now.oldest_due_at else "nothing waits"
    figures = [
        Figure("Jobs given up", now.dead, page, tone=Tone.BAD),
        Figure("Jobs due", now.due, page, since, Tone.WARN if now.due else Tone.NONE),
        Figure("Workers", now.workers, page, f"{now.running} running" if now.workers else "nothing runs"),
    ]
    if actor.can(READ_OUTBOX.code):
        lost = outbox.dead_letters(page=PageAsk(size=1)).total or 0
        figures.insert(1, Figure("Facts not heard", lost, reverse("jobs:dead-facts"), tone=Tone.BAD))
    return Board(figures)
