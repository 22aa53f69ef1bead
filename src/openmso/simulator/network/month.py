"""The demo network at work for two months, run by run, every step through the product's own doors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from openmso.analytics import services as analytics
from openmso.analytics.contracts import Function
from openmso.banking import services as banking
from openmso.charges import services as charges
from openmso.charges.contracts import ChargeDraft, VisitCharges
from openmso.claims.contracts import BatchRef
from openmso.claims.queries import worklist
from openmso.claims.services import acknowledging, building, following, releasing, submitting
from openmso.intake.services import taking
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.services import periods
from openmso.parties.queries import providers
from openmso.patients import services as patients
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.identity.models import User
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.remittances.contracts import FileState
from openmso.remittances.services import deposits, posting, receiving, waiting
from openmso.scheduling import services as scheduling
from openmso.settlement import services as settlement
from openmso.simulator.network import (
    bank,
    coding,
    collecting,
    denials,
    estimating,
    facility,
    front_desk,
    oversight,
    own_system,
    paid_twice,
    partners,
    patient_money,
    people,
    posting_rules,
    rulebook,
    visiting,
)
from openmso.simulator.network.building import FIRST_MONTH, SETS_UP, SIGNED_AT, STARTS_ON, Network, Site, within
from openmso.simulator.network.cast import PAYERS, USERS
from openmso.simulator.network.payers import Payers
from openmso.simulator.network.promises import Promises
from openmso.simulator.network.services_offered import BY_SPECIALTY
from openmso.simulator.payer.profile import dice

LAST_MONTH = FIRST_MONTH.plus(1)
ENDS_AT = datetime(2026, 11, 2, 17, tzinfo=UTC)
TUESDAY, FRIDAY = 1, 4
SENDS_ITS_OWN, SENDS_ON = "ROCK", date(2026, 10, 6)
"""A practice with a system of its own, and the run in which its files come."""
HOLIDAYS = {date(2026, 9, 7), date(2026, 10, 12)}
SENDER = "HARBORRIDGE"
READY = Filters((Term("is", "=", "ready", "ready"),))


@dataclass(slots=True)
class Counts:
    """What the month came to, for the summary."""

    visits: int = 0
    claims: int = 0
    held: int = 0
    batches: int = 0
    accepted: int = 0
    rejected: int = 0
    asked: int = 0
    remittances: int = 0
    duplicates: int = 0
    payments: int = 0
    unmatched: int = 0
    deposits: int = 0
    settlements: int = 0
    appeals: int = 0
    write_offs: int = 0
    taken_in: int = 0
    quarantined: int = 0
    coverage_checks: int = 0
    estimates: int = 0
    patient_payments: int = 0
    self_pay: int = 0

    def __add__(self, other: Counts) -> Counts:
        """The counts of both."""
        return Counts(**{name: count + getattr(other, name) for name, count in asdict(self).items()})

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(slots=True)
class World:
    """Practices of the network while they run: who their patients are, what payers owe, what the bank will show.

    One of all worlds leads: what happens at the MSO happens there.
    """

    network: Network
    sites: Sequence[Site]
    leads: bool
    payers: Payers
    seed: int
    runs: Sequence[date]
    """The days on which everything between two runs happens."""
    plans_ahead: bool = True
    """Whether visits are planned, and payers asked about them, before they take place."""
    counts: Counts = field(default_factory=Counts)
    patients: dict[str, list[int]] = field(default_factory=dict)
    panels: dict[str, list[people.DemoPatient]] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)
    clinicians: dict[str, list[int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    arrivals: dict[str, list[bank.Arrival]] = field(default_factory=lambda: defaultdict(list))
    delayed: dict[str, bank.Delayed] = field(default_factory=lambda: defaultdict(bank.Delayed))


def world(network: Network, codes: Collection[str], *, seed: int, leads: bool) -> World:
    """A world of some practices that has just begun."""
    sites = [site for code, site in network.sites.items() if code in codes]
    practices = list(network.sites)
    return World(
        network, sites, leads,
        Payers(
            PAYERS, practices=practices, seed=seed, to=SENDER,
            promises=Promises([site.plan for site in network.sites.values()]),
        ),
        seed, list(_run_days()),
    )  # fmt: skip


def steps(running: World, *, meet: Callable[[], object]) -> Iterator[str]:
    """Run everything; yields the name of each step before it is done, for a progress bar.

    `meet` waits for the other worlds of the network; before a run, and around what happens at the MSO.
    """
    for site in running.sites:
        yield f"Patients of {site.plan.code}"
        _register(running, site)
    for day in running.runs:
        if day == LAST_MONTH.first + timedelta(days=1) and running.leads:
            yield "Rules of the scrubber"
            rulebook.write(running.network, lambda role, at: _by(running, role, at))
            posting_rules.write(running.network, lambda role, at: _by(running, role, at))
        meet()
        for site in running.sites:
            yield f"{day:%-d %b} {site.plan.code}"
            _cycle(running, site, day)
            if site.plan.code == collecting.WHERE:
                _ask_patients(running, site, day)
            if day == denials.ON and "denials" in site.plan.lines:
                _answer_denials(running, site, _at(day, 22))
            if day == patient_money.PLANS_ON:
                _plan(running, site, _at(day, 22, 30))
        meet()
        if _is_last_run_of(running, day, FIRST_MONTH.plus(1)) and running.leads:
            yield f"Settle {FIRST_MONTH}"
            _settle(running, FIRST_MONTH, at=_at(date(2026, 10, 2), 15), everybody=True)
    for site in running.sites:
        yield f"Coverage of visits ahead, {site.plan.code}"
        _ask_payers(running, site)
    for site in running.sites:
        yield f"Payments of patients, {site.plan.code}"
        _collect(running, site)
        with within(site.practice):
            waiting.late_deposits(at=ENDS_AT)
            waiting.unexplained_recoupments(at=ENDS_AT)
            posting_rules.decide(_by(running, "poster", ENDS_AT), ENDS_AT)
            oversight.ask_practice(site.practice, biller=_by(running, "biller", ENDS_AT), at=ENDS_AT)
            oversight.oversee(
                site.practice, lead=_by(running, "billing_lead", ENDS_AT), doer=partial(_named, running), at=ENDS_AT
            )
    meet()
    if running.leads:
        sites = [site for site in running.network.sites.values() if "denials" in site.plan.lines]
        with within(running.network.mso, *(site.practice for site in sites)):
            denials.prevent(_by(running, "biller", ENDS_AT), ENDS_AT)
            _say_costs(running, ENDS_AT)
        yield f"Settle {LAST_MONTH}"
        _settle(running, LAST_MONTH, at=ENDS_AT, everybody=False)
    meet()
    for site in running.sites:
        yield f"Key figures of {site.plan.code}"
        with within(site.practice):
            analytics.count(practice=site.practice, at=ENDS_AT)


def quarter(running: World, *, meet: Callable[[], object]) -> Iterator[str]:
    """Three months of charges, answers and money, a run each week, and nothing else; then the figures are counted.

    It ends while claims are open, as every quarter does.
    """
    running.runs, running.plans_ahead = list(_weeks()), False
    for site in running.sites:
        yield f"Patients of {site.plan.code}"
        _register(running, site)
    for day in running.runs:
        for site in running.sites:
            yield f"{day:%-d %b} {site.plan.code}"
            _cycle(running, site, day)
    for site in running.sites:
        yield f"Key figures of {site.plan.code}"
        with within(site.practice):
            analytics.count(practice=site.practice, at=_at(running.runs[-1], 23))
    meet()


def count_weeks(network: Network, *, of: int) -> int:
    """How many steps the leading world of a quarter has where there are so many worlds."""
    return -(-len(network.sites) // of) * (2 + len(list(_weeks())))


def _say_costs(running: World, at: datetime) -> None:
    """The billing lead says what an hour costs of those who answer denials and correct claims."""
    for function, hourly, minutes in ((Function.DENIALS, "41.50", "12"), (Function.CLAIMS, "38.00", "8")):
        analytics.enter_cost(
            actor=_by(running, "billing_lead", at), mso=running.network.mso, function=function,
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
    return -(-len(network.sites) // of) * (4 + len(list(_run_days()))) + 3


# ---- one practice, one day ------------------------------------------------------------------------------------


def _register(running: World, site: Site) -> None:
    at, code = _at(STARTS_ON, 12), site.plan.code
    actor = _by(running, "scheduler", at)
    panel = people.patients(site.plan, dict(running.network.payers), seed=running.seed)
    with within(site.practice):
        registered = patients.register_many(
            actor=actor, practice=site.practice, drafts=[one.draft for one in panel], at=at
        )
        running.patients[code], running.panels[code] = [one.id for one in registered], panel
        drafts = [(row.id, cover) for row, one in zip(registered, panel, strict=True) for cover in one.coverages]
        patients.cover_many(actor=actor, practice=site.practice, drafts=drafts, at=at)
        front_desk.lead(site, actor=actor, at=at)
        with reading():
            running.clinicians[code] = [one.id for one in providers.clinicians(site.practice)]
            running.places[code] = providers.sites(site.practice, on=STARTS_ON)[0].id


def _cycle(running: World, site: Site, day: date) -> None:
    """What happens between two runs: visits, claims out, answers in, money in."""
    with within(site.practice, running.network.mso):
        _capture(running, site, day)
        if (site.plan.code, day) == (SENDS_ITS_OWN, SENDS_ON):
            _take_in(running, site, day)
        for batch in _send(running, site, day):
            _answer(running, site, batch, day)
        _follow_up(running, site, day)
        _post(running, site, day)
        _bank(running, site, day)
    outbox.deliver_pending(at=_at(day, 21), practices=[site.practice])


def _ask_payers(running: World, site: Site) -> None:
    """Visits after the demo's end, and what payers say of their coverage, where the agreement has the MSO ask."""
    if "eligibility" not in site.plan.lines:
        return
    code, at = site.plan.code, ENDS_AT - timedelta(hours=4)
    running.counts.coverage_checks += front_desk.ask(
        site, patients=running.patients[code], clinicians=running.clinicians[code], place=running.places[code],
        actor=_by(running, "scheduler", at), sender=_by(running, "biller", at),
        seed=running.seed, at=at,
    )  # fmt: skip
    running.counts.estimates += estimating.estimate(
        site, people=running.patients[code], encounters=BY_SPECIALTY[site.plan.specialty],
        actor=_by(running, "scheduler", at), at=at + timedelta(hours=2),
    )  # fmt: skip


