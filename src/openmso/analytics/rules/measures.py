"""What one claim counts for: plain values of the lower apps in, one row of measures out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from openmso.claims.contracts import ClaimMeasure
from openmso.remittances.contracts import PaymentMeasure

ZERO = Decimal("0.00")
BUCKETS = (0, 31, 61, 91, 121)
"""The days of age from which each bucket of receivables counts."""
PRIMARY, ORIGINAL = "P", "1"


@dataclass(frozen=True, slots=True)
class Key:
    """Whose measures: payer and clinician of the claim, none where it has none."""

    payer: int | None
    clinician: int | None


@dataclass(frozen=True, slots=True)
class Flags:
    """What is so of a claim; each is a count of one where it is true.

    Of original claims to the first payer: `submitted` it has left; `accepted_first` it was taken in at the first
    sending and never sent back; `waiting` nobody has answered yet; `returned` it was sent back before it was judged;
    `judged` a payer has paid or refused; `first_pass` the first judgement paid it, with no rejection or second
    sending before;
    `denied_first` the first judgement paid nothing and refused something; `denial_ended` such a claim has an end;
    `overturned` such a claim was paid after all.
    """

    submitted: bool = False
    accepted_first: bool = False
    waiting: bool = False
    returned: bool = False
    judged: bool = False
    first_pass: bool = False
    denied_first: bool = False
    denial_ended: bool = False
    overturned: bool = False


FLAGS = tuple(one.name for one in fields(Flags))


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim as it is measured. Amounts in dollars; lags in calendar days, none where there is no second day."""

    claim: int
    key: Key
    served_on: date
    sent_on: date | None
    """Of an original claim to the first payer; none otherwise."""
    flags: Flags
    charge: Decimal
    served: Decimal
    """The charge that payments are measured against: once for what was done, on the claim that stands for it."""
    paid: Decimal
    contractual: Decimal
    other: Decimal
    to_build: int | None
    to_send: int | None
    to_resolve: int | None
    """Days from the first denial to its end."""
    net: Decimal
    """What the services of the claim come to: its contract's amount, then its charge less what the contract took."""
    to_appeal: int | None
    """Days from the first denial to the first appeal."""
    paid_at: Mapping[int, Decimal]
    """What was paid by the bucket of days since the service."""

    @property
    def money(self) -> tuple[Decimal, ...]:
        """What the services came to, in the order of `SERVED`."""
        return self.served, self.paid, self.contractual, self.other, self.net

    @property
    def has_money(self) -> bool:
        """Whether anything was charged, paid or taken off."""
        return bool(self.served or self.paid or self.contractual or self.other)


def fact(
    claim: ClaimMeasure, payments: Sequence[PaymentMeasure], *, expected: Decimal | None = None,
    to_appeal: int | None = None,
) -> Fact:  # fmt: skip
    """What a claim counts for, with its payments in the order in which they were applied.

    `expected` is what its contract allows, where one does; `to_appeal` days from its denial to the first appeal.
    """
    counts = claim.ordinal == PRIMARY and claim.frequency == ORIGINAL and claim.sent_on is not None
    judged = [one for one in payments if not (one.is_reversal or one.is_duplicate)]
    first = judged[0] if judged else None
    denied = first is not None and first.paid == 0 and first.denied > 0
    paid = sum((one.paid for one in payments), ZERO)
    overturned = denied and paid > 0
    ended_on = _ended_on(claim, judged) if denied else None
    stands = claim.sent_on is not None and claim.gone_on is None and claim.ordinal == PRIMARY
    contractual = sum((one.contractual for one in payments), ZERO)
    worth = expected if expected is not None and not judged else claim.charge - contractual
    paid_at: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for one in payments:
        paid_at[cohort_of((one.applied_on - claim.service_on).days)] += one.paid
    flags = Flags(
        submitted=counts,
        accepted_first=counts and (claim.answered or first is not None) and not claim.rejected and claim.version <= 1,
        waiting=counts and not claim.answered and first is None,
        returned=counts and claim.rejected,
        judged=counts and first is not None,
        first_pass=counts and first is not None and not denied and not claim.rejected and claim.version <= 1,
        denied_first=counts and denied,
        denial_ended=counts and ended_on is not None,
        overturned=counts and overturned,
    )
    return Fact(
        claim.id, Key(claim.first_payer, claim.clinician), claim.service_on, claim.sent_on if counts else None, flags,
        claim.charge, claim.charge if stands else ZERO, paid, contractual,
        sum((one.other for one in payments), ZERO),
        (claim.built_on - claim.service_on).days if counts else None,
        (claim.sent_on - claim.service_on).days if counts and claim.sent_on else None,
        (ended_on - first.applied_on).days if counts and ended_on and first else None,
        worth if stands else ZERO, to_appeal if counts and denied else None, dict(paid_at),
    )  # fmt: skip


