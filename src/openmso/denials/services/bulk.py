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
    claims = _by_claim(denials)
    return keeping.each(list(claims), lambda name: acting.correct(actor=actor, denials=claims[name], why=why, at=at))


@atomic
def resubmit(*, actor: Actor, denials: Sequence[str], why: str, at: datetime) -> Answered:
    """One new claim for the denied lines of each claim of some denials."""
    claims = _by_claim(denials)
    return keeping.each(
        list(claims),
        lambda name: acting.resubmit(actor=actor, denials=claims[name], frequency="1", why=why, at=at),
    )


def _by_claim(denials: Sequence[str]) -> dict[str, list[str]]:
    claims: dict[str, list[str]] = {}
    for name, public_id in (
        Denial.objects.filter(public_id__in=list(denials)).order_by("pk").values_list("claim_name", "public_id")
    ):
        claims.setdefault(name, []).append(public_id)
    return claims


@atomic
def write_off(*, actor: Actor, denials: Sequence[str], why: str, at: datetime) -> Answered:
    """Write denials off, each by itself; above the limit each waits for approval."""
    return keeping.each(denials, lambda one: writing_off.ask(actor=actor, denial=one, why=why, at=at))
