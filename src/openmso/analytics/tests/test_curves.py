"""How claims turn into cash, and what thirteen weeks ahead should bring: on worlds of which the answer is known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openmso.analytics.rules import curves
from openmso.analytics.rules.curves import Week, WeekKey
from openmso.analytics.tests.test_measures import claim, payment
from openmso.claims.contracts import ClaimMeasure

D = Decimal
MONDAY = date(2026, 3, 2)


def world(*, weeks: int, a_week: int, paid_after: int, on: date, payer: int = 7) -> dict[WeekKey, Week]:
    """So many claims of 140 sent each Monday; all are paid 100 and settled in the same week of their age."""
    claims: list[ClaimMeasure] = []
    for number in range(weeks * a_week):
        sent = MONDAY + timedelta(weeks=number // a_week)
        claims.append(claim(number, sent_on=sent, payer=payer))
    answered = {one.id: one.sent_on + timedelta(days=7 * paid_after + 3) for one in claims if one.sent_on}
    payments = {key: [payment(day, claim=key)] for key, day in answered.items() if day <= on}
    decided = [(key, day, D("140.00"), D(0)) for key, day in answered.items() if day <= on]
    return curves.weeks(claims, decided, payments, on)


def test_where_everybody_pays_in_the_third_week_so_does_what_waits() -> None:
    """Ten weeks of forty claims, on a Sunday: those of the last two Mondays wait, and bring 4,000 a week, as ever."""
    on = MONDAY + timedelta(weeks=10, days=-1)

    ahead = curves.foretell(curves.by_payer(world(weeks=10, a_week=40, paid_after=2, on=on)))

    assert [week.waiting for week in ahead[:4]] == [D("4000.00"), D("4000.00"), D("0.00"), D("0.00")]
    assert [week.coming for week in ahead[:4]] == [D("0.00"), D("0.00"), D("4000.00"), D("4000.00")]
    assert len(ahead) == curves.WEEKS


def test_a_claim_does_not_count_in_a_week_that_it_has_not_seen_to_its_end() -> None:
    on = MONDAY + timedelta(days=10)

    found = world(weeks=1, a_week=1, paid_after=5, on=on)

    assert {number: week.claims for (_, number), week in found.items()} == {0: 1, 2: 0}
    assert sum(week.waiting_amount for week in found.values()) == D("140.00")


def test_a_payer_of_few_claims_is_taken_to_pay_as_all_do() -> None:
    on = MONDAY + timedelta(weeks=10)
    many = world(weeks=10, a_week=40, paid_after=2, on=on)
    few = world(weeks=10, a_week=2, paid_after=9, on=on, payer=8)

    ahead = curves.foretell(curves.by_payer(many | few))

    assert ahead[0].waiting > D("4000.00"), "what the small payer owes pays as soon as what the large one owes"
    assert ahead[0].waiting < D("4900.00")


def test_what_was_taken_back_or_replaced_brings_nothing() -> None:
    gone = claim(1, sent_on=MONDAY, gone_on=MONDAY + timedelta(days=9))
    back = claim(2, sent_on=MONDAY)
    payments = {2: [payment(MONDAY + timedelta(days=8)), payment(MONDAY + timedelta(days=9), paid=D("-100.00"))]}
    decided = [(2, MONDAY + timedelta(days=8), D("140.00"), D(0)), (2, MONDAY + timedelta(days=9), D("-140.00"), D(0))]

    found = curves.weeks([gone, back], decided, payments, MONDAY + timedelta(weeks=9))

    assert sum(week.waiting_amount for week in found.values()) == D("140.00")
    assert sum(week.waiting + week.coming for week in curves.foretell(curves.by_payer(found))) == 0


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
week_of_age = st.builds(
    Week,
    st.integers(0, 90),
    amounts,
    st.decimals(min_value=-500, max_value=10_000, places=2),
    amounts,
    amounts,
    amounts,
)


@given(st.dictionaries(st.integers(1, 4), st.dictionaries(st.integers(0, curves.LAST_WEEK), week_of_age), max_size=4))
def test_no_more_is_foretold_than_is_open_or_will_be_sent(found: dict[int | None, dict[int, Week]]) -> None:
    ahead = curves.foretell(found)

    waiting = sum((week.waiting_amount for curve in found.values() for week in curve.values()), D(0))
    fresh = sum((curve[0].fresh_amount for curve in found.values() if 0 in curve), D(0)) / curves.FRESH_WEEKS
    assert all(week.waiting >= 0 and week.coming >= 0 for week in ahead)
    assert sum(week.waiting for week in ahead) <= waiting + D("0.13")
    assert sum(week.coming for week in ahead) <= fresh * curves.WEEKS + D("0.13")
