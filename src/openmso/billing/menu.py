"""What billing puts into the shell: its lines of the menu, the palette, the panel on the page of a claim."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.billing.contracts import READ
from openmso.billing.queries import accounts
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource, PanelEntry


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        _entry("accounts", "Patient accounts", "people", 320),
        _entry("plans", "Payment plans", "calendar", 321),
        _entry("payments", "Patients' payments", "remit", 322),
        _entry("online", "Paid on line", "go", 323),
        _entry("slips", "Desk deposits", "bank", 324),
        _entry("payouts", "Card payouts", "bank", 324),
        _entry("runs", "Patient statements", "send", 325),
        _entry("chases", "Dunning", "clock", 326),
        _entry("sweeps", "Runs over accounts", "filter", 327),
        _entry("placements", "Agencies", "out", 328),
        _entry("applications", "Financial assistance", "star", 329),
        _entry("refunds", "Refunds", "back", 330),
        _entry("overpayments", "Overpayments", "history", 331),
        _entry("tables", "Tables of rules", "filter", 332),
    )
    registry.palette(PaletteSource("billing.find", "Patient accounts", "find", READ.code, find, order=320))
    registry.panel(
        PanelEntry("claims.claim", "billing.of_claim", "Patient's part", READ.code,
                   lambda claim: reverse("billing:of-claim", args=[claim.public_id]), order=320),
    )  # fmt: skip


def _entry(name: str, words: str, icon: str, order: int) -> MenuEntry:
    return MenuEntry(
        f"billing.{name}", words, f"billing:{name}", READ.code, section="Patient money", icon=icon, order=order
    )


def find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Accounts by the patient."""
    found = accounts.listing(filters=Filters(text=text), page=PageAsk(size=limit)) if text.strip() else None
    return [
        PaletteItem(row.name, reverse("billing:account", args=[row.patient]), f"{row.mrn}, owes {row.owed}", "people")
        for row in (found.rows if found else ())
    ]
