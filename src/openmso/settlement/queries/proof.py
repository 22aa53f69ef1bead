"""Whether fees are what their terms and inputs give: each kept fee is computed again, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from openmso.agreements.fees import quoting
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.reading import terms_of
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement.models import Settlement


def fees_kept(practice: int) -> int:
    """How many fees are kept of a practice, withdrawn ones among them."""
    return Settlement.objects.filter(practice_id=practice).count()


def fees_that_differ(practice: int) -> Iterator[str]:
    """The invoices of which the stored terms and inputs give another fee, or another step, than was kept."""
    for row in Settlement.objects.filter(practice_id=practice).select_related("fee").order_by("month", "pk"):
        kept = row.fee
        again = quoting.quote(
            terms=terms_of(kept.terms), period=Month.of(row.month).range, inputs=Inputs.of(kept.inputs),
            in_force=DayRange(kept.starts_on, kept.ends_on),
        )  # fmt: skip
        steps = [str(step.effect) for step in again.steps]
        if again.amount != Money.of(kept.amount) or steps != [step["effect"] for step in kept.steps]:
            yield f"{row.invoice}: {again.amount} instead of {Money.of(kept.amount)}"
