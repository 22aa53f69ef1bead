"""A month whose terms change inside: each fee on its own days, with the money and the records of those days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from openmso.agreements import testing as agreements
from openmso.agreements.services import drafting, execution
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.parties.testing import builder
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk
from openmso.remittances.tests.office import MARCH
from openmso.settlement import ahead, queries, restating, services
from openmso.settlement.contracts import Settlement
from openmso.settlement.queries import accruing, metering, proof, truing
from openmso.settlement.tests.desk import Desk, desk_beside
from openmso.settlement.tests.test_stories import month, unit

APRIL = MARCH.plus(1)
JUNE = Month(2026, 6)


def flat(amount: str) -> dict[str, Any]:
    return {"kind": "flat", "amount": amount, "per": "month"}


def percent(rate: str) -> dict[str, Any]:
    return {"kind": "percent", "rate": rate, "of": "net_collections"}


def amended(desk: Desk, fee: dict[str, Any], since: date) -> None:
    """The agreement of a practice under another fee from a day on."""
    house, at = desk.house, desk.cast.at
    with desk.scope(), reading():
        agreement = ahead.of_practice(house.id, MARCH, at=at).agreement
    with desk.scope():
        drafting.amend(
            actor=builder(at), agreement=agreement, starts_on=since, at=at,
            terms=agreements.terms(desk.cast.mso, house, fee=fee), summary="Another fee",
        )  # fmt: skip
        execution.execute(
            actor=builder(at), agreement=agreement, document=agreements.pdf(f"Amendment from {since}"),
            signers=agreements.signers(at), at=at,
        )  # fmt: skip


def on(desk: Desk, day: date) -> Desk:
    """The office works on a day."""
    desk.office.at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    return desk


def paid(desk: Desk, day: int, amount: str, *, of: Month = MARCH) -> None:
    """A claim that was sent and paid on a day."""
    on(desk, date(of.year, of.number, day)).paid(amount, paid_on=date(of.year, of.number, day))


def quarter(pine: Desk) -> None:
    """It is July: the books of the quarter are open, and its money came in."""
    for number in (5, 6, 7):
        with pine.scope():
            for entity in (pine.house.entity.id, pine.mso_entity):
                periods.open_next(actor=builder(pine.at), entity=entity, month=Month(2026, number), at=pine.at)
    paid(pine, 9, "35000.00", of=APRIL)
    paid(pine, 14, "5000.00", of=APRIL.plus(1))
    paid(pine, 20, "2000.00", of=JUNE)
    pine.at = datetime(2026, 7, 2, 14, tzinfo=UTC)


def kept(desk: Desk) -> list[str]:
    with desk.scope(), reading():
        return [*proof.fees_that_differ(desk.house.id), *truing.periods_that_differ(desk.house.id)]


@pytest.mark.usefixtures("committed")
def test_a_fee_amended_inside_a_month_is_charged_part_by_part(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pine = desk_beside(desk, month(percent("6%"), unit("claim", "claims", "5.00"), flat("3100.00")))
    later = month(percent("4%"), unit("claim", "claims", "7.00"), unit("provider", "providers", "155.00"),
                  flat("6200.00"))  # fmt: skip
    amended(pine, later, date(2026, 3, 23))
    paid(pine, 12, "10000.00")
    paid(pine, 25, "7321.55")

    with pine.scope(), reading():
        told = ahead.of_practice(pine.house.id, MARCH, at=pine.at)
        closed = accruing.accrued(pine.house.id, MARCH, through=date(2026, 3, 24), at=pine.at)
    one = pine.settle()

    # 1–22 March: 600.00 + 5.00 + 3,100 × 22 ÷ 31. 23–31 March: 292.86 + 7.00 + 155 × 9 ÷ 31 + 6,200 × 9 ÷ 31.
    assert (str(one.fee), str(told.fee), str(one.collected)) == ("4949.86", "4949.86", "17321.55")
    assert closed is not None
    assert str(closed.amount) == "3215.00"  # and to the 24th: 2,805.00, and 10.00 + 400.00 of two days
    assert kept(pine) == []
    effects = [(step.label.split(":")[0], str(step.effect)) for step in pine.statement(one).steps if step.effect]
    assert effects == [
        ("1–22 March", "600.00"), ("1–22 March", "5.00"), ("1–22 March", "2200.00"), ("23–31 March", "292.86"),
        ("23–31 March", "7.00"), ("23–31 March", "45.00"), ("23–31 March", "1800.00"),
    ]  # fmt: skip
    with pine.scope(), reading():
        for name, amount in (("net_collections@1", "10000.00"), ("net_collections@2", "7321.55")):
            lines = queries.behind(queries.given(one.public_id, name, "commercial"), PageAsk()).totals
            assert str(lines["debit"] - lines["credit"]) == amount  # type: ignore[operator]
        counted = {name: len(metering.every(one.public_id, name)) for name in ("claims@1", "claims@2", "claims")}
        under = restating.restate(practice=pine.house.id, terms=told.quote.terms, at=pine.at, months=1)  # type: ignore[union-attr]
    assert counted == {"claims@1": 1, "claims@2": 1, "claims": 2}
    # March as invoiced, and all of it under the later terms: 692.86 + 14.00 + 155.00 + 6,200.00
    assert (str(under.agreed), str(under.other)) == ("4949.86", "7061.86")

    monkeypatch.setattr(clock, "now", lambda: pine.at)
    elena, way = signed_in(desk.elena), f"/statements/{one.public_id}"
    page = elena.get(f"{way}/fee/").content.decode()
    assert ("Net collections, 23–31 March" in page, f"{way}/metered/claims@2/" in page) == (True, True)
    assert "7,321.55" in elena.get(f"{way}/fee/net_collections@2/commercial/").content.decode()
    assert len(set(re.findall(r"CLM-\w+", elena.get(f"{way}/metered/claims@2/").content.decode()))) == 1
    lines = elena.get(f"/api/settlements/{one.public_id}/inputs/net_collections@1/commercial/lines").json()
    assert lines["total"] == 1
    assert "7,321.55" in elena.get("/statements/ahead/2026-03/PINE/net_collections@2/commercial/").content.decode()
    assert signed_in(desk.cast.theo).get(f"{way}/metered/claims@2/").status_code == 404

    pine.withdraw(one)
    assert str(pine.settle().fee) == "4949.86"


@pytest.mark.django_db
def test_days_between_two_agreements_cost_nothing_then_or_later(desk: Desk) -> None:
    terms = month(flat("9300.00"), percent("5%"), unit("claim", "claims", "11.00"))
    pine = desk_beside(desk, terms, ends_on=date(2026, 3, 11))
    agreements.executed(
        desk.cast.mso, pine.house, at=desk.cast.at, starts_on=date(2026, 3, 21), with_baa=False,
        fee=month(flat("6200.00"), percent("3%"), unit("claim", "claims", "13.00")),
    )  # fmt: skip
    for day, amount in ((4, "1000.00"), (15, "5000.00"), (30, "3000.00")):
        paid(pine, day, amount)

    march = pine.settle()

    # 10 of 31 days: 3,000 + 50 + 11. 11 of 31 days: 2,200 + 90 + 13. What came in on the 15th is under no fee.
    assert (str(march.fee), str(march.collected), kept(pine)) == ("5364.00", "9000.00", [])
    for day in (8, 16):
        on(pine, date(2026, 3, day)).office.sent(("99213", "100.00"))
    pine.at = datetime(2026, 5, 4, 14, tzinfo=UTC)
    april = pine.settle(APRIL)
    assert str(april.fee) == "6213.00"  # 6,200 and one late claim of the 8th; that of the 16th is nobody's


@pytest.mark.django_db
def test_an_amendment_of_something_else_leaves_the_month_whole(desk: Desk) -> None:
    tiers = {"kind": "tiers", "how": "marginal", "of": "net_collections",
             "bands": [{"up_to": "5000.00", "rate": "10%"}, {"rate": "2%"}]}  # fmt: skip
    pine = desk_beside(desk, month(tiers))
    amended(pine, month(tiers), date(2026, 3, 20))
    paid(pine, 12, "4000.00")
    paid(pine, 25, "3000.00")

    one: Settlement = pine.settle()

    # 10% of 5,000 and 2% of 2,000: the bands are those of the whole month.
    assert (str(one.fee), one.version) == ("540.00", 2)


@pytest.mark.usefixtures("committed")
def test_a_quarter_is_trued_up_whatever_is_settled_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    least = {"amount": "3000.00", "per": "quarter"}
    pine = desk_beside(desk, month(percent("10%"), minimum=least, true_up="quarter"))
    quarter(pine)
    owner = agreements.person("ora@pine.example", "Dr. Ora Pine", practice=pine.house.id, role="practice_owner",
                              at=pine.cast.at)  # fmt: skip
    april, may = pine.settle(APRIL), pine.settle(APRIL.plus(1))
    assert (str(april.fee), str(may.fee)) == ("3500.00", "1000.00")  # the minimum of a month is a third
    with pine.scope(), reading():
        told = ahead.of_practice(pine.house.id, JUNE, at=pine.at)
        closed = accruing.accrued(pine.house.id, JUNE, through=date(2026, 6, 15), at=pine.at)
    june = pine.settle(JUNE)

    # The quarter is 10% of 42,000, more than its minimum: 4,200.00 less 3,500.00, 1,000.00 and June's own 1,000.00.
    assert (str(june.fee), str(told.fee), kept(pine)) == ("-300.00", "-300.00", [])
    assert "settled each calendar quarter" in june.sentence
    # To 15 June: 10% of 40,000 less 3,500.00 and 1,000.00; June's own 500.00 is in and out.
    assert closed is not None
    assert str(closed.amount) == "-500.00"
    rows = {row.label: row for row in pine.statement(june).section("fee")}
    (line,) = (row for label, row in rows.items() if label.startswith("True-up by the quarter"))
    assert (str(line.amount), line.note) == ("-1300.00", "4,200.00 − 5,500.00")
    assert pine.fees() == ("4200.00", "4200.00", "4200.00", "4200.00")

    with pine.scope():
        services.approve(actor=pine.cast.actor(owner, at=pine.at), settlement=june.public_id, at=pine.at)
    assert str(pine.pay(june, on=pine.at.date()).paid) == "-300.00"

    paid(pine, 28, "3000.00", of=APRIL.plus(1))
    pine.withdraw(may, "A payment was missing")
    again = pine.settle(APRIL.plus(1))

    # Now 10% of 45,000: 4,500.00 less 3,500.00, −300.00 and May's own 1,000.00.
    assert (str(again.fee), kept(pine)) == ("1300.00", [])
    assert pine.fees()[0] == "4500.00"
    with pine.scope(), reading():
        same = restating.restate(practice=pine.house.id, terms=told.quote.terms, at=pine.at, months=3)  # type: ignore[union-attr]
    assert [str(one.other.amount) for one in same.months] == ["3500.00", "1000.00", "0.00"]
    assert (str(same.agreed), str(same.other)) == ("4500.00", "4500.00")

    monkeypatch.setattr(clock, "now", lambda: pine.at)
    elena = signed_in(desk.elena)
    page = elena.get(f"/statements/{june.public_id}/fee/").content.decode()
    assert (f'href="/statements/{may.public_id}/"' in page, "Net collections, 1–30 April" in page) == (True, True)
    number = next(row.number for label, row in rows.items() if label.startswith("Charged for April"))
    assert number
    assert "35,000.00" in elena.get(f"/statements/{june.public_id}/fee/net_collections@2/commercial/").content.decode()


@pytest.mark.django_db
def test_terms_that_change_within_a_quarter_are_trued_up_each_on_their_own_days(desk: Desk) -> None:
    first = month(percent("10%"), cap={"amount": "6000.00", "per": "quarter"}, true_up="quarter")
    pine = desk_beside(desk, first)
    amended(pine, month(percent("4%"), flat("310.00"), true_up="quarter"), date(2026, 5, 11))
    quarter(pine)
    paid(pine, 6, "1500.00", of=APRIL.plus(1))

    fees = [str(pine.settle(one).fee) for one in (APRIL, APRIL.plus(1), JUNE)]

    # April 3,500 → cap 2,000; 1–10 May 150; 11–31 May 200 + 310 × 21 ÷ 31; June 80 + 310, and of April to 10 May
    # 10% of 36,500 under 2,000 + 2,000 × 10 ÷ 31 = 2,645.16, which is 495.16 more than 2,150 were charged.
    assert fees == ["2000.00", "560.00", "885.16"]
    assert kept(pine) == []
