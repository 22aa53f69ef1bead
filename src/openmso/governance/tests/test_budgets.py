"""Budgets as they are lived: begun from the books, changed, agreed by owner or board, fallen back from, compared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from openmso.governance.contracts import Fallback, NewBudget, Paper
from openmso.governance.jobs import fall_back
from openmso.governance.queries import budgets as queries
from openmso.governance.rules import budgets as rules
from openmso.governance.services import budgets, meetings
from openmso.governance.states import BUDGET_MOVES, B, R, V
from openmso.governance.tests.room import WEEK, Room, inbox, sit, vote
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.states import table_is_whole
from openmso.ledger import testing as ledger
from openmso.ledger.contracts import Accounts, Book, Method
from openmso.ledger.services import books, periods
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MARCH, NEXT = Month(2026, 3), Month(2027, 1)
MAY = datetime(2026, 5, 4, 15, tzinfo=UTC)
AGREE_BY = date(2026, 6, 30)


@pytest.fixture
def book(room: Room) -> Book:
    """Rockland's book: 9,000 and 11,000 of income in March and April, 1,000.01 and 1,000 of rent."""
    entity = room.cast.rockland.entity.id
    with room.scope():
        made = books.open_books(
            actor=ledger.bookkeeper(), entity=entity, name="Rockland, PC", method=Method.ACCRUAL, opens=MARCH,
            at=room.cast.at, chart="practice",
        )  # fmt: skip
        periods.open_next(actor=ledger.bookkeeper(), entity=entity, month=MARCH.plus(1), at=room.cast.at)
        earned = {"frm": Accounts.PATIENT_REVENUE, "to": Accounts.AR_INSURANCE}
        ledger.post(
            ledger.draft(made, "9000.00", on=date(2026, 3, 9), **earned), ledger.draft(made, "1000.01"),
            ledger.draft(made, "11000.00", on=date(2026, 4, 9), **earned), ledger.draft(made, on=date(2026, 4, 1), amount="1000"),
        )  # fmt: skip
    return made


def begin(room: Room, book: Book, **changes: object) -> str:
    new = NewBudget(**{
        "book": book.public_id, "first": NEXT, "agree_by": AGREE_BY, "fallback": Fallback.ACTUALS,
        "index": Decimal(2), **changes,
    })  # type: ignore[arg-type]  # fmt: skip
    return budgets.begin(actor=room.actor(room.elena, MAY), new=new, why="As last year", at=MAY)


def figures(months: Sequence[Money]) -> list[str]:
    return [str(one) for one in months]


def test_a_budget_begins_from_the_books_is_changed_by_file_and_approved_by_the_owner(room: Room, book: Book) -> None:
    elena, ana = room.actor(room.elena, MAY), room.actor(room.cast.ana, MAY)
    with room.scope():
        made = begin(room, book)
        with reading():
            first, names = queries.budget(made, at=MAY), queries.names(queries.row_of(made))
        rent = next(one for one in first.lines if one.code == Accounts.RENT)
        assert figures(rent.months[:4]) == ["1000.01", "1000.01", "1000.01", "1000.00"]  # the mean is 1,000.005
        assert first.shown.basis == "the books of 2 months; the others take their mean"
        with pytest.raises(Refused, match="That year has a budget"):
            begin(room, book)

        rows = rules.rows_of(first.shown.grid, names, NEXT)
        rows[1][2] = "$12,000.00"
        sheet = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()
        second = budgets.bring(actor=elena, budget=made, paper=Paper("2027.csv", sheet), why="January grows", at=MAY)
        assert str(second.lines[0].months[0]) == "12000.00"
        with pytest.raises(Refused, match="Line 2: 'ten' is no amount"):
            budgets.bring(
                actor=elena, budget=made, paper=Paper("x.csv", sheet.replace(b"$12,000.00", b"ten")), why="x", at=MAY
            )
        budgets.propose(actor=elena, budget=made, why="For the year", at=MAY)
    assert inbox(room, room.cast.ana, "governance.budget", MAY) == ["Budget 2027"]
    with room.scope():
        with pytest.raises(NotAllowed):
            budgets.decide(actor=elena, budget=made, approve=True, why="Good", at=MAY)
        done = budgets.decide(actor=ana, budget=made, approve=True, why="Good", at=MAY)
        assert (done.row.state, done.row.version) == (B.APPROVED, 2)
        revised = budgets.revise(actor=ana, budget=made, grid=first.shown.grid, why="Less", basis="by hand", at=MAY)
        assert revised.row.version == 2  # what was approved holds until the next is
        with reading():
            _, told = queries.variances(made, through=Month(2027, 2), at=MAY)
    assert [(one.code, str(one.planned), str(one.actual), one.is_good) for one in told] == [
        (Accounts.PATIENT_REVENUE, "22000.00", "0.00", False), (Accounts.RENT, "2000.02", "0.00", True),
    ]  # fmt: skip
    assert table_is_whole(BUDGET_MOVES, B)


