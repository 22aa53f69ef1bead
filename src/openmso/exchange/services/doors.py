"""The ways to a partner: what each must be able to do, and the one that a partner has.

Only the host that is recorded for the partner is spoken to, and only as the server that was pinned. What a door says
in its errors never holds a password, a key or a line of a file.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from openmso.exchange.contracts import Way
from openmso.exchange.models.partners import Partner
from openmso.kit.errors import Refused
from openmso.platform.vault.fields import Secret, plaintext

SECONDS = 20
"""How long a partner may take to answer at all."""


class Unreachable(Refused):
    """The partner could not be reached, or broke off."""

    code = "partner_unreachable"


class NotTaken(Unreachable):
    """The partner answered that it does not take the file: it certainly has it not."""

    code = "partner_refused"


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a partner's mailbox."""

    name: str
    size: int
    modified: int = 0


class Door(Protocol):
    """An open connection to a partner."""

    def deliver(self, name: str, content: bytes, *, resume: bool, whole: Callable[[], None]) -> str:
        """Bring a file, once. `whole` is called when it may be the partner's from then on, before it is.

        With `resume` that was so before: it is found out whether the partner has it, and brought again only if not.
        Returns words where there is something to say. Raises `Unreachable`, `NotTaken`.
        """

    def mailbox(self) -> list[Found]:
        """The files that wait."""

    def fetch(self, found: Found) -> bytes | None:
        """The bytes of one; `None` while it is still being written."""


@dataclass(frozen=True, slots=True)
class Address:
    """All that is needed to reach a partner; never shown, never logged."""

    host: str
    port: int
    host_key: str
    user: str
    password: str | None
    private_key: str | None
    outgoing: str
    incoming: str
    realtime: str = ""

    def __repr__(self) -> str:
        return f"<Address {self.host}:{self.port}>"


def address_of(row: Partner) -> Address:
    """The address of a partner, its secrets opened."""
    return Address(
        row.host, row.port, row.host_key, row.user, _opened(row.password), _opened(row.private_key), row.outgoing,
        row.incoming, row.realtime,
    )  # fmt: skip


def _opened(secret: object) -> str | None:
    return plaintext(secret) if isinstance(secret, Secret) else None


def opened(way: Way, address: Address) -> AbstractContextManager[Door]:
    """The door of a way, opened; raises `Unreachable`."""
    from openmso.exchange.services import https, sftp

    return sftp.opened(address) if way is Way.SFTP else https.opened(address)
