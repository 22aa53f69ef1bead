"""`openmso post-835` and `openmso bank import` do what the screens do; the exit status says how it went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.remittances import testing
from openmso.remittances.tests.office import Office, open_office
from openmso.remittances.tests.test_deposits import statement
from openmso.remittances.tests.test_posting import visit


@pytest.fixture
def office(committed: str) -> Office:
    return open_office()


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def test_a_file_is_posted_known_again_and_found_in_the_bank(committed: str, office: Office, tmp_path: Path) -> None:
    sent = office.sent(("99213", "140.00"))
    era, bank = tmp_path / "era.835", tmp_path / "march.csv"
    era.write_bytes(testing.file_of(testing.remittance(visit(sent.control), payee=office.house.biller, trace="EFT-9")))
    bank.write_bytes(statement(("2026-03-13", "HCCLAIMPMT TRN*1*EFT-9*1987654321~", "80.00")))

    status, answer = run("post-835", str(era), "--practice", "ROCK")
    assert (status, answer["parts"][0]["state"], answer["parts"][0]["practice"]) == (0, "posted", "ROCK")
    assert answer["parts"][0]["remittances"][0]["amount"] == "80.00"

    status, again = run("post-835", str(era), "--practice", "ROCK")
    assert (status, again["parts"][0]["is_new"], again["parts"][0]["id"]) == (0, False, answer["parts"][0]["id"])

    status, found = run("bank", "import", str(bank), "--account", office.account.public_id)
    assert (status, found["added"], found["matched"]) == (0, 1, 1)

    bank.write_bytes(statement(("2026-03-13", "HCCLAIMPMT TRN*1*EFT-10*1987654321~", "81.00")))
    run("bank", "import", str(bank), "--account", office.account.public_id)
    status, open_ones = run("bank", "deposits", "--on", "2026-03-20", "--late")
    assert (status, open_ones["without_money"]) == (1, [])
    [line] = open_ones["without_remittance"]
    assert (line["trace"], line["business_days"], line["late"]) == ("EFT-10", 5, True)
    assert "trace number EFT-10" in line["ask"]
    assert sum(payer["deposits"] for payer in open_ones["payers"]) == 1


def test_the_command_says_what_waits_for_a_person_and_what_was_received_before(
    committed: str, office: Office, tmp_path: Path
) -> None:
    era = tmp_path / "era.835"
    era.write_bytes(testing.file_of(testing.remittance(visit("OLD-1"), payee=office.house.biller)))

    first = CliRunner().invoke(app, ["post-835", str(era), "--practice", "ROCK"]).stdout
    again = CliRunner().invoke(app, ["post-835", str(era), "--practice", "ROCK"]).stdout

    assert "1 not matched to a claim" in first
    assert "Received before." not in first
    assert "Received before. Posted 1 claim for 80.00." in again


def test_the_command_lists_what_came_beside_claims_and_what_nobody_explained(
    committed: str, office: Office, tmp_path: Path
) -> None:
    office.pay(provider=[("CT", "202603", "-500.00"), ("WO", "OLD-7", "20.00")])

    status, held = run("recoupments", "list")
    assert (status, [(one["reference"], one["held"], one["state"]) for one in held]) == (
        1, [("OLD-7", "-20.00", "unexplained")]
    )  # fmt: skip
    status, told = run("recoupments", "lines", "--kind", "capitation", "--since", "2026-03-01")
    assert (status, [one["code"] for one in told["lines"]], told["for_us"]) == (0, ["CT"], "500.00")
    assert CliRunner().invoke(app, ["recoupments", "lines", "--kind", "gifts"]).exit_code == 2


def test_what_cannot_be_posted_is_answered_in_words(committed: str, office: Office, tmp_path: Path) -> None:
    era, junk = tmp_path / "era.835", tmp_path / "photo.835"
    content = testing.file_of(testing.remittance(visit("X"), payee=office.house.biller))
    era.write_bytes(content.replace(b"BPR*I*80*", b"BPR*I*81*"))
    junk.write_bytes(b"not an 835")

    status, answer = run("post-835", str(era), "--practice", "ROCK")
    assert (status, answer["parts"][0]["state"]) == (1, "quarantined")
    assert answer["parts"][0]["findings"][0]["message"]

    status, answer = run("post-835", str(junk), "--practice", "ROCK")
    assert (status, answer["state"]) == (1, "refused")
    assert CliRunner().invoke(app, ["post-835", str(tmp_path / "none")]).exit_code == 2
