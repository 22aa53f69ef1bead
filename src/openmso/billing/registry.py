"""Whoever delivers notices and takes cards; while nobody does, notices wait and nobody pays on line."""

from __future__ import annotations

from typing import Protocol

from openmso.billing.providers import PaymentProvider
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


_providers: list[PaymentProvider] = []


def take_cards(*providers: PaymentProvider) -> None:
    """Have cards taken by these from now on: by the first that serves a practice."""
    _providers[:] = providers


def provider_for(practice: str) -> PaymentProvider | None:
    """Who takes the cards of a practice (by its code), if anybody."""
    return next((one for one in _providers if one.serves(practice)), None)


def provider(name: str) -> PaymentProvider | None:
    """The provider of a name, where it is connected."""
    return next((one for one in _providers if one.name == name), None)
