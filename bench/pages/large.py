"""From the demo network to a large one: every practice and what happened in it copied, one statement for each table.

Copy `j` of a row has the keys of the first, moved by `j` strides, so that copies hang together as the first do. The
network itself (tenants, parties, agreements, grants, charts) is copied a dozen times, which makes a hundred
practices; patients, visits, claims, remittances, entries and work are copied into one of those networks each, and
moved back by up to two years. Shapes and shares (states, payers, lines, payments) stay those of the demo's months.
Files, the audit trail, checks of eligibility and settlements are not copied: the first practices have theirs.

Triggers and policies rest meanwhile; the balances of the books are summed anew from their lines after, what has
gathered of how claims stand is folded as it is in use, and key figures are counted anew of every practice, as each
night.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.db import models

from bench.network import without_indexes
from openmso.platform.database import connect
from openmso.platform.vault.fields import SecretField

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "1000000"))
STRIDE = 10_000_000
NETWORKS = 13
MONTHS = 24
NETWORK = ("tenancy", "access", "parties", "agreements", "ledger_book", "ledger_account", "charges_fee",
           "contracting", "billing_agency")  # fmt: skip
HAPPENED = ("patients", "scheduling", "charges_c", "claims", "remittances", "banking", "ledger_entry", "ledger_line",
            "work_workitem", "work_workentry", "denials", "underpayments", "billing")  # fmt: skip
LEFT_OUT = {"claims_run", "scheduling_reasonroute", "billing_agencyfile", "billing_policyversion"}
NAMES_THINGS = {
    "public_id", "control", "line_control", "claim_name", "source_id", "subject_id", "key", "reference", "trace",
    "batch_reference", "sha256", "business_key", "mrn", "bank_key",
}  # fmt: skip
"""Texts that name one thing: each copy gets its own."""


@dataclass(frozen=True, slots=True)
class Copy:
    """How many copies of what happened, and which tenant, the MSO, is not copied."""

    count: int
    mso: int
    mso_entities: tuple[int, ...]


def enlarge() -> int:
    """Make the network as large as asked; the number of claims after."""
    with superuser() as connection:
        ((claims,),) = connection.execute("SELECT count(*) FROM claims_claim").fetchall()
        ((mso,),) = connection.execute("SELECT id FROM tenancy_tenant WHERE kind = 'mso'").fetchall()
        entities = connection.execute("SELECT id FROM tenancy_entity WHERE tenant_id = %s", [mso]).fetchall()
    copy = Copy(math.ceil(CLAIMS / claims) - 1, mso, tuple(entity for (entity,) in entities))
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda model: fill(model, copy), models_of(NETWORK)))
        list(pool.map(lambda model: fill(model, copy), models_of(HAPPENED)))
    return settle(copy)


def settle(copy: Copy) -> int:
    """Sum the books, and let the server take stock of what it has; the number of claims."""
    with superuser() as connection:
        for statement in BOOKS.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"mso": list(copy.mso_entities)})
        for model in [*models_of(NETWORK), *models_of(HAPPENED)]:
            connection.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')
        connection.execute("VACUUM (ANALYZE) ledger_balance")
        ((claims,),) = connection.execute("SELECT count(*) FROM claims_claim").fetchall()
    return int(claims)


def practices() -> int:
    """How many practices there are."""
    with superuser() as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM tenancy_tenant WHERE kind <> 'mso'").fetchall()
    return int(count)


def models_of(beginnings: tuple[str, ...]) -> list[type[models.Model]]:
    """The models that are copied whose tables begin so, the largest tables spread over the work."""
    found = [model for model in apps.get_models() if model._meta.db_table.startswith(beginnings) and is_copied(model)]
    return [model for model in found if is_network(model._meta.db_table) is (beginnings is NETWORK)]


def is_copied(model: type[models.Model]) -> bool:
    """Whether a table's rows are copied: those of a practice or of an entity, and the practices themselves."""
    table = model._meta.db_table
    if table in LEFT_OUT or not table.startswith((*NETWORK, *HAPPENED)):
        return False
    columns = {field.column for field in model._meta.local_concrete_fields}
    return table == "tenancy_tenant" or bool(columns & {"practice_id", "tenant_id", "entity_id"})


def superuser() -> psycopg.Connection:
    """Past row-level security and triggers."""
    connection = psycopg.connect(connect.server().dsn(database=connect.DATABASE), autocommit=True)
    connection.execute("SET session_replication_role = replica; SET work_mem = '128MB'; SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '512MB'")
    return connection


def fill(model: type[models.Model], copy: Copy) -> None:
    """All copies of a table's rows in one statement, its secondary indexes made after."""
    table = model._meta.db_table
    columns = dict(expressions(model, copy))
    made = "generate_series(1, %(networks)s - 1)" if is_network(table) else "generate_series(1, %(count)s)"
    network = "j" if is_network(table) else "j % %(networks)s".replace("% %", "%% %")
    with superuser() as connection:
        dropped = list(without_indexes(connection, table))
        connection.execute(
            f'INSERT INTO "{table}" ({", ".join(columns)}) OVERRIDING SYSTEM VALUE '
            f"SELECT {', '.join(columns.values())} FROM {made} AS j, LATERAL (SELECT {network} AS r) AS net, "
            f'"{table}" AS t WHERE {chosen(model)}',
            {"networks": NETWORKS, "count": copy.count, "mso": copy.mso, "entities": list(copy.mso_entities)},
        )
        for definition in dropped:
            connection.execute(definition)


