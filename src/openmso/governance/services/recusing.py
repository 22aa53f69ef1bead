"""Recusal: who disclosed an interest in a party neither votes nor decides on what is about them."""

from __future__ import annotations

from datetime import datetime

from openmso.governance.queries import interests
from openmso.governance.rules import interests as rules
from openmso.kit.errors import Forbidden
from openmso.platform.access.contracts import Actor


class Conflicted(Forbidden):
    """They disclosed an interest in the party it is about."""

    code = "conflicted"


def refuse(actor: Actor, practice: int, party: str, *, at: datetime) -> None:
    """Raise `Conflicted` where the actor disclosed an interest in a party."""
    if no := why_not(actor, practice, party, at=at):
        raise no


def why_not(actor: Actor, practice: int, party: str, *, at: datetime) -> Conflicted | None:
    """What `refuse` would raise, to be said before the act is tried."""
    if not party.strip():
        return None
    mine = interests.of_account(practice, actor.user, at=at)
    found = rules.touched(party, mine, interests.aliases()) if mine else None
    if found is None:
        return None
    return Conflicted(rules.why_conflicted(found), fix="Be recused; others vote or decide.")
