"""A paper from its clauses to its signatures: counsel looks at it, both sides sign the same bytes, and it is executed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.contracts import Side, Signer
from openmso.agreements.models.signing import CounselReview, RoundSigner, SigningAct, SigningRound
from openmso.agreements.paper import text
from openmso.agreements.paper.contracts import AddressClass, NamedSigner, Review, Signing
from openmso.agreements.paper.providers import NotBroughtBack, address_class
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import paper as papers
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import clauses, counsel, drafting, signing
from openmso.agreements.services.counsel import NotReviewable, NotSignedOff
from openmso.agreements.services.scans import NotSignable
from openmso.agreements.services.signing import NotYourSignature
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work.models import WorkItem

APRIL = date(2026, 4, 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """An amendment of Rockland's agreement: Kate drafts, Cora is counsel, Elena signs for the MSO, Ana for Rockland."""

    cast: Cast
    agreement: str
    kate: User
    elena: User
    cora: User
    actors: dict[int, Actor]

    def actor(self, user: User, *, later: int = 0) -> Actor:
        return replace(self.actors[user.pk], at=NOW + timedelta(minutes=later))

    def reviewed(self) -> None:
        counsel.ask(actor=self.actor(self.kate), agreement=self.agreement, reviewer=self.cora.public_id, at=NOW)
        counsel.answer(
            actor=self.actor(self.cora), agreement=self.agreement, signs_off=True, note="Read it whole.", at=NOW
        )

    def signers(self) -> list[NamedSigner]:
        return [
            NamedSigner(Side.MSO, "Elena Vass", "Chief executive", self.elena.public_id),
            NamedSigner(Side.PRACTICE, "Dr. Ana Rockland", "Owner", self.cast.ana.public_id),
        ]

    def send(self, **more: Any) -> str:
        return signing.send(
            actor=self.actor(self.elena), agreement=self.agreement, signers=self.signers(), at=NOW, **more
        )

    def sign(self, user: User, *, later: int = 1, address: str = "8.8.8.8") -> Any:
        out = signings.out(self.agreement)
        mine = out.of(user.public_id) if out else None
        intent = signing.intent_of(mine.title, mine.side) if mine else "I sign."
        return signing.sign(
            actor=self.actor(user, later=later), agreement=self.agreement, intent=intent, address=address,
            at=NOW + timedelta(minutes=later),
        )  # fmt: skip

    def waiting(self) -> list[str]:
        kinds = ["agreements.to_sign", "agreements.to_review"]
        return sorted(WorkItem.objects.filter(kind__in=kinds).exclude(state="done").values_list("title", flat=True))


@pytest.fixture
def desk(db: None, cast: Cast) -> Desk:
    people = {
        name: testing.person(f"{name}@harborridge.example", words, practice=cast.rockland.id, role=role, at=NOW)
        for name, words, role in (
            ("kate", "Kate Lindgren", "mso_executive"), ("elena", "Elena Vass", "mso_executive"),
            ("cora", "Cora Blum", "compliance_officer"),
        )
    }  # fmt: skip
    actors = {one.pk: cast.actor(one, fresh=True) for one in (*people.values(), cast.ana)}
    made = Desk(cast, cast.agreement.agreement, **people, actors=actors)
    narrowed = testing.terms(cast.mso, cast.rockland, lines="accounting denials revenue_cycle")
    with cast.scope():
        drafting.amend(
            actor=made.actor(made.kate), agreement=made.agreement, starts_on=APRIL, terms=narrowed, at=NOW,
            summary="Less is in scope",
        )  # fmt: skip
    return made


