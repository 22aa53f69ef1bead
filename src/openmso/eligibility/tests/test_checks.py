"""The life of a coverage check: asked, answered, refused, lost on the way and found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from edi.x12.check import check_bytes
from edi.x12.eligibility.model import Benefit, Eligibility, Refusal
from edi.x12.values import Event, Party
from openmso.agreements.testing import Cast
from openmso.eligibility import testing
from openmso.eligibility.contracts import FAILED, INACTIVE, OTHER_PAYER, Check
from openmso.eligibility.queries import checks as queries
from openmso.eligibility.queries import covers
from openmso.eligibility.rules.refusals import TRIES_MAX
from openmso.eligibility.services import answering, asking, discovering, sending
from openmso.eligibility.states import S, Verdict
from openmso.eligibility.testing import Desk
from openmso.exchange import testing as exchange
from openmso.exchange.contracts import PartnerFacts, PartnerKind, Transaction
from openmso.exchange.contracts import Way as ExchangeWay
from openmso.exchange.queries import transmissions
from openmso.exchange.services import arriving
from openmso.kit.money import Money
from openmso.parties import testing as parties
from openmso.parties.contracts import PayerKind
from openmso.patients import queries as patient_queries
from openmso.patients import testing as patients
from openmso.patients.contracts import Patient, Relationship
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import queries as work
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft, VisitStatus

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    """Rockland's front desk on the morning of the story."""

    cast: Cast
    at: datetime

    @property
    def id(self) -> int:
        return self.cast.rockland.id

    @property
    def actor(self) -> Actor:
        return Actor.system("a test", at=self.at)

    def patient(self, *, covered: bool = True, **more: object) -> Patient:
        one = patients.patient(practice=self.id, at=self.at)
        if covered:
            patients.coverage(one, payer_id=self.cast.payer.id, at=self.at, **more)  # type: ignore[arg-type]
        return one

    def plan(self, one: Patient, on: date) -> None:
        draft = VisitDraft(one.id, on, "test", f"{one.public_id}{on}", status=VisitStatus.PLANNED)
        scheduling.record_visits(actor=self.actor, practice=self.id, drafts=[draft], at=self.at)

    def ask(self, one: Patient, desk: Desk | None = None) -> Check:
        """Ask about a patient: carried to this desk, or by the route where there is one."""
        [name] = asking.ask_about_patient(actor=self.actor, patient=one.public_id, at=self.at)
        return self.send(name, desk)

    def send(self, name: str, desk: Desk | None = None, *, at: datetime | None = None) -> Check:
        if desk is None:
            sending.send_due(actor=self.actor, practice=self.id, at=at or self.at)
        else:
            testing.asked(desk, practice=self.id, at=at or self.at)
        return self.check(name)

    def check(self, name: str) -> Check:
        with reading():
            return queries.check(name)

    def waits(self, name: str) -> list[str]:
        with reading():
            return [item.kind for item in work.open_for(("eligibility.check", name), at=self.at)]


@pytest.fixture
def office(cast: Cast, now: datetime) -> Iterator[Office]:
    with cast.scope():
        yield Office(cast, now)


Said = Callable[[bytes], bytes]


@contextmanager
def at_once(office: Office, folder: Path, **partners: list[tuple[int, Said]]) -> Iterator[None]:
    """Partners of a route for questions, each a real server with the statuses and bodies of its answers in turn."""
    made = []
    with ExitStack() as open_:
        for name, answers in partners.items():
            (folder / name).mkdir()
            bodies = [say for status, say in answers if status < 400]
            served = exchange.https_server(
                folder / name, [status for status, _ in answers], at=office.at,
                answer=lambda asked, bodies=bodies: bodies.pop(0)(asked),  # type: ignore[misc]
            )  # fmt: skip
            port, fingerprint, _ = open_.enter_context(served)
            facts = PartnerFacts(
                name, PartnerKind.CLEARINGHOUSE, ExchangeWay.HTTPS, "127.0.0.1", port, fingerprint, "harbor", "a word",
                outgoing="/files", realtime="/270",
            )  # fmt: skip
            made.append(exchange.partner(office.cast.mso.id, facts, at=office.at))
        exchange.route(office.cast.mso.id, made, at=office.at, transaction=Transaction.ELIGIBILITY)
        yield


