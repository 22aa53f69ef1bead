"""Claims to scrub, generated set-at-a-time: one statement for each table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.db import models

from openmso.parties.testing import House
from openmso.platform.database import connect

NOW = datetime(2026, 8, 10, 12, tzinfo=UTC)
DAY = date(2026, 8, 1)
CODES = 14_000
EACH = 185
"""Codes of column 1 of the pairs, and how many codes of column 2 each has."""

LINES = "generate_series(1, CASE WHEN n % 20 = 0 THEN 2 ELSE 1 + n % 5 END) AS k"
CODE = f"""CASE
  WHEN n % 20 = 0 AND k = 1 THEN (10000 + n % {CODES})::text
  WHEN n % 20 = 0 THEN (10000 + (n % {CODES} * 7 + n / 20 % {EACH} * 71) % {CODES})::text
  WHEN n % 50 = 7 AND k = 2 THEN '99417'
  WHEN k = 1 THEN '99213'
  ELSE (ARRAY['80053', '85025', '83036', '84443', '87880'])[k]
END"""
"""One claim in 20 has two codes that may be a pair; one in 50 an add-on, alone where its visit is no 99215."""
PATIENT = "n - (n % 50 = 1)::int"
"""One claim in 50 asks again for the claim before it."""


def superuser() -> psycopg.Connection:
    """Past row-level security and triggers."""
    connection = psycopg.connect(connect.server().dsn(database=connect.DATABASE), autocommit=True)
    connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    return connection


def add(house: House, payers: list[int], *, first: int, count: int, state: str) -> list[int]:
    """So many claims of a practice in a state, with patients, visits and charges; their keys, which begin at `first`.

    Each row has the key of its claim, a line a hundred times that and its place.
    """
    from openmso.charges.models import Charge
    from openmso.claims.models.claims import Claim, ClaimLine
    from openmso.patients.models import Coverage, Patient
    from openmso.scheduling.models import Visit

    shared = {
        "practice_id": str(house.id), "patient_id": PATIENT, "service_on": f"date '{DAY}' - ({PATIENT}) / 7 % 25",
        "place_of_service": "'11'", "state_at": f"timestamptz '{NOW}'",
    }  # fmt: skip
    sent = f"timestamptz '{NOW}'" if state not in ("draft", "held", "ready") else "NULL"
    line = {"id": "n * 100 + k", "number": "k", "code": CODE, "modifiers": "'{}'", "pointers": "'{1}'",
            "units": "CASE WHEN n % 33 = 5 AND k = 2 THEN 9 ELSE 1 END", "amount": "80"}  # fmt: skip
    payer = f"(ARRAY{payers})[1 + ({PATIENT}) % {len(payers)}]"
    with superuser() as connection:
        ones = f"generate_series({first}, {first + count - 1}) AS n"
        fill(connection, Patient, ones, shared | {
            "id": "n", "mrn": "n::text", "last_name": "'Lindqvist'", "first_name": "'Mara'", "born_on": "date '1980-02-03'",
            "sex": "'F'", "line1": "'12 Harbor Road'", "city": "'Rockland'", "state": "'ME'", "zip": "'048412217'",
            "lookup": "'lindqvist mara'",
        })  # fmt: skip
        fill(connection, Coverage, ones, shared | {
            "id": "n", "patient_id": "n", "payer_id": f"(ARRAY{payers})[1 + n % {len(payers)}]", "\"order\"": "'P'",
            "member_id": "'1EG4TE5MK73'", "relationship": "'18'", "starts_on": "date '2020-01-01'",
        })  # fmt: skip
        fill(connection, Visit, ones, shared | {
            "id": "n", "clinician_id": str(house.clinician.id), "site_id": str(house.site.id), "status": "'done'",
            "source": "'bench'", "source_id": "n::text",
        })  # fmt: skip
        fill(connection, Claim, ones, shared | {
            "id": "n", "control": "'CLM-' || n", "visit_id": "n", "payer_id": payer, "coverage_id": PATIENT,
            "billing_provider_id": str(house.biller.id), "rendering_id": str(house.clinician.id),
            "site_id": str(house.site.id), "state": f"'{state}'", "built_at": f"timestamptz '{NOW}'", "sent_at": sent,
            "diagnoses": "ARRAY['E119', 'I10']", "total_amount": f"80 * (SELECT count(*) FROM {LINES})",
            "referring_last_name": "'Rockland'", "referring_first_name": "'Mara'",
            "referring_npi": f"'{house.clinician.npi}'",
        })  # fmt: skip
        fill(connection, Charge, f"{ones}, {LINES}", shared | line | {
            "visit_id": "n", "is_priced": "true", "state": "'billed'",
        })  # fmt: skip
        fill(connection, ClaimLine, f"{ones}, {LINES}", shared | line | {
            "claim_id": "n", "charge_id": "n * 100 + k", "line_control": "'CLM-' || n || '-' || k",
            "place_of_service": "''",
        })  # fmt: skip
    return list(range(first, first + count))


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
        f"SELECT {', '.join(columns.values())} FROM {source}"  # type: ignore[arg-type]
    )
    connection.execute(f'ANALYZE "{model._meta.db_table}"')  # type: ignore[arg-type]


def _default(field: models.Field[Any, Any], prefix: str) -> str:
    if field.column == "public_id":
        return f"'{prefix}-' || n" + (" || '-' || k" if prefix == "CHG" else "")
    if field.has_default():
        return f"'{field.get_default()}'"
    return "NULL" if field.null else "''"
