"""What underpayments puts into the shell: its line of the menu, and the panel on the page of a claim."""

from __future__ import annotations

from django.urls import reverse

from openmso.contracting.contracts import READ as TERMS
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PanelEntry
from openmso.underpayments.contracts import READ


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("underpayments.all", "Underpayments", "underpayments:underpayments", READ.code, section="Revenue",
                  icon="remit", order=305),
    )  # fmt: skip
    registry.panel(
        PanelEntry("claims.claim", "underpayments.lines", "Paid short", READ.code,
                   lambda claim: reverse("underpayments:of-claim", args=[claim.public_id]), order=310),
    )  # fmt: skip
    registry.panel(
        PanelEntry("contracting.contract", "underpayments.allowed", "Allowed by code", READ.code,
                   lambda contract: reverse("underpayments:of-contract", args=[contract.public_id]), order=300),
    )  # fmt: skip
    registry.panel(
        PanelEntry("contracting.contract", "underpayments.reprice", "What if it had held already?", TERMS.code,
                   lambda contract: reverse("underpayments:reprice", args=[contract.public_id]), order=310),
    )  # fmt: skip
