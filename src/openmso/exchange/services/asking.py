"""Asking at once: a question goes along its route to the first partner that answers it while one waits.

The route is the payer's, as for files. A partner that cannot be reached is passed by for the next one; who takes files
only is asked by a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from edi.x12.output import Unwritable
from openmso.exchange.contracts import Outgoing, Settings
from openmso.exchange.models.partners import Partner
from openmso.exchange.queries import enrolments, partners
from openmso.exchange.rules import dressing
from openmso.exchange.services import doors, https
from openmso.exchange.services.doors import Address, Unreachable
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@dataclass(frozen=True, slots=True)
class Way:
    """A route as it stands for questions: who of it answers at once, in order."""

    stops: tuple[tuple[str, Settings, Address], ...] = ()
    held: str = ""
    """Why nothing may be asked yet."""


@atomic
def way(*, practice: int, payer: int | None, transaction: str, at: datetime) -> Way:
    """The route of a question as it is now; partners that are down are left out."""
    found = partners.of_route(payer=payer, transaction=transaction, practice=practice, on=tenancy.today(practice, at))
    working = [one for one in found if one.realtime and not one.is_down]
    rows = Partner.objects.in_bulk([one.id for one in working])
    stops = tuple((one.name, one.settings, doors.address_of(rows[one.id])) for one in working)
    held = enrolments.why_not(practice=practice, payer=payer, transaction=transaction)
    return Way(stops, held)


def ask(along: Way, file: Outgoing, content: bytes) -> bytes | None:
    """The answer of the first partner that gives one; None where none of the route answers at once.

    An edge to the network: not to be called inside a transaction. Raises `Unreachable` with what each partner said.
    """
    if along.held:
        raise Unreachable(along.held, fix="Have the enrolment become live.")
    said = []
    for name, settings, address in along.stops:
        try:
            dressed = dressing.dressed(content, settings, transaction=file.transaction)
            with https.opened(address) as door:
                return door.question(dressed, key=file.subject[1])
        except Unreachable as no:
            said.append(f"{name}: {no.sentence}")
        except Unwritable as no:
            said.append(f"{name}: {no}")
    if said:
        raise Unreachable(" ".join(said))
    return None
