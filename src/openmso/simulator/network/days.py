"""What happens in a practice of the demo between two runs: visits, claims out, answers in, money in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.banking import services as banking
from openmso.charges import services as charges
from openmso.charges.contracts import ChargeDraft, VisitCharges
from openmso.claims.contracts import BatchRef
from openmso.claims.queries import worklist
from openmso.claims.services import acknowledging, building, following, releasing, submitting
from openmso.intake.services import taking
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import providers
from openmso.patients import services as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.remittances.contracts import FileState
from openmso.remittances.queries import banked
from openmso.remittances.services import deposits, posting, receiving
from openmso.scheduling import services as scheduling
from openmso.simulator.network import (
    bank,
    coding,
    facility,
    front_desk,
    own_system,
    paid_twice,
    partners,
    people,
    visiting,
)
from openmso.simulator.network.building import STARTS_ON, Site, within
from openmso.simulator.network.cast import PAYERS
from openmso.simulator.network.world import FRIDAY, World, by, days_since_last_run, evening_before, moment
from openmso.simulator.payer.profile import dice

SENDS_ITS_OWN, SENDS_ON = "ROCK", date(2026, 10, 6)
"""A practice with a system of its own, and the run in which its files come."""
READY = Filters((Term("is", "=", "ready", "ready"),))


def register(running: World, site: Site) -> None:
    """Patients and their coverages come into the register; the reasons for their visits are led to plans."""
    at, code = moment(STARTS_ON, 12), site.plan.code
    actor = by(running, "scheduler", at)
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


def cycle(running: World, site: Site, day: date) -> None:
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
    outbox.deliver_pending(at=moment(day, 21), practices=[site.practice])


def _capture(running: World, site: Site, day: date) -> None:
    """Visits since the last run, with their charges; claims built and scrubbed."""
    at, code = moment(day, 14), site.plan.code
    found = [
        visit for on in days_since_last_run(running, day) for visit in people.visits(site.plan, on, seed=running.seed)
    ]
    book = visiting.Book(
        site, running.panels[code], running.patients[code], running.clinicians[code], running.places[code],
        running.seed,
    )  # fmt: skip
    if running.plans_ahead and found:
        since = evening_before(running, day)
        visiting.ahead(book, found, since=since, actor=by(running, "scheduler", since))
    drafts = [book.draft(visit) for visit in found]
    actor, front_office = by(running, "biller", at), by(running, "scheduler", at)
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
    at, on = moment(day, 15), day - timedelta(days=1)
    for name, content in (
        (f"walk-ins-{on:%Y%m%d}.csv", own_system.walk_ins(site.plan, on, seed=running.seed)),
        (f"clinic-{on:%Y%m%d}.json", own_system.clinic(site.plan, on)),
    ):
        taken = taking.take(actor=by(running, "biller", at), practice=site.practice, name=name, content=content, at=at)
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
    at = moment(day, 18)
    actor = by(running, "biller", at)
    with reading():
        ready = worklist.ids(filters=READY).get(site.practice, [])
    submitting.submit_many(actor=actor, practice=site.practice, claim_ids=ready, at=at)
    batches = releasing.release(actor=actor, practice=site.practice, at=at)
    running.counts.batches += len(batches)
    return batches


def _answer(running: World, site: Site, batch: BatchRef, day: date) -> None:
    at = moment(day, 19)
    content = partners.hand_in(actor=by(running, "biller", at), kind="claims.batch", thing=batch.public_id, at=at)
    if content.startswith(b"%PDF"):
        return  # on paper: nobody answers, the payer decides
    said = running.payers.take(content, payer=batch.payer, practice=site.plan.code, at=at)
    files = [("TA1", said.ta1), ("999", said.f999), *(("277CA", each) for each in said.f277ca)]
    for kind, answer in files:
        name = f"{kind}-{batch.payer_id}-{day:%Y%m%d}-{batch.group_control}.edi"
        _fetch(running, site, batch.payer_id, name, answer, at)
        summary = acknowledging.read_acknowledgements(
            actor=by(running, "biller", at), practice=site.practice, name=name, content=answer, at=at
        )
        if kind == "277CA":
            running.counts.accepted += summary.accepted
            running.counts.rejected += summary.rejected


def _follow_up(running: World, site: Site, day: date) -> None:
    """Payers are asked about what they have not answered for too long, and answer."""
    at = moment(day, 19, 30)
    actor = by(running, "biller", at)
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
        actor=by(running, "billing_lead", at), payer=payer, practice=site.practice, name=name, content=content,
        on=at.date(), at=at,
    )  # fmt: skip


GOVERNMENT = frozenset(one.name for one in PAYERS if PayerKind(one.kind).is_government)
"""Payers whose money arrives on an account of the practice alone, where it keeps one."""


def _post(running: World, site: Site, day: date) -> None:
    """Everything that payers pay today: received, posted, and on its way to the bank."""
    at = moment(day, 20)
    actor = by(running, "poster", at)
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


def _bank(running: World, site: Site, day: date) -> None:
    """The bank's file of what has arrived; on Fridays."""
    if day.weekday() != FRIDAY:
        return
    at = moment(day, 20, 30)
    arrived = [one for one in running.arrivals[site.plan.code] if one.on <= day]
    running.arrivals[site.plan.code] = [one for one in running.arrivals[site.plan.code] if one.on > day]
    if not arrived:
        return
    poster = by(running, "poster", at)
    apart = [one for one in arrived if site.government and one.payer in GOVERNMENT]
    for account, number, name, lines in (
        (site.account, site.plan.account_number, f"{site.plan.code}-{day:%Y%m%d}",
         [one for one in arrived if one not in apart]),
        (site.government, site.plan.government_number, f"{site.plan.code}-{day:%Y%m%d}-gov", apart),
    ):  # fmt: skip
        if lines:
            banking.import_statement(
                actor=poster, account=account, name=f"{name}.ofx",
                content=bank.ofx(bank.on_slips(lines), account=number, at=at), at=at,
            )  # fmt: skip
    running.counts.deposits += deposits.match_deposits(actor=poster, practice=site.practice, at=at)
    running.counts.deposits += _match_slips(site, poster, at)


def _match_slips(site: Site, poster: Actor, at: datetime) -> int:
    """Checks that were paid in together are matched by hand; how many they were."""
    count = 0
    with reading():
        slips = [
            (line.public_id, [one.public_id for one in banked.checks_together(line, on=at.date())])
            for line in banked.open_lines(practice=site.practice)
        ]
    for line, checks in slips:
        if checks:
            deposits.match_deposit(
                actor=poster, remittance=checks[0], beside=checks[1:], line=line, why="The slip of the lockbox", at=at
            )
            count += len(checks)
    return count
