"""What contracting puts into the shell: its line of the menu, and the panel of contracts on the page of a practice."""

from __future__ import annotations

from django.urls import reverse

from openmso.contracting.contracts import READ
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PanelEntry


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("contracting.contracts", "Payer contracts", "contracting:contracts", READ.code, section="Network",
                  icon="pen", order=712),
    )  # fmt: skip
    registry.panel(
        PanelEntry("parties.practice", "contracting.contracts", "Payer contracts", READ.code,
                   lambda practice: reverse("contracting:of-practice", args=[practice.public_id]), order=210),
    )  # fmt: skip
