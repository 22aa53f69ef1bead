"""What happens when patients do not pay: small balances, dunning, an agency, and what comes back of bad debt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing import testing
from openmso.billing.queries import accounts, chasing, deposits, sweeps
from openmso.billing.rules import agency_files, dunning, medical_debt, tables
from openmso.billing.rules.dunning import Facts
from openmso.billing.rules.medical_debt import Law, Row
from openmso.billing.rules.policy import Policy
from openmso.billing.services import placing, stating, stepping, sweeping
from openmso.billing.services import policies as deciding
from openmso.billing.services.sweeping import NoSweep
from openmso.billing.states import Deed, Hold, Method, Placed, Stage, Sweeping, SweepKind, Swept, TableKind
from openmso.billing.tests.conftest import decided, left_to_patient, standing
from openmso.kit import clock
from openmso.kit.errors import Conflict, Refused
from openmso.kit.money import Money
from openmso.kit.states import IllegalMove
from openmso.ledger.contracts import Accounts
from openmso.platform.access import queries as access
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import bearer, signed_in, token_for
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances import testing as payer
from openmso.remittances.tests.office import Office, office_of

ON, POLICY, NOTHING = date(2026, 9, 1), Policy(), Law()
SENT = tuple(date(2026, 3, 2) + timedelta(days=28 * n) for n in range(3))
OWES = Facts(Money.of(100), oldest_on=date(2026, 2, 1), statements=SENT)
NOTICED = replace(OWES, steps={Stage.LETTER: date(2026, 5, 25), Stage.CALL: date(2026, 6, 1),
                               Stage.FINAL: date(2026, 6, 15)})  # fmt: skip
READY = replace(NOTICED, steps={**NOTICED.steps, Stage.READY: date(2026, 8, 1)})
BOOKS = [Accounts.AR_PATIENT, Accounts.BAD_DEBT, Accounts.PATIENT_CREDITS, Accounts.PATIENT_RECEIPTS]


@pytest.mark.parametrize(
    ("facts", "stage", "following", "due"),
    [
        (replace(OWES, statements=()), Stage.NONE, Stage.STATEMENT, ON),
        (replace(OWES, statements=SENT[:1]), Stage.STATEMENT, Stage.STATEMENT, date(2026, 3, 30)),
        (OWES, Stage.STATEMENT, Stage.LETTER, date(2026, 5, 25)),
        (replace(OWES, steps={Stage.LETTER: date(2026, 5, 26)}), Stage.LETTER, Stage.CALL, date(2026, 6, 2)),
        (NOTICED, Stage.FINAL, Stage.READY, date(2026, 7, 15)),
        (READY, Stage.READY, Stage.AGENCY, date(2026, 8, 1)),
        (replace(READY, is_placed=True), Stage.AGENCY, None, None),
        (replace(READY, back_on=date(2026, 8, 20)), Stage.BACK, Stage.READY, date(2026, 8, 20)),
        (replace(READY, back_on=date(2026, 7, 20)), Stage.READY, Stage.AGENCY, date(2026, 8, 1)),
        (replace(READY, on_plan=True), Stage.READY, None, None),
        (replace(READY, unapplied=Money.of(100)), Stage.READY, None, None),
        (replace(READY, owed=Money.of(24)), Stage.READY, None, None),
        *((replace(READY, hold=hold), Stage.READY, None, None) for hold in Hold),
    ],
)
def test_what_comes_next_and_what_stops_it(
    facts: Facts, stage: Stage, following: Stage | None, due: date | None
) -> None:  # fmt: skip
    found = dunning.stand(facts, POLICY, NOTHING, ON)
    assert (found.stage, found.next, found.due_on, bool(found.words)) == (stage, following, due, True)


def test_law_only_makes_it_later() -> None:
    rows = [Row("US", "hospital_first_days", 240, "law", "", "26 CFR"), Row("XX", "final_days", 60, "law", "", "XX 1")]
    law = medical_debt.of_state("xx", is_hospital=False, known=rows, on=ON)
    found = dunning.stand(NOTICED, POLICY, law, ON)
    assert (found.due_on, "by law" in found.words) == (date(2026, 8, 14), True)
    hospital = medical_debt.of_state("xx", is_hospital=True, known=rows, on=ON)
    assert dunning.stand(NOTICED, POLICY, hospital, ON).due_on == date(2026, 10, 28)
    shipped = [tables.debt_row(row) for row in tables.shipped(TableKind.DEBT)]
    mexico = medical_debt.of_state("NM", is_hospital=False, known=shipped, on=ON)
    rests = dunning.stand(replace(READY, back_on=date(2026, 8, 20)), POLICY, mexico, ON)
    assert (rests.next, rests.due_on, "rests 30 days" in rests.words) == (Stage.READY, date(2026, 9, 19), True)
    assert dunning.stand(READY, POLICY, mexico, ON).next is None
    assert dunning.stand(replace(READY, is_screened=True), POLICY, mexico, ON).next is Stage.AGENCY
    old = replace(READY, oldest_on=date(2021, 1, 1))
    assert "four years" in dunning.stand(old, POLICY, mexico, ON).words
    assert all(row.source for row in shipped)
    jersey = [medical_debt.of_state("NJ", is_hospital=False, known=shipped, on=on).first_days
              for on in (date(2025, 7, 21), date(2025, 7, 22))]  # fmt: skip
    assert jersey == [0, 120]
    york = medical_debt.of_state("NY", is_hospital=False, known=shipped, on=ON)
    late = dunning.stand(replace(READY, oldest_on=date(2023, 8, 31)), POLICY, york, ON)
    assert (york.time_bar_days, "213-d" in late.words) == (1095, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"placement,type\nPLC-1,payment\n", "Line 1: the column amount is missing"),
        (b"placement,type,amount,fee,on,reference\n", "no line"),
        (b"placement,type,amount,fee,on,reference\nP,gift,1,0,,\n", "Line 2: the type 'gift'"),
        (b"placement,type,amount,fee,on,reference\nP,payment,x,0,,\n", "Line 2: the amount 'x' is no amount"),
        (b"placement,type,amount,fee,on,reference\nP,payment,-1,0,,\n", "Line 2: an amount is negative"),
        (b"placement,type,amount,fee,on,reference\nP,payment,1,2,,\n", "Line 2: the fee is more"),
        (b"placement,type,amount,fee,on,reference\nP,payment,1,0,30.10.26,\n", "Line 2: '30.10.26' is no day"),
    ],
)
def test_an_agencys_file_says_what_is_wrong_with_it(content: bytes, words: str) -> None:
    with pytest.raises(agency_files.Unreadable, match=words):
        agency_files.read(content)


def at_once(office: Office) -> datetime:
    """Let small balances be given up from their first day; an hour later."""
    with office.scope():
        deciding.decide(actor=office.actor, practice=office.practice, policy=replace(Policy(), small_balance_days=0),
                        why="For a test", at=office.at)  # fmt: skip
    return office.at + timedelta(hours=1)


def rows(office: Office, sweep: str) -> dict[str, tuple[Deed, Swept, str]]:
    with office.reading():
        found = sweeps.of_sweep(sweep, filters=Filters(), page=PageAsk()).rows
    return {one.patient: (one.deed, one.state, str(one.amount)) for one in found}


def owed(office: Office, patient: str) -> tuple[str, str]:
    with office.reading():
        row = accounts.account(patient).row
    return str(row.owed), str(row.unapplied)


@pytest.mark.django_db
def test_small_balances_are_given_up_by_two_people_and_can_be_owed_again(office: Office) -> None:
    _, little = left_to_patient(office, "3.00")
    _, much = left_to_patient(office, "30.00")
    _, held = left_to_patient(office, "2.00")
    _, ahead = left_to_patient(office, "4.00")
    with office.scope():
        testing.payment(ahead, "6.00", at=office.at, method=Method.CASH)
        stating.hold(actor=office.actor, patient=held, reason=Hold.APPEAL, why="Level two", at=office.at)
    later = at_once(office)
    ana, ben = (agreements.person(f"{name}@rockland.example", name, practice=office.practice, role="practice_owner",
                                  at=office.at) for name in ("ana", "ben"))  # fmt: skip
    with office.scope():
        first, second = (access.actor_for(one, at=later, fresh=True) for one in (ana, ben))
        run = sweeping.propose(actor=first, practice=office.practice, kind=SweepKind.SMALL, at=later)
        assert {name: one[0] for name, one in rows(office, run).items()} == {
            little: Deed.WRITE_OFF, ahead: Deed.REFUND
        }  # fmt: skip
        with pytest.raises(SamePerson):
            sweeping.approve(actor=first, sweep=run, at=later)
        with pytest.raises(Refused):
            sweeping.approve(actor=second, sweep=run, at=later)  # credits go back by a check that is named
        sweeping.approve(actor=second, sweep=run, reference="Checks 801", at=later)
    assert owed(office, little) == ("0.00", "0.00")
    assert owed(office, ahead) == ("0.00", "0.00")
    assert owed(office, much)[0] == "30.00"
    assert standing(office, [Accounts.AR_PATIENT, Accounts.OTHER_ADJUSTMENTS, Accounts.PATIENT_CREDITS]) == [
        "32.00", "3.00", "0.00"
    ]  # fmt: skip
    with office.scope():
        with office.reading():
            (row,) = [one for one in sweeps.of_sweep(run, filters=Filters(), page=PageAsk()).rows
                      if one.patient == little]  # fmt: skip
        back = sweeping.take_back(actor=second, sweep=run, number=row.number, why="Paid after all", at=later)
        assert str(back) == "3.00"
        with pytest.raises(NoSweep):
            sweeping.take_back(actor=second, sweep=run, number=row.number, why="Again", at=later)
    assert owed(office, little)[0] == "3.00"
    assert standing(office, [Accounts.AR_PATIENT, Accounts.OTHER_ADJUSTMENTS]) == ["35.00", "0.00"]


@pytest.mark.django_db
def test_an_account_is_dunned_handed_over_recovered_and_recalled(office: Office) -> None:
    claim, patient = left_to_patient(office, "60.00", "40.00")
    _, other = left_to_patient(office, "50.00")
    _, held = left_to_patient(office, "70.00")
    at, actor, practice = office.at, office.actor, office.practice
    policy = replace(Policy(), statements_before_agency=1, days_before_agency=0, letter_days=2, call_days=0,
                     final_days=2, agency_days=3)  # fmt: skip

    def dun(day: int) -> dict[str, tuple[Deed, Swept, str]]:
        run = sweeping.propose(actor=actor, practice=practice, kind=SweepKind.DUNNING, at=at + timedelta(days=day))
        sweeping.approve(actor=actor, sweep=run, at=at + timedelta(days=day))
        with office.reading():
            found = sweeps.sweep(run)
            assert bool(found.paper) == (day < 7)
        return rows(office, run)

    with office.scope():
        deciding.decide(actor=actor, practice=practice, policy=policy, why="Short, for a test", at=at)
        stating.run(actor=actor, practice=practice, at=at)
        assert {one[0] for one in dun(2).values()} == {Deed.LETTER}
        testing.payment(other, "10.00", at=at + timedelta(days=3))
        stating.hold(actor=actor, patient=held, reason=Hold.DISPUTE, why="Not mine", at=at)
        told = dun(4)
        assert (told[patient][0], told[other][0], told[held][0]) == (Deed.FINAL, Deed.NOTHING, Deed.NOTHING)
        with pytest.raises(NoSweep):
            sweeping.propose(actor=actor, practice=practice, kind=SweepKind.DUNNING, at=at + timedelta(days=6))
        assert dun(7)[patient][0] is Deed.READY
        agency = placing.name_agency(actor=actor, practice=practice, name="Fair Debt", fee_percent=Decimal(25), at=at)
        end = at + timedelta(days=8)
        run = sweeping.propose(actor=actor, practice=practice, kind=SweepKind.AGENCY, agency=agency, at=end)
        again = sweeping.propose(actor=actor, practice=practice, kind=SweepKind.AGENCY, agency=agency, at=end)
        sweeping.approve(actor=actor, sweep=run, at=end)
        sweeping.approve(actor=actor, sweep=again, at=end)
    assert rows(office, again)[patient][1] is Swept.LEFT_OUT
    assert owed(office, patient) == ("0.00", "0.00")
    assert standing(office, BOOKS) == ["110.00", "100.00", "0.00", "10.00"]
    with office.reading():
        (placed,) = sweeps.placements(filters=Filters(), page=PageAsk()).rows
        assert (placed.patient, placed.state, str(placed.amount)) == (patient, Placed.OUT, "100.00")
        sheet = documents.read(sweeps.sweep(run).sheet, practice).decode().splitlines()
        assert sheet[1].startswith(f"{placed.public_id},{patient},")
        assert sheet[1].split(",")[12] == str(claim.service_on), "though the account owes nothing any more"
        assert {row.patient: row.stage for row in chasing.listing(filters=Filters(), page=PageAsk()).rows}[
            patient] is Stage.AGENCY  # fmt: skip

    head = "placement,type,amount,fee,on,reference\n"
    with office.scope():
        with pytest.raises(Refused, match="Line 2"):
            placing.take_file(actor=actor, agency=agency, name="x.csv", at=end,
                              content=f"{head}PLC-23456789,payment,1,0,,\n".encode())  # fmt: skip
        content = f"{head}{placed.public_id},payment,30.00,7.50,2026-04-20,C1\n".encode()
        assert placing.take_file(actor=actor, agency=agency, name="a.csv", content=content, at=end)[0] == 1
        with pytest.raises(Conflict):
            placing.take_file(actor=actor, agency=agency, name="b.csv", content=content, at=end)
        testing.payment(patient, "20.00", at=end)  # pays the practice itself
        with office.reading():
            (placed,) = sweeps.placements(filters=Filters(), page=PageAsk()).rows
            assert (str(placed.recovered), str(placed.fee)) == ("50.00", "7.50")
            assert deposits.not_banked(practice) == Money.of("52.50")
    assert standing(office, [*BOOKS, Accounts.PROFESSIONAL_FEES]) == ["110.00", "50.00", "0.00", "52.50", "7.50"]
    with office.scope():
        placing.recall(actor=actor, placements=[placed.public_id], why="The patient called", at=end)
    assert owed(office, patient) == ("50.00", "0.00")
    assert standing(office, BOOKS)[:2] == ["160.00", "0.00"]
    with office.reading():
        found = {row.patient: row for row in chasing.listing(filters=Filters(), page=PageAsk()).rows}[patient]
        assert (found.stage, found.next, "rests 30 days" in found.words) == (Stage.BACK, Stage.READY, True)

    office.pay(payer.reversal(decided(claim, "60.00", "40.00")), decided(claim, "0.00", "0.00", payer_control="ICN2"),
               number=7)  # fmt: skip
    outbox.deliver_pending(at=end)
    assert owed(office, patient) == ("0.00", "50.00")


@pytest.mark.django_db
def test_what_a_payer_pays_late_takes_back_what_was_given_up_first(office: Office) -> None:
    claim, patient = left_to_patient(office, "4.00")
    later = at_once(office)
    with office.scope():
        run = sweeping.propose(actor=office.actor, practice=office.practice, kind=SweepKind.SMALL, at=later)
        sweeping.approve(actor=office.actor, sweep=run, at=later)
    first = decided(claim, "4.00")
    office.pay(payer.reversal(first), decided(claim, "1.00", payer_control="ICN2"), number=2)
    outbox.deliver_pending(at=office.at)
    assert owed(office, patient) == ("0.00", "0.00")
    assert standing(office, [Accounts.AR_PATIENT, Accounts.OTHER_ADJUSTMENTS]) == ["0.00", "1.00"]


@pytest.mark.django_db
def test_runs_and_agencies_on_screen_and_by_software(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    later = at_once(office)
    _, patient = left_to_patient(office, "3.00")
    monkeypatch.setattr(clock, "now", lambda: later)
    ana, ben = (signed_in(agreements.person(f"{name}@rockland.example", name, practice=office.practice,
                                            role="practice_owner", at=office.at)) for name in ("ana", "ben"))  # fmt: skip
    made = ana.post(reverse("billing:new-sweep"), {"run_practice": "rock", "kind": "small", "agency": ""})
    assert made.status_code == 303
    run = made["Location"].rstrip("/").rsplit("/", 1)[1]
    page = ben.get(made["Location"]).content.decode()
    assert "Approve and do it" in page
    assert "Give up" in page
    told = ben.get(f"/api/account-runs/{run}/accounts").json()
    assert [(one["patient"], one["deed"]) for one in told["items"]] == [(patient, "write_off")]
    assert ana.post(f"/api/account-runs/{run}/approval", "{}", content_type="application/json").status_code == 403
    assert ben.post(reverse("billing:decide-sweep", args=[run]), {"reference": ""}).status_code == 303
    assert ben.get(f"/api/account-runs/{run}").json()["state"] == Sweeping.DONE.value
    named = ana.post("/api/collection-agencies", json.dumps({"practice": "ROCK", "name": "Fair", "fee_percent": "25"}),
                     content_type="application/json")  # fmt: skip
    assert named.status_code == 201
    assert "Fair" in ana.get(reverse("billing:placements")).content.decode()
    assert ana.get(reverse("billing:agency", args=[named.json()["id"]])).status_code == 200
    assert "House policy" in ana.get(reverse("billing:chases")).content.decode()


@pytest.mark.django_db
def test_a_run_that_is_interrupted_goes_on_and_does_nothing_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "STEP", 1)
    monkeypatch.setattr(sweeping, "AT_ONCE", 0)
    for amount in ("1.00", "2.00", "3.00"):
        left_to_patient(office, amount)
    later, on = at_once(office), {"actor": office.actor, "at": office.at + timedelta(hours=1)}
    lost = [Accounts.AR_PATIENT, Accounts.OTHER_ADJUSTMENTS]
    with office.scope():
        run = sweeping.start(actor=office.actor, practice=office.practice, kind=SweepKind.SMALL, at=later)
        assert all(stepping.go_on(sweep=run, **on) for _ in range(2))
        with office.reading():
            row = sweeps.sweep(run)
            assert (row.state, row.whole, row.looked) == (Sweeping.BEGUN, 3, 1)
            assert sweeps.under_way(practice=office.practice, kind=SweepKind.SMALL) == [run]
        with pytest.raises(IllegalMove):
            sweeping.approve(sweep=run, **on)
        sweeping.finish_looking(sweep=run, **on)
        sweeping.approve_soon(sweep=run, **on)
        assert stepping.go_on(sweep=run, **on)
        assert standing(office, lost) == ["5.00", "1.00"]
        page = signed_in(
            agreements.person(
                "leah@rockland.example", "Leah", practice=office.practice, role="practice_owner", at=office.at
            )
        ).get(reverse("billing:sweep", args=[run]))
        assert "1 of 3 accounts done" in page.content.decode()
        sweeping.take_up(sweep=run, **on)
        while stepping.go_on(sweep=run, **on):
            pass
        assert not stepping.go_on(sweep=run, **on)
        with office.reading():
            assert (sweeps.sweep(run).state, str(sweeps.sweep(run).amount)) == (Sweeping.DONE, "6.00")
        with pytest.raises(NoSweep):
            sweeping.take_up(sweep=run, **on)
    assert standing(office, lost) == ["0.00", "6.00"]


@pytest.mark.django_db
def test_a_run_is_stopped_in_its_middle(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "STEP", 1)
    for amount in ("1.00", "2.00"):
        left_to_patient(office, amount)
    on = {"actor": office.actor, "at": at_once(office)}
    with office.scope():
        run = sweeping.propose(practice=office.practice, kind=SweepKind.SMALL, **on)
        sweeping.decide(sweep=run, **on)
        stepping.go_on(sweep=run, **on)
        sweeping.refuse(sweep=run, why="The rest is looked at again", **on)
    with office.reading():
        row = sweeps.sweep(run)
        assert (row.state, row.count, str(row.amount)) == (Sweeping.DONE, 1, "1.00")
    assert standing(office, [Accounts.AR_PATIENT]) == ["2.00"]


@pytest.mark.django_db
def test_runs_are_made_and_decided_by_tokens_within_what_their_people_may(
    cast: agreements.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token is its person, cut to what it was given: who may not is told so in words, and nothing happens."""
    office = office_of(cast.rockland, cast.payer, at=cast.at)
    later = at_once(office)
    left_to_patient(office, "3.00")
    monkeypatch.setattr(clock, "now", lambda: later)
    with office.reading():
        here = [tenancy.tenants(code="ROCK")[0]]
    lee, marta = (agreements.person(f"{name}@harborridge.example", name.title(), practice=office.practice,
                                    role="billing_lead", at=office.at) for name in ("lee", "marta"))  # fmt: skip
    reads, makes, decides = "billing.read", "billing.state", "billing.approve"
    maker, second = (bearer(token_for(one, [reads, makes, decides], here)) for one in (lee, marta))
    reader, half = (bearer(token_for(marta, may, here)) for may in ([reads], [reads, makes]))
    ask = {"practice": "ROCK", "kind": "small"}

    def say(door: Any, where: str, body: dict[str, str]) -> tuple[int, Any]:
        answer = door.post(f"/api/account-runs{where}", body, content_type="application/json")
        return answer.status_code, answer.json()

    status, no = say(reader, "", ask)
    assert (status, "This token was not given the right" in no["detail"]) == (403, True), no
    status, run = say(maker, "", ask)
    assert (status, run["state"], run["made_by"]) == (201, "proposed", "Lee"), run
    door = f"/{run['id']}/approval"
    for whose, words in (
        (reader, "This token was not given the right to send statements"),
        (half, "This token was not given the right to approve"),
        (maker, "You made this run; somebody else has to decide it."),
    ):
        status, no = say(whose, door, {"reference": ""})
        assert (status, words in no["detail"]) == (403, True), no
    status, done = say(second, door, {"reference": ""})
    assert (status, done["state"], done["decided_by"]) == (200, "done", "Marta"), done
    assert [one["state"] for one in reader.get(f"/api/account-runs/{run['id']}/accounts").json()["items"]] == ["done"]
