"""What a practice decides about its patients' money: each decision is a version, nothing is written over."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import DECIDES, POLICY, SETUP
from openmso.billing.models import PolicyVersion
from openmso.billing.queries import policies
from openmso.billing.rules import policy as rules
from openmso.billing.rules.policy import Policy
from openmso.kit.errors import Refused
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


class NotAPolicy(Refused):
    """The policy contradicts itself."""

    code = "not_a_policy"


@atomic
def decide(*, actor: Actor, practice: int, policy: Policy, why: str, at: datetime) -> int:
    """Let another policy hold from now on; the number of its version. Raises `NotAPolicy`, `NotPermitted`."""
    decision = actor.must(SETUP.code, practice)
    for field, words in rules.flaws(policy):
        raise NotAPolicy(words, field=field)
    if not why.strip():
        raise NotAPolicy("Another policy says why.", field="why", fix="Write it in a sentence.")
    number = policies.number(practice) + 1
    reserved.permit(
        actor=actor, practice=practice, act=DECIDES, subject=(POLICY, str(number)), at=at, under=decision,
        words=f"Decided version {number} of the policy for patients' money",
    )  # fmt: skip
    PolicyVersion.objects.create(
        practice_id=practice, number=number, text=policy.as_json(), why=why.strip()[:300], decided_at=at,
        decided_by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="billing.policy_decided", practice=practice, subject=(POLICY, str(number)), at=at, why=why,
        facts={"number": number}, decision=decision,
    )  # fmt: skip
    return number
