"""What denials puts into the shell: its lines of the menu, the palette, the panel on the page of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openmso.denials.queries import queue
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource, PanelEntry

READ = "denials.read"


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("denials.queue", "Denials", "denials:queue", READ, section="Revenue", icon="denial", order=220,
                  keys="x", count=lambda actor: queue.waiting_count()),
    )  # fmt: skip
    registry.menu(
        MenuEntry("denials.appeals", "Appeals", "denials:appeals", READ, section="Revenue", icon="send", order=225),
        MenuEntry("denials.causes", "Causes of denials", "denials:causes", READ, section="Revenue", icon="filter",
                  order=230),
    )  # fmt: skip
    registry.palette(PaletteSource("denials.find", "Denials", "find", READ, find, order=220))
    registry.panel(
        PanelEntry("claims.claim", "denials.of_claim", "Denials", READ,
                   lambda claim: reverse("denials:of-claim", args=[claim.public_id]), order=310),
    )  # fmt: skip
    registry.panel(
        PanelEntry("settlement.statement", "denials.promised", "Denials that we promised to prevent", READ, _promises,
                   order=300),
    )  # fmt: skip


def _promises(statement: Any) -> str:
    """The panel of a statement: its practice and month."""
    asked = {"practice": statement.practice_code.lower(), "month": str(statement.month)}
    return f"{reverse('denials:promises')}?{urlencode(asked)}"


def find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Denials by their number."""
    return [
        PaletteItem(f"{row.amount} {row.words}", reverse("denials:denial", args=[row.public_id]),
                    f"{row.public_id}, {row.state.label.lower()}", "denial")
        for row in queue.found(text, limit=limit, on=actor.today)
    ]  # fmt: skip
