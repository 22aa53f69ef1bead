"""A month's fees before they are settled: of many practices at once, as the books stand, and as they are then settled."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.remittances.tests.office import MARCH
from openmso.settlement import ahead
from openmso.settlement.tests.desk import Desk, desk_beside
from openmso.settlement.tests.test_stories import TIERS, busy, month, unit


@pytest.mark.usefixtures("committed")
def test_the_fees_of_many_practices_are_told_ahead_as_they_are_settled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.paid("10000.00")
    pine = desk_beside(desk, month(TIERS, unit("claim", "claims", "9.50")))
    busy(pine)
    costs = desk_beside(
        desk, month({"kind": "cost_plus", "costs": ["purchasing"]}, entered={"purchasing": "invoices"}), code="FERN"
    )
    reach = tenancy.reach(desk.cast.mso.id, desk.house.id, pine.house.id, costs.house.id)
    houses = [desk.house.id, pine.house.id, costs.house.id, desk.cast.mso.id]
    with scope(practices=reach.practices, entities=reach.entities), reading():
        told = {one.practice_name: one for one in ahead.of_month(houses, MARCH, at=desk.at)}
    assert [str(told[name].fee) for name in ("Pine Clinic", "Rockland Family Practice")] == ["2213.00", "1200.00"]
    assert "purchasing" in told["Fern Clinic"].refused

    monkeypatch.setattr(clock, "now", lambda: desk.at)
    elena = signed_in(desk.elena)
    shown = elena.get("/statements/ahead/?month=2026-03").content.decode()
    assert ("2,213.00" in shown, "3,413.00" in shown, "1 fee cannot be said yet" in shown) == (True, True, True)
    page = elena.get("/statements/ahead/2026-03/PINE/").content.decode()
    (way,) = (one for one in re.findall(r'href="(/statements/ahead/[^"]+)"', page) if one.endswith("/commercial/"))
    lines = elena.get(way)
    assert "22,000.00" in lines.content.decode()
    assert "4 entry lines" in lines.content.decode()
    api = elena.get("/api/fees-ahead?month=2026-03&practice=PINE").json()
    assert [(one["practice"], one["fee"], one["settlement"]) for one in api] == [("PINE", "2213.00", "")]
    command = json.loads(CliRunner().invoke(app, ["settlement", "ahead", "2026-03", "--json"]).stdout)
    assert {one["practice"]: one["fee"] for one in command} == {
        "PINE": "2213.00", "ROCK": "1200.00", "FERN": None, "RIVAL": "1200.00",
    }  # fmt: skip
    assert signed_in(desk.cast.theo).get("/statements/ahead/2026-03/PINE/").status_code == 404

    one = pine.settle()
    assert str(one.fee) == "2213.00"
    with pine.scope(), reading():
        assert ahead.of_practice(pine.house.id, MARCH, at=desk.at).settlement == one.public_id
