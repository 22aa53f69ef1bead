"""Walls: row-level security, grants, immutability and composite keys, derived from what the models declare.

Every model of ours says `scope` (practice, entity, person, global) and `temper`:

- `register`  edited through services: SELECT, INSERT, UPDATE;
- `journal`   added to, never changed: SELECT, INSERT, and a trigger against everything else;
- `sealed`    written only by a function of the owner: SELECT, and the same trigger;
- `guarded`   kept up only by functions of the owner (heads, queues of the trail): SELECT;
- `workpaper` drafts and projections that can be made again: all four.

After every migration the owner raises the walls anew; raising them twice changes nothing. Policies compare with
an array that is computed once per query (an init plan), never with a subquery per row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from openmso.platform.database.connect import APP, BACKUP
from openmso.platform.tenancy.models import PracticeForeignKey

IN_SCOPE = {
    "practice": "practice_id = ANY ((SELECT scope_practices())::bigint[])",
    "entity": "entity_id = ANY ((SELECT scope_entities())::bigint[])",
    "person": "owner = (SELECT scope_user())",
}
"""Which rows a scope covers; what is `global` has no wall."""

GRANTS = {
    "register": "SELECT, INSERT, UPDATE",
    "journal": "SELECT, INSERT",
    "sealed": "SELECT",
    "guarded": "SELECT",
    "workpaper": "SELECT, INSERT, UPDATE, DELETE",
}

FUNCTIONS = """
CREATE OR REPLACE FUNCTION scope_practices() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = pg_catalog AS
  $$ SELECT coalesce(string_to_array(nullif(current_setting('openmso.practices', true), ''), ',')::bigint[], '{}') $$;
CREATE OR REPLACE FUNCTION scope_entities() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = pg_catalog AS
  $$ SELECT coalesce(string_to_array(nullif(current_setting('openmso.entities', true), ''), ',')::bigint[], '{}') $$;
CREATE OR REPLACE FUNCTION scope_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = pg_catalog AS
  $$ SELECT nullif(current_setting('openmso.user', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS
  $$ BEGIN RAISE EXCEPTION '% is added to, never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
"""


def after_migrate(*, using: str, **kwargs: Any) -> None:
    """Raise the walls when the migrations of all apps have run."""
    if using == "default":
        raise_walls()


def our_models() -> Iterator[type[models.Model]]:
    """Every concrete model of the house."""
    return (model for model in apps.get_models() if model.__module__.startswith("openmso.") and model._meta.managed)


def raise_walls() -> None:
    """Bring the database's walls to what the models declare."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for model in our_models():
            if model._meta.db_table in tables:
                cursor.execute("\n".join(statements(model)))
        foreign = sorted(tables - {model._meta.db_table for model in our_models()} - {"django_migrations"})
        for table in foreign:
            cursor.execute(f'GRANT {GRANTS["workpaper"]} ON "{table}" TO {APP}')
        cursor.execute(f"GRANT SELECT ON django_migrations TO {APP}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BACKUP])
        if cursor.fetchone():
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {BACKUP}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}")
            cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}")


def policies(model: type[models.Model]) -> Iterator[str]:
    """The row policies of a scoped model: which rows may be seen and written, and which may only be seen as well."""
    table = f'"{model._meta.db_table}"'
    condition = IN_SCOPE[model.scope]  # type: ignore[attr-defined]
    yield (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"DROP POLICY IF EXISTS in_scope ON {table}; DROP POLICY IF EXISTS also_visible ON {table}; "
        f"CREATE POLICY in_scope ON {table} USING ({condition}) WITH CHECK ({condition});"
    )
    if also := getattr(model, "also_visible", ""):
        yield f"CREATE POLICY also_visible ON {table} FOR SELECT USING ({also});"


def statements(model: type[models.Model]) -> Iterator[str]:
    """The SQL of one model's walls, to be run as one; safe to run again.

    The table is locked first: an autovacuum that has it lets go of it then, and would deadlock with a lock taken later.
    """
    table, temper = f'"{model._meta.db_table}"', model.temper  # type: ignore[attr-defined]
    yield f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;"
    yield f"REVOKE ALL ON {table} FROM {APP}; GRANT {GRANTS[temper]} ON {table} TO {APP};"
    yield f"DROP TRIGGER IF EXISTS never_changed ON {table};"
    if temper in {"journal", "sealed"}:
        yield (
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        )
    if model.scope == "global":  # type: ignore[attr-defined]
        return
    yield from policies(model)
    if temper in {"register", "workpaper"}:
        yield from _composite_keys(model)


def _composite_keys(model: type[models.Model]) -> Iterator[str]:
    """Foreign keys that start with the practice, so that no row can point into another practice."""
    table = model._meta.db_table
    for field in model._meta.local_fields:
        if not isinstance(field, PracticeForeignKey):
            continue
        target = field.related_model._meta
        key, name = f"{target.db_table}_practice_key", f"{table}_{field.column}_same_practice"
        yield (
            f"DO $$ BEGIN "
            f"IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{key[:63]}') THEN "
            f'ALTER TABLE "{target.db_table}" ADD CONSTRAINT "{key[:63]}" UNIQUE (practice_id, {target.pk.column}); '
            f"END IF; "
            f"IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name[:63]}') THEN "
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name[:63]}" FOREIGN KEY (practice_id, {field.column}) '
            f'REFERENCES "{target.db_table}" (practice_id, {target.pk.column}) DEFERRABLE INITIALLY IMMEDIATE; '
            f"END IF; END $$;"
        )
