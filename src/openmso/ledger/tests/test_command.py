"""`openmso ledger` proves the books and prints them; its exit status says whether they are sound."""

from __future__ import annotations

import json

import psycopg
import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.ledger import testing
from openmso.ledger.contracts import Book
from openmso.ledger.testing import draft, in_books, post


@pytest.fixture
def committed(cleared: str) -> str:
    return cleared


@pytest.fixture
def book(committed: str) -> Book:
    found = testing.open_books(testing.tenant("ROCK", "Rockland Family Practice"))
    with in_books(found):
        post(draft(found, "120.00"), draft(found, "500.00", frm="4000", to="1000"))
    return found


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["ledger", *arguments])
    return done.exit_code, done.output


def test_sound_books_are_proved_with_figures_that_two_machines_can_compare(book: Book) -> None:
    status, output = run("check", "--json")

    proof = json.loads(output)[0]
    assert (status, proof["sound"], proof["entries"], proof["lines"], proof["debits"]) == (0, True, 2, 4, "620.00")
    assert len(proof["digest"]) == 64
    assert run("check")[1].startswith("sound")


def test_broken_books_are_named_and_the_status_says_so(book: Book, superuser: psycopg.Connection) -> None:
    superuser.execute("SET session_replication_role = replica; UPDATE ledger_line SET debit_amount = 2 * debit_amount")

    status, output = run("check", "--practice", "ROCK")

    assert status == 1
    assert "FLAWED" in output
    assert "not_balanced" in output


def test_the_trial_balance_of_a_month_is_printed(book: Book) -> None:
    status, output = run("trial-balance", "2026-03", "--json")

    trial = json.loads(output)[0]
    assert (status, trial["balanced"]) == (0, True)
    assert {row["code"]: row["closing"] for row in trial["accounts"]} == {
        "1000": "380.00", "4000": "-500.00", "6100": "120.00"
    }  # fmt: skip
    assert "620.00" in run("trial-balance", "2026-03", "--method", "cash")[1]


def test_the_books_are_listed(book: Book) -> None:
    assert json.loads(run("books", "--json")[1])[0]["latest"] == "2026-00002"
    assert "2026-03" in run("books")[1]


@pytest.mark.parametrize(
    "arguments",
    [["trial-balance", "March"], ["trial-balance", "2026-03", "--method", "guess"],
     ["trial-balance", "2026-03", "--through", "2026-04-01"]],
)  # fmt: skip
def test_unusable_arguments_are_status_two(book: Book, arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2
