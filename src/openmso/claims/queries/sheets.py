"""The sheets of claims and what else the rules must know, for any number of claims in a dozen questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries.desk import Desk
from openmso.claims.rules.sheet import ClaimSheet, Context, Line


def sheets(rows: Sequence[Claim], *, today: date) -> dict[int, tuple[ClaimSheet, Context]]:
    """The sheet and context of every claim, by its key, in the order given."""
    desk = Desk(rows, today=today)
    return {row.id: (desk.sheet(row), desk.context(row)) for row in rows}


def numbered(desk: Desk, rows: Sequence[Claim]) -> Iterator[tuple[Claim, ClaimSheet]]:
    """The sheets of claims, in their order, at a desk whose claims share lines: each line with its own number again."""
    controls = defaultdict(list)
    lines = ClaimLine.objects.filter(claim_id__in=[row.pk for row in rows], carried_to=None)
    for claim, control in lines.order_by("claim_id", "number").values_list("claim_id", "line_control"):
        controls[claim].append(control)
    for row in rows:
        shared = zip(desk.lines.get(row.pk, ()), controls[row.pk], strict=True)
        yield row, desk.sheet(row, tuple([_with_control(line, control) for line, control in shared]))


def _with_control(line: Line, control: str) -> Line:
    number, _, *rest = _every(line)
    return Line(number, control, *rest)


_every = attrgetter(*Line.__slots__)
