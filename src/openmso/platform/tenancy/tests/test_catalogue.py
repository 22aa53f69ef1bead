"""What PostgreSQL's own catalogue says of the walls: the database is asked, not the code that raised them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models

from openmso.platform.database.connect import APP, BACKUP, OWNER
from openmso.platform.tenancy import walls
from openmso.platform.tenancy.models import PracticeForeignKey

pytestmark = pytest.mark.django_db
SCOPED = {model._meta.db_table: model for model in walls.our_models() if model.scope != "global"}
"""The tables that belong to a practice, to books or to a person."""

ANYWHERE = {"public_id"}
"""Unique keys that are random: a duplicate among them tells nothing."""


def asked(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


def test_the_roles_are_what_they_are_meant_to_be() -> None:
    rows = asked(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles "
        "WHERE rolname LIKE 'openmso%'"
    )

    assert {name: rest for name, *rest in rows} == {
        OWNER: [False, False, False, False, False],
        APP: [False, False, False, False, False],
        BACKUP: [False, True, False, False, False],
    }


def test_no_role_can_step_up_into_another() -> None:
    assert asked("SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text LIKE 'openmso%%'") == []


def test_the_runtime_role_owns_nothing_and_creates_nothing() -> None:
    assert asked("SELECT current_user, session_user") == [(APP, APP)]
    assert asked("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", APP) == [(0,)]
    assert asked("SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), "
                 "'CREATE')") == [(False, False)]  # fmt: skip


def test_the_backup_role_reads_everything_and_writes_nothing() -> None:
    writes = asked(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND ("
        "has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') "
        "OR NOT has_table_privilege(%s, oid, 'SELECT'))", BACKUP, BACKUP,
    )  # fmt: skip

    assert writes == []


@pytest.mark.parametrize("table", sorted(SCOPED))
def test_a_scoped_table_is_walled(table: str) -> None:
    """Enabled and forced; one policy for everything; where there is another, it only lets see."""
    forced = asked("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table)
    policies = asked(
        "SELECT polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) "
        "FROM pg_policy WHERE polrelid = %s::regclass ORDER BY polname", table,
    )  # fmt: skip
    others = [policy for policy in policies if policy[0] != "in_scope"]
    ((_, command, _, seen, written),) = [policy for policy in policies if policy[0] == "in_scope"]

    assert forced == [(True,)]
    assert (command, seen) == ("*", written)
    assert "( SELECT scope_" in seen, "computed once for a query, not once for a row"
    assert [(name, command) for name, command, *_ in others] == (
        [("also_visible", "r")] if hasattr(SCOPED[table], "also_visible") else []
    )


def test_nothing_looks_through_the_walls() -> None:
    """A view shows what its owner sees and a materialized view what it saw; neither is there, nor a foreign table."""
    odd = asked("SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                "AND relkind IN ('v', 'm', 'f')")  # fmt: skip

    assert odd == []


def test_what_runs_as_its_owner_has_a_fixed_path_and_an_owner_without_power() -> None:
    definers = asked(
        "SELECT proname, proowner::regrole::text, coalesce(array_to_string(proconfig, ' '), '') FROM pg_proc "
        "WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )

    assert definers
    for name, owner, settings in definers:
        assert owner == OWNER, name
        assert re.search(r"search_path=pg_catalog,( public,)? pg_temp", settings), name


def test_nobody_but_the_owner_may_empty_a_table() -> None:
    """TRUNCATE is filtered by no policy, so nobody has it."""
    may = asked(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND (has_table_privilege(oid, 'TRUNCATE') OR has_table_privilege(oid, 'TRIGGER, REFERENCES'))"
    )

    assert may == []


@pytest.mark.parametrize("table", sorted(SCOPED))
def test_the_runtime_role_may_do_to_a_table_what_its_temper_says(table: str) -> None:
    held = {
        privilege
        for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE")
        if asked("SELECT has_table_privilege(%s, %s)", table, privilege) == [(True,)]
    }

    assert held == set(walls.GRANTS[SCOPED[table].temper].split(", "))


@pytest.mark.parametrize("table", sorted(SCOPED))
def test_unique_keys_of_a_scoped_table_start_with_its_scope(table: str) -> None:
    """A duplicate-key error, or ON CONFLICT, must not tell one practice what another has."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, column in asked(
        "SELECT i.indexrelid::regclass::text, coalesce(a.attname, '(expression)') FROM pg_index i "
        "CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, place) "
        "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 "
        "WHERE i.indisunique AND NOT (i.indisprimary AND i.indnkeyatts = 1) AND i.indrelid = %s::regclass ORDER BY 1, k.place", table,
    ):  # fmt: skip
        keys[name].append(column)
    first = {"practice": "practice_id", "entity": "entity_id", "person": "owner"}[SCOPED[table].scope]

    wrong = [name for name, columns in keys.items() if columns[0] != first and set(columns) - ANYWHERE]

    assert wrong == []


def own_keys() -> Iterator[Any]:
    for table, model in sorted(SCOPED.items()):
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model._meta.db_table in SCOPED:
                yield pytest.param(table, field, id=f"{table}.{field.column}")


@pytest.mark.parametrize(("table", "field"), list(own_keys()))
def test_a_key_between_rows_of_a_practice_is_composite(table: str, field: models.ForeignKey) -> None:
    """On registers the database holds it; on journals the services and `tenancy.queries.stray_keys` do."""
    model = SCOPED[table]
    if model.scope == "entity":
        assert not field.db_constraint, "books: checked set-wise by the posting function"
        return
    assert isinstance(field, PracticeForeignKey)
    if model.temper in {"register", "workpaper"}:
        held = asked(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", table
        )
        target = field.related_model._meta
        wanted = (
            f"FOREIGN KEY (practice_id, {field.column}) REFERENCES {target.db_table}(practice_id, {target.pk.column})"
        )
        assert any(wanted in key for (key,) in held)
