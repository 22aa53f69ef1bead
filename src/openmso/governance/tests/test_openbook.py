"""The open book: the practice grades its MSO, both write to each other on the clock, promises are kept or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from openmso.governance.contracts import Paper
from openmso.governance.contracts.openbook import Domain, Evidence, Message, NewExpectation, NewGrade
from openmso.governance.models import Grade
from openmso.governance.models import Message as MessageRow
from openmso.governance.queries import openbook as queries
from openmso.governance.rules import openbook as rules
from openmso.governance.services import openbook as services
from openmso.governance.states import EXPECTATION_MOVES, E
from openmso.governance.tests.room import Room, inbox
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import table_is_whole
from openmso.platform.access.contracts import NotAllowed, Side
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Q1 = date(2026, 1, 1)
GOOD = NewGrade(Q1, Domain.CULTURE, 4, "They call back.", (Evidence("/statements/", "No dispute in the quarter"),))


def test_ana_grades_with_evidence_and_the_mso_answers_once(room: Room) -> None:
    cast, practice = room.cast, room.cast.rockland.id
    with room.scope():
        with pytest.raises(NotAllowed):
            services.grade(actor=cast.actor(room.kate), practice=practice, new=GOOD, at=cast.at)
        for no, new in (
            ("begun", replace(GOOD, quarter=date(2026, 4, 1))), ("between 1 and 5", replace(GOOD, score=6)),
            ("Say why", replace(GOOD, why=" ")), ("one slash", replace(GOOD, evidence=(Evidence("//evil.example", "x"),))),
        ):  # fmt: skip
            with pytest.raises(Refused, match=no):
                services.grade(actor=cast.actor(cast.ana), practice=practice, new=new, at=cast.at)
        services.grade(actor=cast.actor(cast.ana), practice=practice, new=replace(GOOD, quarter=date(2025, 10, 1), score=2),
                       at=cast.at)  # fmt: skip
        services.grade(actor=cast.actor(cast.ana), practice=practice, new=replace(GOOD, score=3), at=cast.at)
        made = services.grade(actor=cast.actor(cast.ana), practice=practice, new=GOOD, at=cast.at)
        answered = services.answer_grade(
            actor=cast.actor(room.kate), grade=made.public_id, words="Thank you", at=cast.at
        )
        with pytest.raises(Conflict):
            services.answer_grade(actor=cast.actor(room.kate), grade=made.public_id, words="And", at=cast.at)
        with reading():
            told = {one.domain: one for one in queries.domains(practice)}
        assert told[Domain.CULTURE].scores == (2, 4)  # the later grade of a quarter holds
        assert told[Domain.SCOPE].latest is None
        with atomic.open(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Grade.objects.update(score=1)
    assert (answered.answer, answered.answered_by) == ("Thank you", "Kate Lindgren")


def test_a_message_waits_for_its_answer_on_working_hours_and_tells_who_read_it(room: Room) -> None:
    cast, practice = room.cast, room.cast.rockland.id
    friday = datetime(2026, 3, 6, 20, tzinfo=UTC)  # 15:00 in Maine
    monday = datetime(2026, 3, 9, 15, tzinfo=UTC)  # 11:00, after the clocks went forward
    with room.scope():
        made = services.write(
            actor=room.actor(cast.ana, friday), practice=practice, subject="Refunds", words="Where is the list?", at=friday,
            papers=[Paper("refunds.txt", b"Four accounts, 1,480.00\n")],
        )  # fmt: skip
    assert inbox(room, room.kate, "governance.to_mso", friday) == ["Refunds"]
    with room.scope():
        assert services.seen(actor=room.actor(room.kate, monday), thread=made, at=monday) == 1
        assert services.seen(actor=room.actor(room.kate, monday), thread=made, at=monday) == 0
        found = services.reply(actor=room.actor(room.kate, monday), thread=made, words="Here it is.", at=monday)
        with reading():
            mso, ours = queries.responses(practice, since=cast.at, at=monday + timedelta(days=9))
        with atomic.open(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            MessageRow.objects.update(words="otherwise")
    assert inbox(room, room.kate, "governance.to_mso", monday) == []
    assert [name for name, _ in found.messages[0].read_by] == ["Kate Lindgren"]
    assert (found.messages[0].papers[0][1], found.row.waits_for) == ("refunds.txt", "")
    assert (mso.answered, mso.median_hours, mso.in_time, mso.waiting) == (1, Decimal("6.0"), 1, 0)
    assert (ours.answered, ours.waiting) == (0, 0)  # no answer was wanted


def test_only_whoever_it_was_promised_to_says_whether_it_was_kept(room: Room) -> None:
    cast, practice = room.cast, room.cast.rockland.id
    promise = NewExpectation(
        "A second scanner by spring", Side.MSO, "Kate Lindgren", date(2026, 2, 20), date(2026, 4, 1)
    )
    with room.scope():
        with pytest.raises(Refused, match="before it was promised"):
            services.expect(
                actor=cast.actor(cast.ana), practice=practice, new=replace(promise, due_on=date(2026, 2, 1)), at=cast.at
            )
        made = services.expect(actor=cast.actor(cast.ana), practice=practice, new=promise, at=cast.at)
        with pytest.raises(Refused, match="Whoever it was promised to"):
            services.judge(actor=cast.actor(room.kate), expectation=made, outcome=E.KEPT, why="Yes", at=cast.at)
        services.judge(actor=cast.actor(cast.ana), expectation=made, outcome=E.BROKEN, why="It never came", at=cast.at)
        late = services.judge(
            actor=cast.actor(cast.ana), expectation=made, outcome=E.KEPT, why="It came late", at=cast.at
        )
        with reading():
            assert queries.standing(practice, on=date(2026, 5, 1)) == {"kept": 1, "broken": 0, "open": 0, "overdue": 0}
    assert late.state is E.KEPT
    assert table_is_whole(EXPECTATION_MOVES, E)


def test_theo_reads_nothing_and_the_pages_answer(room: Room) -> None:
    cast = room.cast
    with room.scope():
        made = services.write(
            actor=cast.actor(cast.ana), practice=cast.rockland.id, subject="Phones", words="They ring", at=cast.at
        )
    with cast.scope(cast.rival), reading(), pytest.raises(NotFound):
        queries.thread(made, account=cast.theo.public_id)
    browser = signed_in(cast.ana)
    for name in ("open-books", "threads", "expectations"):
        assert browser.get(reverse(f"governance:{name}")).status_code == 200
    assert b"They ring" in browser.get(reverse("governance:thread", args=[made])).content
    sent = browser.post(reverse("governance:reply", args=[made]), {"words": "Still", "asks": ""})
    assert sent.status_code == 303
    assert browser.get(f"/api/threads/{made}").json()["messages"] == 2


def message(number: int, side: Side, *, asks: bool = True) -> Message:
    return Message(number, side, "Somebody", "Words", asks, datetime(2026, 3, 2, number, tzinfo=UTC), (), ())


def test_the_clock_runs_from_the_first_word_that_wants_an_answer() -> None:
    told = [
        message(1, Side.PRACTICE), message(2, Side.PRACTICE), message(5, Side.MSO, asks=False),
        message(6, Side.PRACTICE, asks=False), message(7, Side.MSO),
    ]  # fmt: skip
    assert [(one.number, answer.number if answer else 0) for one, answer in rules.turns(told)] == [(1, 5), (7, 0)]
    waits = rules.waits(told)
    assert waits is not None
    assert waits.number == 7
