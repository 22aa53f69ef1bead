"""What remittances puts into the shell: lines of the menu, the palette, panels on the pages of claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from openmso.parties.queries import payers
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource, PanelEntry
from openmso.remittances.queries import files

READ = "remittances.read"


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("remittances.all", "Remittances", "remittances:remittances", READ, section="Revenue", icon="remit",
                  order=300, keys="r"),
        MenuEntry("remittances.deposits", "Deposits", "remittances:deposits", READ, section="Revenue", icon="bank",
                  order=310, keys="d"),
    )  # fmt: skip
    registry.palette(PaletteSource("remittances.find", "Remittances", "find", READ, find))
    registry.panel(
        PanelEntry("claims.claim", "remittances.turns", "Payers in turn", READ,
                   lambda claim: reverse("remittances:turns", args=[claim.public_id]), order=290),
    )  # fmt: skip
    registry.panel(
        PanelEntry("claims.claim", "remittances.payments", "What payers decided", READ,
                   lambda claim: reverse("remittances:of-claim", args=[claim.public_id]), order=300),
    )  # fmt: skip


def find(actor: Any, text: str, limit: int) -> Sequence[PaletteItem]:
    """Remittances by trace number or ERA number; the lists of payers by name."""
    numbered = [
        PaletteItem(f"{row.payer_name} {row.amount}", reverse("remittances:remittance", args=[row.public_id]),
                    f"{row.public_id}, trace {row.trace}", "remit")
        for row in files.found(text, limit=limit)
    ]  # fmt: skip
    here, words = reverse("remittances:remittances"), text.strip().lower()
    lists = [
        PaletteItem(f"Remittances of {name}", f"{here}?{urlencode({'q': name})}", "All of this payer", "remit")
        for _, name in payers.choices()
        if words and words in name.lower()
    ]
    return (numbered + lists)[:limit]