@pytest.mark.parametrize(("practice", "ends"), [(V.YES, B.APPROVED), (V.NO, B.PROPOSED)])
def test_the_board_agrees_where_most_of_the_practices_own_seats_do(
    room: Room, book: Book, practice: V, ends: B
) -> None:  # fmt: skip
    with room.scope():
        made = begin(room, book)
        budgets.propose(actor=room.actor(room.elena, MAY), budget=made, why="For the year", at=MAY)
        meeting = meetings.call(
            actor=room.actor(room.kate, MAY), board=room.board, meets_at=MAY + WEEK, place="Upstairs", at=MAY
        )
        (item,) = meeting.items
        at = sit(room, meeting.row.public_id, room.cast.ana, room.kate)
        vote(room, room.cast.ana, item.public_id, practice, at)
        vote(room, room.kate, item.public_id, V.YES, at)
        closed = meetings.close(actor=room.actor(room.kate, at), meeting=meeting.row.public_id, at=at)
        with reading():
            found = queries.budget(made, at=at)
    assert found.row.state is ends
    assert (closed.items[0].result is R.CARRIED) == (ends is B.APPROVED)
    if ends is B.APPROVED:
        assert found.moves[0].meeting == meeting.row.public_id


def test_what_is_not_agreed_in_time_falls_back_in_words_until_it_is_agreed(room: Room, book: Book) -> None:
    on_the_day, after = (datetime(2026, 6, 30, 15, tzinfo=UTC) + timedelta(days=more) for more in (0, 1))
    with room.scope():
        made = begin(room, book)
        for at in (on_the_day, after, after):
            fall_back(practice=room.cast.rockland.id, at=at, actor=Actor.system("the clock", at=at))
            with reading():
                state = queries.budget(made, at=at).row.state
            assert state is (B.DRAFT if at == on_the_day else B.FALLBACK)
        with reading():
            found = queries.budget(made, at=after)
        assert found.moves[0].why == (
            "Not agreed by 30 June 2026: what holds is last year's actual figures "
            "(the books of 2 months; the others take their mean), changed by 2 %."
        )
        rent = next(one for one in found.lines if one.code == Accounts.RENT)
        assert str(rent.months[2]) == "1020.01"  # 1,000.01 and two percent
        assert len(found.moves) == 1
        budgets.propose(actor=room.actor(room.elena, after), budget=made, why="Late", at=after)
        done = budgets.decide(actor=room.actor(room.cast.ana, after), budget=made, approve=True, why="Now", at=after)
        assert done.row.state is B.APPROVED


def test_theo_sees_no_budget_and_the_pages_answer(room: Room, book: Book) -> None:
    with room.scope():
        made = begin(room, book)
    with room.cast.scope(room.cast.rival), reading(), pytest.raises(NotFound):
        queries.budget(made, at=MAY)
    assert signed_in(room.cast.theo).get(reverse("governance:budget", args=[made])).status_code == 404
    for body in ({"why": "x"}, {"why": "x", "document": "JVBERi0xLjcK"}):
        sent = signed_in(room.cast.theo).post(f"/api/budgets/{made}/versions", body, content_type="application/json")
        assert sent.status_code == 404
    browser = signed_in(room.elena)
    for name in ("budget", "revise-budget", "upload-budget", "variance", "budget-grid"):
        assert browser.get(reverse(f"governance:{name}", args=[made])).status_code == 200
    told = browser.get(reverse("governance:variance", args=[made]), {"through": "2027-02", "export": "csv"})
    assert b"Account,Kind,Planned,Actual" in b"".join(told.streaming_content)  # type: ignore[attr-defined]
    given = {f"{Accounts.RENT}_{number}": "1100.00" for number in range(12)} | {"why": "The lease says so"}
    assert browser.post(reverse("governance:revise-budget", args=[made]), given).status_code == 303
    told = browser.get(f"/api/budgets/{made}?version=2").json()
    assert [one["year"] for one in told["lines"] if one["account"] == Accounts.RENT] == ["13200.00"]


AMOUNTS = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2, allow_nan=False).map(Money.of)
GRIDS = st.dictionaries(
    st.text("0123456789", min_size=4, max_size=4), st.tuples(*[AMOUNTS] * 12), min_size=1, max_size=4
)  # fmt: skip


@given(GRIDS)
def test_what_is_written_is_what_is_read(grid: dict[str, tuple[Money, ...]]) -> None:
    assert rules.read_rows(rules.rows_of(grid, {}, NEXT)) == grid
    assert rules.kept(rules.written(grid)) == grid
    assert rules.changed(grid, Decimal(0)) == grid


@given(st.binary(max_size=200))
def test_any_bytes_are_figures_or_a_no_in_words(content: bytes) -> None:
    with suppress(rules.BadGrid):
        assert all(len(months) == 12 for months in rules.read_csv(b"account,name," + content).values())
