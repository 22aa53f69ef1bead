"""The bench set: an MSO's practices with claims, lines, diagnoses, payers and contracts, made set-at-a-time.

One statement makes all rows of a table, whatever their number, so that a million claims of a hundred practices are there
in minutes. Each row has the key of its claim, a line a hundred times that and its place. Superuser, triggers at rest.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import models

from openmso.platform.database import connect

if TYPE_CHECKING:
    from openmso.parties.testing import House

NOW = datetime(2026, 8, 10, 12, tzinfo=UTC)
DAY = date(2026, 8, 1)
CODES = 14_000
EACH = 185
"""Codes of column 1 of the pairs, and how many codes of column 2 each has."""

TESTS = (
    "80048", "80053", "80061", "81001", "82306", "82607", "82728", "82746", "83036", "83540", "84153", "84436",
    "84439", "84443", "84450", "84460", "84550", "84702", "85610", "85652", "86140", "86803", "87086", "87880",
)  # fmt: skip
REASONS = (
    "E119", "I10", "E785", "J069", "M5450", "F411", "F32A", "K219", "R051", "N390", "L309", "G43909", "J309", "E039",
    "I2510", "E1165", "M1711", "R5383", "R0789", "K5900", "B349", "H6690", "J029", "L700", "M25561", "R109", "R42",
    "G4733",
)  # fmt: skip


def chosen(among: Sequence[str], number: str) -> str:
    """One of some texts, by a number worked out from `n` and `k`."""
    return f"(ARRAY{list(among)})[1 + ({number}) % {len(among)}]"


LINES = "generate_series(1, CASE WHEN n % 20 = 0 THEN 2 ELSE 1 + n % 5 END) AS k"
CODE = f"""CASE
  WHEN n % 20 = 0 AND k = 1 THEN (10000 + n % {CODES})::text
  WHEN n % 20 = 0 THEN (10000 + (n % {CODES} * 7 + n / 20 % {EACH} * 71) % {CODES})::text
  WHEN n % 50 = 7 AND k = 2 THEN '99417'
  WHEN k = 1 THEN (ARRAY['99213', '99214', '99213', '99212', '99214', '99213'])[1 + n / 13 % 6]
  WHEN k = 2 THEN '85025'
  ELSE {chosen(TESTS, "n * 3 + k * 7")}
