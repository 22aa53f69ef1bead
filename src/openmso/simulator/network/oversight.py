"""How work is overseen in the demo: policies, done work drawn and reviewed, late work with the lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import measures, quality, services
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters, Review
from openmso.platform.work.states import Party

SHARE, HOURS_LATE = 10, 14 * 24
"""Of a hundred done items ten are reviewed; what is two weeks late goes to the billing lead."""
SEED, SINCE = "2026-10", date(2026, 9, 1)
FOUND = (
    (90, "The note does not say whom at the payer you spoke to.", True, "True, I add the name from now on."),
    (60, "The payer was not asked before it was closed.", False, "It was: the call is noted beside it."),
    (95, "The note is short.", True, ""),
    (85, "It was mended a day before the practice was asked.", True, "It was one call; I note it at once now."),
    (100, "", True, ""),
    (98, "Well done; say who told you.", True, ""),
)
"""What the lead found of some items at each practice, whether whoever did it agrees, and what they say."""
WAITS = "ROCK"
"""Where what is contested still waits for a third person."""
SETTLED = (90, "The call is noted; the item ought to say so as well.")
"""What a third person makes of what is contested."""


def oversee(
    practice: int, *, lead: Actor, doer: Callable[[str], Actor | None], at: datetime, third: Actor | None = None
) -> None:
    """A lead's round at one practice; `doer` gives whoever did reviewed work, by name, so that they answer.

    `third` settles what they contest; without one it waits.
    """
    quality.set_policy(actor=lead, practice=practice, share=SHARE, hours=HOURS_LATE, lead=lead.user, at=at)
    quality.draw(actor=lead, practice=practice, first=SINCE, last=at.date(), seed=SEED, at=at)
    with reading():
        drawn = list(measures.reviews(filters=Filters(), page=PageAsk(size=100)).rows)
    others = ((one, doer(one.person)) for one in drawn if one.practice == practice and one.person != lead.name)
    for (one, person), found in zip(((one, who) for one, who in others if who), FOUND, strict=False):
        _reviewed(one, lead, person, found, at)
        if third and not found[2]:
            quality.settle(actor=third, review=one.public_id, score=SETTLED[0], words=SETTLED[1], at=at)
    quality.escalate(actor=Actor.system("OpenMSO", at=at), practice=practice, at=at)


def ask_practice(practice: int, *, biller: Actor, at: datetime) -> None:
    """Two claims on hold wait for the practice's answer: time that does not count against what the MSO promised."""
    held = InboxFilters(kinds=("claims.held",), practices=(practice,))
    with reading():
        asked = work.inbox(actor=biller, filters=held, page=PageAsk(size=25), at=at).rows[:2]
    for one in asked:
        services.snooze(
            actor=biller, public_id=one.public_id, until=at + timedelta(days=7), at=at, waits_for=Party.PRACTICE,
            why="Asked the front desk what the card says.",
        )  # fmt: skip


def ask_lead(practice: int, *, biller: Actor, at: datetime) -> None:
    """One claim on hold that the biller cannot decide waits for the lead whom the policy names."""
    held = InboxFilters(kinds=("claims.held",), practices=(practice,))
    with reading():
        asked = [one.public_id for one in work.inbox(actor=biller, filters=held, page=PageAsk(size=1), at=at).rows]
    quality.to_lead(actor=biller, public_ids=asked, why="The card and the payer's answer name different members", at=at)


def _reviewed(one: Review, lead: Actor, person: Actor, found: tuple[int, str, bool, str], at: datetime) -> None:
    score, words, agrees, said = found
    quality.review(actor=lead, review=one.public_id, score=score, findings=words, at=at)
    quality.answer(actor=person, review=one.public_id, agrees=agrees, words=said, at=at)
