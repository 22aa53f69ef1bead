"""Small balances: what is too little to be asked for is given up, and small credits go back to their patients."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from openmso.billing.models import Payment, Settlement, Sweep, SweptAccount
from openmso.billing.queries import chasing, owing, policies
from openmso.billing.rules import small as rules
from openmso.billing.rules.owing import Part
from openmso.billing.services import giving_up, refunding
from openmso.billing.services.proposing import Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import Deed, Why
from openmso.kit.money import ZERO, Money


def propose(practice: int, on: date, only: Collection[int] | None) -> list[Proposal]:
    """Balances that are given up, and credits that are given back."""
    policy = policies.current(practice)
    known = chasing.facts(practice=practice, only=only)
    found = [
        Proposal(patient, Deed.WRITE_OFF, one.owed, words)
        for patient, one in known.items() if (words := rules.why_given_up(one, policy, on))
    ]  # fmt: skip
    left = Payment.objects.filter(
        practice_id=practice, left_amount__gt=0, left_amount__lte=policy.small_credit.amount, patient_id__in=list(known)
    )
    for row in left.order_by("pk"):
        credit = Money.of(row.left_amount)
        if words := rules.why_given_back(credit, row.received_on, known[row.patient_id].owed, policy, on):
            found.append(Proposal(row.patient_id, Deed.REFUND, credit, words, row.pk))
    return found


def do(sweep: Sweep, rows: Sequence[SweptAccount], act: Act) -> None:
    """Give up and give back."""
    given_up = [row.patient_id for row in rows if row.deed == Deed.WRITE_OFF]
    lines = owing.lines(practice=sweep.practice_id, patients=given_up)
    parts = [part for mine in lines.values() for part in giving_up.all_of(mine)]
    giving_up.give_up(Why.SMALL, parts, act, note=f"Small balance, {sweep.public_id}")
    back = [row for row in rows if row.deed == Deed.REFUND]
    named = dict(Payment.objects.filter(pk__in=[row.payment_id for row in back]).values_list("pk", "public_id"))
    for row in back:
        row.act = refunding.give_back(
            act=act, payment=named[row.payment_id or 0], amount=Money.of(row.amount), why=row.words,
            asked=(sweep.made_by, sweep.made_user), reference=sweep.reference,
        )  # fmt: skip


def take_back(row: SweptAccount, act: Act, why: str) -> Money:
    """Let what was given up in a run be owed again; the caller has locked the account."""
    note = f"Small balance, {row.sweep.public_id}"
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id]).get(row.patient_id, [])
    sums: dict[tuple[int, int], Money] = {}
    mine = Settlement.objects.filter(practice_id=row.practice_id, patient_id=row.patient_id, why=Why.SMALL.value)
    for claim, line, amount in mine.filter(note=note).values_list("claim_id", "line", "amount"):
        sums[claim, line] = sums.get((claim, line), ZERO) + Money.of(amount)
    parts = [Part(one, -sums[key]) for one in lines if sums.get(key := (one.claim_id, one.line), ZERO) > ZERO]
    return -giving_up.give_up(Why.SMALL, parts, act, note=why)
