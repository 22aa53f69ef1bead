"""Denials in the demo: appeals won, sent, drafted; a write-off that waits; a rule drafted against what keeps coming."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from openmso.denials.contracts import AppealState, DenialRow, Method
from openmso.denials.queries import network, prevention, queue
from openmso.denials.services import acting, appealing, preventing, writing_off
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term

ON = date(2026, 10, 16)
"""The run after which a specialist answers the denials of the first practices."""
NEW = Filters((Term("is", "=", "new", "new"),))
APPEALED, GIVEN_UP = ("med_necessity", "auth"), ("bundling",)
"""Kinds of denials that are appealed, and given up, where there are any."""


def work(actor: Actor, at: datetime) -> dict[str, int]:
    """A morning of a denial specialist at one practice; how much of what was done."""
    with reading():
        rows = list(queue.denials(filters=NEW, page=PageAsk(size=200), on=at.date()).rows)
        limit = network.limit()
    done = {"appeals": 0, "write_offs": 0}
    left = _first(rows, GIVEN_UP)
    for one in left:
        if one.amount > limit:
            writing_off.ask(actor=actor, denial=one.public_id, why="The payer is right", at=at)
            done["write_offs"] += 1
            rows.remove(one)
            break
    for answer, one in zip(
        (AppealState.WON, AppealState.SENT, AppealState.DRAFT), _first(rows, APPEALED), strict=False
    ):
        done["appeals"] += _appeal(actor, one, answer, at)
        rows.remove(one)
    for one in rows[:1]:
        acting.ask_payer(actor=actor, denial=one.public_id, note="Called: what is missing?", until=None, at=at)
    return done


def prevent(actor: Actor, at: datetime) -> None:
    """Of what payers keep denying the first is made a draft of a rule, and of two bundled services none is wanted."""
    with reading():
        found = prevention.suggestions(at=at)
    for one in [one for one in found if one.category.value not in GIVEN_UP][:1]:
        preventing.draft(actor=actor, suggestion=one.key, at=at)
    for one in [one for one in found if one.category.value in GIVEN_UP][:1]:
        preventing.dismiss(actor=actor, suggestion=one.key, why="The payer is right: one service of the day", at=at)


def _first(rows: list[DenialRow], categories: tuple[str, ...]) -> Iterator[DenialRow]:
    """The denials of some kinds, and then the others."""
    return iter(sorted(rows, key=lambda row: row.category.value not in categories))


def _appeal(actor: Actor, row: DenialRow, answer: AppealState, at: datetime) -> int:
    """Draft it, send it and have it answered; a letter that lacks something is left to a person."""
    try:
        appeal = appealing.draft(actor=actor, denials=[row.public_id], at=at)
    except Refused:
        return 0
    if answer is not AppealState.DRAFT:
        proof = "Fax confirmed, 3 pages"
        appealing.send(actor=actor, appeal=appeal, method=Method.FAX, proof=proof, sent_on=None, at=at)
    if answer is AppealState.WON:
        appealing.answer(
            actor=actor,
            appeal=appeal,
            outcome=answer,
            amount=ZERO,
            note="Overturned on review",
            answered_on=None,
            at=at,
        )
    return 1
