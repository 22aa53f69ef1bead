"""Accrual revenue of claims: recognised when the first payer is first asked.

A charge is revenue from the day its primary claim is first sent: what is on hold has no settled codes and price, and
shows as "not sent" in the conservation of charges instead. A resend posts nothing unless the total changed, a
replacement posts the difference to its original, a void takes back what the original had; denied lines that are
asked for anew brought theirs along. What no insurer is asked for is owed by the patient from the start. Contractual
adjustments and payments are for remittances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from openmso.claims.models.claims import Claim
from openmso.kit.money import Money
from openmso.ledger import contracts as ledger
from openmso.ledger.services import posting
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.database.updating import update

SOURCE = "claims.claim"


def recognise(
    rows: Sequence[Claim],
    *,
    entities: Mapping[int, int],
    actor: Actor,
    on: date,
    at: datetime,
    under: Sequence[Decision],
) -> None:
    """Post what the sending of locked claims changes in the books, in one call; `entities` by billing provider.

    The caller writes `recognised_amount` of the claims together with what else it changes.
    """
    originals = {row.pk: row for row in _originals(rows)}
    drafts = []
    for row in rows:
        drafts += list(_entries(row, originals.get(row.original_id or 0), entities, on))
    if not drafts:
        return
    posting.post(actor=actor, entries=drafts, at=at, under=under)
    update(list(originals.values()), ["recognised_amount"])


def _originals(rows: Sequence[Claim]) -> list[Claim]:
    wanted = [row.original_id for row in rows if row.original_id and not row.split_from_id]
    return list(Claim.objects.select_for_update().filter(pk__in=wanted).order_by("pk")) if wanted else []


def _entries(row: Claim, original: Claim | None, entities: Mapping[int, int], on: date) -> Iterator[ledger.EntryDraft]:
    """The entries of one claim; changes the recognised amounts on the rows."""
    if row.ordinal != "P" or row.billing_provider_id is None:
        return
    wanted = Decimal("0.00") if row.frequency == "8" else row.total_amount
    before = row.recognised_amount + (original.recognised_amount if original else Decimal("0.00"))
    change = wanted - before
    row.recognised_amount = wanted
    if original:
        original.recognised_amount = Decimal("0.00")
    if change:
        yield _entry(row, change, entities[row.billing_provider_id], on)


def _entry(row: Claim, change: Decimal, entity: int, on: date) -> ledger.EntryDraft:
    """The entry by which the revenue of a claim rises or falls."""
    amount = Money.of(abs(change))
    source = ledger.Source(SOURCE, row.public_id)
    ar = ledger.Accounts.AR_INSURANCE if row.payer_id else ledger.Accounts.AR_PATIENT
    revenue = ledger.Accounts.PATIENT_REVENUE
    up, down = (ar, revenue) if change > 0 else (revenue, ar)
    party = str(row.payer_id or "patient")
    return ledger.EntryDraft(
        entity=entity,
        posted_on=on,
        memo=f"{'Claim' if change > 0 else 'Correction of claim'} {row.public_id}",
        lines=(
            ledger.debit(up, amount, basis=ledger.Basis.ACCRUAL, source=source, party=party),
            ledger.credit(down, amount, basis=ledger.Basis.ACCRUAL, source=source, party=party),
        ),
        key=f"claims.sent:{row.public_id}:{row.version}",
        source=source,
        journal=ledger.Journal.CHARGES,
    )


def take_back(
    row: Claim, *, entity: int, actor: Actor, on: date, at: datetime, under: Sequence[Decision]
) -> None:  # fmt: skip
    """Take the revenue of a locked claim out of the books again; the caller saves the row."""
    if row.recognised_amount:
        posting.post(actor=actor, entries=[_entry(row, -row.recognised_amount, entity, on)], at=at, under=under)
        row.recognised_amount = Decimal("0.00")
