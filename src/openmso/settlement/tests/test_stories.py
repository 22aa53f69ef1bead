"""A month from the ledger to the fee in two books: each model of fee, a rerun, a closed month, corrections, runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmso.agreements import testing as agreements
from openmso.agreements.services import execution, law
from openmso.kit.errors import Conflict, Forbidden, NotFound, Refused
from openmso.kit.money import ZERO
from openmso.ledger.contracts import Accounts, Basis
from openmso.ledger.services import periods
from openmso.ledger.services.posting import PeriodNotOpen
from openmso.parties.testing import builder
from openmso.platform.access.services import CannotGrant
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work import services as working
from openmso.remittances.testing import reversal
from openmso.remittances.tests.office import MARCH
from openmso.settlement import contracts as settled
from openmso.settlement import queries, runs, services
from openmso.settlement.models import Settlement, StatementRow
from openmso.settlement.queries import proof
from openmso.settlement.states import S
from openmso.settlement.tests.desk import Desk, desk_beside, medicaid

pytestmark = pytest.mark.django_db

FLAT = {"kind": "flat", "amount": "3100.00", "per": "month"}
PERCENT = {"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaid"]}
TIERS = {"kind": "tiers", "how": "marginal", "of": "net_collections", "per": "month",
         "bands": [{"up_to": "15000.00", "rate": "8%"}, {"rate": "6.5%"}]}  # fmt: skip


def unit(noun: str, count: str, price: str) -> dict[str, Any]:
    return {"kind": "per_unit", "unit": noun, "count": count, "price": price}


def month(*components: dict[str, Any], **limits: Any) -> dict[str, Any]:
    return {"period": "month", "components": list(components), **limits}


def busy(desk: Desk) -> None:
    """A month: 10,000 and 10,000 from a commercial payer, the first taken back and paid again as 12,000; 8,000 Medicaid."""
    first = desk.paid("10000.00")
    desk.paid("10000.00")
    desk.paid("12000.00", beside=[reversal(first)])
    desk.paid("8000.00", payer=medicaid(desk.cast))


@pytest.mark.parametrize(
    ("terms", "fee"),
    [
        (month(TIERS), "2175.00"),  # 8% of 15,000 and 6.5% of the next 15,000
        (month(unit("claim", "claims", "9.50")), "38.00"),
        (month(unit("visit", "visits", "12.25")), "49.00"),
        (month(unit("provider", "providers", "150.00")), "150.00"),
        (month(PERCENT, FLAT), "4420.00"),  # 6% of the 22,000 that is not Medicaid's, and 3,100
        (month(PERCENT, minimum={"amount": "2000.00", "per": "month"}), "2000.00"),
        (month(TIERS, cap={"amount": "2000.00", "per": "month"}), "2000.00"),
    ],
)
def test_every_model_of_fee_comes_from_ledger_and_terms(desk: Desk, terms: dict[str, Any], fee: str) -> None:
    pine = desk_beside(desk, terms)
    busy(pine)

    one = pine.settle()

    assert (str(one.fee), str(one.collected)) == (fee, "30000.00")
    assert pine.fees() == (fee, fee, fee, fee)
    rows = pine.statement(one).section("fee")
    assert sum((row.amount or ZERO for row in rows if not row.total), ZERO) == one.fee == rows[-1].amount


def test_a_fee_of_part_of_a_month_counts_its_days(desk: Desk) -> None:
    pine = desk_beside(desk, month(FLAT), since=date(2026, 3, 16))

    one = pine.settle()

    assert str(one.fee) == "1600.00"
    assert "16" in pine.statement(one).steps[0].formula


def test_a_kept_fee_can_be_computed_again_to_the_cent(desk: Desk) -> None:
    busy(desk)
    desk.settle()

    with desk.scope(), reading():
        assert (proof.fees_kept(desk.house.id), list(proof.fees_that_differ(desk.house.id))) == (1, [])


def test_figures_open_to_lines_that_add_up_to_them(desk: Desk) -> None:
    busy(desk)
    one = desk.settle()
    whole = desk.statement(one)

    with desk.scope(), reading():
        for row in (row for row in whole.rows if row.opens):
            page = queries.behind(queries.figure(one.public_id, row.number), PageAsk(size=200))
            net = page.totals["debit"] - page.totals["credit"]  # type: ignore[operator]
            if row.label != "Other movements":
                assert row.amount == (net if row.sign > 0 else -net), row.label
        behind = {
            each.category: queries.behind(queries.given(one.public_id, each.name, each.category), PageAsk()).totals
            for each in whole.inputs if each.selection
        }  # fmt: skip
    assert {kind: str(sums["debit"] - sums["credit"]) for kind, sums in behind.items()} == {  # type: ignore[operator]
        "commercial": "22000.00", "medicaid": "8000.00",
    }  # fmt: skip
    with desk.scope(), reading(), pytest.raises(NotFound):
        queries.given(one.public_id, "net_collections", "medicare")


def test_promises_are_told_as_they_stood_when_the_month_was_settled_and_each_item_is_judged_once(desk: Desk) -> None:
    """A credit gives back for what was late; what happens afterwards changes no statement, and is in the next."""
    credit = {"words": "item that we touched late", "count": "late_items", "rate": "5%", "cap": "20%"}
    pine, cast = desk_beside(desk, month(FLAT, credits=[credit])), desk.cast
    agreements.person(cast.priya.email, "Priya Raman", practice=pine.house.id, role="biller", at=cast.at)
    priya = cast.actor(cast.priya, fresh=True)
    came = {"quick": (9, 14), "never": (9, 14), "fresh": (31, 18)}
    with pine.scope():
        ids = {
            key: working.open_item(
                practice=pine.house.id, kind="claims.held", subject=("claims.claim", key), title=key, why="Held.",
                key=key, priority=50, priority_why="By dollars", at=datetime(2026, 3, day, hour, tzinfo=UTC),
                due_at=datetime(2026, 4, 2, tzinfo=UTC),
            )
            for key, (day, hour) in came.items()
        }  # fmt: skip
        working.comment(actor=priya, public_id=ids["quick"], text="Called", at=datetime(2026, 3, 10, 14, tzinfo=UTC))
    march = pine.settle()

    def told(one: settled.Settlement) -> list[tuple[str, str]]:
        with pine.scope(), reading():
            (level,) = (each for each in queries.levels(one) if each.kind == "claims.held")
        return [(each.span.subject, each.held.value) for each in level.items]

    as_settled = [("quick", "kept"), ("never", "late"), ("fresh", "runs")]
    assert (str(march.fee), told(march)) == ("2945.00", as_settled)

    with pine.scope():
        for key in ("never", "fresh"):
            working.done(actor=priya, public_id=ids[key], at=datetime(2026, 4, 7, 14, tzinfo=UTC))
    pine.at = datetime(2026, 5, 4, 14, tzinfo=UTC)
    april = pine.settle(MARCH.plus(1))

    assert told(march) == as_settled
    assert (str(april.fee), told(april)) == ("2945.00", [("fresh", "late")])


def test_the_last_month_is_settled_and_paid_after_the_agreement_has_ended(desk: Desk) -> None:
    desk.paid("10000.00")
    with desk.scope():
        execution.terminate(
            actor=builder(at := datetime(2026, 3, 30, 15, tzinfo=UTC)), agreement=desk.cast.agreement.agreement,
            ends_on=date(2026, 4, 1), why="Sold", at=at,
        )  # fmt: skip
    with pytest.raises(Forbidden, match="No agreement"), desk.scope():
        desk.actor.must("ledger.post", desk.house.id)
    one = desk.settle()
    desk.approve(one)
    assert (str(one.fee), desk.pay(one).state) == ("1200.00", S.PAID)


def test_settling_a_month_twice_is_one_settlement(desk: Desk) -> None:
    one = desk.settle()

    with pytest.raises(Conflict, match="March 2026 is settled already") as no:
        desk.settle()

    assert no.value.fix == "Withdraw that settlement first."
    with desk.scope(), atomic.open():
        assert Settlement.objects.count() == 1
        twin = Settlement.objects.get(public_id=one.public_id)
        twin.pk, twin.public_id, twin.invoice = None, "SET-00000000", "ROCK-TWIN"
        with pytest.raises(IntegrityError, match="a_month_is_settled_once"), transaction.atomic():
            twin.save()


def test_a_month_that_is_not_over_or_has_no_agreement_is_refused_in_words(desk: Desk) -> None:
    with pytest.raises(services.CannotSettle, match="April 2026 is not over") as early:
        desk.settle(MARCH.plus(1))
    with pytest.raises(services.CannotSettle, match="No agreement with a fee was in force in November 2025"):
        desk.settle(MARCH.plus(-4))

    assert early.value.fix == "Settle it from 2026-05-01 on."


def test_a_closed_month_takes_neither_settlement_nor_withdrawal_until_it_is_opened(desk: Desk) -> None:
    def turn(act: Any, **more: Any) -> None:
        with desk.scope():
            act(actor=desk.actor, entity=desk.house.entity.id, month=MARCH, at=desk.at, **more)

    turn(periods.close)
    with pytest.raises(PeriodNotOpen):
        desk.settle()
    turn(periods.reopen, why="The fee is missing")
    one = desk.settle()
    turn(periods.close)

    with pytest.raises(PeriodNotOpen):
        desk.withdraw(one)

    assert desk.fees() == ("1200.00",) * 4


def test_a_withdrawn_month_is_settled_anew_and_only_the_new_fee_stands(desk: Desk) -> None:
    first = desk.settle()
    busy(desk)

    withdrawn = desk.withdraw(first)

    assert (withdrawn.state, desk.fees()) == (S.WITHDRAWN, ("0.00",) * 4)
    second = desk.settle()
    assert (second.invoice, str(second.fee)) == ("ROCK-2026-03-2", "1320.00")
    assert desk.fees() == ("1320.00",) * 4
    with desk.scope(), reading():
        made = [(entry.memo, bool(entry.reversed_by or entry.reverses)) for _, entry in queries.entries(first)]
    assert len(made) == 4
    assert all(taken_back for _, taken_back in made)


def test_what_was_paid_before_a_correction_counts_towards_the_new_invoice(desk: Desk) -> None:
    paid = desk.pay(desk.approve(desk.settle()))
    busy(desk)
    desk.withdraw(paid)
    assert desk.fees() == ("0.00", "-1200.00", "0.00", "-1200.00")

    second = desk.settle()

    assert (str(second.fee), str(second.credited), str(second.due)) == ("1320.00", "1200.00", "120.00")
    desk.pay(desk.approve(second))
    assert desk.fees() == ("1320.00", "0.00", "1320.00", "0.00")
    cash = desk.balance(desk.mso_entity, Accounts.OPERATING_CASH, Basis.COMMON)
    assert str(cash) == "1320.00"


def test_too_much_paid_is_paid_back_in_both_books(desk: Desk) -> None:
    busy(desk)
    paid = desk.pay(desk.approve(desk.settle()))
    desk.withdraw(paid, "The agreement's minimum holds: half of the money was another practice's")
    with desk.scope(), atomic.open():
        Settlement.objects.filter(public_id=paid.public_id).update(paid_amount="2000.00")  # as if more had been paid

    second = desk.settle()

    assert str(second.due) == "-680.00"
    before = desk.balance(desk.mso_entity, Accounts.OPERATING_CASH, Basis.COMMON)
    desk.pay(desk.approve(second))
    assert str(desk.balance(desk.mso_entity, Accounts.OPERATING_CASH, Basis.COMMON) - before) == "-680.00"


def test_paying_clears_the_debt_and_is_the_expense_on_the_cash_basis(desk: Desk) -> None:
    one = desk.approve(desk.settle())
    ours = desk.house.entity.id
    assert str(desk.balance(ours, Accounts.MANAGEMENT_FEE, Basis.COMMON, Basis.CASH)) == "0.00"

    paid = desk.pay(one)

    assert paid.paid_on == date(2026, 4, 2)
    assert desk.fees() == ("1200.00", "0.00", "1200.00", "0.00")
    assert str(desk.balance(ours, Accounts.MANAGEMENT_FEE, Basis.COMMON, Basis.CASH)) == "1200.00"
    with desk.scope(), reading():
        assert queries.fees().holds


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2026, 4, 3)])
def test_a_payment_is_dated_between_the_invoice_and_today(desk: Desk, on: date) -> None:
    one = desk.approve(desk.settle())

    with pytest.raises(services.CannotSettle, match="cannot have been paid on") as no:
        desk.pay(one, on)

    assert no.value.field == "paid_on"


def test_a_rule_of_law_stops_a_payment_until_what_it_asks_is_so(desk: Desk) -> None:
    desk.paid("10000.00")
    one = desk.settle()
    desk.approve(one)
    said = {"actor": desk.office.actor, "practice": desk.house.id, "why": "The bank's letter", "at": desk.at}
    with desk.scope():
        law.say(facts={"reassign.medicaid_to_mso": "yes"}, **said)
    with pytest.raises(law.NotLawful, match=r"MCD-AGENT-01: .*\(42 CFR 447.10"):
        desk.pay(one)
    with desk.scope():
        law.say(facts={"reassign.medicaid_to_mso": "no", "baa.downstream": ""}, **said)
    with pytest.raises(law.NotLawful, match="HIPAA-BA-01") as no:
        desk.pay(one)
    assert "Say first: Subcontractors" in no.value.fix
    with desk.scope():
        law.say(facts={"baa.downstream": "yes"}, **said)
    assert desk.pay(one).state is S.PAID


def test_only_the_practice_approves_and_nothing_is_paid_before(desk: Desk) -> None:
    one = desk.settle()
    with desk.scope(), reading():
        assert (
            "fee of 1200.00 waits for your approval"
            in work.open_for(("settlement.settlement", one.public_id), at=desk.at)[0].why
        )

    with pytest.raises(Conflict, match="ROCK-2026-03 waits for the practice's approval"):
        desk.pay(one)
    with desk.scope(), pytest.raises(Forbidden):
        services.approve(actor=desk.actor, settlement=one.public_id, at=desk.at)
    assert desk.approve(one).approved_by == "Dr. Ana Rockland"
    with pytest.raises(Conflict, match="is approved already"):
        desk.approve(one)
    with desk.scope(), pytest.raises(Forbidden):
        services.withdraw(actor=desk.owner, settlement=one.public_id, why="I do not like it", at=desk.at)


def test_who_settles_for_the_mso_cannot_be_made_an_owner_to_approve_it(desk: Desk) -> None:
    one = desk.settle()
    with pytest.raises(CannotGrant, match="nobody stands on both sides of an agreement"):
        agreements.person(desk.elena.email, "Elena", practice=desk.house.id, role="practice_owner", at=desk.at)

    with desk.scope(), atomic.open():
        row = Settlement.objects.get(public_id=one.public_id)
        with pytest.raises(IntegrityError, match="only a licensee of the practice approves"), transaction.atomic():
            row.state, row.approved_at, row.approved_by = S.APPROVED, desk.at, "Elena"
            row.approved_user = desk.elena.public_id
            row.save()

    assert desk.approve(one).approved_by == "Dr. Ana Rockland"


def test_nothing_is_settled_where_one_of_two_entries_cannot_stand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.scope():
        periods.close(actor=desk.office.actor, entity=desk.mso_entity, month=MARCH, at=desk.at)

    with pytest.raises(PeriodNotOpen):
        desk.settle()

    with desk.scope(), reading():
        assert not Settlement.objects.exists()
        assert not StatementRow.objects.exists()
    assert str(desk.balance(desk.house.entity.id, Accounts.MANAGEMENT_FEE)) == "0.00"


def test_a_run_settles_who_can_be_settled_once_and_says_who_cannot(desk: Desk) -> None:
    pine = desk_beside(desk, month(FLAT))
    desk.settle()
    with pine.scope():
        periods.close(actor=desk.office.actor, entity=pine.house.entity.id, month=MARCH, at=desk.at)
    fir = desk_beside(desk, month(FLAT), code="FIR")
    everybody = [desk.house.id, pine.house.id, fir.house.id]

    ids = []
    for _ in range(2):
        with desk.cast.scope(desk.cast.rockland, pine.house, fir.house), _and(desk.cast.mso.id, everybody):
            ids.append(
                runs.begin(
                    actor=desk.actor, mso=desk.cast.mso.id, practices=everybody, month=MARCH, at=desk.at
                ).public_id
            )
    for run in ids:
        jobs.run("settlement.run", practice=desk.cast.mso.id, at=desk.at, run=run)

    with _and(desk.cast.mso.id, everybody), reading():
        first, second = (queries.run(run) for run in ids)
    assert [row.practice_name for row in first.settled] == ["Fir Clinic"]
    assert (first.standing, first.done, first.practices) == (1, 3, 3)
    assert [(one.practice_name, "closed" in one.words) for one in first.refused] == [("Pine Clinic", True)]
    assert (len(second.settled), second.standing, len(second.refused)) == (0, 2, 1)
    assert first.finished_at == second.finished_at == desk.at


def test_a_run_goes_on_where_it_was_interrupted(desk: Desk) -> None:
    with desk.scope():
        run = runs.begin(
            actor=desk.actor, mso=desk.cast.mso.id, practices=[desk.house.id], month=MARCH, at=desk.at
        ).public_id
        more = runs.go_on(actor=desk.office.actor, run=run, at=desk.at)
        again = runs.go_on(actor=desk.office.actor, run=run, at=desk.at)
        with reading():
            assert queries.run(run).done == 1
    assert (more, again) == (False, False)


def test_the_list_is_narrowed_sorted_and_summed_by_the_database(desk: Desk) -> None:
    pine = desk_beside(desk, month(FLAT))
    desk.approve(desk.settle())
    pine.settle()

    with _and(desk.cast.mso.id, [desk.house.id, pine.house.id]), reading():
        every = queries.settlements(Filters(), PageAsk(size=1, sort="fee", desc=True))
        approved = queries.settlements(Filters((Term("is", "=", "approved", "approved"),)), PageAsk())
        named = queries.settlements(Filters(text="ine cl"), PageAsk())
        month_after = queries.settlements(Filters((Term("month", ">", MARCH, "2026-03"),)), PageAsk())
    assert (every.total, [row.practice_name for row in every.rows]) == (2, ["Pine Clinic"])
    assert {key: str(value) for key, value in every.totals.items()} == {
        "collected": "0.00", "fee": "4300.00", "due": "4300.00", "disputed": "0.00",
    }  # fmt: skip
    assert [row.practice_name for row in approved.rows] == ["Rockland Family Practice"]
    assert [row.practice_name for row in named.rows] == ["Pine Clinic"]
    assert month_after.total == 0


def test_a_rival_sees_nothing(desk: Desk) -> None:
    one = desk.settle()
    theo = desk.cast.actor(desk.cast.theo, at=desk.at)

    with desk.cast.scope(desk.cast.rival), reading():
        assert queries.settlements(Filters(), PageAsk()).total == 0
        with pytest.raises(NotFound):
            queries.statement(one.public_id)
    with desk.cast.scope(desk.cast.rival), pytest.raises(Refused):
        services.approve(actor=theo, settlement=one.public_id, at=desk.at)


def _and(mso: int, practices: list[int]) -> Any:

    reach = tenancy.reach(mso, *practices)
    return scope(practices=reach.practices, entities=reach.entities)
