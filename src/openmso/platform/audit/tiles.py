"""What the trail tells on home pages: what was changed last, and by whom."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from openmso.kit import clock
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries
from openmso.platform.audit.contracts import READ_TRAIL, EventFilters, EventRow
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list

LIST = "audit:events"
SHOWN = 8


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("audit.latest", "What was changed", READ_TRAIL.code, _latest, LIST, "Audit trail", span=12))


def _latest(actor: Actor) -> Board:
    today = actor.today
    figures = []
    for label, since in (("Changes today", today), ("In seven days", today - timedelta(days=6))):
        begins = clock.start_of(since, actor.standing.zone)
        words = f"on:{since}" if since == today else f"on:>={since}"
        figures.append(Figure(label, queries.tally(filters=EventFilters(since=begins)).total, to_list(LIST, words)))
    figures.append(Figure("The chain of changes", "Prove it", reverse("audit:proof"), "every hash computed anew"))
    page = queries.events(filters=EventFilters(), page=PageAsk(size=SHOWN))
    return Board(figures, heads=("What happened", "When", "Who"), lines=[_line(row) for row in page.rows])


def _line(row: EventRow) -> Line:
    url = reverse("audit:history", args=[row.subject_kind, row.subject_id]) if row.subject_id else ""
    return Line(row.sentence, url, (row.at, row.actor))
