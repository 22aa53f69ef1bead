"""A joint venture as it is lived: Elena keeps its cap table, Kate declares, Elena pays, Theo sees nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing as agreements
from openmso.agreements.services.law import NotLawful
from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.compliance.states import Party
from openmso.compliance.testing import registered
from openmso.equity.contracts import SHARE, NewClass, NewHolder, NewUnits, NotFollowed, NotKept, Vesting
from openmso.equity.contracts.answering import CALLED
from openmso.equity.contracts.yearly import MOVED
from openmso.equity.models import tables
from openmso.equity.models.capital import Posting
from openmso.equity.queries import ventures
from openmso.equity.rules import holding, venture
from openmso.equity.rules.distributing import FollowsReferrals
from openmso.equity.services import capital, keeping, yearly
from openmso.equity.states import Act, Being, By, Flow, Paying, Sort, Standing, Verdict
from openmso.equity.testing import Made, issue
from openmso.equity.testing import venture as made_venture
from openmso.governance.contracts.interests import Nature, NewInterest
from openmso.governance.queries import interests as disclosed
from openmso.governance.services import interests
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.ledger.queries import selection
from openmso.parties.testing import builder
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def made(cast: Cast) -> Made:
    """The venture with units: Harbor 400 preferred for $400,000, Ana 30 and Whitten 70 common for $100 each."""
    found = made_venture(cast.mso.id, at=cast.at)
    issue(found, "Class P", "Harbor Ridge MSO", 400, "400000.00", at=cast.at)
    issue(found, "Class A", "Dr. Ana Rockland", 30, "3000.00", at=cast.at)
    issue(found, "Class A", "Whitten Capital", 70, "7000.00", at=cast.at)
    return found


def staff(cast: Cast, name: str, role: str) -> User:
    return agreements.person(f"{name.lower()}@harbor.example", name, practice=cast.mso.id, role=role, at=cast.at)


def in_book(made: Made, account: str) -> Money:
    chosen = Selection(made.entity, (account,), (Basis.COMMON,), date(2199, 1, 1))
    with made.scope(), reading():
        return selection.total(chosen).net


def test_a_distribution_is_computed_kept_paid_by_another_and_stands_in_the_book(cast: Cast, made: Made) -> None:
    kate, elena = staff(cast, "Kate", "mso_executive"), staff(cast, "Elena", "controller")
    with made.scope():
        with pytest.raises(FollowsReferrals, match="1320a-7b"):
            capital.declare(actor=cast.actor(kate), venture=made.venture, amount=Money.of(1), by=By.VALUE, why="Thanks",
                            at=NOW)  # fmt: skip
        given = capital.declare(actor=cast.actor(elena), venture=made.venture, amount=Money.of("450000.01"),
                                by=By.UNITS, why="Cash of 2025", at=NOW)  # fmt: skip
        with pytest.raises(SamePerson):
            capital.pay(actor=cast.actor(elena), distribution=given.public_id, on=NOW.date(), at=NOW)
        accountant = staff(cast, "Una", "accountant")
        known = {"name": "Whitten Capital", "party": Party.ENTITY}
        registered(cast.mso.id, at=NOW, arrangement=known)
        with pytest.raises(NotLawful, match="Whitten Capital is known as referring entity"):
            capital.pay(actor=cast.actor(accountant), distribution=given.public_id, on=NOW.date(), at=NOW)
        told = NewHolder("Whitten Capital, LLC", Being.OUTSIDE, True, "Owns a clinic in the area")
        keeping.name_holder(actor=cast.actor(elena), venture=made.venture, new=told, at=NOW)
        paid = capital.pay(actor=cast.actor(accountant), distribution=given.public_id, on=NOW.date(), at=NOW)
    assert [(one.tier, one.name, str(one.amount)) for one in paid.shares] == [
        (Flow.PREFERRED, "Harbor Ridge MSO", "5260.27"),  # 60 days of 8 % on 400,000
        (Flow.CAPITAL, "Harbor Ridge MSO", "400000.00"), (Flow.CAPITAL, "Dr. Ana Rockland", "3000.00"),
        (Flow.CAPITAL, "Whitten Capital", "7000.00"), (Flow.RESIDUAL, "Harbor Ridge MSO", "27791.79"),
        (Flow.RESIDUAL, "Dr. Ana Rockland", "2084.39"), (Flow.RESIDUAL, "Whitten Capital", "4863.56"),
    ]  # fmt: skip
    assert paid.standing is Paying.PAID
    table = made.table(NOW.date())
    with made.scope(), reading():
        assert ventures.unequal(table) == {}
    assert in_book(made, Accounts.DISTRIBUTIONS) == Money.of("450000.01")
    assert in_book(made, Accounts.OPERATING_CASH) == Money.of("410000.00") - Money.of("450000.01")
    assert [str(one.capital) for one in holding.holdings(table, NOW.date())] == ["0.00", "0.00", "0.00"]
    points = {one.code: one for one in venture.points(table, NOW.date())}
    assert points[f"class:{made.classes['Class A']}"].found.startswith("30.00 %")
    assert points["revenue"].verdict is Verdict.UNKNOWN

    # Ana has a part of the fund, and of a shop that nobody paid: the fund is related to whose book paid it.
    reach, reader = tenancy.reach(cast.mso.id, cast.rockland.id), cast.actor(elena)
    with scope(practices=reach.practices, entities=reach.entities):
        for party in ("Whitten Capital, LLC", "Camden Imaging"):
            owns = NewInterest(Nature.OWNERSHIP, party, "A tenth of it")
            interests.disclose(actor=cast.actor(cast.ana), practice=cast.rockland.id, new=owns, at=NOW)
        with reading():
            found = disclosed.related_page(actor=reader, filters=Filters(), page=PageAsk(sort="paid"), at=NOW)
    told_of = {(one.practice, one.party): str(one.paid) for one in found.rows}
    assert told_of == {
        (cast.mso.id, "Whitten Capital, LLC"): "11863.56", (cast.rockland.id, "Whitten Capital, LLC"): "0.00",
        (cast.rockland.id, "Camden Imaging"): "0.00",
    }  # fmt: skip
    done = CliRunner().invoke(app, ["governance", "related", "--json"])
    assert [one["paid"] for one in json.loads(done.stdout) if one["payments"]] == ["11863.56"]


def test_units_are_transferred_with_their_capital_forfeited_before_they_vest_and_the_past_is_kept(
    cast: Cast, made: Made
) -> None:
    actor, ana, whitten = builder(NOW), made.holders["Dr. Ana Rockland"], made.holders["Whitten Capital"]
    common = made.classes["Class A"]
    issue(made, "Class A", "Dr. Ana Rockland", 48, "0.00", at=NOW, on=date(2026, 2, 1),
          vesting=Vesting(date(2026, 2, 1), 12, 48))  # fmt: skip

    def move(act: Act, units: int, **more: str) -> None:
        new = NewUnits(act, common, Decimal(units), date(2026, 2, 15), "Resolution", **more)
        keeping.move_units(actor=actor, venture=made.venture, new=new, at=NOW)

    with made.scope():
        with pytest.raises(NotKept, match="30 are held and vested"):
            move(Act.TRANSFER, 31, frm=ana, to=whitten)
        move(Act.TRANSFER, 10, frm=ana, to=whitten)
        move(Act.FORFEITURE, 48, frm=ana)
        with pytest.raises(NotKept, match="0 are held and not vested"):
            move(Act.FORFEITURE, 1, frm=ana)
        with pytest.raises(NotKept, match="goes by days"):
            new = NewUnits(Act.REDEMPTION, common, Decimal(1), date(2026, 2, 14), "Late", frm=ana)
            keeping.move_units(actor=actor, venture=made.venture, new=new, at=NOW)
    table = made.table(NOW.date())
    by = {one.holder.name: one for one in holding.holdings(table, NOW.date()) if one.cls.name == "Class A"}
    assert (by["Dr. Ana Rockland"].units, str(by["Dr. Ana Rockland"].capital)) == (20, "2000.00")
    assert (by["Whitten Capital"].units, str(by["Whitten Capital"].capital)) == (80, "8000.00")
    before = {
        one.holder.name: one.units for one in holding.holdings(table, date(2026, 2, 1)) if one.cls.name == "Class A"
    }
    assert before == {"Dr. Ana Rockland": 78, "Whitten Capital": 70}
    with made.scope(), reading():
        assert ventures.unequal(table) == {}
    with made.scope(), pytest.raises(DatabaseError, match="permission denied"), atomic.open():
        tables.UnitEntry.objects.update(units=1)
    with made.scope(), pytest.raises(DatabaseError, match="no_class_follows_referrals"), atomic.open():
        row = tables.Venture.objects.get()
        with transaction.atomic():
            tables.UnitClass.objects.create(
                practice_id=row.practice_id, venture=row, name="X", sort=Sort.COMMON, by=By.VOLUME, preferred_rate=0,
                compounding="none", day_count="actual_365", made_at=NOW, made_by="x",
            )  # fmt: skip
    with made.scope(), pytest.raises(NotKept, match="Only profits units have a participation threshold"):
        keeping.add_class(
            actor=builder(NOW), venture=made.venture, at=NOW,
            new=NewClass("Class C", Sort.COMMON, By.UNITS, "", threshold=Money.of(1)),
        )  # fmt: skip
    with made.scope(), pytest.raises(DatabaseError, match="only_profits_units_have_a_threshold"), atomic.open():
        tables.UnitClass.objects.create(
            practice_id=row.practice_id, venture=row, name="C", sort=Sort.COMMON, by=By.UNITS, preferred_rate=0,
            compounding="none", day_count="actual_365", threshold_amount=1, made_at=NOW, made_by="x",
        )  # fmt: skip


def test_capital_that_is_called_waits_until_it_is_paid_or_in_default(cast: Cast, made: Made) -> None:
    elena = staff(cast, "Elena", "controller")
    later, keeper = datetime(2026, 4, 2, 15, tzinfo=UTC), cast.actor(elena)
    with made.scope():
        call = capital.call_capital(actor=cast.actor(elena), venture=made.venture, cls=made.classes["Class A"],
                                    amount=Money.of("1000.01"), purpose="A second room", due_on=date(2026, 4, 1),
                                    at=NOW)  # fmt: skip
        assert [str(one.amount) for one in call.shares] == ["300.00", "700.01"]
        ana, whitten = (one.holder for one in call.shares)
        with pytest.raises(NotFollowed, match="due; only what is late"):
            capital.default_share(actor=cast.actor(elena), call=call.public_id, holder=whitten, why="No", at=NOW)
        capital.pay_share(actor=cast.actor(elena), call=call.public_id, holder=ana, amount=Money.of("100.00"),
                          on=NOW.date(), at=NOW)  # fmt: skip
        capital.pay_share(actor=cast.actor(elena), call=call.public_id, holder=ana, amount=Money.of("200.00"),
                          on=NOW.date(), at=NOW)  # fmt: skip
        done = capital.default_share(actor=cast.actor(elena, at=later), call=call.public_id, holder=whitten,
                                     why="Diluted by the agreement", at=later)  # fmt: skip
        assert [one.standing for one in done.shares] == [Standing.PAID, Standing.DEFAULT]
        with reading():
            waits = work.inbox(actor=keeper, filters=InboxFilters(kinds=(SHARE,)), page=PageAsk(), at=later)
            assert not waits.rows
            assert ventures.unequal(ventures.today(made.venture, later)) == {}
            assert {one.flow for one in ventures.today(made.venture, later).postings} == {Flow.CONTRIBUTION}
            assert Posting.objects.count() == 5


def test_a_practice_has_the_statement_of_what_it_holds_and_sees_nothing_else_of_the_table(
    cast: Cast, made: Made
) -> None:
    code = cast.rockland.practice.code
    reach = tenancy.reach(cast.mso.id, cast.rockland.id)
    with scope(practices=reach.practices, entities=reach.entities):
        one = keeping.name_holder(
            actor=builder(NOW), venture=made.venture, at=NOW,
            new=NewHolder("Rockland Family Practice", Being.PRACTICE, True, "Orders what it does", code),
        )  # fmt: skip
    made.holders["Rockland"] = one.holders[-1].public_id
    with pytest.raises(NotKept, match="held nothing"), scope(practices=reach.practices, entities=reach.entities):
        yearly.issue(actor=builder(NOW), holder=made.holders["Rockland"], year=2026, at=NOW)
    issue(made, "Class A", "Rockland", 250, "25000.00", at=NOW, on=date(2026, 3, 1))
    with scope(practices=reach.practices, entities=reach.entities):
        capital.allocate(
            actor=builder(NOW), venture=made.venture, amount=Money.of("1250.00"), on=NOW.date(), why="Profit", at=NOW
        )  # fmt: skip
        told = yearly.issue(actor=builder(NOW), holder=made.holders["Rockland"], year=2026, at=NOW)
        with pytest.raises(NotKept, match="no practice of this house"):
            yearly.issue(actor=builder(NOW), holder=made.holders["Whitten Capital"], year=2026, at=NOW)
    (held,) = told.classes
    assert (held.name, held.units_begin, held.units_end, held.share_end) == ("Class A", "0", "250", "71.43 %")
    parts = [getattr(held, name) for name in MOVED]
    assert held.opening + Money.total(parts) == held.closing == told.closing
    assert (str(held.contributed), held.allocated.amount > 0) == ("25000.00", True)

    ana, theo = signed_in(cast.ana), signed_in(cast.theo)
    page = ana.get(reverse("equity:holding", args=[told.public_id])).text
    assert ("71.43 %" in page, "neither a Schedule K-1 nor tax advice" in page) == (True, True)
    assert ana.get(reverse("documents:document", args=[told.document])).status_code == 200
    assert ana.get(reverse("equity:venture", args=[made.venture])).status_code == 404
    rows = ana.get(reverse("equity:holdings"), {"export": "csv"})
    assert "Penobscot" in b"".join(rows.streaming_content).decode()  # type: ignore[attr-defined]
    listed = ana.get("/api/holder-statements").json()
    assert [(each["id"], each["closing"]) for each in listed["items"]] == [(told.public_id, str(told.closing))]
    assert theo.get(reverse("equity:holding", args=[told.public_id])).status_code == 404

    with scope(practices=reach.practices, entities=reach.entities):
        call = capital.call_capital(
            actor=builder(NOW), venture=made.venture, cls=made.classes["Class A"], amount=Money.of("350.00"),
            purpose="A second room", due_on=date(2026, 4, 1), at=NOW,
        )  # fmt: skip
    (asked,) = ana.get("/api/approvals").json()["items"]
    assert (asked["kind"], asked["amount"], asked["about"]) == (CALLED, "250.00", call.public_id)
    assert "capital call on Rockland Family Practice" in ana.get(reverse("governance:approvals")).text
    assert not theo.get("/api/approvals").json()["items"]
    with scope(practices=reach.practices, entities=reach.entities):
        capital.pay_share(
            actor=builder(NOW), call=call.public_id, holder=made.holders["Rockland"], amount=Money.of("250.00"),
            on=NOW.date(), at=NOW,
        )  # fmt: skip
    assert not ana.get("/api/approvals").json()["items"]


def test_a_holder_is_corrected_with_a_reason_and_how_they_stood_stays(cast: Cast, made: Made) -> None:
    elena, whitten = signed_in(staff(cast, "Elena", "controller")), made.holders["Whitten Capital"]
    form = reverse("equity:correct-holder", args=[whitten])
    assert 'value="Whitten Capital"' in elena.get(form).text
    given = {"name": "Whitten Partners, LP", "being": "practice", "why": "So the subscription agreement names them"}
    assert elena.post(form, given).status_code == 303
    assert "They stand so already" in elena.post(form, given).text
    assert "is named already" in elena.post(form, {**given, "name": "Dr. Ana Rockland"}).text
    told = elena.get(f"/api/holders/{whitten}").json()
    assert (told["name"], told["being"]) == ("Whitten Partners, LP", "practice")
    assert [(one["was"], one["was_being"], one["by"]) for one in told["corrections"]] == [
        ("Whitten Capital", "outside", "Elena")
    ]
    assert "corrected Whitten Capital (outside investor)" in elena.get(reverse("equity:holder", args=[whitten])).text
    table = made.table(NOW.date())
    assert [one.to_name for one in table.entries] == ["Harbor Ridge MSO", "Dr. Ana Rockland", "Whitten Partners, LP"]
    with made.scope():
        with pytest.raises(NotKept, match="is named already"):  # by what stands in older papers
            new = NewHolder("Whitten Capital", Being.OUTSIDE, False, "Another fund")
            keeping.name_holder(actor=builder(NOW), venture=made.venture, new=new, at=NOW)
        with atomic.open(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            tables.HolderCorrection.objects.update(name="Nobody")
    assert signed_in(cast.theo).get(form).status_code in {403, 404}


def test_screens_paper_and_operations_and_what_theo_sees(cast: Cast, made: Made) -> None:
    elena = staff(cast, "Elena", "controller")
    client = signed_in(elena)
    page = client.get(reverse("equity:venture", args=[made.venture]))
    assert page.status_code == 200
    assert "Penobscot Surgery Center" in page.text
    assert "At most 40 % of Class A" in page.text
    exported = client.get(reverse("equity:ventures"), {"export": "csv"})
    assert "Penobscot" in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    told = client.get(reverse("equity:venture", args=[made.venture]), {"export": "csv"})
    assert "Dr. Ana Rockland,Yes,Class A" in b"".join(told.streaming_content).decode()  # type: ignore[attr-defined]
    paper = client.get(reverse("equity:statement", args=[made.holders["Dr. Ana Rockland"]]))
    assert paper.content.startswith(b"%PDF-")
    form = client.post(
        reverse("equity:declare", args=[made.venture]), {"amount": "100", "by": "volume", "why": "Thanks"}
    )
    assert form.status_code == 422
    assert "1001.952(a)(2)(viii)" in form.text
    sold = {"ebitda": "2000000", "multiple": "10", "buyer_cash": "8000000", "debt": "6000000", "exit_ebitda": "6000000",
            "exit_multiple": "10", "exit_debt": "3000000"}  # fmt: skip
    assert "24,428,571.43" in client.post(reverse("equity:rollover"), sold).text
    theirs = signed_in(cast.theo)
    assert theirs.get(reverse("equity:venture", args=[made.venture])).status_code == 404
    assert "Penobscot" not in theirs.get(reverse("equity:ventures")).text
    with cast.scope(cast.rival), reading(), pytest.raises(NotFound):
        ventures.table(made.venture, on=NOW.date())
    with made.scope(), pytest.raises(FollowsReferrals, match="pay by referrals"):
        new = NewClass("Class R", Sort.COMMON, By.UNITS, "Units earn $5 per referral.")
        keeping.add_class(actor=cast.actor(elena), venture=made.venture, new=new, at=NOW)
