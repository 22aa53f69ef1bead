"""The demo's exit under way: a practice has given notice, tasks move on, assets are listed and one is appraised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from openmso.kit.money import Money
from openmso.leaving.contracts import Doing, Elects, Owes, Side, Sort
from openmso.leaving.services import cases
from openmso.platform.access.contracts import Actor
from openmso.simulator.network.building import Network, within

WHERE = "LUMEN"
NOTICED_AT, LISTED_AT = datetime(2026, 10, 5, 14, tzinfo=UTC), datetime(2026, 10, 12, 14, tzinfo=UTC)
MOVED_AT = datetime(2026, 10, 26, 14, tzinfo=UTC)
BEGUN = ((1, Doing.BEGUN, "It ends by itself on its day"), (3, Doing.BEGUN, "Letters to five payers"),
         (4, Doing.BEGUN, "ERA of two payers asked for"), (6, Doing.DONE, "Two offers, both taken"))  # fmt: skip

Staff = Callable[[str, datetime], Actor]
"""Whoever of the MSO has a role, at an instant."""


def leave(network: Network, staff: Staff, owner: Actor) -> None:
    """The owner gives notice; four tasks have moved, the practice buys, and the second appraisal is awaited."""
    site = network.sites[WHERE]
    with within(network.mso, site.practice):
        exit = cases.give_notice(
            actor=replace(owner, at=NOTICED_AT), practice=site.practice, at=NOTICED_AT,
            why="The group merges with its parent and takes its administration along.",
        ).public_id  # fmt: skip
        for name, sort, book in (("Optical coherence tomograph", Sort.EQUIPMENT, "18400.00"),
                                 ("Fitting room of the main office", Sort.LEASEHOLD, "6250.00"),
                                 ("Web site and its name", Sort.INTANGIBLE, "900.00")):  # fmt: skip
            cases.list_asset(
                actor=staff("controller", LISTED_AT), exit=exit, name=name, sort=sort, book=Money.of(book), at=LISTED_AT
            )
        cases.tell_item(
            actor=staff("controller", LISTED_AT), exit=exit, words="Deposit of the sublease", owes=Owes.MSO,
            amount=Money.of("3200.00"), shows="Sublease of 2025, clause 4", at=LISTED_AT,
        )  # fmt: skip
        cases.elect(actor=replace(owner, at=LISTED_AT), exit=exit, elects=Elects.BUYS, at=LISTED_AT)
        cases.appraise(
            actor=replace(owner, at=MOVED_AT), exit=exit, number=1, side=Side.PRACTICE,
            appraiser="Pine Valuation Group", amount=Money.of("21000.00"), on=date(2026, 10, 23), at=MOVED_AT,
        )  # fmt: skip
        for number, to, note in BEGUN:
            by = replace(owner, at=MOVED_AT) if number in {3, 6} else staff("controller", MOVED_AT)
            cases.move_task(actor=by, exit=exit, number=number, to=to, note=note, at=MOVED_AT)
