"""Separation of duties: two acts of one chain are done by two people, whatever roles one of them holds.

It is asked of people and of what acts for them (a token is its person), never of roles: a role that changed in
between, or a second one, makes no second person. Which acts are parted is said where the second is done.
"""

from __future__ import annotations

from openmso.kit.errors import Forbidden
from openmso.platform.access.contracts import Actor


class SamePerson(Forbidden):
    """Somebody would be their own second pair of eyes."""

    code = "same_person"


def another(actor: Actor, *, did: str, first: str, then: str) -> None:
    """Raise `SamePerson` where the actor is who did the first act; `did` is the public id of that account.

    The words complete "You {first}; somebody else has to {then}."
    """
    if no := why_not(actor, did=did, first=first, then=then):
        raise no


def why_not(actor: Actor, *, did: str, first: str, then: str) -> SamePerson | None:
    """What `another` would raise, to be said before the act is tried."""
    if not did or did != actor.user:
        return None
    return SamePerson(f"You {first}; somebody else has to {then}.", fix="Ask a colleague who has the permission.")
