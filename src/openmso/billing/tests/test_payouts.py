"""What cards paid arrives at the bank in payouts: each line is a payment or a refund of ours, or waits as work."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.banking.models import Line
from openmso.billing import testing
from openmso.billing.contracts import PayoutRow
from openmso.billing.providers import payout_file
from openmso.billing.providers.payout_file import COLUMNS, Unreadable
from openmso.billing.queries import deposits, payouts
from openmso.billing.services import depositing, paying_out, receiving, refunding, regarding
from openmso.billing.services.depositing import NoDeposit
from openmso.billing.services.paying_out import NoPayout
from openmso.billing.states import Method, PaidOut, Regard, Slipped
from openmso.billing.tests.conftest import left_to_patient, standing
from openmso.billing.tests.test_deposits import arrive
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.tests.office import Office

BOOKS = [Accounts.PATIENT_RECEIPTS, Accounts.OPERATING_CASH, Accounts.BANK_FEES, Accounts.PATIENT_CREDITS]
Row = tuple[str, str, str, str, str]


def report(*rows: Row, payout: str = "po_1", day: str = "2026-03-12") -> bytes:
    """A report of one payout: transaction, category, what it is about, gross, fee."""
    said = [",".join(COLUMNS)]
    for name, category, about, gross, fee in rows:
        source, intent = ("ch_x", about) if category in {"charge", "dispute"} else (about, "")
        net = Money.of(gross) - Money.of(fee)
        said.append(f"{payout},{day} 00:00:00,{name},usd,{gross},{fee},{net},{category},{source},{intent},")
    return "\r\n".join([*said, ""]).encode()


def take(office: Office, content: bytes) -> PayoutRow:
    with office.scope():
        (made,) = paying_out.take(
            actor=office.actor, practice=office.practice, name="payouts.csv", content=content, at=office.at
        )
        with office.reading():
            return payouts.payout(made)


def on_line(office: Office, patient: str, *amounts: str) -> Sequence[str]:
    with office.scope():
        return [
            testing.payment(patient, amount, at=office.at, method=Method.ONLINE, reference=f"pi_{number}")
            for number, amount in enumerate(amounts, start=1)
        ]


def test_a_report_is_read_whole_or_not_at_all() -> None:
    good: Row = ("txn_1", "charge", "pi_1", "20.00", "0.88")
    (found,) = payout_file.read(report(good, ("txn_2", "fee", "", "-2.00", "0.00")))
    assert str(found.amount) == "17.12"
    for bad, words in (
        (report(good).replace(b"19.12", b"19.13"), "Line 2: 20.00 less the fee"),
        (report(good, good), "Line 3: txn_1 stands twice"),
        (report(good).replace(b",usd,", b",eur,"), "Line 2: it is in EUR"),
        (report(good).replace(b"20.00", b"NaN"), "Line 2: the gross 'NaN'"),
        (report(good).replace(b"2026-03-12", b"12.03.26"), "is no day"),
        (report(good, payout=""), "names no payout"),
        (report(good).replace(b"reporting_category", b"category"), "the column reporting_category is missing"),
        (report(), "0 lines"),
        (b"\xff", "UTF-8"),
    ):
        with pytest.raises(Unreadable, match=words):
            payout_file.read(bad)


@pytest.mark.django_db
def test_a_payout_that_ties_is_booked_once_and_found_in_the_bank(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00", "30.00")
    first, second = on_line(office, patient, "20.00", "40.00")
    with office.scope():
        refund = refunding.ask(actor=office.actor, payment=second, amount=Money.of(10), why="Too much",
                               at=office.at)  # fmt: skip
        refunding.pay(actor=office.actor, refund=refund, reference="re_1", at=office.at)
        with pytest.raises(NoDeposit):
            depositing.prepare(actor=office.actor, practice=office.practice, at=office.at)
    assert standing(office, BOOKS) == ["60.00", "-10.00", "0.00", "0.00"]

    content = report(
        ("txn_1", "charge", "pi_1", "20.00", "0.88"), ("txn_2", "charge", "pi_2", "40.00", "1.46"),
        ("txn_3", "refund", "re_1", "-10.00", "0.00"), ("txn_4", "fee", "", "-2.00", "0.00"),
    )  # fmt: skip
    found = take(office, content)
    assert (found.state, str(found.amount), str(found.fee)) == (PaidOut.TIED, "45.66", "4.34")
    assert standing(office, BOOKS) == ["45.66", "0.00", "4.34", "0.00"]
    assert take(office, content) == found
    with pytest.raises(Conflict, match="is here already"):
        take(office, report(("txn_1", "charge", "pi_1", "20.00", "0.88")))
    with office.scope():
        with office.reading():
            assert deposits.not_banked(office.practice) == Money.of("45.66")
        with pytest.raises(NoDeposit, match="not taken apart"):
            depositing.take_apart(actor=office.actor, slip=found.slip, why="Wrong", at=office.at)
    arrive(office, ("45.66", "STRIPE TRANSFER"))
    with office.reading():
        assert payouts.payout(found.public_id).state is PaidOut.BANKED
        assert deposits.slip(found.slip).state is Slipped.BANKED
    assert standing(office, BOOKS) == ["0.00", "45.66", "4.34", "0.00"]

    with office.scope():
        receiving.reverse(actor=office.actor, payment=first, why="Disputed, and lost", at=office.at)
        testing.payment(patient, "50.00", at=office.at, method=Method.ONLINE, reference="pi_3")
    assert standing(office, BOOKS[:2]) == ["50.00", "25.66"]
    lost = take(office, report(
        ("txn_5", "charge", "pi_3", "50.00", "2.00"), ("txn_6", "dispute", "pi_1", "-20.00", "15.00"), payout="po_2"
    ))  # fmt: skip
    assert (lost.state, str(lost.amount)) == (PaidOut.TIED, "13.00")
    assert standing(office, BOOKS[:3]) == ["13.00", "45.66", "21.34"]


@pytest.mark.django_db
def test_what_does_not_tie_waits_with_words_and_posts_nothing(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00", "30.00")
    first, second = on_line(office, patient, "20.00", "30.00")
    before = standing(office, BOOKS)
    found = take(office, report(
        ("txn_1", "charge", "pi_1", "20.00", "0.88"), ("txn_2", "charge", "pi_2", "31.00", "1.20"),
        ("txn_3", "charge", "pi_9", "5.00", "0.45"), ("txn_4", "dispute", "pi_1", "-20.00", "15.00"),
        ("txn_5", "charge", "pi_1", "20.00", "0.88"), ("txn_6", "topup", "tu_1", "100.00", "0.00"),
    ))  # fmt: skip
    assert (found.state, found.open) == (PaidOut.OPEN, 5)
    with office.reading():
        said = {one.number: one for one in payouts.lines(found)}
    assert said[1].payment == first
    assert [said[number].fault for number in (2, 3)] == [
        f"{second} is 30.00; the payout says 31.00.", "No card payment of ours is known to the provider as pi_9.",
    ]  # fmt: skip
    assert "take the payment back, then look again" in said[4].fault
    assert "stands twice" in said[5].fault
    assert standing(office, BOOKS) == before
    with office.scope():
        assert not paying_out.look_again(actor=office.actor, payout=found.public_id, at=office.at)
    other = take(office, report(("txn_7", "charge", "pi_1", "20.00", "0.88"), payout="po_2"))
    with office.reading():
        assert payouts.lines(other)[0].fault == f"{first} stands in {found.public_id} already."


@pytest.mark.django_db
def test_a_line_is_tied_by_hand_with_what_shows_it(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00", "30.00")
    (first,) = on_line(office, patient, "20.00")
    found = take(office, report(
        ("txn_1", "charge", "pi_1", "20.00", "0.88"), ("txn_2", "charge", "pi_9", "30.00", "1.17")
    ))  # fmt: skip
    assert (found.state, found.open) == (PaidOut.OPEN, 1)

    def tie(payment: str, number: int = 2, why: str = "The receipt of the terminal") -> bool:
        return paying_out.tie(
            actor=office.actor, payout=found.public_id, number=number, payment=payment, why=why, at=office.at
        )  # fmt: skip

    with office.scope():
        cash = testing.payment(patient, "30.00", at=office.at)
        card = testing.payment(patient, "30.00", at=office.at, method=Method.CARD, reference="4242 OK")
        for wrong in ((cash,), (first,), (card, 1), (card, 2, " ")):
            with pytest.raises(NoPayout):
                tie(*wrong)  # type: ignore[arg-type]
        assert tie(card)
        with pytest.raises(Conflict):
            tie(card)
        with office.reading():
            row = payouts.payout(found.public_id)
            assert (row.state, row.open) == (PaidOut.TIED, 0)
            assert payouts.lines(row)[1].why == "The receipt of the terminal"
        with pytest.raises(Conflict, match="on its way"):
            receiving.reverse(actor=office.actor, payment=card, why="Wrong", at=office.at)


@pytest.mark.django_db
def test_every_payout_has_a_way_out_and_what_was_said_is_put_right_by_adding(office: Office) -> None:
    """An adjustment, a reserve, money without a name that finds its patient, a payout that takes, and one that failed."""
    held = [*BOOKS[:3], Accounts.PREPAID, Accounts.UNAPPLIED_CASH]
    _, patient = left_to_patient(office, "20.00", "30.00")
    on_line(office, patient, "20.00")
    found = take(office, report(
        ("txn_1", "charge", "pi_1", "20.00", "0.88"), ("txn_2", "charge", "pi_9", "30.00", "1.17"),
        ("txn_3", "adjustment", "adj_1", "-3.00", "0.00"), ("txn_4", "reserve", "rsv_1", "-10.00", "0.00"),
    ))  # fmt: skip

    def say(payout: PayoutRow, number: int, what: Regard, **more: str) -> bool:
        with office.scope():
            return regarding.regard(
                actor=office.actor, payout=payout.public_id, number=number, regard=what, at=office.at,
                why=more.pop("why", "The provider's letter"), **more,
            )  # fmt: skip

    for number, what, why in ((3, Regard.UNNAMED, "x"), (2, Regard.FEE, "x"), (2, Regard.UNNAMED, " ")):
        with pytest.raises(NoPayout):
            say(found, number, what, why=why)
    assert not say(found, 2, Regard.UNNAMED)
    assert not say(found, 3, Regard.RESERVE)
    with office.scope():
        regarding.take_back(actor=office.actor, payout=found.public_id, number=3, at=office.at)
    assert standing(office, held) == ["20.00", "0.00", "0.00", "0.00", "0.00"], "nothing is posted before all ties"
    assert not say(found, 4, Regard.RESERVE)
    assert say(found, 3, Regard.FEE)
    assert standing(office, held) == ["34.95", "0.00", "5.05", "10.00", "-30.00"]

    assert say(found, 4, Regard.FEE, why="It was a fee after all")
    assert standing(office, held)[2:4] == ["15.05", "0.00"]
    with office.scope():
        late = testing.payment(patient, "30.00", at=office.at, method=Method.CARD, reference="4242 OK")
        regarding.name(actor=office.actor, payout=found.public_id, number=2, payment=late, why="She called",
                       at=office.at)  # fmt: skip
        with pytest.raises(NoPayout):
            regarding.name(actor=office.actor, payout=found.public_id, number=2, payment=late, why="Twice",
                           at=office.at)  # fmt: skip
    assert standing(office, held) == ["34.95", "0.00", "15.05", "0.00", "0.00"]

    with office.scope():
        testing.payment(patient, "8.00", at=office.at, method=Method.ONLINE, reference="pi_5")
    again = take(office, report(
        ("txn_6", "payout_failure", "po_1", "34.95", "0.00"), ("txn_7", "charge", "pi_5", "8.00", "0.30"), payout="po_2"
    ))  # fmt: skip
    with pytest.raises(NoPayout, match="Say which payout failed"):
        say(again, 1, Regard.FAILED)
    assert say(again, 1, Regard.FAILED, failed=found.public_id)
    arrive(office, ("42.65", "STRIPE TRANSFER"))
    assert standing(office, held[:2]) == ["0.00", "42.65"]
    with office.reading():
        assert (deposits.slip(found.slip or payouts.payout(found.public_id).slip).state) is Slipped.TORN

    takes = take(office, report(("txn_8", "fee", "", "-15.00", "0.00"), payout="po_3"))
    assert (takes.state, str(takes.amount)) == (PaidOut.TIED, "-15.00")
    arrive(office, ("-15.00", "STRIPE DEBIT"))
    with office.reading():
        line = Line.objects.latest("pk").public_id
    with office.scope():
        depositing.match_by_hand(
            actor=office.actor, slip=takes.slip, line=line, why="The bank's own line", at=office.at
        )
    assert standing(office, held) == ["0.00", "27.65", "30.35", "0.00", "0.00"]
    nothing = take(office, report(
        ("txn_9", "adjustment", "adj_2", "-4.00", "0.00"), ("txn_10", "adjustment", "adj_3", "4.00", "0.00"),
        payout="po_4",
    ))  # fmt: skip
    say(nothing, 1, Regard.FEE)
    assert say(nothing, 2, Regard.RESERVE)
    with office.reading():
        assert payouts.payout(nothing.public_id).state is PaidOut.BANKED


@pytest.mark.django_db
def test_a_report_is_uploaded_and_strangers_find_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    _, patient = left_to_patient(office, "20.00")
    (first,) = on_line(office, patient, "20.00")
    staff = signed_in(agreements.person("sam@rockland.example", "Sam", practice=office.practice, role="practice_owner",
                                        at=office.at))  # fmt: skip
    theo = signed_in(agreements.person("theo@rival.example", "Theo", practice=agreements.party_builders.practice(
        at=office.at, code="RIVAL", name="Rival Eye Care").id, role="practice_owner", at=office.at))  # fmt: skip
    with office.reading():
        code = next(one.code.lower() for one in tenancy.tenants_in_scope() if one.pk == office.practice)
    file = SimpleUploadedFile("p.csv", report(
        ("txn_1", "charge", "pi_1", "20.00", "0.88"), ("txn_2", "charge", "pi_9", "5.00", "0.45")
    ))  # fmt: skip
    sent = staff.post(reverse("billing:take-payouts"), {"run_practice": code, "file": file})
    assert sent.status_code == 303, sent.content.decode()
    page = staff.get(sent["Location"]).content.decode()
    assert reverse("billing:payment", args=[first]) in page
    assert "No card payment of ours is known to the provider as pi_9." in page
    (row,) = staff.get("/api/card-payouts").json()["items"]
    assert (row["state"], row["open"], row["name"]) == ("open", 1, "po_1")
    asked = staff.post(reverse("billing:fetch-payouts"), {"run_practice": code})
    assert (asked.status_code, "Nobody takes cards" in asked.content.decode()) == (422, True)
    assert theo.get(sent["Location"]).status_code == 404
    assert theo.get("/api/card-payouts").json()["items"] == []
