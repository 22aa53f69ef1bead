"""Who signs an act: the role behind a decision of access, and the side it is of."""

from __future__ import annotations

from openmso.platform.access import registry
from openmso.platform.access.contracts import Actor, Decision, Side


def role_of(actor: Actor, decision: Decision) -> str:
    """The role behind a decision of access: of the assignment that it names; none for the system."""
    held = actor.standing.assignments.get(decision.practice or 0, ())
    return next((one.role for one in held if one.public_id == decision.grant), "")


def side_of(actor: Actor, decision: Decision) -> Side:
    """Whose people act: the side of that role; the system is the MSO's."""
    role = role_of(actor, decision)
    return registry.roles()[role].side if role else Side.MSO
