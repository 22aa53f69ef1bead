"""The statement adds up, whatever the month was like, and says so when the books do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Total
from openmso.settlement import rules
from openmso.settlement.contracts import FeeStep

OCTOBER = Month(2026, 10)
cents = st.integers(min_value=0, max_value=10**9)


def total(debits: int, credits: int = 0, sources: int = 1) -> Total:
    return Total(Money.cents(debits), Money.cents(credits), 1 if debits or credits else 0, sources)


def figures(paid: int, back: int, plb: int, before: int, charged: int, contractual: int, other: int) -> rules.Figures:
    """A month in which everything that moved receivables was a charge or an insurer's payment."""
    earned = paid - back
    after = before + charged - earned - contractual - other
    totals = {
        "collected": total(paid + max(plb, 0), back + max(-plb, 0)),
        "paid": total(paid),
        "taken_back": total(0, back),
        "provider_level": total(max(plb, 0), max(-plb, 0)),
        "patients": total(0),
        "owed_before": total(before),
        "charged": total(charged),
        "earned": total(paid, back),
        "contractual": total(contractual),
        "other": total(other),
        "elsewhere": total(0),
        "owed_after": total(max(after, 0), max(-after, 0)),
    }
    return rules.Figures(OCTOBER, rules.selections(1, OCTOBER), totals)


def step(label: str, effect: str) -> FeeStep:
    amount = Money.of(effect)
    return FeeStep("component", label, f"{label} formula", effect, amount, amount, amount, "exact", ())


@given(st.tuples(cents, cents, st.integers(-(10**8), 10**8), cents, cents, cents, cents))
def test_every_section_adds_up_to_its_total(month: tuple[int, ...]) -> None:
    made = rules.rows(figures(*month), [step("6%", "60.00")], Money.of("60.00"), "6% of net collections")

    assert rules.adds_up(made)
    assert [row.number for row in made] == list(range(1, len(made) + 1))


def test_what_is_unexplained_is_a_row_of_its_own_and_never_hidden() -> None:
    month = figures(100_00, 0, 0, 500_00, 200_00, 50_00, 0)
    odd = replace(month, totals=month.totals | {"owed_after": total(600_00)})

    made = rules.rows(odd, [], ZERO, "")

    other = next(row for row in made if row.label == "Other movements")
    assert other.amount == Money.of("50.00")
    assert rules.adds_up(made)


def test_rows_that_do_not_add_up_are_told() -> None:
    """The negative control of the proof above."""
    made = rules.rows(figures(100_00, 10_00, 0, 0, 0, 0, 0), [], ZERO, "")

    assert not rules.adds_up([*made[:1], replace(made[1], amount=ZERO), *made[2:]])


def test_the_owner_reads_signs_as_money_sees_them() -> None:
    made = rules.rows(figures(900_00, 100_00, -20_00, 0, 0, 0, 0), [], Money.of("39.00"), "")

    shown = [(row.label, str(row.amount)) for row in made if row.section in {"in", "keep"}]

    assert shown == [
        ("Insurers paid", "900.00"),
        ("Insurers took back", "-100.00"),
        ("Adjusted outside of claims", "-20.00"),
        ("Collected", "780.00"),
        ("Collected", "780.00"),
        ("Our fee", "-39.00"),
        ("Yours after our fee", "741.00"),
    ]


def test_every_opening_figure_keeps_the_selection_that_gave_it() -> None:
    made = rules.rows(figures(1, 1, 1, 1, 1, 1, 1), [], ZERO, "")

    for row in made:
        if row.opens:
            assert row.selection["entity"] == 1
            assert row.selection["ends_on"] in {str(date(2026, 10, 1)), str(date(2026, 11, 1))}
