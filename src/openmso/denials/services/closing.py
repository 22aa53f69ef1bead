"""What later decisions of payers make of denials: paid, the patient's, denied again, taken back, open again.

Judged from how the lines stand now, never from the order in which files came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from openmso.claims.contracts import DecidedClaim
from openmso.claims.queries import decided
from openmso.denials.contracts import WORK, WRITE_OFF
from openmso.denials.events import DenialsResolved
from openmso.denials.models import Denial, WriteOff
from openmso.denials.services import keeping
from openmso.denials.states import OPEN, Asked, S
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

NOTHING = Decimal("0.00")
FOLLOWED = [one.value for one in (*OPEN, S.RECOVERED, S.WRITTEN_OFF, S.PATIENT, S.TAKEN_BACK)]


@dataclass(frozen=True, slots=True)
class Stand:
    """How what was denied stands now: what is open of it, what came in since, what the patient owes of it."""

    open: Decimal
    came_in: Decimal
    patient: Decimal


@dataclass(frozen=True, slots=True)
class End:
    """What becomes of a denial, and how that is said."""

    to: S
    what: str
    recovered: Decimal = NOTHING
    patient: Decimal = NOTHING


@atomic
def follow(
    *, actor: Actor, practice: int, claims: Collection[int], taken_back: Collection[int], at: datetime
) -> int:  # fmt: skip
    """Bring the denials of some claims to what payers have decided by now; how many changed."""
    if not claims:
        return 0
    of_these = Q(claim_id__in=list(claims)) | Q(resent_as_id__in=list(claims))
    held = Denial.objects.select_for_update().filter(of_these, practice_id=practice, state__in=FOLLOWED)
    rows = list(held.order_by("pk"))
    if not rows:
        return 0
    known = {row.claim_id for row in rows} | {row.resent_as_id for row in rows if row.resent_as_id}
    stands = decided.of_claims(practice=practice, claims=known)
    latest = _latest(practice, rows)
    ends = {row.pk: _end(row, _stand(row, stands), latest[_place(row)], taken_back) for row in rows}
    changed = [row for row in rows if ends[row.pk] is not None]
    if not changed:
        return 0
    decision = actor.must(WORK.code, practice)
    recovered = NOTHING
    for row in changed:
        end = ends[row.pk]
        assert end is not None, "those without an end were left out"
        was_open, came_in = S(row.state) in OPEN, end.recovered - row.recovered_amount
        row.recovered_amount = end.recovered
        row.patient_amount = end.patient or row.patient_amount
        recovered += came_in
        keeping.move(
            [row], to=end.to, what=end.what, actor=actor, at=at, by=row.payer_name or keeping.BY_PAYER,
            amounts=[end.recovered or end.patient], touches=False,
        )  # fmt: skip
        if end.to is S.NEW:
            keeping.queue([row], at=at)
        elif was_open:
            keeping.close([row], actor=actor, at=at, under=decision, outcome=end.what)
    _end_write_offs(practice, changed, actor, at, decision)
    audit.record(
        actor=actor, action="denials.resolved", practice=practice, subject=("denials.denial", ""), at=at,
        facts={"count": len(changed)}, decision=decision,
    )  # fmt: skip
    outbox.publish(DenialsResolved(len(changed), recovered), practice=practice, at=at, behind=decision.grant)
    return len(changed)


def _place(row: Denial) -> tuple[str, int, str]:
    """What a denial is about, whichever decision made it: the charge, or the claim as a whole, to one rank of payer."""
    if row.charge_line_id:
        return ("charge", row.charge_line_id, row.ordinal)
    return ("claim", row.resent_as_id or row.claim_id, row.ordinal)


def _latest(practice: int, rows: Collection[Denial]) -> Mapping[tuple[str, int, str], tuple[object, int]]:
    """Of each place the day and key of its last decision that denies it."""
    charges = {row.charge_line_id for row in rows if row.charge_line_id}
    claims = {_place(row)[1] for row in rows if not row.charge_line_id}
    of_these = Q(charge_line_id__in=charges) | Q(charge_line=None) & (
        Q(claim_id__in=claims) | Q(resent_as_id__in=claims)
    )
    found: dict[tuple[str, int, str], tuple[object, int]] = {}
    for one in (
        Denial.objects.filter(of_these, practice_id=practice).exclude(state=S.TAKEN_BACK).order_by("denied_on", "pk")
    ):
        found[_place(one)] = (one.denied_on, one.pk)
    return found | {_place(row): (row.denied_on, row.pk) for row in rows if _place(row) not in found}


def _stand(row: Denial, claims: Mapping[int, DecidedClaim]) -> Stand:
    chain = [claims[pk] for pk in (row.claim_id, row.resent_as_id) if pk is not None and pk in claims]
    if row.charge_line_id:
        lines = [line for claim in chain for line in claim.lines if line.charge_id == row.charge_line_id]
        charged = lines[-1].charged.amount if lines else row.charge_amount
        paid, patient = (sum((getattr(one, name).amount for one in lines), NOTHING) for name in ("paid", "patient"))
        adjusted = sum((line.adjusted.amount for line in lines), NOTHING)
    else:
        charged = chain[-1].charged.amount
        paid, patient = (sum((getattr(one, name).amount for one in chain), NOTHING) for name in ("paid", "patient"))
        adjusted = sum((claim.adjusted.amount for claim in chain), NOTHING)
    return Stand(charged - paid - adjusted - patient, max(paid - row.paid_amount, NOTHING), max(patient, NOTHING))


def _end(row: Denial, stand: Stand, latest: tuple[object, int], taken_back: Collection[int]) -> End | None:
    """What becomes of it; nothing where nothing changed."""
    state = S(row.state)
    came_in = min(stand.came_in, row.amount)
    if (row.denied_on, row.pk) != latest and state in OPEN:
        return End(S.AGAIN, "Denied again")
    if state in {*OPEN, S.TAKEN_BACK} and stand.open <= 0:
        if came_in:
            return End(S.RECOVERED, "Paid", recovered=came_in)
        if stand.patient:
            return End(S.PATIENT, "The payer made it the patient's", patient=min(stand.patient, row.amount))
        return End(S.WRITTEN_OFF, "The payer made it a reduction of the contract")
    if row.payment_id in taken_back and state in OPEN:
        return End(S.TAKEN_BACK, "The payer took its decision back")
    if state is S.RECOVERED and stand.open > 0 and not came_in:
        return End(S.NEW, "The payer took back what it had paid")
    if state in {S.WRITTEN_OFF, S.PATIENT} and came_in > row.recovered_amount:
        return End(S.RECOVERED, "Paid after all", recovered=came_in)
    return None


def _end_write_offs(
    practice: int, rows: Collection[Denial], actor: Actor, at: datetime, under: Decision
) -> None:  # fmt: skip
    """A write-off that still waits has nothing to write off any more."""
    waiting = WriteOff.objects.select_for_update().filter(
        practice_id=practice, denial_id__in=[row.pk for row in rows], state=Asked.WAITING
    )
    for one in waiting:
        one.state, one.decided_at, one.decided_by = Asked.REFUSED, at, "OpenMSO"
        one.decided_why = "The payer has decided anew"
        one.save(update_fields=["state", "decided_at", "decided_by", "decided_why"])
        work.close_item(
            practice=practice, key=approval_key(one.public_id), actor=actor, at=at, outcome=one.decided_why, under=under
        )


def approval_key(write_off: str) -> str:
    """The key of the work item of a write-off that waits for approval."""
    return f"{WRITE_OFF}:{write_off}"
