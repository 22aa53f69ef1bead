"""What settlement adds to the shell: menu, palette, and its panels on agreements and in the open book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource, PanelEntry
from openmso.settlement import queries
from openmso.settlement.contracts import READ, SHARED


def register() -> None:
    """Fill the registries."""
    registry.menu(
        MenuEntry(
            "statements", "Statements", "settlement:statements", READ.code, section="Finance", icon="doc", order=420,
            keys="s",
        ),
        MenuEntry(
            "disputes", "Disputes", "settlement:disputes", READ.code, section="Finance", icon="denial", order=425,
        ),
        MenuEntry(
            "shared_cost", "Shared cost", "settlement:allocations", SHARED.code, section="Finance", icon="ledger",
            order=427,
        ),
    )  # fmt: skip
    registry.panel(
        PanelEntry(
            "agreements.agreement", "settlement.what_if", "What if the fee were another?", READ.code,
            lambda agreement: reverse("settlement:what-if-panel", args=[agreement.public_id]), order=420,
        ),
        PanelEntry(
            "governance.open_book", "settlement.kept", "What we promised, and did", READ.code,
            lambda book: reverse("settlement:kept-panel", args=[book.public_id]), order=100,
        ),
        PanelEntry(
            "governance.open_book", "settlement.cost", "What it cost", READ.code,
            lambda book: reverse("settlement:cost-panel", args=[book.public_id]), order=110,
        ),
        PanelEntry(
            "governance.open_book", "settlement.health", "The MSO's finances", READ.code,
            lambda book: reverse("settlement:health-panel", args=[book.public_id]), order=130,
        ),
        PanelEntry(
            "agreements.law", "settlement.other_kind", "Another kind of fee", READ.code,
            lambda agreement: reverse("settlement:other-kind", args=[agreement.public_id]), order=420,
        ),
    )  # fmt: skip
    registry.palette(PaletteSource("settlement.find", "Statements", "find", READ.code, _find, order=420))


def _find(actor: Any, text: str, limit: int) -> Sequence[PaletteItem]:
    page = queries.settlements(Filters(text=text), PageAsk(size=limit, sort="month", desc=True))
    return [
        PaletteItem(
            f"{row.practice_name}, {row.month.first:%B %Y}",
            reverse("settlement:statement", args=[row.public_id]),
            f"fee {row.fee}",
            "doc",
        )
        for row in page.rows
    ]
