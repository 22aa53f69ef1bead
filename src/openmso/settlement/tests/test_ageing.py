"""Invoices by age: what is late by how much, practice by practice and together; what is disputed has no age."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.settlement.contracts import AGES
from openmso.settlement.queries import ageing
from openmso.settlement.tests.desk import Desk, desk_beside
from openmso.settlement.tests.test_disputes import dispute, settled
from openmso.settlement.tests.test_stories import FLAT, month

DUE_ON = date(2026, 4, 17)


@pytest.mark.usefixtures("committed")
def test_invoices_are_aged_from_the_day_after_they_fall_due_and_what_is_disputed_is_not(desk: Desk) -> None:
    one = settled(desk)
    dispute(desk, one, "300.00")
    aged = {0: "not_due", 1: "to_30", 30: "to_30", 31: "to_60", 60: "to_60", 61: "to_90", 90: "to_90", 91: "over_90"}
    for days, key in aged.items():
        with desk.scope(), reading():
            page = ageing.ageing(Filters(), PageAsk(), on=DUE_ON + timedelta(days=days))
        (row,) = page.rows
        assert {age.key: str(getattr(row, age.key)) for age in AGES} == {
            age.key: "900.00" if age.key == key else "0.00" for age in AGES
        }, days
        assert (str(row.due), str(row.disputed), row.oldest_due_on) == ("900.00", "300.00", DUE_ON)
        assert str(page.totals[key]) == "900.00"

    desk_beside(desk, month(FLAT)).settle()
    shown = signed_in(desk.elena).get("/statements/ageing/").content.decode()
    assert ("Rockland" in shown, "Pine Clinic" in shown, "4,000.00" in shown) == (True, True, True)
    assert "Nothing is to be paid" in signed_in(desk.cast.theo).get("/statements/ageing/").content.decode()
    _accounts(desk)
    told = json.loads(CliRunner().invoke(app, ["settlement", "ageing", "--json"]).stdout)
    assert (told["together"]["due"], told["together"]["disputed"]) == ("4000.00", "300.00")


def _accounts(desk: Desk) -> None:
    """Statements of account come from the books, on screen, paper and as a file; so does what the MSO earned."""
    elena, theo, asked = signed_in(desk.elena), signed_in(desk.cast.theo), "?first=2026-03&last=2026-04"
    one = elena.get(f"/statements/accounts/ROCK/{asked}").content.decode()
    assert one.count("1,200.00") >= 3  # invoiced, the line, owed after it
    assert "the same" not in elena.get("/statements/accounts/ROCK/?first=2026-01&last=2026-02").content.decode()
    assert b"Management fee 2026-03" in b"".join(elena.get(f"/statements/accounts/ROCK/{asked}&export=csv"))
    assert elena.get(f"/statements/accounts/ROCK/account.pdf{asked}").content.startswith(b"%PDF")
    earned = elena.get(f"/statements/revenue/{asked}").content.decode()
    assert "The MSO&#x27;s book says the same." in earned
    assert "4,300.00" in earned
    assert theo.get(f"/statements/accounts/ROCK/{asked}").status_code == 404
    assert "4,300.00" not in theo.get(f"/statements/revenue/{asked}").content.decode()
    told = json.loads(CliRunner().invoke(app, ["settlement", "accounts", "2026-03", "2026-04", "--json"]).stdout)
    assert {row["practice"]: row["closing"] for row in told} == {"ROCK": "1200.00", "PINE": "3100.00"}
