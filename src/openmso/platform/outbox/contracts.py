"""What leaves the outbox: what a round of deliveries did, and the letters that were not delivered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.platform.access.contracts import Permission
from openmso.platform.outbox.states import Delivering

READ = Permission("outbox.read", "see what could not be delivered")
REPLAY = Permission("outbox.replay", "deliver a dead letter again")
PERMISSIONS: Iterable[Permission] = (READ, REPLAY)
SENTENCES = {"outbox.replayed": "{actor} had {fact} delivered again to {subscriber}"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round did: deliveries done, put off after a passing fault, and given up."""

    done: int = 0
    put_off: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(self.done + other.done, self.put_off + other.put_off, self.dead + other.dead)


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery as the list of dead letters shows it."""

    public_id: str
    practice: int
    practice_name: str
    fact: str
    subscriber: str
    state: Delivering
    reason: str
    tries: int
    at: datetime
    failed_at: datetime | None
    payload: str
