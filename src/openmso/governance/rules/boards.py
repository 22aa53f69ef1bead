"""How a joint board decides: notice, quorum per class, recusal, the rule, and what is not the board's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from openmso.agreements.contracts import Quorum
from openmso.governance.contracts.boards import CLASS_WORDS, CLASSES, Ballot, Charter, NewCharter, Outcome, Rule
from openmso.governance.contracts.proposals import Reserved
from openmso.governance.states import R, V
from openmso.kit.words import counted
from openmso.platform.access.contracts import Side

MATTERS: Mapping[str, str] = {
    "B01": "Capital improvements and expansion",
    "B02": "Annual budget",
    "B03": "Marketing and advertising budget",
    "B04": "Fee policy of the MSO's services",
    "B05": "Relations with payers: priorities and support",
    "B06": "Strategy and long-term plan",
    "B07": "Personnel plan, not of clinicians",
    "B08": "Grievances and disputes",
    "B09": "Review of finances and services",
    "B10": "Vendors and purchases, not clinical",
    "B11": "Minutes",
}
"""What the filed agreements give to a joint or policy board (facilities, budgets, marketing, strategy, grievances),
in our words. Decisions that stay with the practice have codes of their own and are discussed here, never decided."""
NOTICE_MAX = 90
SEATS_MAX = 9


def charter_faults(new: NewCharter, *, today: date, agreed: Quorum | None = None) -> str:
    """What is wrong with a charter, or nothing; it asks for no less than the agreement does."""
    if not 0 <= new.notice_days <= NOTICE_MAX:
        return f"Days of notice are between 0 and {NOTICE_MAX}."
    for words, asked in (("practice", new.quorum_practice), ("MSO", new.quorum_mso)):
        if not 1 <= asked <= SEATS_MAX:
            return f"A quorum needs between 1 and {SEATS_MAX} seats of the {words}: neither class decides alone."
    if agreed and (new.quorum_practice < agreed.practice or new.quorum_mso < agreed.mso):
        return f"A quorum is no smaller than the agreement's. {agreed.sentence}."
    if not new.cited.strip():
        return "Say where it stands: the clause of the agreement, or the document."
    return "" if new.starts_on >= today else "A charter holds from today or a later day."


def as_agreed(charter: Charter, agreed: Quorum | None) -> Charter:
    """A charter with the quorum of the agreement in force where that asks for more of a class."""
    if agreed is None:
        return charter
    asked = {Side.PRACTICE: agreed.practice, Side.MSO: agreed.mso}
    return replace(charter, quorum={side: max(charter.quorum[side], asked[side]) for side in CLASSES})


def earliest(today: date, notice_days: int) -> date:
    """The first day on which a meeting that is called today may be held."""
    return today + timedelta(days=notice_days)


def why_reserved(matter: str, reserved: Iterable[Reserved]) -> str:
    """Why a matter is not the board's, with the sources that make it the practice's; empty where it is the board's."""
    for one in reserved:
        if one.code == matter:
            cited = "; ".join(
                " ".join(part for part in (each.name, each.citation or each.words) if part) for each in one.sources
            )
            return f"{one.words} stays with the practice ({cited}). Only its licensees decide; the board discusses it."
    return ""


def outcome(
    charter: Charter, *, present: Mapping[Side, int], ballots: Sequence[Ballot], practice_too: bool = False
) -> Outcome:
    """How an item ends by the charter: carried, not carried, or without a decision, and why.

    `present` counts the seats of each class that are filled. A recused seat casts no vote, and counts for the quorum
    only where the charter says so. With `practice_too` most of the practice's own votes must be for it as well.
    """
    recused = {side: sum(one.side is side and one.choice is V.RECUSED for one in ballots) for side in CLASSES}
    could = {side: present.get(side, 0) - (0 if charter.recused_count else recused[side]) for side in CLASSES}
    if short := _short(charter, could):
        return Outcome(R.NO_DECISION, f"No quorum, no decision: {short}.")
    yes = {side: sum(one.side is side and one.choice is V.YES for one in ballots) for side in CLASSES}
    no = {side: sum(one.side is side and one.choice is V.NO for one in ballots) for side in CLASSES}
    if not sum(yes.values()) + sum(no.values()):
        return Outcome(R.NO_DECISION, "No decision: nobody voted yes or no.")
    carried = _carried(charter.rule, yes, no)
    if carried and practice_too and yes[Side.PRACTICE] <= no[Side.PRACTICE]:
        return Outcome(R.LOST, f"{_told(R.LOST, yes, no)}; it needs most votes of the practice's own seats.")
    result = R.CARRIED if carried else R.LOST
    return Outcome(result, f"{_told(result, yes, no)}; the charter asks for {charter.rule.words}.")


def _short(charter: Charter, could: Mapping[Side, int]) -> str:
    return "; ".join(
        f"{counted(could[side], 'seat')} of the {CLASS_WORDS[side]} could vote, "
        f"the charter asks for {charter.quorum[side]}"
        for side in CLASSES
        if could[side] < charter.quorum[side]
    )


def _carried(rule: Rule, yes: Mapping[Side, int], no: Mapping[Side, int]) -> bool:
    ayes, noes = sum(yes.values()), sum(no.values())
    if rule is Rule.MAJORITY:
        return ayes > noes
    if rule is Rule.EACH_CLASS:
        return all(yes[side] > no[side] for side in CLASSES)
    if rule is Rule.TWO_THIRDS:
        return 3 * ayes >= 2 * (ayes + noes)
    return not noes


def _told(result: R, yes: Mapping[Side, int], no: Mapping[Side, int]) -> str:
    each = ", ".join(f"{CLASS_WORDS[side]} {yes[side]} to {no[side]}" for side in CLASSES)
    return f"{result.label} by {sum(yes.values())} yes to {sum(no.values())} no ({each})"
