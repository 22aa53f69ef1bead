"""Rules of the scrubber: drafted by a biller, made live by somebody else, changed by a new version, retired."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from openmso.claims import contracts
from openmso.claims.models.rulebook import RuleVersion, ScrubRule
from openmso.claims.queries import rulebook as queries
from openmso.claims.rules import book, catalogue
from openmso.claims.rules.catalogue import BadRule, RuleText
from openmso.claims.states import RULE_MOVES, RuleState
from openmso.kit.errors import Conflict, Refused
from openmso.kit.states import check_move
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

WHY_LENGTH_MIN = 5
CODE_LENGTH = 32
PARTED = {"first": "wrote this draft", "then": "make it live"}
"""The two acts that are for two people (`access.duties`)."""


class NothingDrafted(Conflict):
    """No draft lies on the desk of the rule."""

    code = "nothing_drafted"


@atomic
def draft(*, actor: Actor, text: Mapping[str, Any], at: datetime, code: str = "") -> str:
    """Write a rule, or the next version of one; returns its code. Nothing is judged by it before it is made live.

    Raises `BadRule` or `BadCondition` that says what is wrong and where.
    """
    said = catalogue.read(text)
    decisions = _allowed(actor, contracts.DRAFT_RULES.code, said)
    if code:
        row = _locked(code)
        _allowed(actor, contracts.DRAFT_RULES.code, _now(row))
        if row.of != said.of:
            raise BadRule("A rule goes on to adjust what it adjusts.", field="of", fix="Write another rule.")
    else:
        row = ScrubRule(code=_new_code(said), of=said.of, state=RuleState.DRAFT.value, created_at=at)
    if RuleState(row.state) is RuleState.DRAFT:
        row.title = said.title
    row.draft, row.drafted_by, row.drafted_name, row.drafted_at = said.as_json(), actor.user, actor.name[:160], at
    row.save()
    _tell(actor, "claims.rule_drafted", row, decisions, at)
    return row.code


@atomic
def make_live(*, actor: Actor, code: str, why: str, at: datetime, starts_on: date | None = None) -> int:
    """Make the draft on the desk the rule's next version, from a day on (today at the earliest); its number.

    It takes two people: who wrote the draft as it stands does not make it live (`SamePerson`).
    """
    row = _locked(code)
    if row.draft is None:
        raise NothingDrafted("No draft of this rule waits.", fix="Write one first.")
    said = catalogue.read(row.draft)
    decisions = _allowed(actor, contracts.RULES.code, said, _now(row))
    duties.another(actor, did=row.drafted_by, **PARTED)
    today = tenancy.network_day(at)
    starts_on = starts_on or today
    if starts_on < today:
        raise Refused(
            f"{starts_on} is past: claims were scrubbed without it.", code="rule_in_the_past", field="starts_on",
            fix=f"Choose today, {today}, or a later day.",
        )  # fmt: skip
    _refuse_no_reason(why)
    before = RuleVersion.objects.filter(rule=row).order_by("-number").first()
    if before is not None and before.starts_on > starts_on:
        raise Conflict(
            f"Version {before.number} takes effect on {before.starts_on}, after that.", code="versions_out_of_order",
            field="starts_on", fix=f"Choose {before.starts_on} or a later day.",
        )  # fmt: skip
    number = before.number + 1 if before else 1
    RuleVersion.objects.create(
        rule=row, number=number, text=row.draft, sha256=digest(row.draft), starts_on=starts_on,
        drafted_name=row.drafted_name, approved_by=actor.user, approved_name=actor.name[:160], approved_at=at,
        why=why.strip()[:300],
    )  # fmt: skip
    if RuleState(row.state) is not RuleState.LIVE:
        check_move(RULE_MOVES, noun="rule", frm=RuleState(row.state), to=RuleState.LIVE)
    row.state, row.retired_on, row.retired_why = RuleState.LIVE.value, None, ""
    row.title, row.draft = said.title, None
    row.save()
    _tell(actor, "claims.rule_live", row, decisions, at, why=why, number=number, starts_on=str(starts_on))
    return number


@atomic
def retire(*, actor: Actor, code: str, why: str, at: datetime) -> None:
    """Ask a rule no more, from today on; its findings go when their claims are scrubbed again."""
    row = _locked(code)
    decisions = _allowed(actor, contracts.RULES.code, _now(row))
    _refuse_no_reason(why)
    if RuleState(row.state) is not RuleState.LIVE:
        raise Conflict("Only a live rule is retired.", code="not_live", fix="Throw the draft away instead.")
    _end(row, why, at)
    _tell(actor, "claims.rule_retired", row, decisions, at, why=why)


@atomic
def discard(*, actor: Actor, code: str, at: datetime) -> None:
    """Throw the draft away; a rule that was never live is retired with it."""
    row = _locked(code)
    if row.draft is None:
        raise NothingDrafted("No draft of this rule waits.")
    decisions = _allowed(actor, contracts.DRAFT_RULES.code, catalogue.read(row.draft), _now(row))
    row.draft = None
    if RuleState(row.state) is RuleState.DRAFT:
        _end(row, "Thrown away before it was live", at)
    row.save()
    _tell(actor, "claims.rule_discarded", row, decisions, at)


def digest(text: Mapping[str, Any]) -> str:
    """The SHA-256 of a text as canonical JSON."""
    return hashlib.sha256(json.dumps(text, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def why_not_live(actor: Actor, drafted_by: str) -> Refused | None:
    """What keeps this person from making a draft live, to be said before it is tried."""
    return duties.why_not(actor, did=drafted_by, **PARTED)


# ---- parts ----------------------------------------------------------------------------------------------------


def _locked(code: str) -> ScrubRule:
    if code in book.BY_CODE:
        raise Refused(
            "A rule of the house is not rewritten.", code="built_in", field="rule", fix="Write an adjustment of it."
        )
    queries.find(code)
    return ScrubRule.objects.select_for_update().get(code=code)


def _now(row: ScrubRule) -> RuleText | None:
    """What the rule says in its latest version."""
    newest = RuleVersion.objects.filter(rule=row).order_by("-number").first()
    return catalogue.written(row.code, newest.number, newest.text).text if newest else None


def _allowed(actor: Actor, permission: str, *texts: RuleText | None) -> dict[int, Decision]:
    """The decision for every practice that a rule takes; for the whole network, in the MSO, or to draft anywhere."""
    answers: dict[int, Decision] = {}
    for text in filter(None, texts):
        if text.scope.practices:
            for code in text.scope.practices:
                key = tenancy.key_in_scope(code)
                answers[key] = actor.must(permission, key)
        else:
            where = None if permission == contracts.DRAFT_RULES.code else tenancy.mso()
            answers[tenancy.mso()] = actor.must(permission, where)
    return answers


def _new_code(said: RuleText) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", said.title.lower()).strip("_")[:CODE_LENGTH].strip("_") or "rule"
    base = f"{said.of}." if said.of else f"own_{slug}"
    taken = set(ScrubRule.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = range(1, len(taken) + 2)
    names = (f"{base}{n}" if said.of else base if n == 1 else f"{base}_{n}" for n in numbered)
    return next(name for name in names if name not in taken)


def _refuse_no_reason(why: str) -> None:
    if len(why.strip()) < WHY_LENGTH_MIN:
        raise Refused(
            "Say why, so that the next person understands it.", code="no_reason", field="why", fix="A sentence will do."
        )


def _end(row: ScrubRule, why: str, at: datetime) -> None:
    check_move(RULE_MOVES, noun="rule", frm=RuleState(row.state), to=RuleState.RETIRED)
    row.state, row.retired_on, row.retired_why = RuleState.RETIRED.value, tenancy.network_day(at), why.strip()[:300]
    row.save()


def _tell(
    actor: Actor, action: str, row: ScrubRule, decisions: Mapping[int, Decision], at: datetime, why: str = "",
    **facts: object,
) -> None:  # fmt: skip
    """One line in the trail of every practice that the rule takes; of the MSO where it takes all."""
    for practice, decision in decisions.items():
        audit.record(
            actor=actor, action=action, practice=practice, subject=("claims.rule", row.code), at=at,
            facts=facts, why=why.strip(), decision=decision,
        )  # fmt: skip
