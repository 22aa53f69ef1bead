"""What lists tell the audit trail: whose patient data was shown, and what was taken away as a file.

Reads of patient data are told by practice with the number of rows (45 CFR 164.312(b)). An export is told as an
event, and a large one asks the person to confirm who they are first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from openmso.kit.classes import PHI
from openmso.platform.access.contracts import Actor, Decision, NotAllowed
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Column, TableSpec
from openmso.platform.ui.visibility import Sight

UNCONFIRMED_ROWS_MAX = 500
"""An export of more rows than this waits for a confirmation of who asks."""

SENTENCES = {"ui.exported": "{actor} took {rows:row} of the list of {list} away as {format}"}


def shown(request: HttpRequest, spec: TableSpec, columns: Sequence[Column], sight: Sight, rows: Iterable[Any]) -> None:
    """Tell of the patient data in these rows, by practice; lists without any, or of nobody in particular, are quiet."""
    asker = _asker(request)
    if asker is not None and spec.row_practice is not None:
        _tell_read(*asker, spec, columns, sight, Counter(map(spec.row_practice, rows)))


class Export:
    """One export: counts its rows by practice while they are written, then tells the trail."""

    def __init__(self, request: HttpRequest, spec: TableSpec) -> None:
        self.asker = _asker(request)
        self.spec = spec
        self.rows: Counter[int] = Counter()
        self.count = 0

    def counted(self, rows: Sequence[Any]) -> Iterator[Any]:
        """The same rows; raises `NotAllowed` where they become too many for somebody who has not confirmed."""
        self.count += len(rows)
        if self.spec.row_practice is not None:
            self.rows.update(map(self.spec.row_practice, rows))
        if self.asker is not None and self.count > UNCONFIRMED_ROWS_MAX and not self.asker[0].fresh:
            words = f"Confirm that it is you before you take more than {UNCONFIRMED_ROWS_MAX} rows away."
            raise NotAllowed(Decision(False, self.asker[1], None, words))
        yield from rows

    def tell(self, form: str, count: int, columns: Sequence[Column], sight: Sight) -> None:
        """Who took how many rows of which practice; of a list that names no practice, of all in scope."""
        if self.asker is None:
            return
        actor, permission = self.asker
        by_practice = self.rows or Counter(dict.fromkeys(current().practices, count))
        for practice, rows in sorted(by_practice.items()):
            audit.record(
                actor=actor, action="ui.exported", practice=practice, subject=("ui.list", self.spec.name), at=actor.at,
                facts={"rows": rows, "format": form, "list": self.spec.noun[1]},
                decision=actor.may(permission, practice),
            )  # fmt: skip
        _tell_read(actor, permission, self.spec, columns, sight, self.rows)


def _asker(request: HttpRequest) -> tuple[Actor, str] | None:
    """Who asks under which permission; nobody on the pages that are open to all."""
    permission = getattr(request, "permission", "")
    return (request.actor, permission) if permission else None  # type: ignore[attr-defined]


def _tell_read(
    actor: Actor, permission: str, spec: TableSpec, columns: Sequence[Column], sight: Sight, rows: Mapping[int, int]
) -> None:
    patient_data = PHI & {column.data_class for column in columns}
    for practice, count in sorted(rows.items()):
        classes = {one for one in patient_data if sight.in_row(one, practice)}
        if classes:
            audit.record_read(
                actor=actor, practice=practice, subject=("ui.list", spec.name), at=actor.at, classes=classes,
                count=count, decision=actor.may(permission, practice),
            )  # fmt: skip
