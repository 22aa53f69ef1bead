"""The demo network at work for two months, run by run, every step through the product's own doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from openmso.analytics import services as analytics
from openmso.analytics.contracts import Function
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.remittances.services import waiting
from openmso.settlement import services as settlement
from openmso.simulator.network import (
    arranged,
    attributing,
    boards,
    collecting,
    denials,
    departing,
    disputing,
    estimating,
    front_desk,
    governing,
    lasting,
    masterlist,
    openbook,
    oversight,
    owning,
    paid_twice,
    papered,
    partners,
    passed_on,
    patient_money,
    paying_out,
    posting_rules,
    rebating,
    rulebook,
    scoping,
    sharing,
    typed,
    working,
)
from openmso.simulator.network.building import FIRST_MONTH, SETS_UP, SIGNED_AT, Network, Site, within
from openmso.simulator.network.days import cycle, register
from openmso.simulator.network.services_offered import BY_SPECIALTY
from openmso.simulator.network.world import (
    ENDS_AT,
    FRIDAY,
    LAST_MONTH,
    World,
    by,
    is_last_run_of,
    moment,
    named,
    next_run,
    owner_of,
    person,
    run_days,
)


def steps(running: World, *, meet: Callable[[], object]) -> Iterator[str]:
    """Run everything; yields the name of each step before it is done, for a progress bar.

    `meet` waits for the other worlds of the network; before a run, and around what happens at the MSO.
    """
    for site in running.sites:
        yield f"Patients of {site.plan.code}"
        register(running, site)
    for day in running.runs:
        if day == LAST_MONTH.first + timedelta(days=1) and running.leads:
            yield "Rules of the scrubber"
            rulebook.write(running.network, lambda role, at: by(running, role, at))
            posting_rules.write(running.network, lambda role, at: by(running, role, at))
        if day == partners.DOWN_ON and running.leads:
            with within(running.network.mso):
                partners.outage(
                    actor=by(running, "billing_lead", moment(day, 12)), mso=running.network.mso, at=moment(day, 12)
                )
        meet()
        for site in running.sites:
            yield f"{day:%-d %b} {site.plan.code}"
            cycle(running, site, day)
            if site.plan.code == collecting.WHERE:
                _ask_patients(running, site, day)
            if day == denials.ON and "denials" in site.plan.lines:
                _answer_denials(running, site, moment(day, 22))
            if day == patient_money.PLANS_ON:
                _plan(running, site, moment(day, 22, 30))
            working.work(running, site, until=next_run(running, day))
        meet()
        if is_last_run_of(running, day, FIRST_MONTH.plus(1)) and running.leads:
            yield f"Settle {FIRST_MONTH}"
            _settle(running, FIRST_MONTH, at=moment(date(2026, 10, 2), 15), everybody=True)
    for site in running.sites:
        yield f"Coverage of visits ahead, {site.plan.code}"
        _ask_payers(running, site)
    for site in running.sites:
        yield f"Payments of patients, {site.plan.code}"
        _collect(running, site)
        if site.plan.code == typed.WHERE:
            _type_papers(running, site)
        with within(site.practice):
            waiting.late_deposits(at=ENDS_AT)
            waiting.unexplained_recoupments(at=ENDS_AT)
            posting_rules.decide(by(running, "poster", ENDS_AT), ENDS_AT)
            _govern(running, site)
            oversight.ask_practice(site.practice, biller=by(running, "biller", ENDS_AT), at=ENDS_AT)
            oversight.oversee(
                site.practice, lead=by(running, "billing_lead", ENDS_AT), doer=partial(named, running), at=ENDS_AT,
                third=None if site.plan.code == oversight.WAITS else by(running, "compliance_officer", ENDS_AT),
            )  # fmt: skip
            oversight.ask_lead(site.practice, biller=by(running, "biller", ENDS_AT), at=ENDS_AT)
    meet()
    if running.leads:
        sites = [site for site in running.network.sites.values() if "denials" in site.plan.lines]
        with within(running.network.mso, *(site.practice for site in sites)):
            denials.prevent(by(running, "biller", ENDS_AT), ENDS_AT)
            _say_costs(running, ENDS_AT)
        yield f"Settle {LAST_MONTH}"
        _end_disputes(running)
        rebating.keep(running.network, elena=by(running, "controller", rebating.RECORDED))
        _settle(running, LAST_MONTH, at=ENDS_AT, everybody=False)
        sharing.keep(running.network, LAST_MONTH, elena=by(running, "controller", ENDS_AT), at=ENDS_AT)
        if arranged.WHERE in running.network.sites:
            arranged.keep(
                running.network, omar=by(running, "compliance_officer", arranged.KEPT_AT),
                elena=by(running, "controller", ENDS_AT), at=ENDS_AT,
            )  # fmt: skip
            with within(running.network.mso):
                masterlist.enter(
                    running.network.mso, actor=by(running, "compliance_officer", arranged.KEPT_AT), at=arranged.KEPT_AT
                )
            papered.paper(running.network, staff=partial(by, running), at=ENDS_AT)
            owning.keep(running.network, partial(by, running), at=ENDS_AT)
            owning.lend(running.network, partial(by, running), owner_of(running.network.sites[owning.WHERE], ENDS_AT))
        if departing.WHERE in running.network.sites:
            leaver = owner_of(running.network.sites[departing.WHERE], ENDS_AT)
            departing.leave(running.network, partial(by, running), leaver)
        if scoping.LEAVES[0] in running.network.sites:
            scoping.offer(
                running.network, omar=by(running, "compliance_officer", scoping.AT),
                owner=lambda code, at: owner_of(running.network.sites[code], at),
            )  # fmt: skip
        lasting.keep(
            running.network, omar=by(running, "compliance_officer", ENDS_AT),
            owner=lambda code: owner_of(running.network.sites[code], ENDS_AT), at=ENDS_AT,
        )  # fmt: skip
    meet()
    for site in running.sites:
        yield f"Key figures of {site.plan.code}"
        with within(site.practice):
            analytics.count(practice=site.practice, at=ENDS_AT)


def _govern(running: World, site: Site) -> None:
    """What a practice decides for itself; at one, what it decides with the MSO, and what it thinks of it."""
    kate, elena, ana = (
        partial(by, running, "mso_executive"),
        partial(by, running, "controller"),
        partial(owner_of, site),
    )
    running.counts.proposals += governing.govern(
        site.practice, mode=site.plan.mode, staff=partial(by, running), owner=ana
    )
    if site.plan.code == boards.WHERE:
        boards.hold(
            site.practice, site.entity, ana=ana, ben=partial(person, "Dr. Ben Osei"), kate=kate, elena=elena,
            clock=lambda at: Actor.system("the morning's jobs", at=at), at=ENDS_AT,
        )  # fmt: skip
        openbook.keep(site.practice, ana=ana, kate=kate, elena=elena)


def quarter(running: World, *, meet: Callable[[], object]) -> Iterator[str]:
    """Three months of charges, answers and money, a run each week, and nothing else; then the figures are counted.

    It ends while claims are open, as every quarter does.
    """
    running.runs, running.plans_ahead = list(_weeks()), False
    for site in running.sites:
        yield f"Patients of {site.plan.code}"
        register(running, site)
    for day in running.runs:
        for site in running.sites:
            yield f"{day:%-d %b} {site.plan.code}"
            cycle(running, site, day)
    for site in running.sites:
        yield f"Key figures of {site.plan.code}"
        with within(site.practice):
            analytics.count(practice=site.practice, at=moment(running.runs[-1], 23))
    meet()


def count_weeks(network: Network, *, of: int) -> int:
    """How many steps the leading world of a quarter has where there are so many worlds."""
    return -(-len(network.sites) // of) * (2 + len(list(_weeks())))


def _say_costs(running: World, at: datetime) -> None:
    """The billing lead says what an hour costs of those who answer denials and correct claims."""
    for function, hourly, minutes in ((Function.DENIALS, "41.50", "12"), (Function.CLAIMS, "38.00", "8")):
        analytics.enter_cost(
            actor=by(running, "billing_lead", at), mso=running.network.mso, function=function,
            starts_on=FIRST_MONTH.first, hourly=Money.of(hourly), minutes=Decimal(minutes),
            source="Payroll of the third quarter, with taxes and benefits; a week of notes", at=at,
        )  # fmt: skip


def _weeks() -> Iterator[date]:
    """The Fridays of three months."""
    day = FIRST_MONTH.first
    while day <= FIRST_MONTH.plus(2).last:
        if day.weekday() == FRIDAY:
            yield day
        day += timedelta(days=1)


def count_steps(network: Network, *, of: int) -> int:
    """How many steps the leading world has where there are so many worlds."""
    return -(-len(network.sites) // of) * (4 + len(list(run_days()))) + 3


def _ask_payers(running: World, site: Site) -> None:
    """Visits after the demo's end, and what payers say of their coverage, where the agreement has the MSO ask."""
    if "eligibility" not in site.plan.lines:
        return
    code, at = site.plan.code, ENDS_AT - timedelta(hours=4)
    running.counts.coverage_checks += front_desk.ask(
        site, patients=running.patients[code], clinicians=running.clinicians[code], place=running.places[code],
        actor=by(running, "scheduler", at), sender=by(running, "biller", at),
        seed=running.seed, at=at,
    )  # fmt: skip
    front_desk.choose(site, actor=by(running, "scheduler", at + timedelta(hours=1)), at=at + timedelta(hours=1))
    running.counts.estimates += estimating.estimate(
        site, people=running.patients[code], encounters=BY_SPECIALTY[site.plan.specialty],
        actor=by(running, "scheduler", at), at=at + timedelta(hours=2),
    )  # fmt: skip


