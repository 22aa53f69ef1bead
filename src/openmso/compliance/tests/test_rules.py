"""The gate as a rule: every reason stops its case and lets its neighbour through; the formula holds to the cent."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.compliance.contracts import (
    Answer,
    Arrangement,
    Earlier,
    Ending,
    Exclusion,
    Fee,
    Judged,
    Known,
    NoExclusionList,
    Payment,
    Register,
    Relative,
    UnreadablePayments,
)
from openmso.compliance.rules import (
    activating,
    checklists,
    formula,
    paying,
    reading,
    reasons,
    recognising,
    screening,
    terms,
)
from openmso.compliance.states import Kind, Outcome, Party, Pay, Reason, Said
from openmso.compliance.testing import BEGUN, ENDS, leie, opinion, payment, plain, term
from openmso.kit.money import Money

ON = date(2026, 11, 30)
MARA, LEASE, THEIRS = "ARR-23456789", "ARR-3456789A", "ARR-456789AB"
OCTOBER = {"starts_on": date(2026, 10, 1), "through": date(2026, 10, 31)}
NO_HOURS: dict[str, Any] = {"hours": None, "time_record": ""}
HALF = date(2026, 7, 1)


def mara(**changes: Any) -> Arrangement:
    return plain(MARA, "Dr. Mara Rockland", **changes)


def lease(**changes: Any) -> Arrangement:
    """A space lease of $4,200 a month, which goes on after its end."""
    rent = term(pay=Pay.MONTH, rate=Decimal("4200.00"), hours_cap=None, holdover=True, **changes.pop("terms", {}))
    value = opinion(unit=Pay.MONTH, low=Decimal("4000.00"), high=Decimal("4500.00"))
    return plain(
        LEASE, "Harbor Realty LLC", kind=Kind.SPACE, party=Party.ENTITY, terms=(rent,), opinions=(value,),
        **changes,
    )  # fmt: skip


def rent(**changes: Any) -> Payment:
    return payment(**{"payee": "Harbor Realty, LLC", "amount": Money.of("4200.00"), **NO_HOURS, **changes})


def judge(*payments: Payment, register: tuple[Arrangement, ...] = (mara(), lease()), on: date = ON, **more: Any) -> Any:
    return paying.judge(payments, Register(1, register, **more), on)


def reason(*payments: Payment, **register: Any) -> Reason | None:
    """The reason of the last of these payments."""
    last: Judged = judge(*payments, **register)[-1]
    return last.reason


def terms_of(*versions: Any, **changes: Any) -> dict[str, Any]:
    return {"register": (mara(terms=versions, **changes),)}


UNMET = Answer("stark_services.necessary", Said.UNMET, "Twice the hours of others", by="Omar Haddad")
ASKED = {"fee": Fee(("Harbor Ridge MSO, LLC",), ("204561231",), (("NY-FS-01", "No percentage (Educ. Law 6530)."),))}
SECOND = plain(LEASE, "Mara J. Rockland, MD", title="Supervision")
BARRED = Exclusion(2, "MARA ROCKLAND", "MARA ROCKLAND", "1245319599", "BANGOR", "ME", "1128a1", BEGUN)
NAMED = dataclasses.replace(BARRED, npi="")
LATE = BEGUN + timedelta(91)
V2 = term(number=2, rate=Decimal("200.00"), starts_on=HALF)
V2_RENEWED = term(number=2, rate=Decimal("200.00"), starts_on=ENDS, ends_on=date(2028, 1, 1))
CASES: dict[Reason, tuple[tuple[Any, dict[str, Any]], tuple[Any, dict[str, Any]]]] = {
    # reason: (what is stopped for it, and its neighbour that is released)
    Reason.OTHER_PRACTICE: (
        ([payment(arrangement=THEIRS)], {"register": (mara(), plain(THEIRS, "Dr. Mara Rockland", practice=2))}),
        ([payment(arrangement=MARA)], {}),
    ),
    Reason.NO_ARRANGEMENT: (
        ([payment("Osei, Ben")], {"known": (Known("Ben Osei, MD", "a clinician of a practice"),)}),
        ([payment("MARA ROCKLAND, M.D.")], {}),
    ),
    Reason.EXCLUDED: (
        ([payment("M. R.", npi="1245319599")], {"excluded": (BARRED,), "register": (mara(npi="1245319599"),)}),
        ([payment(npi="1234567893")], {"excluded": (BARRED,), "register": (mara(npi="1234567893"),)}),
    ),
    Reason.MAYBE_EXCLUDED: (
        ([payment()], {"excluded": (NAMED,)}),
        ([payment()], {"excluded": (NAMED,), "words": {("MARA ROCKLAND", NAMED.mark): False}}),
    ),
    Reason.LAW: (([payment("Harbor Ridge MSO", **NO_HOURS)], ASKED), ([payment()], ASKED)),
    Reason.RESEMBLES: (([payment("Mara Jane Rockland")], {}), ([payment("Mara J. Rockland, MD, FAAFP")], {})),
    Reason.WRITTEN_LATE: (
        ([payment(starts_on=BEGUN, through=date(2026, 1, 31))], terms_of(term(written_on=LATE))),
        ([payment(starts_on=BEGUN, through=date(2026, 1, 31))], terms_of(term(written_on=LATE - timedelta(1)))),
    ),
    Reason.UNREASONED: (([payment()], terms_of(term(reasonable=" "))), ([payment()], terms_of(term()))),
    Reason.UNMET: (
        ([payment()], {"register": (mara(answers=(UNMET,)),)}),
        ([payment()], {"register": (mara(answers=(dataclasses.replace(UNMET, element="aks_services.lawful"),)),)}),
    ),
    Reason.OTHER_PAYEE: (([payment("Rockland Holdings", arrangement=MARA)], {}), ([payment(arrangement=MARA)], {})),
    Reason.NO_PERIOD: (([payment(starts_on=None, through=None)], {}), ([payment()], {})),
    Reason.ENDED: (
        ([payment()], {"register": (mara(ending=Ending(date(2026, 10, 31), "She left")),)}),
        ([payment()], {"register": (mara(ending=Ending(date(2026, 11, 1), "She left")),)}),
    ),
    Reason.NOT_BEGUN: (
        ([payment(starts_on=date(2025, 12, 31), through=date(2026, 1, 30))], {}),
        ([payment(starts_on=BEGUN, through=date(2026, 1, 31))], {}),
    ),
    Reason.EXPIRED: (
        ([payment(starts_on=ENDS, through=ENDS)], {"on": date(2027, 2, 1)}),
        ([rent(starts_on=ENDS, through=date(2027, 1, 31))], {"on": date(2027, 2, 1)}),  # the lease holds over
    ),
    Reason.FUTURE: (
        ([payment(starts_on=date(2026, 12, 1), through=date(2026, 12, 31))], {}),
        ([rent(starts_on=date(2026, 12, 1), through=date(2026, 12, 31))], {}),  # rent is paid ahead
    ),
    Reason.NOT_WRITTEN: (([payment()], terms_of(term(written_on=None))), ([payment()], terms_of(term()))),
    Reason.NOT_SIGNED: (
        ([payment(starts_on=date(2026, 3, 1), through=date(2026, 3, 31))],
         terms_of(term(party_signed_on=BEGUN + timedelta(91)))),
        ([payment(starts_on=date(2026, 3, 1), through=date(2026, 3, 31))],
         terms_of(term(party_signed_on=BEGUN + timedelta(90)))),
    ),
    Reason.VOLUME: (([payment()], terms_of(term(by_volume=True))), ([payment()], terms_of(term()))),
    Reason.NOT_IN_ADVANCE: (([payment()], terms_of(term(in_advance=False))), ([payment()], terms_of(term()))),
    Reason.SHORT_TERM: (
        ([payment()], terms_of(term(ends_on=BEGUN + timedelta(364)))),
        ([payment()], terms_of(term(ends_on=BEGUN + timedelta(365)))),
    ),
    Reason.CHANGED: (
        ([payment(amount=Money.of("2000.00"))], terms_of(term(), V2)),
        ([payment(amount=Money.of("2000.00"), starts_on=ENDS, through=ENDS)],
         terms_of(term(), V2_RENEWED) | {"on": date(2027, 2, 1)}),
    ),
    Reason.NO_FMV: (
        ([payment()], {"register": (mara(opinions=(opinion(unit=Pay.MONTH),)),)}),
        ([payment()], {"register": (mara(opinions=(opinion(),)),)}),
    ),
    Reason.FMV_EXPIRED: (
        ([payment()], {"register": (mara(opinions=(opinion(expires_on=date(2026, 10, 30)),)),)}),
        ([payment()], {"register": (mara(opinions=(opinion(expires_on=date(2026, 10, 31)),)),)}),
    ),
    Reason.FMV_RANGE: (
        ([payment()], {"register": (mara(opinions=(opinion(high=Decimal("179.99")),)),)}),
        ([payment()], {"register": (mara(opinions=(opinion(high=Decimal("180.00")),)),)}),
    ),
    Reason.NO_RECORD: (([payment(time_record="")], {}), ([payment(time_record="TR-1")], {})),
    Reason.OVER_CAP: (
        ([payment(hours=Decimal("20.25"), amount=Money.of("3645.00"))], {}),
        ([payment(hours=Decimal(20), amount=Money.of("3600.00"))], {}),
    ),
    Reason.AMOUNT: (([payment(amount=Money.of("1800.01"))], {}), ([payment(amount=Money.of("1800.00"))], {})),
    Reason.TWICE: (([rent(), rent()], {}), ([rent(), rent(starts_on=date(2026, 11, 1), through=date(2026, 11, 30))], {})),
    Reason.INACTIVE: (([payment()], terms_of(term(activated_on=None))), ([payment()], terms_of(term()))),
}  # fmt: skip


@pytest.mark.parametrize("why", list(Reason), ids=str)
def test_each_reason_stops_its_case_and_not_the_next_one(why: Reason) -> None:
    (bad, stopping), (good, letting) = CASES[why]

    stopped, released = judge(*bad, **stopping)[-1], judge(*good, **letting)[-1]

    assert [one.reason for one in stopped.faults] == [why]
    narrower = {Reason.LAW: "NY-FS-01", Reason.UNMET: "42 CFR 411.357(d)(1)(iii)"}
    assert stopped.faults[0].citation == narrower.get(why, reasons.CITED[why])
    assert stopped.faults[0].words.endswith(".")
    assert (released.outcome, released.faults) == (Outcome.RELEASED, ())


def test_who_refers_nothing_is_paid_without_an_arrangement_and_whoever_may_refer_is_not() -> None:
    vendor = payment("Camden Office Supply", ein="123456789", starts_on=None, through=None, **NO_HOURS)
    lab = plain(THEIRS, "Reference Lab Inc", party=Party.OTHER, npi="1234567893", terms=(), opinions=())
    family = mara(relatives=(Relative("Tom Rockland", "spouse"),))

    assert judge(vendor)[0].outcome is Outcome.FREE
    assert (
        reason(dataclasses.replace(vendor, npi="1234567893")) is Reason.NO_ARRANGEMENT
    )  # a provider nobody registered
    assert judge(payment("Reference Lab", npi="1234567893"), register=(lab,))[0].outcome is Outcome.FREE
    assert reason(payment("Rockland, Tom"), register=(family,)) is Reason.NO_ARRANGEMENT
    other = mara(npi="1234567893")
    assert judge(payment(npi="1245319599"), register=(other,))[0].reason is Reason.NO_ARRANGEMENT  # another NPI
    assert judge(payment("Anybody", npi="1234567893"), register=(other,))[0].outcome is Outcome.RELEASED


def test_a_middle_initial_or_a_degree_lets_nobody_go_and_what_only_resembles_is_looked_at() -> None:
    known = {"known": (Known("Mara Rockland, MD", "a clinician of a practice"),), "register": ()}
    for payee in ("Mara J. Rockland, MD", "ROCKLAND, MARA J MD FAAFP", "Dr. M. Rockland", "Mara Rokland"):
        stopped = judge(payment(payee, starts_on=None, through=None, **NO_HOURS), **known)[0]
        assert stopped.reason in {Reason.NO_ARRANGEMENT, Reason.RESEMBLES}, payee
    for payee in ("Rockland Hardware", "Mara Lindgren", "M. Rowe", "Camden Supply"):
        assert judge(payment(payee, starts_on=None, through=None, **NO_HOURS), **known)[0].outcome is Outcome.FREE, (
            payee
        )
    other = judge(payment("Mara K. Rockland"), register=(SECOND,))[0]
    assert other.reason is Reason.RESEMBLES, "another initial is not paid as if it were hers"
    cleared = plain(THEIRS, "Mara Jane Rockland", party=Party.OTHER, terms=(), opinions=())
    assert judge(payment("Mara Jane Rockland"), register=(mara(), cleared))[0].outcome is Outcome.FREE


def test_one_record_of_hours_is_paid_under_one_arrangement_of_a_party() -> None:
    both = {"register": (mara(), SECOND)}
    first, again = payment(arrangement=MARA), payment("Mara Rockland", arrangement=LEASE)
    assert [one.reason for one in judge(first, again, **both)] == [None, Reason.TWICE]
    before = Earlier(MARA, *OCTOBER.values(), Decimal(10), "CPR-23456789, line 2", "tr-10")
    assert reason(again, **both, earlier=(before,)) is Reason.TWICE
    assert reason(first, dataclasses.replace(again, time_record="TR-11"), **both) is None, "negative control"
    apart = {"register": (mara(), plain(LEASE, "Dr. Ida Moss"))}
    assert reason(first, payment("Ida Moss", arrangement=LEASE), **apart) is None, (
        "another party has records of its own"
    )


def test_a_safe_harbor_wants_it_written_first_and_the_mso_is_paid_where_no_rule_stops_its_fee() -> None:
    harbor = terms_of(term(written_on=BEGUN + timedelta(1), grounds=("aks_services", "stark_services")))
    january = payment(starts_on=BEGUN, through=date(2026, 1, 31))
    assert reason(january, **harbor) is Reason.WRITTEN_LATE
    assert reason(payment(), **harbor) is None, "what comes after the writing is paid"
    assert judge(payment("Harbor Ridge MSO LLC", **NO_HOURS), fee=Fee(("Harbor Ridge MSO",)))[0].outcome is Outcome.FREE
    assert reason(payment("Anybody", ein="204561231"), **ASKED) is Reason.LAW


def test_the_published_list_is_read_and_what_is_wrong_with_it_is_named() -> None:
    waived = {"LASTNAME": "ROCKLAND", "FIRSTNAME": "MARA", "MIDNAME": "JANE", "NPI": "1245319599", "WVRSTATE": "ME",
              "WAIVERDATE": "20240501", "CITY": "BANGOR", "STATE": "ME"}  # fmt: skip
    back = {"BUSNAME": "1 BEST CARE, INC", "REINDATE": "20260601"}
    one, firm = screening.read(leie(waived, back))
    assert (one.name, one.key, one.npi, one.excluded_on) == (
        "MARA JANE ROCKLAND", "MARA ROCKLAND", "1245319599", date(2020, 2, 20)
    )  # fmt: skip
    assert (firm.key, firm.npi) == ("1 BEST CARE", "")
    assert [one.holds_on(ON, state) for state in ("ME", "NH", "")] == [False, True, True], "waived in Maine alone"
    assert one.holds_on(date(2024, 4, 30), "ME")
    assert (firm.holds_on(date(2026, 5, 31), "ME"), firm.holds_on(date(2026, 6, 1), "ME")) == (True, False)
    assert not one.holds_on(date(2020, 2, 19), "NH")
    for bad, words in (
        (leie({"BUSNAME": "X", "EXCLDATE": "2020"}), "Line 2, EXCLDATE: '2020' is no day"),
        (leie({}), "Line 2, BUSNAME: it is empty"), (leie(), "The file has a head and no rows"),
        (b"payee,amount\nX,1\n", "Line 1: the column LASTNAME is missing"),
        (leie({"BUSNAME": "X"}) + b"a,b\n", "Line 3: it has 2 fields"),
    ):  # fmt: skip
        with pytest.raises(NoExclusionList) as no:
            screening.read(bad)
        assert no.value.findings[0].startswith(words)


def test_of_several_arrangements_with_a_payee_the_one_that_fits_is_found() -> None:
    director, rents = mara(), dataclasses.replace(lease(), name="Mara Rockland", party=Party.PHYSICIAN)

    found = judge(payment(), rent(payee="Mara Rockland"), register=(director, rents))

    assert [(one.outcome, one.arrangement) for one in found] == [(Outcome.RELEASED, MARA), (Outcome.RELEASED, LEASE)]


def test_hours_of_a_month_add_up_over_runs_and_lines_and_what_was_paid_before_is_not_paid_again() -> None:
    first = payment(hours=Decimal(12), amount=Money.of("2160.00"), through=date(2026, 10, 15))
    second = payment(hours=Decimal("8.5"), amount=Money.of("1530.00"), starts_on=date(2026, 10, 16))
    before = Earlier(MARA, date(2026, 10, 1), date(2026, 10, 15), Decimal(12), "CPR-23456789, line 2")

    assert reason(first, second) is Reason.OVER_CAP
    assert reason(second, earlier=(before,)) is Reason.OVER_CAP
    assert reason(dataclasses.replace(second, hours=Decimal(8), amount=Money.of("1440.00")), earlier=(before,)) is None
    assert reason(first, earlier=(before,)) is Reason.TWICE


def test_within_ninety_days_an_unsigned_term_is_paid_with_a_word_about_it_and_after_them_not() -> None:
    unsigned = {"register": (mara(terms=(term(party_signed_on=None),)),)}
    january = payment(starts_on=BEGUN, through=date(2026, 1, 31))

    assert (
        judge(january, on=BEGUN + timedelta(90), **unsigned)[0].note == "Both sides have to sign term 1 by 1 Apr 2026."
    )
    assert reason(january, on=BEGUN + timedelta(91), **unsigned) is Reason.NOT_SIGNED
    late = {"register": (mara(terms=(term(party_signed_on=HALF),)),)}
    assert reason(payment(), **late) is None  # what comes after the late signature is paid


def test_an_arrangement_that_ended_in_its_first_year_is_not_replaced_within_it() -> None:
    old = mara(ending=Ending(HALF, "Ended early"))
    new = plain(THEIRS, "Mara Rockland", terms=(term(starts_on=date(2026, 8, 1), ends_on=date(2027, 8, 1)),))
    later = plain(THEIRS, "Mara Rockland", terms=(term(starts_on=ENDS, ends_on=date(2028, 1, 1)),))

    assert reason(payment(arrangement=THEIRS), register=(old, new)) is Reason.CHANGED
    january = payment(arrangement=THEIRS, starts_on=ENDS, through=date(2027, 1, 31))
    assert reason(january, register=(old, later), on=date(2027, 2, 1)) is None


# ---- the formula -------------------------------------------------------------------------------------------------

RATES = st.decimals(Decimal("0.01"), Decimal(99999), places=2)
COUNTS = st.decimals(Decimal("0.01"), Decimal(744), places=2)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(RATES, COUNTS, st.sampled_from([Pay.HOUR, Pay.UNIT]))
def test_hours_and_units_pay_their_number_times_the_rate_to_the_cent(rate: Decimal, count: Decimal, pay: Pay) -> None:
    due = formula.due(term(pay=pay, rate=rate), starts_on=BEGUN, through=BEGUN, count=count)

    assert due == Money((rate * count).quantize(Decimal("0.01"), ROUND_HALF_UP))


@given(RATES, DAYS, st.integers(1, 30))
def test_whole_months_pay_the_rate_each_a_year_the_rate_and_two_parts_the_whole_within_a_cent(
    rate: Decimal, day: date, months: int
) -> None:
    first = day.replace(day=1)
    last = formula.touched(first, first + timedelta(days=31 * months))[months - 1].last
    monthly, yearly = term(pay=Pay.MONTH, rate=rate), term(pay=Pay.YEAR, rate=rate)
    whole = formula.due(monthly, starts_on=first, through=last)
    parts = [
        formula.due(monthly, starts_on=first, through=day),
        formula.due(monthly, starts_on=day + timedelta(1), through=last),
    ]
    year = formula.touched(first, first + timedelta(days=380))[11].last

    assert whole == Money(rate * months)
    assert formula.due(yearly, starts_on=first, through=year) == Money(rate)
    if day < last:
        assert abs(Money.total(one for one in parts if one) - whole) <= Money.cents(1)


@given(RATES, RATES, st.sampled_from(list(Pay)), DAYS, COUNTS)
def test_the_gate_takes_the_amount_of_the_formula_and_no_other(
    rate: Decimal, other: Decimal, pay: Pay, day: date, count: Decimal
) -> None:
    since = date(2020, 1, 1)
    agreed = term(
        pay=pay, rate=rate, hours_cap=None, starts_on=since, ends_on=None, written_on=since, ours_signed_on=since,
        party_signed_on=since,
    )  # fmt: skip
    value = opinion(unit=pay, low=rate, high=rate, opined_on=since, expires_on=date(2040, 1, 1))
    register = (mara(terms=(agreed,), opinions=(value,)),)
    right = formula.due(agreed, starts_on=day, through=day + timedelta(40), count=count)
    paid = payment(starts_on=day, through=day + timedelta(40), hours=count, units=count, amount=right)
    wrong = dataclasses.replace(paid, amount=right + Money(other))

    assert reason(paid, register=register, on=date(2030, 1, 1)) is None
    assert reason(wrong, register=register, on=date(2030, 1, 1)) is Reason.AMOUNT


# ---- files -------------------------------------------------------------------------------------------------------

NAMES = st.text("abcdefghij KLMNOP-,.'\"é", min_size=1, max_size=40).map(str.strip).filter(
    lambda text: text and text[0] not in "=+-@"
)  # fmt: skip


@given(st.lists(st.tuples(NAMES, st.integers(1, 10**9), DAYS, st.none() | COUNTS), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[tuple[str, int, date, Decimal | None]]) -> None:
    payments = [
        Payment(number, name, Money.cents(cents), "1234567893", "123456789", day, day, count, count, "TR", MARA, "R-1")
        for number, (name, cents, day, count) in enumerate(rows, start=2)
    ]

    assert reading.read(reading.written(payments).encode()) == payments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("payee,sum\nx,1\n", "Line 1: the column amount is missing."),
        ("payee,amount\nx,12x\n", "Line 2, amount: '12x' is no amount"),
        ("payee,amount\nx,-5.00\n", "Line 2, amount: '-5.00' is not paid"),
        ("payee,amount\n,5\n", "Line 2, payee: it is empty."),
        ("payee,amount,npi\nx,5,1234567890\n", "Line 2, npi: '1234567890' is no NPI"),
        ("payee,amount,ein\nx,5,123-45-6789\n", "Line 2, ein: '123-45-6789' is no EIN"),
        ("payee,amount,period_start,period_end\nx,5,10/01/2026,2026-10-31\n", "Line 2, period_start: '10/01/2026'"),
        ("payee,amount,period_start,period_end\nx,5,2026-10-02,2026-10-01\n", "Line 2, period_end: the period ends"),
        ("payee,amount,period_start,period_end\nx,5,2026-10-02,\n", "Line 2, period_end: it is empty"),
        ("payee,amount,hours\nx,5,0\n", "Line 2, hours: '0' is not more than nothing"),
        ("payee,amount,arrangement\nx,5,lease\n", "Line 2, arrangement: 'lease' names no arrangement"),
        ("payee,amount\nx,5,6\n", "Line 2: it has not as many fields"),
        ("payee,amount\n", "The file has 0 payments"),
        ("payee,amount\n\xff,5\n", "The file is not CSV in UTF-8."),
    ],
)
def test_a_bad_file_names_line_and_field(text: str, words: str) -> None:
    with pytest.raises(UnreadablePayments) as no:
        reading.read(text.encode("latin-1"))
    assert no.value.findings[0].startswith(words)


def test_names_are_one_whatever_their_titles_order_and_accents() -> None:
    assert recognising.normalised("Dr. José Núñez, M.D.") == recognising.normalised("NUNEZ, JOSE") != ""
    assert recognising.normalised("Jose Nunez-Ruiz") != recognising.normalised("Jose Nunez")


# ---- checklists and activation -----------------------------------------------------------------------------------


def test_checklists_say_what_the_register_knows_and_what_is_open_and_what_is_only_recalled_warns() -> None:
    (stark,) = checklists.checked(mara(), on=ON)
    by_code = {one.code.partition(".")[2]: one for one in stark.points}

    assert {code for code, one in by_code.items() if one.is_gap} == {"necessary", "lawful"}
    assert (by_code["necessary"].said, by_code["necessary"].recalled) == (Said.OPEN, True)
    assert by_code["value"].evidence.startswith("Pine Valuation on 1 Dec 2025: $150.00 to $210.00 an hour")
    (bad,) = checklists.checked(mara(terms=(term(by_volume=True, party_signed_on=None),), opinions=()), on=ON)
    assert {one.code.partition(".")[2] for one in bad.points if one.said is Said.UNMET} == {
        "written",
        "value",
        "volume",
    }


def test_every_checklist_is_whole() -> None:
    found = checklists.lists()

    assert set(found) >= {"aks_services", "stark_space", "stark_equipment", "stark_services", "stark_value", "gpo",
                          "discount", "venture"}  # fmt: skip
    assert all(one.by == "" or one.by in checklists._KNOWN for ask in found.values() for one in ask.elements)
    assert all(any(kind in ask.kinds for ask in found.values()) for kind in Kind)
    assert max(len(one.code) for ask in found.values() for one in ask.elements) <= 48


def test_a_term_is_activated_only_with_an_opinion_in_force_that_covers_its_rate() -> None:
    fresh = term(activated_on=None)

    def told(**changes: Any) -> str:
        return activating.why_not_active(mara(terms=(changes.pop("term", fresh),), **changes), fresh, ON)[0]

    assert told() == ""
    assert "no opinion of fair market value an hour" in told(opinions=())
    assert "expired" in told(opinions=(opinion(expires_on=ON - timedelta(1)),))
    assert "lies outside" in told(opinions=(opinion(low=Decimal("180.01")),))
    assert told(opinions=(opinion(expires_on=ON, low=Decimal("180.00")),)) == ""
    assert told(opinions=(), kind=Kind.RECRUITMENT) == ""
    assert "only recalled: counsel says" in told(answers=(UNMET,))
    assert told(answers=(UNMET, dataclasses.replace(UNMET, said=Said.MET))) == ""
    trigger = Path("src/openmso/compliance/migrations/0002_only_opined_rates_are_activated.py").read_text("utf-8")
    assert f"about IN ({', '.join(repr(kind.value) for kind in terms.NO_VALUE)})" in trigger
