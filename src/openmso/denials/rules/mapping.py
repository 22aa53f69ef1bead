"""What a payer's codes mean: group + reason (CARC) + remarks (RARC) + payer, never the reason alone.

The map of reasons says it first; where a reason means nothing without a remark, the remark decides; what the network
itself has written about the codes, or about a payer, goes before both. A code nobody knows becomes unknown work.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from openmso.denials.contracts import Act, Category, Judged, MapRule, Owner
from openmso.remittances.contracts import Reason

NEEDS_REMARK = frozenset({"16", "96", "129", "148", "226", "234", "252", "A1", "267"})
"""Reasons that say nothing by themselves (TR3 005010X221A1: at least one remark code must be given)."""
DUPLICATE, ABOVE_ALLOWED = "18", "45"
MEANS_NOTHING = frozenset({Category.MISSING_INFO, Category.DENIAL_GENERIC, Category.NON_COVERED})
"""Categories of reasons that a remark makes precise."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a payer said of a line: the reason that took most, all remarks, the payer, whether it took everything."""

    group: str
    reason: str
    remarks: tuple[str, ...] = ()
    payer: int | None = None
    is_whole_charge: bool = False

    @property
    def text(self) -> str:
        """As it stands in the remittance: `CO-197 N290`."""
        return " ".join((f"{self.group}-{self.reason}" if self.reason else "no reason", *self.remarks))


@dataclass(frozen=True, slots=True)
class Remark:
    """What a remark code makes of a reason that says nothing by itself."""

    category: str
    owner: str
    action: str
    stage: str
    words: str


@cache
def remarks() -> Mapping[str, Remark]:
    """The remark codes that decide, by code."""
    return {row.pop("remark"): Remark(**row) for row in _table("remarks.csv")}


@cache
def actions() -> Mapping[str, tuple[Act, str]]:
    """Of each first action its kind and its words."""
    return {row["action"]: (Act(row["kind"]), row["words"]) for row in _table("actions.csv")}


def act_of(action: str) -> Act:
    """What kind of answer an action is; one we have no word for is looked at by a person."""
    return actions()[action][0] if action in actions() else Act.ASK


def action_words(action: str) -> str:
    """An action in words."""
    return actions()[action][1] if action in actions() else action.replace("_", " ").capitalize()


def judge(said: Said, known: Mapping[str, Reason], ours: Sequence[MapRule] = ()) -> Judged:
    """What it means and who does what first."""
    found = _by_map(said, known)
    if said.reason in NEEDS_REMARK or found.category in MEANS_NOTHING:
        found = _by_remark(said, found)
    rule = _fitting(said, ours)
    if rule is None:
        return found
    return Judged(
        Category.of(rule.category), found.is_denial, Owner(rule.owner), rule.action, rule.stage, found.words,
        f"By version {rule.number} of your map. {found.note}".strip(),
    )  # fmt: skip


def _by_map(said: Said, known: Mapping[str, Reason]) -> Judged:
    reason = known.get(said.reason)
    if reason is None:
        what = f"The reason {said.reason} is in no list of ours" if said.reason else "The payer gave no reason"
        return Judged(
            Category.UNKNOWN, True, Owner.BILLING, "review", "", f"reason {said.reason}" if said.reason else "no word",
            f"{what}: look at it, and put the code on the map.",
        )  # fmt: skip
    found = Judged(
        Category.of(reason.category), reason.is_denial, Owner(reason.owner), reason.action, reason.stage, reason.words
    )
    if said.reason == ABOVE_ALLOWED and said.is_whole_charge:
        note = "45 took the whole charge, which no contract does: it is a denial that does not say why."
        return replace(found, category=Category.DENIAL_GENERIC, is_denial=True, owner=Owner.BILLING,
                       action="follow_up", note=note)  # fmt: skip
    if said.reason == DUPLICATE and said.group != "OA":
        return replace(found, note="A duplicate is written OA 18; the payer wrote it otherwise: check the first claim.")
    return found


def _by_remark(said: Said, found: Judged) -> Judged:
    precise = next((remarks()[code] for code in said.remarks if code in remarks()), None)
    if precise is not None:
        return replace(
            found, category=Category.of(precise.category), owner=Owner(precise.owner), action=precise.action,
            stage=precise.stage, words=f"{found.words}: {precise.words}",
        )  # fmt: skip
    if said.reason in NEEDS_REMARK and not said.remarks:
        note = f"{said.reason} says nothing without a remark code, and the payer gave none: ask it what is wrong."
        return replace(found, action="follow_up", note=note)
    return found


def _fitting(said: Said, ours: Iterable[MapRule]) -> MapRule | None:
    """The rule that says most about these codes; among equals the latest."""

    def fits(rule: MapRule) -> bool:
        return (
            rule.group in {"", said.group}
            and rule.reason in {"", said.reason}
            and (not rule.remark or rule.remark in said.remarks)
            and rule.payer in {None, said.payer}
        )

    def precision(rule: MapRule) -> tuple[int, int]:
        return sum(map(bool, (rule.group, rule.reason, rule.remark, rule.payer))), rule.number

    return max(filter(fits, ours), key=precision, default=None)


@cache
def priors() -> Mapping[str, Decimal]:
    """The share of its dollars that a denial of a category is taken to bring, before we have seen any."""
    return {row["category"].lower(): Decimal(row["share"]) for row in _table("priors.csv")}


def _table(name: str) -> list[dict[str, str]]:
    text = files("openmso.denials.rules").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
