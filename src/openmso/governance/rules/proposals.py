"""Judgement about reserved decisions: what the MSO may prepare, who may decide, how autonomous a practice is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from openmso.governance.contracts.permissions import LICENSEES
from openmso.governance.contracts.proposals import ActDone, Autonomy, Flag, Proposal, Reserved
from openmso.governance.states import AGREED, S
from openmso.kit.words import counted
from openmso.platform.access.contracts import Side
from openmso.platform.ui.contracts import Tone

FURTHER: Mapping[str, str] = {
    "FA13": "Opening and closing of services and locations",
    "FA14": "Discharge of a patient from the practice",
    "FA15": "Peer review",
    "FA18": "The MSO's own invoices and the budget",
    "FA19": "Which staff of the MSO work for the practice",
    "FA20": "Emergency access, approved after the fact",
}
"""What stays with every practice beside what agreements and laws list, in our words.

The acts of the guidance of the Medical Board of California, SB 351 and SB 951 that no code of a list names.
"""
FURTHER_CITED = "Medical Board of California, corporate practice of medicine; SB 351; SB 951"
SOFT = frozenset({"RD04", "RD08", "RD11", "RD13"})
"""What a state or an agreement may leave to others, or have advised on only: hours, visit lengths and staffing, how
clinicians are paid, prices and policies of billing. All else stays with every practice, whatever its state says."""
PREPARED = frozenset({"RD04", "RD07", "RD08", "RD09", "RD10", "RD11", "RD13", "FA13", "FA18"})
"""What the MSO may draft, suggest and simulate: hours and staffing, payer contracts, pay, coding, prices, equipment,
services and locations, its own invoice and budget. The rest is about patients and the practice's own people."""
IN_A_MINUTE = timedelta(minutes=1)
ENOUGH = 5
"""So many decisions that agree with everything are a pattern; fewer are chance."""


def mso_prepares(code: str) -> bool:
    """Whether people of the MSO may propose a decision."""
    return code in PREPARED


def why_not_permitted(held: Reserved, act: str) -> str:
    """Why an act is refused: whose decision it carries out, and what makes it so."""
    cited = "; ".join(dict.fromkeys(source.citation or source.words for source in held.sources))
    return (
        f"To {act} is to carry out a decision of the practice: {held.words.lower()} ({held.code}; {cited}). "
        "No approved decision stands behind it."
    )


def door(code: str, prepares: bool) -> str:
    """What to do instead: propose it, where that is theirs to do."""
    if prepares:
        return f"Propose it to the practice (Governance, Proposals, decision {code}); do it once a licensee has agreed."
    return "Ask an owner of the practice: its own people do it, or decide it."


def autonomy(
    asked: Iterable[Proposal], *, at: datetime, of_mso: Collection[str], untold: int, acts: Sequence[ActDone] = ()
) -> Autonomy:
    """How a practice decided what the MSO proposed, as it stands at an instant, and who did what is reserved to it.

    `of_mso` are accounts (public ids) that hold a role of the MSO; `untold` counts decisions of which the trail says
    nothing.
    """
    asked = [one for one in asked if one.side is Side.MSO]
    decided = [one for one in asked if one.decisions]
    hours = [Decimal((one.decided_at - one.proposed_at).total_seconds()) / 3600 for one in decided if one.decided_at]
    return Autonomy(
        proposed=len(asked), decided=len(decided), by_licensee=sum(by_licensee(one, of_mso) for one in decided),
        unchanged=_held(decided, S.APPROVED), changed=_held(decided, S.CHANGED),
        declined=_held(decided, S.DECLINED), withdrawn=_stand(asked, S.WITHDRAWN), waiting=_stand(asked, S.WAITING),
        late=sum(is_late(one, at) for one in asked), carried_out=_stand(asked, S.CARRIED_OUT),
        before_decided=sum(before_decided(one) for one in asked),
        median_hours=median(hours).quantize(Decimal("0.1")) if hours else None,
        flags=tuple(flags(asked, at=at, of_mso=of_mso, untold=untold)), acts=len(acts),
        acts_by_licensee=sum(one.role in LICENSEES and one.user not in of_mso for one in acts),
        acts_agreed=sum(bool(one.proposal) for one in acts),
    )  # fmt: skip


def by_licensee(one: Proposal, of_mso: Collection[str]) -> bool:
    """Whether every decision was one of a licensee who stands on the practice's side alone."""
    return all(step.role in LICENSEES and step.user not in of_mso for step in one.decisions)


def is_late(one: Proposal, at: datetime) -> bool:
    """Whether it was decided after its day, or waits past it."""
    if one.decided_at is not None:
        return one.decided_at > one.due_at
    return one.state is S.WAITING and at > one.due_at


def before_decided(one: Proposal) -> bool:
    """Whether it was carried out although no decision that agrees stood before."""
    for number, step in enumerate(one.steps):
        if step.to is S.CARRIED_OUT:
            return not (number and one.steps[number - 1].to in AGREED)
    return False


def flags(asked: Sequence[Proposal], *, at: datetime, of_mso: Collection[str], untold: int) -> Iterator[Flag]:
    """What speaks against a practice deciding for itself, the worst first."""
    for tone, words, what in _FLAGS:
        if found := tuple(one.public_id for one in asked if what(one, at, of_mso)):
            yield Flag(tone, f"{counted(len(found), 'proposal')} {words}", found)
    if untold:
        yield Flag(Tone.BAD, f"{counted(untold, 'decision')} without a record in the audit trail.")
    decided = [one for one in asked if one.decisions]
    if len(decided) >= ENOUGH and all(step.to is S.APPROVED for one in decided for step in one.decisions):
        yield Flag(Tone.WARN, f"All {len(decided)} decisions of the period approved what was proposed, unchanged.")


def _in_a_minute(one: Proposal, at: datetime, of_mso: Collection[str]) -> bool:
    return one.decided_at is not None and one.decided_at - one.proposed_at <= IN_A_MINUTE


_FLAGS: tuple[tuple[Tone, str, Callable[[Proposal, datetime, Collection[str]], bool]], ...] = (
    (Tone.BAD, "carried out before the practice had decided.", lambda one, at, of_mso: before_decided(one)),
    (
        Tone.BAD,
        "decided by somebody who has a role of the MSO.",
        lambda one, at, of_mso: any(step.user in of_mso for step in one.decisions),
    ),
    (
        Tone.BAD,
        "decided by somebody who is no licensee of the practice.",
        lambda one, at, of_mso: any(step.role not in LICENSEES for step in one.decisions),
    ),
    (Tone.WARN, "decided within a minute: nobody reads an analysis in that time.", _in_a_minute),
    (
        Tone.WARN,
        "past the day: not decided yet.",
        lambda one, at, of_mso: one.decided_at is None and is_late(one, at),
    ),
    (
        Tone.INFO,
        "decided after the day.",
        lambda one, at, of_mso: one.decided_at is not None and is_late(one, at),
    ),
)


def _held(decided: Iterable[Proposal], outcome: S) -> int:
    return sum(one.holds is not None and one.holds.to is outcome for one in decided)


def _stand(asked: Iterable[Proposal], state: S) -> int:
    return sum(one.state is state for one in asked)
