"""What an office writes for all its agreements, version by version: clauses, rules of law, tasks, initiatives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from openmso.agreements.models.written import Written
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit


def write(
    kept: type[Written], *, kind: str, code: str, body: Mapping[str, Any], actor: Actor, mso: int, why: str,
    at: datetime, decision: Decision, fix: str = "Name who asked for it, or what it mends.",
) -> int:  # fmt: skip
    """Keep the next version of a code, withdrawn where the body is empty, and tell the trail; returns its number.

    `kind` is what the trail calls it, `fix` what a missing reason is answered with (`Refused`).
    """
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why", fix=fix)
    number = (kept._default_manager.filter(code=code).aggregate(last=Max("number"))["last"] or 0) + 1
    kept._default_manager.create(
        code=code, number=number, body=body, withdrawn=not body, why=why.strip()[:300], at=at, by=actor.name[:160],
        user=actor.user,
    )  # fmt: skip
    audit.record(
        actor=actor, action=f"agreements.{kind}_{'written' if body else 'withdrawn'}", practice=mso, at=at,
        subject=(f"agreements.{kind}", code), facts={"number": number}, why=why.strip(), decision=decision,
    )  # fmt: skip
    return number
