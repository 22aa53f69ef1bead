"""Disputes of the demo: each practice contests a step of one fee, and each dispute is left at another stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.settlement import queries
from openmso.settlement import services as settlement
from openmso.settlement.contracts import D, Paper
from openmso.settlement.queries import disputes
from openmso.settlement.services import disputing

Who = Callable[[datetime], Actor]
"""Somebody of the demo at an instant."""
SHOWS = Paper(
    "refunds-of-the-last-week.txt",
    b"Refunds of the last week, from our own register:\n1,480.00 on four accounts, two of them before the 24th.\n",
    "text/plain",
)
MINUTES = Paper(
    "minutes-of-the-board.txt", b"The board finds for the practice in part: 40.00 are given back.\n", "text/plain"
)


def _day(day: int, hour: int = 15) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said: by the MSO, whose answer says what is `credited`, or by the practice (`to` a stage)."""

    at: datetime
    why: str
    credited: Money | None = None
    to: D | None = None
    back: bool = False
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A dispute of the demo: what is contested, why, and what is said then; what it releases is paid where asked."""

    amount: Money
    reason: str
    said: tuple[Said, ...] = ()
    papers: tuple[Paper, ...] = ()
    paid_at: datetime | None = None


STORIES = {
    "ROCK": Story(
        Money.of("120.00"), "Refunds that we made to patients in the last week of the month were counted as collected.",
        (
            Said(_day(8), "Two of the four refunds were made after the books of the month were counted; the fee on "
                 "them is given back.", Money.of("75.00")),
            Said(_day(9, 18), "Agreed."),
        ), (SHOWS,), _day(13),
    ),
    "LUMEN": Story(
        Money.of("160.00"), "Frames and contact lenses are retail, and no part of what the fee is reckoned on.",
        (
            Said(_day(7), "The agreement reckons the fee on all net collections; it leaves out no goods.", ZERO),
            Said(_day(9), "The board said in spring that optical goods stay out.", to=D.BOARD),
        ),
    ),
    "CEDAR": Story(
        Money.of("240.00"), "Biologics were bought at cost and passed through; a fee on them is a fee on our expense.",
        (
            Said(_day(6), "Drugs that are passed through are only left out where the schedule lists them.", ZERO),
            Said(_day(8), "Two of them are on the schedule.", to=D.BOARD),
            Said(_day(15), "The board finds one of both on the schedule.", Money.of("40.00"), papers=(MINUTES,)),
            Said(_day(20), "The other one was added by letter in July.", to=D.MEDIATION),
        ),
    ),
    "STILL": Story(
        Money.of("90.00"), "Eleven claims were sent twice; each is counted, and paid for, twice.",
        (
            Said(_day(5), "Claims are counted when they are first sent; none of the eleven is counted twice.", ZERO),
            Said(_day(13), "Our own count says otherwise, and the agreement asks for an arbitrator.", to=D.ARBITRATION),
        ),
    ),
    "MESA": Story(
        Money.of("60.00"), "The payment of 29 September came in October.",
        (Said(_day(5), "It was in the bank on the 30th after all.", back=True),), paid_at=_day(6),
    ),
    "ALDER": Story(
        Money.of("50.00"), "For four days in September nobody at your desk answered; we do not pay for them.",
        (Said(_day(7), "The line was down on one of them; that day is given back.", Money.of("18.00")),),
        paid_at=_day(27),
    ),
    "PRISM": Story(
        Money.of("80.00"), "The minimum does not hold in a month with a closed week.",
        (Said(_day(30), "The minimum is by month; closed weeks are not spoken of in it.", ZERO),),
    ),
    "BIRCH": Story(Money.of("70.00"), "Two clinicians left in August; the fee counts them still."),
}  # fmt: skip
"""Of the first month, by practice. They end settled, with the board, in mediation, with an arbitrator, taken back,
lapsed, answered, and waiting for an answer."""
LATEST = {
    "ROCK": Story(
        Money.of("140.00"), "What an insurer took back on the last day is still in what the fee was reckoned on.",
        papers=(SHOWS,),
    ),
}  # fmt: skip
"""Of the last month: the MSO takes it to the board."""
PAID_AT = "MESA"
"""Where a row is disputed that was paid."""


def contest(story: Story, settled: str, *, owner: Who, at: datetime) -> None:
    """The owner disputes the first step that adds to the fee, before the rest is approved and paid."""
    with reading():
        one = queries.statement(settled)
    row = next(each for each in one.section("fee") if each.amount is not None and each.amount > ZERO)
    disputing.dispute(
        actor=owner(at), settlement=settled, row=row.number, amount=min(story.amount, row.figure, one.settlement.due),
        reason=story.reason, papers=story.papers, at=at,
    )  # fmt: skip


def go_on(story: Story, practice: int, month: Month, *, owner: Who, controller: Who) -> None:
    """Say what is said in the dispute of a practice; an answer that it leaves alone lapses, and what is due is paid."""
    with reading():
        settled = queries.standing(practice, month)
        (found,) = disputes.of_settlement(settled)
    for said in story.said:
        _say(found.public_id, said, owner=owner, controller=controller)
    if at := story.paid_at:
        disputing.lapse(actor=Actor.system("OpenMSO (settlement.lapse)", at=at), dispute=found.public_id, at=at)
        settlement.pay(actor=controller(at), settlement=settled, paid_on=at.date(), at=at)


def _say(dispute: str, said: Said, *, owner: Who, controller: Who) -> None:
    if said.credited is not None:
        disputing.answer(
            actor=controller(said.at), dispute=dispute, credited=said.credited, why=said.why, papers=said.papers,
            at=said.at,
        )  # fmt: skip
    elif said.to is not None:
        disputing.escalate(actor=owner(said.at), dispute=dispute, to=said.to, why=said.why, at=said.at)
    else:
        verb = disputing.take_back if said.back else disputing.accept
        verb(actor=owner(said.at), dispute=dispute, why=said.why, at=said.at)


def refer(settled: str, *, controller: Who, at: datetime) -> None:
    """The MSO takes a dispute to the joint board instead of answering: it is on the agenda of the meeting ahead."""
    with reading():
        (found,) = disputes.of_settlement(settled)
    why = "What was taken back after the month was settled is a question of the clause, not of this invoice."
    disputing.escalate(actor=controller(at), dispute=found.public_id, to=D.BOARD, why=why, at=at)


def contest_paid(practice: int, month: Month, *, owner: Who, controller: Who) -> None:
    """A row that was paid is disputed; what is won of it is paid back in both books."""
    asked, answered, back = (_day(day) for day in (20, 22, 23))
    with reading():
        one = queries.statement(queries.standing(practice, month))
    row = next(each for each in one.section("fee") if each.amount is not None and each.amount > ZERO)
    found = disputing.dispute(
        actor=owner(asked), settlement=one.settlement.public_id, row=row.number, papers=(SHOWS,), at=asked,
        amount=min(Money.of("45.00"), row.figure, one.settlement.paid),
        reason="Two refunds of September were booked after we paid; the fee on them is ours.",
    )  # fmt: skip
    disputing.answer(
        actor=controller(answered), dispute=found.public_id, credited=min(Money.of("25.00"), found.contested),
        why="One of both belongs to the month; the fee on it is paid back.", at=answered,
    )  # fmt: skip
    settlement.pay(actor=controller(back), settlement=one.settlement.public_id, paid_on=back.date(), at=back)
    disputing.accept(actor=owner(back), dispute=found.public_id, why="Received.", at=back)
