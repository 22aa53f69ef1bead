"""Instalments are charged to a card on file: never unannounced, never twice, never beyond what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing import registry, testing
from openmso.billing.contracts import ChargeRow
from openmso.billing.models import Card
from openmso.billing.providers import Ask, KeptCard, Told, Unreachable
from openmso.billing.providers.terminal import DECLINES, WORKS, TestTerminal
from openmso.billing.queries import accounts, plans, statements
from openmso.billing.services import cards, charging, online, planning, stating, telling
from openmso.billing.services.online import Consent, NotOnline
from openmso.billing.states import Charging, Reach, Way
from openmso.billing.tests.conftest import left_to_patient
from openmso.kit import clock
from openmso.kit.money import ZERO, Money
from openmso.patients import queries as registered
from openmso.patients import services as patients
from openmso.platform.accounts.testing import signed_in
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances.tests.office import Office

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 20)


class Terminal(TestTerminal):
    """A test terminal that is out of order now and then, and counts what it is asked."""

    is_out = False
    asked: tuple[str, ...] = ()

    def charge(self, ask: Ask, card: KeptCard) -> tuple[str, Told]:
        self.asked += (ask.name,)
        if self.is_out:
            raise Unreachable("Out of order")
        return super().charge(ask, card)


class Post:
    """Takes every message."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        self.texts.append(text)
        return ""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    registry.take_cards(made)
    yield made
    registry.take_cards()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    registry.connect(made, Way.EMAIL)
    yield made
    registry.disconnect()


def by_card(office: Office, *, card: KeptCard = WORKS, cap: str = "30.00") -> tuple[str, str]:
    """A patient who pays 60.00 in two instalments from 20 March on by a card on file; and the plan."""
    _, patient = left_to_patient(office, "60.00")
    with office.scope():
        with office.reading():
            who = registered.get(patient)
        patients.change(actor=office.actor, patient=patient, person=who.person, phone="", email="d@home.example",
                        at=office.at)  # fmt: skip
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
        with office.reading():
            (row,) = statements.of_run(run, filters=Filters(), page=PageAsk()).rows
        plan = planning.make(actor=office.actor, patient=patient, instalment=Money.of(30), month_day=20,
                             starts_on=DUE, at=office.at)  # fmt: skip
        keep = Consent(Reach.YEAR, Money.of(cap))
        name = online.begin(statement=row.public_id, amount=ZERO, keep=keep, back=str, at=office.at)
        online.press(payment=name, works=True, at=office.at)
        with office.reading():
            Card.objects.update(method=card.method, last4=card.last4)
        telling.tell(actor=office.actor, practice=office.practice, at=office.at)
    return patient, plan


def night(office: Office, day: date) -> None:
    """What happens every day: announced is charged, what comes is announced, notices leave."""
    at = office.at + (day - office.at.date())
    with office.scope():
        charging.collect(actor=office.actor, practice=office.practice, at=at)
        charging.announce(actor=office.actor, practice=office.practice, at=at)
        telling.tell(actor=office.actor, practice=office.practice, at=at)


def charges(office: Office, plan: str) -> list[ChargeRow]:
    with office.reading():
        return plans.charges(plan)


def waiting(office: Office) -> list[str]:
    with office.reading():
        found = WorkItem.objects.filter(kind="billing.card_declined").exclude(state=Working.DONE)
        return list(found.values_list("why", flat=True))


def test_an_instalment_is_announced_and_then_charged_once(office: Office, terminal: Terminal, post: Post) -> None:
    patient, plan = by_card(office)
    night(office, DUE - timedelta(days=4))
    assert charges(office, plan) == []
    night(office, DUE - timedelta(days=3))
    (row,) = charges(office, plan)
    assert (row.charge_on, str(row.amount), row.state) == (DUE, "30.00", Charging.ANNOUNCED)
    assert "will charge $30.00 to your card on file on 20 Mar 2026" in post.texts[-1]
    night(office, DUE - timedelta(days=1))
    assert terminal.asked == ()
    terminal.is_out = True
    night(office, DUE)
    terminal.is_out = False
    night(office, DUE)
    night(office, DUE + timedelta(days=1))
    assert len(terminal.asked) == 2
    assert len(set(terminal.asked)) == 1, "asked again under the same name"
    assert [one.state for one in charges(office, plan)] == [Charging.PAID]
    with office.reading():
        found = accounts.account(patient)
    assert ([str(one.amount) for one in found.payments], str(found.row.owed)) == (["30.00"], "30.00")
    assert waiting(office) == []


