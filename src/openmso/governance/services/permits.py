"""Acts that carry out reserved decisions: who may do them, and on which decision of the practice."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import agreements
from openmso.governance import queries
from openmso.governance.contracts import Reserved
from openmso.governance.models import Proposal, ReservedAct
from openmso.governance.queries.proposals import stands_behind
from openmso.governance.rules import proposals as rules
from openmso.governance.services.proposals import carried_out
from openmso.platform.access.contracts import Actor, ActorKind, Decision
from openmso.platform.access.queries import licensed_role
from openmso.platform.access.reserved import Asked, NotPermitted
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def keep(actor: Actor, asked: Asked, under: Decision, at: datetime) -> None:
    """Let a reserved act be done, and write it down with the decision behind it; raises `NotPermitted`.

    Nothing is reserved before an agreement is in force: nobody else decides there then. What the house does goes on
    with what people have set up.
    """
    on = tenancy.today(asked.practice, at)
    if actor.kind is ActorKind.SYSTEM or agreements.in_force(asked.practice, on) is None:
        return
    held = next((one for one in queries.reserved(asked.practice, on=on) if one.code == asked.act.decision), None)
    if held is None:
        return
    role = licensed_role(actor, asked.practice)
    proposal = None if role else _approved(asked, held)
    if proposal is not None:
        carried_out(proposal, actor=actor, why=f"{asked.words} ({asked.subject[1]}).", at=at, under=under)
    ReservedAct.objects.create(
        practice_id=asked.practice, act=asked.act.code, decision=asked.act.decision, subject_kind=asked.subject[0],
        subject_id=asked.subject[1], words=asked.words[:300], at=at, by=actor.name[:160], user_id=actor.user_id,
        role=role, proposal=proposal,
    )  # fmt: skip


def _approved(asked: Asked, held: Reserved) -> Proposal:
    """The decision of the practice that stands behind an act, to be used up by it; raises `NotPermitted`."""
    found = None if asked.act.by_the_practice_alone else stands_behind(asked)
    if found is None:
        prepares = held.mso_prepares and not asked.act.by_the_practice_alone
        raise NotPermitted(rules.why_not_permitted(held, asked.act.words), fix=rules.door(held.code, prepares))
    return found
