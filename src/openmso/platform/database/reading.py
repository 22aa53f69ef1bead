"""Reading many rows: model instances that are made without going through every field one by one.

Nobody listens to the birth of an instance here, so that its values can be given to it as they come. What comes out is
an instance as any other: it is written, refreshed and follows its keys as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def read(found: models.QuerySet[M], *, without: Sequence[str] = ()) -> list[M]:
    """The rows of a queryset, as instances. A field `without` which they come is asked for when it is looked at."""
    model, names = found.model, _columns(found.model, without)
    return [_made(model, names, values) for values in found.values_list(*names)]


def _columns(model: type[models.Model], without: Sequence[str]) -> list[str]:
    left = set(without)
    return [field.attname for field in model._meta.concrete_fields if field.name not in left]


def _made(model: type[M], names: list[str], values: tuple[Any, ...]) -> M:
    row = model.__new__(model)
    row.__dict__.update(zip(names, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    return row
