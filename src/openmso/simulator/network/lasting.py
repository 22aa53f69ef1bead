"""What lasts after signing: terms that end, notice and renewal, and what rules of law ask since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from openmso.agreements.queries import agreements, renewals
from openmso.agreements.services import abiding, law, renewing
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network.building import Network, within

LEAVES, WHY = "MESA", "We are joining the group of the county hospital"
BREACH = ("BIRCH", {"breach.discovered_on": "2026-10-20"}, "Incident report of 20 October 2026: a lost laptop")
"""A clock of law: sixty days to tell the practice at most (45 CFR 164.410), the agreed hours where they are fewer."""


def keep(network: Network, *, omar: Actor, owner: Callable[[str], Actor], at: datetime) -> None:
    """An owner gives notice, compliance says what happened, and the morning's jobs see to terms and rules."""
    told, facts, why = BREACH
    for code, site in network.sites.items():
        with within(network.mso, site.practice):
            if code == LEAVES:
                with reading():
                    paper = agreements.of(site.practice)[0].public_id
                renewing.give_notice(actor=owner(code), agreement=paper, why=WHY, at=at)
            if code == told:
                law.say(actor=omar, practice=site.practice, facts=facts, why=why, at=at)
            system = Actor.system("OpenMSO", at=at)
            renewing.watch(actor=system, at=at)
            abiding.watch(actor=system, at=at)
            if site.plan.ends_on is not None:
                _stands(code, site.practice)


def _stands(code: str, practice: int) -> None:
    """The last day of notice is ahead, past, and the day after the demo's last."""
    with reading():
        found = agreements.of(practice)[0]
        told = (len(found.versions), bool(renewals.notices(found)))
    wanted = {"ROCK": (1, False), "PRISM": (2, False), "MESA": (1, True)}[code]
    if told != wanted:
        raise AssertionError(f"The term of {code} stands at {told}, not {wanted}")
