"""Stories of appeals: drafted, sent with proof, answered, taken to the next level; their letters."""

from __future__ import annotations

import pytest

from openmso.denials.contracts import Method
from openmso.denials.models import Appeal
from openmso.denials.queries import appeals
from openmso.denials.rules import letters
from openmso.denials.services import appealing
from openmso.denials.states import A
from openmso.denials.tests.conftest import Desk, said
from openmso.kit.errors import Conflict, Refused
from openmso.kit.money import Money
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy


def drafted(desk: Desk, *denials: str, template: str = "necessity") -> str:
    with desk.scope():
        return appealing.draft(actor=desk.actor, denials=denials, at=desk.office.at, template=template)


def sent(desk: Desk, appeal: str) -> None:
    with desk.scope():
        appealing.send(
            actor=desk.actor, appeal=appeal, method=Method.FAX, proof="Fax 1 of 1, confirmed", sent_on=None,
            at=desk.office.at,
        )  # fmt: skip


def answered(desk: Desk, appeal: str, outcome: A, amount: str = "0.00") -> None:
    with desk.scope():
        appealing.answer(
            actor=desk.actor, appeal=appeal, outcome=outcome, amount=Money.of(amount), note="By letter",
            answered_on=None, at=desk.office.at,
        )  # fmt: skip


class TestLetters:
    def test_fields_are_filled_in_and_the_table_waits(self) -> None:
        told = letters.fill("About {{ claims }}:\n\n{{ lines }}", {"claims": "CLM-1"})

        assert told == "About CLM-1:\n\n{{ lines }}"

    def test_what_is_missing_is_refused_in_words(self) -> None:
        with pytest.raises(letters.FieldMissing, match="the patient's number with the payer, and that is not on file"):
            letters.fill("Member {{ member_id }}", {"member_id": " "})
        with pytest.raises(letters.FieldMissing, match=r"no field .. membr") as no:
            letters.check("{{ membr }}")
        assert "member_id" in no.value.fix
        with pytest.raises(letters.FieldMissing, match="not closed"):
            letters.check("{{ claims }")

    def test_the_letters_of_the_house_use_fields_that_exist(self) -> None:
        for one in letters.of_the_house().values():
            assert letters.fill(one.body, letters.SAMPLE)
            assert letters.fill(one.title, letters.SAMPLE)


def test_an_appeal_that_was_won_closes_when_it_is_paid(desk: Desk) -> None:
    one = desk.deny("CO 50 140.00")
    appeal = drafted(desk, one.public_id, template="plain")

    with desk.reading():
        shown = appeals.appeal(appeal, on=desk.office.at.date())
        paper = appealing.letter(appeal, on=desk.office.at.date())
        [[ours, theirs, patient, _, _, payment]] = appeals.claims_of(shown.denials)
        [[claim, *_, charged, left]] = appeals.services(shown.denials)
    assert (ours, claim, charged, left) == (one.claim_name, one.claim_name, "140.00", "140.00")
    assert theirs, "the payer's own number, as it told it"
    assert patient == shown.denials[0].patient
    assert payment
    assert one.claim_name in shown.row.title
    assert "$140.00" in shown.body
    assert paper.startswith(b"%PDF")

    with desk.scope():
        appealing.enclose(
            actor=desk.actor, appeal=appeal, name="record.txt", content=b"Seen on 2 March", media_type="text/plain",
            at=desk.office.at,
        )  # fmt: skip
    sent(desk, appeal)
    assert desk.now(one).state == "appealed"
    with desk.reading():
        kept = appeals.appeal(appeal, on=desk.office.at.date())
        assert documents.read(kept.letter, desk.office.practice).startswith(b"%PDF")
        assert [paper.name for paper in kept.papers] == ["record.txt"]

    answered(desk, appeal, A.WON)
    assert desk.now(one).state == "appealed"
    desk.answer(said(one.claim_name, "CO 45 40.00", paid="100.00"))
    assert desk.now(one).state == "recovered"
    with desk.reading():
        (told,) = appeals.overturned()
    assert (told.answered, told.won, told.promised) == (1, 1, Money.of("140.00"))


def test_what_is_lost_goes_to_the_next_level_until_there_is_none(desk: Desk) -> None:
    one = desk.deny("CO 50 140.00")
    for level in (1, 2, 3):
        appeal = drafted(desk, one.public_id, template="plain")
        with desk.reading():
            assert Appeal.objects.get(public_id=appeal).level == level
        sent(desk, appeal)
        answered(desk, appeal, A.LOST)
        assert desk.now(one).state == "new"
    assert desk.now(one).action == "writeoff_or_good_cause"
    with pytest.raises(Refused, match="no level of appeal after External review"):
        drafted(desk, one.public_id, template="plain")


def test_several_denials_go_in_one_letter_and_in_no_second(desk: Desk) -> None:
    first, second = desk.deny("CO 50 140.00"), desk.deny("CO 50 60.00", charge="60.00")
    appeal = drafted(desk, first.public_id, second.public_id, template="plain")

    with desk.reading():
        assert appeals.appeal(appeal, on=desk.office.at.date()).row.amount == Money.of("200.00")
    with pytest.raises(Conflict, match=f"stands in appeal {appeal}"):
        drafted(desk, second.public_id, template="plain")
    with desk.scope():
        appealing.drop(actor=desk.actor, appeal=appeal, why="They were right", at=desk.office.at)
    drafted(desk, second.public_id, template="plain")


def test_a_letter_that_lacks_something_is_not_written(desk: Desk) -> None:
    one = desk.deny("CO 50 140.00")
    with pytest.raises(letters.FieldMissing, match="not on file"):
        drafted(desk, one.public_id, template="general")
    with desk.reading():
        assert not Appeal.objects.exists()


def test_nothing_is_sent_without_proof_and_what_was_sent_stays(desk: Desk) -> None:
    appeal = drafted(desk, desk.deny("CO 50 140.00").public_id, template="plain")
    with desk.scope():
        with pytest.raises(Refused, match="what shows that it left"):
            appealing.send(
                actor=desk.actor, appeal=appeal, method=Method.MAIL, proof=" ", sent_on=None, at=desk.office.at
            )
        with pytest.raises(letters.FieldMissing, match="not filled in"):
            appealing.change(actor=desk.actor, appeal=appeal, title="About", body="Dear {{ payer }}", at=desk.office.at)
    sent(desk, appeal)
    with desk.scope(), pytest.raises(appealing.NotADraft):
        appealing.change(actor=desk.actor, appeal=appeal, title="About", body="Dear all", at=desk.office.at)
    with pytest.raises(Refused, match="does not bring"):
        answered(desk, appeal, A.PARTLY, "0.00")


@pytest.fixture(autouse=True)
def plain(desk: Desk) -> None:
    """A letter of the network that asks only for what every claim of the office has."""
    with desk.scope():
        appealing.keep_template(
            actor=desk.actor, mso=tenancy.mso(), name="plain", title="Appeal of {{ claims }}", category="",
            body="{{ level }}: please pay {{ amount }}.\n\n{{ lines }}", at=desk.office.at,
        )  # fmt: skip
