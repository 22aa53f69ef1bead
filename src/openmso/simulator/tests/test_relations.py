"""A relationship of some months, from signature over a dispute and its credit: its fees are what their terms give."""

from __future__ import annotations

import os

import psycopg

from openmso.simulator import queries, services
from openmso.simulator.network import building, relations

MONTHS = 2


def test_a_relationship_is_proven_and_a_fee_that_was_changed_is_found(committed: str) -> None:
    summary, found = services.relationships(
        modes=["bpo"], states=["NY"], months=MONTHS, progress=lambda step, done, whole: None, visits_a_week=2
    )
    assert [check.name for check in found if not check.holds] == []
    assert (summary.counts["settlements"], summary.counts["disputes"]) == (MONTHS, 1)
    network = building.find(relations.plans(["bpo"], ["NY"], visits_a_week=2))
    assert network is not None
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={committed}", autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")  # past every guard, as only a superuser can
        superuser.execute("UPDATE settlement_feecomputation SET amount = amount + 0.01 WHERE id = 1")
    broken = [check for check in queries.of_relations(network, MONTHS) if not check.holds]
    assert [check.name for check in broken] == ["every_fee_is_what_its_terms_and_inputs_give:BNY"]
