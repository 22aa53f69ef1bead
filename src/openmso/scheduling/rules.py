"""Which kind of plan a visit goes to, by the words of its reason; and what may be said of what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openmso.kit.errors import Conflict, Refused
from openmso.patients.contracts import PlanKind
from openmso.scheduling.contracts import Cause, MarkDraft, VisitStatus
from openmso.scheduling.states import MOVES


class CannotMark(Conflict):
    """A visit that cannot be said to have ended so."""

    code = "cannot_mark_visit"


def judge(draft: MarkDraft) -> None:
    """Whether a mark says what it must; raises `Refused`."""
    if draft.to is VisitStatus.PLANNED:
        raise Refused("A visit is not marked as planned.", field="status", fix="Take the mark back instead.")
    is_cancelled = draft.to is VisitStatus.CANCELLED
    if is_cancelled and draft.cause is None:
        raise Refused("Say why the visit is cancelled.", field="cause", fix="Choose a reason from the list.")
    if draft.cause is Cause.OTHER and not draft.why.strip():
        raise Refused("Say which other reason it is.", field="why", fix="A few words will do.")
    if not is_cancelled and draft.cause is not None:
        raise Refused("Only a cancelled visit has such a reason.", field="cause", fix="Leave the reason empty.")


def why_not(status: VisitStatus, to: VisitStatus, *, service_on: date, today: date) -> CannotMark | None:
    """Why a visit cannot be marked so; `None` where it can."""
    if to not in MOVES[status]:
        words = f"The visit is {status.label.lower()} already." if status is to else (
            f"A visit that is {status.label.lower()} cannot become {to.label.lower()}."
        )  # fmt: skip
        return CannotMark(words, fix="What was marked today can be taken back." if not MOVES[status] else "")
    if to is not VisitStatus.CANCELLED and today < service_on:
        return CannotMark("The day of the visit has not come yet.", fix="Cancel it, or wait for the day.")
    return None


def why_not_undone(undo_on: date | None, today: date) -> CannotMark | None:
    """Why the latest mark of a visit cannot be taken back; `None` where it can."""
    if undo_on == today:
        return None
    if undo_on is None:
        return CannotMark("There is no mark to take back, or charges say that the visit took place.",
                          fix="Void its charges where they are wrong.")  # fmt: skip
    return CannotMark("A mark is taken back on its own day only.", fix="Plan another visit instead.")


def plan_for(reason: str, routes: Iterable[tuple[str, PlanKind]]) -> PlanKind | None:
    """The kind of the longest words that the reason has; `None` where it has none of them."""
    said = " ".join(reason.casefold().split())
    found = [(len(words), kind) for words, kind in routes if words.casefold() in said]
    return max(found)[1] if found else None
