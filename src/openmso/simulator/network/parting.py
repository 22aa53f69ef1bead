"""A relationship ends: notice, appraisals, the last day, the archive, the closing and its certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openmso.kit.money import Money
from openmso.leaving.contracts import Doing, Elects, Fate, Side, Sort, Who
from openmso.leaving.queries import cases as exits
from openmso.leaving.services import cases, closing, ending
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.portability.services import taking

Staff = Callable[[str], Actor]
"""Whoever of the MSO has a role, at the moment."""
ASSETS = (
    ("Furniture of the front office", Sort.EQUIPMENT, "7400.00"),
    ("Signs and web site", Sort.INTANGIBLE, "350.00"),
)
VALUES = ((Side.PRACTICE, "Pine Valuation Group", "6900.00"), (Side.MSO, "Alder Appraisals", "8100.00"),
          (Side.THIRD, "Birch and Company", "7700.00"))  # fmt: skip
"""What the appraisers of both sides found of the furniture, and the third whom they named because they differed."""


def give_notice(practice: int, *, ends_on: date, owner: Actor, staff: Staff, at: datetime) -> None:
    """The practice gives notice for the end of the term and buys what the MSO provided, at what the appraisers say."""
    controller = staff("controller")
    exit = cases.give_notice(
        actor=owner, practice=practice, why="We go on with people of our own", wanted=ends_on, at=at
    ).public_id
    for name, sort, book in ASSETS:
        cases.list_asset(actor=controller, exit=exit, name=name, sort=sort, book=Money.of(book), at=at)
    cases.elect(actor=owner, exit=exit, elects=Elects.BUYS, at=at)
    for side, appraiser, amount in VALUES:
        cases.appraise(
            actor=owner if side is Side.PRACTICE else controller, exit=exit, number=1, side=side, appraiser=appraiser,
            amount=Money.of(amount), on=at.date(), at=at,
        )  # fmt: skip


def end(*, at: datetime) -> None:
    """The night before the first day without the agreement: what was noticed ends."""
    ending.run_course(actor=Actor.system("leaving.run_course", at=at), at=at)


def close(practice: int, code: str, *, owner: Actor, staff: Staff, at: datetime) -> None:
    """What is left to do is done, the archive is taken away, the closing is stated, patients' data are certified."""
    with reading():
        one = next(each for each in exits.all_under_way(at) if each.practice == practice)
    with TemporaryDirectory() as folder:
        taken = taking.exported(
            actor=Actor.system("openmso export", at=at), code=code, to=Path(folder) / "archive", at=at
        )
    for task in one.tasks:
        if not task.is_over:
            cases.move_task(
                actor=staff("controller") if task.who is Who.MSO else owner, exit=one.public_id, number=task.number,
                to=Doing.DONE, note="Done by the last day", at=at,
            )  # fmt: skip
    closing.state(actor=staff("controller"), exit=one.public_id, at=at)
    closing.certify(
        actor=staff("compliance_officer"), exit=one.public_id, fate=Fate.RETURNED, sha256=taken.sha256,
        words="Everything was returned with the archive.", at=at,
    )  # fmt: skip
    cases.close(
        actor=staff("controller"), exit=one.public_id, why="Nothing is left to do", at=at + timedelta(minutes=1)
    )
