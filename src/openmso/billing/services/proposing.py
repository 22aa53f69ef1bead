"""What a run proposes for one account, and how each kind of run proposes, does and ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from openmso.billing.models import Sweep, SweptAccount
from openmso.billing.services.settling import Act
from openmso.billing.states import Deed
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be done with an account, of which amount, and why; of one payment where it is about that."""

    patient: int
    deed: Deed
    amount: Money
    words: str
    payment: int | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        """What tells one proposal of a run from another."""
        return self.patient, self.payment


def no_more(sweep: Sweep, act: Act) -> None:
    """What ends a run that leaves no paper."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What one kind of run proposes, how some accounts of it are done, and what is written when all are.

    `needs_another` where a second person decides.
    """

    propose: Callable[[int, date, Collection[int] | None], list[Proposal]]
    do: Callable[[Sweep, Sequence[SweptAccount], Act], None]
    needs_another: bool
    finish: Callable[[Sweep, Act], None] = no_more