def _ended_on(claim: ClaimMeasure, judged: Sequence[PaymentMeasure]) -> date | None:
    """The day on which a first denial was over: paid after all, closed, replaced or voided."""
    paid = next((one.applied_on for one in judged if one.paid > 0), None)
    return paid or claim.settled_on or claim.gone_on


@dataclass(slots=True)
class Sums:
    """Measures of a month added up. Flags and charges belong to the month of first sending, money to that of service.

    So payments meet the charges that they pay, whenever they come (net collection by date of service).
    """

    counts: dict[str, int]
    submitted_amount: Decimal = ZERO
    denied_first_amount: Decimal = ZERO
    served_amount: Decimal = ZERO
    paid_amount: Decimal = ZERO
    contractual_amount: Decimal = ZERO
    other_amount: Decimal = ZERO
    net_amount: Decimal = ZERO


AMOUNTS = tuple(one.name for one in fields(Sums) if one.name != "counts")
SERVED = ("served_amount", "paid_amount", "contractual_amount", "other_amount", "net_amount")
"""Those that belong to the month of service: of a claim, the amount of the same name."""
CellKey = tuple[date, Key]


def cells(facts: Iterable[Fact]) -> dict[CellKey, Sums]:
    """The sums of each month, payer and clinician; a month is its first day."""
    found: dict[CellKey, Sums] = defaultdict(lambda: Sums(dict.fromkeys(FLAGS, 0)))
    for one in facts:
        if one.sent_on is not None:
            cell = found[one.sent_on.replace(day=1), one.key]
            for name in FLAGS:
                cell.counts[name] += bool(getattr(one.flags, name))
            cell.submitted_amount += one.charge
            cell.denied_first_amount += one.charge if one.flags.denied_first else ZERO
        if not one.has_money:
            continue
        served = found[one.served_on.replace(day=1), one.key]
        for name, amount in zip(SERVED, one.money, strict=True):
            setattr(served, name, getattr(served, name) + amount)
    return dict(found)


COHORT_AGES = (0, 31, 61, 91, 121, 181)
"""The days since the service from which each column of a cohort counts."""
CohortKey = tuple[date, Key, int]


def cohort_of(days: int) -> int:
    """The column of an age in days."""
    return max((start for start in COHORT_AGES if start <= days), default=0)


def cohorts(facts: Iterable[Fact]) -> dict[CohortKey, Decimal]:
    """What was paid for the services of each month, by days since the service."""
    found: dict[CohortKey, Decimal] = defaultdict(lambda: ZERO)
    for one in facts:
        for start, paid in one.paid_at.items():
            found[one.served_on.replace(day=1), one.key, start] += paid
    return {key: paid for key, paid in found.items() if paid}


LAGS = ("to_build", "to_send", "to_resolve", "to_appeal")
LagKey = tuple[str, date, Key, int]


def lags(facts: Iterable[Fact]) -> dict[LagKey, int]:
    """How many claims took so many days, by the month of first sending: medians come exact from it."""
    found: dict[LagKey, int] = defaultdict(int)
    for one in facts:
        for name in LAGS:
            days = getattr(one, name)
            if days is not None and one.sent_on is not None:
                found[name, one.sent_on.replace(day=1), one.key, days] += 1
    return dict(found)


