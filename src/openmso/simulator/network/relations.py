"""Relationships of two years: each way of being managed, in states whose law differs, from signature to exit.

Each practice has visits, claims and money all the time. Its months are settled, approved and paid, by the order of
payments where the MSO pays out, with months that are short and loans that are paid back. On the way a fee is disputed
and credited, promises are missed and given back for, quarters are trued up, terms are amended inside a month and
renewed, one that is served by the piece goes over to full management; at last notice is given, assets are appraised,
the agreement ends and is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from openmso.agreements.contracts import Line, Mode, Side, SignedDocument, Signer, Terms, Version
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.queries import agreements
from openmso.agreements.services import abiding, drafting, execution, renewing
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.settlement import queries as settled
from openmso.settlement import services as settlement
from openmso.settlement.queries import disputes
from openmso.settlement.services import disputing
from openmso.simulator.network import papers, parting, paying_out
from openmso.simulator.network.building import (
    FIRST_MONTH,
    SETS_UP,
    SIGNED_AT,
    STARTS_ON,
    Network,
    Site,
    everybody,
    within,
)
from openmso.simulator.network.cast import (
    ALL_LINES,
    BILLING_LINES,
    BPO_LINES,
    CREDITS,
    FAMILY,
    PAYERS,
    PRIORITY,
    DemoClinician,
    DemoPractice,
    DemoUser,
)
from openmso.simulator.network.days import cycle, register
from openmso.simulator.network.world import World, by, moment, owner_of

MODES: dict[str, tuple[str, tuple[str, ...]]] = {
    "bpo": ("B", BPO_LINES), "third_party": ("T", BILLING_LINES), "joint_venture": ("J", ALL_LINES),
    "friendly_pc": ("P", ALL_LINES),
}  # fmt: skip
STATES: dict[str, tuple[str, str, str]] = {
    "CA": ("Fresno", "937011220", "America/Los_Angeles"), "NY": ("Albany", "122071120", "America/New_York"),
    "TX": ("Waco", "767011120", "America/Chicago"), "OR": ("Salem", "973011120", "America/Los_Angeles"),
}  # fmt: skip
NO_SHARE = frozenset({"NY"})
"""States in which a fee that follows revenue is fee splitting (Educ. Law 6530(19))."""
WORKERS = ("biller", "billing_lead", "poster", "scheduler", "controller", "mso_executive", "compliance_officer")
EVERY = timedelta(days=14)
"""How far two runs are apart."""
DISPUTED, ANSWERED, AMENDED, CONVERTED, LEFT, LAST = 0, 1, 8, 12, 20, 23
"""After which month, counted from none: a dispute, its answer, other terms, full management, notice, the end."""
AMENDED_ON = 11
"""The day of the month from which the other terms hold: the month is charged in two parts."""
TERM = 12
"""Months of a term; it renews by as many, unless notice is given ninety days before."""
AMENDS = {"bpo": "5.90", "flat": "410.00", "percent": "5.5%"}
PAID_OUT = ("joint_venture", "friendly_pc")
"""Ways of being managed in which the MSO pays what comes in out by the agreement's order, and lends what is missing."""
SHORT = frozenset({1, 3, 9, 15})
"""The months, counted from none, in which the practice spends more than came in."""


def codes(modes: Sequence[str], states: Sequence[str]) -> list[tuple[str, str, str]]:
    """The code of each relationship, with its mode and state."""
    return [(f"{MODES[mode][0]}{state}", mode, state) for mode in modes for state in states]


def plans(modes: Sequence[str], states: Sequence[str], *, visits_a_week: int) -> list[DemoPractice]:
    """A practice for each mode in each state."""
    payers = tuple(payer.name for payer in PAYERS)
    return [
        DemoPractice(
            code, f"{STATES[state][0]} practice, {mode.replace('_', ' ')}", "primary_care", mode, "1 Main Street",
            STATES[state][0], state, STATES[state][1], STATES[state][2], f"18{number:07}", f"47{number:07}", FAMILY,
            "pc", MODES[mode][1], fee(mode, state), (DemoClinician("Ada", "Vance", f"13{number:07}", FAMILY),),
            visits_a_week, (f"Dr. Vance of {code}", f"owner.{code.lower()}@relations.example"), payers,
            ends_on=Month.of(STARTS_ON).plus(TERM).first, payments=PRIORITY if mode in PAID_OUT else None,
        )
        for number, (code, mode, state) in enumerate(codes(modes, states), start=1)
    ]  # fmt: skip


