"""The payers at work: files in, answers out; what is due is paid on its day, what was overpaid is taken back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from edi.x12.claim.model import Claim
from edi.x12.remittance.model import ClaimPayment, ProviderAdjustmentItem
from edi.x12.values import Address, Event
from openmso.simulator.network.cast import DemoPractice
from openmso.simulator.network.promises import Promises
from openmso.simulator.payer import coordinate
from openmso.simulator.payer.adjudicate import FORWARDED as FORWARDS
from openmso.simulator.payer.adjudicate import adjudicate, correction, reversal
from openmso.simulator.payer.inquire import answer_inquiries
from openmso.simulator.payer.profile import Profile, dice, fingerprint
from openmso.simulator.payer.receive import Received, receive
from openmso.simulator.payer.remit import Cheque, Payee, remit

ZERO = Decimal("0.00")
FORWARDED = frozenset(FORWARDS.values())
DAYS_TO_TAKE_BACK = 12
BETWEEN_PARTS = timedelta(days=7)
DAYS_TO_CROSS = 10
CROSSOVER_LOST_PER_1000 = 150
INTEREST = Decimal("1.37")
OFFSET = Decimal("25.00")
OFFSETS_PER_1000 = 12
"""Payments from which a payer takes for something that it never explained."""
BEFORE_THE_NETWORK = timedelta(days=120)
NUMBERS_EACH = 10_000
"""Control and check numbers that a payer keeps for each practice."""
_PAID = re.compile(rb"(BPR\*\w\*)([\d.]+)")


@dataclass(slots=True)
class Account:
    """What one payer keeps of one payee: payments by the day they fall due, and what is owed from before."""

    due: dict[date, list[ClaimPayment]] = field(default_factory=lambda: defaultdict(list))
    owed: Decimal = ZERO
    owed_since: str = ""
    to_take: list[ProviderAdjustmentItem] = field(default_factory=list)
    """Overpayments that were left with the payee, for the next payment."""
    capitated: str = ""
    """The month that was paid for last, of members that are paid for by the month."""
    settled: list[ClaimPayment] = field(default_factory=list)
    """Payments in whole that nothing took back, in their order."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An 835 that arrives: its bytes, what the bank will show, and whether it is a file that was sent before."""

    content: bytes
    cheque: Cheque
    again: bool
    broken: bool = False
    """Whether it does not balance; the right one follows."""


