"""What the network has decided about denials."""

from __future__ import annotations

from openmso.denials.contracts import MapRule
from openmso.denials.models import Limit, MapLine
from openmso.kit.money import Money
from openmso.parties.queries import payers

LIMIT = Money.of("50.00")
"""What one person may write off alone until the network says otherwise."""


def lines() -> list[MapRule]:
    """Every version of the network's own map, the latest first, withdrawn ones with an empty category."""
    names = payers.names()
    return [
        MapRule(
            row.group, row.reason, row.remark, row.payer_id, "" if row.withdrawn else row.category, row.owner,
            row.action, row.stage, row.number, row.why, row.by, row.at, names.get(row.payer_id or 0, ""),
        )
        for row in MapLine.objects.order_by("-number")
    ]  # fmt: skip


def rules() -> list[MapRule]:
    """The lines that hold: the last one for the same codes and payer, unless it withdrew them."""
    last: dict[tuple[object, ...], MapRule] = {}
    for rule in lines():
        last.setdefault((rule.group, rule.reason, rule.remark, rule.payer), rule)
    return [rule for rule in last.values() if rule.category]


def limit() -> Money:
    """Up to what a denial is written off by one person alone."""
    row = Limit.objects.order_by("-pk").first()
    return Money(row.amount) if row else LIMIT
