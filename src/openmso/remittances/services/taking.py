"""Taking remittances out of the mailbox: received like any other file, for the practices that are paid in it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from openmso.exchange.services import arriving
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.remittances.contracts import Receipt
from openmso.remittances.services import receiving

TAKES = ("835",)


def take(*, actor: Actor, arrival: str, document: str, name: str, at: datetime) -> Receipt | None:
    """Receive a file of the mailbox: the payees in it decide which practices get which part.

    The scope is the whole network. A file that pays nobody we know becomes work at the MSO and gives `None`; where
    only a part of it does, that becomes work. Taking it twice is taking it once.
    """
    with reading():
        content = documents.read(document, tenancy.mso())
    try:
        receipt = receiving.receive(actor=actor, practice=None, name=name, content=BytesIO(content), at=at)
    except Refused as no:
        arriving.nobody_took(arrival=arrival, words=f"{no.sentence} {no.fix}".strip(), at=at)
        return None
    if receipt.refused:
        first = receipt.refused[0]
        arriving.nobody_took(arrival=arrival, words=f"{first.message} {first.fix}", at=at)
    return receipt
