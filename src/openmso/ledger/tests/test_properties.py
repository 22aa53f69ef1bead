"""Whatever is posted, in whatever order: the sums are zero, balances are their lines, both methods balance."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger import testing
from openmso.ledger.contracts import (
    Accounts,
    Basis,
    Book,
    EntryDraft,
    Kind,
    LineDraft,
    Method,
    Selection,
    credit,
    debit,
)
from openmso.ledger.queries import books, proof, selection, statements
from openmso.ledger.rules import charts, closing, drafts, naming
from openmso.ledger.services import periods, posting
from openmso.ledger.testing import AT, MARCH, bookkeeper, in_books, post
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk

CODES = [account.code for account in charts.CHARTS["practice"] if account.postable]
DAYS = [MARCH.first + timedelta(days=n) for n in range(61)]
cents = st.integers(1, 10**9)


@st.composite
def balanced_lines(draw: st.DrawFn) -> tuple[LineDraft, ...]:
    """Lines that come out even on each of one to three bases, split unevenly over several accounts."""
    lines: list[LineDraft] = []
    for basis in draw(st.lists(st.sampled_from(Basis), min_size=1, max_size=3, unique=True)):
        whole = Money.cents(draw(cents))
        for side in (debit, credit):
            weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
            parts = [part for part in whole.split(weights) if part]
            lines += [side(draw(st.sampled_from(CODES)), part, basis=basis) for part in parts]
    return tuple(lines)


entries = st.lists(st.tuples(st.sampled_from(DAYS), balanced_lines()), min_size=1, max_size=6)
reading_methods = list(Method)


def expected(book: Book, posted: list[EntryDraft], method: Method, through: date) -> dict[str, Decimal]:
    """Debits less credits by account, summed the slow and simple way."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for draft in posted:
        for line in draft.lines:
            if line.basis in method.bases(book.method) and draft.posted_on <= through:
                sums[line.account] += line.debit.amount - line.credit.amount
    return {code: total for code, total in sums.items() if total}


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(entries, min_size=1, max_size=3), reversed_=st.booleans(), through=st.sampled_from(DAYS))
def test_all_statements_agree_with_the_simple_sum_of_what_was_posted(
    book: Book, batches: list[list[tuple[date, tuple[LineDraft, ...]]]], reversed_: bool, through: date
) -> None:
    book = testing.open_books(testing.tenant(f"P{testing.fresh()}", "Property"))
    posted: list[EntryDraft] = []
    with in_books(book):
        for month in (MARCH.plus(1), MARCH.plus(2)):
            periods.open_next(actor=bookkeeper(), entity=book.entity, month=month, at=AT)
        for batch in batches:
            drafted = [EntryDraft(book.entity, day, "Any", lines, key=f"any:{testing.fresh()}") for day, lines in batch]
            refs = post(*drafted)
            posted += drafted
        if reversed_:
            day = DAYS[-1]
            posting.reverse(actor=bookkeeper(), entity=book.entity, entry=refs[0].public_id, why="Any", on=day, at=AT)
            mirror = tuple(LineDraft(line.account, line.credit, line.debit, line.basis) for line in drafted[0].lines)
            posted.append(EntryDraft(book.entity, day, "Any", mirror, key="mirror"))
        with reading():
            found = proof.check(entity=book.entity)
            for method in Method:
                _agrees(book, posted, method, through)

    assert found.sound, found.flaws
    assert found.entries == len(posted)
    assert found.debits == Money.total(line.debit for draft in posted for line in draft.lines)


