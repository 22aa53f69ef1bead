"""What patients do not pay: who is uninsured is billed, who does not pay is dunned, and one agency gets an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.banking import services as banking
from openmso.billing.contracts import Bag, Ground, L, Method, SweepKind
from openmso.billing.contracts.payouts import COLUMNS, Regard
from openmso.billing.queries import chasing, deposits, payouts, plans, policies, sweeps
from openmso.billing.services import (
    depositing,
    helping,
    paying_out,
    placing,
    planning,
    presuming,
    receiving,
    regarding,
    stating,
    sweeping,
)
from openmso.billing.services import policies as deciding
from openmso.claims.queries import worklist
from openmso.claims.services import self_paying
from openmso.governance.contracts import NewProposal
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.simulator.network import bank, governing, papers
from openmso.simulator.network.building import Site

UNINSURED = Filters((Term("finding", "=", "no_coverage", "no_coverage"),))
READY = Filters((Term("stage", "=", "ready", "ready"),))
ASKED = Filters((Term("next", "=", "letter", "letter"), Term("next", "=", "call", "call"),
                 Term("next", "=", "final", "final")))  # fmt: skip
ASKED_TWICE = Filters((Term("stage", "=", "letter", "letter"), Term("stage", "=", "call", "call"),
                       Term("stage", "=", "final", "final")))  # fmt: skip
ANSWERS = {"letter": "p-p---", "call": "pmp-pm", "final": "p-mp-p"}
"""How patients answer what they were asked last, one after the other: they pay it all, by the month, or not (-)."""
BILLED_MAX, HANDED_OVER = 4, 3
PRESUMED = (
    (Ground.HOMELESS, "Letter of the shelter in Main Street, 12 October", ""),
    (Ground.PROGRAMME, "WIC card, seen on 20 October", "The card was another patient's."),
)
"""The ground, what documents it, and why it was a mistake."""
MONTHLY_FROM = Money.of(45)
"""What is owed more than this may be paid by the month."""
ASKS_SINCE, FRIDAY = date(2026, 9, 18), 4
"""Since when patients of that practice get statements, every Friday, and what is due by dunning at every run."""
WHERE, KEEPS = "ROCK", Decimal(25)
HURRY = NewProposal(
    "RD13", "Patients are asked within a month",
    "A letter after 11 days, a call after 4 more, the final notice after 7, an agency after 28 days in all.",
    "Half of what is older than a month is never paid. Against it: some will find it hasty, and plans must be offered.",
)  # fmt: skip
AN_AGENCY = NewProposal(
    "RD13", "Fair Harbor Recovery as collection agency",
    "Name Fair Harbor Recovery; it keeps 25 % of what it collects.",
    "Accounts past their final notice bring nothing here. Two other agencies asked for 30 %; all report to no bureau.",
    party="Fair Harbor Recovery",
)  # fmt: skip
"""A practice that is in a hurry with its patients, and what its agency keeps, in percent."""


def bill_the_uninsured(site: Site, *, actor: Actor, at: datetime) -> int:
    """Some patients without a coverage are billed themselves; the others still wait for a card to turn up."""
    with reading():
        found = worklist.claims(filters=UNINSURED, page=PageAsk(size=10)).rows
        mine = [one.public_id for one in found if one.practice == site.practice][:BILLED_MAX]
    told = self_paying.bill_many(actor=actor, claims=mine, why="No insurance, the patient says", at=at)
    return len(told.done)


def to_bank(site: Site, *, actor: Actor, poster: Actor, at: datetime) -> None:
    """Cash and checks are in the bank the same day; the batch of cards is on its way."""
    _pay_out(site, actor=actor, poster=poster, at=at)
    try:
        made = depositing.prepare(actor=actor, practice=site.practice, at=at)
    except Refused:
        return
    with reading():
        slips = [one for one in map(deposits.slip, made) if one.bag is Bag.DESK]
    lines = [
        bank.Arrival(one.taken_on, one.amount.amount, "BRANCH DEPOSIT", f"DEPOSIT {one.public_id}", one.public_id)
        for one in slips
    ]
    if lines:
        banking.import_statement(
            actor=poster, account=site.account, name=f"{site.plan.code}-{at:%Y%m%d}-desk.ofx",
            content=bank.ofx(lines, account=site.plan.account_number, at=at), at=at,
        )  # fmt: skip
    depositing.match(actor=actor, practice=site.practice, at=at)


def _pay_out(site: Site, *, actor: Actor, poster: Actor, at: datetime) -> None:
    """The first card payment on line is paid out and in the bank; of the next payout nobody knows one charge."""
    with reading():
        waits = payouts.to_come(site.practice)
        day = tenancy.today(site.practice, at)
    if not waits:
        return
    _, reference, amount = waits[0]
    net = amount - _fee(amount)
    banking.import_statement(
        actor=poster, account=site.account, name=f"{site.plan.code}-{at:%Y%m%d}-cards.ofx", at=at,
        content=bank.ofx(
            [bank.Arrival(day, net.amount, "CARD PAYOUT", f"TRANSFER test_po_{site.plan.code}_1", f"{day}-cards")],
            account=site.plan.account_number, at=at,
        ),
    )  # fmt: skip
    unknown = ("test_unknown", Money.of(35))
    for number, charges in enumerate(([(reference, amount)], [*((one[1], one[2]) for one in waits[1:]), unknown]), 1):
        name = f"test_po_{site.plan.code}_{number}"
        paying_out.take(
            actor=actor, practice=site.practice, name=f"{name}.csv", content=_report(name, day, charges), at=at
        )
    if site.plan.code == WHERE:
        _takes(site, day, actor=actor, at=at)


def _takes(site: Site, day: date, *, actor: Actor, at: datetime) -> None:
    """A payout that takes money: an adjustment and a reserve, which a person says that they are."""
    name = f"test_po_{site.plan.code}_3"
    content = _rows(
        name, day, [("adjustment", "test_adj", Money.of("-4.20"), ZERO), ("reserve", "test_rsv", Money.of(-25), ZERO)]
    )
    (made,) = paying_out.take(actor=actor, practice=site.practice, name=f"{name}.csv", content=content, at=at)
    for number, (regard, why) in enumerate(
        ((Regard.FEE, "Their letter of 28 October"), (Regard.RESERVE, "Held until the dispute ends")), start=1
    ):
        regarding.regard(actor=actor, payout=made, number=number, regard=regard, why=why, at=at)


def _report(name: str, day: date, charges: Sequence[tuple[str, Money]]) -> bytes:
    """What the provider reports of a payout of charges."""
    return _rows(name, day, [("charge", about, amount, _fee(amount)) for about, amount in charges])


def _rows(name: str, day: date, lines: Sequence[tuple[str, str, Money, Money]]) -> bytes:
    """A report: category, what it is about, gross and fee of each line."""
    rows = [",".join(COLUMNS)]
    for number, (category, about, amount, fee) in enumerate(lines, start=1):
        rows.append(f"{name},{day},{name}_{number},usd,{amount.amount},{fee.amount},{(amount - fee).amount},{category},"
                    f"{about},{about},Patient statement")  # fmt: skip
    return "\r\n".join([*rows, ""]).encode()


def _fee(amount: Money) -> Money:
    """2.9 percent and 30 cents."""
    return amount.times(Decimal("0.029")) + Money.of("0.30")


def ask(site: Site, day: date, *, actor: Actor, lead: Actor, owner: Actor, at: datetime) -> None:
    """Who does not pay is asked step by step, each since their first statement: this house is in a hurry."""
    if day < ASKS_SINCE:
        return
    if day == ASKS_SINCE:
        with reading():
            policy = policies.current(site.practice)
        hurry = replace(
            policy, statements_before_agency=1, letter_days=11, call_days=4, final_days=7, agency_days=3,
            days_before_agency=28, small_balance_days=30,
        )  # fmt: skip
        governing.agreed(site.practice, HURRY, staff=lead, owner=owner, at=at)
        deciding.decide(
            actor=lead, practice=site.practice, policy=hurry, why="Every patient is asked within a month", at=at
        )
    _run(site, SweepKind.DUNNING, actor=actor, lead=actor, at=at)
    if day.weekday() == FRIDAY:
        _answer(day, actor=actor, at=at)
        stating.run(actor=actor, practice=site.practice, at=at)


def _answer(day: date, *, actor: Actor, at: datetime) -> None:
    """Most of those who were written to or called pay, some by the month; few are left for an agency."""
    with reading():
        running = plans.listing(filters=Filters(), page=PageAsk(size=500)).rows
        by_plan = {one.patient for one in running if one.state in {L.ASKED, L.ACTIVE}}
        asked = chasing.listing(filters=ASKED_TWICE, page=PageAsk(size=200)).rows
        rows = [one for one in asked if one.owed > ZERO and one.patient not in by_plan]
    for number, one in enumerate(rows):
        how = ANSWERS[one.stage.value][number % 6]
        if how == "p":
            receiving.take(actor=actor, patient=one.patient, method=Method.CARD, amount=one.owed,
                           reference="4242 OK 118822", at=at)  # fmt: skip
        elif how == "m" and one.owed > MONTHLY_FROM:
            part = one.owed.split([1] * 3)[0]
            planning.make(actor=actor, patient=one.patient, instalment=part, month_day=min(day.day, 28), starts_on=day,
                          why="Agreed on the telephone", at=at)  # fmt: skip
            receiving.take(actor=actor, patient=one.patient, method=Method.CHECK, amount=part, reference="2077", at=at)


def finish(site: Site, *, actor: Actor, lead: Actor, owner: Actor, at: datetime) -> None:
    """Small balances are given up; who was noticed is handed over, and the agency brings the first money."""
    _run(site, SweepKind.SMALL, actor=actor, lead=lead, at=at)
    _run(site, SweepKind.DUNNING, actor=actor, lead=actor, at=at)
    governing.agreed(site.practice, AN_AGENCY, staff=lead, owner=owner, at=at)
    agency = placing.name_agency(
        actor=lead, practice=site.practice, name="Fair Harbor Recovery", fee_percent=KEEPS, at=at
    )  # fmt: skip
    _help(site, actor=actor, lead=lead, at=at)
    _presume(site, actor=actor, lead=lead, at=at)
    with reading():
        ready = chasing.ids(filters=READY, limit=HANDED_OVER).get(site.practice, [])
    if not _run(site, SweepKind.AGENCY, actor=actor, lead=lead, at=at, agency=agency, only=ready):
        return
    with reading():
        rows = sweeps.placements(filters=Filters(), page=PageAsk(size=3)).rows
    paid = [f"{one.public_id},payment,{one.amount},{one.amount.times(KEEPS / 100)},{at:%Y-%m-%d},1" for one in rows[:1]]
    back = [f"{one.public_id},return,,,{at:%Y-%m-%d},not found" for one in rows[1:2]]
    content = "\r\n".join(["placement,type,amount,fee,on,reference", *paid, *back, ""]).encode()
    placing.take_file(
        actor=actor, agency=agency, name=f"fair-harbor-{at:%Y%m%d}.csv", content=content, at=at + timedelta(minutes=5)
    )  # fmt: skip
    if recalled := [one.public_id for one in rows[2:3]]:
        placing.recall(actor=lead, placements=recalled, why="The patient called and pays", at=at + timedelta(minutes=9))


def _help(site: Site, *, actor: Actor, lead: Actor, at: datetime) -> None:
    """Two of those who are ready for an agency apply for help: one gets it, the other waits."""
    with reading():
        rows = chasing.listing(filters=READY, page=PageAsk(size=2)).rows
    for number, one in enumerate(rows):
        made = helping.apply(actor=actor, patient=one.patient, household=3, income=Money.of(48_000), at=at)
        if not number:
            helping.grant(actor=lead, application=made, at=at)


def _presume(site: Site, *, actor: Actor, lead: Actor, at: datetime) -> None:
    """Help is presumed for two of those who are asked, by what is documented; one grant is taken back."""
    with reading():
        rows = chasing.listing(filters=ASKED, page=PageAsk(size=len(PRESUMED))).rows
    for one, (ground, evidence, mistake) in zip(rows, PRESUMED, strict=False):
        made = presuming.presume(actor=actor, patient=one.patient, ground=ground, evidence=evidence, at=at)
        proof = (f"{ground.value}.pdf", papers.copy(evidence), "application/pdf")
        presuming.prove(actor=actor, application=made, proof=proof, at=at)
        helping.grant(actor=lead, application=made, at=at)
        if mistake:
            presuming.take_back(actor=lead, application=made, why=mistake, at=at + timedelta(minutes=20))


def _run(
    site: Site, kind: SweepKind, *, actor: Actor, lead: Actor, at: datetime, agency: str = "",
    only: list[int] | None = None,
) -> str:  # fmt: skip
    """Propose a run and have it decided; nothing where nothing is to be done."""
    try:
        made = sweeping.propose(actor=actor, practice=site.practice, kind=kind, at=at, agency=agency, only=only)
    except Refused:
        return ""
    sweeping.approve(actor=lead, sweep=made, at=at, reference="Checks 5001 to 5009")
    return made
