"""An office's month in figures: counted from what happened, opened down to its claims, proved, and shown to whom it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from openmso.agreements.testing import person
from openmso.analytics import costs, queries, services
from openmso.analytics.contracts import NOBODY, Asked, Counted, Kind, Kpi, Value
from openmso.analytics.models import Cell, Count, Curve
from openmso.analytics.queries import behind as drill
from openmso.analytics.rules.catalogue import KPIS
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.accounts.testing import signed_in
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic, scope
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work.models import WorkEntry, WorkItem
from openmso.platform.work.states import Happened
from openmso.remittances.testing import claim, line
from openmso.remittances.tests.office import Office, office_of
from openmso.remittances.tests.test_posting import visit

pytestmark = pytest.mark.django_db
MARCH = Asked(Month(2026, 3))
COUNTED_AT = datetime(2026, 4, 8, 12, tzinfo=UTC)


@pytest.fixture
def office(cast: Any) -> Office:
    """Three claims of 140: one paid 80 with 45 off by contract and 15 left to the patient, one denied, one unanswered."""
    made = office_of(cast.rockland, cast.payer, at=cast.at)
    paid, denied, _ = (made.sent(("99213", "140.00")) for _ in range(3))
    refused = line("99213", "140.00", reasons=["CO 197 140.00"], control=f"{denied.control}-01")
    made.pay(visit(paid.control), claim(denied.control, refused))
    return made


def count(office: Office, at: datetime = COUNTED_AT) -> Counted:
    with office.scope():
        return services.count(practice=office.practice, at=at)


def test_figures_come_from_what_happened_and_open_to_their_claims(office: Office) -> None:
    count(office)

    with office.reading():
        board = {one.kpi.code: one.value for one in queries.board(MARCH)}
        behind = drill.claims(queries.kpi("initial-denial-rate"), MARCH, side="top", page=PageAsk()).rows
        ageing = queries.ageing(MARCH)
        answers = drill.occurred(queries.kpi("primary-denial-rate"), MARCH, side="bottom", page=PageAsk())
        by_month = queries.parts("initial-denial-rate", MARCH, by="month")
        cohorts = queries.cohorts(MARCH)

    assert (board["initial-denial-rate"].top, board["initial-denial-rate"].bottom) == (1, 3)
    assert (board["net-collection-rate"].top, board["net-collection-rate"].bottom) == (Decimal(80), Decimal(375))
    assert (board["primary-denial-rate"].top, board["primary-denial-rate"].bottom) == (1, 2)
    assert [(row.is_hit, row.amount) for row in answers.rows] == [(False, Money.of(80)), (True, Money.of(0))]
    assert answers.totals["amount"] == Money.of(80)
    assert [(part.key, part.value.bottom) for part in by_month] == [("2026-03", 3)]
    assert [(row.charged, row.allowed, row.paid_so_far) for row in cohorts] == [
        (Money.of(420), Money.of(375), Money.of(80))
    ]
    assert cohorts[0].paid[0] is None
    assert [(row.claim.state.value, row.amount) for row in behind] == [("denied", Money.of(140))]
    assert (ageing.open.amount, ageing.patient.amount) == (Decimal("280.00"), Decimal("15.00"))


def adds_up(one: Kpi, value: Value, asked: Asked, side: str) -> bool:
    """Whether what a part of a figure opens to comes to the part: in dollars, or in how many."""
    if one.kind is Kind.MEDIAN:
        return drill.tally_claims(one, asked, side=side).total == value.bottom
    names, told = (one.top if side == "top" else one.bottom), value.top if side == "top" else value.bottom
    told = value.earned if side == "bottom" and value.earned is not None else told
    if drill.opens(one, side) is drill.Opens.OCCURRED:
        found = drill.tally_occurred(one, asked, side=side)
        return bool(told == (found.totals["amount"].amount if names[0].endswith("amount") else
                             found.total if names[0].endswith("hits") else found.totals["count"]))  # fmt: skip
    found = drill.tally_claims(one, asked, side=side)
    dollars = one.kind is not Kind.RATIO or names[0].endswith("amount")
    return bool(told == (found.totals["amount"].amount if dollars else found.total))


def test_every_part_of_every_figure_is_the_sum_of_what_it_opens_to(office: Office) -> None:
    """By practice, payer, clinician, specialty, month and cohort; a part that names nobody opens, too."""
    count(office)
    april, off, opened = Asked(Month(2026, 4)), [], 0

    with office.reading():
        for one in KPIS:
            for asked in (MARCH, april):
                found = [("", asked, queries.figure(one.code, asked).value)]
                for by in queries.dimensions(one):
                    name = {"month": "month", "cohort": "served"}.get(by, by)
                    alone = replace(asked, alone=by == "month")
                    found += [
                        (by, replace(alone, **{name: Month.parse(part.key) if by in {"month", "cohort"} else part.key}),
                         part.value)
                        for part in queries.parts(one.code, asked, by=by)
                    ]  # fmt: skip
                off += [
                    (one.code, by, side) for by, narrow, value in found for side in drill.SIDES
                    if not adds_up(one, value, narrow, side)
                ]  # fmt: skip
                opened += sum(bool(value.bottom) for _, _, value in found)
        ageing, cohorts = queries.ageing(april), queries.cohorts(april)
        aged = drill.tally_aged(april, buckets=[]).totals
        [old] = drill.aged(april, buckets=[31], page=PageAsk()).rows[:1]
        served = drill.tally_served(MARCH).totals
        nobody = drill.tally_aged(replace(april, payer=NOBODY), buckets=[]).total

    assert off == []
    assert opened > 60
    assert (aged["open"], aged["patient"], aged["credit"]) == (ageing.open, ageing.patient, ageing.credit)
    assert (old.bucket, nobody) == (31, 0)
    assert (served["served"], served["net"], served["paid"]) == (
        cohorts[0].charged, cohorts[0].allowed, cohorts[0].paid_so_far,
    )  # fmt: skip


def test_what_is_kept_is_what_counting_anew_gives(office: Office) -> None:
    count(office)

    with office.scope(), atomic.open():
        assert services.differences(office.practice) == []
        Cell.objects.filter(submitted__gt=0).update(submitted=9)
        assert Curve.objects.update(paid_amount=1)
        assert sum("that differ" in one for one in services.differences(office.practice)) == 2
        assert any("1 kept, 1 counted, 2 that differ" in one for one in services.differences(office.practice))


def test_the_cost_of_rework_needs_to_be_told_what_an_hour_costs_and_opens_to_its_denials(
    office: Office, cast: Any
) -> None:
    """Two touches of one denial at 36.00 an hour and ten minutes each: 6.00 a touch, 12.00 a denial."""
    outbox.deliver_pending(at=office.at)
    ines = person("ines@harborridge.example", "Ines", practice=office.practice, role="denial_specialist", at=office.at)
    with office.reading():
        item = WorkItem.objects.get(kind="denials.first_touch")
        for what in (Happened.COMMENTED, Happened.WORKED, Happened.OPENED):
            WorkEntry.objects.create(practice_id=office.practice, item=item, at=office.at, actor="Ines",
                                     actor_user=ines.pk, what=what)  # fmt: skip
    count(office)
    with office.reading():
        assert queries.figure("rework-cost", MARCH).value.figure is None
        assert "Nobody has entered" in costs.wanting(MARCH.month.last)

    lead = signed_in(person("marta@harborridge.example", "Marta", practice=cast.mso.id, role="billing_lead",
                            at=office.at))  # fmt: skip
    typed = {"function": "denials", "hourly": "36.00", "minutes": "10", "starts_on": "2026-03-01", "source": " "}
    assert signed_in(ines).post("/kpis/costs/enter/", typed).status_code == 403
    assert "This field is required" in lead.post("/kpis/costs/enter/", typed).content.decode()
    assert lead.post("/kpis/costs/enter/", typed | {"source": "Payroll of February"}).status_code == 303
    later = typed | {"hourly": "99.00", "starts_on": "2026-05-01", "source": "An offer"}
    assert lead.post("/kpis/costs/enter/", later).status_code == 303
    far = typed | {"starts_on": "2999-01-01", "source": "A slip of the hand"}
    assert "A cost begins within a year." in lead.post("/kpis/costs/enter/", far).content.decode()
    with office.reading():
        assert queries.to_count() == [office.practice]
    count(office)

    with office.reading():
        found = queries.figure("rework-cost", MARCH).value
        [row] = drill.occurred(queries.kpi("rework-cost"), MARCH, side="top", page=PageAsk()).rows
        assert services.differences(office.practice) == []
        assert "answering denials" not in costs.wanting(MARCH.month.last), "of correcting claims nobody has said it yet"
    assert (found.figure, found.top, found.bottom) == (Decimal(12), Decimal(12), 1)
    assert (row.source[:3], row.count, str(row.amount)) == ("DNL", 2, "12.00")
    page = lead.get("/kpis/costs/").content.decode()
    assert "Payroll of February" in page
    assert "holds now" in page


def test_receivables_of_a_month_are_those_of_the_books(office: Office) -> None:
    count(office)

    with office.reading():
        found = queries.ageing(Asked(Month(2026, 4)))
    owed = {code: amount for code, amount in office.balances().items() if code in {"1100", "1110"}}

    assert found.open.amount + found.patient.amount + found.credit.amount == sum(owed.values())


def test_cash_ahead_is_told_of_what_waits_and_of_what_will_be_sent(office: Office) -> None:
    """Of three claims of 140 one was paid 80 in its second week; the two that are open are past the weeks seen."""
    count(office)

    with office.reading():
        found = queries.forecast(MARCH)

    assert found.on == COUNTED_AT.date()
    assert [week.starts_on.isoformat() for week in found.weeks[:2]] == ["2026-04-09", "2026-04-16"]
    assert found.weeks[0].waiting.amount == 0
    assert [str(week.coming) for week in found.weeks[:2]] == ["0.00", "10.00"]  # 420 / 8 a week, of which 80 / 420
    assert found.weeks[-1].running == sum((week.total for week in found.weeks), found.weeks[0].waiting)
    assert found.foretold is None


def test_a_practice_is_counted_again_after_payers_have_judged(office: Office) -> None:
    count(office)
    with office.scope(), atomic.open():
        Count.objects.update(is_stale=False)

    office.pay(visit(office.sent(("99213", "140.00")).control))
    outbox.deliver_pending(at=COUNTED_AT)

    with office.reading():
        assert queries.to_count() == [office.practice]
        assert queries.standing().stale == 1


def test_who_looks_after_the_practice_sees_its_figures_and_nobody_else(office: Office, cast: Any) -> None:
    count(office)
    lead = signed_in(
        person("lena@harborridge.example", "Lena Ost", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    )
    paths = ["/kpis/", "/kpis/ageing/", "/kpis/definitions/", "/kpis/initial-denial-rate/?by=payer",
             "/kpis/initial-denial-rate/top/", "/kpis/days-in-ar/?by=specialty", "/kpis/claim-lag/?by=clinician",
             "/kpis/primary-denial-rate/bottom/", "/kpis/cohorts/", "/kpis/net-collection-rate/top/",
             "/kpis/ageing/claims/?q=age:31", "/kpis/cohorts/claims/?export=csv", "/kpis/claim-lag/bottom/",
             "/kpis/ar-over-90/bottom/?q=payer:none", "/kpis/net-collection-rate/?by=cohort", "/kpis/no-shows/?by=month",
             "/kpis/forecast/", "/kpis/forecast/?export=csv", "/kpis/?export=csv"]  # fmt: skip

    answers = {path: lead.get(path) for path in paths}

    assert all(answer.getvalue() for answer in answers.values())
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    assert lead.get("/kpis/initial-denial-rate/?by=moon").status_code == 404
    assert b"by cohort" in lead.get("/kpis/no-shows/?by=cohort").content
    assert lead.get("/kpis/net-collection-rate/left/").status_code == 404
    assert b"33.3%" in lead.get("/kpis/?q=month:2026-03").content
    assert Client().get("/kpis/").status_code == 302


def test_a_rival_is_shown_nothing(office: Office, cast: Any) -> None:
    count(office)

    with scope(practices=[cast.rival.id]), atomic.open():
        assert queries.latest_month() is None
        assert all(one.value.figure is None for one in queries.board(MARCH))
