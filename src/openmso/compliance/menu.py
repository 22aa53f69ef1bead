"""What compliance puts into the shell: its lines of the menu and its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.compliance.contracts import KEEP, READ, RUN
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("compliance.arrangements", "Arrangements", "compliance:arrangements", READ.code,
                  section="Compliance", icon="shield", order=665),
        MenuEntry("compliance.runs", "Payment checks", "compliance:runs", READ.code, section="Compliance",
                  icon="check", order=670),
        MenuEntry("compliance.exclusions", "Exclusions", "compliance:exclusions", READ.code, section="Compliance",
                  icon="lock", order=672),
    )  # fmt: skip
    registry.palette(PaletteSource("compliance.find", "Arrangements", "find", READ.code, _find, order=718))
    registry.palette(PaletteSource("compliance.keep", "Compliance", "do", KEEP.code, _keep, order=718))
    registry.palette(PaletteSource("compliance.run", "Payment checks", "do", RUN.code, _run, order=719))


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Arrangements by their title, party or practice."""
    from openmso.compliance.queries import register as asking

    found = asking.listing(filters=Filters(text=text), page=PageAsk(size=limit), at=actor.at).rows if text else ()
    return [
        PaletteItem(one.title, reverse("compliance:arrangement", args=[one.public_id]), one.name, "shield")
        for one in found
    ]


def _keep(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    return _act("Register an arrangement", "compliance:new", text)


def _run(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    return _act("Check a payment run", "compliance:check", text)


def _act(words: str, name: str, text: str) -> Sequence[PaletteItem]:
    return [PaletteItem(words, reverse(name), icon="plus")] if text.lower() in words.lower() else []
