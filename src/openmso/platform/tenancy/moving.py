"""Moving: the rows of one tenant out of this house and into another, table by table, as the models say whose they are.

Rows keep their keys on the way, so that whatever points at them still does, and the chains of the trail still hold.
They travel as PostgreSQL writes them (CSV, RFC 4180; an empty field is NULL, `""` is the empty text), in the order of
their keys: the same rows are the same bytes. Out of the house any scope may go, within its rows; into it only the owner
of the tables may, and then under the same row-level security.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from openmso.platform.tenancy import walls
from openmso.platform.tenancy.scope import current

CHUNK = 1 << 20
OWNERS = frozenset({"practice_id", "entity_id"})
KEEPS_COUNT = ("chained", "moves_head", "recorded", "waits", "step_allowed", "activation_allowed", "act_allowed")
"""Triggers that write or judge what happens now; rows that happened elsewhere, and were judged there, pass by them."""


@dataclass(frozen=True, slots=True)
class Out:
    """Rows that were written out: how many, in how many bytes, and the SHA-256 of these."""

    rows: int
    size: int
    sha256: str


def owned() -> list[type[models.Model]]:
    """Every model whose rows belong to a practice or to the books of an entity, lowest app first."""
    return [model for model in walls.our_models() if scope_of(model) in {"practice", "entity"}]


def shared() -> list[type[models.Model]]:
    """Every other model of the house: rows of the whole network, or of a person."""
    return [model for model in walls.our_models() if scope_of(model) not in {"practice", "entity"}]


def scope_of(model: type[models.Model]) -> str:
    """Whose rows a model holds."""
    return str(model.scope)  # type: ignore[attr-defined]


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model that a row is told by; what the database works out itself is not among them."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def whose(model: type[models.Model]) -> tuple[str, list[int]]:
    """The column that says whose a row is, and who they are in this scope."""
    scoped = current()
    if scope_of(model) == "practice":
        return "practice_id", sorted(scoped.practices)
    return "entity_id", sorted(scoped.entities)


def write_out(model: type[models.Model], names: Sequence[str], to: Callable[[Any], object]) -> Out:
    """The rows of the scope in a table, by these columns, as CSV with headings, handed over piece by piece."""
    column, owners = whose(model)
    return _copied(model, names, f'WHERE "{column}" = ANY (%s::bigint[])', owners, to)


def write_keys(
    model: type[models.Model], names: Sequence[str], keys: Iterable[int], to: Callable[[Any], object]
) -> Out:
    """The rows with these keys in a table of the network, in the same way."""
    return _copied(model, names, f'WHERE "{model._meta.pk.column}" = ANY (%s::bigint[])', sorted(keys), to)


def _copied(
    model: type[models.Model], names: Sequence[str], condition: str, keys: list[int], to: Callable[[Any], object]
) -> Out:
    order = ", ".join(f'"{field.column}"' for field in model._meta.pk_fields)
    query = f'SELECT {_listed(names)} FROM "{model._meta.db_table}" {condition} ORDER BY {order}'
    digest, size = hashlib.sha256(), 0
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", [keys]) as pieces:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                to(piece)
        return Out(cursor.rowcount, size, digest.hexdigest())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def pointed_at(target: type[models.Model], among: Iterable[type[models.Model]]) -> set[int]:
    """The keys of a model of the network that rows of the scope point at, whose they are apart."""
    found: set[int] = set()
    for model in among:
        for field in columns(model):
            if isinstance(field, models.ForeignKey) and field.related_model is target and field.column not in OWNERS:
                found |= distinct(model, field.column)
    return found


def distinct(model: type[models.Model], column: str) -> set[int]:
    """The different values of a column of keys, in the rows of the scope."""
    owner, owners = whose(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT "{column}" FROM "{model._meta.db_table}" '
            f'WHERE "{owner}" = ANY (%s::bigint[]) AND "{column}" IS NOT NULL',
            [owners],
        )
        return {int(key) for (key,) in cursor.fetchall()}


# ---- into the house ---------------------------------------------------------------------------------------------


@contextmanager
def taking_in(among: Collection[type[models.Model]]) -> Iterator[None]:
    """Within it rows of these tables are put in as they are; keys are checked once, when all are there.

    Triggers that would tell of them as of something that happens now are off for this transaction alone. It locks
    these tables. Raises `IntegrityError` at its end where a key points to nothing.
    """
    tables = [model._meta.db_table for model in among]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname = ANY (%s)"
            " AND tgrelid::regclass::text = ANY (%s)",
            [list(KEEPS_COUNT), tables],
        )
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in triggers:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')


def staged(model: type[models.Model], names: Sequence[str], file: IO[bytes]) -> int:
    """The rows of a file, whose headings these are, in a stage of this transaction; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.moving_stage")
        cursor.execute(
            f"CREATE TEMPORARY TABLE moving_stage ON COMMIT DROP AS "
            f'SELECT {_listed(names)} FROM "{model._meta.db_table}" WITH NO DATA'
        )
        with cursor.copy("COPY pg_temp.moving_stage FROM STDIN (FORMAT csv, HEADER)") as copying:
            while piece := file.read(CHUNK):
                copying.write(piece)
        return int(cursor.rowcount)


