"""Every figure opens to the entries behind it; every act explains itself; nobody sees other books."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from openmso.ledger.contracts import Accounts, Basis, Book
from openmso.ledger.queries import books
from openmso.ledger.testing import draft, in_books, post
from openmso.platform.accounts import testing as people
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db


def page(browser: Client, name: str, *arguments: object, **query: object) -> str:
    """A page that was answered, as text."""
    answer = browser.get(reverse(f"ledger:{name}", args=arguments), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def links(html: str) -> list[str]:
    """The addresses of the figures on a page."""
    return [url.replace("&amp;", "&") for url in re.findall(r'class="fig" href="([^"]+)"', html)]


def test_a_figure_of_the_trial_balance_leads_to_its_line_and_to_its_entry(rui: Client, book: Book) -> None:
    with in_books(book):
        ref = post(draft(book, "1234.56", memo="Rent of March"))[0]

    trial = page(rui, "book", book.public_id, starts="2026-03-01", through="2026-03-31")
    figure = next(url for url in links(trial) if f"/accounts/{Accounts.RENT}/" in url)
    lines = rui.get(figure).content.decode()
    entry = page(rui, "entry", book.public_id, ref.public_id)

    assert "1,234.56" in trial
    assert "Debits equal credits" in trial
    assert ref.name in lines
    assert "Rent of March" in lines
    assert "Rent of March" in entry


def test_the_peek_beside_the_trial_balance_shows_the_latest_lines_first(rui: Client, book: Book) -> None:
    with in_books(book):
        post(*(draft(book, f"{day}.00", on=date(2026, 3, day), memo=f"Day {day}") for day in range(1, 12)))

    html = page(rui, "book", book.public_id, account=Accounts.RENT, starts="2026-03-01", through="2026-03-31")

    assert html.index("Day 11") < html.index("Day 10")
    assert "Day 2<" not in html
    assert "All 11 lines" in html


def test_statements_compare_months_and_open_to_the_lines(rui: Client, book: Book) -> None:
    with in_books(book):
        post(draft(book, "500.00", frm=Accounts.PATIENT_REVENUE, to=Accounts.OPERATING_CASH), draft(book, "120.00"))

    income = page(rui, "income", book.public_id, through="2026-03-31", columns="3")
    position = page(rui, "position", book.public_id, through="2026-03-31")

    assert "380.00" in income
    assert "Net income" in income
    assert "January" in income
    assert "Assets equal liabilities and equity" in position
    assert all(rui.get(url).status_code == 200 for url in links(income) + links(position))


def test_a_statement_of_an_odd_question_is_the_usual_one(rui: Client, book: Book) -> None:
    html = page(rui, "book", book.public_id, starts="yesterday", through="9999-99-99", method="guess", columns="99")

    assert "accrual" in html


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_lists_leave_as_files(rui: Client, book: Book, ending: str) -> None:
    with in_books(book):
        post(draft(book))

    for name in ("book", "entries", "income", "position"):
        answer = rui.get(reverse(f"ledger:{name}", args=[book.public_id]), {"export": ending, "through": "2026-03-31"})

        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert len(b"".join(answer)) > 50


def test_an_entry_is_found_by_number_id_and_words(rui: Client, book: Book) -> None:
    with in_books(book):
        ref, _ = post(draft(book, memo="Rent of the annex"), draft(book, memo="Other"))

    for text in (ref.name, ref.public_id, "annex"):
        html = page(rui, "entries", book.public_id, q=text)
        assert "Rent of the annex" in html
        assert "Other" not in html


def entry_form(**lines: str) -> dict[str, str]:
    management = {"line-TOTAL_FORMS": "8", "line-INITIAL_FORMS": "0"}
    return {"memo": "By hand", "posted_on": "2026-03-12", "key": "by-hand:1"} | management | lines


def test_an_entry_by_hand_is_posted_once_however_often_it_is_sent(rui: Client, book: Book) -> None:
    url = reverse("ledger:new-entry", args=[book.public_id])
    assert rui.get(url).status_code == 200
    given = entry_form(
        **{"line-0-account": "6100", "line-0-debit": "10.00", "line-1-account": "1000", "line-1-credit": "10.00"}
    )

    first, second = rui.post(url, given), rui.post(url, given)

    assert first.status_code == 303
    assert first["Location"] == second["Location"]
    assert "By hand" in rui.get(first["Location"]).content.decode()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            {"line-0-account": "6100", "line-0-debit": "10", "line-1-account": "1000", "line-1-credit": "9.99"},
            "more debits",
        ),
        ({"line-0-debit": "10.00"}, "Choose the account"),
        ({}, "at least two lines"),
    ],
)  # fmt: skip
def test_a_flawed_entry_by_hand_comes_back_with_words(
    rui: Client, book: Book, lines: dict[str, str], words: str
) -> None:
    answer = rui.post(reverse("ledger:new-entry", args=[book.public_id]), entry_form(**lines))

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_entry_is_taken_back_with_a_reason_and_then_no_more(rui: Client, book: Book) -> None:
    with in_books(book):
        ref = post(draft(book))[0]
    url = reverse("ledger:reverse", args=[book.public_id, ref.public_id])

    assert rui.post(url, {"why": "", "on": "2026-03-20"}).status_code == 422
    done = rui.post(url, {"why": "Booked twice", "on": "2026-03-20"})

    assert done.status_code == 303
    assert "Booked twice" in rui.get(done["Location"]).content.decode()
    assert "It was taken back already." in page(rui, "entry", book.public_id, ref.public_id)
    assert "already reversed" in rui.post(url, {"why": "Again", "on": "2026-03-20"}).content.decode()


def test_nobody_takes_back_or_closes_over_what_they_posted_by_hand(rui: Client, rockland: Tenant, book: Book) -> None:
    lines = {"line-0-account": "6100", "line-0-debit": "10.00", "line-1-account": "1000", "line-1-credit": "10.00"}
    entry = rui.post(reverse("ledger:new-entry", args=[book.public_id]), entry_form(**lines))["Location"]
    reversal, close = f"{entry}reverse/", reverse("ledger:close-period", args=[book.public_id, "2026-03"])

    own = rui.post(reversal, {"why": "Booked twice", "on": "2026-03-20"})
    over = rui.post(close)

    assert "somebody else has to take it back" in own.content.decode()
    assert "You posted to 2026-03 by hand; somebody else has to close it." in over.content.decode()
    kim = people.signed_in(people.person("kim@mso.example", "Kim Lowe", controller=rockland))
    assert kim.post(reversal, {"why": "Booked twice", "on": "2026-03-20"}).status_code == 303
    assert kim.post(close).status_code == 303


def test_months_open_close_and_say_why_not(rui: Client, book: Book) -> None:
    rui.post(reverse("ledger:open-period", args=[book.public_id]), {"month": "2026-04"})
    months = page(rui, "periods", book.public_id)
    assert "Close March 2026 first: months close in their order." in months

    closed = rui.post(reverse("ledger:close-period", args=[book.public_id, "2026-03"]))
    assert closed.status_code == 303
    late = rui.post(
        reverse("ledger:new-entry", args=[book.public_id]),
        entry_form(**{"line-0-account": "6100", "line-0-debit": "1", "line-1-account": "1000", "line-1-credit": "1"}),
    )
    assert "March 2026 is closed." in late.content.decode()
    reopen = reverse("ledger:reopen-period", args=[book.public_id, "2026-03"])
    assert rui.post(reopen, {"why": ""}).status_code == 422
    assert rui.post(reopen, {"why": "A bill came late"}).status_code == 303
    assert "A bill came late" in page(rui, "periods", book.public_id)
    assert rui.post(reverse("ledger:close-period", args=[book.public_id, "junk"])).status_code == 404


def test_the_owner_reads_her_books_and_is_offered_nothing_that_is_never_hers_to_do(ana: Client, book: Book) -> None:
    with in_books(book):
        ref = post(draft(book))[0]

    assert "New entry" not in page(ana, "book", book.public_id)
    assert "New entry" not in page(ana, "entries", book.public_id)
    assert "Reverse" not in page(ana, "entry", book.public_id, ref.public_id)
    assert "<form" not in page(ana, "periods", book.public_id).partition("<main")[2].partition("</main>")[0]
    for name, arguments in (
        ("new-entry", []), ("reverse", [ref.public_id]), ("open-period", []), ("close-period", ["2026-03"]),
    ):  # fmt: skip
        assert ana.post(reverse(f"ledger:{name}", args=[book.public_id, *arguments])).status_code == 403


def test_other_books_do_not_exist_for_whoever_may_not_read_them(rui: Client, rival: Book) -> None:
    with in_books(rival):
        ref = post(draft(rival))[0]

    assert rival.name not in page(rui, "books")
    for name, arguments in (
        ("book", []), ("income", []), ("position", []), ("entries", []), ("periods", []), ("entry", [ref.public_id]),
        ("account", ["1000"]), ("peek", ["1000"]), ("new-entry", []), ("reverse", [ref.public_id]),
        ("reopen-period", ["2026-03"]),
    ):  # fmt: skip
        answer = rui.get(reverse(f"ledger:{name}", args=[rival.public_id, *arguments]))
        assert answer.status_code == 404, name
    assert rui.get(reverse("ledger:entry-of", args=[ref.public_id])).status_code == 404


def test_an_entry_of_one_book_is_not_shown_in_another(rui: Client, book: Book, rival: Book) -> None:
    with in_books(rival):
        theirs = post(draft(rival))[0]

    assert rui.get(reverse("ledger:entry", args=[book.public_id, theirs.public_id])).status_code == 404


def test_an_id_alone_leads_to_the_entry(rui: Client, book: Book) -> None:
    with in_books(book):
        ref = post(draft(book, basis=Basis.CASH))[0]

    answer = rui.get(reverse("ledger:entry-of", args=[ref.public_id]))

    assert answer["Location"] == reverse("ledger:entry", args=[book.public_id, ref.public_id])
    assert "Cash only" in rui.get(answer["Location"]).content.decode()


def test_the_list_of_books_says_where_each_stands(rui: Client, book: Book) -> None:
    with in_books(book):
        post(draft(book, "40.00"))
        with reading():
            row = books.books(on=date(2026, 10, 31))[0]

    html = page(rui, "books")

    assert (row.entries, row.latest_name, str(row.cash)) == (1, "2026-00001", "-40.00")
    assert book.name in html
    assert "40.00" in html
