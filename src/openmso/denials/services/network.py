"""What the network decides for all its practices: its map of codes, what needs no approval. Kept in versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from openmso.denials.contracts import SETUP, MapRule
from openmso.denials.models import Limit, MapLine
from openmso.denials.rules import causes, mapping
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def write_rule(*, actor: Actor, mso: int, rule: MapRule, at: datetime, withdrawn: bool = False) -> int:
    """Say what some codes (of a payer) mean from now on; denials that came before stay as they are. Its number.

    `withdrawn` lets the house's own map hold again. Raises `Refused` for a line that names nothing or says no reason.
    """
    decision = actor.must(SETUP.code, mso)
    rule = replace(rule, group=rule.group.upper(), reason=rule.reason.upper(), remark=rule.remark.upper())
    if not (rule.reason or rule.remark or rule.payer):
        raise Refused("Name a reason code, a remark code or a payer.", code="names_nothing", field="reason")
    if not rule.why.strip():
        raise Refused("Say why.", code="no_reason", field="why", fix="Link the payer's own document, for example.")
    if rule.action not in mapping.actions():
        raise Refused(f"There is no first action {rule.action}.", code="no_such_action", field="action")
    if rule.stage and rule.stage not in causes.STAGES:
        raise Refused(f"There is no stage {rule.stage}.", code="no_such_stage", field="stage")
    number = (MapLine.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    MapLine.objects.create(
        number=number, group=rule.group, reason=rule.reason, remark=rule.remark, payer_id=rule.payer,
        category=rule.category, owner=rule.owner, action=rule.action, stage=rule.stage, withdrawn=withdrawn,
        why=rule.why.strip()[:300], at=at, by=actor.name[:160],
    )  # fmt: skip
    what = " ".join(filter(None, (rule.group, rule.reason, rule.remark)))
    audit.record(
        actor=actor, action="denials.mapped", practice=mso, subject=("denials.mapline", str(number)), at=at,
        facts={"number": number, "what": what or "a payer"}, why=rule.why, decision=decision,
    )  # fmt: skip
    return number


@atomic
def set_limit(*, actor: Actor, mso: int, amount: Money, why: str, at: datetime) -> None:
    """Say up to what one person alone writes a denial off."""
    decision = actor.must(SETUP.code, mso)
    if amount < ZERO:
        raise Refused("The limit is not below zero.", code="negative_limit", field="amount")
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why")
    Limit.objects.create(amount=amount.amount, why=why.strip()[:300], at=at, by=actor.name[:160])
    audit.record(
        actor=actor, action="denials.limited", practice=mso, subject=("denials.limit", ""), at=at,
        facts={"amount": str(amount)}, why=why, decision=decision,
    )  # fmt: skip
