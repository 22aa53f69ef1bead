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
from typing import Any

from django.db import connection

from openmso.claims.models.claims import Claim
from openmso.kit.money import Money
from openmso.ledger import contracts as ledger
from openmso.ledger.services import posting
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.database.writing import update

SOURCE = "claims.claim"

# What `_entries` says of claims that correct none, for all claims of a file: `place` is their place in it.
FIRST = """
  FROM unnest(%(claims)s::bigint[]) WITH ORDINALITY AS given (id, place)
  JOIN claims_claim c ON c.practice_id = %(practice)s AND c.id = given.id AND c.original_id IS NULL
   AND c.ordinal = 'P' AND c.billing_provider_id IS NOT NULL AND c.total_amount <> c.recognised_amount
"""
FIRST_ENTRIES = f"""
INSERT INTO ledger_stage_entry (position, entity_id, posted_on, journal, memo, source_kind, source_id, key)
SELECT place, b.entity, %(on)s, '{ledger.Journal.CHARGES.value}',
       CASE WHEN c.total_amount > c.recognised_amount THEN 'Claim ' ELSE 'Correction of claim ' END || c.public_id,
       '{SOURCE}', c.public_id, 'claims.sent:' || c.public_id || ':' || c.version
  {FIRST} LEFT JOIN unnest(%(billers)s::bigint[], %(entities)s::bigint[]) AS b (id, entity)
    ON b.id = c.billing_provider_id
"""
FIRST_LINES = f"""
INSERT INTO ledger_stage_line
  (position, number, account, basis, debit_amount, credit_amount, source_kind, source_id, party)
SELECT place, v.number, v.account, '{ledger.Basis.ACCRUAL.value}', greatest(v.amount, 0), greatest(-v.amount, 0),
       '{SOURCE}', c.public_id, coalesce(c.payer_id::text, 'patient')
  {FIRST} CROSS JOIN LATERAL (
    SELECT c.total_amount - c.recognised_amount AS change,
           CASE WHEN c.payer_id IS NULL THEN '{ledger.Accounts.AR_PATIENT}'
                ELSE '{ledger.Accounts.AR_INSURANCE}' END AS ar
  ) w CROSS JOIN LATERAL (VALUES
    (CASE WHEN w.change > 0 THEN 1 ELSE 2 END, w.ar, w.change),
    (CASE WHEN w.change > 0 THEN 2 ELSE 1 END, '{ledger.Accounts.PATIENT_REVENUE}', -w.change)
  ) AS v (number, account, amount)
"""


def recognise_first(
    claims: Sequence[int], *, practice: int, entities: Mapping[int, int], actor: Actor, on: date, at: datetime,
    under: Sequence[Decision],
) -> None:  # fmt: skip
    """The same as `recognise` for those of locked claims that correct no other, set-at-a-time, by their keys."""
    told: dict[str, Any] = {"claims": list(claims), "practice": practice, "on": on, "billers": list(entities),
            "entities": list(entities.values())}  # fmt: skip
    posting.open_stage()
    with connection.cursor() as cursor:
        cursor.execute(FIRST_LINES, told)
        cursor.execute(FIRST_ENTRIES, told)
        staged = cursor.rowcount
    if staged:
        posting.post_staged(actor=actor, at=at, under=under)


def recognise(
    rows: Sequence[Claim],
    *,
    entities: Mapping[int, int],
    actor: Actor,
    on: date,
    at: datetime,
    under: Sequence[Decision],
    is_insurers: bool = False,
) -> None:
    """Post what the sending of locked claims changes in the books, in one call; `entities` by billing provider.

    With `is_insurers` an insurer owes it also where the claim names none: one has decided it.
    The caller writes `recognised_amount` of the claims together with what else it changes.
    """
    originals = {row.pk: row for row in _originals(rows)}
    drafts = []
    for row in rows:
        drafts += list(_entries(row, originals.get(row.original_id or 0), entities, on, is_insurers=is_insurers))
    if not drafts:
        return
    posting.post(actor=actor, entries=drafts, at=at, under=under)
    update(list(originals.values()), ["recognised_amount"])


def _originals(rows: Sequence[Claim]) -> list[Claim]:
    wanted = [row.original_id for row in rows if row.original_id and not row.split_from_id]
    return list(Claim.objects.select_for_update().filter(pk__in=wanted).order_by("pk")) if wanted else []


def _entries(
    row: Claim, original: Claim | None, entities: Mapping[int, int], on: date, *, is_insurers: bool
) -> Iterator[ledger.EntryDraft]:  # fmt: skip
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
        yield _entry(row, change, entities[row.billing_provider_id], on, is_insurers=is_insurers)


def _entry(
    row: Claim, change: Decimal, entity: int, on: date, *, is_insurers: bool = False
) -> ledger.EntryDraft:  # fmt: skip
    """The entry by which the revenue of a claim rises or falls."""
    amount = Money.of(abs(change))
    source = ledger.Source(SOURCE, row.public_id)
    ar = ledger.Accounts.AR_INSURANCE if row.payer_id or is_insurers else ledger.Accounts.AR_PATIENT
    revenue = ledger.Accounts.PATIENT_REVENUE
    up, down = (ar, revenue) if change > 0 else (revenue, ar)
    party = str(row.payer_id or ("" if is_insurers else "patient"))
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
