"""Stories of denials: from the payer's answer to the money, or to its end."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openmso.claims.services import building
from openmso.denials.contracts import Category, Cause, MapRule
from openmso.denials.models import WriteOff
from openmso.denials.queries import pages, queue
from openmso.denials.rules.patients import NotThePatients
from openmso.denials.services import acting, bulk, network, taking, writing_off
from openmso.denials.services.keeping import NotOpen
from openmso.denials.tests.conftest import Desk, said
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work.models import WorkItem
from openmso.remittances.testing import claim, line, reversal

D = Decimal


def open_work(desk: Desk) -> list[WorkItem]:
    with desk.reading():
        return list(WorkItem.objects.exclude(state="done").order_by("-priority", "pk"))


def listed(desk: Desk, **terms: str) -> list[str]:
    filters = Filters(tuple(Term(key, "=", value, value) for key, value in terms.items()))
    with desk.reading():
        page = queue.denials(filters=filters, page=PageAsk(), on=desk.actor.at.date())
        assert queue.tally(filters=filters).total == page.total
        return [row.public_id for row in page.rows]


def test_pain_1_4_5_denials_pile_up(desk: Desk) -> None:
    """Pain: denials pile up and nobody knows which comes first. Each has a kind, an owner, a day, a worth and a clock."""
    small = desk.deny("CO 197 140.00")
    large = desk.deny("CO 197 900.00", charge="900.00")
    hopeless = desk.deny("CO 29 950.00", charge="950.00")

    assert listed(desk, **{"is": "new"}) == [large.public_id, hopeless.public_id, small.public_id]
    assert (large.category, large.owner, large.action) == ("auth", "auth", "retro_auth_or_appeal")
    assert (large.due_on - large.denied_on).days == desk.office.payer.appeal_days
    assert large.value_amount == D("900.00") * D("0.40") * large.weight
    items = open_work(desk)
    assert [item.subject_id for item in items] == [large.public_id, hopeless.public_id, small.public_id]
    assert "900.00 × 40 % won" in items[0].priority_why
    assert all(item.due_at > desk.office.at for item in items)


def test_hold_buckets_fill_and_nobody_works_them(desk: Desk) -> None:
    """Complaint 17: buckets fill unseen. What presses rises by itself, and the page of a claim says what waits."""
    one = desk.deny("CO 197 140.00")
    desk.later(desk.office.payer.appeal_days - 10)
    with desk.scope():
        assert taking.revalue(practice=desk.office.practice, at=desk.office.at) == 1
    assert desk.now(one).weight > one.weight
    with desk.reading():
        assert queue.words_of_claims([one.claim_name]) == {one.claim_name: "Authorization absent"}


def test_a_denied_line_is_never_written_off_by_posting(desk: Desk) -> None:
    """Complaint 2: posting wrote denied lines off. Here the money stays open until a person decides."""
    one = desk.deny("CO 97 140.00", remarks=("M15",))

    assert desk.office.claim(one.claim_name).open_amount == D(140)
    assert desk.office.balances()["1100"] == D(140)
    assert (one.written_off_amount, one.state) == (D(0), "new")


def test_the_same_remittance_taken_in_twice_makes_no_second_denial(desk: Desk) -> None:
    one = desk.deny("CO 197 140.00")

    with desk.scope():
        again = taking.take_in(
            actor=desk.actor, practice=desk.office.practice, remittance=one.remittance, at=desk.office.at
        )

    assert again == 0
    assert len(open_work(desk)) == 1


def test_a_code_of_no_map_becomes_unknown_work(desk: Desk) -> None:
    assert Category(desk.deny("CO 987 140.00").category) is Category.UNKNOWN


class TestLaterDecisions:
    def test_what_is_paid_later_closes_by_itself(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")

        desk.answer(said(one.claim_name, "CO 45 40.00", paid="100.00"))

        after = desk.now(one)
        assert (after.state, after.recovered_amount) == ("recovered", D(100))
        assert open_work(desk) == []
        assert desk.story(one) == ["Denied", "Paid"]

    def test_denied_again_is_a_new_denial_and_ends_the_first(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")

        desk.answer(said(one.claim_name, "CO 50 140.00"))

        again = desk.only(one.claim_name)
        assert desk.now(one).state == "again"
        assert (again.category, again.is_first, again.state) == ("med_necessity", False, "new")
        assert [item.subject_id for item in open_work(desk)] == [again.public_id]

    def test_a_reversal_and_a_payment_in_one_file_recover_it(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")
        first = said(one.claim_name, "CO 197 140.00")

        desk.answer(reversal(first), said(one.claim_name, "CO 45 60.00", paid="80.00"))

        assert (desk.now(one).state, desk.now(one).recovered_amount) == ("recovered", D(80))

    def test_a_reversal_alone_takes_the_denial_back(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")
        first = said(one.claim_name, "CO 197 140.00")
        filler = desk.office.sent(("99214", "500.00"))

        desk.answer(reversal(first), said(filler.control, charge="500.00", paid="500.00", code="99214"))

        assert desk.now(one).state == "takenback"

    def test_money_taken_back_opens_it_again(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")
        paid = said(one.claim_name, "CO 45 60.00", paid="80.00")
        desk.answer(paid)
        filler = desk.office.sent(("99214", "500.00"))

        desk.answer(reversal(paid), said(filler.control, charge="500.00", paid="500.00", code="99214"))

        assert desk.now(one).state == "new"
        assert [item.subject_id for item in open_work(desk)] == [one.public_id]

    def test_only_the_denied_line_of_a_claim_is_a_denial(self, desk: Desk) -> None:
        sent = desk.office.sent(("99213", "140.00"), ("93000", "60.00"))
        first = line("99213", "140.00", paid="140.00", control=f"{sent.control}-01")
        second = line("93000", "60.00", reasons=["CO 16 60.00"], control=f"{sent.control}-02")

        desk.answer(claim(sent.control, first, second))

        one = desk.only(sent.public_id)
        assert (one.number, one.code, one.amount) == (2, "93000", D(60))

    def test_reasons_of_the_claim_itself_are_a_denial_of_the_claim(self, desk: Desk) -> None:
        sent = desk.office.sent(("99213", "140.00"))
        desk.answer(claim(sent.control, line("99213", "140.00", paid="140.00"), reasons=["CO 22 140.00"]))

        one = desk.only(sent.public_id)

        assert (one.number, one.category, one.amount) == (0, "cob", D(140))


class TestAnswers:
    def test_corrected_and_paid(self, desk: Desk) -> None:
        one = desk.deny("CO 16 140.00", remarks=("N290",))

        with desk.scope():
            new = acting.correct(actor=desk.actor, denials=[one.public_id], why="Number added", at=desk.office.at)
        outbox.deliver_pending(at=desk.office.at)
        assert (desk.now(one).state, desk.now(one).resent_name) == ("resent", new)
        with desk.scope(), pytest.raises(acting.AlreadyCorrected):
            acting.correct(actor=desk.actor, denials=[one.public_id], why="Once more", at=desk.office.at)

        desk.answer(said(new, "CO 45 40.00", paid="100.00"))

        assert (desk.now(one).state, desk.now(one).recovered_amount) == ("recovered", D(100))

    def test_only_the_denied_line_is_asked_for_anew_and_paid(self, desk: Desk) -> None:
        sent = desk.office.sent(("99213", "140.00"), ("93000", "60.00"))
        first = line("99213", "140.00", paid="140.00", control=f"{sent.control}-01")
        second = line("93000", "60.00", reasons=["CO 16 60.00"], control=f"{sent.control}-02")
        desk.answer(claim(sent.control, first, second))
        one = desk.only(sent.public_id)

        with desk.scope():
            new = acting.resubmit(
                actor=desk.actor, denials=[one.public_id], frequency="1", why="Modifier", at=desk.office.at
            )
        outbox.deliver_pending(at=desk.office.at)
        assert (desk.now(one).state, desk.now(one).resent_name) == ("resent", new)
        assert [desk.office.claim(name).open_amount for name in (sent.public_id, new)] == [D(0), D(60)]

        desk.answer(said(new, "CO 45 20.00", charge="60.00", paid="40.00", code="93000"))
        assert (desk.now(one).state, desk.now(one).recovered_amount) == ("recovered", D(40))
        assert desk.office.claim(new).state == "paid"

    def test_what_was_to_be_asked_anew_and_is_dropped_is_worked_on_again(self, desk: Desk) -> None:
        one = desk.deny("CO 16 140.00")
        with desk.scope():
            new = acting.resubmit(
                actor=desk.actor, denials=[one.public_id], frequency="1", why="Modifier", at=desk.office.at
            )
            building.drop(actor=desk.actor, claim=new, why="Not yet", at=desk.office.at)
        outbox.deliver_pending(at=desk.office.at)
        assert (desk.now(one).state, desk.now(one).resent_name) == ("new", "")
        assert desk.office.claim(one.claim_name).open_amount == D(140)

    def test_the_payer_is_asked_and_it_comes_back(self, desk: Desk) -> None:
        one = desk.deny("CO 133 140.00")
        with desk.scope():
            acting.ask_payer(
                actor=desk.actor, denial=one.public_id, note="Called; wait for the audit", until=None, at=desk.office.at
            )
            assert (open_work(desk)[0].due_at - desk.office.at).days == 30
            acting.take_up(actor=desk.actor, denial=one.public_id, why="No answer", at=desk.office.at)
        assert desk.now(one).state == "new"

    def test_co_is_never_the_patients_and_oa_may_be(self, desk: Desk) -> None:
        ours, theirs = desk.deny("CO 96 140.00"), desk.deny("OA 119 140.00")
        with desk.scope():
            with pytest.raises(NotThePatients):
                acting.to_patient(actor=desk.actor, denial=ours.public_id, why="Not covered", at=desk.office.at)
            acting.to_patient(actor=desk.actor, denial=theirs.public_id, why="Benefit used up", at=desk.office.at)

        after = desk.office.claim(theirs.claim_name)
        assert (after.patient_amount, after.open_amount) == (D(140), D(0))
        assert desk.office.balances() == {"1100": D(140), "1110": D(140), "4000": D(-280)}
        assert desk.now(theirs).state == "patient"

    def test_who_caused_it_is_overruled_with_a_reason(self, desk: Desk) -> None:
        one = desk.deny("CO 197 140.00")
        with desk.scope():
            acting.say_cause(
                actor=desk.actor, denial=one.public_id, cause=Cause.PAYER, why="It was on file", at=desk.office.at
            )
        assert desk.now(one).cause == "payer"
        assert "It was on file" in desk.now(one).cause_why


class TestWriteOffs:
    def test_little_is_written_off_at_once_in_claim_and_books(self, desk: Desk) -> None:
        one = desk.deny("CO 97 40.00", charge="40.00")
        with desk.scope():
            writing_off.ask(actor=desk.actor, denial=one.public_id, why="Bundled, rightly", at=desk.office.at)

        after = desk.office.claim(one.claim_name)
        assert (after.adjusted_amount, after.open_amount, after.denied_amount) == (D(40), D(0), D(0))
        assert desk.office.balances() == {"4000": D(-40), "4200": D(40)}
        assert (desk.now(one).state, desk.now(one).written_off_amount) == ("writtenoff", D(40))
        assert open_work(desk) == []

    def test_what_is_paid_while_it_waits_is_not_written_off(self, desk: Desk) -> None:
        one = desk.deny("CO 97 140.00")
        with desk.scope():
            writing_off.ask(actor=desk.actor, denial=one.public_id, why="Bundled", at=desk.office.at)

        desk.answer(said(one.claim_name, paid="140.00"))

        with desk.reading():
            assert WriteOff.objects.get().state == "refused"
        assert desk.now(one).state == "recovered"
        assert open_work(desk) == []

    def test_a_bulk_act_does_not_die_on_the_one_that_cannot(self, desk: Desk) -> None:
        one, gone = desk.deny("CO 97 40.00", charge="40.00"), desk.deny("CO 97 30.00", charge="30.00")
        desk.answer(said(gone.claim_name, paid="30.00", charge="30.00"))
        with desk.scope():
            told = bulk.write_off(
                actor=desk.actor, denials=[gone.public_id, one.public_id], why="Bundled", at=desk.office.at
            )
        assert told.done == (one.public_id,)
        assert [no.denial for no in told.refused] == [gone.public_id]

    def test_what_is_over_is_not_given_up_once_more(self, desk: Desk) -> None:
        one = desk.deny("CO 97 40.00", charge="40.00")
        with desk.scope():
            writing_off.ask(actor=desk.actor, denial=one.public_id, why="Bundled", at=desk.office.at)
            with pytest.raises(NotOpen):
                writing_off.ask(actor=desk.actor, denial=one.public_id, why="Bundled", at=desk.office.at)
            with pytest.raises(Refused, match="says why"):
                other = desk.deny("CO 97 10.00", charge="10.00")
                writing_off.ask(actor=desk.actor, denial=other.public_id, why=" ", at=desk.office.at)


def test_the_network_s_map_holds_from_now_on(desk: Desk) -> None:
    before = desk.deny("CO 197 140.00")
    rule = MapRule("", "197", "", None, "referral", "auth", "get_referral", "auth", why="This payer means referrals")
    with desk.scope():
        assert network.write_rule(actor=desk.actor, mso=tenancy.mso(), rule=rule, at=desk.office.at) == 1
        network.set_limit(
            actor=desk.actor, mso=tenancy.mso(), amount=Money.of("500.00"), why="Small network", at=desk.office.at
        )

    after = desk.deny("CO 197 140.00")
    assert (desk.now(before).category, after.category) == ("auth", "referral")
    with desk.scope():
        asked = writing_off.ask(actor=desk.actor, denial=after.public_id, why="Not asked in time", at=desk.office.at)
    assert asked.state == "approved"


def test_how_others_ended_moves_what_the_next_is_worth(desk: Desk) -> None:
    for _ in range(3):
        one = desk.deny("CO 29 140.00")
        desk.answer(said(one.claim_name, paid="140.00"))

    nxt = desk.deny("CO 29 140.00")

    assert nxt.win_rate > D("0.15")
    with desk.reading():
        shown = pages.denial(nxt.public_id, on=desk.office.at.date())
    assert (shown.alike.ended, shown.alike.came_in) == (3, Money.of("420.00"))
    assert shown.worth.record.here == 3


def test_filters_of_the_queue(desk: Desk) -> None:
    auth, late = desk.deny("CO 197 140.00"), desk.deny("CO 29 140.00")

    assert listed(desk, category="auth") == [auth.public_id]
    assert listed(desk, owner="billing") == [late.public_id]
    assert listed(desk, reason="29") == [late.public_id]
    assert set(listed(desk, **{"is": "open"})) == {auth.public_id, late.public_id}
    assert listed(desk, cause="mso") == []
    with desk.reading():
        found = queue.denials(filters=Filters((), "CO-29"), page=PageAsk(sort="amount"), on=desk.office.at.date())
    assert [row.public_id for row in found.rows] == [late.public_id]
