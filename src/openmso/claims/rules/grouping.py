"""Refusals of many claims by reason: what one rule finds is one reason, whatever lines and claims it names."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from openmso.claims.contracts import No, Reason
from openmso.claims.rules.book import BY_CODE


def reasons(refused: Iterable[No]) -> tuple[Reason, ...]:
    """The reasons of refusals, the commonest first; the words are those that all share, or else the rule's."""
    groups: dict[str, list[No]] = {}
    for no in refused:
        groups.setdefault(no.code if no.code in BY_CODE else no.words, []).append(no)
    told = [
        Reason(
            sha256(same.encode()).hexdigest()[:8],
            noes[0].words if len({no.words for no in noes}) == 1 else f"Against the rule: {BY_CODE[same].title}",
            noes[0].fix if len({no.fix for no in noes}) == 1 else "",
            tuple(no.claim for no in noes),
        )
        for same, noes in groups.items()
    ]
    return tuple(sorted(told, key=lambda reason: -reason.count))
