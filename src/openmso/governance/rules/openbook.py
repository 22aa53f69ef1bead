"""Judgement of the open book: quarters and grades, evidence, response times of messages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from statistics import median

from openmso.governance.contracts.openbook import Evidence, Message, NewExpectation, NewGrade, Response
from openmso.platform.access.contracts import Side

EVIDENCE_MAX = 10
HOURS = Decimal(8)
"""Working hours within which a message is answered where the agreement promises nothing."""


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def grade_faults(new: NewGrade, *, today: date) -> tuple[str, str] | None:
    """What is wrong with a grade: the field and the sentence, or nothing."""
    if new.quarter != quarter_of(new.quarter) or new.quarter > today:
        return "quarter", "A grade is for a quarter that has begun, by its first day."
    if not 1 <= new.score <= 5:
        return "score", "A grade is between 1 and 5."
    if not new.why.strip():
        return "why", "Say why: the MSO answers to what you write."
    if len(new.evidence) > EVIDENCE_MAX:
        return "evidence", f"No more than {EVIDENCE_MAX} pieces of evidence."
    for one in new.evidence:
        if not one.url.startswith("/") or one.url.startswith("//") or "\\" in one.url:
            return "evidence", f"{one.url!r} is no address within the house: it begins with one slash."
    return None


def read_evidence(lines: str) -> tuple[Evidence, ...]:
    """Evidence as people write it: a line each, an address and what it shows."""
    told = (line.strip().partition(" ") for line in lines.splitlines() if line.strip())
    return tuple(Evidence(url, words.strip()) for url, _, words in told)


def expectation_faults(new: NewExpectation, *, today: date) -> tuple[str, str] | None:
    """What is wrong with an expectation: the field and the sentence, or nothing."""
    if not new.words.strip():
        return "words", "Say what was promised, in the words that were used."
    if not new.promised_by.strip():
        return "promised_by", "Say who promised it."
    if new.promised_on > today:
        return "promised_on", "That day is still to come."
    return ("due_on", "It was to be kept before it was promised.") if new.due_on < new.promised_on else None


def turns(messages: Sequence[Message]) -> Iterable[tuple[Message, Message | None]]:
    """Each message that asks for an answer, with the first of the other side after it; none while it waits.

    What a side writes again before it was answered asks for nothing new: the clock runs from its first word.
    """
    asked: Message | None = None
    for one in messages:
        if asked is not None and one.side is not asked.side:
            yield asked, one
            asked = None
        if asked is None and one.asks:
            asked = one
    if asked is not None:
        yield asked, None


def waits(messages: Sequence[Message]) -> Message | None:
    """The message of a thread that waits for an answer."""
    return next((asked for asked, answered in turns(messages) if answered is None), None)


def responses(
    threads: Iterable[Sequence[Message]], side: Side, *, hours: Callable[[datetime, datetime], Decimal],
    promised: Decimal, at: datetime,
) -> Response:  # fmt: skip
    """How a side answers what the other wrote; `hours` measures working hours from an instant to another."""
    asked = [turn for messages in threads for turn in turns(messages) if turn[0].side is not side]
    took = [hours(one.at, answered.at) for one, answered in asked if answered is not None]
    waiting = [hours(one.at, at) for one, answered in asked if answered is None]
    return Response(
        side, len(took), median(took).quantize(Decimal("0.1")) if took else None, sum(one <= promised for one in took),
        len(waiting), sum(one > promised for one in waiting),
    )  # fmt: skip
