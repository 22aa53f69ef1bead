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


def by_table(query: str, *values: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table that belongs to somebody, by its name, which comes first."""
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in sorted(SCOPED)}
    for table, *row in asked(query, *values):
        if table in found:
            found[table].append(tuple(row))
    return found


def test_a_scoped_table_is_walled() -> None:
    """Enabled and forced; one policy for everything; where there is another, it only lets see."""
    forced = by_table(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p')"
    )
    policies = by_table(
        "SELECT c.relname, polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) "
        "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY polname"
    )

    assert {table: rows for table, rows in forced.items() if rows != [(True,)]} == {}
    assert {table: words for table, rows in policies.items() if (words := fault(table, rows))} == {}


def fault(table: str, policies: list[tuple[Any, ...]]) -> str:
    """What is wrong with the policies of a table; nothing where they are as they must be."""
    own = [rest for name, *rest in policies if name == "in_scope"]
    if len(own) != 1:
        return f"{len(own)} policies in_scope"
    ((command, seen, written),) = own
    if (command, seen) != ("*", written):
        return "what is seen is not what may be written"
    if "( SELECT scope_" not in seen:
        return "the scope is computed for every row"
    others = [(name, command) for name, command, *_ in policies if name != "in_scope"]
    allowed = [("also_visible", "r")] if hasattr(SCOPED[table], "also_visible") else []
    return "" if others == allowed else f"other policies: {others}"


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


def test_the_runtime_role_may_do_to_a_table_what_its_temper_says() -> None:
    held = by_table(
        "SELECT c.relname, privilege FROM pg_class c, unnest(%s::text[]) AS privilege "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND has_table_privilege(c.oid, privilege)", ["SELECT", "INSERT", "UPDATE", "DELETE"],
    )  # fmt: skip
    said = {table: set(walls.GRANTS[model.temper].split(", ")) for table, model in SCOPED.items()}

    assert {table: {privilege for (privilege,) in rows} for table, rows in held.items()} == said


def test_unique_keys_of_a_scoped_table_start_with_its_scope() -> None:
    """A duplicate-key error, or ON CONFLICT, must not tell one practice what another has."""
    columns = by_table(
        "SELECT t.relname, i.indexrelid::regclass::text, coalesce(a.attname, '(expression)') FROM pg_index i "
        "JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace "
        "CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, place) "
        "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 "
        "WHERE i.indisunique AND NOT (i.indisprimary AND i.indnkeyatts = 1) ORDER BY 2, k.place"
    )
    first = {"practice": "practice_id", "entity": "entity_id", "person": "owner"}
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table, rows in columns.items():
        for index, column in rows:
            keys[table, index].append(column)

    wrong = [
        index
        for (table, index), named in keys.items()
        if named[0] != first[SCOPED[table].scope] and set(named) - ANYWHERE
    ]

    assert len(keys) > len(SCOPED) / 2
    assert wrong == []


def test_a_key_between_rows_of_a_practice_is_composite() -> None:
    """On registers the database holds it; on journals the services and `tenancy.queries.stray_keys` do."""
    held = by_table(
        "SELECT t.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid "
        "WHERE k.contype = 'f'"
    )
    keys = list(own_keys())

    assert len(keys) > 100
    assert [words for table, field in keys if (words := loose(field, table, [key for (key,) in held[table]]))] == []


def own_keys() -> Iterator[tuple[str, models.ForeignKey]]:
    for table, model in sorted(SCOPED.items()):
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model._meta.db_table in SCOPED:
                yield table, field


def loose(field: models.ForeignKey, table: str, held: list[str]) -> str:
    """What is wrong with a key; nothing where it cannot point out of its practice."""
    name, model = f"{table}.{field.column}", SCOPED[table]
    if model.scope == "entity":  # books: checked set-wise by the posting function
        return f"{name} is held by the database" if field.db_constraint else ""
    if not isinstance(field, PracticeForeignKey):
        return f"{name} is no key of a practice"
    target = field.related_model._meta
    wanted = f"FOREIGN KEY (practice_id, {field.column}) REFERENCES {target.db_table}(practice_id, {target.pk.column})"
    is_held = model.temper not in {"register", "workpaper"} or any(wanted in key for key in held)
    return "" if is_held else f"{name} is not held by the database"
