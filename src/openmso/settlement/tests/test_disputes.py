"""Disputes of an invoice: Ana contests, Elena answers; what is held is not due, and nothing of the invoice is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmso.agreements.services import law
from openmso.governance.services import meetings
from openmso.governance.states import V
from openmso.governance.tests.room import call, room_of, sit, vote
from openmso.kit.clock import day_in
from openmso.kit.errors import Forbidden, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Basis
from openmso.platform.access import registry as access
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters
from openmso.settlement import jobs, queries, rules
from openmso.settlement.contracts import DISPUTED, PAYING_BACK, SOURCE, DisputeRow, Paper, Settlement
from openmso.settlement.models import Dispute
from openmso.settlement.queries import disputes
from openmso.settlement.services import disputing
from openmso.settlement.states import HEARD, HELD, D, S
from openmso.settlement.tests.desk import APRIL, Desk

pytestmark = pytest.mark.django_db

WHY = "The drug revenue of March was not excluded"
AWARD = Paper("award.txt", b"100.00 of what is left are given back", "text/plain")
EVIDENCE = Paper("march.txt", b"Drug revenue of March: 2,500.00", "text/plain")


def dispute(desk: Desk, one: Settlement, amount: str, row: int | None = None) -> DisputeRow:
    """Ana disputes the first step of the fee, or another row."""
    number = row or desk.statement(one).section("fee")[0].number
    with desk.scope():
        return disputing.dispute(
            actor=desk.owner, settlement=one.public_id, row=number, amount=Money.of(amount), reason=WHY, at=desk.at,
            papers=[EVIDENCE],
        )  # fmt: skip


def answer(
    desk: Desk, found: DisputeRow, credited: str, why: str = "Half of it was excluded already", *, papers: Sequence[Paper] = ()
) -> DisputeRow:  # fmt: skip
    with desk.scope():
        return disputing.answer(
            actor=desk.actor, dispute=found.public_id, credited=Money.of(credited), why=why, papers=papers, at=desk.at
        )


def accept(desk: Desk, found: DisputeRow) -> DisputeRow:
    with desk.scope():
        return disputing.accept(actor=desk.owner, dispute=found.public_id, why="", at=desk.at)


def take_back(desk: Desk, found: DisputeRow) -> DisputeRow:
    with desk.scope():
        return disputing.take_back(actor=desk.owner, dispute=found.public_id, why="It was excluded", at=desk.at)


def escalate(desk: Desk, found: DisputeRow, to: D) -> DisputeRow:
    with desk.scope():
        return disputing.escalate(
            actor=desk.owner, dispute=found.public_id, to=to, why="The schedule says otherwise", at=desk.at
        )


def standing(desk: Desk, one: Settlement) -> Settlement:
    with desk.scope(), reading():
        return queries.settlement(one.public_id)


def told(one: Settlement) -> tuple[str, ...]:
    """Paid, due, disputed, credited."""
    return tuple(str(each) for each in (one.paid, one.due, one.disputed, one.memos))


def settled(desk: Desk) -> Settlement:
    desk.paid("10000.00")
    return desk.settle()


def waits_for(desk: Desk, actor: Any) -> list[str]:
    with desk.scope(), reading():
        return [
            item.kind
            for item in work.inbox(actor=actor, filters=InboxFilters(text="Dispute"), page=PageAsk(), at=desk.at).rows
        ]


def to_pay_back(desk: Desk, one: Settlement) -> list[tuple[str, date]]:
    """What waits to be paid back of an invoice, and by which day."""
    with desk.scope(), reading():
        open_ = [item for item in work.open_for((SOURCE, one.public_id), at=desk.at) if item.kind == PAYING_BACK]
        return [(str(item.amount), day_in(desk.house.practice.zone, item.due_at)) for item in open_]


def test_ana_disputes_a_step_the_rest_is_paid_and_elena_credits_a_part_in_both_books(desk: Desk) -> None:
    one = settled(desk)  # a fee of 1,200.00
    found = dispute(desk, one, "300.00")

    assert told(standing(desk, one)) == ("0.00", "900.00", "300.00", "0.00")
    assert found.due_on == date(2026, 5, 14)  # thirty business days after Thursday, 2 April
    assert waits_for(desk, desk.actor) == ["settlement.answer"]
    desk.approve(one)
    desk.pay(one)
    assert (standing(desk, one).state, told(standing(desk, one))) == (S.APPROVED, ("900.00", "0.00", "300.00", "0.00"))
    with pytest.raises(Refused, match="is disputed; it is paid when that is settled"):
        desk.pay(one)

    answered = answer(desk, found, "120.00")
    assert (answered.state, answered.held, answered.due_on) == (D.ANSWERED, Money.of("180.00"), date(2026, 4, 16))
    assert desk.fees() == ("1080.00", "180.00", "1080.00", "180.00")  # revenue and expense reversed, the debt less
    with desk.scope(), reading():
        (memo,) = disputes.memos_of(one.public_id)
        paper = documents.read(memo.document, desk.house.id)
        story = disputes.dispute(found.public_id).story
    assert (memo.number, str(memo.amount), paper[:5]) == ("ROCK-2026-03-CM1", "120.00", b"%PDF-")
    assert [(step.state, step.by, [name for _, name in step.papers]) for step in story] == [
        (D.OPEN, "Dr. Ana Rockland", ["march.txt"]), (D.ANSWERED, "Elena Vass", []),
    ]  # fmt: skip
    assert (waits_for(desk, desk.actor), waits_for(desk, desk.owner)) == ([], ["settlement.resolve"])

    assert accept(desk, answered).released == Money.of("180.00")
    assert told(standing(desk, one)) == ("900.00", "180.00", "0.00", "120.00")
    desk.pay(one)
    assert (standing(desk, one).state, told(standing(desk, one))) == (S.PAID, ("1080.00", "0.00", "0.00", "120.00"))
    assert desk.fees() == ("1080.00", "0.00", "1080.00", "0.00")


def test_a_dispute_goes_from_answer_to_board_to_arbitration_and_each_outcome_is_posted(desk: Desk) -> None:
    one = settled(desk)
    desk.approve(one)
    rejected = answer(desk, dispute(desk, one, "1200.00"), "0.00", "The terms exclude no drugs")
    board = escalate(desk, rejected, D.BOARD)
    assert (board.state, board.due_on, waits_for(desk, desk.actor)) == (
        D.BOARD,
        date(2026, 5, 14),
        ["settlement.answer"],
    )
    heard = answer(desk, board, "400.00", "The board finds for the practice in part")
    with pytest.raises(Refused, match="heard there, or later, already"):
        escalate(desk, heard, D.BOARD)
    last = escalate(desk, heard, D.ARBITRATION)
    with pytest.raises(Refused, match="bring its paper"):
        answer(desk, last, "100.00", "The award")
    wrong = answer(desk, last, "0.00", "The award", papers=[AWARD])
    assert (wrong.state, wrong.due_on, waits_for(desk, desk.owner)) == (
        D.ANSWERED, date(2026, 5, 14), ["settlement.resolve"],
    )  # fmt: skip
    with pytest.raises(Refused, match="no later stage"), desk.scope():
        disputing.escalate(actor=desk.actor, dispute=wrong.public_id, to=D.ARBITRATION, why="No", at=desk.at)
    award = answer(desk, escalate(desk, wrong, D.ARBITRATION), "100.00", "The award", papers=[AWARD])
    award = accept(desk, award)

    assert (award.state, str(award.credited), str(award.released)) == (D.SETTLED, "500.00", "700.00")
    assert desk.fees() == ("700.00", "700.00", "700.00", "700.00")
    with desk.scope(), reading():
        assert [str(memo.amount) for memo in disputes.memos_of(one.public_id)] == ["400.00", "100.00"]
        page = disputes.listed(Filters((Term("is", "=", "settled", "settled"),)), PageAsk())
    assert ([row.public_id for row in page.rows], str(page.totals["credited"])) == ([award.public_id], "500.00")


def test_what_is_credited_whole_pays_an_approved_invoice_and_a_withdrawal_takes_all_of_it_back(desk: Desk) -> None:
    one = settled(desk)
    desk.approve(one)
    answer(desk, dispute(desk, one, "1200.00"), "1200.00", "Nothing was owed")

    assert (standing(desk, one).state, told(standing(desk, one))) == (S.PAID, ("0.00", "0.00", "0.00", "1200.00"))
    desk.withdraw(one)
    assert desk.fees() == ("0.00", "0.00", "0.00", "0.00")

    again = desk.settle()
    fallen = dispute(desk, again, "50.00")
    desk.withdraw(again)
    with desk.scope(), reading():
        assert disputes.one(fallen.public_id).state is D.FALLEN
    assert (desk.fees(), waits_for(desk, desk.actor)) == (("0.00", "0.00", "0.00", "0.00"), [])


def test_an_answer_that_ana_leaves_alone_stands_and_a_stage_that_stays_silent_is_passed_over(desk: Desk) -> None:
    one = settled(desk)
    desk.approve(one)
    rows = [row.number for row in desk.statement(one).rows if row.section == "in"]
    answered = answer(desk, dispute(desk, one, "100.00", rows[0]), "40.00")
    silent = dispute(desk, one, "200.00", rows[1])
    with pytest.raises(Refused, match="awaited until 14 May 2026"):
        escalate(desk, silent, D.BOARD)

    def morning(days: int) -> list[D]:
        desk.at = APRIL + timedelta(days=days)
        with desk.scope():
            jobs.lapse(practice=desk.cast.mso.id, at=desk.at, actor=Actor.system("OpenMSO", at=desk.at))
            with reading():
                return [each.state for each in disputes.of_settlement(one.public_id)]

    assert morning(14) == [D.ANSWERED, D.OPEN]  # the last of ten business days
    assert morning(15) == [D.LAPSED, D.OPEN]
    assert told(standing(desk, one)) == ("0.00", "960.00", "200.00", "40.00")
    with pytest.raises(Refused, match="no answer to accept: lapsed"):
        accept(desk, answered)
    desk.at = APRIL + timedelta(days=43)
    assert (escalate(desk, silent, D.MEDIATION).state, waits_for(desk, desk.owner)) == (D.MEDIATION, [])
    with desk.scope(), reading():
        assert disputes.one(silent.public_id).stage is D.OPEN


def test_what_is_taken_back_is_due_and_may_be_disputed_anew(desk: Desk) -> None:
    one = settled(desk)
    found = take_back(desk, dispute(desk, one, "100.00"))
    assert (found.state, str(found.released), waits_for(desk, desk.actor)) == (D.TAKEN_BACK, "100.00", [])

    answered = answer(desk, dispute(desk, one, "30.00"), "0.00")
    assert told(standing(desk, one)) == ("0.00", "1170.00", "30.00", "0.00")
    with pytest.raises(Refused, match="accept the answer, or take it further"):
        take_back(desk, answered)
    with pytest.raises(Refused, match="is over: taken back"):
        take_back(desk, found)


def test_each_side_says_its_own_and_nobody_answers_themselves(desk: Desk) -> None:
    one, cast = settled(desk), desk.cast
    step = desk.statement(one).section("fee")[0].number
    ask = {"settlement": one.public_id, "row": step, "amount": Money.of("10.00"), "reason": WHY, "at": desk.at}
    with desk.scope(), pytest.raises(Forbidden):
        disputing.dispute(actor=desk.actor, **ask)  # Elena keeps the books; the dispute is the practice's own
    found = dispute(desk, one, "10.00")
    with desk.scope(), pytest.raises(Forbidden):
        disputing.answer(actor=desk.owner, dispute=found.public_id, credited=ZERO, why="No", at=desk.at)
    answered = answer(desk, found, "0.00")
    with desk.scope(), pytest.raises(Forbidden):
        disputing.accept(actor=desk.actor, dispute=answered.public_id, why="", at=desk.at)
    theo = cast.actor(cast.theo, at=desk.at)
    with cast.scope(cast.rival), pytest.raises(NotFound):
        disputing.accept(actor=theo, dispute=answered.public_id, why="", at=desk.at)
    with cast.scope(cast.rival), reading():
        assert disputes.listed(Filters(), PageAsk()).total == 0
    roles = {code: role.permissions for code, role in access.roles().items()}
    assert not [code for code, held in roles.items() if {"settlement.dispute", "settlement.answer"} <= held]


def test_no_more_is_disputed_than_is_due_nor_credited_than_is_disputed_and_a_row_is_disputed_once(desk: Desk) -> None:
    one = settled(desk)
    for section, amount, no in (
        ("fee", "1200.01", "No more than"), ("fee", "0.00", "above zero"), ("owed", "1.00", "no part of the invoice"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=no):
            dispute(desk, one, amount, desk.statement(one).section(section)[0].number)
    found = dispute(desk, one, "10.00")
    with pytest.raises(Refused, match=r"Between 0.00 and 10.00"):
        answer(desk, found, "10.01")
    with pytest.raises(Refused, match="was disputed before"):
        dispute(desk, one, "10.00")
    for broken in ({"credited_amount": "10.01"}, {"due_on": None}, {"reason": ""}, {"amount": 0}):
        with desk.scope(), atomic.open(), pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.filter(public_id=found.public_id).update(**broken)


def test_whatever_happens_an_invoice_is_what_was_paid_is_due_disputed_and_credited(desk: Desk) -> None:
    """A walk of forty acts in any order; the books of both say the same at every step."""
    one, chance, done = settled(desk), Random(3), 0
    rows = [row.number for row in desk.statement(one).rows if row.section in rules.CONTESTED]

    def cents(most: Money) -> str:
        return str(Money.cents(chance.randint(0, int(most.amount * 100) // chance.choice([1, 2, 5]))))

    for _ in range(40):
        desk.at += timedelta(hours=1)
        with desk.scope(), reading():
            found = disputes.of_settlement(one.public_id)
        act = chance.choice(["dispute", "dispute", "approve", "pay", "answer", "answer", "accept", "further", "back"])
        chosen = chance.choice(found) if found else None
        try:
            if act == "dispute":
                now = standing(desk, one)
                dispute(desk, one, cents(now.due if now.due > ZERO else max(now.paid, ZERO)), chance.choice(rows))
            elif act == "approve":
                desk.approve(one)
            elif act == "pay":
                desk.pay(one)
            elif chosen and act == "answer":
                answer(desk, chosen, cents(chosen.held), papers=[AWARD])
            elif chosen and act == "accept":
                accept(desk, chosen)
            elif chosen and act == "back":
                take_back(desk, chosen)
            elif chosen:
                escalate(desk, chosen, chance.choice(HEARD[1:]))
            done += 1
        except Refused:
            pass
        _conserved(desk, one)
    assert done > 8


def _conserved(desk: Desk, one: Settlement) -> None:
    now = standing(desk, one)
    with desk.scope(), reading():
        found = disputes.of_settlement(one.public_id)
        held = Money.total(each.held for each in found if each.state in HELD and not each.of_paid)
        credited = Money.total(memo.amount for memo in disputes.memos_of(one.public_id))
    assert (now.disputed, now.memos) == (held, credited)
    assert now.invoiced == now.paid + now.due + held + credited
    assert now.due >= ZERO or any(each.of_paid for each in found)
    owed, charged = str(now.due + held), str(now.invoiced - credited)
    assert str(-desk.balance(desk.house.entity.id, Accounts.OPERATING_CASH, Basis.COMMON)) == str(now.paid)
    assert desk.fees() == (charged, owed, charged, owed)
    assert [amount for amount, _ in to_pay_back(desk, one)] == ([str(now.to_pay_back)] if now.to_pay_back else [])


def test_negative_control_a_law_that_forgets_what_is_held_does_not_hold(desk: Desk) -> None:
    one = settled(desk)
    dispute(desk, one, "10.00")
    now = standing(desk, one)

    assert now.invoiced != now.paid + now.due + now.memos
    assert replace(now, disputed=ZERO).due == now.due + Money.of("10.00")


def test_a_row_that_was_paid_can_be_disputed_and_what_is_won_is_paid_back_in_both_books(desk: Desk) -> None:
    one = settled(desk)
    desk.approve(one)
    desk.pay(one)
    with pytest.raises(Refused, match=r"No more than 1200\.00"):
        dispute(desk, one, "1200.01")
    found = dispute(desk, one, "300.00")
    assert found.of_paid
    assert (standing(desk, one).state, told(standing(desk, one))) == (S.PAID, ("1200.00", "0.00", "0.00", "0.00"))

    answered = answer(desk, found, "120.00")
    assert (answered.state, answered.contested, answered.held) == (D.ANSWERED, Money.of("180.00"), ZERO)
    assert (standing(desk, one).state, told(standing(desk, one))) == (
        S.APPROVED,
        ("1200.00", "-120.00", "0.00", "120.00"),
    )
    assert desk.fees() == ("1080.00", "-120.00", "1080.00", "-120.00")  # the MSO owes it
    elena = desk.actor
    with desk.scope(), reading():
        asked = InboxFilters(kinds=("settlement.pay_back",))
        (item,) = work.inbox(actor=elena, filters=asked, page=PageAsk(), at=desk.at).rows
    assert str(item.amount) == "120.00"

    with desk.scope():  # what stops the fee does not stop what goes back
        law.say(actor=desk.office.actor, practice=desk.house.id, facts={"reassign.medicaid_to_mso": "yes"},
                why="The bank's letter", at=desk.at)  # fmt: skip
    desk.pay(one)
    with desk.scope(), reading():
        assert not work.inbox(actor=elena, filters=asked, page=PageAsk(), at=desk.at).rows
    accept(desk, found)
    assert (standing(desk, one).state, told(standing(desk, one))) == (S.PAID, ("1080.00", "0.00", "0.00", "120.00"))
    assert desk.fees() == ("1080.00", "0.00", "1080.00", "0.00")
    for book, cash in ((desk.house.entity.id, "-1080.00"), (desk.mso_entity, "1080.00")):
        assert str(desk.balance(book, Accounts.OPERATING_CASH, Basis.COMMON)) == cash


def test_two_disputes_of_a_paid_invoice_are_paid_back_in_one_sum_and_exactly_once(desk: Desk) -> None:
    one = settled(desk)
    rows = [row.number for row in desk.statement(one).rows if row.section in rules.CONTESTED]
    held = dispute(desk, one, "100.00", rows[0])
    desk.approve(one)
    desk.pay(one)
    assert told(standing(desk, one)) == ("1100.00", "0.00", "100.00", "0.00")

    first, second = dispute(desk, one, "120.00", rows[1]), dispute(desk, one, "100.00", rows[2])
    answer(desk, first, "120.00")
    assert to_pay_back(desk, one) == [("120.00", date(2026, 4, 16))]
    desk.at += timedelta(days=3)
    answer(desk, second, "60.00")
    assert to_pay_back(desk, one) == [("180.00", date(2026, 4, 16))]  # by the day of what was won first

    accept(desk, answer(desk, held, "0.00"))  # what was held is due, and less of the whole is to be paid back
    assert to_pay_back(desk, one) == [("80.00", date(2026, 4, 16))]
    desk.pay(one)
    assert (standing(desk, one).state, told(standing(desk, one))) == (S.PAID, ("1020.00", "0.00", "0.00", "180.00"))
    with pytest.raises(Refused, match="is paid already"):
        desk.pay(one)
    assert (to_pay_back(desk, one), desk.fees()) == ([], ("1020.00", "0.00", "1020.00", "0.00"))

    accept(desk, second)  # nothing more was won by it
    assert (standing(desk, one).state, to_pay_back(desk, one)) == (S.PAID, [])
    _conserved(desk, one)


def test_an_amount_that_is_paid_paid_back_and_paid_again_is_in_the_books_each_time(desk: Desk) -> None:
    one = settled(desk)
    rows = [row.number for row in desk.statement(one).rows if row.section in rules.CONTESTED]
    held = [dispute(desk, one, "100.00", row) for row in rows[:2]]
    desk.approve(one)
    for each in held:
        desk.pay(one)  # 1,000.00, then 100.00 that was held
        accept(desk, answer(desk, each, "0.00"))
        if each is held[0]:
            desk.pay(one)
            answer(desk, dispute(desk, one, "100.00", rows[2]), "100.00")
    assert told(standing(desk, one)) == ("1000.00", "100.00", "0.00", "100.00")
    desk.pay(one)
    assert (standing(desk, one).state, to_pay_back(desk, one)) == (S.PAID, [])
    _conserved(desk, one)


def test_the_mso_takes_a_dispute_to_the_board_whose_agenda_has_it_and_whose_vote_settles_it(desk: Desk) -> None:
    one, room = settled(desk), room_of(desk.cast)
    found, other = (
        dispute(desk, one, "300.00"),
        dispute(desk, one, "50.00", desk.statement(one).section("in")[0].number),
    )
    with pytest.raises(Refused, match="An answer is awaited"):
        escalate(desk, found, D.BOARD)
    elena, ana = desk.actor, desk.owner
    with desk.scope():
        for each in (found, other):
            referred = disputing.escalate(
                actor=elena, dispute=each.public_id, to=D.BOARD, why="Let us read the schedule together", at=desk.at
            )
        assert (referred.state, referred.due_on) == (D.BOARD, date(2026, 5, 14))
        disputing.take_back(actor=ana, dispute=other.public_id, why="It was excluded", at=desk.at)
        meeting = call(room, at=desk.at)
        (item,) = (each for each in meeting.items if each.subject_kind == DISPUTED)  # what was taken back is not there
        assert (item.subject_id, item.words[:16], item.url[-1:]) == (found.public_id, "Give back 300.00", "/")
        sat = sit(room, meeting.row.public_id, desk.cast.ana, room.ben, room.kate)
        for who in (desk.cast.ana, room.ben, room.kate):
            vote(room, who, item.public_id, V.YES, sat)
        meetings.close(actor=room.actor(room.kate, sat), meeting=meeting.row.public_id, at=sat)
    outbox.deliver_pending(at=sat)
    with desk.scope(), reading():
        now = disputes.dispute(found.public_id)
    assert (now.row.state, str(now.row.credited)) == (D.SETTLED, "300.00")
    assert now.story[-1].why.startswith("The joint board resolved at MTG")
    assert desk.fees() == ("900.00", "900.00", "900.00", "900.00")
