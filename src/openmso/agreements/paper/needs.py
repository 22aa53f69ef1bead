"""Which agreements need which papers beside them, and how a need stands on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openmso.agreements.contracts import Mode
from openmso.agreements.paper.companions import AHEAD, BadCompanion, CompanionKind, Held
from openmso.platform.access.registry import LINES


@dataclass(frozen=True, slots=True)
class Need:
    """Which agreements need a kind of paper: by mode, state and service lines (none named: all of them).

    One that `blocks` keeps an agreement from being signed while it is missing; another warns.
    """

    kind: CompanionKind
    modes: frozenset[Mode] = frozenset()
    states: tuple[str, ...] = ()
    lines: frozenset[str] = frozenset()
    blocks: bool = False
    words: str = ""

    def concerns(self, mode: Mode, state: str, lines: Iterable[str]) -> bool:
        """Whether an agreement of a mode in a state with some lines in scope needs it."""
        return (
            (not self.modes or mode in self.modes)
            and (not self.states or state in self.states)
            and (not self.lines or bool(self.lines & set(lines)))
        )


_BILLS = frozenset({"revenue_cycle", "payment_posting", "denials", "patient_billing"})
_FULL = frozenset({Mode.THIRD_PARTY, Mode.JOINT_VENTURE, Mode.FRIENDLY_PC})
_OWNED = frozenset({Mode.JOINT_VENTURE, Mode.FRIENDLY_PC})
NEEDS: tuple[Need, ...] = (
    Need(CompanionKind.BAA, words="Without one patients' records stay closed (45 CFR 164.504(e))."),
    Need(CompanionKind.POWER, modes=_FULL, lines=_BILLS, words="So that payers take what the MSO sends for it."),
    Need(CompanionKind.BILLING, modes=_FULL, lines=_BILLS,
         words="So that government payments lie where the practice alone instructs (42 CFR 424.73)."),
    Need(CompanionKind.LEASE, modes=_OWNED, words="Where the practice works in premises of the MSO."),
    Need(CompanionKind.MARKS, modes=_OWNED, words="Where the practice uses a name of the MSO."),
    Need(CompanionKind.LOAN, modes=frozenset({Mode.FRIENDLY_PC}), words="So that a shortfall is lent on agreed terms."),
    Need(CompanionKind.SHARES, modes=frozenset({Mode.FRIENDLY_PC}),
         words="So that shares stay with licensees of the state on listed events."),
    Need(CompanionKind.ASSETS, modes=_OWNED, words="What is clinical stays with the practice."),
    Need(CompanionKind.EMPLOYEES, modes=_OWNED, lines=frozenset({"payroll", "front_office"}),
         words="Where people of one side work for the other."),
)  # fmt: skip
"""What agreements need as the product comes: everything warns, and an office says what blocks."""


def need_of(given: Mapping[str, Any]) -> Need:
    """A need from its data. Raises `BadCompanion` with the field."""
    try:
        made = Need(
            CompanionKind(given["kind"]), frozenset(Mode(one) for one in given.get("modes") or ()),
            tuple(sorted(str(one).upper() for one in given.get("states") or ())),
            frozenset(str(one) for one in given.get("lines") or ()), bool(given.get("blocks")),
            str(given.get("words") or "").strip()[:200],
        )  # fmt: skip
    except (KeyError, ValueError) as wrong:
        raise BadCompanion(f"{wrong} is not known.", field="kind") from None
    if strange := sorted(made.lines - set(LINES)):
        raise BadCompanion(f"There is no service line {strange[0]}.", field="lines")
    if strange := [one for one in made.states if not re.fullmatch(r"[A-Z]{2}", one)]:
        raise BadCompanion(f"{strange[0]} is no state.", field="states", fix="Two letters each, as OR CA.")
    return made


def need_data(one: Need) -> dict[str, Any]:
    """A need as data; `need_of` makes it again."""
    return {
        "kind": one.kind.value, "modes": sorted(mode.value for mode in one.modes), "states": list(one.states),
        "lines": sorted(one.lines), "blocks": one.blocks, "words": one.words,
    }  # fmt: skip


def held(signed: Iterable[tuple[date, date | None]], *, has_draft: bool, on: date) -> tuple[Held, date | None]:
    """How a need stands on a day by the days of the signed papers of its kind, and the day on which that ends."""
    spans = sorted(signed, key=lambda one: one[1] or date.max)
    now = [end for start, end in spans if start <= on and (end is None or end > on)]
    if now:
        last = now[-1]
        return (Held.ENDS if last is not None and last <= on + AHEAD else Held.THERE), last
    if has_draft:
        return Held.DRAFTED, None
    over = [end for _, end in spans if end is not None and end <= on]
    return (Held.ENDED, over[-1]) if over else (Held.MISSING, None)
