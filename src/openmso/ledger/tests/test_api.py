"""Software does by token what people do on the screens, and sees no more than they."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from openmso.ledger.contracts import Book
from openmso.ledger.testing import draft, in_books, post
from openmso.platform.accounts import testing as people
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
RIGHTS = ("ledger.read", "ledger.post", "ledger.reverse", "ledger.close")
DAYS = {"starts_on": "2026-03-01", "through": "2026-03-31"}


@pytest.fixture
def caller(book: Book, rockland: Tenant) -> Client:
    """A token of the controller, for her rights in Rockland."""
    people.open_lines(rockland)
    rui = people.person("rui@mso.example", "Rui Castell", controller=rockland)
    return people.bearer(people.token_for(rui, RIGHTS, [rockland]))


def sent(caller: Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return caller.post(f"/api/books/{path}", body or {}, content_type="application/json", headers=headers)


def entry_body(**changes: Any) -> dict[str, Any]:
    lines = [{"account": "6100", "debit": "10.00"}, {"account": "1000", "credit": "10.00"}]
    return {"posted_on": "2026-03-12", "memo": "Rent", "key": "rent", "lines": lines} | changes


def test_an_entry_is_posted_read_and_taken_back_by_another(caller: Client, rockland: Tenant, book: Book) -> None:
    kim = people.person("kim@mso.example", "Kim Lowe", controller=rockland)
    another = people.bearer(people.token_for(kim, ["ledger.reverse"], [rockland]))
    posted = sent(caller, f"{book.public_id}/entries", entry_body())
    again = sent(caller, f"{book.public_id}/entries", entry_body())
    read = caller.get(f"/api/books/{book.public_id}/entries/{posted.json()['id']}").json()
    own = sent(caller, f"{book.public_id}/entries/{read['id']}/reversal", {"why": "Twice", "on": "2026-03-13"})
    back = sent(another, f"{book.public_id}/entries/{read['id']}/reversal", {"why": "Twice", "on": "2026-03-13"})
    twice = sent(another, f"{book.public_id}/entries/{read['id']}/reversal", {"why": "Again", "on": "2026-03-13"})

    assert (posted.status_code, posted.json()["name"]) == (201, "2026-00001")
    assert again.json() == posted.json() | {"replayed": True}
    assert [(line["account"], line["debit"], line["credit"]) for line in read["lines"]] == [
        ("6100", "10.00", "0.00"), ("1000", "0.00", "10.00"),
    ]  # fmt: skip
    assert (own.status_code, own.json()["code"]) == (403, "same_person")
    assert back.status_code == 201
    assert (twice.status_code, twice.json()["code"]) == (409, "already_reversed")


def test_statements_come_to_the_same_figures(caller: Client, book: Book) -> None:
    with in_books(book):
        post(draft(book, "120.00"), draft(book, "500.00", frm="4000", to="1000"))
    base = f"/api/books/{book.public_id}"

    trial = caller.get(f"{base}/trial-balance", DAYS).json()
    income = caller.get(f"{base}/income-statement", DAYS).json()
    sheet = caller.get(f"{base}/balance-sheet", {"on": "2026-03-31"}).json()
    lines = caller.get(f"{base}/accounts/1000/lines", DAYS).json()
    proof = caller.get(f"{base}/proof").json()

    assert trial["balanced"]
    assert {row["account"]["code"]: row["closing"] for row in trial["rows"]} == {
        "1000": "380.00", "4000": "-500.00", "6100": "120.00"
    }  # fmt: skip
    assert income["results"]["Net income"] == ["380.00"]
    assert sheet["results"]["Assets"] == sheet["results"]["Liabilities and equity"] == ["380.00"]
    assert [row["balance"] for row in lines["items"]] == ["-120.00", "380.00"]
    assert (proof["sound"], proof["entries"], proof["flaws"]) == (True, 2, [])


def test_months_close_open_again_and_lock(caller: Client, book: Book) -> None:
    opened = sent(caller, f"{book.public_id}/periods", {"month": "2026-04"})
    closed = sent(caller, f"{book.public_id}/periods/2026-03/close")
    reopened = sent(caller, f"{book.public_id}/periods/2026-03/reopen", {"why": "A late bill"})
    sent(caller, f"{book.public_id}/periods/2026-03/close")
    locked = sent(caller, f"{book.public_id}/periods/2026-03/lock")
    refused = sent(caller, f"{book.public_id}/periods/2026-03/reopen", {"why": "Please"})

    assert [answer.json()["state"] for answer in (opened, closed, reopened, locked)] == [
        "open", "closed", "open", "locked"
    ]  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (422, "period_cannot_move")
    months = caller.get(f"/api/books/{book.public_id}/periods").json()
    assert [row["month"] for row in months] == ["2026-04", "2026-03"]


def test_a_year_closes_once_its_last_month_is_open(caller: Client, book: Book) -> None:
    refused = sent(caller, f"{book.public_id}/years/2026/close")

    assert refused.status_code == 422
    assert "December 2026" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": [{"account": "6100", "debit": "1.00"}, {"account": "1000", "credit": "2.00"}]}, "not_balanced"),
        ({"lines": [{"account": "6100", "debit": "1.00"}, {"account": "9999", "credit": "1.00"}]}, "unknown_account"),
        ({"posted_on": "2026-07-01"}, "period_not_open"),
    ],
)
def test_a_refusal_has_its_words_and_its_code(caller: Client, book: Book, changes: dict[str, Any], code: str) -> None:
    answer = sent(caller, f"{book.public_id}/entries", entry_body(**changes))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"]


def test_days_that_end_before_they_start_are_refused(caller: Client, book: Book) -> None:
    asked = {"starts_on": "2026-03-31", "through": "2026-03-01"}

    assert caller.get(f"/api/books/{book.public_id}/trial-balance", asked).status_code == 422


def test_other_books_do_not_exist(caller: Client, book: Book, rival: Book) -> None:
    with in_books(rival):
        theirs = post(draft(rival))[0]

    assert [row["id"] for row in caller.get("/api/books").json()] == [book.public_id]
    for path in ("accounts", "periods", "entries", "proof", f"entries/{theirs.public_id}"):
        assert caller.get(f"/api/books/{rival.public_id}/{path}").status_code == 404, path
    assert caller.get(f"/api/books/{book.public_id}/entries/{theirs.public_id}").status_code == 404
    for path, body in (
        ("entries", entry_body()), ("periods", {"month": "2026-04"}), ("periods/2026-03/close", {}),
        (f"entries/{theirs.public_id}/reversal", {"why": "x", "on": "2026-03-12"}), ("years/2026/close", {}),
    ):  # fmt: skip
        assert sent(caller, f"{rival.public_id}/{path}", body).status_code == 404, path


def test_entries_are_paged_and_narrowed(caller: Client, book: Book) -> None:
    with in_books(book):
        post(*(draft(book, memo=f"Rent {number}") for number in range(1, 8)))

    page = caller.get(f"/api/books/{book.public_id}/entries", {"size": "3", "page": "2"}).json()
    one = caller.get(f"/api/books/{book.public_id}/entries", {"q": "Rent 5", "month": "2026-03"}).json()

    assert (page["total"], [row["memo"] for row in page["items"]]) == (7, ["Rent 4", "Rent 3", "Rent 2"])
    assert [row["name"] for row in one["items"]] == ["2026-00005"]
