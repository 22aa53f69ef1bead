"""The demo network, one practice of it: built and run through the product's own doors, it loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import connections

from conftest import clone, drop, worker
from openmso.platform.access import registry
from openmso.platform.access.queries import actor_for
from openmso.platform.identity.models import User
from openmso.simulator import queries, services
from openmso.simulator.network import building
from openmso.simulator.network.cast import PRACTICES
from openmso.simulator.network.world import ENDS_AT

ONE = [replace(PRACTICES[0], visits_a_week=28)]
"""The first practice of the demo, and smaller."""
DATABASE = f"openmso_network_{worker()}"


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """What the two months of one practice came to, in a database of this module alone."""
    usual = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = clone(DATABASE)
        try:
            yield dict(services.demo(progress=lambda step, done, whole: None, plans=ONE).counts)
        finally:
            connections["default"].close()
            connections["default"].settings_dict["NAME"] = usual
    drop(DATABASE)


def broken() -> list[str]:
    return [check.name for check in queries.checks() if not check.holds]


def test_every_law_of_conservation_holds(network: dict[str, int]) -> None:
    services.seal_reads()

    assert broken() == []
    assert {name for name, count in network.items() if not count} <= {"unmatched", "quarantined"}


def test_it_is_found_again_as_it_was_built(network: dict[str, int]) -> None:
    found = building.find()

    assert services.exists()
    assert found is not None
    assert list(found.sites) == [ONE[0].code]


def test_there_is_a_sign_in_for_every_role_and_each_may_do_something(network: dict[str, int]) -> None:
    people = {user.role: user for user in building.everybody(ONE)}
    assert set(people) == set(registry.roles())

    for role, person in people.items():
        actor = actor_for(User.objects.get(email=person.email), at=ENDS_AT)
        assert actor.standing.tenants, role
        assert any(actor.can(code) for code in registry.roles()[role].permissions), role


def test_negative_control_a_cent_that_was_moved_breaks_a_law(network: dict[str, int]) -> None:
    """Past every guard of the database, as only a superuser can."""
    change = "UPDATE ledger_balance SET debit_amount = debit_amount {} 0.01 WHERE debit_amount = (SELECT max(debit_amount) FROM ledger_balance)"
    with psycopg.connect(f"{os.environ['OPENMSO_TEST_SERVER']} dbname={DATABASE}", autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(change.format("+"))
        assert [name for name in broken() if name.startswith("books_balance")]
        superuser.execute(change.format("-"))
    assert broken() == []