def test_a_draft_goes_by_counsel_to_both_sides_and_is_executed_with_the_bytes_they_signed(desk: Desk) -> None:
    with desk.cast.scope(), atomic.open():
        with pytest.raises(NotSignedOff, match="has not seen"):
            desk.send()
        desk.reviewed()
        with pytest.raises(SamePerson):
            signing.send(actor=desk.actor(desk.kate), agreement=desk.agreement, signers=desk.signers(), at=NOW)
        desk.send()
        assert len(desk.waiting()) == 2
        with pytest.raises(NotYourSignature):
            desk.sign(desk.kate)
        with pytest.raises(NotAllowed):
            desk.sign(desk.cora)
        with pytest.raises(NotSignable, match="mean to sign"):
            signing.sign(
                actor=desk.actor(desk.elena), agreement=desk.agreement, intent="ok", address="127.0.0.1", at=NOW
            )
        assert desk.sign(desk.elena) is None
        with pytest.raises(NotYourSignature, match="already"):
            desk.sign(desk.elena)
        assert queries.agreement(desk.agreement).versions[-1].number == 1, "one signature executes nothing"

        version = desk.sign(desk.cast.ana, later=2)

        assert (version.number, desk.waiting()) == (2, [])
        (round_,) = signings.rounds(desk.agreement)
        assert round_.state is Signing.COMPLETE
        assert {one.document_sha256 for one in round_.signers} == {version.document_sha256}
        content = documents.read(version.document, desk.cast.rockland.id)
        assert hashlib.sha256(content).hexdigest() == version.document_sha256
        assert [(one.name, one.signed_at) for one in version.signers] == [
            ("Elena Vass", NOW + timedelta(minutes=1)), ("Dr. Ana Rockland", NOW + timedelta(minutes=2))
        ]  # fmt: skip
        assert {one.address for one in round_.signers} == {AddressClass.PUBLIC}
        assert b"pdfuaid" in documents.read(round_.certificate, desk.cast.rockland.id)
        kept = papers.of_version(version)
        assert kept is not None
        assert kept.content_sha256 == round_.content_sha256


def test_a_changed_draft_voids_signatures_and_wants_counsel_again(desk: Desk) -> None:
    again = testing.terms(desk.cast.mso, desk.cast.rockland, lines="accounting")
    with desk.cast.scope(), atomic.open():
        desk.reviewed()
        desk.send()
        desk.sign(desk.elena)

        clauses.replace(
            actor=desk.actor(desk.kate), agreement=desk.agreement, code="term.ending", at=NOW,
            text="Either side may end it at any time.", why="Asked for by Rockland",
        )  # fmt: skip

        (round_,) = signings.rounds(desk.agreement)
        assert (round_.state, round_.ended_why) == (Signing.VOID, "The text of the draft was changed.")
        assert desk.waiting() == []
        with pytest.raises(Refused, match="out for signature"):
            desk.sign(desk.cast.ana)
        with pytest.raises(NotSignedOff, match="changed since"):
            desk.send()
        with pytest.raises(NotSignedOff):  # neither by the paper's way
            signing.bring_back(
                actor=desk.actor(desk.elena), agreement=desk.agreement, document=testing.pdf("scan"),
                signers=testing.signers(NOW), at=NOW,
            )  # fmt: skip
        own = next(one for one in papers.of_draft(queries.agreement(desk.agreement)).articles if one.deviates)
        assert (own.code, own.why) == ("term.ending", "Asked for by Rockland")

        desk.reviewed()
        desk.send()
        desk.sign(desk.elena)
        second = desk.sign(desk.cast.ana)
        drafting.amend(
            actor=desk.actor(desk.kate), agreement=desk.agreement, starts_on=APRIL, terms=again, at=NOW, summary="Less"
        )
        third = papers.of_draft(queries.agreement(desk.agreement))
        before = papers.of_version(second)
        assert before is not None
        changed = [one.title for one in text.differences(before.articles, third.articles) if one.is_changed]
        assert changed == ["Appointment", "Services and their standard"], "own words go on, the lines are fewer"
        clauses.restore(actor=desk.actor(desk.kate), agreement=desk.agreement, code="term.ending", at=NOW)
        assert not papers.of_draft(queries.agreement(desk.agreement)).deviates


