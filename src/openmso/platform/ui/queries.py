"""Questions about what a person arranged for themselves."""

from __future__ import annotations

from openmso.platform.ui.models import ColumnChoice


def columns_of(*, user: int | None, table: str) -> str:
    """The keys of the columns a person chose for a table, joined by commas; nothing where they chose none."""
    if user is None:
        return ""
    found = ColumnChoice.objects.filter(user_id=user, table=table).values_list("columns", flat=True).first()
    return ",".join(found or ())
