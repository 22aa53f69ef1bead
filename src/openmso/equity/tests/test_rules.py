"""Rules of equity by plain values: rollover, preferred return, the waterfall, vesting, the test of a joint venture."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.equity.contracts import Entry, Holder, Revenue, Table, UnitClass, Vesting
from openmso.equity.rules import distributing, holding, loans, preferred, rollover, venture
from openmso.equity.rules.asking import NotUnderstood
from openmso.equity.rules.distributing import Position
from openmso.equity.rules.preferred import Step, Terms
from openmso.equity.states import Act, Being, By, Compounding, DayCount, Flow, Sort, Tie, Venture, Verdict
from openmso.kit.money import ZERO, Money

AT = datetime(2026, 1, 2, 15, tzinfo=UTC)
JAN = date(2026, 1, 1)


def test_the_published_rollover_and_its_second_sale() -> None:
    asked = {"ebitda": 2_000_000, "multiple": 10, "buyer_cash": 8_000_000, "debt": 6_000_000,
             "exit_ebitda": 6_000_000, "exit_multiple": 10, "exit_debt": 3_000_000}  # fmt: skip
    found = rollover.rollover(rollover.sale_of(asked))
    assert f"{found.share * 100:.2f}" == "42.86"
    assert (str(found.sellers_exit), str(found.buyer_exit)) == ("24428571.43", "32571428.57")
    assert str(found.sellers_total) == "38428571.43"
    assert str(found.growth) == "4.071"
    with pytest.raises(rollover.NotComputed, match="leaves nothing"):
        rollover.rollover(rollover.sale_of(asked | {"debt": 12_000_000}))


@pytest.mark.parametrize(
    ("terms", "steps", "through", "owed"),
    [
        (Terms(Decimal("0.08")), [Step(JAN, Money.of(400_000))], date(2027, 1, 1), "32000.00"),
        (Terms(Decimal("0.08")), [Step(JAN, Money.of(400_000))], date(2028, 1, 1), "64000.00"),
        (Terms(Decimal("0.08"), Compounding.YEARLY), [Step(JAN, Money.of(400_000))], date(2028, 1, 1), "66560.00"),
        (Terms(Decimal("0.08"), Compounding.YEARLY),
         [Step(JAN, Money.of(400_000)), Step(date(2027, 1, 1), paid=Money.of(32_000))], date(2028, 1, 1), "32000.00"),
        (Terms(Decimal("0.06"), Compounding.QUARTERLY, DayCount.THIRTY_360), [Step(JAN, Money.of(100_000))],
         date(2027, 1, 1), "6136.36"),
        (Terms(Decimal("0.08"), days=DayCount.ACTUAL_360), [Step(JAN, Money.of(360_000))], date(2026, 2, 1), "2480.00"),
        (Terms(Decimal("0.10")), [Step(JAN, Money.of(1_000)), Step(date(2026, 7, 2), -Money.of(1_000))],
         date(2027, 1, 1), "49.86"),
    ],
)  # fmt: skip
def test_preferred_return_by_rate_compounding_and_day_count(
    terms: Terms, steps: list[Step], through: date, owed: str
) -> None:
    assert str(preferred.accrued(terms, steps, through)) == owed


def position(name: str, *, owed: str = "0", capital: str = "0", units: int = 0) -> Position:
    return Position(name, name, "P", "Class P", Money.of(owed), Money.of(capital), Decimal(units))


def test_preferred_return_comes_first_then_capital_then_units() -> None:
    held = [position("A", owed="10.00", capital="100.00", units=1), position("B", owed="5.00", units=2),
            position("C", units=0)]  # fmt: skip
    found = distributing.distribute(Money.of("145.01"), held)
    assert [(one.tier, one.name, str(one.amount)) for one in found.shares] == [
        (Flow.PREFERRED, "A", "10.00"), (Flow.PREFERRED, "B", "5.00"), (Flow.CAPITAL, "A", "100.00"),
        (Flow.RESIDUAL, "A", "10.00"), (Flow.RESIDUAL, "B", "20.01"),
    ]  # fmt: skip
    with pytest.raises(distributing.NotDistributed, match="nobody's"):
        distributing.distribute(Money.of("20.00"), [position("A", owed="10.00")])


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(*[st.integers(0, 10**7)] * 3), min_size=1, max_size=12).filter(
        lambda all_: any(u for *_, u in all_)
    ),
)
def test_a_distribution_is_somebodys_to_the_last_cent_and_no_tier_overtakes_another(
    cents: int, given: list[tuple[int, int, int]]
) -> None:
    held = [
        Position(str(at), str(at), "P", "P", Money.cents(owed), Money.cents(capital), Decimal(units))
        for at, (owed, capital, units) in enumerate(given)
    ]
    found = distributing.distribute(Money.cents(cents), held)
    assert Money.total(one.amount for one in found.shares) == Money.cents(cents)
    owed = Money.total(one.preferred for one in held)
    capital = Money.total(one.capital for one in held)
    assert found.of_tier(Flow.PREFERRED) == min(owed, Money.cents(cents))
    assert found.of_tier(Flow.CAPITAL) == min(capital, Money.cents(cents) - found.of_tier(Flow.PREFERRED))
    for one in found.shares:
        assert one.tier is Flow.RESIDUAL or one.amount <= getattr(held[int(one.holder)], one.tier.value)


def test_profits_units_take_part_once_their_threshold_went_to_the_others() -> None:
    """1,000 of capital back, then 2,000 to the owner before the manager's units count, and both alike after that."""
    owner = position("Owner", capital="1000.00", units=3)
    managers = [
        Position(name, name, "M", "Class M", units=Decimal(units), hurdle=Money.of(hurdle))
        for name, units, hurdle in (("June", 1, "3000.00"), ("Ken", 1, "5000.00"))
    ]
    shares = {}
    for amount in ("2500.00", "3000.00", "3400.00", "5500.00"):
        found = distributing.distribute(Money.of(amount), [owner, *managers])
        shares[amount] = [str(found.of_holder(name)) for name in ("Owner", "June", "Ken")]
    assert shares == {
        "2500.00": ["2500.00", "0.00", "0.00"], "3000.00": ["3000.00", "0.00", "0.00"],
        "3400.00": ["3300.00", "100.00", "0.00"], "5500.00": ["4800.00", "600.00", "100.00"],
    }  # fmt: skip
    with pytest.raises(distributing.NotDistributed, match="nobody's"):
        distributing.distribute(Money.of(1), managers)


