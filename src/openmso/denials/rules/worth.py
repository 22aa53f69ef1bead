"""What a denial is worth working on: dollars x win rate x weight of the time left.

The win rate is the share of their dollars that such denials brought in at this practice. Few of them say little, so
it leans on what more of them say: `SHRINKS` denials' worth on the rate of the category with all payers, and that one
on our starting value for the category (`priors.csv`: ours, to be replaced by what really happens).
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from openmso.denials.contracts import Category, Record, Worth
from openmso.denials.rules import mapping
from openmso.kit import words
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.work.contracts import when

SHRINKS = 10
LAST_DAYS, LAST_WEEKS = 7, 30
PLACES = Decimal("0.0001")
NOTHING, EARLY, SOON, NOW = Decimal("0.00"), Decimal("0.50"), Decimal("0.75"), Decimal("1.00")
FORMULA = (
    "Dollars x win rate x weight of the time left. The weight is 1 in the last 7 days, 0.75 in the last 30, 0.50 "
    "before, and nothing after the last day. The win rate is the share of their dollars that denials of this kind and "
    f"payer brought in here, together with {SHRINKS} more that did as this kind does with all payers; and that one is "
    f"counted together with {SHRINKS} more of our starting value."
)


def weight(due_on: date | None, on: date) -> Decimal:
    """How much the time that is left presses; nothing when the last day has passed."""
    if due_on is None:
        return EARLY
    left = (due_on - on).days
    if left < 0:
        return NOTHING
    return NOW if left <= LAST_DAYS else SOON if left <= LAST_WEEKS else EARLY


def worth(*, amount: Money, category: Category, record: Record, due_on: date | None, on: date) -> Worth:
    """What a denial is worth on a day, given how others ended."""
    prior = mapping.priors().get(category.value, Decimal("0.50"))
    of_category = _shrunk(record.all_won, record.all, prior)
    return Worth(
        amount, _shrunk(record.here_won, record.here, of_category), weight(due_on, on), prior, of_category, record,
        (due_on - on).days if due_on else None,
    )  # fmt: skip


def _shrunk(won: Decimal, ended: int, towards: Decimal) -> Decimal:
    return ((won + SHRINKS * towards) / (ended + SHRINKS)).quantize(PLACES, ROUND_HALF_UP)


def why_next(*, amount: Money, rate: Decimal, due_on: date | None, on: date) -> str:
    """Why a denial stands where it stands: `140.00 × 40 % won × 6 days left`."""
    return f"{_odds(amount, rate)} × {time_left((due_on - on).days if due_on else None)}"


def why_ranked(*, amount: Money, rate: Decimal, due_on: date | None) -> str:
    """The same for whoever reads it on another day."""
    return f"{_odds(amount, rate)}, {f'last day {when(due_on)}' if due_on else 'no last day'}"


def _odds(amount: Money, rate: Decimal) -> str:
    return f"{words.amount(amount.amount)} × {rate * 100:.0f} % won"


def time_left(days: int | None) -> str:
    """How long there is until the last day, in words."""
    if days is None:
        return "no last day"
    return f"{counted(days, 'day')} left" if days >= 0 else f"{counted(-days, 'day')} too late"


def priority(value: Money, due_on: date | None, on: date) -> int:
    """From 20 for small change to 70 for what is worth a thousand dollars; 20 more in the last week."""
    base = 20 + int(min(value.amount, Decimal(1000)) / 1000 * 50)
    return base + (20 if weight(due_on, on) == NOW else 0)
