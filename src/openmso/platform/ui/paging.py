"""The rows of a page in their order, over any number of practices.

Every index begins with the practice: it gives the rows of one practice in order, but not those of a hundred. So each
practice gives its own first rows, by its index, and the page is the first of these: a hundred short walks instead of
a sort of everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import OrderBy, RawSQL

from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import PageAsk

M = TypeVar("M", bound=models.Model)
WALKED_MAX = 1_000
"""Rows that each practice gives; pages that lie deeper are cut from the sorted whole."""


def rows(
    found: models.QuerySet[M], order: Sequence[str | OrderBy], ask: PageAsk, *,
    along: Mapping[str, Sequence[Any]] | None = None,
) -> models.QuerySet[M]:  # fmt: skip
    """The rows of the page that was asked for, of what was found, in the order of these keys.

    `along` names another column that the index has between the practice and the order, and the values asked for:
    `{"state": ["denied", "partial"]}` walks each of the two by itself.
    """
    practices, until = sorted(current().practices), ask.offset + ask.size
    if until > WALKED_MAX or len(practices) < 2:
        return found.order_by(*order)[ask.offset : until]
    walked = _first_of_each(found.order_by(*order), {"practice_id": practices} | dict(along or {}), until)
    return found.filter(pk__in=walked).order_by(*order)[ask.offset : until]


def _first_of_each(ordered: models.QuerySet[M], along: Mapping[str, Sequence[Any]], until: int) -> RawSQL:
    """The keys of the first rows of each practice. The SQL is Django's own and names of ours; values are parameters."""
    walks, values, here = [], [], {}
    for place, (column, wanted) in enumerate(along.items()):
        kind = ordered.model._meta.get_field(column.removesuffix("_id")).db_type(connection)
        walks.append(f"unnest(%s::{kind}[]) AS walk{place}(value)")
        values.append([getattr(one, "value", one) for one in wanted])
        here[column] = RawSQL(f"walk{place}.value", ())  # noqa: S611  # nosec B611
    inner, params = ordered.filter(**here).values("pk")[:until].query.sql_with_params()
    sql = f"SELECT first.* FROM {', '.join(walks)}, LATERAL ({inner}) AS first"
    return RawSQL(sql, (*values, *params))  # noqa: S611  # nosec B611
