"""Writing changed rows back, any number of them in one statement.

The values travel as one array for each column and are joined to the rows by key: neither client nor server has
anything to do for each value that it would not do for one row alone. Row-level security holds as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

STEP = 5000
"""Rows of one statement, so that memory does not grow with their number."""


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write some fields of rows of one model, by their keys; of a row that is gone or hidden nothing is written."""
    for start in range(0, len(rows), STEP):
        _update(rows[start : start + STEP], names)


def _update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    meta = rows[0]._meta
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in names)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{_kind(field)}[]" for field in fields)
    changed = ", ".join(f'"{field.column}" = new."{field.column}"{_cast(field)}' for field in fields[1:])
    table, key = meta.db_table, fields[0].column
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET {changed} FROM unnest({arrays}) AS new({columns}) '
            f'WHERE "{table}"."{key}" = new."{key}"',
            [[_value(field, getattr(row, field.attname)) for row in rows] for field in fields],
        )


def _kind(field: Any) -> str:
    """The type of one value as it travels, without a length: what is too long is refused by the column.

    Arrays of arrays would be taken apart, so arrays go as text.
    """
    return "text" if isinstance(field, ArrayField) else str(field.db_type(connection)).partition("(")[0]


def _cast(field: Any) -> str:
    return f"::{field.db_type(connection)}" if isinstance(field, ArrayField) else ""


def _value(field: Any, value: Any) -> Any:
    if not isinstance(field, ArrayField):
        kept = field.get_db_prep_save(value, connection)
        return kept.value if isinstance(kept, Enum) else kept
    if value is None:
        return None
    return "{" + ",".join('"' + str(one).replace("\\", "\\\\").replace('"', '\\"') + '"' for one in value) + "}"