@dataclass(slots=True)
class Aged:
    """Receivables of an age on a day: what insurers owe, what was paid too much (negative), what patients owe.

    `net_amount` is what insurers owe by their contracts, less credits; `unbilled_amount` is charged and not sent yet,
    and stands in none of the others.
    """

    claims: int = 0
    open_amount: Decimal = ZERO
    credit_amount: Decimal = ZERO
    patient_amount: Decimal = ZERO
    net_amount: Decimal = ZERO
    unbilled_amount: Decimal = ZERO


Decided = tuple[int, date, Decimal, Decimal]
"""ClaimMeasure, day, what left the insurer's debt, and the patient's part of that."""
AgeKey = tuple[date, Key, int]


def bucket_of(days: int) -> int:
    """The bucket of an age in days."""
    return max((start for start in BUCKETS if start <= days), default=0)


@dataclass(frozen=True, slots=True)
class Stood:
    """One claim as it stood at the end of a day; nothing of a claim of which nothing was owed and nothing unbilled."""

    claim: int
    key: Key
    on: date
    bucket: int
    aged: Aged


def stood(
    claims: Sequence[ClaimMeasure], decided: Iterable[Decided], days: Sequence[date], expected: Mapping[int, Decimal]
) -> Iterator[Stood]:
    """Each claim as it stood at the end of each of some days, by age since the service.

    A claim counts from the day it was first sent until the day it was replaced or voided, for its charge less what
    was decided until then; before, an original one to a first payer is unbilled. What is `expected` of a claim by
    contract is its net until something is decided.
    """
    by_claim: dict[int, list[tuple[date, Decimal, Decimal]]] = defaultdict(list)
    for claim, on, settled, patient in decided:
        by_claim[claim].append((on, settled, patient))
    for one in claims:
        for day in days:
            if one.service_on > day or _over(one, day):
                continue
            found = _on_day(one, day, by_claim.get(one.id, ()), expected)
            if found is not None:
                key, bucket = Key(one.payer, one.clinician), bucket_of((day - one.service_on).days)
                yield Stood(one.id, key, day, bucket, found)


def _on_day(
    one: ClaimMeasure, day: date, decided: Sequence[tuple[date, Decimal, Decimal]], expected: Mapping[int, Decimal]
) -> Aged | None:
    """What a claim counts for on a day, which is neither before its service nor after its end."""
    if one.sent_on is None or one.sent_on > day:
        unbilled = one.ordinal == PRIMARY and one.frequency == ORIGINAL
        return Aged(unbilled_amount=one.charge) if unbilled else None
    so_far = [part for part in decided if part[0] <= day]
    left = one.charge - sum((settled for _, settled, _ in so_far), ZERO)
    share = sum((patient for _, _, patient in so_far), ZERO)
    if not (left or share):
        return None
    net = left if so_far else min(left, expected.get(one.id, left))
    return Aged(1, max(left, ZERO), min(left, ZERO), share, net)


def ageing(stood: Iterable[Stood]) -> dict[AgeKey, Aged]:
    """Receivables as they stood at the end of each day, by payer, clinician and age."""
    found: dict[AgeKey, Aged] = defaultdict(Aged)
    for one in stood:
        into = found[one.on, one.key, one.bucket]
        for part in fields(Aged):
            setattr(into, part.name, getattr(into, part.name) + getattr(one.aged, part.name))
    return dict(found)


def _over(claim: ClaimMeasure, day: date) -> bool:
    """Whether a claim was replaced or voided by a day, or closed without ever being sent."""
    ended = claim.gone_on or (claim.settled_on if claim.sent_on is None else None)
    return ended is not None and ended <= day


def median(days: Mapping[int, int]) -> Decimal | None:
    """The median of days with how often each occurs; of none, none."""
    count = sum(days.values())
    if not count:
        return None
    lower, upper = (count - 1) // 2, count // 2
    seen, found = 0, 0
    for value in sorted(days):
        found += value * sum(seen <= place < seen + days[value] for place in (lower, upper))
        seen += days[value]
    return Decimal(found) / 2
