"""The home page: what somebody in this role looks at first, each part told by the app that owns it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openmso.config.homes import HOMES
from openmso.kit.errors import NotFound
from openmso.platform.access import registry as access
from openmso.platform.access.contracts import Actor, Side
from openmso.platform.access.edges import asking, own
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import registry, respond
from openmso.platform.ui.tiles import Board, Tile


@own("the home page of one's roles")
def home(request: Any) -> HttpResponse:
    """Greeting, roles, and the tiles of the roles; with `?tile=KEY` a late tile alone."""
    actor: Actor = request.actor
    roles = roles_of(actor)
    tiles = registry.tiles_for((key for role in HOMES if role in roles for key in HOMES[role]), actor)
    if wanted := request.GET.get("tile"):
        return respond.page(request, "ui/board.html", {"board": late(actor, tiles, wanted)})
    return respond.page(
        request,
        "config/home.html",
        {
            "greeting": greeting(actor),
            "roles": role(actor),
            "today": f"{actor.today:%A %-d %B %Y}",
            "practices": sorted(tenant.name for tenant in actor.standing.tenants.values() if not tenant.is_mso),
            "tiles": told(actor, tiles),
            "unsecured": not actor.secured,
            "here": "Home",
        },
    )


def told(actor: Actor, tiles: Iterable[Tile]) -> list[tuple[Tile, Board | None]]:
    """What each tile tells, those of the same practices in one transaction; a late one tells nothing yet."""
    shown = list(tiles)
    boards: dict[str, Board] = {}
    reaches: dict[frozenset[int], list[Tile]] = {}
    for tile in shown:
        if not tile.late:
            reaches.setdefault(actor.practices_for(tile.permission), []).append(tile)
    for together in reaches.values():
        with asking(actor, together[0].permission):
            boards |= {tile.key: tile.ask(actor) for tile in together}
    return [(tile, boards.get(tile.key)) for tile in shown]


def late(actor: Actor, tiles: Iterable[Tile], key: str) -> Board:
    """What one of a person's own tiles tells; raises `NotFound`."""
    for tile in tiles:
        if tile.key == key:
            with asking(actor, tile.permission):
                return tile.ask(actor)
    raise NotFound("There is no such part on your home page.")


def roles_of(actor: Actor) -> set[str]:
    """The roles that somebody holds anywhere today."""
    return {
        assignment.role
        for practice, held in actor.standing.assignments.items()
        for assignment in held
        if practice in actor.standing.tenants and actor.day_in(practice) in assignment.days
    }


def role(actor: Actor) -> str:
    """What somebody's roles are called."""
    words = access.roles()
    return ", ".join(sorted(words[one].words for one in roles_of(actor) if one in words))


def house(actor: Actor) -> str:
    """Whose house a person is in: that of the one practice they belong to; everybody else's is the MSO's."""
    roles, tenants = access.roles(), list(actor.standing.tenants.values())
    sides = {roles[one].side for one in roles_of(actor) if one in roles}
    if sides == {Side.PRACTICE} and len(tenants) == 1:
        return tenants[0].name
    return tenancy.mso_name() if sides else ""


def greeting(actor: Actor) -> str:
    """Good morning."""
    hour = actor.at.astimezone(ZoneInfo(actor.standing.zone)).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {actor.name}"
