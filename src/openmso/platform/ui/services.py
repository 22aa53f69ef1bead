"""Verbs: a person arranges their lists."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.kit.errors import Refused
from openmso.platform.tenancy.scope import atomic
from openmso.platform.ui.models import ColumnChoice

COLUMNS_MAX = 60


class TooManyColumns(Refused):
    """No table has that many columns."""

    code = "too_many_columns"


@atomic
def choose_columns(*, user: int, table: str, columns: Sequence[str]) -> None:
    """Remember which columns a person wants in a table; none at all brings the usual ones back."""
    if len(columns) > COLUMNS_MAX or any(len(key) > 80 for key in (table, *columns)):
        raise TooManyColumns("No table has such columns.")
    if not columns:
        ColumnChoice.objects.filter(user_id=user, table=table).delete()
        return
    ColumnChoice.objects.update_or_create(user_id=user, table=table, defaults={"columns": list(columns)})
