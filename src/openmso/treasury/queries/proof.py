"""Whether runs are what their terms and figures give: each posted run is computed again, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from openmso.agreements.fees import waterfall
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.waterfall import Line, Standing, Takings
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.treasury import models
from openmso.treasury.queries.accounts import as_instruction
from openmso.treasury.states import Moved, R

OWED = {
    "refunds": Line.REFUNDS, "practice_expenses": Line.EXPENSES, "physician_compensation": Line.PHYSICIANS,
    "fee": Line.FEE,
}  # fmt: skip


def runs_posted(practice: int) -> int:
    """How many months of a practice were paid out."""
    return models.Run.objects.filter(practice_id=practice, state=R.POSTED).count()


def runs_that_differ(practice: int) -> Iterator[str]:
    """The posted runs of which the stored terms, figures and opening give other lines than were kept.

    So does a run that does not open with the loan, the reserve and the cash that the one before it left.
    """
    before: models.Run | None = None
    found = models.Run.objects.filter(practice_id=practice, state=R.POSTED).select_related("instruction__account")
    for row in found.order_by("month"):
        month = Month.of(row.month)
        kept = models.RunStep.objects.filter(practice_id=practice, run=row).order_by("number")
        terms = waterfall.priority_of(Node({"reserve_use": "kept"} | row.terms, "terms"))  # runs before it was a term
        again = waterfall.run(terms, (_takings(row, month),), _standing(row.opening))[0]
        lines = [(one.line.value, one.wanted, one.paid, one.advanced, one.missing) for one in again.lines]
        if lines != [
            (one.line, *map(Money.of, (one.wanted_amount, one.paid_amount, one.advanced_amount, one.missing_amount)))
            for one in kept
        ]:
            yield f"{month}: another way of the cash than its terms and figures give"
        if again.closing != _standing(row.closing) or not again.balances:
            yield f"{month}: it ends with {row.closing} instead of {again.closing}"
        if before is not None and not _follows(before, row):
            yield f"{month}: it opens with {row.opening}, {Month.of(before.month)} ended with {before.closing}"
        before = row


def _follows(before: models.Run, row: models.Run) -> bool:
    """Whether a month opens with what the one before it left, and with what happened since.

    What a revocation stopped is back, and carried as missing; what a dispute won is off the loan.
    """
    left, opens, back = _standing(before.closing), _standing(row.opening), Money.of(row.opening.get("back", 0))
    won = models.LoanMovement.objects.filter(
        practice_id=row.practice_id, kind=Moved.CREDIT.value, moved_at__gt=before.posted_at, moved_at__lte=row.posted_at
    ).aggregate(sum=Sum("amount"))["sum"]
    return (left.loan + Money.of(won or 0), left.reserve, left.held + back, left.carried - back) == (
        opens.loan, opens.reserve, opens.held, opens.carried,
    )  # fmt: skip


def _takings(row: models.Run, month: Month) -> Takings:
    """What a run was given; where no account holds the government's money apart it came in with the rest."""
    sums = {one["key"]: Money.of(one["amount"]) for one in row.given}
    returned = Money.total(max(-sums.get(key, ZERO), ZERO) for key in OWED)
    government, held = sums["government"], Money.of(row.opening["held"])
    swept, stays = Money.of(row.swept_amount), Money.of(row.held_amount)
    apart = bool(swept or stays or held)
    moves = as_instruction(row.instruction).moves(held + government) if row.instruction else ZERO
    return Takings(
        month, sums["other"] + returned + (ZERO if apart else government), government if apart else ZERO,
        {line: max(sums.get(key, ZERO), ZERO) for key, line in OWED.items()}, revoked=apart and row.instruction is None,
        keep=held + government - moves if apart else ZERO,
    )  # fmt: skip


def _standing(kept: dict[str, str]) -> Standing:
    return Standing(*(Money.of(kept.get(what, 0)) for what in ("loan", "stacked", "reserve", "held", "carried")))
