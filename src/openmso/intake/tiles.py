"""What intake tells on home pages: the files taken in last, and what became of their records."""

from __future__ import annotations

from django.urls import reverse

from openmso.intake import queries
from openmso.intake.contracts import READ, RunRow
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import PageAsk, Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile

LIST = "intake:runs"
SHOWN = 5


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("intake.latest", "Visits taken in", READ.code, _latest, LIST, "All files", span=6))


def _latest(actor: Actor) -> Board:
    found = queries.runs(page=PageAsk(size=SHOWN))
    if not found.rows:
        return Board(words="No file was taken in yet. Visits come as FHIR bundles or as CSV.")
    heads = ("File", "Taken in", "Visits", "Claims ready", "On hold", "Refused")
    return Board(heads=heads, lines=[_line(row) for row in found.rows])


def _line(row: RunRow) -> Line:
    url = reverse("intake:run", args=[row.public_id])
    refused = Figure("Refused", row.refused, url, tone=Tone.BAD)
    cells = (row.started_at, row.visits, row.claims_ready, row.claims_held, refused)
    return Line(row.public_id, url, cells, hint=row.practice_name)
