"""States: a table of moves per kind of thing, as data, and the check of a move.

    MOVES: Moves[S] = {S.DRAFT: {S.READY, S.HELD}, S.READY: {S.SENT}, S.SENT: frozenset()}

Every state stands in the table, so a state without a way out is written down as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar

from openmso.kit.errors import Conflict

S = TypeVar("S", bound=StrEnum)
Moves = Mapping[S, Set[S]]


class IllegalMove(Conflict):
    """The state does not allow this move."""

    code = "illegal_move"


def check_move(moves: Moves[S], *, noun: str, frm: S, to: S) -> None:
    """Refuse a move the table does not have, naming the ones it has."""
    if to in moves[frm]:
        return
    ways = ", ".join(sorted(state.value for state in moves[frm])) or "nowhere: this is an end"
    raise IllegalMove(f"A {noun} that is {frm.value} cannot become {to.value}; from here it goes to {ways}.")


def table_is_whole(moves: Moves[S], states: type[S]) -> bool:
    """Whether every state has its row and every move leads to a state that exists."""
    return set(moves) == set(states) and all(to in states for ways in moves.values() for to in ways)


def mermaid(moves: Moves[S]) -> str:
    """The table as a Mermaid state diagram, for the generated docs."""
    arrows = [f"    {frm.value} --> {to.value}" for frm, ways in moves.items() for to in sorted(ways)]
    ends = [f"    {state.value} --> [*]" for state, ways in moves.items() if not ways]
    return "\n".join(["stateDiagram-v2", *arrows, *ends])