@pytest.mark.parametrize("by", sorted(set(By) - {By.UNITS}))
def test_a_distribution_that_follows_referrals_is_refused_with_the_citation(by: By, tmp_path: Path) -> None:
    with pytest.raises(distributing.FollowsReferrals, match=r"1001\.952\(a\)\(2\)\(viii\)"):
        distributing.distribute(Money.of(1), [position("A", units=1)], by=by)
    asked: dict[str, Any] = {
        "amount": "100.00", "on": "2026-02-01", "classes": [{"name": "A"}],
        "holders": [{"name": "Ana", "class": "A", "units": 3}, {"name": "Ben", "class": "A", "units": 1}],
    }  # fmt: skip
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(asked | {"by": by.value}))
    told = CliRunner().invoke(app, ["equity", "distribute", str(file), "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["error"]["code"] == "follows_referrals"
    file.write_text(json.dumps(asked))
    told = CliRunner().invoke(app, ["equity", "distribute", str(file), "--json"])
    assert [one["amount"] for one in json.loads(told.stdout)["holders"]] == ["75.00", "25.00"]


def test_figures_are_read_as_contracts_write_them() -> None:
    preferring = {"name": "A", "preferred_rate": "7.5%", "day_count": "30/360"}
    invested = [{"on": "2026-01-01", "capital": "1000.00"}]
    holders = [{"name": "Ana", "class": "A", "units": 1, "steps": invested}]
    asked = {"amount": "100.00", "on": "2026-07-01", "classes": [preferring], "holders": holders}

    _, positions, _ = distributing.question_of(asked)

    assert str(positions[0].preferred) == "37.50"
    with pytest.raises(NotUnderstood, match="twice"):
        distributing.question_of(asked | {"classes": [preferring, preferring]})
    with pytest.raises(distributing.FollowsReferrals, match=r"1001\.952"):
        distributing.distribute(Money.of(1), positions, by=distributing.question_of(asked | {"by": "referrals"})[2])


def test_terms_that_pay_by_referrals_are_found_and_terms_that_deny_it_are_not() -> None:
    said = "Votes by unit. Distributions rise with the number of referrals of a holder; capital is returned."
    assert holding.follows_referrals(said).startswith("Distributions rise")
    assert holding.follows_referrals("A bonus of $50 per referral.")
    assert not holding.follows_referrals("Returns do not take the volume or value of referrals into account.")
    assert not holding.follows_referrals("Nothing of it takes the volume or value of referrals into account.")
    assert not holding.follows_referrals("Each unit has one vote. The holder may refer to whom they like.")


def test_units_vest_month_by_month_after_the_cliff() -> None:
    vesting = Vesting(JAN, 12, 48)
    held = [holding.vested(Decimal(4800), vesting, day) for day in
            (date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 28), date(2029, 12, 31), date(2030, 1, 1))]  # fmt: skip
    assert held == [0, 1200, 1300, 4700, 4800]
    assert preferred.whole_months(date(2026, 1, 31), date(2026, 2, 28)) == 1


def joint(*units: tuple[bool, int], gross: str = "", brought: str = "0") -> Table:
    """A joint venture with one class: who can refer and how many units each has."""
    cls = UnitClass("UCL-1", "Class A", Sort.COMMON, By.UNITS, "", Decimal(0), Compounding.NONE, DayCount.ACTUAL_365,
                    AT, "Elena")  # fmt: skip
    holders = [
        Holder(f"H{at}", f"H{at}", Being.PERSON, refers, "why", "", AT, "E") for at, (refers, _) in enumerate(units)
    ]
    entries = [
        Entry(f"U{at}", at, Act.ISSUE, "UCL-1", "Class A", Decimal(count), JAN, "why", "", "", f"H{at}", f"H{at}", ZERO,
              "", None, AT, "E")
        for at, (_, count) in enumerate(units)
    ]  # fmt: skip
    told = (Revenue(JAN, Money.of(gross), Money.of(brought), "Accounts", AT, "E"),) if gross else ()
    return Table(1, "CAP-1", 1, "MSO", 1, "JV", Venture.JV, (cls,), tuple(holders), tuple(entries), (), told)


def test_forty_percent_of_units_and_of_revenue_meet_the_test_and_a_cent_more_does_not() -> None:
    on = date(2027, 2, 1)
    kept = venture.points(joint((True, 40), (False, 60), gross="1000.00", brought="400.00"), on)
    assert {one.verdict for one in kept} == {Verdict.MET}
    over = {one.code: one.verdict for one in venture.points(joint((True, 41), (False, 60), gross="1000.00",
                                                                  brought="400.01"), on)}  # fmt: skip
    assert (over["class:UCL-1"], over["revenue"], over["capital"]) == (Verdict.UNMET, Verdict.UNMET, Verdict.MET)
    assert venture.verdict(venture.points(joint((False, 1)), on)) is Verdict.UNKNOWN
    lent = venture.points(joint((True, 1), (False, 9)), on, ("Dr. Ana",))
    assert next(one for one in lent if one.code == "loans").verdict is Verdict.UNMET


def test_the_sale_and_leaseback_of_the_facts_to_the_cent() -> None:
    loan = loans.Loan(Money.of(180_000), Decimal("0.075"), 60)
    rows = loans.schedule(loan, JAN)
    assert (str(loans.level(loan)), str(rows[-1].payment)) == ("3606.83", "3606.89")
    assert str(Money.total(one.interest for one in rows)) == "36409.86"
    assert rows[-1].balance == ZERO
    kept = loans.Loan(Money.of(180_000), Decimal("0.075"), 60, Money.of(18_000))
    assert str(loans.level(kept)) == "3358.65"
    assert (loans.schedule(kept, JAN)[-2].balance, loans.schedule(kept, JAN)[-1].payment) == (Money.of(18_000),) * 2


@given(st.integers(1, 10**9), st.integers(0, 999_999), st.integers(1, 120), st.integers(0, 99))
def test_a_schedule_pays_off_what_was_lent_to_the_cent(cents: int, rate: int, months: int, residual: int) -> None:
    loan = loans.Loan(Money.cents(cents), Decimal(rate).scaleb(-6), months, Money.cents(cents * residual // 100))
    rows = loans.schedule(loan, JAN)
    assert Money.total(one.principal for one in rows) == loan.amount
    assert all(one.payment == one.interest + one.principal for one in rows)
    assert rows[-1].balance == ZERO


@given(st.integers(10_000, 10**9), st.integers(1, 60), st.lists(st.tuples(st.integers(0, 1_900), st.integers(1, 60)),
                                                                max_size=4))  # fmt: skip
def test_what_is_paid_ahead_and_the_instalments_pay_off_what_was_lent_to_the_cent(
    cents: int, months: int, ahead: list[tuple[int, int]]
) -> None:
    loan, prepaid = loans.Loan(Money.cents(cents), Decimal("0.075"), months, Money.cents(cents // 10)), []
    for after, part in sorted(ahead):
        on = JAN + timedelta(days=after)
        rows = loans.schedule(loan, JAN, prepaid)
        paid = Money.total(one.principal for one in rows if one.due_on <= on)
        left = loan.amount - paid - Money.total(amount for _, amount in prepaid)
        if left and any(one.due_on > on for one in rows):
            prepaid.append((on, max(Money.cents(1), left.times(Decimal(part) / 60))))

    rows = loans.schedule(loan, JAN, prepaid)

    assert Money.total(one.principal for one in rows) + Money.total(amount for _, amount in prepaid) == loan.amount
    assert all(one.payment == one.interest + one.principal for one in rows)
    assert not rows or rows[-1].balance == ZERO or prepaid


def test_what_depends_on_referrals_is_not_lent() -> None:
    loans.refuse_referrals(Tie.NOTHING, "A room; repayment does not take the volume of referrals into account.")
    for tie, words in ((Tie.ORDERS, "A room"), (Tie.NOTHING, "Forgiven by the number of referrals to the center.")):
        with pytest.raises(distributing.FollowsReferrals, match="1320a-7b"):
            loans.refuse_referrals(tie, words)
