"""Whom claims were asked of first, and what that payer allowed: also of those that a later payer has now.

A claim is asked of one payer after the other, as one row: `ordinal` and `payer` say whose turn it is.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from openmso.claims.models.turns import EarlierPayer

FIRST = "P"
OF_PAYER = """(c.ordinal = 'P' AND c.payer_id = %(payer)s OR c.ordinal <> 'P' AND EXISTS (
         SELECT 1 FROM claims_earlierpayer e
          WHERE e.practice_id = c.practice_id AND e.claim_id = c.id AND e.ordinal = 'P' AND e.payer_id = %(payer)s))"""
"""SQL: claim `c` was first asked of a payer."""
ALLOWED = """CASE WHEN c.ordinal = 'P' THEN l.paid_amount + l.patient_amount ELSE l.amount - coalesce((
         SELECT sum(d.adjusted_amount + d.denied_amount) FROM claims_decision d
          WHERE d.practice_id = c.practice_id AND d.claim_id = c.id AND d.line_id = l.id AND d.payer_rank <= 1
         ), 0) END"""
"""SQL: what the first payer allowed of line `l`; later payers share in what it left and change nothing of that."""


def asked() -> Q:
    """Claims that were asked of a first payer: it is its turn, or it has decided."""
    earlier = EarlierPayer.objects.filter(practice=OuterRef("practice"), claim=OuterRef("pk"), ordinal=FIRST)
    return Q(ordinal=FIRST) | Q(Exists(earlier))


def payers(claims: Collection[int]) -> dict[int, int | None]:
    """The first payer of those claims that a later one has now; one question for any number."""
    rows = EarlierPayer.objects.filter(claim_id__in=claims, ordinal=FIRST).exclude(claim__ordinal=FIRST)
    return dict(rows.order_by("-pk").values_list("claim_id", "payer_id"))
