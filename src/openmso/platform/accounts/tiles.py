"""What accounts tell on home pages: the people of the network, and one's own tokens."""

from __future__ import annotations

from django.urls import reverse

from openmso.platform.access import queries as access
from openmso.platform.access.contracts import READ_ACCESS, Actor
from openmso.platform.accounts.tables import TokenState
from openmso.platform.identity import queries
from openmso.platform.identity.contracts import READ_TOKENS
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list

PEOPLE, TOKENS = "accounts:people", "accounts:tokens"


def register() -> None:
    """Put the tiles in; called once at start-up."""
    registry.tile(
        Tile("accounts.people", "People", READ_ACCESS.code, _people, PEOPLE, "All people", span=12),
        Tile("accounts.tokens", "API tokens", READ_TOKENS.code, _tokens, TOKENS, "All tokens", span=6),
    )


def _people(actor: Actor) -> Board:
    found = queries.census(only=None if actor.can("users.read") else access.people_assigned())
    return Board((
        Figure("Active", found.active, to_list(PEOPLE, "is:active")),
        Figure("Invited", found.invited, to_list(PEOPLE, "is:invited"), "did not sign in yet"),
        Figure("Without a second factor", found.unsecured, to_list(PEOPLE, "is:unsecured"), tone=Tone.WARN),
        Figure("Disabled", found.disabled, to_list(PEOPLE, "is:disabled")),
        Figure("Service accounts", found.service, to_list(PEOPLE, "is:service")),
    ))  # fmt: skip


def _tokens(actor: Actor) -> Board:
    made = queries.tokens_of(actor.user_id) if actor.user_id is not None else []
    if not made:
        return Board(words="No token was made yet. Software that calls the API needs one.")
    lines = [
        Line(row.name, reverse(TOKENS), (TokenState(row.state_at(actor.at)), row.last_used_at, row.expires_at))
        for row in made
    ]
    return Board(heads=("Token", "State", "Last used", "Expires"), lines=lines)
