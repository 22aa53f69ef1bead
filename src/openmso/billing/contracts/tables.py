"""What leaves billing of tables of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from openmso.billing.states import Loaded
from openmso.billing.states import TableKind as TableKind


@dataclass(frozen=True, slots=True)
class TableRow:
    """One edition of a table of rules; `holds` says that it is the one in force."""

    public_id: str
    kind: TableKind
    edition: str
    name: str
    document: str
    rows: tuple[Mapping[str, str], ...]
    checks: tuple[str, ...]
    state: Loaded
    holds: bool
    loaded_at: datetime
    loaded_by: str
    active_at: datetime | None
    active_by: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.rows)
