"""Payment plans: what they ask, what is missed, what they keep from happening; and who approves the unusual ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing import testing
from openmso.billing.queries import accounts, plans, statements
from openmso.billing.rules.plans import Terms, beyond, first_day, flaws, in_months, left_of, months_allowed, stand
from openmso.billing.rules.policy import Policy
from openmso.billing.services import planning, stating
from openmso.billing.services.planning import NoPlan
from openmso.billing.states import L, NoStatement
from openmso.billing.tests.conftest import left_to_patient
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances.tests.office import Office

THREE = Terms(Money.of(100), Money.of(40), date(2026, 1, 5))


def test_a_schedule_is_the_balance_to_the_cent() -> None:
    told = [(str(one.due_on), str(one.amount)) for one in THREE.schedule()]
    assert told == [("2026-01-05", "40.00"), ("2026-02-05", "40.00"), ("2026-03-05", "20.00")]
    for amount, months in (("100.00", 3), ("0.07", 5), ("999.99", 12)):
        whole = Money.of(amount)
        terms = Terms(whole, in_months(whole, months), date(2026, 11, 28))
        assert Money.total(one.amount for one in terms.schedule()) == whole
        assert terms.count <= months


@pytest.mark.parametrize(
    ("left", "on", "due", "missed", "upcoming"),
    [
        ("100", "2026-01-04", "0.00", 0, "2026-01-05"),
        ("100", "2026-01-05", "40.00", 0, "2026-01-05"),
        ("100", "2026-01-10", "40.00", 0, "2026-01-05"),
        ("100", "2026-01-11", "40.00", 1, "2026-01-05"),
        ("60", "2026-01-11", "0.00", 0, "2026-02-05"),
        ("70", "2026-02-11", "50.00", 2, "2026-01-05"),
        ("60", "2026-02-11", "40.00", 1, "2026-02-05"),
        ("0", "2026-01-11", "0.00", 0, None),
    ],
)
def test_what_is_due_and_missed_on_a_day(left: str, on: str, due: str, missed: int, upcoming: str | None) -> None:
    found = stand(THREE, Money.of(left), date.fromisoformat(on), grace=5)
    assert (str(found.due), found.missed) == (due, missed)
    assert (str(found.next.due_on) if found.next else None) == upcoming
    assert found.paid + found.left == THREE.amount


def test_what_is_owed_beside_a_plan_is_not_part_of_it() -> None:
    covers = [("CLM-1", 1, Money.of(60)), ("CLM-2", 0, Money.of(40))]
    owed = {("CLM-1", 1): Money.of(75), ("CLM-2", 0): Money.of(-3), ("CLM-3", 1): Money.of(20)}
    assert left_of(covers, owed) == Money.of(60)


def test_a_policy_says_which_plans_need_approval() -> None:
    policy = Policy()
    assert beyond(THREE, policy) == ""
    assert "24.99" in beyond(replace(THREE, instalment=Money.of("24.99")), policy)
    assert "13 months" in beyond(Terms(Money.of(325), Money.of(25), THREE.first_on), policy)
    assert beyond(Terms(Money.of(12), Money.of(12), THREE.first_on), policy) == ""
    assert months_allowed(Money.of(100), policy) == [2, 3, 4]
    assert first_day(date(2026, 1, 6), 5) == date(2026, 2, 5)
    assert [field for field, _ in flaws(replace(THREE, instalment=ZERO), date(2026, 6, 1))] == [
        "instalment", "starts_on",
    ]  # fmt: skip


def waiting(office: Office) -> list[str]:
    with office.reading():
        found = WorkItem.objects.filter(kind__startswith="billing.plan").exclude(state=Working.DONE)
        return list(found.values_list("title", flat=True))


def planned(office: Office, patient: str, instalment: str, *, why: str = "", actor: Actor | None = None) -> str:
    return planning.make(
        actor=actor or office.actor, patient=patient, instalment=Money.of(instalment), month_day=15,
        starts_on=date(2026, 3, 12), why=why, at=office.at,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_plan_is_paid_month_by_month_and_broken_when_it_is_not(office: Office) -> None:
    _, kept = left_to_patient(office, "60.00")
    _, lost = left_to_patient(office, "90.00")
    with office.scope():
        good, bad = planned(office, kept, "30.00"), planned(office, lost, "30.00")
        with pytest.raises(Conflict):
            planned(office, kept, "30.00")
        testing.payment(kept, "30.00", at=office.at)
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        rows = {row.patient: row for row in statements.of_run(run, filters=Filters(), page=PageAsk()).rows}
        assert rows[kept].reason is NoStatement.PLAN
        assert "15 Apr 2026" in rows[kept].words
        assert (rows[lost].is_sent, str(rows[lost].amount)) == (True, "30.00")
        content = statements.statement(rows[lost].public_id)[1]
        assert (content["due"], content["total"]) == ("30.00", "90.00")
        assert bad in content["plan"]
        assert plans.in_good_standing(office.practice) == {accounts.account(one).row.patient_id for one in (kept, lost)}

    april, may = office.at + timedelta(days=20), office.at + timedelta(days=45)
    with office.scope():
        told = planning.review(actor=office.actor, practice=office.practice, at=april)
        assert (told, waiting(office)) == ({L.ACTIVE: 2}, ["30.00 of a payment plan is missed"])
        with office.reading():
            assert plans.in_good_standing(office.practice) == {accounts.account(kept).row.patient_id}
        testing.payment(kept, "30.00", at=office.at)
        assert planning.review(actor=office.actor, practice=office.practice, at=may) == {L.BROKEN: 1}
        assert waiting(office) == ["A payment plan is broken"]
    with office.reading():
        assert plans.plan(good, on=may.date())[0].state is L.KEPT
        row, instalments = plans.plan(bad, on=may.date())
        assert (row.state, row.missed, str(row.left)) == (L.BROKEN, 2, "90.00")
        assert [one.is_missed for one in instalments] == [True, True, False]
    with office.scope():
        again = stating.run(actor=office.actor, practice=office.practice, at=may)
    with office.reading():
        assert str(statements.run(again).amount) == "90.00"


@pytest.mark.django_db
def test_a_plan_outside_the_policy_is_approved_by_somebody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    _, patient = left_to_patient(office, "60.00")
    sam, ana = (
        signed_in(agreements.person(f"{name}@rockland.example", name.title(), practice=office.practice, role=role,
                                    at=office.at))
        for name, role in (("sam", "practice_staff"), ("ana", "practice_owner"))
    )  # fmt: skip
    theo = signed_in(agreements.person("theo@rival.example", "Theo", practice=agreements.party_builders.practice(
        at=office.at, code="RIVAL", name="Rival Eye Care").id, role="practice_owner", at=office.at))  # fmt: skip
    new = reverse("billing:make-plan", args=[patient])
    said = {"instalment": "10", "day": "1", "starts_on": "2026-03-12"}
    assert "2 months, 30.00 each" in sam.get(new).content.decode()
    assert sam.post(new, said).status_code == 422
    assert sam.post(new, said | {"why": "Lost the job"}).status_code == 303
    with office.reading():
        (row,) = accounts.account(patient).plans
    here = reverse("billing:plan", args=[row.public_id])
    assert (row.state, waiting(office)) == (L.ASKED, ["60.00 in 6 instalments?"])
    assert sam.post(reverse("billing:approve-plan", args=[row.public_id])).status_code == 403
    assert "Outside the policy" in ana.get(here).content.decode()
    assert ana.post(reverse("billing:approve-plan", args=[row.public_id])).status_code == 303
    told = ana.get(f"/api/payment-plans/{row.public_id}").json()
    assert (told["state"], len(told["instalments"]), waiting(office)) == ("active", 6, [])
    assert row.public_id in ana.get(f"{reverse('billing:plans')}?q=is:active").content.decode()
    assert row.public_id in sam.get(reverse("billing:account", args=[patient])).content.decode()
    ended = sam.post(f"/api/payment-plans/{row.public_id}/end", json.dumps({"why": "Paid by a relative"}),
                     content_type="application/json")  # fmt: skip
    assert ended.json()["state"] == "ended"
    assert theo.get(here).status_code == 404
    assert theo.get("/api/payment-plans").json()["total"] == 0


@pytest.mark.django_db
def test_nobody_approves_their_own_plan(office: Office) -> None:
    _, patient = left_to_patient(office, "60.00")
    own = replace(office.actor, user="USR-23456789")
    with office.scope():
        with pytest.raises(NoPlan):
            planned(office, patient, "5.00", actor=own)
        plan = planned(office, patient, "5.00", actor=own, why="A pensioner")
        with pytest.raises(SamePerson):
            planning.approve(actor=own, plan=plan, at=office.at)
        planning.refuse(actor=office.actor, plan=plan, why="Too long", at=office.at)
        assert waiting(office) == []
        planned(office, patient, "30.00")
