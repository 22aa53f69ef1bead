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
        MenuEntry("billing.accounts", "Patient accounts", "billing:accounts", READ.code, section="Revenue",
                  icon="people", order=320),
        MenuEntry("billing.payments", "Patients' payments", "billing:payments", READ.code, section="Revenue",
                  icon="remit", order=322),
        MenuEntry("billing.plans", "Payment plans", "billing:plans", READ.code, section="Revenue", icon="calendar",
                  order=321),
        MenuEntry("billing.applications", "Financial assistance", "billing:applications", READ.code,
                  section="Revenue", icon="people", order=330),
        MenuEntry("billing.chases", "Dunning", "billing:chases", READ.code, section="Revenue", icon="clock", order=327),
        MenuEntry("billing.sweeps", "Runs over accounts", "billing:sweeps", READ.code, section="Revenue", icon="filter",
                  order=328),
        MenuEntry("billing.placements", "Agencies", "billing:placements", READ.code, section="Revenue", icon="go",
                  order=329),
        MenuEntry("billing.slips", "Desk deposits", "billing:slips", READ.code, section="Revenue", icon="bank",
                  order=322),
        MenuEntry("billing.online", "Paid on line", "billing:online", READ.code, section="Revenue", icon="go",
                  order=322),
        MenuEntry("billing.refunds", "Refunds", "billing:refunds", READ.code, section="Revenue", icon="back",
                  order=323),
        MenuEntry("billing.overpayments", "Overpayments", "billing:overpayments", READ.code, section="Revenue",
                  icon="clock", order=326),
        MenuEntry("billing.runs", "Patient statements", "billing:runs", READ.code, section="Revenue", icon="send",
                  order=324),
    )  # fmt: skip
    registry.palette(PaletteSource("billing.find", "Patient accounts", "find", READ.code, find, order=320))
    registry.panel(
        PanelEntry("claims.claim", "billing.of_claim", "Patient's part", READ.code,
                   lambda claim: reverse("billing:of-claim", args=[claim.public_id]), order=320),
    )  # fmt: skip


def find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Accounts by the patient."""
    found = accounts.listing(filters=Filters(text=text), page=PageAsk(size=limit)) if text.strip() else None
    return [
        PaletteItem(row.name, reverse("billing:account", args=[row.patient]), f"{row.mrn}, owes {row.owed}", "people")
        for row in (found.rows if found else ())
    ]