def _collect(running: World, site: Site) -> None:
    """Patients pay on the last working day: to the MSO where the agreement has it collect, else to the practice."""
    at = moment(date(2026, 10, 30), 21, 30)
    actor = by(running, "patient_billing", at) if "patient_billing" in site.plan.lines else owner_of(site, at)
    with within(site.practice):
        running.counts.self_pay += collecting.bill_the_uninsured(site, actor=by(running, "biller", at), at=at)
        running.counts.patient_payments += patient_money.pay(site, actor=actor, at=at)
        if site.plan.code == collecting.WHERE:
            collecting.finish(site, actor=actor, lead=by(running, "billing_lead", at), owner=owner_of(site, at), at=at)
        collecting.to_bank(site, actor=actor, poster=by(running, "poster", at), at=at)
    outbox.deliver_pending(at=at)


def _plan(running: World, site: Site, at: datetime) -> None:
    """Some patients pay by the month."""
    owner = owner_of(site, at)
    actor = by(running, "patient_billing", at) if "patient_billing" in site.plan.lines else owner
    with within(site.practice):
        patient_money.plan(site, actor=actor, owner=owner, at=at)
    outbox.deliver_pending(at=at)


def _answer_denials(running: World, site: Site, at: datetime) -> None:
    with within(site.practice):
        done = denials.work(by(running, "denial_specialist", at), at)
    running.counts.appeals += done["appeals"]
    running.counts.write_offs += done["write_offs"]


