"""What charges puts into the shell: the panel of fees on the page of a practice."""

from __future__ import annotations

from django.urls import reverse

from openmso.charges.contracts import READ
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import PanelEntry


def register() -> None:
    """Put the panel in; called once at start-up."""
    registry.panel(
        PanelEntry("parties.practice", "charges.fees", "Fees", READ.code,
                   lambda practice: reverse("charges:latest", args=[practice.public_id]), order=200),
    )  # fmt: skip
