"""A month settled on the command line, as the screen settles it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.kit import clock
from openmso.platform.accounts.testing import signed_in
from openmso.settlement.tests.desk import Desk
from openmso.settlement.tests.test_disputes import WHY, settled

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
    terms = {"period": "month", "components": [{"kind": "cost_plus", "costs": [{"name": "purchasing"}]}]}
    alone, whole = tmp_path / "terms.json", tmp_path / "whole.json"
    alone.write_text(json.dumps(terms))
    whole.write_text(json.dumps({"terms": terms, "figures": {"purchasing": {"2026-03": "1500.00"}}}))
    ask = ["settlement", "restate", "ROCK", "--months", "1", "--terms"]

    missing = CliRunner().invoke(app, [*ask, str(alone)])
    done = CliRunner().invoke(app, [*ask, str(whole), "--json"])
    nobody = CliRunner().invoke(app, ["settlement", "restate", "NOBODY", "--terms", str(alone)])

    assert (missing.exit_code, nobody.exit_code, done.exit_code) == (1, 1, 0)
    assert "The books do not know purchasing" in missing.output
    (told,) = json.loads(done.stdout)["months"]
    assert (told["settlement"], told["agreed"]["amount"]) == (month.public_id, "1200.00")
    assert (told["other"]["amount"], told["difference"]) == ("1500.00", "300.00")


def test_what_was_earned_and_owed_is_told_for_each_practice_and_together(desk: Desk, tmp_path: Path) -> None:
    desk.paid("10000.00")
    month, paper = desk.settle(), tmp_path / "account.pdf"

    earned = json.loads(CliRunner().invoke(app, ["settlement", "revenue", "2026-01", "2026-03", "--json"]).stdout)
    alone = json.loads(
        CliRunner().invoke(app, ["settlement", "revenue", "2026-03", "2026-03", "--practice", "ROCK", "--json"]).stdout
    )
    asked = ["settlement", "account", "ROCK", "2026-03", "2026-04", "--pdf", str(paper), "--json"]
    owed = json.loads(CliRunner().invoke(app, asked).stdout)
    again = CliRunner().invoke(app, asked)
    shown = signed_in(desk.elena).get("/statements/revenue/?first=2026-01&last=2026-03").content.decode()

    assert (earned["together"]["revenue"], earned["ledger"], earned["agrees"]) == ("1200.00", "1200.00", True)
    fees = earned["consolidation"][0]
    assert (fees["accounts"], fees["left"]) == ("Management fees", "0.00")
    assert (alone["ledger"], alone["consolidation"], alone["practices"][0]["practice"]) == (None, [], "ROCK")
    assert [(one["settlement"], one["amount"], one["balance"]) for one in owed["lines"]] == [
        (month.public_id, "1200.00", "1200.00")
    ]
    assert paper.read_bytes().startswith(b"%PDF-")
    assert (again.exit_code, CliRunner().invoke(app, ["settlement", "revenue", "x", "2026-03"]).exit_code) == (2, 2)
    assert "/statements/?q=practice%3Arock+month" in shown


def test_what_is_no_month_is_told_before_anything_is_done(desk: Desk) -> None:
    said = CliRunner().invoke(app, ["settle", "03/2026"])

    assert said.exit_code == 2
    assert "write it as 2026-03" in said.output


def test_the_screens_say_what_can_be_done_and_the_command_lists_it(desk: Desk) -> None:
    one = settled(desk)
    row = desk.statement(one).section("fee")[0].number
    ana, elena, theo = (signed_in(user) for user in (desk.cast.ana, desk.elena, desk.cast.theo))
    statement, address = f"/statements/{one.public_id}/", f"/statements/{one.public_id}/rows/{row}/dispute/"

    assert address in ana.get(statement).content.decode()
    assert address not in elena.get(statement).content.decode()
    assert "Up to 1200.00 can be disputed" in ana.get(address).content.decode()
    assert elena.get(address).status_code == 403
    too_much = ana.post(address, {"amount": "1200.01", "reason": WHY})
    assert (too_much.status_code, "No more than 1200.00" in too_much.content.decode()) == (422, True)
    first, second, third = (SimpleUploadedFile(f"page-{n}.txt", f"Page {n}".encode(), "text/plain") for n in (1, 2, 3))
    made = ana.post(address, {"amount": "300.00", "reason": WHY, "evidence": [first, second]})
    assert made.status_code == 303
    page = made["Location"]
    seen, hers = ana.get(page).content.decode(), elena.get(page).content.decode()
    assert ("page-1.txt" in hers, "page-2.txt" in hers) == (True, True)
    assert (f"{page}answer/" in seen, f"{page}answer/" in hers) == (False, True)
    assert (f"{page}take-back/" in seen, f"{page}take-back/" in hers) == (True, False)
    assert theo.get(page).status_code == 404
    for act, given, by in (
        ("answer", {"credited": "0", "why": "The terms exclude no drugs"}, elena),
        ("escalate", {"to": "board", "why": "Not enough", "evidence": third}, ana),
        ("answer", {"credited": "0", "why": "The board finds for the MSO"}, elena),
        ("accept", {"why": ""}, ana),
    ):
        assert by.get(f"{page}{act}/").status_code == 200
        assert by.post(f"{page}{act}/", given).status_code == 303, act
    rows = elena.get("/statements/disputes/?export=csv")
    assert one.invoice in b"".join(rows.streaming_content).decode()  # type: ignore[attr-defined]
    said = CliRunner().invoke(app, ["settlement", "disputes", "--state", "settled", "--json"])
    assert [(one["amount"], one["held"], one["reason"]) for one in json.loads(said.stdout)] == [("300.00", "0.00", WHY)]
