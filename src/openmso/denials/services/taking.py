"""Taking denials in: what a posted remittance left open becomes denials, set-at-a-time, and each waits for somebody.

Safe to do twice: a decision denies a line once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from openmso.agreements.queries import agreements, clocks
from openmso.claims.contracts import DecidedClaim
from openmso.claims.queries import decided
from openmso.contracting import queries as contracting
from openmso.denials.contracts import FIRST_TOUCH, LINE, Category
from openmso.denials.events import DenialsTaken
from openmso.denials.models import Denial, DenialMove
from openmso.denials.queries import network, past
from openmso.denials.rules import causes, deadlines, mapping, worth
from openmso.denials.services import closing, keeping
from openmso.denials.states import S
from openmso.kit.money import Money
from openmso.parties.contracts import Payer
from openmso.parties.queries import payers
from openmso.platform.access.contracts import Actor
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.remittances.contracts import DeniedLine
from openmso.remittances.queries import denied

RANKS = {"P": 1, "S": 2, "T": 3}


@atomic
def take_in(*, actor: Actor, practice: int, at: datetime, remittance: str = "", payment: str = "") -> int:
    """Make denials of what a remittance, or one payment of it, left open, and close those that it answers.

    Returns how many denials are new.
    """
    lines = (
        denied.of_payment(practice=practice, payment=payment)
        if payment
        else denied.of_remittance(practice=practice, remittance=remittance)
    )
    made = _make(practice, _fresh(practice, lines), at)
    keeping.queue(made, at=at)
    touched = denied.claims_of(practice=practice, remittance=remittance, payment=payment)
    back = denied.taken_back(practice=practice, remittance=remittance) if remittance else []
    closing.follow(actor=actor, practice=practice, claims=touched, taken_back=back, at=at)
    if made:
        total = sum((row.amount for row in made), Decimal("0.00"))
        outbox.publish(DenialsTaken(remittance or payment, len(made), total), practice=practice, at=at)
    return len(made)


def _fresh(practice: int, lines: Sequence[DeniedLine]) -> list[DeniedLine]:
    """The lines that are no denials yet."""
    held = Denial.objects.filter(practice_id=practice, payment_id__in={line.payment for line in lines})
    known = set(held.values_list("payment_id", "number")) if lines else set()
    return [line for line in lines if (line.payment, line.number) not in known]


def _make(practice: int, lines: Sequence[DeniedLine], at: datetime) -> list[Denial]:
    if not lines:
        return []
    claims = decided.of_claims(practice=practice, claims={line.claim for line in lines})
    ours, known, reasons = network.rules(), past.records(practice), denied.reasons()
    paying = {one.id: one for one in payers.every()}
    on = tenancy.today(practice, at)
    limits = cache(lambda payer, day: contracting.limits(practice=practice, payer_id=payer, on=day))
    held, touch_by = _lines_held(practice, on), clocks.sla_due(practice, LINE, FIRST_TOUCH, at)
    rows = []
    for line in lines:
        claim = claims[line.claim]
        payer = paying.get(line.payer or claim.payer_id or 0)
        row = _row(practice, line, claim, payer, at)
        first = line.reasons[0] if line.reasons else None
        judged = mapping.judge(
            mapping.Said(
                first.group if first else "", first.reason if first else "", line.remarks, payer.id if payer else None,
                is_whole_charge=line.denied == line.charge,
            ),
            reasons, ours,
        )  # fmt: skip
        agreed = limits(payer.id, line.answered_on) if payer else {}
        last = deadlines.deadlines(payer, line.answered_on, served_on=line.service_on, agreed=agreed)
        row.category, row.is_denial, row.owner = judged.category.value, judged.is_denial, judged.owner.value
        row.action, row.stage, row.words, row.note = judged.action, judged.stage, judged.words[:200], judged.note[:300]
        row.correct_by, row.appeal_by, row.due_on = last.correct_by, last.appeal_by, last.of(judged.action)
        cause, row.cause_why = causes.cause(judged.stage, held)
        row.cause = cause.value
        record = past.record_of(known, row.category, row.payer_id)
        found = worth.worth(amount=line.denied, category=judged.category, record=record, due_on=row.due_on, on=on)
        row.win_rate, row.weight, row.touch_by = found.rate, found.weight, touch_by
        rows.append(row)
    _say_which_are_first(practice, rows)
    made = Denial.objects.bulk_create(rows, batch_size=1000)
    DenialMove.objects.bulk_create(
        [
            DenialMove(
                practice_id=practice, denial=row, at=at, actor_name=row.payer_name[:160] or keeping.BY_PAYER,
                what="Denied" if row.is_denial else "Left open", to=S.NEW, amount=row.amount,
                note=f"{' '.join([*row.codes, *row.remarks])}: {row.words}",
            )
            for row in made
        ],
        batch_size=1000,
    )  # fmt: skip
    return made


def _row(practice: int, line: DeniedLine, claim: DecidedClaim, payer: Payer | None, at: datetime) -> Denial:
    """What the remittance and the claim say."""
    ours = next((one for one in claim.lines if one.id == line.claim_line), None)
    first = line.reasons[0] if line.reasons else None
    return Denial(
        practice_id=practice, payment_id=line.payment, payment_name=line.payment_name, remittance=line.remittance,
        number=line.number, claim_id=claim.id, claim_name=claim.public_id, claim_line_id=line.claim_line,
        charge_line_id=ours.charge_id if ours else None, line_control=ours.line_control if ours else "",
        patient_id=claim.patient_id, clinician_id=claim.clinician_id, payer_id=payer.id if payer else None,
        payer_name=payer.name if payer else line.payer_name, ordinal=claim.ordinal,
        code=line.code or (ours.code if ours else ""), modifiers=line.modifiers,
        service_on=line.service_on or claim.service_on, group=first.group if first else "",
        reason=first.reason if first else "", codes=[f"{one.group}-{one.reason}" for one in line.reasons],
        remarks=list(line.remarks), charge_amount=line.charge.amount, paid_amount=line.paid.amount,
        claim_charge_amount=line.claim_charge.amount, is_whole_claim=line.is_whole_claim,
        amount=line.denied.amount, denied_on=line.answered_on, state=S.NEW, state_at=at, opened_at=at,
    )  # fmt: skip


def _lines_held(practice: int, on: date) -> frozenset[str]:
    """The service lines that the agreement in force gives to the MSO."""
    version = agreements.in_force(practice, on)
    return frozenset(line.code for line in version.terms.lines) if version else frozenset()


def _say_which_are_first(practice: int, rows: Sequence[Denial]) -> None:
    """A charge that the same rank of payer denied before is not denied for the first time."""
    charges = {row.charge_line_id for row in rows if row.charge_line_id}
    claims = {row.claim_id for row in rows if not row.charge_line_id}
    seen: set[tuple[str, int | None, int]] = {
        ("charge", charge, RANKS.get(ordinal, 1))
        for charge, ordinal in Denial.objects.filter(practice_id=practice, charge_line_id__in=charges).values_list(
            "charge_line_id", "ordinal"
        )
    } | {
        ("claim", claim, RANKS.get(ordinal, 1))
        for claim, ordinal in Denial.objects.filter(
            practice_id=practice, claim_id__in=claims, charge_line=None
        ).values_list("claim_id", "ordinal")
    }
    for row in rows:
        what = ("charge", row.charge_line_id) if row.charge_line_id else ("claim", row.claim_id)
        place = (*what, RANKS.get(row.ordinal, 1))
        row.is_first = place not in seen
        seen.add(place)


@atomic
def revalue(*, practice: int, at: datetime) -> int:
    """Say anew what the open denials of a practice are worth: time has passed, others have ended. How many changed."""
    on, known = tenancy.today(practice, at), past.records(practice)
    changed = []
    for row in Denial.objects.select_for_update().filter(practice_id=practice, resolved_on=None).order_by("pk"):
        found = worth.worth(
            amount=Money(row.amount), category=Category(row.category), due_on=row.due_on, on=on,
            record=past.record_of(known, row.category, row.payer_id),
        )  # fmt: skip
        if (row.win_rate, row.weight) != (found.rate, found.weight):
            row.win_rate, row.weight = found.rate, found.weight
            changed.append(row)
    update(changed, ["win_rate", "weight"])
    return len(changed)