def test_a_check_is_asked_and_answered_and_opens_down_to_the_bytes(office: Office) -> None:
    desk = Desk()
    done = office.ask(office.patient(), desk)

    assert (done.row.state, done.row.verdict, done.row.plan) == (S.ANSWERED, Verdict.ACTIVE, "GOLD")
    assert (done.row.copay, done.row.deductible_left) == (Money.of("25.00"), Money.of("400.00"))
    assert (done.row.answered_at, done.tries) == (office.at, 1)
    with reading():
        asked = documents.read(done.request_document, office.id)
        content = documents.read(done.answer_document, office.id)
        first = queries.answered_bytes(done.row.public_id)[0]
    assert check_bytes(asked, strict=True).valid
    start, end = done.span
    assert content[start:end].startswith(b"HL*3*2*22")
    assert content[start:end].count(b"EB*") == len(testing.ACTIVE)
    assert (first.tag, first.offset) == ("HL", start)
    [said] = desk.asked
    assert (said.receiver.npi, said.source.id) == (office.cast.rockland.biller.npi, office.cast.payer.edi_id)


def test_a_child_is_asked_about_under_its_parent(office: Office) -> None:
    parent = patients.person("Okafor", "Grace")
    desk = Desk()
    done = office.ask(office.patient(relationship=Relationship.CHILD, subscriber=parent), desk)
    [said] = desk.asked
    assert said.dependent is not None
    assert (said.subscriber.party.first, said.dependent.party.first) == ("GRACE", "DANIEL")
    assert done.row.state is S.ANSWERED


def test_visits_ahead_are_asked_about_once_and_who_has_no_coverage_is_work(office: Office) -> None:
    covered, uncovered = office.patient(), office.patient(covered=False)
    day = office.at.date() + timedelta(days=1)
    for one in (covered, uncovered):
        office.plan(one, day)

    asked = asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at)
    again = asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at)

    assert (len(asked), again) == (2, [])
    by_state = {office.check(name).row.state: name for name in asked}
    assert set(by_state) == {S.DUE, S.FAILED}
    assert office.check(by_state[S.FAILED]).row.words == asking.UNCOVERED
    assert office.waits(by_state[S.FAILED]) == [FAILED]

    assert office.send(by_state[S.DUE], Desk()).row.visit_on == day
    assert asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at) == [], "the answer is fresh"
    patients.coverage(uncovered, payer_id=office.cast.payer.id, at=office.at)
    asking.ask_again(actor=office.actor, checks=[by_state[S.FAILED]], at=office.at)
    assert office.send(by_state[S.FAILED], Desk()).row.state is S.ANSWERED
    assert office.waits(by_state[S.FAILED]) == []


def test_an_answer_that_comes_as_a_file_finds_its_check(office: Office) -> None:
    one = office.patient()
    [name] = asking.ask_about_patient(actor=office.actor, patient=one.public_id, at=office.at)
    sent = sending.send_due(actor=office.actor, practice=office.id, at=office.at)
    assert (sent.asked, office.check(name).row.state) == (1, S.ASKED)
    with reading():
        left = documents.read(sent.documents[0], office.id)
        (waits,) = transmissions.listing(filters=Filters(), page=PageAsk()).rows
    assert waits.state.value == "by_hand", "nobody's route leads to the payer: a person carries it"
    answer = Desk().ask(left)

    for _ in range(2):
        taken = answering.take(actor=office.actor, practice=office.id, name="271.edi", content=answer, at=office.at)
    assert (taken.answered, taken.unmatched, office.check(name).row.state) == (0, 0, S.ANSWERED), "twice is once"
    stranger = answer.replace(name.encode(), b"ELG-NOBODYS")
    taken = answering.take(actor=office.actor, practice=office.id, name="x.edi", content=stranger, at=office.at)
    assert taken.unmatched == 1
    with pytest.raises(answering.NotAnswers, match=r"holds no 271"):
        answering.take(actor=office.actor, practice=office.id, name="x.txt", content=b"hello", at=office.at)


def refusing(reason: str, follow_up: str = "C") -> Desk:
    def refuse(answer: Eligibility) -> Eligibility:
        return replace(answer, benefits=(), refusals=(Refusal("subscriber", reason, follow_up, "N"),))

    return Desk(change=refuse)