def is_network(table: str) -> bool:
    """Whether a table says who the practices are, rather than what happened in them."""
    return table.startswith(NETWORK)


def chosen(model: type[models.Model]) -> str:
    """The rows that are copied: those of the first practices."""
    columns = {field.column for field in model._meta.local_concrete_fields}
    if model._meta.db_table == "tenancy_tenant":
        return "t.id <> %(mso)s"
    tenant = next((column for column in ("practice_id", "tenant_id") if column in columns), None)
    return f"t.{tenant} <> %(mso)s" if tenant else "t.entity_id <> ALL (%(entities)s)"


def expressions(model: type[models.Model], copy: Copy) -> Iterator[tuple[str, str]]:
    """What each column of a copy holds."""
    table = model._meta.db_table
    for field in model._meta.local_concrete_fields:
        if isinstance(field, (models.GeneratedField, models.CompositePrimaryKey)):
            continue
        yield f'"{field.column}"', expression(field, table)


def expression(field: models.Field[Any, Any], table: str) -> str:
    """What one column of a copy holds: a moved key, a marked name, a moved day, or what the first has."""
    column = f't."{field.column}"'
    if isinstance(field, models.ForeignKey):
        return key(column, field.related_model)
    if isinstance(field, SecretField):
        return "NULL"  # sealed to its own row, it opens in no other
    if field.primary_key or field.column in ("reverses",):
        return key(column, field.model)
    if table in SPECIAL and field.column in SPECIAL[table]:
        return SPECIAL[table][field.column].format(column=column)
    if field.column in NAMES_THINGS and field.max_length:
        mark = "'N' || upper(lpad(to_hex(j), 3, '0'))"  # no digest ends like this
        return f"CASE WHEN {column} = '' THEN '' ELSE left({column}, {field.max_length - 4}) || {mark} END"
    if not is_network(table) and not table.startswith("patients"):
        if isinstance(field, models.DateTimeField):
            return f"{column} - {AGO}"
        if isinstance(field, models.DateField):
            return f"({column} - {AGO})::date"
    return column


AGO = f"make_interval(months => j / {NETWORKS} %% {MONTHS})"
POOL = "(ARRAY['Abbott','Banerjee','Castillo','Duval','Ekström','Farah','Gruber','Hale','Ito','Jansen','Kaplan'," \
       "'Lindqvist','Moreau','Novak','Oyelaran','Price','Quintero','Rahman','Silva','Tran','Ueda','Vargas'," \
       "'Weiss','Xiong','Yilmaz','Zamora'])[1 + (j * 7 + t.id) %% 26]"  # fmt: skip
SPECIAL = {
    "tenancy_tenant": {"code": "left({column}, 8) || 'N' || j", "name": "left({column}, 110) || ' ' || j + 1"},
    "patients_patient": {
        "last_name": f"left({{column}}, 40) || '-' || {POOL}",
        "lookup": f"replace({{column}}, lower(t.last_name), lower(left(t.last_name, 40)) || ' ' || lower({POOL}))",
    },
    "ledger_entry": {
        "number": "{column} + j * 100000",
        "fiscal_year": f"extract(year FROM t.posted_on - {AGO})::int",
    },
    "underpayments_difference": {"source": "left({column}, 12) || 'N' || upper(lpad(to_hex(j), 3, '0'))"},
    "billing_payout": {"name": "left({column}, 30) || '-' || j"},
    "claims_acknowledgement": {"position": "{column} + j * 1000"},
    "claims_batch": {"interchange_control": "{column} + j * 100000"},
}
"""Columns that follow rules of their own."""


def key(column: str, model: type[models.Model]) -> str:
    """A key of a copied table, moved; of a table that is not copied, as it is."""
    table = model._meta.db_table
    if not is_copied(model):
        return column
    moved = f"{column} + {'r' if is_network(table) else 'j'} * {STRIDE}::bigint"
    if table == "tenancy_tenant":
        return f"CASE WHEN {column} = %(mso)s THEN {column} ELSE {moved} END"
    if table == "tenancy_entity":
        return f"CASE WHEN {column} = ANY (%(entities)s) THEN {column} ELSE {moved} END"
    return moved


BOOKS = """
DELETE FROM ledger_balance WHERE entity_id <> ALL (%(mso)s);
INSERT INTO ledger_balance (entity_id, account_id, month, basis, closing, debit_amount, credit_amount)
SELECT entity_id, account_id, date_trunc('month', posted_on)::date, basis, closing, sum(debit_amount),
       sum(credit_amount)
  FROM ledger_line WHERE entity_id <> ALL (%(mso)s) GROUP BY 1, 2, 3, 4, 5;
INSERT INTO ledger_period (entity_id, month, fiscal_year, state)
SELECT DISTINCT entity_id, month, extract(year FROM month)::int, 'closed' FROM ledger_balance
    ON CONFLICT (entity_id, month) DO NOTHING;
WITH gone AS (DELETE FROM claims_standing RETURNING practice_id, state, claims, charged_amount, open_amount)
INSERT INTO claims_standing (practice_id, state, claims, charged_amount, open_amount)
SELECT practice_id, state, sum(claims), sum(charged_amount), sum(open_amount) FROM gone GROUP BY 1, 2;
INSERT INTO ledger_numbering (entity_id, fiscal_year, latest)
SELECT entity_id, fiscal_year, count(*) FROM ledger_entry WHERE entity_id <> ALL (%(mso)s) GROUP BY 1, 2
    ON CONFLICT (entity_id, fiscal_year) DO UPDATE SET latest = excluded.latest;
"""
