"""Measure scrubbing and the joins on one server; prints the rows as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bench import apart

if TYPE_CHECKING:
    from bench.network import Network, Taken

CLAIMS = int(os.environ.get("BENCH_SCRUB", "100000"))
THERE = int(os.environ.get("BENCH_THERE", "1000000"))
"""How many claims lie in the tables when the second set is scrubbed."""
PRACTICES = int(os.environ.get("BENCH_PRACTICES", "100"))
SCRUBBED = 4
"""Of how many of the practices claims are scrubbed."""
WARM = 20
"""Claims of each practice that are scrubbed before anything is measured: a server has run for a while."""
TARGET = 4.0

JOINS = """
CREATE TABLE bench_hit AS
WITH asked AS (SELECT * FROM claims_claim WHERE id = ANY(%(claims)s)),
line AS (SELECT l.*, c.payer_id, c.patient_id, c.practice_id AS of, p.kind FROM asked c
           JOIN claims_claimline l ON l.claim_id = c.id JOIN parties_payer p ON p.id = c.payer_id),
pair AS (
  SELECT b.claim_id, b.number, p.column1, p.indicator,
         bool_or(a.modifiers && %(opening)s::varchar[] OR b.modifiers && %(opening)s::varchar[]) AS opened
    FROM line a JOIN line b ON b.claim_id = a.claim_id AND b.service_on = a.service_on AND b.code <> a.code
    JOIN codes_pairedit p ON p.load_id = %(pairs)s AND p.column1 = a.code COLLATE "C" AND p.column2 = b.code COLLATE "C"
     AND p.starts_on <= a.service_on AND (p.ends_on IS NULL OR a.service_on < p.ends_on)
   WHERE b.kind = ANY(%(edited)s) GROUP BY 1, 2, 3, 4),
beside AS (
  SELECT c.id, o.id AS other FROM asked c
    JOIN claims_claim o ON o.patient_id = c.patient_id AND o.service_on = c.service_on AND o.practice_id = c.practice_id
     AND o.payer_id = c.payer_id AND o.ordinal = c.ordinal AND o.frequency = '1' AND c.frequency = '1' AND o.id <> c.id
     AND o.state NOT IN ('voided', 'replaced') AND (o.id < c.id OR o.state NOT IN ('draft', 'held', 'ready'))),
unit AS (
  SELECT claim_id, code, service_on, sum(units) AS units FROM (
    SELECT claim_id, code, service_on, units FROM line WHERE kind IN ('medicare', 'medicaid')
    UNION ALL SELECT b.id, l.code, l.service_on, l.units FROM beside b JOIN claims_claimline l ON l.claim_id = b.other
  ) told GROUP BY 1, 2, 3)
SELECT 'code_pair' AS code, claim_id, number FROM pair WHERE indicator <> '1' OR NOT opened
UNION ALL
SELECT 'unlikely_units', l.claim_id, l.number FROM line l
  JOIN codes_unitedit e ON e.load_id = %(units)s AND e.code = l.code COLLATE "C"
  JOIN unit u ON u.claim_id = l.claim_id AND u.code = l.code AND u.service_on = l.service_on
 WHERE l.kind IN ('medicare', 'medicaid') AND CASE e.indicator WHEN '1' THEN l.units ELSE u.units END > e.units
UNION ALL
SELECT 'add_on_alone', l.claim_id, l.number FROM line l
  JOIN codes_addonedit e ON e.load_id = %(add_ons)s AND e.code = l.code COLLATE "C"
   AND (e.starts_on IS NULL OR e.starts_on <= l.service_on) AND (e.ends_on IS NULL OR l.service_on < e.ends_on)
  LEFT JOIN line o ON o.claim_id = l.claim_id AND o.code COLLATE "C" = e.primary
 GROUP BY 2, 3 HAVING bool_or(e.primary <> '') AND count(o.id) = 0
UNION ALL
SELECT DISTINCT 'same_day_claim', l.claim_id, NULL::smallint FROM beside b JOIN line l ON l.claim_id = b.id
  JOIN claims_claimline o ON o.claim_id = b.other AND o.code = l.code AND o.service_on = l.service_on
 WHERE NOT l.modifiers && %(repeated)s::varchar[]