def _ask_patients(running: World, site: Site, day: date) -> None:
    at = moment(day, 21, 30)
    with within(site.practice):
        collecting.ask(site, day, actor=by(running, "patient_billing", at), lead=by(running, "billing_lead", at),
                       owner=owner_of(site, at), at=at)  # fmt: skip
        paid_twice.work(day, actor=by(running, "patient_billing", at), at=at)


def _type_papers(running: World, site: Site) -> None:
    with within(site.practice, running.network.mso):
        typed.type_papers(site, actor=by(running, "poster", ENDS_AT), at=ENDS_AT)
    outbox.deliver_pending(at=ENDS_AT)


def _settle(running: World, month: Month, *, at: datetime, everybody: bool) -> None:
    """Settle a month everywhere; owners approve and pay at once, or, in the last month, only the first half do.

    What an owner disputes is held before the rest is approved and paid.
    """
    stories = disputing.STORIES if everybody else disputing.LATEST
    sites = list(running.network.sites.values())
    mso, controller = running.network, by(running, "controller", at)
    for number, site in enumerate(sites):
        owner = owner_of(site, at)
        with within(site.practice, mso.mso):
            if site.plan.code == attributing.WHERE:
                attributing.explain(site.practice, month, by=partial(by, running, "controller"), at=at)
            if site.plan.code == passed_on.WHERE:
                passed_on.pass_on(
                    site.practice, month, accountant=by(running, "accountant", at), owner=owner, at=at
                )  # fmt: skip
            done = settlement.settle(actor=controller, practice=site.practice, month=month, at=at)
            running.counts.settlements += 1
            if story := stories.get(site.plan.code):
                disputing.contest(story, done.public_id, owner=partial(owner_of, site), at=at)
                running.counts.disputes += 1
                if not everybody:
                    disputing.refer(done.public_id, controller=partial(by, running, "controller"), at=at)
            if everybody or number < len(sites) // 2:
                settlement.approve(actor=owner, settlement=done.public_id, at=at)
                if site.plan.code == paying_out.WHERE:
                    _pay_out(running, site, month, owner=owner, at=at)
                elif everybody:
                    settlement.pay(actor=controller, settlement=done.public_id, paid_on=at.date(), at=at)
    outbox.deliver_pending(at=at)


