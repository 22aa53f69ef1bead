"""What is asked before money moves, and what stops it: plain judgement over what was found.

The rules of law of the agreement, the rule of the account for government payers, and whether an owner who can refer
stands in the cap table as one who cannot. Payments for services, leases and goods are judged line by line (`paying`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from openmso.compliance.contracts import Payment, Register
from openmso.compliance.rules.recognising import Payees, is_source, normalised
from openmso.compliance.states import Flow
from openmso.kit.money import Money

REASSIGNED = "42 CFR 424.73(b), 447.10"
INVESTORS = "42 CFR 1001.952(a)(2)(i)"


class Ask(Enum):
    """What is asked of a flow."""

    LAW = "the rules of law that are asked at a payment, of the agreement"
    ACCOUNT = "whether the practice itself orders what leaves its account for government payers"
    OWNERS = "whether an owner who is known to refer is kept as one who does not"


ASKED: Mapping[Flow, frozenset[Ask]] = {
    Flow.FEE: frozenset({Ask.LAW}),
    Flow.RUN: frozenset({Ask.LAW}),
    Flow.ADVANCE: frozenset({Ask.LAW}),
    Flow.SWEEP: frozenset({Ask.LAW, Ask.ACCOUNT}),
    Flow.FILE: frozenset({Ask.LAW, Ask.ACCOUNT}),
    Flow.DRAW: frozenset({Ask.LAW}),
    Flow.INSTALMENT: frozenset({Ask.LAW}),
    Flow.CALL: frozenset({Ask.OWNERS}),
    Flow.UNITS: frozenset({Ask.OWNERS}),
    Flow.DISTRIBUTION: frozenset({Ask.OWNERS}),
    Flow.CLOSING: frozenset({Ask.LAW}),
}
"""What is asked of each flow. What a practice pays to patients and payers is no matter of these rules."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why money may not move: the rule, the sentence with its citation, and what is done about it."""

    rule: str
    says: str
    fix: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who gets money as an owner, or pays it in; `refers` is what the cap table says of them."""

    name: str
    refers: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A flow of money of a practice, or of the MSO, before it moves.

    `agreement` is the one under which it moves; without it, the one in force, or the last one. `account` is the public
    id of the account of the practice that it leaves, and `ordered_by` the public id of whoever orders that.
    """

    flow: Flow
    practice: int
    agreement: str = ""
    account: str = ""
    ordered_by: str = ""
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a flow comes to on a day: it may move where nothing stops it."""

    flow: Flow
    on: date
    agreement: str = ""
    stops: tuple[Stop, ...] = field(default=())

    @property
    def may(self) -> bool:
        """Whether the money may move."""
        return not self.stops


def of_account(*, is_government: bool, is_the_practices: bool, name: str) -> Iterator[Stop]:
    """Only the practice orders what leaves its account for government payers."""
    if is_government and not is_the_practices:
        yield Stop(
            "MCR-BANK-03", f"{name} takes what government payers pay, and only a person of the practice says what "
            f"leaves it ({REASSIGNED}).", "Have the practice give the instruction, or approve it.",
        )  # fmt: skip


def of_owners(owners: Iterable[Owner], register: Register) -> Iterator[Stop]:
    """An owner whom the register knows as a source of referrals counts as one in the test of the venture.

    One who stands in the table twice is told rightly once one of the entries says so: the units follow by transfer.
    """
    owners, known = tuple(owners), Payees(register)
    rightly = {normalised(one.name) for one in owners if one.refers}
    for owner in owners:
        if normalised(owner.name) in rightly:
            continue
        who = next((one for one in known.of(Payment(0, owner.name, Money.cents(1))) if is_source(one)), None)
        if who is not None:
            yield Stop(
                "JV-01", f"{owner.name} is known as {who.what}, and the cap table has them as one who refers nothing "
                f"({INVESTORS}).", "Name them once more as a holder who can refer, with a title or "
                "the form of the company, and transfer the units to that entry.",
            )  # fmt: skip