def test_what_a_provider_never_answered_is_looked_up_by_a_person(
    office: Office, terminal: Terminal, post: Post
) -> None:
    _, plan = by_card(office)
    night(office, DUE - timedelta(days=3))
    terminal.is_out = True
    night(office, DUE)
    terminal.is_out = False
    night(office, DUE + timedelta(days=1))
    assert len(terminal.asked) == 1, "a day later the provider may no longer know the name"
    assert [one.state for one in charges(office, plan)] == [Charging.DROPPED]
    assert ["look up there" in one for one in waiting(office)] == [True]


def test_a_declined_card_is_work(office: Office, terminal: Terminal, post: Post) -> None:
    patient, plan = by_card(office, card=DECLINES)
    night(office, DUE - timedelta(days=3))
    night(office, DUE)
    night(office, DUE + timedelta(days=1))
    assert [one.state for one in charges(office, plan)] == [Charging.DECLINED]
    assert len(terminal.asked) == 1
    assert waiting(office) == ["The card was declined. Call the patient for another card."]
    with office.reading():
        assert accounts.account(patient).payments == ()


def test_what_was_paid_another_way_or_was_not_agreed_is_not_charged(
    office: Office, terminal: Terminal, post: Post
) -> None:
    patient, plan = by_card(office)
    night(office, DUE - timedelta(days=3))
    with office.scope():
        testing.payment(patient, "30.00", at=office.at)
    night(office, DUE)
    assert [one.state for one in charges(office, plan)] == [Charging.DROPPED]
    with office.reading():
        Card.objects.update(cap_amount="29.99")
    night(office, date(2026, 4, 18))
    assert len(charges(office, plan)) == 1
    assert (terminal.asked, waiting(office)) == ((), [])


def test_nobody_is_charged_who_was_not_told(office: Office, terminal: Terminal) -> None:
    _, plan = by_card(office)
    night(office, DUE - timedelta(days=3))
    night(office, DUE)
    assert [one.state for one in charges(office, plan)] == [Charging.ANNOUNCED]
    assert terminal.asked == ()


def test_a_card_is_put_on_file_at_the_desk_and_a_charge_is_called_off_in_time(
    office: Office, terminal: Terminal, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, plan = by_card(office)
    monkeypatch.setattr(clock, "now", lambda: office.at)
    tess = signed_in(agreements.person("tess@rockland.example", "Tess", practice=office.practice,
                                       role="practice_staff", at=office.at))  # fmt: skip
    terms = {"reach": "year", "cap": "30.00", "notice_days": "3", "cancel_days": "5", "how": "On a signed form"}
    page = tess.post(reverse("billing:keep-card", args=[patient]), terms)
    assert "At most 3 days before" in page.content.decode()
    begun = tess.post(reverse("billing:keep-card", args=[patient]), terms | {"cancel_days": "2"})
    assert "?terminal=OLP-" in begun["Location"]
    assert "A card that works" in tess.get(begun["Location"]).content.decode()
    name = begun["Location"].rpartition("=")[2]
    tess.post(reverse("billing:press-card", args=[patient]), {"payment": name, "with": "works"})
    shown = tess.get(reverse("billing:card", args=[patient])).content.decode()
    assert ("On a signed form" in shown, "2 days before it" in shown) == (True, True)
    assert tess.get(reverse("billing:card-contract", args=[patient])).content.startswith(b"%PDF")
    night(office, DUE - timedelta(days=3))
    (row,) = charges(office, plan)
    late = office.at + (DUE - timedelta(days=1) - office.at.date())
    with office.scope():
        with pytest.raises(NotOnline, match="until 18 Mar 2026"):
            cards.call_off(actor=office.actor, charge=row.public_id, why="Lost the job", at=late)
        cards.call_off(actor=office.actor, charge=row.public_id, why="Lost the job", at=late - timedelta(days=1))
    night(office, DUE)
    assert terminal.asked == ()
    assert [one.state for one in charges(office, plan)] == [Charging.DROPPED]
