"""What claims asked of a payer, as kinds of days that are alike in all that prices depend on, each told once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection

from openmso.claims.contracts import DayKind, KindLine
from openmso.claims.queries.first_asked import ALLOWED, OF_PAYER
from openmso.kit.money import Money

FIELD, LINE = "\x1f", "\x1e"
KINDS = f"""
WITH served AS (
  SELECT c.rendering_id, l.service_on, date_trunc('quarter', l.service_on)::date AS quarter,
         string_agg(concat_ws('{FIELD}', l.code, array_to_string(l.modifiers, ' '), l.units, l.amount,
                              coalesce(nullif(l.place_of_service, ''), c.place_of_service), h.expected_amount),
                    '{LINE}' ORDER BY l.number) AS lines,
         sum({ALLOWED}) AS allowed
    FROM claims_claim c
    JOIN claims_claimline l ON l.practice_id = c.practice_id AND l.claim_id = c.id
    JOIN charges_charge h ON h.practice_id = l.practice_id AND h.id = l.charge_id
   WHERE c.practice_id = %(practice)s AND {OF_PAYER}
     AND c.state NOT IN ('voided', 'replaced') AND c.service_on >= %(since)s AND c.service_on < %(until)s
     AND h.code_system = '' AND l.carried_to_id IS NULL
   GROUP BY c.id, c.rendering_id, l.service_on
)
SELECT quarter, lines, rendering_id, count(*), sum(allowed) FROM served GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def days(*, practice: int, payer_id: int, since: date, until: date) -> list[DayKind]:
    """The kinds of days that claims of first payers asked one payer for, from a day to before another.

    Voided and replaced claims are left out. Days are alike within a quarter, in which no edition of codes changes.
    """
    with connection.cursor() as cursor:
        cursor.execute(KINDS, {"practice": practice, "payer": payer_id, "since": since, "until": until})
        return [
            DayKind(quarter, tuple(map(_line, lines.split(LINE))), clinician, times, Money.of(allowed))
            for quarter, lines, clinician, times, allowed in cursor.fetchall()
        ]


def _line(told: str) -> KindLine:
    code, modifiers, units, amount, place, *expected = told.split(FIELD)
    return KindLine(
        code, tuple(modifiers.split()), Decimal(units), Money.of(amount), place,
        Money.of(expected[0]) if expected else None,
    )  # fmt: skip