def _collect(running: World, site: Site) -> None:
    """Patients pay on the last working day: to the MSO where the agreement has it collect, else to the practice."""
    at = _at(date(2026, 10, 30), 21, 30)
    actor = _by(running, "patient_billing", at) if "patient_billing" in site.plan.lines else _owner(site, at)
    with within(site.practice):
        running.counts.self_pay += collecting.bill_the_uninsured(site, actor=_by(running, "biller", at), at=at)
        running.counts.patient_payments += patient_money.pay(site, actor=actor, at=at)
        if site.plan.code == collecting.WHERE:
            collecting.finish(site, actor=actor, lead=_by(running, "billing_lead", at), at=at)
        collecting.to_bank(site, actor=actor, poster=_by(running, "poster", at), at=at)
    outbox.deliver_pending(at=at)


def _plan(running: World, site: Site, at: datetime) -> None:
    """Some patients pay by the month."""
    owner = _owner(site, at)
    actor = _by(running, "patient_billing", at) if "patient_billing" in site.plan.lines else owner
    with within(site.practice):
        patient_money.plan(site, actor=actor, owner=owner, at=at)
    outbox.deliver_pending(at=at)


def _capture(running: World, site: Site, day: date) -> None:
    """Visits since the last run, with their charges; claims built and scrubbed."""
    at, code = _at(day, 14), site.plan.code
    found = [
        visit for on in _days_since_last_run(running, day) for visit in people.visits(site.plan, on, seed=running.seed)
    ]
    book = visiting.Book(
        site, running.panels[code], running.patients[code], running.clinicians[code], running.places[code],
        running.seed,
    )  # fmt: skip
    if running.plans_ahead and found:
        since = _evening_before(running, day)
        visiting.ahead(book, found, since=since, actor=_by(running, "scheduler", since))
    drafts = [book.draft(visit) for visit in found]
    actor, front_office = _by(running, "biller", at), _by(running, "scheduler", at)
    recorded = scheduling.record_visits(actor=front_office, practice=site.practice, drafts=drafts, at=at).visits
    done = [
        VisitCharges(
            visit_id=row.id,
            patient_id=row.patient_id,
            diagnoses=visit.diagnoses,
            lines=_lines(running, code, visit)
            + (facility.lines(visit.on, supplies=number % 2 == 0) if facility.bills(code, number) else ()),
            stay=facility.STAY if facility.bills(code, number) else None,
        )
        for number, (row, visit) in enumerate(zip(recorded, found, strict=True))
    ]
    charges.capture(actor=actor, practice=site.practice, visits=done, at=at)
    built = building.build(actor=actor, practice=site.practice, at=at)
    running.counts.visits += len(found)
    running.counts.claims += len(built.claims)
    running.counts.held += built.held


