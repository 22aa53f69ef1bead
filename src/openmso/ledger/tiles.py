"""What the ledger tells on home pages: how the books of each legal entity stand."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.ledger.contracts import READ
from openmso.ledger.contracts.reports import BookRow
from openmso.ledger.queries import books
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.cells import months_text
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile

LIST = "ledger:books"
SHOWN_MAX = 12


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("ledger.books", "Books", READ.code, _books, LIST, "Ledger", span=12))


def _books(actor: Actor) -> Board:
    rows = books.books(on=actor.today)
    if not rows:
        return Board(words="No books are open yet: they open with a legal entity, when a practice joins.")
    shelf, sound = reverse(LIST), sum(row.balanced for row in rows)
    entities = counted(len(rows), "legal entity", "legal entities")
    figures = (
        Figure("Months to close", sum(row.to_close for row in rows), shelf, "over, and still open", Tone.WARN),
        Figure("Cash", Money.total(row.cash for row in rows), shelf, entities),
        Figure("Receivables", Money.total(row.receivable for row in rows), shelf),
        Figure("Debits equal credits", f"{sound} of {len(rows)}", shelf, "books",
               Tone.GOOD if sound == len(rows) else Tone.BAD),
    )  # fmt: skip
    shown = sorted(rows, key=lambda row: -row.to_close)[:SHOWN_MAX]
    words = f"{len(shown)} of {len(rows)} books, those with most months to close." if len(rows) > SHOWN_MAX else ""
    return Board(figures, heads=("Legal entity", "Open", "Cash", "Receivable"), lines=[_line(row) for row in shown],
                 words=words)  # fmt: skip


def _line(row: BookRow) -> Line:
    url = reverse("ledger:book", args=[row.public_id])
    return Line(row.name, url, (months_text(row.open_months), row.cash, row.receivable))