FAULTS: dict[str, tuple[int, Said, str]] = {
    "http_400": (400, bytes, "error 400"),
    "http_500": (500, bytes, "error 500"),
    "no_271": (200, lambda asked: b"<html>maintenance</html>", "nothing that can be read"),
    "empty": (200, lambda asked: b"", "answer is empty"),
    "broken_off": (200, lambda asked: Desk().ask(asked)[:-180], "broke off"),
    "busy": (200, refusing("42", "R").ask, "cannot answer at the moment"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_pain_1_3_8_no_fault_of_a_vendor_loses_the_request(office: Office, tmp_path: Path, fault: str) -> None:
    """HTTP 400, a broken 271, no answer at all: it stays, says what happened, and is asked again by itself."""
    status, said, words = FAULTS[fault]
    with at_once(office, tmp_path, Tidewater=[(status, said), (200, Desk().ask)]):
        put_off = office.ask(office.patient())
        assert put_off.row.state is S.RETRY
        assert words in put_off.row.words
        assert put_off.retry_at == office.at + timedelta(minutes=5)
        assert office.send(put_off.row.public_id).row.state is S.RETRY, "not before its time"
        done = office.send(put_off.row.public_id, at=office.at + timedelta(minutes=6))
    assert (done.row.state, done.row.verdict, done.tries) == (S.ANSWERED, Verdict.ACTIVE, 2)


def test_pain_1_3_8_what_fails_every_time_becomes_work_and_is_still_there(office: Office, tmp_path: Path) -> None:
    with at_once(office, tmp_path, Tidewater=[]):
        pass
    found = office.ask(office.patient())
    for _ in range(TRIES_MAX - 1):
        assert found.retry_at is not None
        found = office.send(found.row.public_id, at=found.retry_at)
    assert (found.row.state, found.tries) == (S.FAILED, TRIES_MAX)
    assert "Tidewater: The partner cannot be reached" in found.row.words
    assert found.fix
    assert office.waits(found.row.public_id) == [FAILED]
    exchange.route(office.cast.mso.id, [], at=office.at, transaction=Transaction.ELIGIBILITY)
    asking.ask_again(actor=office.actor, checks=[found.row.public_id], at=office.at)
    assert office.send(found.row.public_id, Desk()).row.state is S.ANSWERED
    assert office.waits(found.row.public_id) == []


def test_pain_1_3_8_a_day_the_payer_does_not_take_is_asked_again_as_today(office: Office) -> None:
    one = office.patient()
    office.plan(one, office.at.date() + timedelta(days=2))
    [name] = asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at)
    today = office.at.date()

    def not_tomorrow(answer: Eligibility) -> Eligibility:
        asked = desk.asked[len(answered)].subscriber.events[0].on
        answered.append(asked)
        return refusing("63").change(answer) if asked != today else answer

    answered: list[date | None] = []
    desk = Desk(change=not_tomorrow)
    done = office.send(name, desk)
    assert answered == [today + timedelta(days=2), today]
    assert (done.row.state, done.row.verdict, done.row.on) == (S.ANSWERED, Verdict.ACTIVE, today)
    assert done.row.visit_on == today + timedelta(days=2)
    assert office.ask(office.patient(), refusing("63")).row.state is S.FAILED, "today is refused, too: a person's"


def test_a_wrong_member_id_is_a_persons_to_mend(office: Office) -> None:
    one = office.patient()
    found = office.ask(one, refusing("72"))
    with reading():
        (cover,) = covers.of_patient(one.public_id, on=office.at.date()).covers
    assert (cover.check, cover.open_check, cover.open_state) == ("", found.row.public_id, S.FAILED), "it was asked"
    assert (found.row.state, found.fix) == (S.FAILED, "Compare the member id with the card and correct the coverage.")
    assert office.waits(found.row.public_id) == [FAILED]


def test_what_was_never_answered_is_put_off(office: Office) -> None:
    [name] = asking.ask_about_patient(actor=office.actor, patient=office.patient().public_id, at=office.at)
    sending.send_due(actor=office.actor, practice=office.id, at=office.at)
    late = office.at + timedelta(hours=27)
    assert sending.chase(actor=office.actor, practice=office.id, at=office.at) == 0
    assert sending.chase(actor=office.actor, practice=office.id, at=late) == 1
    assert office.check(name).row.words == "The payer has not answered."


def test_pain_1_4_6_an_inactive_plan_is_discovery_work_with_a_clock(office: Office) -> None:
    one = office.patient()
    office.plan(one, office.at.date() + timedelta(days=1))
    [name] = asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at)
    ended = Event("347", date(2025, 12, 31), None, "20251231")
    found = office.send(name, Desk([Benefit("6", "IND", ("30",), events=(ended,))]))

    assert (found.row.state, found.row.verdict, found.sheet.ends_on) == (
        S.ANSWERED, Verdict.INACTIVE, date(2025, 12, 31),
    )  # fmt: skip
    with reading():
        [item] = work.open_for(("eligibility.check", name), at=office.at)
    assert item.kind == INACTIVE
    assert item.due_at <= office.at + timedelta(days=1), "before the visit"
    assert "Find who covers the patient" in item.why
    assert office.send(office_again(office, name), Desk()).row.verdict is Verdict.ACTIVE
    assert office.waits(name) == []