def _take_in(running: World, site: Site, day: date) -> None:
    """What the practice's own system sends: walk-in visits, and one that its clinic coded for itself."""
    at, on = _at(day, 15), day - timedelta(days=1)
    for name, content in (
        (f"walk-ins-{on:%Y%m%d}.csv", own_system.walk_ins(site.plan, on, seed=running.seed)),
        (f"clinic-{on:%Y%m%d}.json", own_system.clinic(site.plan, on)),
    ):
        taken = taking.take(actor=_by(running, "biller", at), practice=site.practice, name=name, content=content, at=at)
        running.counts.visits += taken.visits
        running.counts.claims += taken.claims_ready + taken.claims_held
        running.counts.held += taken.claims_held
        running.counts.taken_in += taken.used


def _lines(running: World, code: str, visit: people.DemoVisit) -> tuple[ChargeDraft, ...]:
    """The services of a visit as they are coded for this patient."""
    who, chance = running.panels[code][visit.patient], dice(running.seed, "coding", visit.source_id)
    medicare = any(running.network.payers.get(payer.name) == who.coverages[0].payer_id
                   for payer in PAYERS if payer.kind == "medicare") if who.coverages else False  # fmt: skip
    seen = (code, visit.patient) in running.seen
    running.seen.add((code, visit.patient))
    pointers = tuple(range(1, min(len(visit.diagnoses), 4) + 1))
    return tuple(
        ChargeDraft(
            code=coding.coded(service, who, on=visit.on, medicare=medicare, seen=seen, chance=chance),
            service_on=visit.on, modifiers=service.modifiers, pointers=pointers,
            units=Decimal(0 if visit.units_wrong and number == 0 else service.units),
        )
        for number, service in enumerate(visit.encounter.services)
    )  # fmt: skip


