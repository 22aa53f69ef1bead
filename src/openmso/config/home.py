"""The home page: what somebody in this role looks at first, each part loaded from the app that owns it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse

from openmso.platform.access import registry as access
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import own
from openmso.platform.ui import registry, respond
from openmso.platform.ui.contracts import Tile


@own("the home page of one's roles")
def home(request: Any) -> HttpResponse:
    """Greeting, roles, and the tiles of the roles."""
    actor: Actor = request.actor
    roles = roles_of(actor)
    tiles: list[tuple[Tile, str]] = [
        (tile, reverse(tile.url_name)) for tile in registry.tiles_for(frozenset(roles), actor)
    ]
    words = access.roles()
    return respond.page(
        request,
        "config/home.html",
        {
            "greeting": greeting(actor),
            "roles": ", ".join(sorted({words[role].words for role in roles if role in words})),
            "practices": sorted(t.name for t in actor.standing.tenants.values() if not t.is_mso),
            "tiles": tiles,
            "unsecured": not actor.secured,
        },
    )


def roles_of(actor: Actor) -> set[str]:
    """The roles that somebody holds anywhere today."""
    return {
        assignment.role
        for practice, held in actor.standing.assignments.items()
        for assignment in held
        if practice in actor.standing.tenants and actor.standing.tenants[practice].day(actor.at) in assignment.days
    }


def greeting(actor: Actor) -> str:
    """Good morning, in the zone of the first practice."""
    zones = sorted(tenant.zone for tenant in actor.standing.tenants.values()) or ["UTC"]
    hour = actor.at.astimezone(ZoneInfo(zones[0])).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {actor.name}"
