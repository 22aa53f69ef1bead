"""Inserting many rows of a model in a few statements, from plain values, without an object for each.

A column travels as one text that the server takes apart: the client joins where it would else adapt and escape each
value. Row-level security, checks and triggers hold as ever (COPY is not open to roles that are bound by policies).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from typing import Any

from django.db import connection, models

STEP = 5000
"""Rows of one statement, so that memory does not grow with their number."""
BETWEEN, NOTHING = "\x1f", "\x1e"
"""What stands between two values of a column, and for one that is null; neither is in a text that people write."""


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **shared: Any) -> list[int]:
    """Insert rows that give these fields, and share others; the keys, in their order.

    Fields are named as on the object (`claim_id`). What is neither given nor shared has its constant default; a field
    whose default differs from row to row must be given, else `TypeError`.
    """
    there = iter(rows)
    told = shared | {field.attname: _default(field) for field in _left(model, {*names, *shared})}
    keys: list[int] = []
    while some := list(islice(there, STEP)):
        keys += _insert(model, names, some, told)
    return keys


def _left(model: type[models.Model], given: set[str]) -> list[Any]:
    return [
        field for field in model._meta.local_concrete_fields
        if not field.primary_key and not field.generated and field.attname not in given
    ]  # fmt: skip


def _default(field: Any) -> Any:
    if field.has_default() and callable(field.default):
        raise TypeError(f"{field.attname} must be given: its default differs from row to row")
    return field.get_default()


def _insert(
    model: type[models.Model], names: Sequence[str], rows: list[Sequence[Any]], shared: dict[str, Any]
) -> list[int]:
    fields: dict[str, Any] = {field.attname: field for field in model._meta.local_concrete_fields}
    given, common = [fields[name] for name in names], [fields[name] for name in shared]
    columns = ", ".join(f'"{field.column}"' for field in (*common, *given))
    same = "".join(f"%s::{field.db_type(connection)}, " for field in common)
    each = ", ".join(f"_{place}" for place in range(len(given)))
    arrays, values = [], []
    for field, column in zip(given, zip(*rows, strict=True), strict=True):
        array, value = _array(field, column)
        arrays.append(f"{array}::{_kind(field)}[]")
        values.append(value)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {same}{each} '
            f"FROM unnest({', '.join(arrays)}) WITH ORDINALITY AS given ({each}, place) ORDER BY place "
            f'RETURNING "{model._meta.pk.column}"',
            [*map(_kept, common, shared.values()), *values],
        )
        return [key for (key,) in cursor.fetchall()]


def _kind(field: Any) -> str:
    """The type of one value as it travels, without a length: what is too long is refused by the column."""
    return str(field.db_type(connection)).partition("(")[0]


def _kept(field: Any, value: Any) -> Any:
    kept = field.get_db_prep_save(value, connection)
    return kept.value if isinstance(kept, Enum) else kept


def _text(value: Any) -> str | None:
    return None if value is None else str(value.value if isinstance(value, Enum) else value)


def _array(field: Any, column: Sequence[Any]) -> tuple[str, Any]:
    """How the values of a column are said, and what is handed over for it."""
    if isinstance(field, models.JSONField):
        texts = [None if value is None else json.dumps(value, separators=(",", ":")) for value in column]
    else:
        texts = [_text(value) for value in column]
    together = BETWEEN.join(NOTHING if text is None else text for text in texts)
    if len(texts) == 1 or together.count(BETWEEN) >= len(texts) or together.count(NOTHING) > texts.count(None):
        return "%s::text[]", texts
    return f"string_to_array(%s, '{BETWEEN}', '{NOTHING}')", together
