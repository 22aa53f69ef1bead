"""What work tells on home pages: what waits for a person, kind by kind."""

from __future__ import annotations

from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list
from openmso.platform.work import queries
from openmso.platform.work.contracts import USE, Waiting

INBOX = "work:inbox"


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("work.due", "Waits for you", USE.code, _due, INBOX, "Inbox", span=6))


def _due(actor: Actor) -> Board:
    kinds = queries.waiting(actor=actor, at=actor.at)
    if not kinds:
        return Board(words="Nothing waits for you. New work comes to the inbox by itself.")
    figures = (
        Figure(
            "Waiting",
            sum(one.count for one in kinds),
            to_list(INBOX),
            counted(len(kinds), "kind of work", "kinds of work"),
        ),
        Figure("Overdue", sum(one.overdue for one in kinds), to_list(INBOX, "is:overdue"), tone=Tone.BAD),
        Figure("With you", sum(one.mine for one in kinds), to_list(INBOX, "with:me")),
    )
    return Board(
        figures, heads=("Kind", "Waiting", "Overdue", "First due", "Amount"), lines=[_line(one) for one in kinds]
    )


def _line(one: Waiting) -> Line:
    overdue = Figure("Overdue", one.overdue, to_list(INBOX, f"is:overdue kind:{one.kind}"), tone=Tone.BAD)
    mine = to_list(INBOX, f"kind:{one.kind}")
    return Line(one.words, mine, (Figure("Waiting", one.count, mine), overdue, one.due_at, one.amount))
