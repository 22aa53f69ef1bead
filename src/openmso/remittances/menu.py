"""What remittances puts into the shell: lines of the menu, the palette, panels on the pages of claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource, PanelEntry
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
        PanelEntry("claims.claim", "remittances.payments", "What payers decided", READ,
                   lambda claim: reverse("remittances:of-claim", args=[claim.public_id]), order=300),
    )  # fmt: skip


def find(actor: Any, text: str, limit: int) -> Sequence[PaletteItem]:
    """Remittances by trace number, ERA number or payer."""
    found = files.remittances(filters=Filters((), text), page=PageAsk(size=limit)).rows
    return [
        PaletteItem(f"{row.payer_name} {row.amount}", reverse("remittances:remittance", args=[row.public_id]),
                    f"{row.public_id}, trace {row.trace}", "remit")
        for row in found
    ]  # fmt: skip