class Payers:
    """All payers of the network. The same files in the same order give the same answers, byte for byte."""

    def __init__(
        self, profiles: tuple[Profile, ...], *, practices: Sequence[str], seed: int, to: str,
        promises: Promises | None = None,
    ) -> None:  # fmt: skip
        """`promises` are the contracts by which they pay; without them each pays its share of the charge."""
        self.promises = promises
        self.profiles = {profile.name: profile for profile in profiles}
        self.seed = seed
        self.to = to
        self.accounts: dict[tuple[str, str], Account] = defaultdict(Account)
        self.controls = {
            (name, code): 100 + place * NUMBERS_EACH for name in self.profiles for place, code in enumerate(practices)
        }
        self.judged: dict[tuple[str, str], tuple[date, ClaimPayment]] = {}
        self.turned_away: dict[tuple[str, str], set[str]] = defaultdict(set)
        """Claims that were rejected, by payer and practice."""

    def _number(self, payer: str, practice: str, *, step: int) -> int:
        """The payer's next number for a practice: it does not hang on what other practices send."""
        self.controls[payer, practice] += step
        return self.controls[payer, practice]

    def take(self, content: bytes, *, payer: str, practice: str, at: datetime) -> Received:
        """Answer a batch; what is accepted falls due some days later."""
        profile = self.profiles[payer]
        control = self._number(payer, practice, step=10)
        turned_away = self.turned_away[payer, practice]
        received = receive(
            content, profile, to=self.to, at=at, seed=self.seed, control=control, turned_away=turned_away
        )
        turned_away |= received.rejected
        account = self.accounts[payer, practice]
        for taken in received.claims:
            payment = self._judge(taken.claim, profile, practice, control=taken.control, received_on=at.date())
            chance = dice(self.seed, "days", fingerprint(taken.claim))
            on = at.date() + timedelta(days=chance.randint(*profile.days_to_pay))
            for place, part in enumerate(in_parts(payment) if profile.pays_in_parts else [payment]):
                account.due[on + place * BETWEEN_PARTS].append(part)
            self.judged[payer, taken.claim.control] = (on, payment)
            if payment.status in FORWARDED:
                self._pass_on(taken.claim, payment, profile, practice, on)
            if payment.paid <= 0:
                continue
            if chance.randrange(1000) >= profile.reversed_per_1000:
                account.settled.append(payment)
            else:
                later = on + timedelta(days=DAYS_TO_TAKE_BACK)
                account.due[later] += [
                    reversal(payment),
                    correction(payment, control=f"{taken.control}C"),
                ]
        return received

    def _judge(self, claim: Claim, profile: Profile, practice: str, *, control: str, received_on: date) -> ClaimPayment:
        """The decision on a claim by the contract with the practice, where there is one."""
        worth = self.promises.worth(claim, profile, practice, seed=self.seed) if self.promises else ()
        return adjudicate(
            claim, profile, seed=self.seed, control=control, received_on=received_on, worth=worth
        )  # fmt: skip

    def pay_twice(self, payer: str, practice: str, *, on: date, count: int) -> None:
        """A payer's slip: the first claims that it answered are due once more, under other numbers of its own."""
        account = self.accounts[payer, practice]
        account.due[on] += [replace(one, payer_control=f"{one.payer_control}D") for one in account.settled[:count]]

    def say(self, content: bytes, *, payer: str, practice: str, at: datetime) -> bytes:
        """Answer a 276 by a 277: pending, paid or denied, and what was never taken in is not found."""
        control = self._number(payer, practice, step=10)
        known = {control: (on, one) for (whose, control), (on, one) in self.judged.items() if whose == payer}
        return answer_inquiries(content, self.profiles[payer], known, to=self.to, at=at, control=control)

    def _pass_on(self, claim: Claim, payment: ClaimPayment, profile: Profile, practice: str, on: date) -> None:
        """Crossover: the next payer gets the claim from this one and answers under the same number; sometimes not."""
        if dice(self.seed, "crossover", fingerprint(claim)).randrange(1000) < CROSSOVER_LOST_PER_1000:
            return
        following = self.profiles.get(profile.crossover_to)
        if following is None:
            return
        control = f"X{payment.payer_control}"[:30]
        sent_on = coordinate.crossed(claim, payment, profile)
        answer = self._judge(sent_on, following, practice, control=control, received_on=on)
        self.accounts[following.name, practice].due[on + timedelta(days=DAYS_TO_CROSS)].append(answer)

    def pay(self, plan: DemoPractice, *, until: date, at: datetime) -> Iterator[Delivery]:
        """What every payer pays one practice for all that has fallen due."""
        for (payer, practice), account in sorted(self.accounts.items()):
            if practice != plan.code:
                continue
            days = sorted(day for day in account.due if day <= until)
            payments = [payment for day in days for payment in account.due.pop(day)]
            for run in _runs(payments, apart=self.profiles[payer].takes_back_apart):
                yield from self._remit(self.profiles[payer], plan, account, run, at)

    def _remit(
        self, profile: Profile, plan: DemoPractice, account: Account, payments: list[ClaimPayment], at: datetime
    ) -> Iterator[Delivery]:
        number = self._number(profile.name, plan.code, step=1)
        payee = Payee(plan.name.upper(), plan.npi, plan.tin, Address(plan.street, "", plan.city, plan.state, plan.zip))
        late = profile.pays_interest and dice(self.seed, "interest", number).randrange(3) == 0
        former = dice(self.seed, "former", profile.payer_id, plan.code, at.date())
        if former.randrange(1000) < profile.former_claim_per_1000 and not payments[-1].is_reversal:
            payments = [*payments, _of_former_biller(payments[-1], number)]
        left = _left_for_now(payments) if profile.takes_back_later else []
        if sum(payment.paid for payment in payments) > 4 * OFFSET and (
            dice(self.seed, "offset", number).randrange(1000) < OFFSETS_PER_1000
        ):
            account.to_take.append(ProviderAdjustmentItem("WO", f"ADJ{number:08d}", OFFSET))
        if (worth := profile.capitation.get(plan.code)) and account.capitated != f"{at:%Y%m}":
            account.capitated = f"{at:%Y%m}"
            account.to_take.append(ProviderAdjustmentItem("CT", account.capitated, -worth))
        cheque = remit(
            payments, profile, payee, to=self.to, paid_on=at.date(), at=at, number=number, owed=account.owed,
            owed_since=account.owed_since, interest=INTEREST if late else ZERO, takebacks=[*account.to_take, *left],
        )  # fmt: skip
        if dice(self.seed, "broken", cheque.trace).randrange(1000) < profile.broken_file_per_1000:
            yield Delivery(_unbalanced(cheque), cheque, again=False, broken=True)
        account.owed, account.owed_since = cheque.carried, cheque.trace
        account.to_take = [replace(item, amount=-item.amount) for item in left]
        yield Delivery(cheque.content, cheque, again=False)
        if dice(self.seed, "twice", cheque.trace).randrange(1000) < profile.duplicate_file_per_1000:
            renumbered = cheque.content.replace(f"*{number:09d}*".encode(), f"*{number + 5000:09d}*".encode())
            renumbered = renumbered.replace(f"*{number:09d}~".encode(), f"*{number + 5000:09d}~".encode())
            yield Delivery(renumbered, replace(cheque, content=renumbered), again=True)