def _send(running: World, site: Site, day: date) -> list[BatchRef]:
    at = _at(day, 18)
    actor = _by(running, "biller", at)
    with reading():
        ready = worklist.ids(filters=READY).get(site.practice, [])
    submitting.submit_many(actor=actor, practice=site.practice, claim_ids=ready, at=at)
    batches = releasing.release(actor=actor, practice=site.practice, at=at)
    running.counts.batches += len(batches)
    return batches


def _answer(running: World, site: Site, batch: BatchRef, day: date) -> None:
    at = _at(day, 19)
    content = partners.hand_in(actor=_by(running, "biller", at), kind="claims.batch", thing=batch.public_id, at=at)
    if content.startswith(b"%PDF"):
        return  # on paper: nobody answers, the payer decides
    said = running.payers.take(content, payer=batch.payer, practice=site.plan.code, at=at)
    files = [("TA1", said.ta1), ("999", said.f999), *(("277CA", each) for each in said.f277ca)]
    for kind, answer in files:
        name = f"{kind}-{batch.payer_id}-{day:%Y%m%d}-{batch.group_control}.edi"
        _fetch(running, site, batch.payer_id, name, answer, at)
        summary = acknowledging.read_acknowledgements(
            actor=_by(running, "biller", at), practice=site.practice, name=name, content=answer, at=at
        )
        if kind == "277CA":
            running.counts.accepted += summary.accepted
            running.counts.rejected += summary.rejected


