"""How claims turn into cash: by week of their age, what of the dollars still open was paid and what left otherwise.

A curve is the discrete hazard of a life table: of the dollars open at the start of a week of age, the part paid in that
week, and the part that left otherwise (adjusted, left to the patient, refused for good). Dollars that were not open any
longer do not weigh, and a claim counts only in weeks that it has seen to their end: nothing is assumed of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from openmso.analytics.rules.measures import ZERO, Decided, Key
from openmso.claims.contracts import ClaimMeasure
from openmso.remittances.contracts import PaymentMeasure

LAST_WEEK = 26
"""The week of age in which all older ones are counted."""
FRESH_WEEKS = 8
"""The weeks before the count whose charges tell what comes in a week."""
WEEKS = 13
ENOUGH = 30
"""Claims that a payer's own curve needs; with fewer, that of all payers stands for it."""


@dataclass(slots=True)
class Week:
    """A week of age: claims and dollars that were open at its start, what was paid in it, and what left otherwise."""

    claims: int = 0
    open_amount: Decimal = ZERO
    paid_amount: Decimal = ZERO
    other_amount: Decimal = ZERO
    waiting_amount: Decimal = ZERO
    """What is open today at this age."""
    fresh_amount: Decimal = ZERO
    """Of the first week only: charges first sent in the eight weeks before the count."""


WeekKey = tuple[Key, int]


def weeks(
    claims: Sequence[ClaimMeasure], decided: Iterable[Decided], payments: Mapping[int, Sequence[PaymentMeasure]],
    on: date,
) -> dict[WeekKey, Week]:  # fmt: skip
    """The curves of a practice as of a day, and what waits at each age; only what had happened by then counts."""
    settled = {key: list(rows) for key, rows in groupby(decided, key=lambda row: row[0])}
    found: dict[WeekKey, Week] = defaultdict(Week)
    for one in claims:
        if one.sent_on is None or one.sent_on > on:
            continue
        key = Key(one.payer, one.clinician)
        if one.sent_on > on - timedelta(weeks=FRESH_WEEKS):
            found[key, 0].fresh_amount += one.charge
        until = min(on, one.gone_on) if one.gone_on else on
        left = _add(found, key, one, settled.get(one.id, ()), payments.get(one.id, ()), until)
        if left > 0 and until == on and not (one.gone_on and one.gone_on <= on):
            found[key, _nearest(one.sent_on, on)].waiting_amount += left
    return dict(found)


def _add(
    found: dict[WeekKey, Week], key: Key, one: ClaimMeasure, settled: Sequence[Decided],
    payments: Sequence[PaymentMeasure], until: date,
) -> Decimal:  # fmt: skip
    """Count a claim in each week of its age that has ended; what is left open."""
    assert one.sent_on is not None
    out: dict[int, Decimal] = defaultdict(Decimal)
    paid: dict[int, Decimal] = defaultdict(Decimal)
    for _, day, amount, _ in settled:
        if day <= until:
            out[_week(one.sent_on, day)] += amount
    for each in payments:
        if each.applied_on <= until:
            paid[_week(one.sent_on, each.applied_on)] += each.paid
    left = one.charge
    for number in range(min((until - one.sent_on).days // 7, LAST_WEEK + 1)):
        week = found[key, number]
        if left > 0:
            week.claims += 1
            week.open_amount += left
        week.paid_amount += paid[number]
        week.other_amount += out[number] - paid[number]
        left -= out[number]
    return one.charge - sum(out.values(), ZERO)


def _week(sent: date, day: date) -> int:
    return min(max((day - sent).days, 0) // 7, LAST_WEEK)


def _nearest(sent: date, day: date) -> int:
    """The week of age in which most of the seven days after this one are."""
    return min(((day - sent).days + 4) // 7, LAST_WEEK)


@dataclass(frozen=True, slots=True)
class Cash:
    """What a week ahead should bring: of claims that are open today, and of claims that will be sent."""

    waiting: Decimal
    coming: Decimal


def by_payer(found: Mapping[WeekKey, Week]) -> dict[int | None, dict[int, Week]]:
    """Curves of each payer, whoever the clinician was."""
    curves: dict[int | None, list[dict[int, Week]]] = defaultdict(list)
    for (key, number), week in found.items():
        curves[key.payer].append({number: week})
    return {payer: _together(parts) for payer, parts in curves.items()}


def foretell(curves: Mapping[int | None, Mapping[int, Week]]) -> list[Cash]:
    """The cash of each of thirteen weeks ahead, from the curve of each payer."""
    everybody = _together(curves.values())
    found = [(ZERO, ZERO)] * WEEKS
    for own in curves.values():
        curve = own if own.get(0, Week()).claims >= ENOUGH else everybody
        waiting = _roll({number: week.waiting_amount for number, week in own.items()}, curve)
        coming = _coming(own.get(0, Week()).fresh_amount / FRESH_WEEKS, curve)
        found = [(a + x, b + y) for (a, b), x, y in zip(found, waiting, coming, strict=True)]
    return [Cash(round(waiting, 2), round(coming, 2)) for waiting, coming in found]


def _together(curves: Iterable[Mapping[int, Week]]) -> dict[int, Week]:
    found: dict[int, Week] = defaultdict(Week)
    for curve in curves:
        for number, week in curve.items():
            into = found[number]
            into.claims += week.claims
            into.open_amount += week.open_amount
            into.paid_amount += week.paid_amount
            into.other_amount += week.other_amount
            into.waiting_amount += week.waiting_amount
            into.fresh_amount += week.fresh_amount
    return found


def _rates(curve: Mapping[int, Week], number: int) -> tuple[Decimal, Decimal]:
    """Of a dollar open at the start of a week of age: the part paid in it, and the part that stays open after it."""
    week = curve.get(number)
    if week is None or week.open_amount <= 0:
        return ZERO, Decimal(1)
    paid = min(max(week.paid_amount / week.open_amount, ZERO), Decimal(1))
    other = min(max(week.other_amount / week.open_amount, ZERO), 1 - paid)
    return paid, 1 - paid - other


def _roll(open_by_age: Mapping[int, Decimal], curve: Mapping[int, Week]) -> list[Decimal]:
    """The cash of thirteen weeks of what is open today, week by week older."""
    found, now = [], dict(open_by_age)
    for _ in range(WEEKS):
        cash, then = ZERO, dict[int, Decimal]()
        for number, amount in now.items():
            paid, stays = _rates(curve, number)
            cash += amount * paid
            older = min(number + 1, LAST_WEEK)
            then[older] = then.get(older, ZERO) + amount * stays
        found.append(cash)
        now = then
    return found


def _coming(a_week: Decimal, curve: Mapping[int, Week]) -> list[Decimal]:
    """The cash of thirteen weeks of claims that will be sent, as much each week as in the weeks before."""
    one = _roll({0: a_week}, curve)
    return [sum(one[: number + 1], ZERO) for number in range(WEEKS)]
