"""Patients pay on line: by a link and their birth date, whole, in part, by the month; posted once whoever tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing import links, registry
from openmso.billing.models import Card, OnlinePayment
from openmso.billing.providers import Told
from openmso.billing.providers.stripe import Stripe
from openmso.billing.providers.terminal import DECLINED, TestTerminal
from openmso.billing.queries import accounts, online, statements
from openmso.billing.services import online as paying
from openmso.billing.services import receiving, refunding, stating
from openmso.billing.services.online import NotOnline
from openmso.billing.states import C, L, Method, Paying
from openmso.billing.tests.conftest import left_to_patient, standing
from openmso.billing.tests.stripe_stub import SIGNING, StripeStub, serving
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances.tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(office: Office, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    settings.OPENMSO_URL = "https://pay.example"
    registry.take_cards(TestTerminal())
    cache.clear()
    yield
    registry.take_cards()


def billed(office: Office, *parts: str) -> tuple[str, str]:
    """A patient with these parts, and the statement that asks for them."""
    _, patient = left_to_patient(office, *parts)
    with office.scope():
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        rows = statements.of_run(run, filters=Filters(), page=PageAsk()).rows
    return patient, next(row.public_id for row in rows if row.patient == patient)


def born(office: Office, patient: str) -> str:
    with office.reading():
        return str(patients.get(patient).person.born_on)


def opened(office: Office, patient: str, statement: str) -> tuple[Client, str]:
    """A browser that has opened the page of a statement, and its address."""
    browser, here = Client(), reverse("pay:page", args=[links.code(statement)])
    assert browser.post(here, {"act": "birth", "born_on": born(office, patient)}).status_code == 303
    return browser, here


def test_a_link_says_nothing_and_opens_by_the_birth_date_only(office: Office) -> None:
    patient, statement = billed(office, "20.00")
    with office.reading():
        content, who = statements.statement(statement)[1], patients.get(patient)
    link = links.code(statement)
    assert content["pay_at"] == f"https://pay.example/pay/{link}/"
    assert re.fullmatch(r"[2-9A-Z]{10}-[2-9A-Z]{8}", link)
    wrong = link[:-1] + ("2" if link[-1] != "2" else "3")
    assert (links.statement(link), links.statement(wrong)) == (statement, None)

    browser, answers = Client(), set()
    for one in (link, wrong, "23456789-23456789"):
        shown = browser.get(reverse("pay:page", args=[one])).content.decode()
        assert who.person.last_name not in shown
        answers.add(re.sub(r"[A-Za-z0-9]{64}", "token", shown))
    assert len(answers) == 1, "nobody learns which links there are"
    right = {"act": "birth", "born_on": born(office, patient)}
    assert browser.post(reverse("pay:page", args=[wrong]), right).status_code == 422
    for _ in range(5):
        assert browser.post(reverse("pay:page", args=[link]), right | {"born_on": "1900-01-01"}).status_code == 422
    assert browser.post(reverse("pay:page", args=[link]), right).status_code == 429
    cache.clear()
    browser, here = opened(office, patient, statement)
    assert "$20.00" in browser.get(here).content.decode()
    with office.reading():
        later = office.at.date() + online.OPENS_FOR + timedelta(days=1)
        assert online.opening(link, on=later) is None


def test_a_patient_pays_a_part_then_the_rest_by_the_month_with_the_card_kept(office: Office) -> None:
    patient, statement = billed(office, "60.00")
    browser, here = opened(office, patient, statement)
    assert "No card is charged" in browser.get(here).content.decode()
    assert browser.post(here, {"act": "pay", "what": "other", "other": "61"}).status_code == 422
    go = browser.post(here, {"act": "pay", "what": "other", "other": "10"})
    terminal = go["Location"].partition("testserver")[2]
    name = terminal.rpartition("=")[2]
    assert "$10.00" in browser.get(terminal).content.decode()
    declined = browser.post(here, {"act": "press", "payment": name, "with": "declines"})
    assert DECLINED in browser.get(declined["Location"]).content.decode()

    name = browser.post(here, {"act": "pay", "what": "other", "other": "10"})["Location"].rpartition("=")[2]
    for _ in range(2):
        back = browser.post(here, {"act": "press", "payment": name, "with": "works"})["Location"]
    assert "Thank you" in browser.get(back).content.decode()
    assert browser.post(here, {"act": "months", "months": "2"})["Location"].endswith("?plan=1")
    name = browser.post(here, {"act": "pay", "what": "due", "keep": "on"})["Location"].rpartition("=")[2]
    browser.post(here, {"act": "press", "payment": name, "with": "works"})

    with office.reading():
        found = accounts.account(patient)
    assert [(str(one.amount), one.method) for one in found.payments] == [
        ("25.00", Method.ONLINE),
        ("10.00", Method.ONLINE),
    ]
    assert (str(found.row.owed), [one.state for one in found.plans]) == ("25.00", [L.ACTIVE])
    assert found.card is not None
    assert (found.card.last4, str(found.card.cap), found.card.state) == ("4242", "25.00", C.ACTIVE)
    assert standing(office, [Accounts.AR_PATIENT, Accounts.PATIENT_RECEIPTS]) == ["25.00", "35.00"]
    assert "ending in 4242" in browser.get(here).content.decode()
    browser.post(here, {"act": "end_card"})
    with office.reading():
        assert accounts.account(patient).card is None


def test_one_payment_is_posted_whoever_tells_of_it_how_often_and_in_which_order(
    office: Office, client: Client
) -> None:  # fmt: skip
    patient, statement = billed(office, "20.00", "12.50")
    heard = reverse("pay:heard", args=["stripe"])
    with serving() as stub:
        by_stripe(office, stub)
        browser, here = opened(office, patient, statement)
        assert "form-action 'self' https://checkout.stripe.com" in browser.get(here)["Content-Security-Policy"]
        go = browser.post(here, {"act": "pay", "what": "all"})["Location"]
        assert go.startswith("https://checkout.stripe.com/")
        session = go.rpartition("/")[2]
        name = stub.held[session]["metadata"]["openmso"]
        early = stub.message("payment_intent.created", session)
        assert client.post(heard, early[0], content_type="application/json", headers={"Stripe-Signature": early[1]}
                           ).status_code == 204  # fmt: skip
        assert "Not finished yet" in browser.get(f"{here}?back={name}").content.decode()
        stub.pays(session)
        late = stub.message("checkout.session.completed", session)
        for body, signature in (late, late, early):
            told = client.post(heard, body, content_type="application/json", headers={"Stripe-Signature": signature})
            assert told.status_code == 204
        assert "Thank you" in browser.get(f"{here}?back={name}").content.decode()
        with office.scope():
            assert paying.settle(payment=name, at=office.at) is Paying.PAID
            paying.told(payment=name, said=Told(Paying.DECLINED, ZERO), at=office.at)
        assert client.post(heard, late[0], content_type="application/json", headers={"Stripe-Signature": "t=1,v1=0"}
                           ).status_code == 403  # fmt: skip
        assert client.post(reverse("pay:heard", args=["nobody"])).status_code == 404
        with office.reading():
            found = accounts.account(patient)
        (paid,) = found.payments
        assert (str(paid.amount), paid.reference, str(found.row.owed)) == ("32.50", f"pi_{session[3:]}", "0.00")
        with office.scope():
            receiving.withdraw(actor=office.actor, payment=paid.public_id, why="Twice", at=office.at)
            asked = refunding.ask(actor=office.actor, payment=paid.public_id, amount=Money.of("12.50"), why="Twice",
                                  at=office.at)  # fmt: skip
            stub.broken = 3
            with pytest.raises(NotOnline):
                paying.give_back(actor=office.actor, refund=asked, at=office.at)
            stub.broken = 0
            paying.give_back(actor=office.actor, refund=asked, at=office.at)
        assert [one[2]["amount"] for one in stub.asked if one[1] == "/v1/refunds"][-1] == "1250"
        assert standing(office, [Accounts.PATIENT_CREDITS]) == ["-20.00"]


def by_stripe(office: Office, stub: StripeStub) -> None:
    """The practice has an account at Stripe."""
    code = office.house.practice.code
    registry.take_cards(
        Stripe(key="sk_test_x", signing=SIGNING, accounts={code: "acct_1"}, api=stub.url, timeout=2, tries=0)
    )


def test_what_nobody_told_of_is_asked_about_and_given_up_in_the_end(office: Office) -> None:
    _, statement = billed(office, "20.00")
    with serving() as stub, office.scope():
        by_stripe(office, stub)
        for _ in range(2):
            paying.begin(
                statement=statement, amount=Money.of(20), back=lambda name: f"https://x/?back={name}", at=office.at
            )
        stub.pays(next(one for one in stub.held if one.startswith("cs_")))
        closed = office.at + timedelta(days=40)
        assert paying.look_again(practice=office.practice, at=closed) == 0, "April is not open: it is asked again"
        assert paying.look_again(practice=office.practice, at=office.at + timedelta(minutes=5)) == 1
        assert paying.look_again(practice=office.practice, at=office.at + timedelta(days=3)) == 0
        stub.broken = 1
        with pytest.raises(NotOnline):
            paying.begin(statement=statement, amount=Money.of(1), back=str, at=office.at)
        registry.take_cards()
        with pytest.raises(NotOnline):
            paying.begin(statement=statement, amount=Money.of(1), back=str, at=office.at)
    with office.reading():
        assert [row.state for row in OnlinePayment.objects.order_by("pk")] == ["paid", "declined"]


def test_no_field_can_hold_a_card_number_and_only_its_patient_sees_a_payment(office: Office) -> None:
    patient, statement = billed(office, "20.00")
    other, other_statement = billed(office, "30.00")
    with office.scope():
        url = paying.begin(statement=statement, amount=Money.of(5), back=lambda name: f"x?back={name}", at=office.at)
    name = url.rpartition("=")[2]
    browser, here = opened(office, other, other_statement)
    assert browser.get(f"{here}?terminal={name}").status_code == 404
    assert browser.post(here, {"act": "press", "payment": name, "with": "works"}).status_code == 404
    with office.reading():
        assert accounts.account(patient).payments == ()
        assert OnlinePayment.objects.get().state == Paying.STARTED
    kept = {field.name: field for field in Card._meta.local_concrete_fields}
    assert (kept["last4"].max_length, {name for name in kept if "number" in name or "cvc" in name}) == (4, set())

    ana = signed_in(agreements.person("ana@rockland.example", "Ana", practice=office.practice, role="practice_owner",
                                      at=office.at))  # fmt: skip
    assert name in ana.get(reverse("billing:online")).content.decode()
    assert ana.get("/api/online-payments").json()["items"][0]["state"] == "started"
    assert ana.get(f"/api/patients/{patient}/card").json() is None
    with office.scope(), pytest.raises(NotFound):
        paying.end_card(actor=Actor.system("a test", at=office.at), card="CRD-23456789", why="So", at=office.at)
