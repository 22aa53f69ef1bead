"""What parties puts into the shell: its lines of the menu and its places in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("parties.practices", "Practices", "parties:practices", "parties.read", section="Network",
                  icon="people", order=700, keys="p"),
        MenuEntry("parties.payers", "Payers", "parties:payers", "parties.read", section="Network", icon="bank",
                  order=720),
        MenuEntry("parties.mso", "The MSO", "parties:mso", "parties.read", section="Network", icon="shield", order=730),
    )  # fmt: skip
    registry.palette(
        PaletteSource("parties.practices", "Practices", "find", "parties.read", _practices, order=700),
        PaletteSource("parties.payers", "Payers", "find", "parties.read", _payers, order=720),
    )


def _practices(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Practices by a part of their name, or by their code."""
    from openmso.parties.queries import practices

    found = practices.listing(filters=Filters(text=text), page=PageAsk(size=limit)).rows if text else ()
    return [
        PaletteItem(row.name, reverse("parties:practice", args=[row.public_id]), row.code, "people") for row in found
    ]


def _payers(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Payers by a part of their name, or by their number."""
    from openmso.parties.queries import payers

    found = payers.listing(filters=Filters(text=text), page=PageAsk(size=limit)).rows if text else ()
    return [PaletteItem(row.name, reverse("parties:payer", args=[row.public_id]), row.edi_id, "bank") for row in found]
