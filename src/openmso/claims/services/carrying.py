"""Lines of a claim that another one asks for now: they leave the total of the one and stand in that of the other.

Charged is counted once, whoever asks: per claim charged = paid + adjusted + patient + open, and the totals of all
claims stay what the charges came to. Revenue that the books have for a line goes with it; nothing is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.rules.outcome import Sums, state_after
from openmso.claims.services import moving
from openmso.claims.states import S
from openmso.platform.access.contracts import Actor
from openmso.platform.database.writing import update


def carry(lines: Sequence[ClaimLine], *, frm: Claim, to: Claim, actor: Actor, at: datetime) -> None:
    """Have lines of a decided claim asked for by another one; a claim of which nothing is left is closed."""
    for line in lines:
        line.carried_to_id = to.pk
    update(lines, ["carried_to"])
    amount = sum((line.amount for line in lines), Decimal("0.00"))
    known = min(frm.recognised_amount, amount)
    frm.total_amount, frm.recognised_amount, to.recognised_amount = (
        frm.total_amount - amount, frm.recognised_amount - known, known,
    )  # fmt: skip
    _save(frm, to)
    whole = not ClaimLine.objects.filter(claim=frm, carried_to=None).exists()
    state = S.CLOSED if whole else _state(frm)
    moving.move(frm, to=state, actor=actor, at=at, why=f"Lines are asked for anew in {to.public_id}")


def give_back(row: Claim, *, actor: Actor, at: datetime) -> list[int]:
    """Let a claim ask again for the lines that `row` was to ask for; the keys of their charges, none for most."""
    lines = list(ClaimLine.objects.select_for_update().filter(carried_to=row).order_by("pk"))
    if not lines:
        return []
    frm = moving.locked([lines[0].claim_id])[0]
    for line in lines:
        line.carried_to_id = None
    update(lines, ["carried_to"])
    frm.total_amount += sum((line.amount for line in lines), Decimal("0.00"))
    frm.recognised_amount += row.recognised_amount
    row.recognised_amount = Decimal("0.00")
    _save(frm, row)
    moving.move(frm, to=_state(frm), actor=actor, at=at, why=f"{row.public_id} was dropped")
    return [line.charge_id for line in lines]


def _save(*rows: Claim) -> None:
    update(rows, ["total_amount", "recognised_amount"])


def _state(row: Claim) -> S:
    return state_after(
        Sums(row.total_amount, row.paid_amount, row.adjusted_amount, row.patient_amount, row.denied_amount)
    )
