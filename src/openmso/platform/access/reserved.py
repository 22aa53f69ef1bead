"""Reserved decisions at the act itself: what is the practice's own to decide is done by its licensees, or on their yes.

The acts lie all over the house, below and beside the app that knows what is reserved where and what was proposed
(governance); that app attaches itself here, once, at start-up. An act declares itself in its app, and asks `permit`
after its permission and before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.kit.errors import Forbidden
from openmso.platform.access.contracts import Actor, Decision


@dataclass(frozen=True, slots=True)
class Act:
    """An act that carries out a decision which may be reserved, by its code; `words` complete "to ...".

    `url` names the page on which it is done, `of_practice` whether that is of one practice. With
    `by_the_practice_alone` no decision of the practice lets others do it.
    """

    code: str
    decision: str
    words: str
    url: str
    of_practice: bool = True
    by_the_practice_alone: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that somebody is about to do: to what, in words and by its public id, and whom it is about."""

    act: Act
    practice: int
    subject: tuple[str, str]
    words: str
    party: str = ""


class NotPermitted(Forbidden):
    """The act carries out a decision that is the practice's, and no decision of it stands behind the act."""

    code = "reserved_to_the_practice"


Keeper = Callable[[Actor, Asked, Decision, datetime], None]
_keepers: list[Keeper] = []
_acts: dict[str, Act] = {}


def attach(keeper: Keeper) -> None:
    """Declare who judges and keeps reserved acts; there is one in a house."""
    _keepers[:] = [keeper]


def add_acts(acts: Iterable[Act]) -> None:
    """Declare an app's acts; the same code twice with other words is a mistake."""
    for act in acts:
        if _acts.setdefault(act.code, act) != act:
            raise ValueError(f"the act {act.code} is declared twice")


def acts_of(decision: str) -> list[Act]:
    """The acts that carry out a decision."""
    return [act for act in _acts.values() if act.decision == decision]


def act(code: str) -> Act:
    """An act by its code."""
    return _acts[code]


def permit(
    *, actor: Actor, practice: int, act: Act, subject: tuple[str, str], words: str, at: datetime, under: Decision,
    party: str = "",
) -> None:  # fmt: skip
    """Raise `NotPermitted` where the decision is reserved and neither a licensee acts nor an approval stands behind.

    An approval is used up by the act, which is written down with it. What the house itself does carries out what
    people have set up. `under` is the decision about the act's own permission.
    """
    for keeper in _keepers:
        keeper(actor, Asked(act, practice, subject, words, party), under, at)
