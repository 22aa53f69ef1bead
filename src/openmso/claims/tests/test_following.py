"""Stories of following up: payers are asked by their rules, and what they answer is told and becomes work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from edi.x12.check import check_bytes
from edi.x12.output import Envelope
from edi.x12.status.model import StatusAnswer, StatusHeader, StatusInquiry, Told
from edi.x12.status.read import read_276
from edi.x12.status.write import write_277
from edi.x12.values import Party, Reference
from openmso.claims import testing
from openmso.claims.queries import stories
from openmso.claims.rules import following as rules
from openmso.claims.rules.following import USUAL
from openmso.claims.services import acknowledging, following
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, claim_at
from openmso.exchange.queries import transmissions
from openmso.kit.money import Money
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.work import queries as work

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=31)
ON = date(2026, 12, 17)


@pytest.fixture
def rockland(db: None) -> BillingHouse:
    return testing.billing_house(at=NOW)


def ask(house: BillingHouse, at: datetime) -> list[StatusInquiry]:
    """What is asked, read from the files that leave."""
    with house.scope():
        sent = following.ask(actor=testing.actor(at), practice=house.id, at=at)
        with reading():
            contents = [documents.read(one.document, house.id) for one in sent]
            ways = transmissions.of_subjects("claims.inquiry", [one.public_id for one in sent])
    assert len(ways) == len(sent), "each leaves by its route"
    assert all(check_bytes(content, strict=True).valid for content in contents)
    return [one for content in contents for one in read_276(content) if isinstance(one, StatusInquiry)]


def answered(house: BillingHouse, asked: StatusInquiry, told: Told, at: datetime) -> None:
    said = StatusAnswer(
        StatusHeader("0001", f"277{at:%j%H%M%S}", at.date(), at.time()), "claim", asked.source, asked.receiver,
        asked.trace, (told,), asked.provider, asked.subscriber, references=(Reference("1K", "ICN4711"),),
    )  # fmt: skip
    content = write_277([said], Envelope(sender="PAYER", receiver="MSO", control=7, group_control=7, at=at))
    with house.scope():
        acknowledging.read_acknowledgements(
            actor=testing.actor(at), practice=house.id, name="answer.277", content=content, at=at
        )


def waiting(house: BillingHouse, claim: str) -> list[str]:
    with house.scope(), reading():
        return [one.why for one in work.open_for(("claims.claim", claim), at=LATER)]


def test_a_claim_without_an_answer_is_asked_about_by_the_rule_of_its_payer(rockland: BillingHouse) -> None:
    claim = claim_at(S.ACCEPTED, rockland, at=NOW)
    claim_at(S.PAID, rockland, at=NOW)

    assert ask(rockland, NOW + timedelta(days=29)) == []
    [asked] = ask(rockland, LATER)
    assert (asked.trace, asked.charge, asked.provider.id) == (claim.public_id, 140, rockland.house.biller.npi)
    assert ask(rockland, LATER + timedelta(days=1)) == [], "not again before its time"
    assert len(ask(rockland, LATER + timedelta(days=14))) == 1


def test_a_payer_with_a_rule_of_its_own_is_asked_by_that(rockland: BillingHouse) -> None:
    claim_at(S.SENT, rockland, at=NOW)
    with scope(practices=[tenancy.mso()]):
        following.set_rule(
            actor=testing.actor(NOW),
            mso=tenancy.mso(),
            payer=rockland.payer.public_id,
            days=5,
            again_days=5,
            asks_max=1,
            at=NOW,
        )

    assert len(ask(rockland, NOW + timedelta(days=6))) == 1
    assert ask(rockland, NOW + timedelta(days=40)) == [], "once at most"
    with rockland.scope(), pytest.raises(following.NoRule):
        following.set_rule(
            actor=testing.actor(NOW),
            mso=tenancy.mso(),
            payer=rockland.payer.public_id,
            days=0,
            again_days=5,
            asks_max=1,
            at=NOW,
        )


def test_the_answer_stands_in_the_story_and_says_what_to_do_next_until_the_payer_decides(
    rockland: BillingHouse,
) -> None:
    claim = claim_at(S.ACCEPTED, rockland, at=NOW)
    [asked] = ask(rockland, LATER)

    answered(rockland, asked, Told("A4", "35", effective_on=ON), LATER)
    [why] = waiting(rockland, claim.public_id)
    assert "does not find it" in why
    assert "Send the claim again" in why

    answered(rockland, asked, Told("P1", "20", effective_on=ON), LATER + timedelta(hours=1))
    assert waiting(rockland, claim.public_id) == [], "the payer is at work on it"

    answered(rockland, asked, Told("F2", "88", effective_on=ON), LATER + timedelta(hours=2))
    with rockland.scope(), reading():
        found = stories.claim(claim.public_id)
    assert found.state is S.ACCEPTED, "where a claim stands follows from decisions"
    assert len(waiting(rockland, claim.public_id)) == 1

    with rockland.scope():
        testing.decide(rockland, claim.public_id, paid=Money.of("140.00"), at=LATER)
    assert waiting(rockland, claim.public_id) == []


@pytest.mark.parametrize(
    ("told", "accepted", "words"),
    [
        (Told("P1", "20"), True, "at work"),
        (Told("F1", "65", paid=Money.of("80.50").amount, trace="CHK9", remitted_on=ON), True, "Paid $80.50 by CHK9 on 17 Dec 2026"),
        (Told("F1", "65", paid=Money.of("0").amount), False, "denied"),
        (Told("F2", "88"), False, "denied"),
        (Told("P3", "317"), False, "waits for something"),
        (Told("R4", "287"), False, "waits for something"),
        (Told("D0", "35"), False, "does not find it"),
        (Told("E0", "24", "85"), False, "entity not approved as submitter of the billing provider"),
        (Told("E1", "0"), False, "could not answer"),
    ],
)  # fmt: skip
def test_what_an_answer_means(told: Told, accepted: bool, words: str) -> None:
    nobody = Party("PR")
    heard = rules.heard(StatusAnswer(StatusHeader("1", "R", ON), "claim", nobody, nobody, "CLM-1", (told,)))

    assert heard.reading.is_accepted is accepted
    assert words in heard.reading.words
    assert bool(heard.to_do) is (told.category != "P1")


def test_when_a_payer_is_asked() -> None:
    sent = date(2026, 1, 1)
    assert not USUAL.is_due(sent_on=sent, asked=[], on=date(2026, 1, 30))
    assert USUAL.is_due(sent_on=sent, asked=[], on=date(2026, 1, 31))
    assert not USUAL.is_due(sent_on=sent, asked=[date(2026, 1, 31)], on=date(2026, 2, 13))
    assert USUAL.is_due(sent_on=sent, asked=[date(2026, 1, 31)], on=date(2026, 2, 14))
    assert not replace(USUAL, asks_max=1).is_due(sent_on=sent, asked=[date(2026, 1, 31)], on=date(2027, 1, 1))
