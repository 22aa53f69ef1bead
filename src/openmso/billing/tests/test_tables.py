"""Tables of rules: refused with line and fix, shown with what they change, put in force and taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.billing.queries import tables
from openmso.billing.rules import tables as rules
from openmso.billing.services import tables as loading
from openmso.billing.states import Loaded, Regard, TableKind
from openmso.billing.tests.test_payouts import report
from openmso.cli.main import app
from openmso.kit.errors import Conflict, Refused
from openmso.kit.states import IllegalMove
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import scope
from openmso.remittances.tests.office import Office, open_office

DEBT, POVERTY = TableKind.DEBT, TableKind.POVERTY
HEAD = ",".join(rules.COLUMNS[DEBT])
GOOD = "OH,first_days,90,law,Ohio: for a test,ORC 1,2026-01-01,2026-11-30,read"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("state,rule", "Line 1: the column number is missing"),
        (HEAD, "the file has 0 rows"),
        (f"{HEAD}\n{GOOD}\n{GOOD}", "Line 3: OH first_days 2026-01-01 stands in line 2"),
        (f"{HEAD}\n{GOOD.replace('OH', 'QQ')}", "Line 2: 'QQ' is no state"),
        (f"{HEAD}\n{GOOD.replace('first_days', 'some_days')}", "Line 2: 'some_days' is none of"),
        (f"{HEAD}\n{GOOD.replace('90', '-9')}", "Line 2: '-9' is no number"),
        (f"{HEAD}\n{GOOD.replace('law', 'policy')}", "Line 2: policy is the house's"),
        (f"{HEAD}\n{GOOD.replace('ORC 1', '')}", "Line 2: source has 1 to 120"),
        (f"{HEAD}\n{GOOD.replace('2026-01-01', 'soon')}", "Line 2: 'soon' is no day"),
    ],
)
def test_a_table_that_fails_a_check_is_refused_with_its_line(content: str, words: str) -> None:
    assert rules.read(DEBT, f"{HEAD}\n{GOOD}\n".encode())[0]
    with pytest.raises(rules.Unreadable, match=words):
        rules.read(DEBT, content.encode())


def test_guidelines_have_all_regions_of_a_year() -> None:
    whole = rules.shipped(POVERTY)
    assert rules.read(POVERTY, rules.written(POVERTY, whole))[0] == whole
    with pytest.raises(rules.Unreadable, match="2026 does not have contiguous, alaska, hawaii"):
        rules.read(POVERTY, rules.written(POVERTY, whole[:-1]))


@pytest.mark.django_db
def test_a_table_is_loaded_put_in_force_and_taken_back(office: Office) -> None:
    shipped = rules.shipped(DEBT)
    new = [*shipped[1:], dict(zip(rules.COLUMNS[DEBT], GOOD.split(","), strict=True))]
    new[0] = new[0] | {"number": "45"}
    content = rules.written(DEBT, new)
    mso = tenancy.mso()
    with scope(practices=[mso], entities=tenancy.reach(mso).entities):
        made = loading.load(actor=office.actor, kind=DEBT, edition="2027", name="debt.csv", content=content,
                            at=office.at)  # fmt: skip
        with pytest.raises(Conflict):
            loading.load(actor=office.actor, kind=DEBT, edition="2027", name="b.csv", content=content, at=office.at)
    with office.reading():
        told = [(one.what, one.key) for one in tables.changes(tables.table(made))]
        assert told == [
            ("Changed", "* rest_days 2026-01-01"), ("Gone", "* time_bar_days 2026-01-01"),
            ("New", "OH first_days 2026-01-01"),
        ]  # fmt: skip
        assert tables.rows(DEBT) == shipped
    ana = agreements.person("ana@rockland.example", "ana", practice=office.practice, role="practice_owner",
                            at=office.at)  # fmt: skip
    page = signed_in(ana).get(reverse("billing:table", args=[made])).content.decode()
    assert "House: days between two agencies, from 1 Jan 2026" in page
    assert ("How sure" in page, "effective_on" in page, "2026-01-01" in page) == (True, False, False)
    assert ("What it changes" in page, "Ohio: for a test" in page, "Put in force" in page) == (True, True, False)
    assert signed_in(ana).post(reverse("billing:activate-table", args=[made])).status_code == 403
    with scope(practices=[mso], entities=tenancy.reach(mso).entities):
        loading.activate(actor=office.actor, table=made, at=office.at)
        with pytest.raises(IllegalMove):
            loading.activate(actor=office.actor, table=made, at=office.at)
    with office.reading():
        assert tables.rows(DEBT) == new
        assert (tables.table(made).holds, tables.table(made).state) == (True, Loaded.ACTIVE)
    with scope(practices=[mso], entities=tenancy.reach(mso).entities):
        with pytest.raises(Refused):
            loading.undo(actor=office.actor, table=made, why=" ", at=office.at)
        loading.undo(actor=office.actor, table=made, why="Ohio was wrong", at=office.at)
    with office.reading():
        assert tables.rows(DEBT) == shipped


def test_commands_load_a_table_take_a_payout_and_leave_decisions_to_persons(
    committed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_office()
    monkeypatch.delenv("OPENMSO_TOKEN", raising=False)

    def run(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(app, ["billing", *arguments, "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout) if done.exit_code == 0 else done.output

    file, payout = tmp_path / "debt.csv", tmp_path / "payout.csv"
    file.write_bytes(rules.written(DEBT, [*rules.shipped(DEBT)[1:], dict(zip(rules.COLUMNS[DEBT], GOOD.split(","),
                                                                              strict=True))]))  # fmt: skip
    status, made = run("tables", "load", "debt", str(file), "--edition", "2027")
    assert (status, made["state"], made["holds"]) == (0, "checked", False)
    assert {one["what"] for one in made["changes"]} >= {"New", "Gone"}
    assert run("tables", "load", "debt", str(file), "--edition", "again")[0] == 1, "it is loaded already"
    assert run("tables", "activate", made["id"])[1]["holds"]
    assert run("tables", "undo", made["id"], "--why", "Wrong file")[1]["state"] == "undone"
    assert [one["id"] for one in run("tables", "list")[1]] == [made["id"]]

    payout.write_bytes(report(("txn_1", "charge", "pi_9", "5.00", "0.45")))
    status, [taken] = run("payouts", "take", str(payout), "--practice", "ROCK")
    assert (status, taken["state"], taken["open"]) == (0, "open", 1)
    assert run("payouts", "regard", taken["id"], "1", "nothing", "--why", "x")[0] == 2
    [said] = run("payouts", "regard", taken["id"], "1", "unnamed", "--why", "The provider does not know either")[1]
    assert (said["state"], said["content"][0]["regard"]) == ("tied", Regard.UNNAMED.label)

    assert run("runs", "list") == (0, [])
    assert "a token of theirs" in " ".join(run("runs", "approve", "CRN-NONE")[1].split())
