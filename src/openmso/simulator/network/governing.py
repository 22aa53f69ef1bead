"""Decisions that stay with the demo's practices: the MSO proposes, owners decide, and one proposal still waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from openmso.governance import services
from openmso.governance.contracts import NewProposal, S
from openmso.platform.access.contracts import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal of the demo: who of the MSO makes it and when, and what the owner does about it after some hours."""

    role: str
    at: datetime
    new: NewProposal
    hours: int = 0
    outcome: S | None = None
    why: str = ""
    changes: str = ""
    done: str = ""


ASKED = (
    Asked(
        "mso_executive", datetime(2026, 9, 8, 15, tzinfo=UTC),
        NewProposal(
            "RD07", "New rates of Atlantic Shield from October",
            "Accept 112 % of Medicare 2026 for office visits from 1 October, for two years.",
            "Brings about 14,000 dollars a year at the visits of the last twelve months. Against it: two years are "
            "long, and procedures stay where they are. The alternative is to wait for the renewal in July.",
        ),
        28, S.CHANGED, "Two years bind us too long.", "For one year, with notice of 90 days.",
        "The amended offer was signed by the payer on 10 September.",
    ),
    Asked(
        "billing_lead", datetime(2026, 9, 21, 14, tzinfo=UTC),
        NewProposal(
            "RD13", "Balances below five dollars are not billed",
            "Write off what patients owe where a balance stays below 5.00 dollars for 90 days.",
            "A statement costs 1.10 dollars and such balances are paid in one of nine cases. It comes to about 300 "
            "dollars a year. The coinsurance that Medicare asks to be billed stays out of it.",
        ),
        50, S.APPROVED, "Chasing four dollars annoys patients more than it brings.", "",
        "The statement policy has the limit since 24 September.",
    ),
    Asked(
        "billing_lead", datetime(2026, 10, 6, 16, tzinfo=UTC),
        NewProposal(
            "RD09", "Visits of established patients are coded by time",
            "Let clinicians choose the level of a visit by time where that gives the higher level.",
            "Peers code one visit in six by time, this practice none. It needs the minutes in every note, and it draws "
            "the eye of payers if levels move at once.",
        ),
        72, S.DECLINED, "Notes do not have the minutes, and I do not want them written for billing.",
    ),
    Asked(
        "mso_executive", datetime(2026, 10, 28, 15, tzinfo=UTC),
        NewProposal(
            "FA18", "Budget of the MSO for 2027",
            "The fee terms stay; the line of coding support grows by four hours a week.",
            "Coding questions waited 2.1 days on average in the third quarter. Four hours cost what a quarter of one "
            "percent of collections comes to; without them the wait stays.",
        ),
    ),
)  # fmt: skip


TASKS_ONLY = "bpo"
"""Where the MSO does tasks only, it has no hand in payer contracts, and proposes none."""


def govern(
    practice: int, *, mode: str, staff: Callable[[str, datetime], Actor], owner: Callable[[datetime], Actor]
) -> int:
    """Propose and decide at one practice that reserves all this; how many proposals there are. Within its scope."""
    asked = [one for one in ASKED if mode != TASKS_ONLY or one.new.decision != "RD07"]
    for one in asked:
        made = services.propose(actor=staff(one.role, one.at), practice=practice, new=one.new, at=one.at)
        if one.outcome is not None:
            _decide(one, made, staff=staff, owner=owner)
    return len(asked)


def agreed(practice: int, new: NewProposal, *, staff: Actor, owner: Actor, at: datetime) -> None:
    """Have the owner agree to something before it is done: proposed the day before, decided an hour before."""
    asked_at, decided_at = at - timedelta(hours=20), at - timedelta(hours=1)
    made = services.propose(actor=replace(staff, at=asked_at), practice=practice, new=new, at=asked_at)
    services.decide(
        actor=replace(owner, at=decided_at), proposal=made, outcome=S.APPROVED, why="As we talked about it.",
        at=decided_at,
    )  # fmt: skip


def _decide(
    one: Asked, proposal: str, *, staff: Callable[[str, datetime], Actor], owner: Callable[[datetime], Actor]
) -> None:
    assert one.outcome is not None
    at = one.at + timedelta(hours=one.hours)
    services.decide(actor=owner(at), proposal=proposal, outcome=one.outcome, why=one.why, changes=one.changes, at=at)
    if one.done:
        at += timedelta(days=1)
        services.carry_out(actor=staff(one.role, at), proposal=proposal, why=one.done, at=at)
