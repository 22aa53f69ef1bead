"""A task of the office's own in the demo, and who takes part in what the network offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from openmso.agreements.queries import initiatives as offered
from openmso.agreements.services import initiatives, tasks
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network.building import Network, within

AT = datetime(2026, 10, 6, 14, tzinfo=UTC)
LATER = datetime(2026, 10, 27, 14, tzinfo=UTC)
OWN = {
    "code": "analytics.meeting", "line": "analytics", "words": "Meet every month over the figures", "does": "both",
    "decides": "practice", "told": "both",
}  # fmt: skip
JOINS = {
    "ROCK": ("benchmarking", "group_purchasing"), "LUMEN": ("benchmarking",), "CEDAR": ("benchmarking",),
    "STILL": ("benchmarking",), "ALDER": ("benchmarking", "campaigns"), "PRISM": ("benchmarking",),
    "BIRCH": ("benchmarking", "group_purchasing"),
}  # fmt: skip
LEAVES = ("BIRCH", "benchmarking")
"""A practice that takes its yes back."""
TAKING_PART = 6
"""How many practices have their figures compared in the end."""


def offer(network: Network, *, omar: Actor, owner: Callable[[str, datetime], Actor]) -> None:
    """Compliance writes a task of the office's own; owners say yes, and one takes it back."""
    with within(network.mso):
        tasks.write(actor=omar, mso=network.mso, given=OWN, why="Owners asked for a fixed hour", at=omar.at)
    for code, chosen in JOINS.items():
        if code not in network.sites:
            continue
        site = network.sites[code]
        with within(site.practice):
            for one in chosen:
                initiatives.choose(actor=owner(code, AT), practice=site.practice, code=one, joins=True, at=AT)
            if code == LEAVES[0]:
                initiatives.choose(
                    actor=owner(code, LATER), practice=site.practice, code=LEAVES[1], joins=False, at=LATER,
                    why="Two practices of our town take part; ours could be guessed",
                )  # fmt: skip
    practices = [site.practice for site in network.sites.values()]
    with within(*practices), reading():
        found = offered.taking_part("benchmarking", among=practices, on=LATER.date())
    if len(network.sites) == len(JOINS) + 1 and len(found) != TAKING_PART:
        raise AssertionError(f"{len(found)} practices have their figures compared, not {TAKING_PART}")
