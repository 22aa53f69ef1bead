"""Small practices, one for each seed: another panel, other visits, other luck with every payer of the network."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.simulator.network.cast import (
    ALL_LINES,
    FLAT,
    PAYERS,
    PRACTICES,
    USERS,
    DemoClinician,
    DemoPractice,
    DemoUser,
)

WORKERS = ("biller", "billing_lead", "poster", "scheduler")
"""The roles that charge, send, read and post."""
PAYS = tuple(payer.name for payer in PAYERS)


def plans(seeds: Sequence[int], *, visits_a_week: int) -> list[DemoPractice]:
    """A practice for each seed, of each specialty in turn, with patients of every payer."""
    return [_plan(seed, visits_a_week) for seed in seeds]


def _plan(seed: int, visits_a_week: int) -> DemoPractice:
    like = PRACTICES[seed % 4]
    return DemoPractice(
        f"S{seed:04}", f"Practice of seed {seed}", like.specialty, like.mode, like.street, like.city, like.state,
        like.zip, like.zone, f"17{seed:07}", f"46{seed:07}", like.taxonomy, like.form, ALL_LINES, FLAT,
        (DemoClinician("Ada", "Seed", f"12{seed:07}", like.taxonomy),), visits_a_week,
        (f"Owner {seed}", f"owner{seed}@seeds.example"), PAYS,
    )  # fmt: skip


def staff() -> list[DemoUser]:
    """Who works in all of them."""
    return [user for user in USERS if user.role in WORKERS]