def put_in(model: type[models.Model], names: Sequence[str], given: Mapping[str, Any], *, known: bool = False) -> int:
    """The rows of the stage into their table, with what is `given` for columns they lack; how many went in.

    A row whose key is there already is left alone where it may be `known`, else refused by the database.
    """
    more = {field: value for field in columns(model) if (value := _value(field, names, given)) is not _TOLD}
    into = _listed([*names, *(str(field.column) for field in more)])
    said = ", ".join([*(f's."{name}"' for name in names), *(f"%s::{_kind(field)}" for field in more)])
    table, key = model._meta.db_table, model._meta.pk.column
    unless = f'WHERE NOT EXISTS (SELECT FROM "{table}" t WHERE t."{key}" = s."{key}")' if known else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({into}) SELECT {said} FROM pg_temp.moving_stage s {unless}',
            [field.get_db_prep_save(value, connection) for field, value in more.items()],
        )
        return int(cursor.rowcount)


_TOLD = object()


def _value(field: models.Field[Any, Any], names: Sequence[str], given: Mapping[str, Any]) -> Any:
    """What a column is given that the file does not have; `_TOLD` where it has it."""
    if field.column in names:
        return _TOLD
    if field.attname in given:
        return given[field.attname]
    return None if field.null and not field.has_default() else field.get_default()


def _kind(field: models.Field[Any, Any]) -> str:
    kind = str(field.db_type(connection))
    return kind if isinstance(field, ArrayField) else kind.partition("(")[0]


def taken_keys(model: type[models.Model], told_by: str) -> list[str]:
    """Rows of the stage that stand here as something else: by their key, or by what they are told by."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT s."{told_by}"::text FROM pg_temp.moving_stage s JOIN "{table}" t '
            f'ON (t."{key}" = s."{key}") <> (t."{told_by}" = s."{told_by}") ORDER BY 1 LIMIT 5'
        )
        return [str(value) for (value,) in cursor.fetchall()]


def take_stock(among: Iterable[type[models.Model]]) -> None:
    """Tell the planner what was taken in: a table that was empty a moment ago is looked through row by row else."""
    with connection.cursor() as cursor:
        for model in among:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def go_on_counting(among: Iterable[type[models.Model]]) -> None:
    """The keys of these tables go on after the highest that was taken in."""
    with connection.cursor() as cursor:
        for model in among:
            if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
                continue
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
            (sequence,) = cursor.fetchone()
            go_on_after(cursor, sequence, f'SELECT max("{key}") FROM "{table}"')


def go_on_after(cursor: Any, sequence: str, highest: str) -> None:
    """A sequence goes on after what a question says is the highest, or where it stands if that is higher."""
    cursor.execute(
        f"SELECT setval('{sequence}', highest) FROM (SELECT ({highest}) AS highest) h, {sequence} s "
        "WHERE highest >= s.last_value"
    )
