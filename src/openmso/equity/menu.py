"""What equity puts into the shell: its lines of the menu and its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.equity.contracts import KEEP, READ
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("equity.ventures", "Cap tables", "equity:ventures", READ.code,
                  section="Ownership", icon="people", order=680),
        MenuEntry("equity.holdings", "Holdings", "equity:holdings", READ.code,
                  section="Ownership", icon="doc", order=682),
        MenuEntry("equity.facilities", "Facilities", "equity:facilities", READ.code,
                  section="Ownership", icon="bank", order=685),
    )  # fmt: skip
    registry.palette(PaletteSource("equity.find", "Cap tables", "find", READ.code, _find, order=722))
    registry.palette(PaletteSource("equity.keep", "Cap tables", "do", KEEP.code, _keep, order=722))


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Entities by their name."""
    from openmso.equity.queries import ventures

    found = ventures.listing(filters=Filters(text=text), page=PageAsk(size=limit), at=actor.at).rows if text else ()
    return [
        PaletteItem(one.name, reverse("equity:venture", args=[one.public_id]), one.kind.label, "people")
        for one in found
    ]


def _keep(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    words = "Open a cap table"
    return [PaletteItem(words, reverse("equity:new"), icon="plus")] if text.lower() in words.lower() else []
