"""The rows of a page in their order, over any number of practices.

Every index begins with the practice: it gives the rows of one practice in order, but not those of a hundred. So each
practice gives its own first rows, by its index, and the page is the first of these: a hundred short walks instead of
a sort of everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import OrderBy, RawSQL, Window

from openmso.platform.tenancy.models import unlisted
from openmso.platform.tenancy.scope import current
from openmso.platform.ui import counting
from openmso.platform.ui.contracts import PageAsk

M = TypeVar("M", bound=models.Model)
WALKED_MAX = 1_000
"""Rows that each practice gives; pages that lie deeper are cut from the sorted whole."""

PINNED_MAX = 1_000
"""What is found by a word is kept by its keys below so many."""


def rows(
    found: models.QuerySet[M], order: Sequence[str | OrderBy], ask: PageAsk, *,
    along: Mapping[str, Sequence[Any]] | None = None,
) -> list[M]:  # fmt: skip
    """The rows of the page that was asked for, of what was found, in the order of these keys.

    `along` narrows by another column, which the index has between the practice and the order:
    `{"state": ["denied", "partial"]}` walks each of the two by itself.
    """
    along, practices, until = dict(along or {}), sorted(current().practices), ask.offset + ask.size
    if until > WALKED_MAX or len(practices) < 2:
        narrowed = found.filter(**{f"{column}__in": values for column, values in along.items()})
        return list(narrowed.order_by(*order)[ask.offset : until])
    try:
        walked = _first_of_each(found, order, {"practice_id": practices} | along, until)
    except EmptyResultSet:  # what is asked for can be nowhere: a word that names nobody
        return []
    return list(found.filter(pk__in=walked).order_by(*order)[ask.offset : until])


def pinned(found: models.QuerySet[M]) -> models.QuerySet[M] | None:
    """What a word found that no index finds, by its keys if they are few: it is sought once, not again for each sum."""
    keys = list(found.order_by().values_list("pk", flat=True)[:PINNED_MAX])
    return None if len(keys) == PINNED_MAX else found.model._default_manager.filter(pk__in=keys)


def sorted_whole(found: models.QuerySet[M], order: Sequence[str | OrderBy], ask: PageAsk) -> models.QuerySet[M]:
    """The rows of the page of few that were found, wherever they stand: their keys are sorted, the page's rows read."""
    keys = found.order_by(*order).values("pk")[ask.offset : ask.offset + ask.size]
    return found.model._default_manager.filter(pk__in=keys).order_by(*order)


def summed_whole(
    found: models.QuerySet[M], order: Sequence[str | OrderBy], ask: PageAsk, sums: Mapping[str, models.Aggregate], *,
    related: Sequence[str] = (),
) -> tuple[list[M], dict[str, Any]]:  # fmt: skip
    """The same rows, and sums over all that was found, in one pass over it; `related` are read with the rows."""
    over_all = {name: Window(each) for name, each in sums.items()}
    first = list(found.annotate(**over_all).order_by(*order).values("pk", *sums)[ask.offset : ask.offset + ask.size])
    if not first:  # a page behind the last, or nothing at all, which needs no question
        return [], (found if ask.offset else found.none()).aggregate(**sums)
    wanted = found.model._default_manager.filter(pk__in=[one["pk"] for one in first])
    rows_ = {row.pk: row for row in (wanted.select_related(*related) if related else wanted)}
    return [rows_[one["pk"]] for one in first], {name: first[0][name] for name in sums}


def summed_if_few(
    found: models.QuerySet[M], order: Sequence[str | OrderBy], ask: PageAsk, sums: Mapping[str, models.Aggregate], *,
    related: Sequence[str] = (), named: bool = False,
) -> tuple[list[M], dict[str, Any]] | None:  # fmt: skip
    """The same where the total can be told with the page; nothing where so many were found that it loads after it.

    `named` says that a word is looked for, which no index finds: it is sought once.
    """
    if named and (few := pinned(found)) is not None:
        return summed_whole(few, order, ask, sums, related=related)
    if counting.up_to(found, counting.COUNTED_AT_ONCE) >= counting.COUNTED_AT_ONCE:
        return None
    return summed_whole(found, order, ask, sums, related=related)


def _first_of_each(
    found: models.QuerySet[M], order: Sequence[str | OrderBy], along: Mapping[str, Sequence[Any]], until: int
) -> RawSQL:
    """The first keys of all, of the first of each practice. The SQL is Django's own and names of ours."""
    walks, values, here = [], [], {}
    for place, (column, wanted) in enumerate(along.items()):
        kind = found.model._meta.get_field(column.removesuffix("_id")).db_type(connection)
        walks.append(f"unnest(%s::{kind}[]) AS walk{place}(value)")
        values.append([getattr(one, "value", one) for one in wanted])
        here[column] = RawSQL(f"walk{place}.value", ())  # noqa: S611  # nosec B611
    keys = dict(map(_key, order))
    rows_of_each = unlisted(found).filter(**here).order_by(*order).values(*{"pk": "", **keys})[:until]
    inner, params = rows_of_each.query.sql_with_params()
    sorted_by = ", ".join(f"first.{name}{way}" for name, way in keys.items())
    sql = f"SELECT first.pk FROM {', '.join(walks)}, LATERAL ({inner}) AS first ORDER BY {sorted_by} LIMIT {until}"
    return RawSQL(sql, (*values, *params))  # noqa: S611  # nosec B611


def _key(one: str | OrderBy) -> tuple[str, str]:
    """A key of the order, and which way it goes in SQL."""
    if isinstance(one, str):
        return one.removeprefix("-"), " DESC" if one.startswith("-") else ""
    way = (" DESC" if one.descending else "") + (" NULLS LAST" if one.nulls_last else "")
    return one.expression.name, way  # type: ignore[union-attr]
