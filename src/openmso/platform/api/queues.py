"""Lists of what is worked: each row says why it is next, as the list of the same things does on its screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from ninja import Schema
from pydantic import Field

from openmso.platform.ui.contracts import TableSpec
from openmso.platform.work import queries as work

T = TypeVar("T")


class Queued(Schema):
    """A row of a list that is worked: `class QueuedClaimOut(ClaimRowOut, Queued)`."""

    why_next: Annotated[
        str, Field(description="Why it stands where it stands: urgency, reason, and time left; empty without work")
    ]


def reasoned(
    request: Any, spec: TableSpec, rows: Sequence[T], told: Callable[[T], dict[str, Any]]
) -> list[dict[str, Any]]:
    """What is told of the rows of a page, and why each is next: one question for all of them.

    `spec` is the list on screen, which says what work is about its rows.
    """
    assert spec.waits is not None, f"{spec.name} is no queue"
    of = spec.waits.of or spec.row_key
    reasons = work.whys(request.actor, spec.waits.subject, [of(row) for row in rows], spec.waits.kinds)
    return [told(row) | {"why_next": reasons.get(of(row), "")} for row in rows]
