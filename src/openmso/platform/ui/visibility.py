"""Visibility: which columns and filters of a table a person is given, by the data classes of the fields.

A class that is seen in every practice in scope is shown, sorted and filtered. One that is seen in some of them is
shown in the rows of those, but nobody may sort or filter by it: the order of rows would tell what a cell hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmso.kit.classes import DataClass
from openmso.platform.tenancy.scope import NoScope, current
from openmso.platform.ui.contracts import Actor, Column, Filter, TableSpec

OPEN = frozenset({DataClass.PUBLIC, DataClass.BUSINESS})


@dataclass(frozen=True, slots=True)
class Sight:
    """In which of the practices in scope each data class is seen."""

    practices: frozenset[int]
    seen: Mapping[DataClass, frozenset[int]]

    def everywhere(self, data_class: DataClass) -> bool:
        """Whether fields of a class may be shown in every row, and so be sorted and filtered by."""
        if data_class in OPEN:
            return True
        return bool(self.practices) and self.seen.get(data_class, frozenset()) == self.practices

    def anywhere(self, data_class: DataClass) -> bool:
        """Whether fields of a class may be shown in some rows."""
        return data_class in OPEN or bool(self.seen.get(data_class))

    def in_row(self, data_class: DataClass, practice: int) -> bool:
        """Whether a field of a class may be shown in a row of this practice."""
        return data_class in OPEN or practice in self.seen.get(data_class, frozenset())


def sight_of(actor: Actor | None, spec: TableSpec) -> Sight:
    """What the actor sees of the classes that a table holds, in the practices of the current scope."""
    try:
        practices = current().practices
    except NoScope:
        practices = frozenset()
    classes = {c.data_class for c in spec.columns} | {f.data_class for f in spec.filters}
    if actor is None:
        return Sight(practices, {})
    return Sight(practices, {c: frozenset(p for p in practices if actor.sees(c, p)) for c in classes - OPEN})


def columns_seen(spec: TableSpec, sight: Sight) -> tuple[Column, ...]:
    """The columns a person may be shown at all."""
    by_row = spec.row_practice is not None
    return tuple(
        column
        for column in spec.columns
        if sight.everywhere(column.data_class) or (by_row and sight.anywhere(column.data_class))
    )


def filters_seen(spec: TableSpec, sight: Sight) -> tuple[Filter, ...]:
    """The filters a person may narrow by."""
    return tuple(one for one in spec.filters if sight.everywhere(one.data_class))


def blanked(spec: TableSpec, sight: Sight, column: Column, row: Any) -> bool:
    """Whether this cell is withheld because of the practice its row belongs to."""
    if spec.row_practice is None or sight.everywhere(column.data_class):
        return False
    return not sight.in_row(column.data_class, spec.row_practice(row))
