"""Shared cost: a plan, figures with what shows them, a month that is frozen, what a practice sees of it, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.agreements.fees import allocation as calculator
from openmso.cli.main import app
from openmso.kit.errors import Conflict, Forbidden, NotFound, Refused
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, EntryDraft, credit, debit
from openmso.ledger.services import posting
from openmso.parties.testing import builder
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.remittances.tests.office import MARCH
from openmso.settlement import drivers, queries
from openmso.settlement.contracts import Paper
from openmso.settlement.contracts.allocation import Allocated, NewFigure, NewPlan
from openmso.settlement.models import AllocationRun
from openmso.settlement.queries import allocating, allocations, plans, shares
from openmso.settlement.queries.reckoning import FigureWaits
from openmso.settlement.services import allocating as services
from openmso.settlement.tests.desk import Desk, desk_beside

COST_PLUS = {"period": "month", "components": [{"kind": "cost_plus", "costs": [{"name": "allocated_cost"}]}]}
LINES = (
    ("Rent", Accounts.RENT, "square_feet", ""), ("Billing staff", Accounts.WAGES, "claims 60%, revenue 40%", "yes"),
    ("IT", "", "direct, headcount", ""),
)  # fmt: skip
LEASE = "Floor plan of the lease, 2026"


class Both:
    """Rockland under a percentage, Pine under cost-plus; the MSO paid rent and wages in March."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.pine = desk, desk_beside(desk, COST_PLUS)
        self.mso, self.rock = desk.cast.mso.id, desk.house.id
        self.pools = tuple(drivers.line_of(*line) for line in LINES)
        self.new = NewPlan(MARCH, desk.mso_entity, self.pools, "As the budget says")
        cast = desk.cast
        agreements.person(cast.ana.email, cast.ana.name, practice=self.pine.house.id, role="practice_owner", at=cast.at)
        for amount in ("4000.00", "2000.00"):
            desk.paid(amount)
        self.pine.paid("4000.00")
        paid = ((Accounts.RENT, "9000.01"), (Accounts.WAGES, "5000.00"))
        with self.scope():
            posting.post(actor=builder(cast.at), at=cast.at, entries=[
                EntryDraft(desk.mso_entity, date(2026, 3, 10), "Paid", (
                    debit(account, Money.of(amount)), credit(Accounts.OPERATING_CASH, Money.of(amount)),
                ), key=f"shared:{account}")
                for account, amount in paid
            ])  # fmt: skip

    @contextmanager
    def scope(self) -> Iterator[None]:
        reach = tenancy.reach(self.mso, self.rock, self.pine.house.id)
        with scope(practices=reach.practices, entities=reach.entities):
            yield

    def write(self, **other: Any) -> str:
        with self.scope():
            return services.plan(actor=self.desk.actor, mso=self.mso, new=replace(self.new, **other), at=self.desk.at)

    def figures(self, feet: str = "2000") -> list[NewFigure]:
        rock, pine, mso = self.rock, self.pine.house.id, self.mso
        asked = (
            (rock, "square_feet", feet, ""), (pine, "square_feet", "1000", ""),
            (mso, "square_feet", "1000", "Billing staff"), (mso, "cost", "1200.00", "IT"), (rock, "direct", "0", "IT"),
            (pine, "direct", "200.00", "IT"), (rock, "headcount", "3", ""), (pine, "headcount", "2", ""),
        )  # fmt: skip
        return [NewFigure(tenant, driver, Decimal(value), pool) for tenant, driver, value, pool in asked]

    def enter(self, figures: list[NewFigure], *, by: Any = None, why: str = LEASE, papers: Any = ()) -> int:
        with self.scope():
            return services.enter(
                actor=by or self.desk.actor, mso=self.mso, month=MARCH, figures=figures, why=why, papers=papers,
                at=self.desk.at,
            )  # fmt: skip

    def freeze(self, *, by: Any = None) -> str:
        with self.scope():
            return services.freeze(actor=by or self.desk.actor, mso=self.mso, month=MARCH, at=self.desk.at)

    def draft(self) -> Allocated:
        with self.scope(), reading():
            return allocating.draft(self.mso, MARCH)


@pytest.fixture
def both(desk: Desk) -> Both:
    return Both(desk)


