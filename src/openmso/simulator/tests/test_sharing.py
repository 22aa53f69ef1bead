"""The shared cost of the demo: frozen with every figure, and shared to the cent."""

from __future__ import annotations

import pytest

from openmso.agreements.testing import Cast
from openmso.kit.money import Money
from openmso.platform.tenancy.scope import reading
from openmso.remittances.tests.office import MARCH
from openmso.settlement.queries import allocations
from openmso.settlement.tests.desk import desk_of
from openmso.simulator.network import sharing
from openmso.simulator.network.building import Network, Site
from openmso.simulator.network.cast import PRACTICES

pytestmark = pytest.mark.django_db


def test_what_the_mso_spent_in_a_month_is_allocated_and_frozen(cast: Cast) -> None:
    desk = desk_of(cast)
    desk.paid("4000.00")
    site = Site(PRACTICES[0], desk.house.id, desk.house.entity.id, "", "", "", ())
    network = Network(cast.mso.id, desk.mso_entity, {"ROCK": site}, {})

    made = sharing.keep(network, MARCH, elena=desk.actor, at=desk.at)

    with desk.scope(), reading():
        one = allocations.run(made).allocated
    assert one.whole == one.borne("ROCK") == Money.total(Money.of(amount) for _, _, amount in sharing.PAID)
