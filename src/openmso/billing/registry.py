"""Whoever delivers notices; while nobody does, they wait in the outbox."""

from __future__ import annotations

from typing import Protocol

from openmso.billing.states import Way


class Undelivered(Exception):
    """The provider did not take a message; the text is safe to show and to keep."""


class Messenger(Protocol):
    """A provider of e-mail or text messages."""

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        """Deliver a message; what the provider calls it. Raises `Undelivered`."""


_messengers: dict[Way, Messenger] = {}


def connect(messenger: Messenger, *ways: Way) -> None:
    """Deliver messages of these ways by it from now on."""
    _messengers.update(dict.fromkeys(ways, messenger))


def disconnect() -> None:
    """Deliver nothing; notices wait."""
    _messengers.clear()


def messenger(way: Way) -> Messenger | None:
    """Whoever delivers messages of a way, if anybody."""
    return _messengers.get(way)
