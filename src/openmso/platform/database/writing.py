"""Writing rows set-wise, any number of them in one statement: changed rows back, and new rows of a journal.

The values travel as one array for each column, in the server's own text form, and a column that is the same in all
rows travels once: neither client nor server has anything to do for each value that it would not do for one row alone.
Row-level security holds as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import islice
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

STEP = 5000
"""Rows of one statement, so that memory does not grow with their number."""
PLAIN = frozenset(
    "AutoField BigAutoField BigIntegerField BooleanField CharField DateField DateTimeField DecimalField ForeignKey "
    "IntegerField PositiveIntegerField PositiveSmallIntegerField PracticeForeignKey SmallIntegerField TextField".split()
)
"""Kinds of fields whose values PostgreSQL reads as they are written down."""


class Json(str):
    """A JSON value that its caller has said already, to be written as it is."""

    __slots__ = ()


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write some fields of rows of one model, by their keys; of a row that is gone or hidden nothing is written."""
    for start in range(0, len(rows), STEP):
        _update(rows[start : start + STEP], names)


def _update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    meta = rows[0]._meta
    fields: list[Any] = [meta.get_field(name) for name in names]
    keys, *columns = zip(*map(attrgetter("pk", *(field.attname for field in fields)), rows), strict=True)
    alike, apart = _parted(dict(zip(fields, columns, strict=True)))
    _change(meta.model, keys, alike, apart)


def _change(
    model: type[models.Model], keys: Sequence[Any], alike: Mapping[Any, Any], apart: Mapping[Any, Sequence[Any]]
) -> None:
    """One statement: columns that are alike in all rows, and those that are not."""
    table, key = model._meta.db_table, model._meta.pk
    changed = [f'"{field.column}" = {_one(field)}' for field in alike]
    changed += [f'"{field.column}" = new."{field.column}"{_cast(field)}' for field in apart]
    source, values = _arrays({key: keys, **apart})
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET {", ".join(changed)} FROM {source} '
            f'WHERE "{table}"."{key.column}" = new."{key.column}"',
            [*(_value(field, value) for field, value in alike.items()), *values],
        )


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **shared: Any) -> list[int]:
    """Insert rows that give these fields, and share others; the keys, in their order.

    Fields are named as on the object (`claim_id`). What is neither given nor shared has its constant default; a field
    whose default differs from row to row must be given, else `TypeError`.
    """
    return _inserted(model, names, rows, shared, "")


def insert_new(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **shared: Any
) -> list[int]:
    """The same, but for rows that are there already by what is unique among them; the keys of the new ones."""
    return _inserted(model, names, rows, shared, "ON CONFLICT DO NOTHING")


def _inserted(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    shared: dict[str, Any],
    conflict: str,
) -> list[int]:
    there = iter(rows)
    told = shared | {field.attname: _default(field) for field in _left(model, {*names, *shared})}
    keys: list[int] = []
    while some := list(islice(there, STEP)):
        keys += _insert(model, names, some, told, conflict)
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
    model: type[models.Model], names: Sequence[str], rows: list[Sequence[Any]], shared: dict[str, Any], conflict: str
) -> list[int]:
    fields: dict[str, Any] = {field.attname: field for field in model._meta.local_concrete_fields}
    alike = {fields[name]: value for name, value in shared.items()}
    apart = dict(zip((fields[name] for name in names), zip(*rows, strict=True), strict=True))
    source, values = _arrays(apart)
    columns = ", ".join(f'"{field.column}"' for field in (*alike, *apart))
    said = [_one(field) for field in alike] + [f'new."{field.column}"{_cast(field)}' for field in apart]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(said)} FROM {source} ORDER BY place '
            f'{conflict} RETURNING "{model._meta.pk.column}"',
            [*(_value(field, value) for field, value in alike.items()), *values],
        )
        return [key for (key,) in cursor.fetchall()]


def _parted(columns: Mapping[Any, Sequence[Any]]) -> tuple[dict[Any, Any], dict[Any, Sequence[Any]]]:
    """The columns that are the same in all rows, with their value, and the others."""
    alike = {
        field: values[0]
        for field, values in columns.items()
        if field.get_internal_type() in PLAIN and values.count(values[0]) == len(values)
    }
    return alike, {field: values for field, values in columns.items() if field not in alike}


def _arrays(columns: Mapping[Any, Sequence[Any]]) -> tuple[str, list[Any]]:
    """What rows are taken from, and the values that it is told."""
    names = ", ".join(f'"{field.column}"' for field in columns)
    arrays = ", ".join(f"%s::{_kind(field)}[]" for field in columns)
    told = [_column(field, values) for field, values in columns.items()]
    return f"unnest({arrays}) WITH ORDINALITY AS new({names}, place)", told


def _column(field: Any, values: Sequence[Any]) -> Any:
    """The values of one column, together."""
    if field.get_internal_type() in PLAIN:
        return array(values)
    if isinstance(field, models.JSONField):
        return array(map(_json, values))
    return [_value(field, one) for one in values]


def _json(value: Any) -> str | None:
    return value if value is None or isinstance(value, Json) else json.dumps(value, separators=(",", ":"))


def _kind(field: Any) -> str:
    """The type of one value as it travels, without a length: what is too long is refused by the column.

    Arrays of arrays would be taken apart, so arrays go as text.
    """
    return "text" if isinstance(field, ArrayField) else str(field.db_type(connection)).partition("(")[0]


def _one(field: Any) -> str:
    return f"%s::{field.db_type(connection) if isinstance(field, ArrayField) else _kind(field)}"


def _cast(field: Any) -> str:
    return f"::{field.db_type(connection)}" if isinstance(field, ArrayField) else ""


def _value(field: Any, value: Any) -> Any:
    if not isinstance(field, ArrayField):
        kept = field.get_db_prep_save(value, connection)
        return kept.value if isinstance(kept, Enum) else kept
    return None if value is None else array(str(one) for one in value)


def array(values: Iterable[str | int | bool | Decimal | date | Enum | None]) -> str:
    """Plain values as one array in the text form of PostgreSQL."""
    told = list(values)
    if set(map(type, told)) <= {int}:
        return "{" + ",".join(map(str, told)) + "}"
    return "{" + ",".join([_element(one) for one in told]) + "}"


def _element(value: Any) -> str:
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is not str and isinstance(value, Enum):
        return _element(value.value)
    if kind is str or isinstance(value, str):
        if "\\" in value or '"' in value:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + value + '"'
    return "NULL" if value is None else f'"{value}"'
