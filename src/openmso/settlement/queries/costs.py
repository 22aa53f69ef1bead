"""Questions: what the MSO cost a practice, month by month, each figure with where it opens."""

from __future__ import annotations

from django.urls import reverse

from openmso.governance.contracts.interests import PaidTo
from openmso.kit.money import ZERO, Money
from openmso.settlement.contracts.costs import CostMonth
from openmso.settlement.models import Settlement, StatementRow
from openmso.settlement.queries.statements import fee_step, settlement_of
from openmso.settlement.states import S

SUMMED = ("collected", "fee", "given_back", "rebates", "credited", "paid", "due", "disputed")


def months(practice: int) -> list[CostMonth]:
    """Every settled month of a practice, the latest first."""
    rows = list(
        Settlement.objects.filter(practice_id=practice).exclude(state=S.WITHDRAWN)
        .select_related("practice", "fee").order_by("-month")
    )  # fmt: skip
    came_in = StatementRow.objects.filter(practice_id=practice, settlement__in=rows, section="in", total=True)
    numbers = dict(came_in.values_list("settlement", "number"))
    return [_month(row, numbers.get(row.pk, 0)) for row in rows]


def totals(found: list[CostMonth]) -> dict[str, Money]:
    """The sums of some months."""
    return {name: Money.total(getattr(one, name) for one in found) for name in SUMMED}


def paid(practice: int) -> list[PaidTo]:
    """What was paid to the MSO as fees, for whoever asks what related parties were paid."""
    rows = Settlement.objects.filter(practice_id=practice, paid_on__isnull=False).exclude(paid_amount=0)
    return [
        PaidTo(
            row.mso_name, row.paid_on, Money.of(row.paid_amount), f"Management fee, invoice {row.invoice}",
            reverse("settlement:statement", args=[row.public_id]),
        )
        for row in rows if row.paid_on is not None and row.paid_amount is not None
    ]  # fmt: skip


def _month(row: Settlement, number: int) -> CostMonth:
    one = settlement_of(row)
    credits = (fee_step(step) for step in row.fee.steps)
    back = Money.total(-step.effect for step in credits if step.kind == "credit")
    return CostMonth(
        one.public_id, one.month, one.invoice, one.state, one.agreement, one.version, one.sentence, one.collected,
        number, one.fee, back or ZERO, one.rebates, one.memos, one.paid + one.credited, one.due, one.disputed,
    )  # fmt: skip
