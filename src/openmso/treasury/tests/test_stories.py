"""A short month and a good one to the cent, who may do what, what a reversal takes back, and the account of the
government."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from openmso.agreements import testing as agreements
from openmso.agreements.fees import waterfall
from openmso.agreements.fees.reading import Node
from openmso.agreements.services import execution, law
from openmso.agreements.services.law import NotLawful
from openmso.compliance.queries.clearing import of_practice as told
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.config.roles import ROLES
from openmso.kit.errors import Conflict, Forbidden, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Method
from openmso.ledger.queries import proof
from openmso.parties.contracts import AccountUse
from openmso.parties.models.practices import BankAccount
from openmso.parties.testing import builder
from openmso.platform.access.contracts import Actor, NotAllowed, Side
from openmso.platform.audit import queries as audit
from openmso.platform.tenancy.scope import atomic, reading
from openmso.settlement import queries as statements
from openmso.settlement.queries import accounts as billed
from openmso.settlement.queries import revenue
from openmso.settlement.services import disputing
from openmso.settlement.states import S
from openmso.treasury import models, rules
from openmso.treasury.contracts import Instruction
from openmso.treasury.queries import accounts, loans, paying, runs
from openmso.treasury.queries import proof as payouts
from openmso.treasury.services import crediting, instructing, running
from openmso.treasury.services import paying as files
from openmso.treasury.states import F, Formula, Held, P, Part, Pays, R
from openmso.treasury.tests.till import (
    AFTER_APRIL,
    AFTER_MARCH,
    AFTER_MAY,
    APRIL,
    FLAT,
    MARCH,
    MAY,
    PRIORITY,
    Till,
    government,
)

pytestmark = pytest.mark.django_db


def steps(till: Till, run: str) -> dict[str, tuple[str, str]]:
    """What each line wanted and got."""
    with till.scope(), reading():
        return {one.line: (str(one.wanted), str(one.paid)) for one in runs.run(run).steps}


def test_a_short_month_and_a_good_one_come_to_the_worked_example_in_both_books(till: Till) -> None:
    """WE6: 61,000.00 are lent at 6%; the next month pays 305.00 of interest, all of the loan, and leaves 2,195.00."""
    first = till.short()

    with till.scope(), reading():
        loan = loans.of_agreement(till.house.id, first.agreement)
        assert loan is not None
        assert (str(loan.balance), str(loan.advances), str(loan.fees), loan.proven) == (
            "61000.00", "1000.00", "60000.00", True,
        )  # fmt: skip
        assert [
            (one.kind, str(one.amount), one.from_mso) for one in paying.payments_of(till.house.id, first.public_id)
        ] == [(Pays.ADVANCE, "1000.00", True)]
        owed = [loans.accruing(till.house.id, first.agreement, through=day)
                for day in (date(2026, 3, 31), date(2026, 4, 15), date(2026, 4, 30), date(2026, 5, 10))]  # fmt: skip
        assert [one and str(one.amount) for one in owed] == [None, "152.50", "305.00", "403.39"]  # as runs would charge
    assert till.loan() == ("61000.00", "61000.00")
    assert till.loan(Method.CASH) == ("1000.00", "1000.00")  # a fee that was lent is no cash yet

    second = till.good()

    assert steps(till, second.public_id) == {
        "refunds": ("4500.00", "4500.00"), "practice_expenses": ("262000.00", "262000.00"),
        "physician_compensation": ("215000.00", "215000.00"), "fee": ("60000.00", "60000.00"),
        "deficit_interest": ("305.00", "305.00"), "deficit_principal": ("61000.00", "61000.00"),
        "reserve": ("5000.00", "5000.00"), "residual": ("2195.00", "2195.00"),
    }  # fmt: skip
    ours, theirs = till.house.entity.id, till.mso_entity
    assert till.loan() == till.loan(Method.CASH) == ("0.00", "0.00")
    assert till.balance(ours, Accounts.RESERVE_CASH) == "5000.00"
    assert till.balance(ours, Accounts.INTEREST_PAID) == "305.00" == till.balance(theirs, Accounts.LOAN_INTEREST)[1:]
    for method in (Method.ACCRUAL, Method.CASH):  # once all is paid, both ways of accounting have spent the same
        assert till.balance(ours, Accounts.MANAGEMENT_FEE, method) == "120000.00"
        assert till.balance(theirs, Accounts.FEE_REVENUE, method) == "-120000.00"
    with till.scope(), reading():
        assert statements.fees().holds
        account = billed.account("PINE", first=MARCH, last=MAY)
        assert [(one.kind.value, str(one.balance)) for one in account.lines] == [
            ("invoice", "60000.00"), ("lent", "0.00"), ("invoice", "60000.00"), ("payment", "0.00"),
        ]  # fmt: skip
        earned = revenue.revenue(first=MARCH, last=APRIL)
        assert (str(earned.sum("revenue")), earned.agrees) == ("120000.00", True)
        assert {str(pair.difference) for pair in earned.pairs} == {"0.00"}
        moved = loans.movements(loan.public_id)
        assert [str(one.balance) for one in moved] == ["1000.00", "61000.00", "61305.00", "61000.00", "1000.00", "0.00"]
        assert "30/360" in next(one.words for one in moved if one.part is Part.INTEREST)
        assert [list(proof.flaws(entity=entity)) for entity in (ours, theirs)] == [[], []]


def test_a_month_is_run_once_in_its_order_by_two_people_and_as_it_was_approved(till: Till) -> None:
    till.month(MARCH, collected="480000.00", refunds="6000.00", expenses="260000.00", physicians="215000.00")
    till.settled(MARCH, AFTER_MARCH)
    run = till.proposed(MARCH, AFTER_MARCH).public_id
    again = {"practice": till.house.id, "month": MARCH, "at": AFTER_MARCH}

    with till.scope():
        with pytest.raises(Conflict, match="has a run of payments already"):
            running.propose(actor=till.controller(AFTER_MARCH), **again)
        with pytest.raises(NotAllowed, match="None of your roles in Pine Clinic"):
            running.approve(actor=till.accountant(AFTER_MARCH), run=run, at=AFTER_MARCH)
        with pytest.raises(Conflict, match="waits for the approval"):
            running.post(actor=till.controller(AFTER_MARCH), run=run, at=AFTER_MARCH)
    till.booked(date(2026, 3, 30), "10.00", Accounts.SOFTWARE, Accounts.OPERATING_CASH)
    with till.scope():
        with pytest.raises(running.BooksChanged):
            running.approve(actor=till.owner(AFTER_MARCH), run=run, at=AFTER_MARCH)
        running.withdraw(actor=till.controller(AFTER_MARCH), run=run, why="A bill was missing", at=AFTER_MARCH)
    done = till.posted(MARCH, AFTER_MARCH)
    with till.scope():
        with pytest.raises(Conflict, match="posted already"):
            running.post(actor=till.controller(AFTER_MARCH), run=done.public_id, at=AFTER_MARCH)
        with pytest.raises(Refused, match="is not over"):
            running.propose(actor=till.controller(AFTER_MARCH), **again | {"month": APRIL})
        with reading():
            assert str(runs.run(done.public_id).row.loan) == "61010.00"
            told = {one.action for one in audit.history(("treasury.run", done.public_id), practice=till.house.id)}
    assert told == {"treasury.proposed", "treasury.approved", "treasury.posted"}


def test_a_reversed_run_leaves_nothing_and_the_month_is_run_anew(till: Till) -> None:
    run = till.short().public_id
    with till.scope(), reading():
        invoice = runs.run(run).given[-1].invoices[0][0]
        assert statements.settlement(invoice).state is S.PAID

    with till.scope():
        running.reverse(actor=till.controller(AFTER_MARCH), run=run, why="The refunds were wrong", at=AFTER_MARCH)

    assert till.loan() == ("0.00", "0.00")
    with till.scope(), reading():
        one = statements.settlement(invoice)
        assert (one.state, str(one.due)) == (S.APPROVED, "60000.00")
        assert [one.state for one in paying.payments_of(till.house.id, run)] == [P.STOPPED]
    again = till.posted(MARCH, AFTER_MARCH)
    assert (again.row.state, till.loan()) == (R.POSTED, ("61000.00", "61000.00"))


def test_what_a_dispute_wins_of_a_lent_fee_comes_off_the_loan_which_the_next_agreement_takes_over(till: Till) -> None:
    """10,000.00 of a fee that was lent at 6% bore 50.00 in a month: the loan is less by both, and no money moves."""
    first = till.short()
    with till.scope(), reading():
        invoice = runs.run(first.public_id).given[-1].invoices[0][0]
        row = statements.statement(invoice).section("fee")[0].number
    till.month(APRIL, collected="308.00", refunds="1.00", expenses="1.00", physicians="1.00")
    later = AFTER_APRIL + timedelta(hours=1)
    till.posted(APRIL, AFTER_APRIL)  # pays the interest and nothing else of the loan
    with till.scope():
        won = disputing.dispute(
            actor=till.owner(later), settlement=invoice, row=row, amount=Money.of("10000.00"), at=later,
            reason="Two weeks without anybody at the desk",
        )  # fmt: skip
        disputing.answer(
            actor=till.controller(later), dispute=won.public_id, credited=Money.of("10000.00"), why="So it was",
            at=later,
        )  # fmt: skip
    lent = {"settlement": invoice, "dispute": won.public_id, "amount": Money.of("10000.00"), "at": later}
    for off in ("10000.00", "0.00"):  # told twice, it is done once
        with till.scope():
            made = crediting.credit(actor=Actor.system("treasury.paid_fee_credited", at=later), **lent)  # type: ignore[arg-type]
        assert str(made) == off
    assert till.loan() == ("50950.00", "50950.00")
    assert till.loan(Method.CASH) == ("1000.00", "1000.00")
    ours = till.house.entity.id
    assert [till.balance(ours, one) for one in (Accounts.MANAGEMENT_FEE, Accounts.INTEREST_PAID, Accounts.DUE_TO_MSO)] == [
        "50000.00", "255.00", "0.00",
    ]  # fmt: skip
    assert [till.balance(ours, one, Method.CASH) for one in (Accounts.MANAGEMENT_FEE, Accounts.INTEREST_PAID)] == [
        "50.00", "255.00",
    ]  # fmt: skip
    with till.scope():
        with reading():
            one = statements.settlement(invoice)
            assert (one.state, str(one.due), statements.fees().holds) == (S.PAID, "0.00", True)
        execution.terminate(actor=builder(later), agreement=first.agreement, ends_on=later.date(),
                            why="Other terms", at=later)  # fmt: skip
    terms = waterfall.priority_of(Node(PRIORITY, ""))
    fresh = agreements.executed(till.cast.mso, till.house, at=later, starts_on=later.date(), fee=FLAT,
                                payments=terms, with_baa=False)  # fmt: skip
    till.month(MAY, collected="100000.00", refunds="1.00", expenses="1.00", physicians="1.00")
    run = till.posted(MAY, AFTER_MAY)
    assert (run.agreement, str(run.opening["loan"]), str(run.row.loan)) == (fresh.agreement, "50950.00", "0.00")
    assert till.loan() == ("0.00", "0.00")
    with till.scope(), reading():
        assert list(payouts.runs_that_differ(till.house.id)) == []


# ---- the account of the government ----------------------------------------------------------------------------


def instructed(till: Till, account: str, **terms: object) -> Instruction:
    asked = {"target": till.accounts[AccountUse.OPERATING], "formula": Formula.ALL, "clause": "5.2"} | terms
    with till.scope():
        return instructing.instruct(
            actor=till.owner(AFTER_MARCH), practice=till.house.id, account=account, starts_on=AFTER_MARCH.date(),
            at=AFTER_MARCH, **asked,  # type: ignore[arg-type]
        )  # fmt: skip


def test_nobody_but_the_practice_instructs_its_government_account_or_can_be_let(till: Till) -> None:
    account = government(till)
    asked = {"practice": till.house.id, "account": account, "target": till.accounts[AccountUse.OPERATING],
             "formula": Formula.ALL, "clause": "5.2", "starts_on": date(2026, 4, 1), "at": AFTER_MARCH}  # fmt: skip
    with till.scope():
        with pytest.raises(NotFound):  # what the MSO is due it gets by a run, in the order of the agreement
            instructing.instruct(actor=till.owner(AFTER_MARCH), **asked | {"target": till.mso_account})  # type: ignore[arg-type]
        with pytest.raises(NotAllowed, match="None of your roles in Pine Clinic"):
            instructing.instruct(actor=till.controller(AFTER_MARCH), **asked)  # type: ignore[arg-type]
        given_by_us = instructing.instruct(actor=till.owner(AFTER_MARCH), **asked)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            instructing.revoke(actor=till.controller(AFTER_MARCH), instruction=given_by_us.public_id, at=AFTER_MARCH)
        with reading():
            row = models.Instruction.objects.get(public_id=given_by_us.public_id)
        instructing.revoke(actor=till.owner(AFTER_MARCH), instruction=row.public_id, at=AFTER_MARCH)
        row.pk, row.public_id, row.given_by_user = None, "SIN-23456789", till.elena.public_id
        with pytest.raises(IntegrityError, match="only the practice instructs"), atomic.open():
            row.save(force_insert=True)
        with pytest.raises(IntegrityError, match="stays revoked"), atomic.open():
            models.Instruction.objects.filter(public_id=given_by_us.public_id).update(state=Held.GIVEN.value)
    held = {one.code for one in ROLES if {"treasury.instruct", "treasury.approve"} & one.permissions}
    assert held <= set(rules.OF_THE_PRACTICE) == {one.code for one in ROLES if one.side is Side.PRACTICE}


def test_what_the_government_paid_leaves_by_the_practices_instruction_and_stops_when_it_is_revoked(till: Till) -> None:
    account = government(till)
    till.month(MARCH, collected="700000.00", government="90000.00", refunds="6000.00", expenses="260000.00",
               physicians="215000.00")  # fmt: skip
    till.settled(MARCH, AFTER_MARCH)
    waits = till.proposed(MARCH, AFTER_MARCH)
    assert (str(waits.row.cash), str(waits.row.held)) == ("700000.00", "90000.00")
    assert "42 CFR 424.73" in waits.notes[0]
    with till.scope():
        running.withdraw(actor=till.controller(AFTER_MARCH), run=waits.public_id, why="Instructed", at=AFTER_MARCH)
    order = instructed(till, account, formula=Formula.ABOVE, amount=Money.of("30000.00"))

    run = till.posted(MARCH, AFTER_MARCH)

    assert (str(run.row.cash), str(run.swept), str(run.row.held)) == ("760000.00", "60000.00", "30000.00")
    with till.scope():
        file = files.prepare(
            actor=till.controller(AFTER_MARCH), practice=till.house.id, account=account, at=AFTER_MARCH
        )
        with pytest.raises(NotAllowed, match="None of your roles in Pine Clinic"):
            files.approve(actor=till.accountant(AFTER_MARCH), file=file.public_id, at=AFTER_MARCH)
        with reading():
            row = models.BankFile.objects.get(public_id=file.public_id)
        row.state, row.approved_at, row.approved_by_user = F.APPROVED.value, AFTER_MARCH, till.marc.public_id
        with pytest.raises(IntegrityError, match="only the practice approves"), atomic.open():
            row.save()
        files.approve(actor=till.owner(AFTER_MARCH), file=file.public_id, at=AFTER_MARCH)
        instructing.revoke(actor=till.owner(AFTER_MARCH), instruction=order.public_id, at=AFTER_MARCH)
        with pytest.raises(Refused, match="cancelled"):
            files.take(actor=till.controller(AFTER_MARCH), file=file.public_id, at=AFTER_MARCH)
        with reading():
            assert accounts.instruction(order.public_id).revoked_why == "The practice revoked it."
            sweep = next(one for one in paying.payments_of(till.house.id, run.public_id) if one.kind is Pays.SWEEP)
    assert (sweep.state, sweep.amount) == (P.STOPPED, Money.of("60000.00"))
    assert till.within(account) == "0.00"  # the sweep and what put it back

    till.month(APRIL, collected="400000.00", government="1000.00", refunds="1.00", expenses="1.00", physicians="1.00")
    poor = till.proposed(APRIL, AFTER_APRIL)
    assert (str(poor.opening["held"]), str(poor.row.held)) == ("90000.00", "91000.00")  # none of it left
    assert (str(poor.opening["carried"]), str(poor.row.cash)) == ("-60000.00", "340000.00")
    assert "60,000.00 that the last run counted on stayed" in poor.notes[1]
    with till.scope():
        running.withdraw(actor=till.controller(AFTER_APRIL), run=poor.public_id, why="Instructed", at=AFTER_APRIL)
    instructed(till, account)
    again = till.posted(APRIL, AFTER_APRIL)
    assert (str(again.swept), str(again.row.held), str(again.row.cash)) == ("91000.00", "0.00", "431000.00")
    assert till.within(account) == "-91000.00"
    with till.scope(), reading():
        assert list(payouts.runs_that_differ(till.house.id)) == []


def test_the_other_deposit_account_is_swept_and_a_month_that_took_back_more_is_carried(till: Till) -> None:
    """Each account has its cash in the books; less than nothing opens the next month, and so does a missing term."""
    deposit, operating = till.accounts[AccountUse.DEPOSIT], till.accounts[AccountUse.OPERATING]
    instructed(till, deposit, formula=Formula.ABOVE, amount=Money.of("20000.00"))
    till.month(MARCH, collected="100000.00", refunds="1000.00", expenses="2000.00", physicians="3000.00")
    first = till.posted(MARCH, AFTER_MARCH)
    assert (str(first.collected), str(first.closing["kept"]), str(first.row.cash)) == (
        "80000.00", "20000.00", "100000.00",
    )  # fmt: skip
    assert (till.within(deposit), till.within(operating)) == ("-80000.00", "80000.00")
    with till.scope(), reading():
        collects = next(one for one in paying.payments_of(till.house.id, first.public_id) if one.kind is Pays.COLLECT)
        assert (collects.from_account, collects.to_account) == (deposit, operating)

    till.month(APRIL, collected="300.00", government="-1000.00", refunds="-50.00", expenses="10.00", physicians="10.00")
    poor = till.posted(APRIL, AFTER_APRIL)
    assert (str(poor.row.cash), str(poor.closing["carried"]), str(poor.collected)) == ("0.00", "-650.00", "0.00")
    assert {line: paid for line, (_, paid) in steps(till, poor.public_id).items() if paid != "0.00"} == {
        "practice_expenses": "10.00", "physician_compensation": "10.00",
    }  # fmt: skip
    assert (str(poor.opening["reserve"]), str(poor.closing["reserve"]), str(poor.row.advanced)) == (
        "5000.00", "4980.00", "0.00",
    )  # fmt: skip
    assert till.balance(till.house.entity.id, Accounts.RESERVE_CASH) == "4980.00"
    assert "650.00 are carried" in poor.notes[-1]
    till.month(MAY, collected="2000.00", refunds="1.00", expenses="1.00", physicians="1.00")
    better = till.posted(MAY, AFTER_MAY)
    assert (str(better.row.cash), str(better.closing["carried"])) == ("1350.00", "0.00")
    with till.scope():
        with reading():
            assert list(payouts.runs_that_differ(till.house.id)) == []
        running.reverse(actor=till.controller(AFTER_MAY), run=better.public_id, why="Wrong", at=AFTER_MAY)
        running.reverse(actor=till.controller(AFTER_MAY), run=poor.public_id, why="Wrong", at=AFTER_MAY)
    assert till.balance(till.house.entity.id, Accounts.RESERVE_CASH) == "5000.00"


def stops_and_goes(till: Till, step: Callable[[], object]) -> None:
    """A step that the law stops until what it asks is said again."""
    said = {"actor": builder(AFTER_MARCH), "practice": till.house.id, "why": "Their contracts", "at": AFTER_MARCH}
    law.say(facts={"baa.downstream": ""}, **said)
    with pytest.raises(NotLawful, match=r"HIPAA-BA-01: .*\(45 CFR 164") as no:
        step()
    assert "Say first: Subcontractors" in no.value.fix
    law.say(facts={"baa.downstream": "yes"}, **said)
    step()


def test_every_step_of_paying_out_asks_the_law_and_the_advance_and_the_bank_file_too(till: Till) -> None:
    till.month(MARCH, collected="480000.00", refunds="6000.00", expenses="260000.00", physicians="215000.00")
    till.settled(MARCH, AFTER_MARCH)
    made: dict[str, str] = {}

    def proposes() -> None:
        actor = till.controller(AFTER_MARCH)
        made["run"] = running.propose(actor=actor, practice=till.house.id, month=MARCH, at=AFTER_MARCH).public_id

    def prepares() -> None:
        file = files.prepare(
            actor=till.controller(AFTER_MARCH), practice=till.house.id, account=till.mso_account, at=AFTER_MARCH
        )
        made["file"] = file.public_id

    with till.scope():
        stops_and_goes(till, proposes)
        running.approve(actor=till.owner(AFTER_MARCH), run=made["run"], at=AFTER_MARCH)
        stops_and_goes(till, lambda: running.post(actor=till.controller(AFTER_MARCH), run=made["run"], at=AFTER_MARCH))
        assert till.loan() == ("61000.00", "61000.00")
        stops_and_goes(till, prepares)
        stops_and_goes(
            till, lambda: files.approve(actor=till.accountant(AFTER_MARCH), file=made["file"], at=AFTER_MARCH)
        )
        stops_and_goes(till, lambda: files.take(actor=till.controller(AFTER_MARCH), file=made["file"], at=AFTER_MARCH))


def test_what_the_government_pays_moves_by_the_practices_order_and_where_the_banks_letter_allows_it(till: Till) -> None:
    """42 CFR 424.73 and 447.10, each way: who orders it, and what the bank says of the account."""
    account, said = government(till), {"practice": till.house.id, "why": "The bank's letter", "at": AFTER_MARCH}
    asked = {"flow": Flow.FILE, "practice": till.house.id, "account": account, "at": AFTER_MARCH}
    with till.scope():
        with pytest.raises(NotLawful, match=r"only a person of the practice says what leaves it \(42 CFR 424.73"):
            clearing.clear(ordered_by=till.elena.public_id, **asked)  # type: ignore[arg-type]
        with pytest.raises(NotLawful, match="only a person of the practice"):
            clearing.clear(**asked)  # type: ignore[arg-type]
        assert clearing.clear(ordered_by=till.cast.ana.public_id, **asked).may  # type: ignore[arg-type]
        other = asked | {"account": till.accounts[AccountUse.OPERATING]}
        assert clearing.clear(ordered_by=till.elena.public_id, **other).may  # type: ignore[arg-type]
        law.say(actor=builder(AFTER_MARCH), facts={"sweep.receivables_sold": "yes"}, **said)
        with reading():
            rows = {one.flow: [stop.rule for stop in one.stops] for one in told(till.house.id, at=AFTER_MARCH)}
        assert rows[Flow.SWEEP] == ["MCR-BANK-03"]
        assert not rows[Flow.FEE]
    with pytest.raises(NotLawful, match="MCR-BANK-03"):
        instructed(till, account)
    with till.scope():
        law.say(actor=builder(AFTER_MARCH), facts={"sweep.receivables_sold": "no"}, **said)
    assert instructed(till, account).state is Held.GIVEN


def test_a_run_that_counts_on_a_revoked_instruction_is_not_posted(till: Till) -> None:
    order = instructed(till, government(till))
    till.month(MARCH, collected="500000.00", government="90000.00", refunds="1.00", expenses="1.00", physicians="1.00")
    run = till.proposed(MARCH, AFTER_MARCH).public_id
    with till.scope():
        running.approve(actor=till.owner(AFTER_MARCH), run=run, at=AFTER_MARCH)
        instructing.revoke(actor=till.owner(AFTER_MARCH), instruction=order.public_id, why="Breach", at=AFTER_MARCH)
        with pytest.raises(running.BooksChanged, match="revoked the standing instruction"):
            running.post(actor=till.controller(AFTER_MARCH), run=run, at=AFTER_MARCH)


def test_no_account_for_government_money_stands_in_the_name_of_the_mso(till: Till) -> None:
    with till.scope():
        with reading():
            row = BankAccount.objects.get(public_id=till.mso_account)
        row.use = AccountUse.DEPOSIT_GOVERNMENT.value
        with pytest.raises(IntegrityError, match="in the name of a practice"), atomic.open():
            row.save()


MONEY = st.integers(min_value=0, max_value=10**9).map(Money.cents)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(Part), MONEY), MONEY)
def test_a_repayment_loses_no_cent_and_meets_no_part_twice(parts: dict[Part, Money], amount: Money) -> None:
    meets = rules.repaid(parts, amount)

    assert Money.total(meets.values()) == min(amount, Money.total(parts.values()))
    assert all(ZERO < one <= parts[part] for part, one in meets.items())


def test_the_day_after_is_reckoned_in_the_practices_zone(till: Till) -> None:
    late = datetime(2026, 4, 1, 3, 30, tzinfo=UTC)  # still the last of March in Maine

    with till.scope(), pytest.raises(Refused, match="March 2026 is not over"):
        running.propose(actor=till.controller(late), practice=till.house.id, month=MARCH, at=late)