@pytest.mark.django_db
def test_a_plan_is_refused_by_pool_and_reason_and_its_versions_stay(both: Both) -> None:
    rent, billing, it = both.pools
    for pools, words in (
        ((rent, replace(billing, by={"claims": Decimal("0.6"), "revenue": Decimal("0.3")})), "add up to 90%, not to 100%"),
        ((replace(rent, accounts=("1000",)),), "Rent: 1000 is no expense account of the MSO's book"),
        ((rent, replace(billing, accounts=(Accounts.RENT,))), "its cost would be shared twice"),
        ((replace(rent, bears=True),), "no pool before it"),
        ((replace(it, by={}, direct=False),), "IT is shared by nothing"),
        ((replace(it, by={"karma": Decimal(1)}),), "karma is no driver"),
        ((replace(it, name="ROCK"),), "no name of its own"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            both.write(pools=pools)
    with pytest.raises(Refused, match="no weight of claims"):
        drivers.line_of("Billing", "", "claims many", "")
    with both.scope(), reading(), pytest.raises(NotFound, match="No plan of shared cost holds in March 2026"):
        allocating.draft(both.mso, MARCH)

    first, second = both.write(), both.write(from_month=MARCH.plus(1), pools=(rent,))

    with both.scope(), reading():
        assert plans.plan_for(both.mso, MARCH).public_id == first
        assert plans.plan_for(both.mso, MARCH.plus(1)).public_id == second
        assert [drivers.line_of(*drivers.written(pool)) for pool in plans.plan(first).pools] == list(both.pools)


@pytest.mark.django_db
def test_a_month_is_frozen_to_the_cent_shown_to_whom_it_is_promised_and_withdrawn_with_a_reason(both: Both) -> None:
    """9,000.01 of rent by feet, into billing staff too; 7,250.00 by claims and money; 1,200.00, of which 200.00 direct."""
    both.write()
    with pytest.raises(Refused, match="Square feet of Pine Clinic is missing for March 2026"):
        both.enter([both.figures()[0]])
        both.freeze()
    with pytest.raises(Refused, match="asks for no claims first sent"):
        both.enter([NewFigure(both.rock, "claims", Decimal(7))])
    with pytest.raises(Refused, match="what shows these figures"):
        both.enter(both.figures(), why=" ")
    with pytest.raises(Forbidden):
        both.enter(both.figures(), by=both.desk.owner)
    paper = Paper("plan.txt", b"Suite 1: 2,000 square feet", "text/plain")
    assert both.enter(both.figures(), papers=[paper]) == 7  # Rockland's feet stand as they were entered
    with pytest.raises(Forbidden):
        both.freeze(by=both.desk.owner)

    with pytest.raises(FigureWaits, match="shared cost of March 2026, which is not allocated yet"):
        both.pine.settle()

    draft, made = both.draft(), both.freeze()

    with both.scope(), reading():
        one = allocations.run(made).allocated
    assert (one.shares, one.given) == (draft.shares, draft.given)
    assert calculator.as_data(calculator.allocate(calculator.plan_of(one.given))) == one.shares
    assert [(pool.name, str(pool.received), str(pool.shares["ROCK"]), str(pool.shares["PINE"])) for pool in one.pools] == [
        ("Rent", "0.00", "4500.01", "2250.00"), ("Billing staff", "2250.00", "4640.00", "2610.00"),
        ("IT", "0.00", "600.00", "600.00"),
    ]  # fmt: skip
    assert (str(one.borne("ROCK")), str(one.borne("PINE")), str(one.whole)) == ("9740.01", "5460.00", "15200.01")
    assert one.pools[1].formulas["PINE"] == "7,250 × (60% × 1 ÷ 3 claims + 40% × 4,000 ÷ 10,000 revenue)"
    assert draft.unseen == ("1 practice",)

    with scope(practices=[both.pine.house.id], entities=[]), reading():  # what its owner sees: her own, and the whole
        own = allocations.own_shares(both.pine.house.id)
        assert set(shares.borne([both.rock, both.pine.house.id], MARCH)) == {both.pine.house.id}
        with pytest.raises(NotFound):
            allocations.run(made)
    assert [(row.pool, str(row.whole), str(row.amount)) for row in own][1] == ("Billing staff", "7250.00", "2610.00")
    with both.scope(), reading():
        assert allocations.own_shares(both.rock) == []  # a percentage promises no open book of cost
        assert shares.borne([both.pine.house.id], MARCH) == {both.pine.house.id: (Money.of("5460.00"), made)}

    _stands(both, made)
    _charged(both, made)
    with both.scope():
        services.withdraw(actor=both.desk.actor, allocation=made, why="Suite 2 was let", at=both.desk.at)
        with reading():
            assert shares.borne([both.rock], MARCH) == {}
    assert both.enter(both.figures(feet="1000")) == 1
    again = both.freeze()
    with both.scope(), reading():
        assert str(allocations.run(again).allocated.pools[0].shares["ROCK"]) == "3000.00"
        assert str(allocations.run(made).allocated.pools[0].shares["ROCK"]) == "4500.01"  # and the past is as it was


def _charged(both: Both, made: str) -> None:
    """A fee that passes the share on opens to the allocation, which stays while its invoice stands."""
    invoice = both.pine.settle()
    assert str(invoice.invoiced) == "5460.00"
    with both.scope(), reading():
        given = next(one for one in queries.statement(invoice.public_id).inputs if one.name == "allocated_cost")
    assert (given.amount, given.entered) == ("5460.00", made)
    with both.scope(), pytest.raises(Refused, match="was computed from it"):
        services.withdraw(actor=both.desk.actor, allocation=made, why="Suite 2 was let", at=both.desk.at)
    both.pine.withdraw(invoice)


def _stands(both: Both, made: str) -> None:
    """While an allocation stands nothing of it is changed, and there is no other."""
    with pytest.raises(Conflict, match="stands already"):
        both.freeze()
    with pytest.raises(Refused, match="is frozen"):
        both.enter(both.figures(feet="1"))
    with both.scope():
        with pytest.raises(Refused, match="Say why"):
            services.withdraw(actor=both.desk.actor, allocation=made, why=" ", at=both.desk.at)
        with pytest.raises(IntegrityError, match="one_allocation_of_a_month_stands"), atomic.open():
            row = AllocationRun.objects.get(public_id=made)
            row.pk, row.public_id = None, "ALR-23456789"
            row.save(force_insert=True)


@pytest.mark.usefixtures("committed")
def test_the_screens_take_a_plan_and_figures_as_files_and_show_each_what_is_theirs(desk: Desk) -> None:
    both = Both(desk)
    elena, ana, theo = (signed_in(user) for user in (desk.elena, desk.cast.ana, desk.cast.theo))
    home = "/statements/shared-cost/"
    lines = "\n".join(["pool,accounts,drivers,bears", *(f'{a},{b},"{c}",{d}' for a, b, c, d in LINES)])

    def file(content: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("lines.csv", content.encode(), "text/csv")

    asked = {"from_month": "2026-03", "entity": str(desk.mso_entity), "why": "The budget"}
    wrong = elena.post(f"{home}plan/new/", asked | {"name_0": "Rent", "drivers_0": "claims 60%, revenue 30%"})
    assert (wrong.status_code, "add up to 90%, not to 100%" in wrong.content.decode()) == (422, True)
    assert elena.post(f"{home}plan/new/", asked | {"file": file(lines)}).status_code == 303

    draft = f"{home}months/2026-03/"
    assert "Square feet of Pine Clinic is missing for March 2026." in elena.get(draft).content.decode()
    rows = elena.get(f"{draft}figures.csv").content.decode().splitlines()
    filled = {
        ("ROCK", "square_feet", ""): "2000", ("PINE", "square_feet", ""): "1000",
        ("HARBOR", "square_feet", "Billing staff"): "1000", ("HARBOR", "cost", "IT"): "1200.00",
        ("ROCK", "direct", "IT"): "0", ("PINE", "direct", "IT"): "200.00", ("ROCK", "headcount", ""): "3",
        ("PINE", "headcount", ""): "2",
    }  # fmt: skip
    content = "\n".join([rows[0], *(",".join([*key, value]) for key, value in filled.items())])
    assert {tuple(row.split(",")[:3]) for row in rows[1:]} == set(filled)
    stray = elena.post(f"{draft}figures/file/", {"file": file(f"{rows[0]}\nROCK,claims,,7"), "why": LEASE})
    assert "Line 2: nobody asks for claims of ROCK" in stray.content.decode()
    assert elena.post(f"{draft}figures/file/", {"file": file(content), "why": LEASE}).status_code == 303
    assert LEASE in elena.get(f"{draft}figures/").content.decode()
    assert (ana.get(draft).status_code, ana.post(f"{draft}freeze/").status_code) == (403, 403)

    page = elena.post(f"{draft}freeze/")["Location"]
    shown = elena.get(page).content.decode()
    assert ("9,740.01" in shown, "5,460.00" in shown, "15,200.01" in shown) == (True, True, True)
    shares = b"".join(elena.get(f"{page}?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "2610.00" in shares
    assert f"{page}pools/2/" in shown
    assert (
        "7,250 × (60% × 1 ÷ 3 claims + 40% × 4,000 ÷ 10,000 revenue)" in elena.get(f"{page}pools/2/").content.decode()
    )
    for driver in ("claims", "revenue", "square_feet"):
        assert elena.get(f"{draft}drivers/{driver}/PINE/").status_code == 200, driver
    hers = ana.get(f"/statements/cost/{both.pine.house.practice.public_id}/").content.decode()
    assert ("2,610.00" in hers, "4,640.00" in hers) == (True, False)
    assert "shared cost" not in ana.get(f"/statements/cost/{desk.house.practice.public_id}/").content.decode()
    assert theo.get(page).status_code == 403

    told = CliRunner().invoke(app, ["allocation", "preview", "2026-03", "--json"])
    assert (told.exit_code, json.loads(told.stdout)["missing"][0]) == (
        1, "Square feet of Rival Eye Care is missing for March 2026."
    )  # fmt: skip
    kept = json.loads(CliRunner().invoke(app, ["allocation", "show", page.split("/")[-2], "--json"]).stdout)
    assert kept["practices"] == {"PINE": "5460.00", "ROCK": "9740.01"}
    assert elena.post(f"{page}withdraw/", {"why": "Suite 2 was let"}).status_code == 303
    assert "Suite 2 was let" in elena.get(page).content.decode()