"""
FOUND = "SELECT code, claim_id, line FROM claims_claimfinding WHERE claim_id = ANY(%s) AND code = ANY(%s)"
CODES = ["code_pair", "unlikely_units", "add_on_alone", "same_day_claim"]


def rows() -> Iterator[dict[str, Any]]:
    """The first set over empty tables, the second where many claims lie already; then the second once more."""
    from bench.codes.measure import PAIRS
    from bench.network import Network, superuser

    network = Network(PRACTICES)
    scrub(network, network.add(100_000, WARM * SCRUBBED, "draft", practices=SCRUBBED))
    first = network.add(1_000_000, CLAIMS, "draft", practices=SCRUBBED)
    early, joined = scrub(network, first), joins(network, first)
    yield row(f"{CLAIMS:,} claims, built", early, joined, f"{PAIRS:,} pairs; {judged()}")
    took = network.lie_there(10_000_000, THERE)
    second = network.add(20_000_000, CLAIMS, "draft", practices=SCRUBBED)
    late, joined = scrub(network, second), joins(network, second)
    with superuser() as connection:
        ((there,),) = connection.execute("SELECT count(*) FROM claims_claim").fetchall()
    said = f"{late.cpu / early.cpu:.2f}x of the first in time; {THERE:,} claims were made in {took:.0f} s"
    yield row(f"{CLAIMS:,} claims among {there:,}, built", late, joined, said)
    again, joined = scrub(network, second), joins(network, second)
    yield row(f"{CLAIMS:,} claims among {there:,}, once more", again, joined, "a rule was made live, or a new edition")


def scrub(network: Network, claims: Sequence[int]) -> Taken:
    """Every practice's claims through the door that runs use, each practice in a transaction of its own."""
    from django.db import connection

    from bench.network import Taken
    from openmso.claims.services import scrubbing
    from openmso.platform.tenancy.scope import scope

    connection.ensure_connection()
    left, began = sorted(claims), Taken.so_far(connection.connection)
    each = len(left) // SCRUBBED
    for number, house in enumerate(network.houses[:SCRUBBED]):
        mine = left[number * each : (number + 1) * each]
        with scope(practices=[house.id], entities=[house.entity.id]):
            scrubbing.scrub(actor=network.actor, practice=house.id, claim_ids=mine, at=network.at)
    return Taken.so_far(connection.connection) - began


def judged() -> str:
    """How the claims stand."""
    from bench.network import superuser

    with superuser() as connection:
        states = connection.execute("SELECT state, count(*) FROM claims_claim GROUP BY 1 ORDER BY 1").fetchall()
        said = connection.execute(
            "SELECT code, count(*) FROM claims_claimfinding GROUP BY 1 ORDER BY 2 DESC LIMIT 8"
        ).fetchall()
    return ", ".join([*(f"{count:,} {state}" for state, count in states), *(f"{n:,} {code}" for code, n in said)])


def row(name: str, ours: Taken, peer: Taken, note: str) -> dict[str, Any]:
    """One line of the table: seconds of the processor, and how many times the floor ours takes."""
    ratio = ours.cpu / peer.cpu
    missed = "MISSED " if ratio > TARGET else ""
    return {
        "name": f"scrub {name}", "ours": ours.cpu, "peer": peer.cpu, "unit": "s CPU", "ratio": ratio,
        "target": f"≤ {TARGET:.0f}× the plain joins",
        "note": f"{missed}{note}; on the wall {ours.wall:.1f} s, {ours.wall / peer.wall:.1f}x; server {ours.server:.1f} s CPU",
    }  # fmt: skip


def joins(network: Network, claims: list[int]) -> Taken:
    """The plain joins, and that both found the same."""
    from bench.network import Taken, superuser
    from openmso.claims.queries.beside import REPEATED
    from openmso.claims.queries.desk import EDITED_KINDS
    from openmso.claims.rules.modifiers import UNBUNDLES

    asked = {
        "claims": claims, "opening": sorted(UNBUNDLES), "edited": sorted(EDITED_KINDS), "repeated": sorted(REPEATED),
        "pairs": network.loads["ncci-ptp"], "units": network.loads["ncci-mue"], "add_ons": network.loads["ncci-aoc"],
    }  # fmt: skip
    times: list[Taken] = []
    with superuser() as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        for _ in range(3):
            connection.execute("DROP TABLE IF EXISTS bench_hit")
            began = Taken.so_far(connection)
            connection.execute(JOINS, asked)
            times.append(Taken.so_far(connection) - began)
        found = sorted(connection.execute("SELECT * FROM bench_hit").fetchall(), key=str)
        ours = sorted(connection.execute(FOUND, [claims, CODES]).fetchall(), key=str)
    assert {code for code, *_ in found} == set(CODES), found[:9]
    assert found == ours, (len(found), len(ours), list(set(found) ^ set(ours))[:20])
    return sorted(times, key=lambda one: one.cpu)[1]


if __name__ == "__main__":
    apart.measure(rows)
