"""Measure scrubbing and the joins on one server; prints the rows as JSON."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import apart

CLAIMS = int(os.environ.get("BENCH_SCRUB", "20000"))
PRACTICES = 4
BASE = 5
"""How many times as many claims lie in the tables when the second set is scrubbed."""
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
    from bench.scrub import claims

    network = Network()
    first = network.add(1_000_000, CLAIMS, "draft")
    early, joined = network.scrub(first), joins(network, first)
    said = f"{PAIRS:,} pairs; {network.judged()}"
    yield row(f"{CLAIMS:,} claims, built", early, joined, said)
    network.add(10_000_000, CLAIMS * BASE, "paid")
    second = network.add(20_000_000, CLAIMS, "draft")
    late, joined = network.scrub(second), joins(network, second)
    with claims.superuser() as connection:
        ((there,),) = connection.execute("SELECT count(*) FROM claims_claim").fetchall()
    yield row(
        f"{CLAIMS:,} claims among {there:,}, built", late, joined, f"{late.cpu / early.cpu:.2f}x of the first in time"
    )
    again, joined = network.scrub(second), joins(network, second)
    yield row(f"{CLAIMS:,} claims among {there:,}, once more", again, joined, "a rule was made live, or a new edition")


def row(name: str, ours: Taken, peer: Taken, note: str) -> dict[str, Any]:
    """One line of the table: seconds of the processor, and how many times the floor ours takes."""
    ratio = ours.cpu / peer.cpu
    missed = "MISSED " if ratio > TARGET else ""
    return {
        "name": f"scrub {name}", "ours": ours.cpu, "peer": peer.cpu, "unit": "s CPU", "ratio": ratio,
        "target": f"≤ {TARGET:.0f}× the plain joins",
        "note": f"{missed}{note}; on the wall {ours.wall:.1f} s, {ours.wall / peer.wall:.1f}x; server {ours.server:.1f} s CPU",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds: on the wall, of this process, and of the server's process for one connection."""

    wall: float
    client: float
    server: float

    @classmethod
    def so_far(cls, connection: psycopg.Connection[Any]) -> Taken:
        """Since the processes began."""
        told = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(told[11]) + int(told[12])
        return cls(time.perf_counter(), time.process_time(), ticks / os.sysconf("SC_CLK_TCK"))

    def __sub__(self, before: Taken) -> Taken:
        return Taken(self.wall - before.wall, self.client - before.client, self.server - before.server)

    @property
    def cpu(self) -> float:
        """Of both."""
        return self.client + self.server


class Network:
    """Practices of one MSO whose payers are of several kinds, and the editions of the edits."""

    def __init__(self) -> None:
        from bench.codes import measure as codes
        from bench.scrub.claims import NOW
        from openmso.codes import services, testing
        from openmso.codes.models import Load
        from openmso.codes.services import Edition
        from openmso.parties import testing as parties
        from openmso.parties.contracts import Filing, PayerKind
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.scope import scope

        mso = parties.mso(at=NOW)
        kinds = [(PayerKind.MEDICARE, Filing.MEDICARE_B), (PayerKind.MEDICAID, Filing.MEDICAID)]
        kinds += [(PayerKind.COMMERCIAL, Filing.COMMERCIAL), (PayerKind.BLUES, Filing.BLUES)]
        self.payers = [
            parties.payer(mso, at=NOW, name=f"Payer {number}", edi_id=f"6005{number}", kind=kind, filing=filing).id
            for number, (kind, filing) in enumerate(kinds)
        ]
        self.houses = [parties.practice(at=NOW, code=f"P{number}") for number in range(PRACTICES)]
        self.actor, self.at = Actor.system("bench", at=NOW), NOW
        with scope(practices=[mso.id]):
            codes.load_seconds(1)
            units = testing.mue("80053 1 2", "85025 2 3", "83036 3 1", "84443 1 3", "99213 1 2")
            for kind, edition, file in (
                ("ncci-mue", "2026Q3", units), ("ncci-aoc", "2026Q3", testing.aoc("1 99417 99215 2019001 -")),
            ):  # fmt: skip
                services.load(actor=self.actor, kind=kind, edition=Edition(edition), files=[file], at=NOW)
            self.loads = {kind: Load.objects.get(kind=kind).pk for kind in ("ncci-ptp", "ncci-mue", "ncci-aoc")}
        with Network.superuser() as connection:
            connection.execute("UPDATE parties_site SET clia = '20D0990012'")
            connection.execute("ANALYZE")

    @staticmethod
    def superuser() -> Any:
        """Past row-level security."""
        from bench.scrub.claims import superuser

        return superuser()

    def add(self, first: int, count: int, state: str) -> list[int]:
        """Claims, as many in each practice."""
        from bench.scrub.claims import add

        each = count // PRACTICES
        return [
            claim
            for number, house in enumerate(self.houses)
            for claim in add(house, self.payers, first=first + number * each, count=each, state=state)
        ]

    def scrub(self, claims: Collection[int]) -> Taken:
        """Every practice's claims through the door that runs use, each practice in a transaction of its own."""
        from django.db import connection

        from openmso.claims.services import scrubbing
        from openmso.platform.tenancy.scope import scope

        connection.ensure_connection()
        left, began = sorted(claims), Taken.so_far(connection.connection)
        each = len(left) // PRACTICES
        for number, house in enumerate(self.houses):
            mine = left[number * each : (number + 1) * each]
            with scope(practices=[house.id], entities=[house.entity.id]):
                scrubbing.scrub(actor=self.actor, practice=house.id, claim_ids=mine, at=self.at)
        return Taken.so_far(connection.connection) - began

    def judged(self) -> str:
        """How the claims stand."""
        with self.superuser() as connection:
            states = connection.execute("SELECT state, count(*) FROM claims_claim GROUP BY 1 ORDER BY 1").fetchall()
            said = connection.execute(
                "SELECT code, count(*) FROM claims_claimfinding GROUP BY 1 ORDER BY 2 DESC LIMIT 8"
            ).fetchall()
        return ", ".join([*(f"{count:,} {state}" for state, count in states), *(f"{n:,} {code}" for code, n in said)])


def joins(network: Network, claims: list[int]) -> Taken:
    """The plain joins, and that both found the same."""
    from openmso.claims.queries.sheets import EDITED_KINDS, REPEATED
    from openmso.claims.rules.modifiers import UNBUNDLES

    asked = {
        "claims": claims, "opening": sorted(UNBUNDLES), "edited": sorted(EDITED_KINDS), "repeated": sorted(REPEATED),
        "pairs": network.loads["ncci-ptp"], "units": network.loads["ncci-mue"], "add_ons": network.loads["ncci-aoc"],
    }  # fmt: skip
    times: list[Taken] = []
    with network.superuser() as connection:
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
