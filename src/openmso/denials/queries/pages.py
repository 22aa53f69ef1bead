"""One denial with all that its page shows."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, Sum

from openmso.denials.contracts import Alike, Denial, DenialRow, Happened, WriteOffRow
from openmso.denials.models import Denial as DenialModel
from openmso.denials.models import DenialMove, WriteOff
from openmso.denials.queries import past, queue
from openmso.denials.rules import worth
from openmso.denials.states import FINAL, Asked, S
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money


def denial(public_id: str, *, on: date) -> Denial:
    """One denial of the practices in scope; raises `NotFound`."""
    row = DenialModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no denial {public_id}.")
    of_claim = DenialModel.objects.filter(practice_id=row.practice_id, claim_id=row.claim_id).order_by("number", "pk")
    rows = queue.rows_of(list(of_claim), on=on)
    mine = next(one for one in rows if one.public_id == public_id)
    found = worth.worth(
        amount=mine.amount, category=mine.category, due_on=row.due_on, on=on,
        record=past.record_of(past.records(row.practice_id), row.category, row.payer_id),
    )  # fmt: skip
    return Denial(
        row=mine, payer_id=row.payer_id, remittance=row.remittance, payment=row.payment_name, number=row.number,
        claim_line=_line_number(row.line_control), line_control=row.line_control, modifiers=row.modifiers,
        codes=tuple(row.codes), remarks=tuple(row.remarks), note=row.note, group=row.group,
        charge=Money(row.charge_amount), stage=row.stage, cause_why=row.cause_why, correct_by=row.correct_by,
        appeal_by=row.appeal_by, resent_as=row.resent_name, is_first=row.is_first, touched_at=row.touched_at,
        resolved_on=row.resolved_on, written_off=Money(row.written_off_amount), to_patient=Money(row.patient_amount),
        worth=found, history=history(row.pk), write_offs=write_offs(row.pk, public_id),
        siblings=tuple(one for one in rows if one.public_id != public_id), alike=_alike(row),
    )  # fmt: skip


def practice_of(public_id: str) -> int:
    """The practice of a denial; raises `NotFound`."""
    found = DenialModel.objects.filter(public_id=public_id).values_list("practice_id", flat=True).first()
    if found is None:
        raise NotFound(f"There is no denial {public_id}.")
    return int(found)


def _line_number(control: str) -> int | None:
    last = control.rpartition("-")[2]
    return int(last) if last.isdigit() else None


def history(denial: int) -> tuple[Happened, ...]:
    """What happened to a denial, the latest first."""
    rows = DenialMove.objects.filter(denial_id=denial).order_by("-at", "-pk")
    return tuple(
        Happened(row.at, row.actor_name, row.what, row.note, Money(row.amount) if row.amount else None) for row in rows
    )


def write_offs(denial: int, public_id: str) -> tuple[WriteOffRow, ...]:
    """The write-offs that were asked for, the latest first."""
    rows = WriteOff.objects.filter(denial_id=denial).order_by("-asked_at")
    return tuple(write_off_row(row, public_id) for row in rows)


def write_off_row(row: WriteOff, denial: str) -> WriteOffRow:
    """The contract of a row."""
    return WriteOffRow(
        row.public_id, denial, row.practice_id, Money(row.amount), row.why, Asked(row.state), row.asked_by,
        row.asked_at, row.asked_user, row.decided_by, row.decided_at, row.decided_why, row.entry,
    )  # fmt: skip


def _alike(row: DenialModel) -> Alike:
    """How others of the same category and payer ended at this practice."""
    of_payer = Q(payer=None) if row.payer_id is None else Q(payer_id=row.payer_id)
    ended = DenialModel.objects.filter(of_payer, practice_id=row.practice_id, category=row.category)
    same = ended.filter(state__in=sorted(FINAL)).exclude(pk=row.pk)
    sums = same.aggregate(
        n=Count("pk"), won=Count("pk", filter=Q(state=S.RECOVERED)), lost=Count("pk", filter=Q(state=S.WRITTEN_OFF)),
        moved=Count("pk", filter=Q(state=S.PATIENT)), amount=Sum("amount"), came=Sum("recovered_amount"),
    )  # fmt: skip
    return Alike(
        sums["n"], sums["won"], sums["lost"], sums["moved"], Money(sums["amount"] or ZERO.amount),
        Money(sums["came"] or ZERO.amount),
    )  # fmt: skip


def of_claim(*, claim: str, on: date) -> list[DenialRow]:
    """The denials of a claim, and of what it was corrected as, the latest first."""
    found = DenialModel.objects.filter(Q(claim_name=claim) | Q(resent_name=claim)).order_by("-denied_on", "number")
    return queue.rows_of(list(found), on=on)
