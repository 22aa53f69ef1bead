"""Who listens to what; filled at start-up from every app's `subscribers.py` and validated there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from openmso.platform.outbox import rules

Function = TypeVar("Function", bound=Callable[..., None])
_TOLD = {"practice", "actor", "at"}


class UnknownSubscriber(LookupError):
    """A delivery names a subscriber that no app declares any more."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One listener: its name, the kind of fact, and what it does with it.

    `network` gives it all practices and books in scope instead of the fact's practice and its books.
    """

    name: str
    event: type
    function: Callable[..., None]
    network: bool


_subscriptions: dict[str, Subscription] = {}


def subscribe(event: type, *, name: str, network: bool = False) -> Callable[[Function], Function]:
    """Listen to a kind of fact: `@subscribe(ClaimDenied, name="denials.open_work")`.

    The function is called with the fact and, by keyword, `practice`, `actor` and `at`, in a transaction of its
    own that also records the delivery. It may be called again after a crash, never after that record.
    """

    def register(function: Function) -> Function:
        found = [*rules.faults(event), *_faults(name, function)]
        if name in _subscriptions and _subscriptions[name].function is not function:
            found.append(f"the subscriber {name} is declared twice")
        if found:
            raise TypeError("; ".join(found))
        _subscriptions[name] = Subscription(name, event, function, network)
        return function

    return register


def _faults(name: str, function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters
    keywords = {p.name for p in parameters.values() if p.kind is inspect.Parameter.KEYWORD_ONLY}
    found = [] if "." in name else [f"a subscriber is named app.verb; {name!r} is not"]
    if not keywords >= _TOLD:
        found.append(f"the subscriber {name} must take {', '.join(sorted(_TOLD - keywords))} by keyword")
    return found


def listening_to(event: type) -> list[Subscription]:
    """Who listens to a kind of fact, by name."""
    return sorted((one for one in _subscriptions.values() if one.event is event), key=lambda one: one.name)


def subscription(name: str) -> Subscription:
    """The subscription of a name; raises `UnknownSubscriber`."""
    try:
        return _subscriptions[name]
    except KeyError:
        raise UnknownSubscriber(f"No app declares the subscriber {name!r}.") from None


def subscriptions() -> dict[str, Subscription]:
    """All of them by name."""
    return _subscriptions