def office_again(office: Office, name: str) -> str:
    [again] = asking.ask_again(actor=office.actor, checks=[name], at=office.at)
    return again


def test_a_card_is_recorded_at_the_desk_in_the_place_of_a_plan_that_ended_and_asked_at_once(office: Office) -> None:
    one, bare = office.patient(), office.patient(covered=False)
    office.plan(bare, office.at.date() + timedelta(days=1))
    found = office.ask(one, Desk([Benefit("6", "IND", ("30",))]))
    (uncovered,) = asking.ask_ahead(actor=office.actor, practice=office.id, at=office.at)
    other = parties.payer(office.cast.mso, at=office.at, edi_id="77002", name="Granite Mutual")
    priya, theo = signed_in(office.cast.priya), signed_in(office.cast.theo)
    before = found.coverage
    page = priya.get(reverse("eligibility:check", args=[found.row.public_id])).content.decode()
    form = f"{reverse('eligibility:record_coverage', args=[one.public_id])}?replaces={before}"
    assert form in page
    assert before in priya.get(form).content.decode()
    card = {"payer": other.public_id, "member_id": "G1", "starts_on": str(office.at.date()), "order": "P"}
    beside = priya.post(form, card | {"relationship": "18", "replaces": ""})
    assert "Another primary medical coverage" in beside.content.decode()
    nobody = priya.post(form, card | {"relationship": "19", "replaces": before})
    assert nobody.status_code == 422, "whose child it is has to be said"
    done = priya.post(form, card | {"relationship": "18", "replaces": before})
    assert done.headers["Location"] == reverse("eligibility:patient", args=[one.public_id])

    with reading():
        now, ended = patient_queries.coverages_of([one.id])[one.id]
        (asked,) = [row for row in queries.of_patient(one.public_id) if row.payer == "Granite Mutual"]
    assert (now.payer_id, now.member_id, ended.ends_on) == (other.id, "G1", office.at.date())
    assert (asked.state, office.waits(found.row.public_id)) == (S.ASKED, [])
    told = priya.post(f"/api/patients/{bare.public_id}/coverages", card | {"member_id": "G2"}, "application/json")
    said = [(row["payer"], row["payer_says"], row["open_check_is"]) for row in told.json()]
    assert said == [("Granite Mutual", "", "due")]
    assert (office.check(uncovered).row.state, office.waits(uncovered)) == (S.DUE, []), "its visit is asked about"
    assert theo.get(form).status_code in {403, 404}
    assert theo.post(f"/api/patients/{one.public_id}/coverages", card, "application/json").status_code in {403, 404}


def test_pain_1_3_9_the_real_payer_behind_a_medicaid_plan_is_found_and_taken_as_coverage(office: Office) -> None:
    """The claim would go to the wrong payer: the answer names who takes it, and one act makes it the coverage."""
    mso = office.cast.mso
    medicaid = parties.payer(mso, at=office.at, edi_id="MCD01", name="State Medicaid", kind=PayerKind.MEDICAID)
    real = parties.payer(mso, at=office.at, edi_id="77001", name="Real Health Plan")
    one = patients.patient(practice=office.id, at=office.at)
    asked = patients.coverage(one, payer_id=medicaid.id, at=office.at)
    behind = Party(role="PR", last="REAL HEALTH PLAN", id_qualifier="PI", id="77001")
    found = office.ask(one, Desk([*testing.ACTIVE, Benefit("R", "IND", ("30",), "HM", "MANAGED", parties=(behind,))]))

    [other] = found.sheet.others
    assert (other.is_real, other.payer_id, other.role) == (True, "77001", "Takes the claims instead")
    assert office.waits(found.row.public_id) == [OTHER_PAYER]
    today = office.at.date()
    discovering.take_as_coverage(
        actor=office.actor, check=found.row.public_id, payer=real, member_id="R77", starts_on=today, replaces=True,
        at=office.at,
    )  # fmt: skip
    with reading():
        now, before = patient_queries.coverages_of([one.id])[one.id]
    assert (now.payer_id, now.member_id, now.order, now.starts_on) == (real.id, "R77", asked.order, today)
    assert (before.payer_id, before.ends_on) == (medicaid.id, today)
    assert office.waits(found.row.public_id) == []
    desk = Desk()
    testing.asked(desk, practice=office.id, at=office.at)
    assert [said.source.id for said in desk.asked] == ["77001"], "the real payer is asked at once"


