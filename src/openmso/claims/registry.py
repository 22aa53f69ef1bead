"""What waits about claims in other apps: they say at start-up how to ask them, and the list of claims tells it."""

from __future__ import annotations

from collections.abc import Callable, Collection

Tells = Callable[[Collection[str]], dict[str, str]]
"""The public ids of some claims -> what waits about those of which something does, in a few words."""
_tells: list[Tells] = []


def pursues(tells: Tells) -> None:
    """Let the list of claims say what an app waits for about those that a payer has not paid whole."""
    if tells not in _tells:
        _tells.append(tells)


def pursued(claims: Collection[str]) -> dict[str, str]:
    """What waits about some claims, one word for each."""
    return {claim: words for tells in _tells for claim, words in tells(claims).items()} if claims else {}
