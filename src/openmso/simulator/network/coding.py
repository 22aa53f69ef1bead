"""How the demo's coders code: by who comes, to whom it goes and whether they were here before; now and then not."""

from __future__ import annotations

import random
from datetime import date

from openmso.simulator.network.people import DemoPatient
from openmso.simulator.network.services_offered import Offered

MISCODED_PER_1000 = 60
"""How often nobody looks, and the usual code stays."""
ESTABLISHED = {"99203": "99213", "92004": "92014"}
PHYSICALS = ((11, "99393"), (17, "99394"), (39, "99395"), (64, "99396"), (200, "99397"))


def coded(service: Offered, who: DemoPatient, *, on: date, medicare: bool, seen: bool, chance: random.Random) -> str:
    """The code of a service for this patient on a day."""
    if chance.randrange(1000) < MISCODED_PER_1000:
        return service.code
    if service.code in ESTABLISHED and seen:
        return ESTABLISHED[service.code]
    if service.code == "90471" and medicare:
        return "G0008"
    if service.code == "99396":
        born = who.draft.person.born_on or on
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return "G0439" if medicare else next(code for most, code in PHYSICALS if age <= most)
    return service.code
