"""What posting tells the rest of the house, read back from the staging tables of the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from openmso.remittances.contracts import Outcome
from openmso.remittances.events import (
    ClaimDenied,
    ClaimForwarded,
    ClaimUnmatched,
    PatientShareChanged,
    PaymentPosted,
    RemittancePosted,
)
from openmso.remittances.models.files import Remittance

SAID = """
SELECT p.remittance, p.public_id, r.public_id, c.claim_public_id, p.paid, p.contractual, p.patient, p.denied, p.outcome,
       p.forwarded, r.posted_on, s.amount, s.share,
       CASE WHEN p.denied <> 0 AND NOT p.is_reversal THEN ARRAY(
         SELECT DISTINCT a.grp || '-' || a.reason FROM remittances_stage_adjustment a
          WHERE a.seq = p.seq AND a.effect = 'denied' ORDER BY 1) END
  FROM remittances_stage_payment p JOIN remittances_stage_remittance r USING (remittance)
  JOIN claims_adjudication c ON c.position = p.seq
  LEFT JOIN remittances_stage_share s ON s.seq = p.seq
 ORDER BY p.seq
"""


def of_posting(posted: Sequence[Remittance]) -> Iterator[object]:
    """The facts of each remittance and of its claims, in the order of the file."""
    by_position = {position: list(rows) for position, rows in groupby(_said(), key=itemgetter(0))}
    for one in posted:
        mine = by_position.get(one.position, [])
        yield RemittancePosted(
            remittance=one.public_id, file=one.file.public_id, payer=one.payer_name, amount=one.amount,
            claims=len(mine), unmatched=sum(row[3] is None for row in mine),
            denied=sum(row[8] == Outcome.DENIED for row in mine), posted_on=one.posted_on,
        )  # fmt: skip
        for row in mine:
            yield from of_payment(row)


def of_stage() -> Iterator[object]:
    """The facts of the staged payments alone: what a match by hand brings about."""
    for row in _said():
        yield from of_payment(row)


def _said() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def of_payment(row: Sequence[Any]) -> Iterator[object]:
    """The facts of one claim payment."""
    _, payment, remittance, claim, paid, contractual, patient, denied, outcome, forwarded, day, delta, share, why = row
    if claim is None:
        yield ClaimUnmatched(payment, remittance, paid)
        return
    yield PaymentPosted(payment, remittance, claim, paid, contractual, patient, denied, outcome)
    if why:
        yield ClaimDenied(claim, payment, tuple(why), denied, day)
    if forwarded:
        yield ClaimForwarded(claim, payment)
    if delta is not None:
        yield PatientShareChanged(claim, payment, delta, share)
