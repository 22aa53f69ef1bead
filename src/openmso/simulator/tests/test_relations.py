"""A relationship of some months, with a dispute, its credit and a deficit: fees and payments are what terms give."""

from __future__ import annotations

import os

import psycopg

from openmso.simulator import queries, services
from openmso.simulator.network import building, relations

MONTHS = 2


def test_a_relationship_is_proven_and_what_was_changed_is_found(committed: str) -> None:
    summary, found = services.relationships(
        modes=["friendly_pc"], states=["NY"], months=MONTHS, progress=lambda step, done, whole: None, visits_a_week=2
    )
    assert [check.name for check in found if not check.holds] == []
    assert (summary.counts["settlements"], summary.counts["disputes"]) == (MONTHS, 1)
    network = building.find(relations.plans(["friendly_pc"], ["NY"], visits_a_week=2))
    assert network is not None
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={committed}", autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")  # past every guard, as only a superuser can
        superuser.execute("UPDATE settlement_feecomputation SET amount = amount + 0.01 WHERE id = 1")
        superuser.execute("UPDATE treasury_runstep SET paid_amount = paid_amount - 0.01 WHERE line = 'fee'")
    broken = [check for check in queries.of_relations(network, MONTHS) if not check.holds]
    assert [check.name for check in broken] == [
        "every_fee_is_what_its_terms_and_inputs_give:PNY", "every_month_is_paid_out_by_its_terms:PNY",
    ]  # fmt: skip