def _pay_out(running: World, site: Site, month: Month, *, owner: Actor, at: datetime) -> None:
    """A month paid out by the priority of payments: the first one is short, the second pays back."""
    network, first = running.network, month == FIRST_MONTH

    def staff(role: str) -> Actor:
        return by(running, role, at)

    if first:
        paying_out.set_up(
            network.mso, network.mso_entity, site.practice, site.entity, actor=Actor.system(SETS_UP, at=SIGNED_AT),
            owner=owner, at=at,
        )  # fmt: skip
    part = paying_out.SHORT if first else paying_out.GOOD
    paying_out.pay_out(site.practice, site.entity, month, part=part, owner=owner, staff=staff, at=at)
    running.counts.payment_runs += 1
    if first:
        paying_out.send(site.practice, network.mso, staff=staff, at=at)
    else:
        paying_out.prepare(site.practice, staff=staff, at=at)


def _end_disputes(running: World) -> None:
    """What was disputed of the first month is answered, taken further, accepted, taken back or left alone."""
    for code, site in running.network.sites.items():
        with within(site.practice, running.network.mso):
            if code == attributing.WHERE:
                attributing.contest(
                    site.practice, FIRST_MONTH, owner=partial(owner_of, site),
                    controller=partial(by, running, "controller"),
                )  # fmt: skip
            disputing.go_on(
                disputing.STORIES[code], site.practice, FIRST_MONTH, owner=partial(owner_of, site),
                controller=partial(by, running, "controller"),
            )  # fmt: skip
            if code == disputing.PAID_AT:
                disputing.contest_paid(
                    site.practice, FIRST_MONTH, owner=partial(owner_of, site),
                    controller=partial(by, running, "controller"),
                )  # fmt: skip
    outbox.deliver_pending(at=ENDS_AT)


def open_months(network: Network) -> None:
    """Open the months that the demo posts to, in every book."""
    actor = Actor.system(SETS_UP, at=SIGNED_AT)
    books = [(site.practice, site.entity) for site in network.sites.values()] + [(network.mso, network.mso_entity)]
    for practice, entity in books:
        with within(practice):
            for number in range(1, 3):
                periods.open_next(actor=actor, entity=entity, month=FIRST_MONTH.plus(number), at=SIGNED_AT)