def fee(mode: str, state: str, *, amended: bool = False) -> dict[str, Any]:
    """The fee of a mode that the law of a state allows, first or as it is amended; late work is given back for."""
    flat = {"kind": "flat", "amount": AMENDS["flat"] if amended else "450.00", "per": "month"}
    share = {"kind": "percent", "rate": AMENDS["percent"] if amended else "6%", "of": "net_collections",
             "exclude": ["medicaid"]}  # fmt: skip
    claims = {"kind": "per_unit", "unit": "claim", "count": "claims", "price": AMENDS["bpo"] if amended else "6.40"}
    parts: dict[str, list[dict[str, Any]]] = {
        "bpo": [claims],
        "third_party": [flat if state in NO_SHARE else share],
        "joint_venture": [flat, claims] if state in NO_SHARE else [flat | {"amount": "150.00"}, share],
        "friendly_pc": [flat] if state in NO_SHARE else [share],
    }
    limits = {
        "minimum": {"amount": "270.00", "per": "quarter"}, "cap": {"amount": "6000.00", "per": "quarter"},
        "true_up": "quarter",
    }  # fmt: skip
    return {"period": "month", "components": parts[mode], "credits": CREDITS} | (
        limits if mode == "friendly_pc" else {}
    )


def staff(plans: Sequence[DemoPractice]) -> list[DemoUser]:
    """Who works in all of them, and the owner of each."""
    owners = {plan.owner[1] for plan in plans}
    return [user for user in everybody(plans) if user.role in WORKERS or user.email in owners]


def open_months(network: Network, months: int) -> None:
    """Open the months that are posted to, in every book."""
    actor = Actor.system(SETS_UP, at=SIGNED_AT)
    books = [(site.practice, site.entity) for site in network.sites.values()] + [(network.mso, network.mso_entity)]
    for practice, entity in books:
        with within(practice):
            for number in range(1, months + 3):
                periods.open_next(actor=actor, entity=entity, month=FIRST_MONTH.plus(number), at=SIGNED_AT)


def open_accounts(network: Network) -> None:
    """Where what comes in is paid out: the accounts for it, and what the owner lets leave the government's."""
    at = moment(STARTS_ON, 9)
    actor = Actor.system(SETS_UP, at=at)
    for site in network.sites.values():
        if site.plan.payments:
            with within(site.practice, network.mso):
                paying_out.set_up(
                    network.mso, network.mso_entity, site.practice, site.entity, actor=actor,
                    owner=owner_of(site, at), at=at,
                )  # fmt: skip