def test_counsel_is_named_is_no_drafter_and_answers_in_words(desk: Desk) -> None:
    ask = {"agreement": desk.agreement, "at": NOW}
    other, both = (
        testing.person(email, name, practice=desk.cast.rockland.id, role="compliance_officer", at=NOW)
        for email, name in (("olga@harborridge.example", "Olga"), ("kate@harborridge.example", "Kate"))
    )
    desk.actors.update({one.pk: desk.cast.actor(one, fresh=True) for one in (other, both)})
    with desk.cast.scope(), atomic.open():
        with pytest.raises(NotReviewable, match="may not review"):
            counsel.ask(actor=desk.actor(desk.kate), reviewer=desk.cast.ana.public_id, **ask)
        counsel.ask(actor=desk.actor(desk.kate), reviewer=desk.cora.public_id, **ask)
        with pytest.raises(NotReviewable, match="Cora Blum is asked"):
            counsel.answer(actor=desk.actor(other), signs_off=True, note="Fine", **ask)
        with pytest.raises(NotReviewable, match="Say what"):
            counsel.answer(actor=desk.actor(desk.cora), signs_off=False, note=" ", **ask)
        counsel.answer(actor=desk.actor(desk.cora), signs_off=False, note="Cap the fee.", **ask)
        with pytest.raises(NotSignedOff, match=r"returned it: Cap the fee\."):
            desk.send()
        CounselReview.objects.update(reviewer_user=desk.kate.public_id, state=Review.ASKED.value)
        with pytest.raises(SamePerson):  # a second role makes no second person
            counsel.answer(actor=desk.actor(both), signs_off=True, note="Mine", **ask)


def test_who_declines_says_why_and_what_is_recalled_is_asked_of_nobody(desk: Desk) -> None:
    with desk.cast.scope(), atomic.open():
        desk.reviewed()
        desk.send()
        decline = {"actor": desk.actor(desk.cast.ana), "agreement": desk.agreement, "address": "10.0.0.1", "at": NOW}
        with pytest.raises(NotSignable, match="Say why"):
            signing.decline(why="", **decline)
        signing.decline(why="The cap is missing.", **decline)
        assert signings.rounds(desk.agreement)[0].ended_why == "Dr. Ana Rockland: The cap is missing."
        assert desk.waiting() == []
        desk.send()
        signing.recall(actor=desk.actor(desk.elena), agreement=desk.agreement, why="Wrong day", at=NOW)
        assert [one.state for one in signings.rounds(desk.agreement)] == [Signing.VOID, Signing.DECLINED]


def test_a_paper_that_is_signed_with_ink_takes_the_same_way(desk: Desk) -> None:
    with desk.cast.scope(), atomic.open():
        desk.reviewed()
        desk.send(provider="paper")
        assert desk.waiting() == [], "nobody signs it here"
        back = {
            "actor": desk.actor(desk.elena),
            "agreement": desk.agreement,
            "document": testing.pdf("scan"),
            "at": NOW,
        }
        stranger = Signer(Side.PRACTICE, "Somebody Else", "Owner", NOW)
        with pytest.raises(NotBroughtBack, match="was not named"):
            signing.bring_back(signers=[testing.signers(NOW)[0], stranger], **back)
        with pytest.raises(NotYourSignature):
            desk.sign(desk.cast.ana)

        version = signing.bring_back(signers=testing.signers(NOW - timedelta(hours=2)), **back)

        assert version.document_sha256 == hashlib.sha256(testing.pdf("scan").content).hexdigest()
        (round_,) = signings.rounds(desk.agreement)
        assert (round_.state, round_.provider, bool(round_.certificate)) == (Signing.COMPLETE, "paper", True)
        assert {one.document_sha256 for one in round_.signers} == {version.document_sha256}
        assert round_.document_sha256 != version.document_sha256, "the scan is not the print"