def _agrees(book: Book, posted: list[EntryDraft], method: Method, through: date) -> None:
    trial = statements.trial_balance(
        entity=book.entity, method=method, starts_on=through.replace(day=1), through=through
    )
    wanted = expected(book, posted, method, through)
    assert trial.balanced
    assert {row.account.code: row.closing.amount for row in trial.rows if row.closing} == wanted
    sheet = statements.balance_sheet(entity=book.entity, method=method, days=[through])
    assert sheet.results["Assets"] == sheet.results["Liabilities and equity"]
    income = statements.income_statement(entity=book.entity, method=method, ranges=[(DAYS[0], through)])
    kinds = {account.code: account.kind for account in books.accounts(entity=book.entity)}
    earned = -sum((total for code, total in wanted.items() if kinds[code].is_temporary), Decimal(0))
    assert income.results["Net income"] == (Money.of(earned),)
    for code in list(wanted)[:2]:
        chosen = Selection(book.entity, (code,), method.bases(book.method), through + timedelta(days=1))
        assert selection.total(chosen).net.amount == wanted[code]
        lines = selection.lines(chosen, PageAsk(size=500))
        assert lines.rows[-1].balance.amount == wanted[code]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.builds(
            LineDraft,
            account=st.sampled_from(["1000", "6100", "9999", "6"]),
            debit=st.sampled_from([ZERO, Money.of(1), Money.of(2), Money.of(-1)]),
            credit=st.sampled_from([ZERO, Money.of(1), Money.of(2)]),
            basis=st.sampled_from(Basis),
        ),
        max_size=4,
    )
)
def test_the_rules_and_the_database_judge_alike(book: Book, lines: list[LineDraft]) -> None:
    """What the rules let through the database takes, unknown accounts apart; what they refuse it refuses."""
    draft = EntryDraft(book.entity, date(2026, 3, 10), "Any", tuple(lines), key=f"any:{testing.fresh()}")
    flawed = any(drafts.flaws(draft)) or any(line.account in {"9999", "6"} for line in lines)

    with in_books(book):
        try:
            posting._post(bookkeeper(), [draft], AT, {}, quiet=True)
        except Refused:
            assert flawed
        else:
            assert not flawed


@settings(max_examples=400)
@given(
    st.lists(
        st.builds(
            LineDraft, account=st.just("1000"), debit=st.sampled_from([ZERO, Money.of(1), Money.of(-1)]),
            credit=st.sampled_from([ZERO, Money.of(1)]), basis=st.sampled_from([Basis.COMMON, Basis.COMMON, Basis.CASH]),
        ),
        max_size=4,
    ),
    st.sampled_from(["", " ", "Rent", "x" * 401]),
    st.sampled_from(["", "k", "k" * 121]),
)  # fmt: skip
def test_the_quick_question_is_never_answered_with_yes_for_a_flaw(lines: list[LineDraft], memo: str, key: str) -> None:
    """And with no only for what is flawed or stands on two bases, which is then looked at by the rules."""
    draft = EntryDraft(1, date(2026, 3, 10), memo, tuple(lines), key=key)

    assert drafts.is_sound(draft) == (not any(drafts.flaws(draft)) and len({line.basis for line in lines}) == 1)


@given(st.integers(0, 30**8 - 1))
def test_every_key_has_a_name_and_every_name_one_key(key: int) -> None:
    assert naming.entry_key(naming.entry_public_id(key)) == key


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from(Basis)), st.integers(-(10**9), 10**9).map(Money.cents)
    )
)
def test_closing_lines_bring_every_account_to_zero_and_come_out_even(standing: dict[tuple[str, Basis], Money]) -> None:
    lines = closing.closing_lines(standing)

    assert not drafts.differences(lines)
    left = dict(standing)
    for line in lines:
        if (line.account, line.basis) in left:
            left[line.account, line.basis] += line.debit - line.credit
    earnings = {key for key in left if key[0] == Accounts.RETAINED_EARNINGS}
    assert not any(balance for key, balance in left.items() if key not in earnings)


@given(st.sampled_from(range(1, 13)), st.integers(1990, 2090), st.integers(1, 12))
def test_every_month_lies_in_the_fiscal_year_that_claims_it(starts: int, year: int, number: int) -> None:
    month = Month(year, number)
    first, last = closing.year_months(closing.fiscal_year(month, starts), starts)

    assert first <= month <= last


def test_the_charts_have_every_named_account_once_below_a_heading_of_their_own() -> None:
    named = {value for name, value in vars(Accounts).items() if name.isupper()}
    for chart in charts.CHARTS.values():
        codes = [account.code for account in chart]
        headings = {account.code for account in chart if not account.postable}
        assert len(codes) == len(set(codes))
        assert all(account.parent in headings for account in chart if account.postable)
        assert {account.kind for account in chart} >= set(Kind) - {Kind.CONTRA_REVENUE}
    assert named == {account.code for chart in charts.CHARTS.values() for account in chart if account.postable}
