"""What practices decided about their patients' money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.billing.models import PolicyVersion
from openmso.billing.rules.policy import Policy, of_json


@dataclass(frozen=True, slots=True)
class Decided:
    """A version of a policy: who decided it, when and why."""

    number: int
    policy: Policy
    why: str
    decided_at: datetime
    decided_by: str


def current(practice: int) -> Policy:
    """The policy that holds in a practice; the house's own where it decided nothing."""
    row = PolicyVersion.objects.filter(practice_id=practice).order_by("-number").first()
    return of_json(row.text) if row else Policy()


def number(practice: int) -> int:
    """The number of the version that holds; 0 for the house's own."""
    row = PolicyVersion.objects.filter(practice_id=practice).order_by("-number").values_list("number", flat=True)
    return row.first() or 0


def history(practice: int) -> list[Decided]:
    """Every version, the latest first."""
    rows = PolicyVersion.objects.filter(practice_id=practice).order_by("-number")
    return [Decided(row.number, of_json(row.text), row.why, row.decided_at, row.decided_by) for row in rows]
