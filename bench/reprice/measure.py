"""Measure repricing and the join on one server; prints the rows as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from bench import apart

LINES = int(os.environ.get("BENCH_LINES", "1000000"))
TARGET = 3.0
SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
JOIN = """
CREATE TABLE bench_sum AS
SELECT c.rendering_id, l.code, count(*) AS lines, sum(h.expected_amount) AS current,
       sum(least(l.units * r.nonfacility_amount, l.amount)) AS proposed
  FROM claims_claim c JOIN claims_claimline l ON l.claim_id = c.id JOIN charges_charge h ON h.id = l.charge_id
  JOIN bench_rate r ON r.code = l.code
 WHERE c.practice_id = %(practice)s AND c.payer_id = %(payer)s AND c.ordinal = 'P'
   AND c.state NOT IN ('voided', 'replaced') AND c.service_on >= %(since)s AND c.service_on < %(until)s
 GROUP BY 1, 2
"""


def rows() -> Iterator[dict[str, Any]]:
    """Three rounds in turns; medians count."""
    from django.db import connection

    from bench.network import Taken, superuser
    from openmso.platform.tenancy.scope import reading, scope
    from openmso.underpayments.repricing import reprice

    house, payer, contract = place()
    asked = {"practice": house.id, "payer": payer, "since": SINCE, "until": UNTIL}
    ours, floor = [], []
    with superuser() as past:
        past.execute("SET max_parallel_workers_per_gather = 0")
        for _ in range(3):
            with scope(practices=[house.id], entities=[house.entity.id]), reading():
                began = Taken.so_far(connection.connection)
                found = reprice(contract=contract, since=SINCE, until=UNTIL)
                ours.append(Taken.so_far(connection.connection) - began)
            past.execute("DROP TABLE IF EXISTS bench_sum")
            began = Taken.so_far(past)
            past.execute(JOIN, asked)
            floor.append(Taken.so_far(past) - began)
        ((count, current, proposed),) = past.execute(
            "SELECT sum(lines), sum(current), round(sum(proposed), 2) FROM bench_sum"
        ).fetchall()
    told = found.total
    assert (told.lines, told.current.amount, told.proposed.amount) == (count, current, proposed), told
    mine, peer = (sorted(times, key=lambda one: one.cpu)[1] for times in (ours, floor))
    ratio = mine.cpu / peer.cpu
    yield {
        "name": f"reprice {count:,} lines under a proposed contract", "ours": mine.cpu, "peer": peer.cpu,
        "unit": "s CPU", "ratio": ratio, "target": f"≤ {TARGET:.0f}× the plain join",
        "note": f"{'MISSED ' if ratio > TARGET else ''}{mine.server:.1f} s of it in the server; on the wall "
        f"{mine.wall:.1f} s, {mine.wall / peer.wall:.1f}x; the same sums",
    }  # fmt: skip


def place() -> tuple[Any, int, str]:
    """A practice with a payer, lines of a year that were expected at 72.00 each, and a proposal of a fee schedule."""
    from bench.network import NOW, add, superuser
    from openmso.contracting import services, testing
    from openmso.contracting.contracts import RateLine, Terms
    from openmso.kit.money import Money
    from openmso.parties import testing as parties
    from openmso.platform.tenancy.scope import scope

    payer = parties.payer(parties.mso(at=NOW), at=NOW).id
    house = parties.practice(at=NOW)
    add(house, [payer], first=1_000_000, count=LINES // 3 + 50, state="paid")
    with superuser() as past:
        past.execute("UPDATE charges_charge SET expected_amount = 72, expected_source = 'PCN-22222222/1'")
        past.execute("VACUUM (ANALYZE) charges_charge")
        codes = [code for (code,) in past.execute("SELECT DISTINCT code FROM claims_claimline ORDER BY 1").fetchall()]
        past.execute("CREATE TABLE bench_rate (code text PRIMARY KEY, nonfacility_amount numeric)")
        rates = {code: Decimal(60) + Decimal(int(code) % 2000) / 100 for code in codes}
        with past.cursor().copy("COPY bench_rate FROM STDIN") as copy:
            copy.write("".join(f"{code}\t{amount}\n" for code, amount in rates.items()))
        past.execute("ANALYZE")
    listed = tuple(RateLine(code, "", Money.of(amount), Money.of(amount)) for code, amount in rates.items())
    with scope(practices=[house.id], entities=[house.entity.id]):
        testing.published(practice=house.id, payer_id=payer, at=NOW)
        terms = Terms("all: fee schedule", rates=listed)
        made = services.draft(
            actor=testing.Actor.system("bench", at=NOW), practice=house.id, payer_id=payer, terms=terms,
            starts_on=UNTIL, at=NOW,
        )  # fmt: skip
    return house, payer, made.public_id


if __name__ == "__main__":
    apart.measure(rows)
