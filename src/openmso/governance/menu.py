"""What governance puts into the shell: its lines of the menu, its panel on agreements, its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.governance.contracts import BUDGETS, PROPOSE, READ
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource, PanelEntry


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("governance.proposals", "Proposals", "governance:proposals", READ.code,
                  section="Governance", icon="check", order=646),
        MenuEntry("governance.boards", "Boards", "governance:boards", READ.code,
                  section="Governance", icon="people", order=650),
        MenuEntry("governance.budgets", "Budgets", "governance:budgets", BUDGETS.code,
                  section="Finance", icon="chart", order=510),
        MenuEntry("governance.open_book", "Open book", "governance:open-books", READ.code,
                  section="Governance", icon="doc", order=640),
        MenuEntry("governance.approvals", "Approvals", "governance:approvals", READ.code,
                  section="Governance", icon="check", order=638),
        MenuEntry("governance.messages", "Messages", "governance:threads", READ.code,
                  section="Governance", icon="send", order=642),
        MenuEntry("governance.expectations", "Expectations", "governance:expectations", READ.code,
                  section="Governance", icon="check", order=644),
        MenuEntry("governance.interests", "Interests", "governance:interests", READ.code,
                  section="Governance", icon="pen", order=652),
        MenuEntry("governance.reserved", "Reserved decisions", "governance:practices", READ.code,
                  section="Governance", icon="lock", order=648),
    )  # fmt: skip
    registry.panel(
        PanelEntry("agreements.agreement", "governance.proposals", "Proposals and decisions", READ.code,
                   lambda agreement: reverse("governance:of-agreement", args=[agreement.public_id]), order=300),
    )  # fmt: skip
    registry.palette(PaletteSource("governance.find", "Proposals", "find", READ.code, _find, order=716))
    registry.palette(PaletteSource("governance.do", "Governance", "do", PROPOSE.code, _do, order=716))


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Proposals by their title, practice or id."""
    from openmso.governance import queries

    found = queries.listing(filters=Filters(text=text), page=PageAsk(size=limit)).rows if text else ()
    return [
        PaletteItem(one.title, reverse("governance:proposal", args=[one.public_id]), one.practice_name, "check")
        for one in found
    ]


def _do(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    words = "Propose a decision to a practice"
    return [PaletteItem(words, reverse("governance:new"), icon="plus")] if text.lower() in words.lower() else []