def count_steps(network: Network, months: int, *, of: int) -> int:
    """How many steps the leading world has where there are so many worlds."""
    return -(-len(network.sites) // of) * (1 + len(_runs(months)) + months)


@dataclass(frozen=True, slots=True)
class Relations:
    """The steps of so many months; sent to other processes as it is."""

    months: int

    def __call__(self, running: World, *, meet: Callable[[], object]) -> Iterator[str]:
        """Run everything: the practice's days, and after each month what both sides do."""
        running.runs, running.plans_ahead = _runs(self.months), False
        for site in running.sites:
            yield f"Patients of {site.plan.code}"
            register(running, site)
        for site in running.sites:
            for number in range(self.months):
                month = FIRST_MONTH.plus(number)
                for day in running.runs:
                    if day in month.range:
                        yield f"{day:%-d %b %Y} {site.plan.code}"
                        cycle(running, site, day)
                yield f"{month} of {site.plan.code}"
                _after(running, site, number)
        meet()


def is_paid_out(site: Site, number: int) -> bool:
    """Whether a month is paid out by the order of its agreement; the last one is part of the closing."""
    return site.plan.payments is not None and number < LAST


def _runs(months: int) -> list[date]:
    days, day = [], FIRST_MONTH.first + timedelta(days=10)
    while day <= FIRST_MONTH.plus(months - 1).last:
        days.append(day)
        day += EVERY
    return days


def _after(running: World, site: Site, number: int) -> None:
    """What happens on the second day after a month: settled, approved, paid; and what this month has of its own."""
    month = FIRST_MONTH.plus(number)
    at = moment(month.plus(1).first + timedelta(days=1), 15)
    if number == LAST:
        with within(site.practice, running.network.mso):
            parting.end(at=moment(month.last, 9))
    controller, owner = by(running, "controller", at), owner_of(site, at)
    with within(site.practice, running.network.mso):
        one = settlement.settle(actor=controller, practice=site.practice, month=month, at=at)
        running.counts.settlements += 1
        if number == DISPUTED:
            _dispute(one.public_id, owner=owner, at=at)
            running.counts.disputes += 1
        if number == ANSWERED:
            _answer(site, month.plus(-1), controller=controller, owner=owner_of(site, at + timedelta(hours=2)), at=at)
        settlement.approve(actor=owner, settlement=one.public_id, at=at)
        if is_paid_out(site, number):
            paying_out.pay_out(
                site.practice, site.entity, month, part=paying_out.SHORT if number in SHORT else paying_out.GOOD,
                owner=owner, staff=lambda role: by(running, role, at), at=at,
            )  # fmt: skip
            running.counts.payment_runs += 1
            with reading():
                left = settled.settlement(one.public_id).due
            if left < ZERO:  # a true-up took the fee below nothing
                settlement.pay(actor=controller, settlement=one.public_id, paid_on=at.date(), at=at)
        else:
            settlement.pay(actor=controller, settlement=one.public_id, paid_on=at.date(), at=at)
        if number == AMENDED:
            _amend(running, site, partial(_other_fee, site), "The fee is lower from here on", day=AMENDED_ON, at=at)
        if number == CONVERTED and site.plan.mode == Mode.BPO.value:
            _amend(running, site, partial(_managed, site), "From tasks by the piece to full management", at=at)
        if number == LEFT:
            _leave(site, staff=lambda role: by(running, role, at), at=at)
        system = Actor.system("OpenMSO", at=at)
        renewing.watch(actor=system, at=at)
        abiding.watch(actor=system, at=at)
    running.staff.clear()  # what is open to them has changed: whoever acts next is asked anew
    if number == LAST:
        with within(site.practice, running.network.mso):
            parting.close(
                site.practice, site.plan.code, owner=owner_of(site, at), staff=lambda role: by(running, role, at), at=at
            )
    outbox.deliver_pending(at=at, practices=[site.practice])


def _dispute(settlement_id: str, *, owner: Actor, at: datetime) -> None:
    with reading():
        one = settled.statement(settlement_id)
    row = next(each for each in one.section("fee") if each.amount is not None and each.amount > ZERO)
    half, _ = one.settlement.due.split([1, 1])
    amount = min(Money.of("50.00"), row.figure, half)
    disputing.dispute(
        actor=owner, settlement=settlement_id, row=row.number, amount=amount, reason="Counted twice", at=at
    )


def _answer(site: Site, month: Month, *, controller: Actor, owner: Actor, at: datetime) -> None:
    """The MSO gives half back, and the practice accepts; what is left of it is paid, or by the next run."""
    with reading():
        invoice = settled.standing(site.practice, month)
        (found,) = disputes.of_settlement(invoice)
    half, _ = found.amount.split([1, 1])
    disputing.answer(actor=controller, dispute=found.public_id, credited=half, why="Half of it was", at=at)
    disputing.accept(actor=owner, dispute=found.public_id, why="Agreed", at=owner.at)
    with reading():
        due = settled.settlement(invoice).due
    if due and not site.plan.payments:
        settlement.pay(actor=controller, settlement=invoice, paid_on=at.date(), at=owner.at)


def _amend(
    running: World, site: Site, change: Callable[[Terms], Terms], words: str, *, at: datetime, day: int = 1
) -> Version:
    """Other terms from a day of the month after next: drafted by one, executed by another, signed by both sides."""
    with reading():
        paper = agreements.of(site.practice)[-1]
    assert paper.latest is not None, "it was executed"
    starts_on = Month.of(at.date()).plus(1).first.replace(day=day)
    drafting.amend(
        actor=by(running, "controller", at), agreement=paper.public_id, starts_on=starts_on,
        terms=change(paper.latest.terms), at=at, summary=words,
    )  # fmt: skip
    return execution.execute(
        actor=by(running, "mso_executive", at), agreement=paper.public_id, at=at,
        document=SignedDocument(f"Amendment {site.plan.code} {starts_on}.pdf", papers.agreement(site.plan)),
        signers=[
            Signer(Side.MSO, "Kate Lindgren", "Chief executive", at),
            Signer(Side.PRACTICE, site.plan.owner[0], "Owner", at),
        ],
    )  # fmt: skip


def _other_fee(site: Site, terms: Terms) -> Terms:
    return replace(terms, fee=terms_of(fee(site.plan.mode, site.plan.state, amended=True)))


def _managed(site: Site, terms: Terms) -> Terms:
    """The terms of full management, in place of tasks by the piece; the term goes on."""
    mode = Mode.THIRD_PARTY
    kept = {line.code: line for line in terms.lines}
    lines = tuple(kept.get(code) or Line(code, terms.days) for code in BILLING_LINES)
    return replace(terms, mode=mode, lines=lines, fee=terms_of(fee(mode.value, site.plan.state)))


def _leave(site: Site, *, staff: Callable[[str], Actor], at: datetime) -> None:
    """The practice gives notice on one of the last days on which it can; the term is served to its end."""
    with reading():
        paper = agreements.of(site.practice)[-1]
    owner = owner_of(site, at)
    renewing.give_notice(actor=owner, agreement=paper.public_id, why="We go on with people of our own", at=at)
    parting.give_notice(site.practice, ends_on=FIRST_MONTH.plus(LAST + 1).first, owner=owner, staff=staff, at=at)
