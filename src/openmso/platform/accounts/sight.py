"""Whom one may see: everybody, with the permission over the network's accounts; else the people of one's practices."""

from __future__ import annotations

from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.identity import queries
from openmso.platform.identity.contracts import Account
from openmso.platform.tenancy.scope import reading


def account(actor: Actor, public_id: str) -> Account:
    """The account; for one that this person may not see the answer is the same as for one that does not exist."""
    them = queries.account(public_id)
    with reading():
        seen = actor.can("users.read") or them.user_id in access.people_assigned()
    if not seen:
        raise queries.NoSuchAccount("There is no such account.")
    return them
