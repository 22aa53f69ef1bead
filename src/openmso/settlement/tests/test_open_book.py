"""The open book of settlement: whose cause a missed promise was, and what the fee gives back for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.agreements.contracts import Shown
from openmso.cli.main import app
from openmso.kit.errors import Forbidden, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work import services as working
from openmso.platform.work.contracts import InboxFilters
from openmso.remittances.tests.office import MARCH
from openmso.settlement import causes as rules
from openmso.settlement import health as rules_of
from openmso.settlement import queries
from openmso.settlement.contracts import Paper
from openmso.settlement.contracts.accounts import Booked
from openmso.settlement.contracts.causes import KeptMonth, Missed
from openmso.settlement.contracts.rebates import NewRebate
from openmso.settlement.health import Book
from openmso.settlement.queries import accounts, causes, costs, health, rebates
from openmso.settlement.services import attributing, rebating
from openmso.settlement.states import Whose
from openmso.settlement.tests.desk import Desk, desk_beside

pytestmark = pytest.mark.django_db

CREDIT = {"words": "item that we touched late", "count": "late_items", "rate": "5%", "cap": "20%"}
FLAT = {"kind": "flat", "amount": "3100.00", "per": "month"}
OUTAGE = Paper("outage.txt", b"The clearing house was down from 9 to 13 March.", "text/plain")
MAY = datetime(2026, 5, 4, 14, tzinfo=UTC)


def three_late(desk: Desk) -> dict[str, str]:
    """Three items of March that nobody touched in time, by what they are about."""
    with desk.scope():
        return {
            key: working.open_item(
                practice=desk.house.id, kind="claims.held", subject=("claims.claim", key), title=key, why="Held.",
                key=key, priority=50, priority_why="By dollars", at=datetime(2026, 3, 9, 14, tzinfo=UTC),
                due_at=datetime(2026, 4, 2, tzinfo=UTC),
            )
            for key in ("outage", "papers", "ours")
        }  # fmt: skip


def said(desk: Desk, verb: Callable[..., Missed], item: str, *, by: Any = None, **more: Any) -> Missed:
    with desk.scope():
        return verb(actor=by or desk.actor, practice=desk.house.id, month=MARCH, item=item, at=desk.at, **more)


def told(desk: Desk, month: Any = MARCH) -> KeptMonth:
    with desk.scope(), reading():
        return causes.month(desk.house.id, month, at=desk.at)


def late_items(desk: Desk, month: Month, at: datetime) -> int:
    return queries.promised_figures(desk.house.id, month, ["late_items"], at=at)["late_items"]


def contested(desk: Desk) -> list[str]:
    """What waits for Elena because it is contested."""
    asked, elena = InboxFilters(kinds=("settlement.contested",)), desk.actor
    with desk.scope(), reading():
        return [one.subject_id for one in work.inbox(actor=elena, filters=asked, page=PageAsk(), at=desk.at).rows]


def test_only_the_msos_own_cause_is_credited_and_what_the_practice_contests_comes_back_next_month(desk: Desk) -> None:
    pine = desk_beside(desk, {"period": "month", "components": [FLAT], "credits": [CREDIT]})
    ids, cast = three_late(pine), desk.cast
    agreements.person(cast.ana.email, cast.ana.name, practice=pine.house.id, role="practice_owner", at=cast.at)
    ana = cast.actor(cast.ana, at=pine.at + timedelta(days=1))

    said(pine, attributing.say, ids["outage"], whose=Whose.OUTSIDE, why="The clearing house was down", papers=[OUTAGE])
    said(pine, attributing.say, ids["papers"], whose=Whose.PRACTICE, why="The note of the visit was missing")
    with pytest.raises(Refused, match="Say why"):
        said(pine, attributing.say, ids["ours"], whose=Whose.PAYER, why=" ")
    with pytest.raises(Forbidden):
        said(pine, attributing.contest, ids["outage"], why="We contest our own word")
    with pytest.raises(NotFound):
        said(pine, attributing.say, "WRK-NOTHERE", whose=Whose.PAYER, why="No such item")
    march = pine.settle()

    before = told(pine)
    assert (str(march.fee), before.late, before.credited) == ("2945.00", 3, 1)  # 5% of 3,100 for one of three
    assert {whose: before.by(whose) for whose in Whose} == {
        Whose.MSO: 1, Whose.PRACTICE: 1, Whose.PAYER: 0, Whose.OUTSIDE: 1,
    }  # fmt: skip
    with pine.scope(), reading():
        rows = causes.rows(before, Filters((Term("cause", "=", "outside", "outside"),)), PageAsk())
        assert [one.span.subject for one in rows.rows] == ["outage"]
        (cost,) = costs.months(pine.house.id)
    assert (str(cost.fee), str(cost.given_back)) == ("2945.00", "155.00")
    with pytest.raises(Refused, match="The month is settled"):
        said(pine, attributing.say, ids["ours"], whose=Whose.PAYER, why="Too late to say so")

    pine.at += timedelta(days=1)
    after = said(pine, attributing.contest, ids["papers"], by=ana, why="It was sent on the 10th")
    said(pine, attributing.agree, ids["outage"], by=ana)
    assert (after.one.said, after.one.whose) == ("The practice, contested by the practice", "The MSO")
    assert (str(pine.statement(march).settlement.fee), contested(pine)) == ("2945.00", [ids["papers"]])
    with pytest.raises(Refused, match="It is contested already"):
        said(pine, attributing.contest, ids["papers"], by=ana, why="Once more")
    with pytest.raises(Refused, match="Both sides agree"):
        said(pine, attributing.say, ids["outage"], whose=Whose.MSO, why="Ours after all")
    said(pine, attributing.say, ids["papers"], whose=Whose.MSO, why="It had come; we mislaid it")
    assert contested(pine) == []

    pine.at = MAY
    april = pine.settle(MARCH.plus(1))
    assert (str(april.fee), told(pine, MARCH.plus(1)).given_back) == ("2945.00", 1)  # March's, that was not ours then
    with pine.scope(), reading():
        assert late_items(pine, MARCH, march.issued_at) == 1  # as it was settled, for ever
        assert late_items(pine, MARCH.plus(2), MAY) == 0  # and it comes back once
    with desk.scope(), reading(), pytest.raises(NotFound):
        causes.missed(desk.house.id, MARCH, ids["ours"], at=MAY)
    promises = command("causes", "PINE", "2026-03")["promises"]
    assert sum(one["late"] for one in promises) == sum(len(one["items"]) for one in promises) == 3
    assert sum(one["by_cause"]["outside"] for one in promises) == 1
    assert rules.why_not_agree(causes.UNSAID) == "There is nothing to agree to."


def command(*words: str) -> Any:
    """What `openmso settlement` answers machines."""
    done = CliRunner().invoke(app, ["settlement", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def payable(desk: Desk) -> str:
    """What the MSO owes of rebates."""
    return str(-desk.balance(desk.mso_entity, Accounts.REBATES_PAYABLE))


def test_a_rebate_is_shared_to_the_cent_credited_in_both_books_and_waits_again_when_the_month_is_withdrawn(
    desk: Desk,
) -> None:
    """1,000.00 by what each bought: Rockland 1, Pine 1, the MSO itself 1; the cent that is left goes to the first."""
    pine, cast = desk_beside(desk, {"period": "month", "components": [FLAT]}), desk.cast
    agreements.person(cast.ana.email, cast.ana.name, practice=pine.house.id, role="practice_owner", at=cast.at)
    mso, rock = desk.cast.mso.id, desk.house.id
    new = NewRebate(
        "Vaccine Co", "Vaccines", date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 30), Money.of("1000.00"),
        "By doses bought in the period", {rock: Decimal(1), pine.house.id: Decimal(1), mso: Decimal(1)},
    )  # fmt: skip
    both = [desk.cast.mso.id, rock, pine.house.id]
    reach = tenancy.reach(*both)
    with scope(practices=reach.practices, entities=reach.entities):
        with pytest.raises(Refused, match="by which rule"):
            rebating.record(actor=desk.actor, mso=mso, new=replace(new, rule=" "), at=desk.at)
        made = rebating.record(actor=desk.actor, mso=mso, new=new, at=desk.at)
        with pytest.raises(Refused, match="recorded already"):
            rebating.record(actor=desk.actor, mso=mso, new=new, at=desk.at)
        with reading():
            told_ = rebates.rebate(made)
    assert [str(one.amount) for one in told_.shares] == ["333.33", "333.33"]
    assert str(told_.kept) == "333.34"  # HARBOR comes before PINE and ROCK
    assert (payable(desk), str(desk.balance(desk.mso_entity, Accounts.OPERATING_CASH))) == ("666.66", "1000.00")

    one = pine.settle()
    rows = pine.statement(one).section("back")
    assert [(row.label, str(row.amount)) for row in rows] == [
        ("Rebate of Vaccine Co", "333.33"), ("Credited on this invoice", "333.33"),
    ]  # fmt: skip
    assert (str(one.fee), str(one.invoiced), str(one.due)) == ("3100.00", "2766.67", "2766.67")
    assert pine.fees() == ("3100.00", "2766.67", "3100.00", "2766.67")  # the fee is earned whole, less of it is owed
    assert payable(desk) == "333.33"
    assert str(-pine.balance(pine.house.entity.id, Accounts.REBATES)) == "333.33"
    with pine.scope(), reading():
        (line,) = (
            each for each in accounts.account("PINE", first=MARCH, last=MARCH).lines if each.kind is Booked.REBATE
        )
        assert rebates.rebate(made).kept is not None
    assert str(line.amount) == "-333.33"

    pine.withdraw(one)
    assert (payable(desk), pine.fees()) == ("666.66", ("0.00", "0.00", "0.00", "0.00"))
    again = pine.settle()
    pine.approve(again)
    pine.pay(again)
    assert (str(again.due), pine.fees()[1:]) == ("2766.67", ("0.00", "3100.00", "0.00"))
    cash = [pine.balance(book, Accounts.OPERATING_CASH, Basis.COMMON) for book in (pine.house.entity.id,)]
    assert str(cash[0]) == "-2766.67"
    with scope(practices=[pine.house.id], entities=[]), reading():
        only = rebates.rebate(made)  # what the owner of Pine sees: her share, and how it was reckoned
    assert ([one.formula for one in only.shares], only.kept) == (["1,000.00 × 1 of 3"], None)
    told = {one["practice"]: (one["amount"], one["invoice"]) for one in command("rebates")}
    assert told == {pine.house.practice.name: ("333.33", again.invoice), desk.house.practice.name: ("333.33", "")}


def test_the_mso_shows_of_its_finances_what_the_agreement_promises_and_nothing_else(desk: Desk) -> None:
    """March is shown with April: the MSO earned 3,100 of Pine and 1,200 of Rockland, which was promised nothing."""
    pine = desk_beside(desk, {"period": "month", "components": [FLAT]}, shows=tuple(Shown))
    desk.paid("10000.00")
    for one in (pine, desk):
        one.settle()
        one.at = MAY
    pine.settle(MARCH.plus(1))

    with pine.scope(), reading():
        found = health.health(pine.house.id, at=MAY)
    latest = {one.code: one.words for one in found.months[0].figures}
    assert (found.months[0].month, latest[Shown.NET_INCOME], latest[Shown.REVENUE_SHARE]) == (
        MARCH,
        "4,300.00",
        "72.1%",
    )
    assert latest[Shown.LIQUIDITY] == "–"  # nothing is owed soon
    with desk.scope(), reading():
        assert health.health(desk.house.id, at=MAY).months == ()
    book = Book({"1000": Money.of("900.00"), "2000": Money.of("450.00")}, ZERO, Money.of("1800.00"), 90, ZERO, ZERO)
    assert [rules_of.reckoned(code, book).words for code in Shown] == ["2.00 times", "45 days", "0.00", "–"]