END"""
"""One claim in 20 has two codes that may be a pair; one in 50 an add-on, alone where its visit is no 99215."""
DIAGNOSES = f"ARRAY[{chosen(REASONS, 'n * 5')}, {chosen(REASONS, 'n * 5 + 1 + n / 29 % 26')}]"
"""Two reasons of some seven hundred pairs, so that few claims of a day are alike."""
PATIENT = "n - (n % 50 = 1)::int"
"""One claim in 50 asks again for the claim before it."""
DAYS = 25
"""Claims to be judged are of so many days before `DAY`; those that lie there already of so many of `PAST_DAYS`."""
PAST_DAYS = 700
PAST = "CASE WHEN n % 10 = 3 THEN 'sent' WHEN n % 20 = 5 THEN 'accepted' WHEN n % 40 = 7 THEN 'denied' ELSE 'paid' END"
"""How claims that lie there already stand: some wait for a remittance, few are denied, the others are paid."""


def superuser() -> psycopg.Connection:
    """Past row-level security and triggers."""
    connection = psycopg.connect(connect.server().dsn(database=connect.DATABASE), autocommit=True)
    connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    return connection


def add(house: House, payers: list[int], *, first: int, count: int, state: str) -> list[int]:
    """So many claims of a practice in a state, with all that they hang on; their keys, from `first` to at most 21 million."""
    make([house], payers, first=first, count=count, state=f"'{state}'", is_sent=state not in ("draft", "held", "ready"))
    return list(range(first, first + count))


def lie_there(houses: Sequence[House], payers: list[int], *, first: int, count: int) -> None:
    """So many claims of two years that left and mostly were paid, spread over practices."""
    make(houses, payers, first=first, count=count, state=PAST, is_sent=True, days=PAST_DAYS)


def make(
    houses: Sequence[House], payers: list[int], *, first: int, count: int, state: str, is_sent: bool, days: int = DAYS
) -> None:
    """Claims with all that they hang on; `state` is an expression over `n`, the key of the claim."""
    from openmso.charges.models import Charge
    from openmso.claims.models.claims import Claim, ClaimLine
    from openmso.patients.models import Coverage, Patient
    from openmso.scheduling.models import Visit

    def of(*keys: Any) -> str:
        """What each practice has; fifty claims in a row are of one, so that who asks again asks where it did before."""
        return f"(ARRAY{list(keys)}::bigint[])[1 + n / 50 % {len(keys)}]"

    at, day = f"timestamptz '{NOW}'", f"date '{DAY}' - ({PATIENT}) / 7 % {days}"
    clinicians, sites = of(*(one.clinician.id for one in houses)), of(*(one.site.id for one in houses))
    shared = {
        "practice_id": of(*(one.id for one in houses)), "patient_id": PATIENT, "service_on": day,
        "place_of_service": "'11'", "state_at": at,
    }  # fmt: skip
    line = {"id": "n * 100 + k", "number": "k", "code": CODE, "modifiers": "'{}'", "pointers": "'{1}'",
            "units": "CASE WHEN n % 33 = 5 AND k = 2 THEN 9 ELSE 1 END", "amount": "80"}  # fmt: skip
    payer = f"(ARRAY{payers})[1 + ({PATIENT}) % {len(payers)}]"
    ones = f"generate_series({first}, {first + count - 1}) AS n"
    each = f"{ones}, {LINES}"
    total, paid = f"80 * (SELECT count(*) FROM {LINES})", f"(({state}) = 'paid')::int"
    tables: list[tuple[type[models.Model], str, dict[str, str]]] = [
        (Patient, ones, {
            "id": "n", "mrn": "n::text", "last_name": "'Lindqvist'", "first_name": "'Mara'",
            "born_on": "date '1940-02-03' + n * 37 % 20000", "sex": "(ARRAY['F', 'M'])[1 + n % 2]", "line1": "'12 Harbor Road'", "city": "'Rockland'",
            "state": "'ME'", "zip": "'048412217'", "lookup": "'lindqvist mara'",
        }),
        (Coverage, ones, {
            "id": "n", "patient_id": "n", "payer_id": f"(ARRAY{payers})[1 + n % {len(payers)}]", '"order"': "'P'",
            "member_id": "'1EG4TE5MK73'", "relationship": "'18'", "starts_on": "date '2020-01-01'",
        }),
        (Visit, ones, {
            "id": "n", "clinician_id": clinicians, "site_id": sites, "status": "'done'", "source": "'bench'",
            "source_id": "n::text",
        }),
        (Claim, ones, {
            "id": "n", "control": "'CLM-' || n", "visit_id": "n", "payer_id": payer, "coverage_id": PATIENT,
            "billing_provider_id": of(*(one.biller.id for one in houses)), "rendering_id": clinicians,
            "site_id": sites, "state": state, "built_at": at, "sent_at": at if is_sent else "NULL",
            "first_sent_on": day if is_sent else "NULL", "diagnoses": DIAGNOSES, "total_amount": total,
            "paid_amount": f"{total} * 0.7 * {paid}", "adjusted_amount": f"{total} * 0.3 * {paid}",
            "referring_last_name": "'Rockland'", "referring_first_name": "'Mara'",
            "referring_npi": f"'{houses[0].clinician.npi}'",
        }),
        (Charge, each, line | {"visit_id": "n", "is_priced": "true", "state": "'billed'"}),
        (ClaimLine, each, line | {
            "claim_id": "n", "charge_id": "n * 100 + k", "line_control": "'CLM-' || n || '-' || k",
            "place_of_service": "''", "paid_amount": f"56 * {paid}", "adjusted_amount": f"24 * {paid}",
        }),
    ]  # fmt: skip
    with superuser() as connection:
        connection.execute("SET work_mem = '128MB'; SET maintenance_work_mem = '512MB'")
        for model, source, given in tables:
            dropped = list(without_indexes(connection, model._meta.db_table)) if count >= MANY else []
            fill(connection, model, source, shared | given)
            for definition in dropped:
                connection.execute(definition)
            connection.execute(f'ANALYZE "{model._meta.db_table}"')


MANY = 100_000
"""From how many claims on indexes are made after the rows."""


def fill(connection: psycopg.Connection, model: type[models.Model], source: str, given: dict[str, str]) -> None:
    """Insert what a source of numbers gives; columns that are not given have their defaults."""
    prefix = model._meta.get_field("public_id").prefix if hasattr(model, "public_id") else ""  # type: ignore[union-attr]
    columns = {
        f'"{field.column}"': given.get(field.column) or given.get(f'"{field.column}"') or _default(field, prefix)
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.GeneratedField)
    }
    connection.execute(
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) OVERRIDING SYSTEM VALUE '
        f"SELECT {', '.join(columns.values())} FROM {source}"
    )


def _default(field: models.Field[Any, Any], prefix: str) -> str:
    if field.column == "public_id":
        return f"'{prefix}-' || n" + (" || '-' || k" if prefix == "CHG" else "")
    if field.has_default():
        return f"'{field.get_default()}'"
    return "NULL" if field.null else "''"


def without_indexes(connection: psycopg.Connection, table: str) -> Iterator[str]:
    """Drop the indexes that are no constraints; what makes them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = %s::regclass AND NOT i.indisunique "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [table],
    ).fetchall()
    for name, definition in found:
        connection.execute(f"DROP INDEX {name}")
        yield definition


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

    def __add__(self, more: Taken) -> Taken:
        return Taken(self.wall + more.wall, self.client + more.client, self.server + more.server)

    @property
    def cpu(self) -> float:
        """Of both."""
        return self.client + self.server


