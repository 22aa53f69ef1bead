"""Notices: sent once whatever breaks; text messages only to those who allow them, and not at night."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from openmso.billing import registry
from openmso.billing.models import Notice, TextConsent
from openmso.billing.queries import accounts, statements
from openmso.billing.rules.notices import may_go, words
from openmso.billing.services import consenting, stating, telling
from openmso.billing.services.consenting import NoConsent
from openmso.billing.states import Told, Way
from openmso.billing.tests.conftest import left_to_patient
from openmso.billing.texting import Texts
from openmso.patients import queries as registered
from openmso.patients import services as patients
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances.tests.office import Office


@pytest.mark.parametrize(
    ("hour", "minute", "may"), [(11, 59, False), (12, 0, True), (23, 59, True), (0, 59, True), (1, 0, False)]
)
def test_no_text_messages_at_night(hour: int, minute: int, may: bool) -> None:
    at = datetime(2026, 7, 6, hour, minute, tzinfo=UTC)
    assert may_go(Way.TEXT, at, "America/New_York") is may
    assert may_go(Way.EMAIL, at, "America/New_York")


def test_a_notice_says_the_practice_and_the_link_only() -> None:
    said = words(Way.TEXT, "Rockland Family Practice", "https://pay.example/pay/x/")
    assert said == (
        "Rockland Family Practice has a new statement for you. See and pay it: https://pay.example/pay/x/ "
        "Reply STOP to end these messages."
    )
    assert "call us" in words(Way.EMAIL, "Rockland Family Practice", "")


class Post:
    """A provider that remembers what it was given, and may break after it has taken a message."""

    def __init__(self) -> None:
        self.sent: list[tuple[Way, str, str]] = []
        self.breaks = False

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        assert not [one for one in transaction.get_connection().atomic_blocks if not one._from_testcase]
        self.sent.append((way, to, text))
        if self.breaks:
            raise KeyboardInterrupt
        return f"M{len(self.sent)}"


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    registry.connect(made, Way.TEXT, Way.EMAIL)
    yield made
    registry.disconnect()


def billed(office: Office, *, phone: str, email: str = "", allows: bool = True) -> str:
    _, patient = left_to_patient(office, "20.00")
    with office.scope():
        with office.reading():
            who = registered.get(patient)
        patients.change(actor=office.actor, patient=patient, person=who.person, phone=phone, email=email, at=office.at)
        if allows:
            consenting.texts(actor=office.actor, patient=patient, is_given=True, how="On a form", at=office.at)
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        rows = statements.of_run(run, filters=Filters(), page=PageAsk()).rows
    (row,) = [one for one in rows if one.patient == patient]
    assert row.way is (Way.EMAIL if email else Way.TEXT if allows else Way.PAPER)
    return patient


@pytest.mark.django_db
def test_text_messages_go_to_those_who_allow_them_by_day(office: Office, post: Post) -> None:
    patient = billed(office, phone="2075550123")
    night = office.at.replace(hour=4)
    with office.scope():
        assert telling.tell(actor=office.actor, practice=office.practice, at=night) == (0, 0)
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (1, 0)
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 0)
    ((way, to, text),) = post.sent
    assert (way, to) == (Way.TEXT, "2075550123")
    with office.reading():
        assert registered.get(patient).person.last_name not in text
        assert Notice.objects.get().reference == "M1"


@pytest.mark.django_db
def test_who_stops_text_messages_gets_none_and_paper_again(office: Office, post: Post) -> None:
    patient = billed(office, phone="2075550123")
    with office.scope():
        with pytest.raises(NoConsent):
            consenting.texts(actor=office.actor, patient=patient, is_given=False, how=" ", at=office.at)
        consenting.texts(actor=office.actor, patient=patient, is_given=False, how="STOP", at=office.at)
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 1)
    assert post.sent == []
    billed(office, phone="2075550124", allows=False)


@pytest.mark.django_db
def test_a_reply_of_stop_holds_at_once_and_start_allows_again(office: Office) -> None:
    patient = billed(office, phone="2075550123")
    registry.connect(Texts("https://AC1:secret@texts.example", "+12075550100"), Way.TEXT)
    address = reverse("pay:heard", args=["texts"])

    def reply(words: str, key: str = "secret") -> int:
        given = {"From": "+12075550123", "Body": words, "MessageSid": "SM9"}
        signed = f"http://testserver{address}" + "".join(f"{name}{given[name]}" for name in sorted(given))
        proof = base64.b64encode(hmac.new(key.encode(), signed.encode(), "sha1").digest()).decode()
        return Client().post(address, given, headers={"X-Twilio-Signature": proof}).status_code

    def stands() -> tuple[bool, str]:
        with office.reading():
            found = accounts.account(patient).texts
        assert found is not None
        return found.is_given, found.how

    assert (reply("STOP", key="guessed"), reply("Thank you")) == (403, 200)
    assert stands() == (True, "On a form")
    assert [reply(" Stop. "), reply("STOP")] == [200, 200]
    assert stands() == (False, "Replied STOP. to a text message")
    with office.scope():
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 1)
    with office.reading():
        assert TextConsent.objects.count() == 2, "said twice it is written down once"
    assert reply("start") == 200
    assert stands()[0]
    registry.disconnect()
    assert reply("STOP") == 404


@pytest.mark.django_db
def test_what_a_crash_interrupts_is_not_sent_twice(office: Office, post: Post) -> None:
    billed(office, phone="", email="d@home.example", allows=False)
    post.breaks = True
    with office.scope():
        with pytest.raises(KeyboardInterrupt):
            telling.tell(actor=office.actor, practice=office.practice, at=office.at)
        with office.reading():
            assert Notice.objects.get().state == Told.SENDING
        post.breaks = False
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 0)
        later = office.at + timedelta(hours=2)
        assert telling.tell(actor=office.actor, practice=office.practice, at=later) == (0, 1)
    assert len(post.sent) == 1
    with office.reading():
        row = Notice.objects.get()
    assert (row.state, "may have arrived" in row.words) == (Told.FAILED, True)


@contextmanager
def provider_of_texts(status: int) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(parse_qs(body) | {"path": [self.path], "proof": [self.headers["Authorization"]]})
            answer = json.dumps({"sid": "SM1"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_the_provider_of_text_messages_is_spoken_to_in_its_own_words() -> None:
    with provider_of_texts(201) as (place, asked):
        by = Texts(f"http://AC1:secret@{place}", "+12075550100")
        assert by.send(way=Way.TEXT, to="2075550123", subject="", text="Hello") == "SM1"
    assert asked[0]["To"] + asked[0]["From"] + asked[0]["Body"] == ["+12075550123", "+12075550100", "Hello"]
    assert asked[0]["path"] == ["/2010-04-01/Accounts/AC1/Messages.json"]
    with provider_of_texts(400) as (place, _), pytest.raises(registry.Undelivered, match="400"):
        Texts(f"http://AC1:secret@{place}", "+12075550100").send(way=Way.TEXT, to="1", subject="", text="Hello")
    with pytest.raises(registry.Undelivered):
        by.send(way=Way.TEXT, to="2075550123", subject="", text="Nobody is there any more")
    for url, sender in (("https://host", "+1207"), ("https://a:b@host", "1207")):
        with pytest.raises(ValueError, match="OPENMSO_TEXTS"):
            Texts(url, sender)
