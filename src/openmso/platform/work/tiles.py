"""What work tells on home pages: what waits for a person, kind by kind, or by function where there are many."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list
from openmso.platform.work import queries
from openmso.platform.work.contracts import USE, Waiting

INBOX = "work:inbox"
HEADS = ("Waiting", "Overdue", "First due", "Amount")
KINDS_MAX = 8
"""More kinds of work than these are told by function."""


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
    if len(kinds) <= KINDS_MAX:
        return Board(
            figures, heads=("Kind", *HEADS), lines=[_line(one.words, f"kind:{one.kind}", [one]) for one in kinds]
        )
    functions = dict.fromkeys((one.function, one.function_words) for one in kinds)
    return Board(
        figures, heads=("Function", *HEADS),
        lines=[
            _line(words, f"function:{code}", [one for one in kinds if one.function == code])
            for code, words in functions
        ],
    )  # fmt: skip


def _line(words: str, q: str, of: Sequence[Waiting]) -> Line:
    mine = to_list(INBOX, q)
    overdue = Figure("Overdue", sum(one.overdue for one in of), to_list(INBOX, f"is:overdue {q}"), tone=Tone.BAD)
    waiting = Figure("Waiting", sum(one.count for one in of), mine)
    first, amount = min(one.due_at for one in of), Money.total(one.amount for one in of)
    return Line(words, mine, (waiting, overdue, first, amount))
