"""Saying what money answers that a payer took, or left, beside claims."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.errors import Conflict, Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.remittances.contracts import ADJUSTMENT, MATCH, Answer
from openmso.remittances.models.payments import ProviderAdjustment
from openmso.remittances.models.recoupments import Explanation
from openmso.remittances.queries import recoupments


@atomic
def explain(*, actor: Actor, adjustment: str, answer: Answer, answers: str, why: str, at: datetime) -> None:
    """Say what the balance of a reference answers; another movement on it opens it again.

    The books are not moved by that: what is left in the account of recoupments is an accountant's to clear.
    Raises `Conflict` where nothing stands open, `Refused` without a reason.
    """
    one = recoupments.recoupment(adjustment, on=at.date()).row
    decision = actor.must(MATCH.code, one.practice)
    if not one.amount:
        raise Conflict(f"Nothing stands open on {one.reference or 'this adjustment'}.")
    if not why.strip():
        raise Refused("An explanation says why.", field="why", fix="Write what shows it, in a sentence.")
    first = ProviderAdjustment.objects.get(practice_id=one.practice, public_id=one.public_id)
    Explanation.objects.create(
        practice_id=one.practice, adjustment=first, payer_key=one.payer_key, reference=one.reference,
        amount=one.amount.amount, answer=answer.value, answers=answers.strip()[:40], why=why.strip()[:400],
        explained_at=at, explained_by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="remittances.recoupment_explained", practice=one.practice,
        subject=(ADJUSTMENT, one.public_id), at=at, facts={"answer": answer.label.lower()}, why=why, decision=decision,
    )  # fmt: skip
    if answer is not Answer.OPEN:
        work.close_item(
            practice=one.practice, key=unexplained_key(one.public_id), actor=actor, at=at, outcome=answer.label,
            under=decision,
        )  # fmt: skip


def unexplained_key(adjustment: str) -> str:
    """The key of the queue item of a reference that nobody explained."""
    return f"remittances.unexplained_recoupment:{adjustment}"