class Network:
    """Practices of one MSO whose payers are of several kinds, and the editions of the edits."""

    def __init__(self, practices: int = 4) -> None:
        """Practices, payers and editions; claims are added after."""
        from openmso.parties import testing as parties
        from openmso.parties.contracts import Filing, PayerKind
        from openmso.platform.access.contracts import Actor

        mso = parties.mso(at=NOW)
        kinds = [(PayerKind.MEDICARE, Filing.MEDICARE_B), (PayerKind.MEDICAID, Filing.MEDICAID)]
        kinds += [(PayerKind.COMMERCIAL, Filing.COMMERCIAL), (PayerKind.BLUES, Filing.BLUES)]
        self.payers = [
            parties.payer(mso, at=NOW, name=f"Payer {number}", edi_id=f"6005{number}", kind=kind, filing=filing).id
            for number, (kind, filing) in enumerate(kinds)
        ]
        self.houses = [parties.practice(at=NOW, code=f"P{number}") for number in range(practices)]
        self.actor, self.at = Actor.system("bench", at=NOW), NOW
        self.loads = self._editions(mso.id)
        with superuser() as connection:
            connection.execute("UPDATE parties_site SET clia = '20D0990012'")
            connection.execute("ANALYZE")

    def _editions(self, mso: int) -> dict[str, int]:
        from bench.codes import measure as codes
        from openmso.codes import services, testing
        from openmso.codes.models import Load
        from openmso.codes.services import Edition
        from openmso.platform.tenancy.scope import scope

        units = testing.mue("80053 1 2", "85025 2 3", "83036 3 1", "84443 1 3", "99213 1 2")
        add_ons = testing.aoc("1 99417 99215 2019001 -")
        with scope(practices=[mso]):
            codes.load_seconds(1)
            for kind, file in (("ncci-mue", units), ("ncci-aoc", add_ons)):
                services.load(actor=self.actor, kind=kind, edition=Edition("2026Q3"), files=[file], at=NOW)
            return {kind: Load.objects.get(kind=kind).pk for kind in ("ncci-ptp", "ncci-mue", "ncci-aoc")}

    def add(self, first: int, count: int, state: str, *, practices: int = 4) -> list[int]:
        """Claims in a state, as many in each of the first practices; their keys."""
        each = count // practices
        return [
            claim
            for number, house in enumerate(self.houses[:practices])
            for claim in add(house, self.payers, first=first + number * each, count=each, state=state)
        ]

    def lie_there(self, first: int, count: int) -> float:
        """Claims of two years in all practices, which left and mostly were paid, and contracts; the seconds it took."""
        from openmso.contracting import testing
        from openmso.platform.tenancy.scope import scope

        began = time.perf_counter()
        for house in self.houses:
            with scope(practices=[house.id], entities=[house.entity.id]):
                testing.published(practice=house.id, payer_id=self.payers[2], at=NOW)
        lie_there(self.houses, self.payers, first=first, count=count)
        return time.perf_counter() - began
