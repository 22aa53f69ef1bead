"""A payer's acknowledgement of a refund (PLB 72) is tied to the money that we sent back, without anybody naming it."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.models import Overpayment
from openmso.billing.rules.acknowledged import Sent, tie
from openmso.claims.queries import decided
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.remittances.contracts import MATCH, Answer
from openmso.remittances.queries import recoupments
from openmso.remittances.services import recoupments as explaining


@atomic
def tie_refunds(*, actor: Actor, practice: int, remittance: str, at: datetime) -> int:
    """Explain what a remittance acknowledges by the overpayments that were returned; how many were tied.

    What fits none, or more than one, waits for a person as before; so does an amount that is not the one sent.
    """
    today = tenancy.today(practice, at)
    waiting = recoupments.acknowledged(practice=practice, remittance=remittance, on=today)
    if not waiting or not actor.can(MATCH.code, practice):
        return 0
    sent = _sent(practice, recoupments.answers(practice=practice))
    tied = 0
    for one in waiting:
        found = tie(one.payer_name, one.reference, -one.amount.amount, sent)
        if found is None:
            continue
        money, how = found
        sent.remove(money)
        explaining.explain(
            actor=actor, adjustment=one.public_id, answer=Answer.REFUND, answers=money.name,
            why=f"The payer acknowledges what we returned on {money.name}, found {how}.", at=at,
        )  # fmt: skip
        tied += 1
    return tied


def _sent(practice: int, known: frozenset[str]) -> list[Sent]:
    """What was returned and is not acknowledged yet; with our number of the claim, and the payer's."""
    rows = list(
        Overpayment.objects.filter(practice_id=practice, returned__gt=0)
        .exclude(public_id__in=known)
        .order_by("closed_on", "pk")
    )
    claims = decided.of_claims(practice=practice, claims={row.claim_id for row in rows}) if rows else {}
    return [
        Sent(
            row.public_id, row.payer_name, row.returned_amount,
            {row.reference, row.public_id, row.claim_name, claims[row.claim_id].control,
             claims[row.claim_id].payer_control},
        )
        for row in rows
    ]  # fmt: skip
