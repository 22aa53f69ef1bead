"""What the ledger puts into the shell: its line of the menu, and books and entries in the palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from openmso.ledger.queries import books, journal
from openmso.ledger.rules.naming import entry_key
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("ledger.books", "Ledger", "ledger:books", "ledger.read", section="Finance", icon="ledger", order=500,
                  keys="l"),
    )  # fmt: skip
    registry.palette(PaletteSource("ledger.find", "Ledger", "find", "ledger.read", find))


def find(actor: Any, text: str, limit: int) -> Sequence[PaletteItem]:
    """Books by name, and an entry by its public id."""
    words = text.strip().lower()
    if entry_key(text.strip().upper()) is not None and (book := journal.book_of_entry(text.strip().upper())):
        url = reverse("ledger:entry", args=[book.public_id, text.strip().upper()])
        return [PaletteItem(text.strip().upper(), url, book.name, "ledger")]
    found = [book for book in books.every() if words and words in book.name.lower()]
    return [PaletteItem(book.name, reverse("ledger:book", args=[book.public_id]), "Books", "ledger") for book in found][
        :limit
    ]
