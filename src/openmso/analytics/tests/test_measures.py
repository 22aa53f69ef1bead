"""What a claim counts for, what figures come to, and the traps they are known for."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.analytics.contracts import Kind
from openmso.analytics.rules import measures, occurrences, reckoning
from openmso.analytics.rules.catalogue import BY_CODE, KPIS
from openmso.analytics.rules.measures import Aged, Key
from openmso.analytics.rules.months import Months
from openmso.analytics.rules.occurrences import Of
from openmso.claims.contracts import ClaimMeasure
from openmso.claims.states import S
from openmso.kit.periods import Month
from openmso.platform.ui.contracts import Tone
from openmso.remittances.contracts import Outcome, PaymentMeasure
from openmso.scheduling.contracts import VisitStatus

SERVED, SENT = date(2026, 3, 2), date(2026, 3, 5)
MARCH = Month(2026, 3)


def claim(number: int = 1, **changed: Any) -> ClaimMeasure:
    """An original claim to the first payer, sent three days after the service and taken in."""
    given_ = {
        "id": number, "public_id": f"CLM-{number:08}", "payer": 7, "first_payer": 7, "clinician": 9, "ordinal": "P", "frequency": "1", "state": S.ACCEPTED,
        "service_on": SERVED, "built_on": date(2026, 3, 4), "sent_on": SENT, "gone_on": None, "settled_on": None,
        "version": 1, "charge": Decimal("140.00"), "open": Decimal("140.00"), "answered": True, "rejected": False,
    }  # fmt: skip
    return ClaimMeasure(**(given_ | changed))


def payment(on: date = date(2026, 3, 20), *, claim: int = 1, **changed: Any) -> PaymentMeasure:
    """A first payment of 100 with 40 taken off by contract."""
    given_ = {
        "claim": claim, "applied_on": on, "rank": 1, "outcome": Outcome.PAID, "is_reversal": False,
        "is_duplicate": False, "paid": Decimal("100.00"), "contractual": Decimal("40.00"), "other": Decimal("0.00"),
        "denied": Decimal("0.00"),
    }  # fmt: skip
    return PaymentMeasure(**(given_ | changed))


def denial(on: date = date(2026, 3, 20), **changed: Any) -> PaymentMeasure:
    nothing = {"outcome": Outcome.DENIED, "paid": Decimal(0), "contractual": Decimal(0), "denied": Decimal("140.00")}
    return payment(on, **(nothing | changed))


def flags_of(one: ClaimMeasure, *payments: PaymentMeasure) -> set[str]:
    found = measures.fact(one, payments).flags
    return {name for name in measures.FLAGS if getattr(found, name)}


@pytest.mark.parametrize(
    ("one", "payments", "flags"),
    [
        (claim(sent_on=None), (), set()),
        (claim(answered=False), (), {"submitted", "waiting"}),
        (claim(), (), {"submitted", "accepted_first"}),
        (claim(rejected=True), (), {"submitted", "returned"}),
        (claim(version=2), (), {"submitted"}),
        (claim(), (payment(),), {"submitted", "accepted_first", "judged", "first_pass"}),
        (claim(rejected=True, version=2), (payment(),), {"submitted", "returned", "judged"}),
        (claim(), (denial(),), {"submitted", "accepted_first", "judged", "denied_first"}),
        (
            claim(), (denial(), payment(date(2026, 4, 9))),
            {"submitted", "accepted_first", "judged", "denied_first", "denial_ended", "overturned"},
        ),
        (
            claim(gone_on=date(2026, 4, 1)), (denial(),),
            {"submitted", "accepted_first", "judged", "denied_first", "denial_ended"},
        ),
        (claim(), (denial(is_duplicate=True),), {"submitted", "accepted_first"}),
        (claim(ordinal="S"), (payment(),), set()),
        (claim(frequency="7"), (payment(),), set()),
    ],
)  # fmt: skip
def test_a_claim_counts_for_what_happened_to_it(one: ClaimMeasure, payments: Any, flags: set[str]) -> None:
    assert flags_of(one, *payments) == flags


def test_lags_are_days_between_service_claim_sending_denial_and_its_end() -> None:
    found = measures.fact(claim(), [denial(), payment(date(2026, 4, 9))])

    assert (found.to_build, found.to_send, found.to_resolve) == (2, 3, 20)


def value(code: str, *facts: measures.Fact, month: Month = MARCH) -> reckoning.Value:
    """A figure of some claims alone."""
    months = Months()
    for (first, _), sums in measures.cells(facts).items():
        into = months.sums.setdefault(Month.of(first), {})
        for name, amount in [*sums.counts.items(), *((name, getattr(sums, name)) for name in measures.AMOUNTS)]:
            into[name] = into.get(name, Decimal(0)) + amount
    return months.value(BY_CODE[code], month)


def test_trap_write_offs_do_not_help_net_collection() -> None:
    paid = measures.fact(claim(1), [payment()])
    given_up = measures.fact(
        claim(2), [payment(claim=2, paid=Decimal(0), contractual=Decimal(0), other=Decimal("140"))]
    )

    found = value("net-collection-rate", paid, given_up)

    assert (found.top, found.bottom) == (Decimal("100.00"), Decimal("240.00"))
    assert found.tone is Tone.BAD


def test_trap_acceptance_is_not_first_pass_payment() -> None:
    denied = measures.fact(claim(), [denial()])

    assert value("clean-claim-rate", denied).figure == 1
    assert value("first-pass-resolution", denied).figure == 0


def test_trap_a_denial_that_is_overturned_stays_an_initial_denial() -> None:
    won = measures.fact(claim(), [denial(), payment(date(2026, 4, 9))])

    assert value("initial-denial-rate", won).figure == 1
    assert value("denial-overturn-rate", won).figure == 1


def test_trap_credits_are_shown_apart_from_what_is_owed() -> None:
    owed = {0: Aged(2, Decimal("300.00"), Decimal("-60.00"), Decimal("0.00"))}

    found = reckoning.days_owed(BY_CODE["days-in-ar"], owed, Decimal("900.00"), 90)

    assert (found.figure, found.without_credits) == (Decimal(24), Decimal(30))


def test_payments_meet_the_charges_of_the_month_of_service() -> None:
    late = measures.fact(claim(), [payment(date(2026, 5, 30))])

    assert value("gross-collection-rate", late, month=Month(2026, 3)).top == Decimal("100.00")
    assert value("gross-collection-rate", late, month=Month(2026, 6)).figure is None


def test_what_a_corrected_claim_stands_for_is_charged_once() -> None:
    first = measures.fact(claim(1, gone_on=date(2026, 4, 1)), [])
    instead = measures.fact(claim(2, frequency="7", charge=Decimal("120.00")), [payment(claim=2)])

    assert value("gross-collection-rate", first, instead).bottom == Decimal("120.00")


def test_receivables_stand_as_they_stood_on_each_day() -> None:
    decided = [(1, date(2026, 4, 10), Decimal("140.00"), Decimal("20.00")),
               (2, date(2026, 4, 10), Decimal("160.00"), Decimal("0.00"))]  # fmt: skip
    days = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 6, 30)]

    found = measures.ageing(measures.stood([claim(1), claim(2), claim(3, gone_on=date(2026, 4, 1))], decided, days, {}))

    key, nothing = Key(7, 9), Decimal("0.00")
    assert found == {
        (days[1], key, 0): Aged(3, Decimal("420.00"), nothing, nothing, Decimal("420.00")),
        (days[2], key, 91): Aged(2, nothing, Decimal("-20.00"), Decimal("20.00"), Decimal("-20.00")),
    }


def test_what_is_not_sent_is_no_receivable_and_is_told_apart() -> None:
    days = [date(2026, 3, 3), date(2026, 3, 31)]
    never = claim(2, sent_on=None)
    second = claim(3, sent_on=None, ordinal="S")
    dropped = claim(4, sent_on=None, settled_on=date(2026, 3, 3), state=S.CLOSED)

    found = measures.ageing(measures.stood([claim(1), never, second, dropped], [], days, {1: Decimal("96.00")}))

    before, after = found[days[0], Key(7, 9), 0], found[days[1], Key(7, 9), 0]
    assert (before.unbilled_amount, before.open_amount) == (Decimal("280.00"), 0)
    assert (after.unbilled_amount, after.open_amount, after.net_amount) == (140, 140, 96)


def test_a_cohort_is_paid_by_the_age_of_its_services() -> None:
    early = measures.fact(claim(1), [payment(date(2026, 3, 20))])
    late = measures.fact(claim(2), [payment(date(2026, 5, 30), claim=2), payment(date(2026, 9, 30), claim=2)])

    found = measures.cohorts([early, late])

    march, key = date(2026, 3, 1), Key(7, 9)
    assert found == {(march, key, 0): 100, (march, key, 61): 100, (march, key, 181): 100}


@given(st.lists(st.integers(-3, 400), min_size=1, max_size=40))
def test_the_median_from_counts_is_that_of_the_list(days: list[int]) -> None:
    import statistics
    from collections import Counter

    assert measures.median(Counter(days)) == Decimal(str(statistics.median(days)))


def test_every_figure_says_what_it_is_and_names_measures_that_exist() -> None:
    aged = {one.name for one in fields(Aged)}
    for one in KPIS:
        assert one.words.endswith(".")
        assert one.formula
        known = {*measures.FLAGS, *measures.AMOUNTS, *measures.LAGS, *occurrences.NAMES}
        assert set(one.top) <= (aged if one.kind is Kind.DAYS else known)
        assert set(one.bottom + one.less) <= known


VISIT_ON = date(2026, 3, 10)
COVERS = {5: [(7, date(2026, 1, 1), date(2026, 3, 20))]}


@pytest.mark.parametrize(
    ("asked_for", "answered_on", "verified"),
    [
        (VISIT_ON, date(2026, 3, 9), 1),
        (date(2026, 2, 8), date(2026, 2, 8), 1),
        (date(2026, 2, 7), date(2026, 2, 7), 0),
        (VISIT_ON, date(2026, 3, 11), 0),
    ],
)
def test_a_coverage_is_verified_by_a_yes_of_the_month_before_the_visit(
    asked_for: date, answered_on: date, verified: int
) -> None:
    visits = [("VIS-1", 5, 9, VISIT_ON, VisitStatus.DONE)]

    found = list(occurrences.of_visits(visits, COVERS, [(5, asked_for, answered_on)]))

    assert [(one.of, one.hits) for one in found] == [(Of.VISIT, 0), (Of.INSURED, verified)]


def test_who_has_no_coverage_on_the_day_and_who_did_not_come_have_nothing_to_verify() -> None:
    visits = [
        ("VIS-1", 5, 9, date(2026, 3, 20), VisitStatus.DONE),
        ("VIS-2", 5, 9, VISIT_ON, VisitStatus.NO_SHOW),
        ("VIS-3", 6, 9, VISIT_ON, VisitStatus.DONE),
    ]

    found = list(occurrences.of_visits(visits, COVERS, []))

    assert [(one.source, one.of, one.hits) for one in found] == [
        ("VIS-1", Of.VISIT, 0), ("VIS-2", Of.VISIT, 1), ("VIS-3", Of.VISIT, 0),
    ]  # fmt: skip


def test_answers_of_first_payers_count_once_without_duplicates_and_reversals() -> None:
    answers = [
        denial(), denial(is_duplicate=True), payment(rank=2), payment(),
        payment(is_reversal=True, paid=Decimal("-100.00")),
    ]  # fmt: skip

    found = occurrences.sums(occurrences.of_payments(claim(), answers))

    (only,) = found.values()
    assert (only.count, only.hits, only.amount) == (2, 1, 0)
    assert list(occurrences.of_payments(claim(ordinal="S"), answers)) == []


def test_money_of_patients_that_comes_on_the_day_of_a_visit_is_told_apart() -> None:
    visits = [("VIS-1", 5, 9, VISIT_ON, VisitStatus.DONE)]
    paid = [("RCP-1", 5, VISIT_ON, Decimal("25.00")), ("RCP-2", 5, date(2026, 3, 30), Decimal("75.00"))]

    found = list(occurrences.of_cash(paid, visits))

    months = Months()
    for (kind, first, _), total in occurrences.sums(found).items():
        into = months.sums.setdefault(Month.of(first), {})
        for part in occurrences.PARTS:
            name = f"{kind}.{part}"
            into[name] = into.get(name, Decimal(0)) + getattr(total, part)
    assert months.value(BY_CODE["collected-at-visit"], MARCH).figure == Decimal("0.25")
