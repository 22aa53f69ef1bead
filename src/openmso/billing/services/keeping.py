"""Accounts of patients: locked while their money moves, and made anew from claims and settlements afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from openmso.agreements.queries import clocks
from openmso.billing.contracts import LINE, PAYMENT, UNAPPLIED
from openmso.billing.models import Account, Payment
from openmso.billing.queries import owing
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import practices, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

AT_A_TIME = 1_000


def lock(practice: int, patients: Collection[int]) -> None:
    """Let nobody else move the money of these patients until the transaction ends; each has an account afterwards."""
    wanted = sorted(set(patients))
    Account.objects.bulk_create(
        [Account(practice_id=practice, patient_id=one) for one in wanted], ignore_conflicts=True, batch_size=AT_A_TIME
    )
    rows = Account.objects.select_for_update().filter(practice_id=practice, patient_id__in=wanted)
    list(rows.order_by("patient_id").values_list("pk", flat=True))


def one_patient(patient: str) -> Patient:
    """A patient whose account is locked now; raises `NotFound`."""
    who = patients.get(patient)
    lock(who.practice, [who.id])
    return who


def one_payment(receipt: str) -> Payment:
    """A payment whose patient's account is locked now; raises `NotFound`."""
    found = Payment.objects.filter(public_id=receipt).values_list("practice_id", "patient_id").first()
    if found is None:
        raise NotFound(f"There is no payment {receipt}.")
    lock(found[0], [found[1]])
    return Payment.objects.select_for_update().get(practice_id=found[0], public_id=receipt)


def books_of(practice: int, on: date) -> dict[int, int]:
    """The books of each billing provider of a practice, by the provider's key."""
    return {one.id: one.entity for one in providers.billers(practice, on=on)}


def book_of(practice: int, patient: int, on: date) -> int:
    """The books that a patient's money enters: those of the claim they owe on longest, else the practice's first."""
    lines = owing.lines(practice=practice, patients=[patient]).get(patient, [])
    books = books_of(practice, on)
    named = [books[one.biller_id] for one in lines if one.owed > ZERO and one.biller_id in books]
    return named[0] if named else practices.entities(practice, on=on)[0].id


@atomic
def refresh(*, practice: int, patients: Collection[int] | None = None) -> int:
    """Make the accounts of a practice (of some patients) anew from claims and settlements; how many there are."""
    lines = owing.lines(practice=practice, patients=patients)
    paid = Payment.objects.filter(practice_id=practice, left_amount__gt=0)
    if patients is not None:
        paid = paid.filter(patient_id__in=list(patients))
    ahead = dict(paid.order_by().values_list("patient_id").annotate(sum=Sum("left_amount")))
    stale = Account.objects.filter(practice_id=practice)
    if patients is not None:
        stale = stale.filter(patient_id__in=list(patients))
    wanted = {*lines, *ahead, *stale.values_list("patient_id", flat=True)}
    rows = []
    for patient in sorted(wanted):
        mine = lines.get(patient, [])
        due = [one.service_on for one in mine if one.owed > ZERO]
        rows.append(
            Account(
                practice_id=practice, patient_id=patient, owed_amount=owing.total(mine).amount,
                unapplied_amount=ahead.get(patient, Decimal("0.00")), oldest_on=min(due, default=None),
            )
        )  # fmt: skip
    Account.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["practice", "patient"],
        update_fields=["owed_amount", "unapplied_amount", "oldest_on"], batch_size=AT_A_TIME,
    )  # fmt: skip
    return len(rows)


def queue(rows: Collection[Payment], *, actor: Actor, at: datetime, under: Decision, why: str = "") -> None:
    """What is left of payments of one practice waits for a person; where nothing is left, nobody waits any more."""
    if not rows:
        return
    practice = next(iter(rows)).practice_id
    left = [row for row in rows if row.left_amount]
    if left:
        due = clocks.sla_due(practice, LINE, UNAPPLIED, at)
        work.open_items(practice=practice, items=[_item(row, due, why) for row in left], at=at)
    work.close_items(
        keys=[(practice, _key(row)) for row in rows if not row.left_amount], actor=actor, at=at,
        outcome="Nothing of it is left", under=under,
    )  # fmt: skip


def _item(row: Payment, due: datetime, why: str) -> NewItem:
    left = Money.of(row.left_amount)
    said = why or "The patient paid more than is owed so far."
    return NewItem(
        kind=UNAPPLIED, subject=(PAYMENT, row.public_id), title=f"{left} of a patient's payment is not applied",
        why=f"{said} Apply it to what is owed, or give it back.", priority=30,
        priority_why=f"{left} is the patient's money", due_at=due, key=_key(row), amount=left.amount,
    )  # fmt: skip


def _key(row: Payment) -> str:
    return f"{UNAPPLIED}:{row.public_id}"
