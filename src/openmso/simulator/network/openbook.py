"""The open book of the demo: Rockland grades its MSO, writes to it and is written to, and keeps what was promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from openmso.governance.contracts import E, Paper
from openmso.governance.contracts.openbook import Domain, Evidence, NewExpectation, NewGrade
from openmso.governance.services import openbook
from openmso.platform.access.contracts import Actor, Side

Who = Callable[[datetime], Actor]
THIRD, FOURTH = date(2026, 7, 1), date(2026, 10, 1)
GRADES = (
    NewGrade(
        THIRD, Domain.SCOPE, 4, "What was agreed is done. Prior authorizations were not in it and should be.",
        (Evidence("/statements/", "The fee of September, step by step"),),
    ),
    NewGrade(THIRD, Domain.ACQUISITION, 3, "Nobody told the front desk what would change in the first week."),
    NewGrade(
        THIRD, Domain.MANAGEMENT, 4, "Denials are worked in days, not weeks.",
        (Evidence("/kpis/", "Key figures"), Evidence("/denials/", "What is open")),
    ),
    NewGrade(THIRD, Domain.CULTURE, 5, "They say when they do not know, and call back."),
    NewGrade(
        FOURTH, Domain.SCOPE, 5, "Authorizations are asked for since October.",
        (Evidence("/coverage/", "Coverage checked before visits"),),
    ),
)  # fmt: skip
ANSWERS = ("Authorizations come with October; the scope matrix will say so.", "We now write to the desk a week ahead.")
LIST = Paper("refunds-september.csv", b"account,amount\nA-1,480.00\nA-2,520.00\nA-3,300.00\nA-4,180.00\n")


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def keep(practice: int, *, ana: Who, kate: Who, elena: Who) -> None:
    """Grades and answers, two threads, and three promises. Within the practice's scope."""
    _graded(practice, ana, kate)
    _written(practice, ana, kate, elena)
    _promised(practice, ana, kate)


def _graded(practice: int, ana: Who, kate: Who) -> None:
    given, answered = _at(date(2026, 10, 5), 16), _at(date(2026, 10, 7), 14)
    made = [openbook.grade(actor=ana(given), practice=practice, new=new, at=given) for new in GRADES]
    for one, words in zip(made, ANSWERS, strict=False):
        openbook.answer_grade(actor=kate(answered), grade=one.public_id, words=words, at=answered)


def _written(practice: int, ana: Who, kate: Who, elena: Who) -> None:
    asked = _at(date(2026, 9, 29), 18)
    refunds = openbook.write(
        actor=ana(asked), practice=practice, subject="Refunds of September",
        words="Which refunds are in the fee of September? Our list is enclosed.", papers=[LIST], at=asked,
    )  # fmt: skip
    for who, at in ((elena, _at(date(2026, 9, 30), 13)), (kate, _at(date(2026, 9, 30), 14))):
        openbook.seen(actor=who(at), thread=refunds, at=at)
    answered = _at(date(2026, 9, 30), 15)
    openbook.reply(
        actor=elena(answered), thread=refunds, words="All four; the statement opens to each of them.", at=answered
    )
    seen = _at(date(2026, 9, 30), 19)
    openbook.seen(actor=ana(seen), thread=refunds, at=seen)
    phones = _at(date(2026, 10, 30), 14)
    openbook.write(
        actor=kate(phones), practice=practice, subject="Phones from seven in the morning",
        words="The board agreed to it. From which day on does it suit you?", at=phones,
    )  # fmt: skip


def _promised(practice: int, ana: Who, kate: Who) -> None:
    said, judged = _at(date(2026, 9, 9), 15), _at(date(2026, 10, 16), 15)
    promises = (
        (kate, "A person of ours sits at Rockland every second Tuesday", Side.MSO, "Kate Lindgren", date(2026, 9, 30)),
        (kate, "The fee's statement comes by the fifth of the month", Side.MSO, "Kate Lindgren", date(2026, 10, 5)),
        (ana, "The practice names who approves statements while Dr. Ana is away", Side.PRACTICE, "Dr. Ana Rockland",
         date(2026, 11, 15)),
    )  # fmt: skip
    made = [
        openbook.expect(
            actor=who(said), practice=practice, new=NewExpectation(words, side, by, said.date(), due), at=said
        )
        for who, words, side, by, due in promises
    ]
    for name, outcome, why in (
        (made[0], E.BROKEN, "Nobody came on 29 September."), (made[1], E.KEPT, "It came on the second."),
    ):  # fmt: skip
        openbook.judge(actor=ana(judged), expectation=name, outcome=outcome, why=why, at=judged)
