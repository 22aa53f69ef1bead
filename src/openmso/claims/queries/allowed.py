"""What a payer allowed of what its contract led to expect, code by code."""

from __future__ import annotations

from datetime import date

from django.db import connection

from openmso.claims.contracts import AllowedCode
from openmso.claims.queries.first_asked import ALLOWED, OF_PAYER
from openmso.kit.money import Money

BY_CODE = f"""
SELECT l.code, count(*), sum(h.expected_amount), sum({ALLOWED}), array_agg(l.id ORDER BY l.id)
  FROM claims_claim c
  JOIN claims_claimline l ON l.practice_id = c.practice_id AND l.claim_id = c.id
  JOIN charges_charge h ON h.practice_id = l.practice_id AND h.id = l.charge_id
 WHERE c.practice_id = %(practice)s AND {OF_PAYER}
   AND c.state NOT IN ('voided', 'replaced') AND l.service_on >= %(since)s AND l.service_on < %(until)s
   AND l.carried_to_id IS NULL AND l.denied_amount = 0 AND {ALLOWED} > 0
   AND h.expected_amount IS NOT NULL
 GROUP BY l.code ORDER BY l.code
"""


def by_code(*, practice: int, payer_id: int, since: date, until: date) -> list[AllowedCode]:
    """The codes of lines that one payer decided as the first, from a day to before another.

    Lines with money denied, and lines for which no contract expected anything, are left out. What a payer kept of its
    payment (sequestration) is not in what it allowed here.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_CODE, {"practice": practice, "payer": payer_id, "since": since, "until": until})
        return [
            AllowedCode(code, lines, Money.of(expected), Money.of(allowed), tuple(ids))
            for code, lines, expected, allowed, ids in cursor.fetchall()
        ]
