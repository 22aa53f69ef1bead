"""The report of causes and the measures: each figure from a month that one can count on one hand."""

from __future__ import annotations

from decimal import Decimal

from openmso.denials.queries import report
from openmso.denials.services import writing_off
from openmso.denials.tests.conftest import Desk, said
from openmso.kit.money import Money
from openmso.kit.periods import Month

MARCH = Month(2026, 3)


def test_causes_and_measures_of_a_month(desk: Desk) -> None:
    auth = desk.deny("CO 197 140.00")
    desk.deny("OA 18 60.00", charge="60.00")
    small = desk.deny("CO 97 40.00", charge="40.00")
    paid = desk.office.sent(("99214", "100.00"))
    desk.answer(said(paid.control, paid="100.00", charge="100.00", code="99214"))
    desk.answer(said(auth.claim_name, "CO 45 40.00", paid="100.00"))
    with desk.scope():
        writing_off.ask(actor=desk.actor, denial=small.public_id, why="Bundled", at=desk.office.at)

    with desk.reading():
        rows = {row.words: row for row in report.causes(by="category", month=MARCH)}
        by_cause = report.causes(by="cause", month=MARCH)
        told = {one.code: one for one in report.measures(month=MARCH, at=desk.office.at)}
        assert report.causes(by="payer", month=MARCH.plus(1)) == []
        for by in report.BY:
            assert sum(row.count for row in report.causes(by=by)) == 3, by

    assert rows["Authorization"].recovered == Money.of("100.00")
    assert rows["Bundling"].written_off == Money.of("40.00")
    assert rows["Duplicate"].open == Money.of("60.00")
    assert rows["Authorization"].query == "month:2026-03 category:auth"
    assert sum(row.count for row in by_cause) == 3
    assert told["initial_denial_rate_volume"].share == Decimal("0.75"), "3 of 4 claims"
    assert told["initial_denial_rate_dollars"].share == Decimal(240) / 340
    assert told["primary_denial_rate"].share == Decimal(2) / 4, "the duplicate is neither: 2 of 5 answers less it"
    assert told["denial_overturn_rate"].share == Decimal("0.5"), "one recovered, one written off"
    assert told["final_denial_writeoff_rate"].share == Decimal(40) / 260
    assert told["time_denial_to_resolution"].made_of == "0 days"
    assert told["time_denial_to_appeal"].made_of == "nothing to measure"
