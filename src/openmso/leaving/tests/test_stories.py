"""An exit as it is lived: Pia gives notice, Elena and she do their tasks, Elena states, Omar certifies, Theo sees nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.agreements.services import execution, law
from openmso.agreements.testing import Cast
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.leaving import models as kept
from openmso.leaving import rules
from openmso.leaving.contracts import APPRAISE_OURS, APPRAISE_THEIRS, OURS, THEIRS, Appraisal, NotLeft
from openmso.leaving.queries import cases, closing
from openmso.leaving.services import cases as acts
from openmso.leaving.services import closing as papers
from openmso.leaving.services import ending
from openmso.leaving.states import Doing, Elects, Fate, Owes, Price, Side, Sort, Stage, Who
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters
from openmso.settlement.contracts.rebates import NewRebate
from openmso.settlement.services import rebating
from openmso.settlement.tests.desk import Desk, desk_beside, desk_of

AT = datetime(2026, 4, 2, 14, tzinfo=UTC)
ON = date(2026, 4, 2)
DAY = date(2026, 3, 1)
LAST_DAY, AFTER = datetime(2026, 6, 30, 9, tzinfo=UTC), datetime(2026, 7, 6, 14, tzinfo=UTC)


def found(side: Side, amount: int, on: date = DAY) -> Appraisal:
    return Appraisal(side, f"{side.value} & Co", Money.of(amount), date(2025, 1, 1), on)


def test_notice_runs_its_days_and_tasks_scale_with_the_plan() -> None:
    assert rules.ends_on(DAY, 90, None) == date(2026, 5, 30)
    assert rules.ends_on(DAY, 90, date(2026, 4, 1)) == date(2026, 5, 30)
    assert rules.ends_on(DAY, 90, date(2026, 9, 1)) == date(2026, 9, 1)
    (last, *_) = sorted(rules.PLAN, key=lambda one: -one.days)
    assert [rules.due_on(DAY, last, days) for days in (90, 30)] == [date(2026, 5, 30), date(2026, 3, 31)]


@pytest.mark.parametrize(
    ("sort", "rule", "appraised", "today", "price"),
    [
        (Sort.EQUIPMENT, Price.BOOK, (), DAY, "500.00"),
        (Sort.INTANGIBLE, Price.GREATER, (found(Side.MSO, 900),), DAY, "500.00"),
        (Sort.EQUIPMENT, Price.GREATER, (), DAY, None),
        (Sort.EQUIPMENT, Price.GREATER, (found(Side.PRACTICE, 700),), date(2026, 3, 16), None),
        (Sort.EQUIPMENT, Price.GREATER, (found(Side.PRACTICE, 700),), date(2026, 3, 17), "700.00"),
        (Sort.EQUIPMENT, Price.GREATER, (found(Side.PRACTICE, 400),), date(2026, 3, 17), "500.00"),
        (Sort.EQUIPMENT, Price.GREATER, (found(Side.PRACTICE, 600), found(Side.MSO, 600)), DAY, "600.00"),
        (Sort.EQUIPMENT, Price.GREATER, (found(Side.PRACTICE, 600), found(Side.MSO, 900)), ON, None),
        (Sort.EQUIPMENT, Price.GREATER,
         (found(Side.PRACTICE, 600), found(Side.MSO, 900), found(Side.THIRD, 800)), DAY, "800.00"),
    ],
)  # fmt: skip
def test_the_price_of_an_asset_by_its_rule_and_its_appraisers(
    sort: Sort, rule: Price, appraised: tuple[Appraisal, ...], today: date, price: str | None
) -> None:
    value, how = rules.price(sort, rule, Money.of(500), appraised, today)
    assert (value and str(value)) == price
    assert how


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """Pine Clinic with an agreement since March, and a paid claim in it."""
    made = desk_beside(desk_of(cast), agreements.PERCENT, since=DAY)
    made.paid("13200.00")
    return made


def test_who_answers_an_appraisal_late_does_not_reopen_it() -> None:
    filed = (found(Side.MSO, 900),)
    assert rules.next_side(filed, Side.PRACTICE, date(2026, 3, 16)) == ""
    assert "the value of mso & Co holds" in rules.next_side(filed, Side.PRACTICE, date(2026, 3, 17))
    assert rules.next_side((*filed, found(Side.PRACTICE, 600)), Side.THIRD, date(2026, 9, 1)) == ""


def owner(desk: Desk) -> User:
    return agreements.person(
        "pia@pine.example", "Dr. Pia Pine", practice=desk.house.id, role="practice_owner", at=AT, since=DAY
    )


def waits(desk: Desk, user: User, kind: str) -> int:
    actor = desk.cast.actor(user, at=AT)
    with desk.scope(), reading():
        asked = InboxFilters(kinds=(kind,))
        return work.inbox(actor=actor, filters=asked, page=PageAsk(size=50), at=AT).total or 0


@pytest.mark.django_db
def test_a_practice_leaves_with_a_plan_a_closing_statement_and_a_certificate(desk: Desk) -> None:
    user = owner(desk)
    pia, elena = desk.cast.actor(user, at=AT, fresh=True), desk.actor
    omar = agreements.person("omar@harborridge.example", "Omar Haddad", practice=desk.house.id,
                             role="compliance_officer", at=AT, since=DAY)  # fmt: skip
    with desk.scope():
        with pytest.raises(NotAllowed):
            acts.give_notice(actor=elena, practice=desk.house.id, why="", at=AT)
        one = acts.give_notice(actor=pia, practice=desk.house.id, why="Joining a hospital", at=AT)
        with pytest.raises(NotLeft, match="under way"):
            acts.give_notice(actor=pia, practice=desk.house.id, why="", at=AT)
    name = one.public_id
    assert (one.ends_on, len(one.tasks), one.stage) == (date(2026, 7, 1), len(rules.PLAN), Stage.NOTICE)
    ours = sum(each.who is Who.MSO for each in rules.PLAN)
    assert (waits(desk, user, THEIRS), waits(desk, desk.elena, OURS)) == (len(rules.PLAN) - ours, ours)

    with desk.scope():
        with pytest.raises(NotLeft, match="March 2026"):
            papers.state(actor=elena, exit=name, at=AT)
    invoice, asked = desk.settle(), list[tuple[int, int]]()
    with desk.scope():
        acts.list_asset(actor=elena, exit=name, name="Ultrasound", sort=Sort.EQUIPMENT, book=Money.of(4_000), at=AT)
        acts.tell_item(actor=elena, exit=name, words="Deposit of the lease", owes=Owes.MSO, amount=Money.of(1_500),
                       shows="Lease of 2024, clause 9", at=AT)  # fmt: skip
        with pytest.raises(NotLeft, match="buys the assets"):
            papers.state(actor=elena, exit=name, at=AT)
        acts.elect(actor=pia, exit=name, elects=Elects.BUYS, at=AT)
        with pytest.raises(NotLeft, match="no appraiser"):
            papers.state(actor=elena, exit=name, at=AT)
        for actor, side in ((pia, Side.PRACTICE), (elena, Side.MSO)):
            acts.appraise(actor=actor, exit=name, number=1, side=side, appraiser="Pine Valuation",
                          amount=Money.of(5_200), on=ON, at=AT)  # fmt: skip
            asked.append((waits(desk, desk.elena, APPRAISE_OURS), waits(desk, user, APPRAISE_THEIRS)))
        assert asked == [(1, 0), (0, 0)]
        stated = papers.state(actor=elena, exit=name, at=AT)
        (issued,) = stated.statements
        accrued = next(line for line in issued.closing.lines if line.words == "Fee accrued, April 2026")
        assert (str(accrued.amount), accrued.source) == (
            "80.00",
            ("settlement.ahead", "2026-04 PINE"),
        )  # 1,200 × 2 / 30
        assert issued.closing.net == invoice.due + Money.of(80) + Money.of(5_200) - Money.of(1_500)
        assert issued.closing.whom == "The practice pays the MSO"
        with reading():
            assert closing.closing(stated, ON, AT).net == issued.closing.net

        law.say(actor=desk.office.actor, practice=desk.house.id, facts={"baa.downstream": "no"}, why="Ended", at=AT)
        with reading():
            later = closing.closing(stated, ON, AT)
            assert [(one.words, one.counts) for one in later.lines if one.section == closing.RULES] == [
                ("HIPAA-BA-01 stops payments", False)
            ]
            assert later.net == issued.closing.net, "the practice may leave: what is owed is said, and not paid yet"
        law.say(actor=desk.office.actor, practice=desk.house.id, facts={"baa.downstream": "yes"}, why="Mended", at=AT)
        with pytest.raises(NotLeft, match="no export"):
            papers.certify(actor=desk.cast.actor(omar, at=AT), exit=name, fate=Fate.RETURNED, sha256="0" * 64, words="",
                           at=AT)  # fmt: skip
        with pytest.raises(NotLeft, match="not recorded yet"):
            acts.move_task(actor=elena, exit=name, number=1, to=Doing.DONE, note="", at=AT)
        for task in stated.tasks[1:]:
            actor = elena if task.who is Who.MSO else pia
            acts.move_task(actor=actor, exit=name, number=task.number, to=Doing.DONE, note="", at=AT)

        def night(at: datetime) -> list[str]:
            return ending.run_course(actor=Actor.system("leaving.run_course", at=at), at=at)

        assert [night(at) for at in (AT, LAST_DAY, LAST_DAY)] == [[], [name], []]
        with reading():
            ended = agreements.queries.agreement(one.agreement)
            assert (ended.terminated_on, cases.today(name, LAST_DAY).tasks[0].doing) == (one.ends_on, Doing.DONE)
    assert (waits(desk, user, THEIRS), waits(desk, desk.elena, OURS)) == (0, 0)

    browser = signed_in(user)
    page = browser.get(reverse("leaving:exit", args=[name])).text
    assert "Invoice" in page
    assert "The practice pays the MSO" in page
    assert signed_in(desk.cast.theo).get(reverse("leaving:exit", args=[name])).status_code == 404
    taken = browser.post(f"/take-away/{desk.house.practice.code}/")
    assert len(b"".join(taken.streaming_content)) > 1_000
    with desk.scope():
        with reading():
            (sha256, _), *_ = cases.manifests(cases.today(name, AT))
        with pytest.raises(NotLeft, match="holds until 1 July 2026"):
            acts.close(actor=elena, exit=name, why="All done", at=AT)
        with pytest.raises(NotLeft, match="certified yet"):
            acts.close(actor=elena, exit=name, why="All done", at=AFTER)
        done = papers.certify(actor=desk.cast.actor(omar, at=AT), exit=name, fate=Fate.DESTROYED, sha256=sha256,
                              words="", at=AT)  # fmt: skip
        assert done.certificate is not None
        assert acts.close(actor=elena, exit=name, why="All done", at=AFTER).stage is Stage.CLOSED
        with pytest.raises(NotLeft, match="closed"):
            acts.tell_item(actor=elena, exit=name, words="x", owes=Owes.MSO, amount=Money.of(1), shows="y", at=AT)
    paper = signed_in(omar).get(reverse("documents:document", args=[done.certificate.document]))
    assert paper.status_code == 200
    with desk.scope(), pytest.raises(DatabaseError, match="permission denied"), atomic.open():
        kept.ClosingLine.objects.update(amount=0)
    with desk.cast.scope(desk.cast.rival), reading(), pytest.raises(NotFound):
        cases.today(name, AT)


@pytest.mark.django_db
def test_what_was_terminated_at_once_is_closed_too_with_rebates_that_no_invoice_credits(desk: Desk) -> None:
    pia, invoice = desk.cast.actor(owner(desk), at=AT, fresh=True), desk.settle()
    with desk.scope():
        rebating.record(
            actor=desk.actor, mso=desk.cast.mso.id,
            new=NewRebate("Medline", "gloves", DAY, date(2026, 3, 31), ON, Money.of(90), "orders", {desk.house.id: Decimal(1)}),
            at=AT,
        )  # fmt: skip
        with reading():
            held = agreements.queries.in_force(desk.house.id, ON)
        assert held is not None
        execution.terminate(actor=desk.office.actor, agreement=held.agreement, ends_on=ON, why="Breach", at=AT)
        one = acts.give_notice(actor=pia, practice=desk.house.id, why="It is over", at=AT)
        assert (one.agreement, one.ends_on, one.open_tasks) == (held.agreement, ON, len(rules.PLAN) - 1)
        with reading():
            lines = {each.words: str(each.amount) for each in closing.closing(one, ON, AT).lines}
        assert lines["Share of a rebate of Medline"] == "-90.00"
        assert lines[f"Invoice {invoice.invoice}, March 2026"] == str(invoice.due)
        acts.elect(actor=pia, exit=one.public_id, elects=Elects.DECLINES, at=AT)
        assert ending.run_course(actor=Actor.system("leaving.run_course", at=AT), at=AT) == []
        with pytest.raises(NotLeft, match="Not settled yet: April 2026"):  # its first day was under the agreement
            papers.state(actor=desk.actor, exit=one.public_id, at=AT)
        with pytest.raises(NotLeft, match="under way"):
            acts.give_notice(actor=pia, practice=desk.house.id, why="", at=AT)
