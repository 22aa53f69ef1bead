"""Which plan a visit asks first, in words: the reason decides between a medical and a vision plan."""

from __future__ import annotations

from collections.abc import Collection

from openmso.patients.contracts import PlanKind


def led(
    wanted: PlanKind | None, asked: PlanKind | None, held: Collection[PlanKind], chosen: str = ""
) -> str:  # fmt: skip
    """Why a plan is asked; empty where there is no choice and none was wanted.

    `wanted` is the kind that the reason leads to, `asked` that of the plan that is asked, `held` what the patient has.
    `chosen` says who chose by hand, and why.
    """
    if asked is not None and chosen:
        return f"Chosen by hand. {chosen}"
    if asked is None or (wanted is None and len(set(held)) < 2):
        return ""
    if wanted is None:
        return f"{asked.label} plan: the reason leads to no other"
    if wanted is asked:
        return f"{asked.label} plan, by the reason"
    return f"{asked.label} plan: the reason leads to a {wanted.label.lower()} plan, and none is on file"
