"""Queues: every kind of work declares by what it is ranked, and lists whose rows are worked say why each is next."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.platform.work import registry
from openmso.platform.work.contracts import Kind


def unexplained(kinds: Iterable[Kind]) -> list[str]:
    """The kinds of work of which nobody can say why one of them comes first."""
    return [kind.code for kind in kinds if not kind.ranked.strip()]


def test_every_kind_of_work_says_what_comes_first() -> None:
    assert unexplained(registry.kinds().values()) == []


def test_negative_control_a_kind_without_words_is_named() -> None:
    assert unexplained([Kind("tea.made", "Tea to make", "work.use")]) == ["tea.made"]