def _follow_up(running: World, site: Site, day: date) -> None:
    """Payers are asked about what they have not answered for too long, and answer."""
    at = _at(day, 19, 30)
    actor = _by(running, "biller", at)
    for asked in following.ask(actor=actor, practice=site.practice, at=at):
        content = partners.hand_in(actor=actor, kind="claims.inquiry", thing=asked.public_id, at=at)
        answer = running.payers.say(content, payer=asked.payer, practice=site.plan.code, at=at)
        name = f"277-{asked.payer_id}-{asked.public_id}.edi"
        _fetch(running, site, asked.payer_id, name, answer, at)
        acknowledging.read_acknowledgements(actor=actor, practice=site.practice, name=name, content=answer, at=at)
        running.counts.asked += asked.claims


def _fetch(running: World, site: Site, payer: int, name: str, content: bytes, at: datetime) -> None:
    """What a payer sent comes into the mailbox before anybody reads it."""
    partners.fetch(
        actor=_by(running, "billing_lead", at), payer=payer, practice=site.practice, name=name, content=content,
        on=at.date(), at=at,
    )  # fmt: skip


def _post(running: World, site: Site, day: date) -> None:
    """Everything that payers pay today: received, posted, and on its way to the bank."""
    at = _at(day, 20)
    actor = _by(running, "poster", at)
    if site.plan.code == paid_twice.WHERE:
        paid_twice.slip(running.payers, day)
    paid = list(running.payers.pay(site.plan, until=day, at=at))
    running.arrivals[site.plan.code] += [
        bank.arrival(one.cheque, seed=running.seed)
        for one in paid if not (one.again or one.broken) and one.cheque.amount
    ]  # fmt: skip
    for delivery in running.delayed[site.plan.code].through(paid, on=day, seed=running.seed):
        name = f"{delivery.cheque.trace}{'-again' if delivery.again else ''}.835"
        payer = running.network.payers[delivery.cheque.remittance.header.payer.last]
        _fetch(running, site, payer, name, delivery.content, at)
        receipt = receiving.receive(
            actor=actor, practice=site.practice, name=name, content=delivery.content, at=at, defer=False
        )
        for file in receipt.files:
            outcome = posting.post_file(actor=actor, practice=file.practice, file=file.file, at=at)
            running.counts.quarantined += outcome.state is FileState.QUARANTINED
            for remittance in outcome.remittances:
                running.counts.duplicates += bool(remittance.duplicate_of)
                running.counts.remittances += not remittance.duplicate_of
                running.counts.payments += remittance.posted
                running.counts.unmatched += remittance.unmatched


def _answer_denials(running: World, site: Site, at: datetime) -> None:
    with within(site.practice):
        done = denials.work(_by(running, "denial_specialist", at), at)
    running.counts.appeals += done["appeals"]
    running.counts.write_offs += done["write_offs"]


def _ask_patients(running: World, site: Site, day: date) -> None:
    at = _at(day, 21, 30)
    with within(site.practice):
        collecting.ask(
            site, day, actor=_by(running, "patient_billing", at), lead=_by(running, "billing_lead", at), at=at
        )
        paid_twice.work(day, actor=_by(running, "patient_billing", at), at=at)