def test_the_database_keeps_what_is_promised_of_signing(desk: Desk) -> None:
    with desk.cast.scope(), atomic.open():
        desk.reviewed()
        desk.send()
        desk.sign(desk.elena)
        other = RoundSigner.objects.get(place=1)
        for promise, changes in (
            ("nobody signs for somebody else", {"user": desk.elena.public_id}),
            ("what is signed is what was sent", {"user": desk.cast.ana.public_id, "document_sha256": "0" * 64}),
        ):
            row = SigningAct.objects.get()
            row.pk, row._state.adding, row.signer = None, True, other
            for name, value in changes.items():
                setattr(row, name, value)
            with pytest.raises(DatabaseError, match=promise), transaction.atomic():
                row.save(force_insert=True)
        with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
            SigningRound.objects.update(document_sha256="0" * 64)
        act, round_, review = SigningAct.objects.get(), SigningRound.objects.get(), CounselReview.objects.get()
        for row, promise, changes in (
            (act, "a_named_signer_acts_once", {}),
            (round_, "one_signing_at_a_time", {"public_id": "SGN-2"}),
            (round_, "what_is_signed_is_frozen", {"public_id": "SGN-2", "document_sha256": "x"}),
            (round_, "ended_signings_say_when_and_why", {"public_id": "SGN-2", "state": "void", "ended_at": NOW}),
            (review, "counsel_answers_in_words", {"note": ""}),
        ):
            row.pk, row._state.adding = None, True
            for name, value in changes.items():
                setattr(row, name, value)
            with pytest.raises(IntegrityError, match=promise), transaction.atomic():
                row.save(force_insert=True)
        with connection.cursor() as cursor:
            for table in ("signingact", "roundsigner", "versiontext", "clauseversion"):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"DELETE FROM agreements_{table}")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1", "loopback"),
        ("10.1.2.3", "private"),
        ("8.8.8.8", "public"),
        ("2606:4700::1", "public"),
        ("", "unknown"),
    ],
)
def test_an_address_tells_where_somebody_is_and_is_not_kept(address: str, told: str) -> None:
    assert address_class(address) == told


def test_it_is_asked_sent_and_signed_by_screens_and_api(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    kate, elena, cora, ana = (signed_in(one) for one in (desk.kate, desk.elena, desk.cora, desk.cast.ana))

    def place(name: str, **more: Any) -> str:
        return reverse(f"agreements:{name}", kwargs={"agreement": desk.agreement, **more})

    def page(browser: Client, name: str = "document") -> str:
        return browser.get(place(name)).content.decode()

    assert "Counsel has not seen this draft." in page(elena)
    own = kate.post(place("own-words", clause="fee.fair_value"), {"text": "", "why": "Counsel writes it"})
    assert own.status_code == 303, own.content
    assert "left out" in page(kate)
    assert kate.post(place("restore", clause="fee.fair_value")).status_code == 303
    assert kate.post(place("ask-counsel"), {"reviewer": desk.cora.public_id}).status_code == 303
    assert place("answer-counsel") in page(cora)
    answered = cora.post(place("answer-counsel"), {"signs_off": "yes", "note": "Read it whole."})
    assert answered.status_code == 303, answered.content
    sent = elena.post(place("send"), {
        "provider": "here", "mso_signer": desk.elena.public_id, "mso_title": "Chief executive",
        "practice_signer": desk.cast.ana.public_id, "practice_title": "Owner",
    })  # fmt: skip
    assert sent.status_code == 303, sent.content
    assert place("sign") in page(ana)
    assert elena.get(place("document-pdf")).content.startswith(b"%PDF-")
    assert elena.post(place("execute"), _scan()).status_code == 422, "what is out here is not recorded as a paper"
    assert elena.post(place("sign"), {}).status_code == 422, "the sentence is to be confirmed"
    assert elena.post(place("sign"), {"confirmed": "on"}).status_code == 303
    (told,) = ana.get(f"/api/agreements/{desk.agreement}/signings").json()
    mine = next(one for one in told["signers"] if one["side"] == "practice")
    done = ana.post(f"/api/agreements/{desk.agreement}/signature", {"intent": mine["says"]}, "application/json")
    assert done.json()["version"], done.content
    assert "Certificate of completion" in page(ana)
    assert ana.get(place("certificate", number=2)).content.startswith(b"%PDF-")
    compared = ana.get(place("compare", number=2)).content.decode()
    assert "The texts are not compared" in compared, "the first version's paper was made elsewhere"
    theo = signed_in(desk.cast.theo)
    assert theo.get(place("document")).status_code == 404
    with desk.cast.scope(), reading():
        assert queries.agreement(desk.agreement).versions[-1].number == 2


def _scan() -> dict[str, Any]:
    return {
        "document": SimpleUploadedFile("a.pdf", testing.pdf().content, "application/pdf"), "mso_name": "Elena Vass",
        "mso_title": "Chief executive", "practice_name": "Dr. Ana Rockland", "practice_title": "Owner",
        "signed_on": "2026-03-02",
    }  # fmt: skip