def test_the_worklist_the_sheet_and_the_api_show_it_and_theo_sees_nothing(office: Office, cast: Cast) -> None:
    found = office.ask(office.patient(), Desk())
    name = found.row.public_id
    priya, theo = signed_in(cast.priya), signed_in(cast.theo)

    listed = priya.get(reverse("eligibility:checks"), {"q": "plan:active"}).content.decode()
    assert name in listed
    page = priya.get(reverse("eligibility:check", args=[name])).content.decode()
    assert "Office visit" in page
    assert "400.00" in page
    told = priya.get(f"/api/coverage-checks/{name}").json()
    assert (told["plan_is"], told["copay"], told["benefits"][0]["words"]) == ("active", "25.00", "Health plan")
    _sees_nothing(theo, name)


def _sees_nothing(theo: Client, name: str) -> None:
    assert theo.get(reverse("eligibility:check", args=[name])).status_code in {403, 404}
    assert theo.get(f"/api/coverage-checks/{name}").status_code in {403, 404}


def test_a_file_of_answers_that_is_none_is_refused_beside_its_field(cast: Cast) -> None:
    priya = signed_in(cast.priya)
    given = {"practice": cast.rockland.id, "file": SimpleUploadedFile("notes.txt", b"hello")}
    refused = priya.post(reverse("eligibility:take"), given)
    assert refused.status_code == 422
    assert "holds no 271" in refused.content.decode()


# ---- by routes --------------------------------------------------------------------------------------------------


def test_a_question_goes_along_its_route_to_the_first_who_answers(office: Office, tmp_path: Path) -> None:
    with at_once(office, tmp_path, Tidewater=[(503, bytes)], Upriver=[(200, Desk().ask)]):
        done = office.ask(office.patient())

    assert (done.row.state, done.row.verdict) == (S.ANSWERED, Verdict.ACTIVE)


def test_pain_1_3_8_when_nobody_of_the_route_answers_the_request_stays(office: Office, tmp_path: Path) -> None:
    with at_once(office, tmp_path, Tidewater=[(503, bytes)], Upriver=[(400, bytes)]):
        put_off = office.ask(office.patient())

    assert put_off.row.state is S.RETRY
    assert "Tidewater: The partner answered with the error 503" in put_off.row.words
    assert "Upriver: The partner answered with the error 400" in put_off.row.words


def test_a_partner_that_takes_files_is_asked_by_a_file_and_answers_in_its_mailbox(office: Office) -> None:
    mso = office.cast.mso.id
    portal = exchange.by_hand(mso, at=office.at)
    exchange.route(mso, [portal], at=office.at, transaction=Transaction.ELIGIBILITY)
    asked = office.ask(office.patient())
    assert asked.row.state is S.ASKED
    with reading():
        (left,) = transmissions.listing(filters=Filters(), page=PageAsk()).rows
        content = documents.read(queries.check(asked.row.public_id).request_document, office.id)
    assert (left.transaction, left.state.value, left.about) == ("270", "by_hand", "1 question about coverage")
    answer = Desk().ask(content)

    network = tenancy.whole_network()
    with scope(practices=network.practices, entities=network.entities):
        row = arriving.take_in(
            actor=office.actor, partner=portal.public_id, name="271.x12", content=answer, at=office.at, tell=False
        )
        answering.take_arrival(
            actor=office.actor, arrival=row.public_id, document=row.document, name=row.name, at=office.at
        )

    assert office.check(asked.row.public_id).row.state is S.ANSWERED