def _bank(running: World, site: Site, day: date) -> None:
    """The bank's file of what has arrived; on Fridays."""
    if day.weekday() != FRIDAY:
        return
    at = _at(day, 20, 30)
    arrived = [one for one in running.arrivals[site.plan.code] if one.on <= day]
    running.arrivals[site.plan.code] = [one for one in running.arrivals[site.plan.code] if one.on > day]
    if not arrived:
        return
    poster = _by(running, "poster", at)
    banking.import_statement(
        actor=poster, account=site.account, name=f"{site.plan.code}-{day:%Y%m%d}.ofx",
        content=bank.ofx(arrived, account=site.plan.account_number, at=at), at=at,
    )  # fmt: skip
    running.counts.deposits += deposits.match_deposits(actor=poster, practice=site.practice, at=at)


# ---- the end of a month ---------------------------------------------------------------------------------------


def _settle(running: World, month: Month, *, at: datetime, everybody: bool) -> None:
    """Settle a month everywhere; owners approve and pay at once, or, in the last month, only the first half do."""
    sites = list(running.network.sites.values())
    mso, controller = running.network, _by(running, "controller", at)
    for number, site in enumerate(sites):
        owner = _owner(site, at)
        with within(site.practice, mso.mso):
            done = settlement.settle(actor=controller, practice=site.practice, month=month, at=at)
            running.counts.settlements += 1
            if everybody or number < len(sites) // 2:
                settlement.approve(actor=owner, settlement=done.public_id, at=at)
                if everybody:
                    settlement.pay(actor=controller, settlement=done.public_id, paid_on=at.date(), at=at)
    outbox.deliver_pending(at=at)


def open_months(network: Network) -> None:
    """Open the months that the demo posts to, in every book."""
    actor = Actor.system(SETS_UP, at=SIGNED_AT)
    books = [(site.practice, site.entity) for site in network.sites.values()] + [(network.mso, network.mso_entity)]
    for practice, entity in books:
        with within(practice):
            for number in range(1, 3):
                periods.open_next(actor=actor, entity=entity, month=FIRST_MONTH.plus(number), at=SIGNED_AT)


def _owner(site: Site, at: datetime) -> Actor:
    """The practice's owner: what is reserved to people of the practice, the system cannot decide."""
    return access.actor_for(User.objects.get(email=site.plan.owner[1]), at=at, fresh=True)


def _by(running: World, role: str, at: datetime) -> Actor:
    """Whoever of the MSO has the role: what they do in a practice is done under the grants of its agreement."""
    if role not in running.staff:
        email = next(user.email for user in USERS if user.role == role)
        running.staff[role] = access.actor_for(User.objects.get(email=email), at=at, fresh=True)
    return replace(running.staff[role], at=at)


def _named(running: World, name: str) -> Actor | None:
    """Somebody of the MSO by name; nobody where the name is a machine's or another house's."""
    return next((_by(running, one.role, ENDS_AT) for one in USERS if one.name == name and not one.practices), None)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def _run_days() -> Iterator[date]:
    """Fridays in the first month, Tuesdays and Fridays in the second."""
    day, end = FIRST_MONTH.first, LAST_MONTH.last
    while day <= end:
        if day.weekday() == FRIDAY or (day.weekday() == TUESDAY and Month.of(day) == LAST_MONTH):
            yield day
        day += timedelta(days=1)


def _days_since_last_run(running: World, day: date) -> Iterator[date]:
    """The working days since the run before, that of the run included."""
    earlier = [one for one in running.runs if one < day]
    on = earlier[-1] if earlier else FIRST_MONTH.first - timedelta(days=1)
    while on < day:
        on += timedelta(days=1)
        if on.weekday() < 5 and on not in HOLIDAYS:
            yield on


def _evening_before(running: World, day: date) -> datetime:
    """When the front desk plans the visits of a run: in the evening of the run before, at first when all begins."""
    earlier = [one for one in running.runs if one < day]
    return datetime.combine(earlier[-1], visiting.EVENING, UTC) if earlier else _at(STARTS_ON, 12, 30)


def _is_last_run_of(running: World, day: date, following: Month) -> bool:
    later = [one for one in running.runs if one > day]
    return Month.of(day) != following and bool(later) and Month.of(later[0]) == following
