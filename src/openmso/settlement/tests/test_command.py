"""A month settled on the command line, as the screen settles it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.kit import clock
from openmso.settlement.tests.desk import Desk

pytestmark = pytest.mark.usefixtures("committed")


def test_a_month_is_settled_once_and_a_refusal_keeps_nobody_else_from_it(desk: Desk) -> None:
    desk.paid("10000.00")

    done = CliRunner().invoke(app, ["settle", "2026-03", "--json"])
    again = CliRunner().invoke(app, ["settle", "2026-03", "--practice", "ROCK"])

    told = {one["practice"]: one for one in json.loads(done.stdout)}
    assert told["ROCK"]["settlement"].startswith("SET-")
    assert (told["ROCK"]["fee"], told["ROCK"]["refused"]) == ("1200.00", "")
    assert done.exit_code == 1
    assert [one["practice"] for one in told.values() if one["refused"]] == ["RIVAL"]
    assert "Account 2010 is not in the chart of these books." in told["RIVAL"]["refused"]
    assert again.exit_code == 1
    assert "March 2026 is settled already. Withdraw that settlement first." in again.stdout


def test_a_settled_month_is_restated_from_a_file_of_terms(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: desk.at)
    month = desk.settle()
    terms = {"period": "month", "components": [{"kind": "cost_plus", "costs": [{"name": "payroll"}]}]}
    alone, whole = tmp_path / "terms.json", tmp_path / "whole.json"
    alone.write_text(json.dumps(terms))
    whole.write_text(json.dumps({"terms": terms, "figures": {"payroll": {"2026-03": "1500.00"}}}))
    ask = ["settlement", "restate", "ROCK", "--months", "1", "--terms"]

    missing = CliRunner().invoke(app, [*ask, str(alone)])
    done = CliRunner().invoke(app, [*ask, str(whole), "--json"])
    nobody = CliRunner().invoke(app, ["settlement", "restate", "NOBODY", "--terms", str(alone)])

    assert (missing.exit_code, nobody.exit_code, done.exit_code) == (1, 1, 0)
    assert "The books do not know payroll" in missing.output
    (told,) = json.loads(done.stdout)["months"]
    assert (told["settlement"], told["agreed"]["amount"]) == (month.public_id, "1200.00")
    assert (told["other"]["amount"], told["difference"]) == ("1500.00", "300.00")


def test_what_is_no_month_is_told_before_anything_is_done(desk: Desk) -> None:
    said = CliRunner().invoke(app, ["settle", "03/2026"])

    assert said.exit_code == 2
    assert "write it as 2026-03" in said.output