def in_parts(payment: ClaimPayment) -> list[ClaimPayment]:
    """The first line of a claim by itself, and the others; a denial, or what is decided of the whole, stays whole."""
    if len(payment.lines) < 2 or payment.adjustments or not payment.paid:
        return [payment]
    return [
        replace(
            payment, lines=lines, charge=sum((line.charge for line in lines), ZERO),
            paid=sum((line.paid for line in lines), ZERO),
            patient_responsibility=sum(
                (one.amount for line in lines for one in line.adjustments if one.group == "PR"), ZERO
            ),
        )
        for lines in (payment.lines[:1], payment.lines[1:])
    ]  # fmt: skip


def _runs(payments: list[ClaimPayment], *, apart: bool) -> list[list[ClaimPayment]]:
    """The payments of each remittance: all in one, or reversals with their corrections first."""
    taken = {payment.control for payment in payments if payment.is_reversal and apart}
    runs = [[payment for payment in payments if (payment.control in taken) is back] for back in (True, False)]
    return [run for run in runs if run]


def _left_for_now(payments: Sequence[ClaimPayment]) -> list[ProviderAdjustmentItem]:
    """What reversals with their corrections cost the payee, given back for now: one item each, under the claim."""
    return [
        ProviderAdjustmentItem("WO", taken.payer_control, taken.paid + anew.paid)
        for taken, anew in pairwise(payments)
        if taken.is_reversal and anew.control == taken.control
    ]


def _of_former_biller(like: ClaimPayment, number: int) -> ClaimPayment:
    """A payment of a claim that somebody else sent before: no control number in it is one of ours."""
    lines = tuple(
        replace(line, references=(), dates=tuple(_before(event) for event in line.dates)) for line in like.lines
    )
    return replace(like, control=f"PRV{number:08d}", payer_control=f"{number:012d}P", lines=lines)


def _before(event: Event) -> Event:
    """A service of the time before the practice joined."""
    on = event.on - BEFORE_THE_NETWORK if event.on else None
    return replace(event, on=on, text=f"{on:%Y%m%d}" if on else event.text)


def _unbalanced(cheque: Cheque) -> bytes:
    """The file with another amount paid: BPR02 no longer comes to its claims."""
    return _PAID.sub(lambda said: said[1] + str(Decimal(said[2].decode()) + 1).encode(), cheque.content, count=1)
