"""Acts on many denials: what cannot be done is told, and stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.denials.contracts import Answered
from openmso.denials.models import Denial
from openmso.denials.services import acting, keeping, writing_off
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import atomic


@atomic
def correct(*, actor: Actor, denials: Sequence[str], why: str, at: datetime) -> Answered:
    """One replacement for each claim of some denials; those of a claim go together."""
    claims: dict[str, list[str]] = {}
    for name, public_id in (
        Denial.objects.filter(public_id__in=list(denials)).order_by("pk").values_list("claim_name", "public_id")
    ):
        claims.setdefault(name, []).append(public_id)
    return keeping.each(list(claims), lambda name: acting.correct(actor=actor, denials=claims[name], why=why, at=at))


@atomic
def write_off(*, actor: Actor, denials: Sequence[str], why: str, at: datetime) -> Answered:
    """Write denials off, each by itself; above the limit each waits for approval."""
    return keeping.each(denials, lambda one: writing_off.ask(actor=actor, denial=one, why=why, at=at))
