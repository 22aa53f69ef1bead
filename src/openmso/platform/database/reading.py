"""Reading many rows: model instances that are made without going through every field one by one.

Nobody listens to the birth of an instance here, so that its values can be given to it as they come. What comes out is
an instance as any other: it is written, refreshed and follows its keys as ever. Where many rows are only looked at and
written back set-wise, plain ones do: their attributes are the columns and nothing else, so that looking at a key costs
what looking at any value costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def read(found: models.QuerySet[M], *, without: Sequence[str] = ()) -> list[M]:
    """The rows of a queryset, as instances. A field `without` which they come is asked for when it is looked at."""
    model, names = found.model, _columns(found.model, without)
    return [_made(model, names, values) for values in found.values_list(*names)]


def plain(found: models.QuerySet[M], *, without: Sequence[str] = ()) -> list[M]:
    """The rows of a queryset as plain ones, which have their columns and `pk`, but follow no key and cannot be saved.

    `writing.update` writes them. A field `without` which they come they do not have: `AttributeError`.
    """
    model, names = found.model, _columns(found.model, without)
    kind, key = _plain(model), names.index(model._meta.pk.attname)
    rows = []
    for values in found.values_list(*names):
        row = kind.__new__(kind)
        row.__dict__ = dict(zip(names, values, strict=True))
        row.pk = values[key]
        rows.append(row)
    return cast("list[M]", rows)


@cache
def _plain(model: type[models.Model]) -> Any:
    """The class of a model's plain rows, which have the model's plain words, too."""
    words = {name: value for name, value in vars(model).items() if isinstance(value, str) and not name.startswith("__")}
    return type(f"Plain{model.__name__}", (), words | {"_meta": model._meta})


def _columns(model: type[models.Model], without: Sequence[str]) -> list[str]:
    left = set(without)
    return [field.attname for field in model._meta.concrete_fields if field.name not in left]


def _made(model: type[M], names: list[str], values: tuple[Any, ...]) -> M:
    row = model.__new__(model)
    row.__dict__.update(zip(names, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    return row
