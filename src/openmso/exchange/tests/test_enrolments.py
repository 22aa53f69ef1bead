"""Stories of EDI enrolments: chased until live, live by the first file, holding what would be sent back, exported."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openmso.exchange import testing
from openmso.exchange.contracts import Transaction
from openmso.exchange.queries import enrolments, transmissions
from openmso.exchange.services import enrolling
from openmso.exchange.services.enrolling import AlreadyThere, NoReason
from openmso.exchange.states import E, T
from openmso.exchange.tests.conftest import NOW, Scene
from openmso.exchange.tests.test_rules import CLAIMS
from openmso.kit.states import IllegalMove
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.work import queries as work

SYSTEM = Actor.system("a test", at=NOW)


def opened(scene: Scene, transaction: Transaction = Transaction.CLAIM_P, *, days: int = 0) -> str:
    with reading():
        [biller] = providers.billers(scene.practice, on=NOW.date())
        payer = payers.payer(scene.payer).public_id
    return enrolling.begin(
        actor=SYSTEM, biller=biller.public_id, payer=payer, transaction=transaction, at=NOW + timedelta(days=days)
    )


def moved(name: str, to: E, words: str = "", *, days: int = 0) -> None:
    enrolling.move(actor=SYSTEM, enrolment=name, to=to, words=words, at=NOW + timedelta(days=days))


def told(name: str) -> enrolments.EnrolmentPage:
    with reading():
        return enrolments.enrolment(name)


def open_work(name: str) -> list[tuple[str, date]]:
    with reading():
        return [(one.why, one.due_at.date()) for one in work.open_for(("exchange.enrolment", name), at=NOW)]


def test_an_enrolment_is_chased_until_the_first_file_makes_it_live(scene: Scene) -> None:
    with scene.scope():
        name = opened(scene, Transaction.REMITTANCE)
        assert open_work(name) == [("Send the enrolment form.", NOW.date())]
        moved(name, E.SENT, "Faxed")
        assert open_work(name) == [("Ask how far it is. Faxed", date(2026, 11, 30))]
        moved(name, E.SENT, "Asked Ms Lee: two more weeks", days=14)
        assert open_work(name)[0][1] == date(2026, 12, 14)
        with atomic.open():
            enrolling.first_file(
                actor=SYSTEM, practice=scene.practice, payer=scene.payer, transaction=Transaction.REMITTANCE,
                words="The first 835 came.", at=NOW + timedelta(days=20), under=SYSTEM.may("exchange.enrol", scene.practice),
            )  # fmt: skip
        page = told(name)
        assert open_work(name) == []

    assert (page.row.state, page.row.live_on) == (E.LIVE, date(2026, 12, 6))
    assert [event.state for event in page.events] == [E.REQUESTED, E.SENT, E.SENT, E.LIVE]


def test_claims_wait_for_an_enrolment_that_is_not_live_and_go_when_it_is(scene: Scene) -> None:
    portal = testing.by_hand(scene.mso, at=NOW)
    testing.route(scene.mso, [portal], at=NOW)
    with scene.scope():
        enrolment = opened(scene)
        name = testing.sent(scene.practice, CLAIMS, at=NOW, payer=scene.payer)
        with reading():
            held = transmissions.transmission(name).row
        moved(enrolment, E.PENDING, "Confirmed")
        with reading():
            free = transmissions.transmission(name).row

    assert (held.state, held.words) == (
        T.BY_HAND,
        "The EDI enrolment for 837P is not live (to be sent): the payer would send it back.",
    )
    assert free.words == "Take it and hand it in at Portal of a payer."


def test_what_is_said_of_an_enrolment_must_fit(scene: Scene) -> None:
    with scene.scope():
        name = opened(scene)
        with pytest.raises(AlreadyThere, match="has that enrolment"):
            opened(scene)
        with pytest.raises(NoReason):
            moved(name, E.REJECTED, " ")
        moved(name, E.REJECTED, "Wrong TIN")
        assert open_work(name)[0][0] == "Mend it and send it again. Wrong TIN"
        with pytest.raises(IllegalMove):
            moved(name, E.LIVE)


def test_a_remittance_route_without_an_enrolment_is_told_on_the_board(scene: Scene) -> None:
    partner = testing.by_hand(scene.mso, at=NOW)
    testing.route(scene.mso, [partner], at=NOW, transaction=Transaction.REMITTANCE)
    with scene.scope():
        with reading():
            assert enrolments.unenrolled(on=NOW.date()) == [], "nothing is known of the payer yet"
        opened(scene)
        with reading():
            (one,) = enrolments.unenrolled(on=NOW.date())
        assert (one.payer_id, one.partner) == (scene.payer, partner.name)
        opened(scene, Transaction.REMITTANCE)
        with reading():
            assert enrolments.unenrolled(on=NOW.date()) == []
