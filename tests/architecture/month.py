"""A practice's month as objects of the matrix: agreed, billed, answered, paid, banked, settled, through the services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from openmso.agreements import testing as agreements
from openmso.agreements.fees.waterfall import Priority
from openmso.agreements.paper.companions import CompanionKind
from openmso.agreements.services import companions
from openmso.agreements.services.companions import CompanionDraft
from openmso.banking import queries as bank
from openmso.banking import services as banking
from openmso.banking.contracts import LineFilters
from openmso.charges.contracts import Stay
from openmso.claims import testing as claims
from openmso.claims.models.acknowledgements import Acknowledgement
from openmso.claims.queries import worklist
from openmso.claims.services import attaching, runs, trials
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse
from openmso.contracting import services as contract_desk
from openmso.contracting import testing as contracting
from openmso.contracting.contracts import RateLine, Terms
from openmso.eligibility import testing as eligibility
from openmso.eligibility.contracts import AuthorizationDraft, Permit, RequestDraft
from openmso.eligibility.services import asking, permitting, requesting
from openmso.estimates.contracts import EstimateDraft, ItemDraft, Kind
from openmso.estimates.services import expecting
from openmso.estimates.services import making as estimating
from openmso.exchange.contracts import Transaction
from openmso.exchange.queries import transmissions
from openmso.exchange.services import enrolling
from openmso.exchange.services import sending as handing
from openmso.governance import services as governance
from openmso.governance.contracts import Fallback, NewBudget, NewProposal
from openmso.governance.services import budgets as planning
from openmso.intake.services import taking
from openmso.kit import clock
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, EntryDraft, Method, credit, debit
from openmso.ledger.queries import books as shelf
from openmso.ledger.services import books, periods, posting
from openmso.parties import testing as parties
from openmso.parties.contracts import AccountUse, Mso
from openmso.parties.queries import practices as registers
from openmso.parties.services import enrolments as recording
from openmso.parties.services import practices
from openmso.parties.testing import House
from openmso.patients import queries as patient_queries
from openmso.patients import testing as patients
from openmso.patients.contracts import PlanKind
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import services as working
from openmso.remittances import testing as payer
from openmso.remittances.queries import banked, files, payments
from openmso.remittances.queries import eobs as typed
from openmso.remittances.services import deposits, receiving
from openmso.remittances.services import eobs as papers
from openmso.remittances.services import posting as remittances
from openmso.scheduling import services as scheduling
from openmso.scheduling.contracts import VisitDraft, VisitStatus
from openmso.settlement import queries as statements
from openmso.settlement import runs as settling
from openmso.settlement import services as settlement
from openmso.settlement.contracts.rebates import NewRebate
from openmso.settlement.queries import disputes
from openmso.settlement.services import attributing, disputing, entering, rebating
from openmso.settlement.states import Whose
from openmso.underpayments import queries as short_paid
from openmso.underpayments.services import lines as shortfalls
from tests.architecture.denied import the_denied
from tests.architecture.money import the_patients_money
from tests.architecture.waterfall import paid_out

FEE = {**agreements.PERCENT, "components": [*agreements.PERCENT["components"],
                                            {"kind": "per_unit", "unit": "provider", "price": "1.00"},
                                            {"kind": "cost_plus", "costs": ["mailing"]}],
       "entered": {"mailing": "the invoice of the mailing house"}}  # fmt: skip
"""A part of collections, a price of what is counted, and a cost that somebody enters."""
Named = Mapping[str, str]
NOON = time(17, tzinfo=UTC)
"""Noon in New York or an hour later: the same day everywhere in between."""
VISITS = (
    "visit_id,service_date,mrn,last_name,first_name,birth_date,sex,address1,city,state,zip,payer_id,member_id,"
    "diagnoses,code,modifiers,units,pointers,amount\n"
    "V1,{day},100,{name},Daniel,1968-02-14,M,7 Elm Street,Rockland,ME,04841,60054,W123456789,E11.9,99213,,1,A,\n"
    "V2,never,101,{name},Daniel,1968-02-14,M,7 Elm Street,Rockland,ME,04841,60054,W123456789,E11.9,99213,,1,A,\n"
)


@dataclass(frozen=True, slots=True)
class Office:
    """A practice in the month that is over, the MSO that manages it, and what stands in its texts."""

    billing: BillingHouse
    mso: Mso
    canary: str
    at: datetime
    actor: Actor

    @property
    def house(self) -> House:
        """The practice."""
        return self.billing.house

    @property
    def today(self) -> date:
        """The practice's day: at night it is another one than in UTC, and perhaps another month."""
        return clock.day_in(self.house.practice.zone, self.at)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work within the practice and its MSO, and their books; and the mailroom."""
        reach = tenancy.with_mailroom(tenancy.reach(self.house.id, self.mso.id))
        with scope(practices=reach.practices, entities=reach.entities):
            yield


def a_month(house: House, canary: str) -> Named:
    """Everything that a month leaves behind in a practice."""
    office, named = _opened(house, canary)
    named |= _claims(office)
    named |= _covered(office, named["coverage"])
    named |= _estimated(office, named["patient"])
    named |= _paid(office, named["claim"])
    named |= the_patients_money(office, named["patient"])
    named |= the_denied(office)
    named |= _visits(office)
    named |= _entry(office)
    named |= _settled(office)
    named |= _planned(office, named["book"])
    return named | paid_out(office)


def _opened(house: House, canary: str) -> tuple[Office, dict[str, str]]:
    """Its agreement with an MSO of its own, a business associate agreement, a bank account, and both books."""
    at, code = clock.now(), house.practice.code
    actor, today = Actor.system("a test", at=at), clock.day_in(house.practice.zone, at)
    last_month = datetime.combine(today - timedelta(days=today.day), NOON)
    mso = parties.mso(at=at, code=f"M{code}"[:12], name=f"Management of {code}")
    version = agreements.executed(mso, house, at=at, with_baa=False, payments=Priority(clause="5.2"), fee=FEE)
    baa = agreements.baa(house, at=at)
    insurer = parties.payer(mso, at=at, name=f"Insurer of {code}", edi_id=f"P{code}")
    office = Office(claims.open_for_billing(house, insurer, at=last_month), mso, canary, at, actor)
    with office.scope():
        account = practices.open_account(
            actor=actor, practice=house.id, entity=house.entity.id, name=f"{canary} account", bank_name="Camden",
            routing="021000021", account_number="000123456789", use=AccountUse.DEPOSIT, opened_on=parties.EARLY, at=at,
        )  # fmt: skip
        with reading():
            theirs = registers.entities(mso.id, on=today)[0].id
        books.open_books(
            actor=actor, entity=theirs, name=mso.name, method=Method.ACCRUAL, opens=Month.of(today).plus(-1),
            chart="mso", at=at,
        )  # fmt: skip
        for entity in (house.entity.id, theirs):
            periods.open_next(actor=actor, entity=entity, month=Month.of(today), at=at)
    return office, {
        "agreement": version.agreement, "baa": baa, "practices.account": account.public_id, "agreements.number": "1",
        "account_id": account.public_id, "api.practices.accounts.account": account.public_id,
        "api.agreements.versions.number": "1", "companion": _companion(office, version.agreement),
        **_contract(office),
    }  # fmt: skip


def _companion(office: Office, agreement: str) -> str:
    """A signed note that goes along with the agreement."""
    new = CompanionDraft({"limit": "50000.00", "rate": "6.00"}, office.today, note=office.canary)
    with office.scope():
        made = companions.draft(actor=office.actor, agreement=agreement, kind=CompanionKind.LOAN, new=new, at=office.at)
        companions.sign(
            actor=office.actor, companion=made, document=agreements.pdf(f"Note of {office.canary}"), mso_signer="One",
            practice_signer="Other", signed_on=office.today, at=office.at,
        )  # fmt: skip
    return made


def _contract(office: Office) -> dict[str, str]:
    """A payer contract with a published version and a draft."""
    place = {"practice": office.billing.id, "payer_id": office.billing.payer.id, "at": office.at}
    with office.scope():
        asked = governance.propose(
            actor=office.actor, practice=office.house.id, new=NewProposal(
                "RD07", f"{office.canary} terms", f"{office.canary} rates", f"{office.canary} pays more", ), at=office.at
        )  # fmt: skip
        found = contracting.published(**place)
        contract_desk.draft(
            actor=office.actor, terms=Terms("all: fee schedule", rates=(RateLine("99213", "", Money.of(90), Money.of(60)),)),
            starts_on=date(2027, 1, 1), **place,
        )  # fmt: skip
    return {"proposal": asked, "contract": found.public_id, "contracts.number": "1", "api.payer-contracts.number": "1"}


def _claims(office: Office) -> dict[str, str]:
    """A claim that its payer accepted, one on hold, the batch and the acknowledgement, and a bulk run."""
    who = patients.person(last=office.canary.title())
    facility = claims.clinic_claims(office.billing, at=office.at, stay=Stay("71", "9", "1", "01"), who=who)[0].public_id
    sent = claims.claim_at(S.ACCEPTED, office.billing, at=office.at, who=who)
    held = claims.claim_at(S.HELD, office.billing, at=office.at, who=who)
    with office.scope():
        with reading():
            batch = worklist.batches(filters=Filters(), page=PageAsk()).rows[0]
            chosen = worklist.ids(filters=Filters(), public_ids=[held.public_id])
            answer = Acknowledgement.objects.earliest("pk").public_id
            cover = patient_queries.coverages_of([sent.patient_id])[sent.patient_id][0].public_id
        attachment = attaching.add(
            actor=office.actor, claim=held.public_id, kind="OZ", way="BM", at=office.at, note=office.canary
        )
        run = runs.begin(actor=office.actor, act="scrub", claims=chosen, at=office.at, now=True)
        seen = runs.view(key=run)
        dry_run = trials.begin(actor=office.actor, rule="line_twice", at=office.at, now=True)
        assert seen is not None
        with reading():
            way = transmissions.of_subjects("claims.batch", [batch.public_id])[batch.public_id].public_id
        enrolled = enrolling.begin(
            actor=office.actor, biller=office.house.biller.public_id, payer=office.billing.payer.public_id,
            transaction=Transaction.REMITTANCE, words=f"{office.canary} form", at=office.at,
        )  # fmt: skip
        taken = recording.record(
            actor=office.actor, practice=office.house.id, clinician=office.house.clinician.public_id,
            payer=office.billing.payer.public_id, starts_on=parties.EARLY, number=f"{office.canary} PTAN", at=office.at,
        )  # fmt: skip
        handing.handed_in(actor=office.actor, transmission=way, words=f"{office.canary} portal", at=office.at)
    return {
        "transmission": way, "enrolment": enrolled, "payer_enrolment": taken,
        "claims.facility.claim": facility, "api.claims.facility.claim": facility,
        "claim": sent.public_id, "coverage": cover, "batch": batch.public_id, "acknowledgement": answer, "claims.runs.key": run,
        "claims.runs.reason": seen.reasons[0].key, "api.claim-runs.run": run, "claims.rules.dry-runs.run": dry_run,
        "api.scrub-dry-runs.run": dry_run, "held": held.public_id, "attachment": attachment,
    }  # fmt: skip


def _covered(office: Office, coverage: str) -> dict[str, str]:
    """A coverage check that its payer answered, and the patient whom it is about."""
    actor, at = office.actor, office.at
    with office.scope():
        with reading():
            patient = patient_queries.covered_by(coverage)
        checks = asking.ask_about_patient(actor=actor, patient=patient, at=at)
        eligibility.asked(eligibility.Desk(), practice=office.house.id, at=at)
        with reading():
            whose, payer_id = patient_queries.get(patient).id, office.billing.payer.id
        draft = AuthorizationDraft(
            whose, payer_id, Permit.AUTHORIZATION, f"{office.canary}1", "90832", "90838", office.today, office.today
        )
        permitting.record(actor=actor, practice=office.house.id, draft=draft, at=at)
        wanted = RequestDraft(whose, payer_id, Permit.AUTHORIZATION, "97110", office.today, office.today)
        request = requesting.ask(actor=actor, practice=office.house.id, draft=wanted, at=at)
    return {"check": checks[0], "patient": patient, "permit_request": request}


def _estimated(office: Office, patient: str) -> dict[str, str]:
    """A visit ahead, and an estimate of it."""
    actor, at, house = office.actor, office.at, office.house
    with office.scope():
        with reading():
            whose = patient_queries.get(patient).id
        draft = VisitDraft(
            whose, office.today + timedelta(days=2), "test", f"{office.canary}-ahead", reason=office.canary,
            status=VisitStatus.PLANNED,
        )  # fmt: skip
        (ahead,) = scheduling.record_visits(actor=actor, practice=house.id, drafts=[draft], at=at).visits
        what = EstimateDraft(
            Kind.GOOD_FAITH, patient, ahead.service_on, (ItemDraft("99213", amount=Money.of(140), words="Visit"),),
            office.canary, visit=ahead.public_id,
        )  # fmt: skip
        led = scheduling.route_reason(
            actor=actor, practice=house.id, words=f"{office.canary} exam", plan=PlanKind.VISION, at=at
        )  # fmt: skip
        made = estimating.make(actor=actor, draft=what, at=at)
        usual = expecting.say(
            actor=actor, practice=house.id, words=f"{office.canary} knee", at=at,
            items=[ItemDraft("99213", words="Visit")],
        )  # fmt: skip
        return {"visit": ahead.public_id, "estimate": made, "usual": usual, "coverage.reasons.route": led,
                "api.reason-routes.route": led}  # fmt: skip


def _paid(office: Office, claim: str) -> dict[str, str]:
    """A remittance that pays the claim and one nobody knows, its provider adjustment, and its money in the bank."""
    house, at, canary = office.house, office.at, office.canary
    last = canary.upper()
    known = payer.claim(
        claim,
        payer.line("99213", "140.00", paid="70.00", reasons=["CO 45 60.00", "PR 1 10.00"], control=f"{claim}-01"),
        patient=(last, "D"),
    )
    lost = payer.claim("NOBODYS", payer.line("99213", "50.00", paid="50.00"), patient=(last, "D"))
    one = payer.remittance(
        known, lost, payee=house.biller, trace=f"{canary}1", paid_on=office.today, payer=office.billing.payer.edi_id,
        provider=[("WO", f"{canary}2", "10.00")],
    )  # fmt: skip
    with office.scope():
        receipt = receiving.receive(
            actor=office.actor, practice=house.id, name=f"{canary}.835", content=payer.file_of(one), at=at, defer=False
        )
        file = receipt.files[0].file
        (posted,) = remittances.post_file(actor=office.actor, practice=house.id, file=file, at=at).remittances
        line, other = _banked(office, f"{canary}1", posted.amount)
        made = deposits.match_deposit(
            actor=office.actor, remittance=posted.public_id, line=line, why=f"{canary} said so", at=at
        )
        shortfalls.look_at(actor=office.actor, practice=house.id, remittance=posted.public_id, at=at)
        with reading():
            (short,) = short_paid.listing(filters=Filters(), page=PageAsk()).rows
            different = short_paid.differences(filters=Filters(), page=PageAsk()).rows[0]
            (unmatched,) = payments.unmatched(page=PageAsk()).rows
            (adjustment,) = files.remittance(posted.public_id).adjustments
            banked.deposit(made)
    return {
        "file": file, "remittance": posted.public_id, "payment": unmatched.public_id, "deposit": made, "line": line,
        "adjustment": adjustment.public_id, "waiting": other, "eob": _typed(office, claim), "place": "0",
        "underpayment": short.public_id, "difference": different.public_id,
    }  # fmt: skip


def _typed(office: Office, claim: str) -> str:
    """A paper that is being typed: one claim, and a takeback."""
    actor, at = office.actor, office.at
    with office.scope():
        eob = papers.open_eob(
            actor=actor, biller=office.house.biller.public_id, payer=office.billing.payer.public_id, method="CHK",
            trace=f"{office.canary}3", paid_on=office.today, amount=Decimal("10.00"), at=at,
        )  # fmt: skip
        with reading():
            lines = typed.to_type(eob, claim).lines
        papers.type_claim(actor=actor, eob=eob, claim=claim, status="1", payer_control="", lines=lines, at=at)
        papers.type_provider(actor=actor, eob=eob, items=[("WO", office.canary, Decimal("1.00"))], at=at)
    return eob


def _banked(office: Office, trace: str, amount: Money) -> tuple[str, str]:
    """The payment as a line of the bank's file, and a second line that nothing explains."""
    with reading():
        (account,) = bank.accounts_of([office.house.id])
    day = office.today
    content = f"Date,Description,Amount\n{day},{office.canary} {trace},{amount}\n{day},{office.canary} other,7.00\n"
    banking.import_statement(
        actor=office.actor, account=account.public_id, name=f"{office.canary}.csv", content=content.encode(),
        at=office.at,
    )  # fmt: skip
    with reading():
        rows = bank.lines(filters=LineFilters(), page=PageAsk()).rows
    first, second = sorted(rows, key=lambda row: row.amount != amount)
    return first.public_id, second.public_id


def _visits(office: Office) -> dict[str, str]:
    """A file of visits, half of it refused."""
    content = VISITS.format(day=office.today - timedelta(days=3), name=office.canary.title())
    with office.scope():
        taken = taking.take(
            actor=office.actor, practice=office.house.id, name=f"{office.canary}.csv", content=content.encode(),
            at=office.at,
        )  # fmt: skip
    return {"run": taken.run}


def _entry(office: Office) -> dict[str, str]:
    """An entry by hand in the practice's book."""
    house, amount = office.house, Money.of("12.00")
    draft = EntryDraft(
        house.entity.id, office.today, f"{office.canary} rent",
        (debit(Accounts.RENT, amount), credit(Accounts.OPERATING_CASH, amount)), key=f"matrix:{office.canary}",
    )  # fmt: skip
    with office.scope():
        (posted,) = posting.post(actor=office.actor, entries=[draft], at=office.at)
        with reading():
            book = shelf.book_of(house.entity.id)
    return {"book": book.public_id, "entry": posted.public_id}


def _planned(office: Office, book: str) -> dict[str, str]:
    """A budget of the year after the month that is over."""
    over = Month.of(office.today).plus(-1)
    new = NewBudget(book, Month(over.first.year + 1, 1), office.today, Fallback.ACTUALS)
    with office.scope():
        return {"budget": planning.begin(actor=office.actor, new=new, why=f"{office.canary} plans", at=office.at)}


def _settled(office: Office) -> dict[str, str]:
    """The month that is over, settled: its statement and invoice, what its fee came from, the run that met it."""
    month = Month.of(office.today).plus(-1)
    named = _promised(office, month)
    with office.scope():
        entered = entering.enter(
            actor=office.actor, practice=office.house.id, month=month, name="mailing", amount=Decimal(3),
            shown_by=f"{office.canary} invoice", at=office.at,
        )  # fmt: skip
        entering.confirm(actor=office.actor, figure=entered.public_id, at=office.at)
        done = settlement.settle(actor=office.actor, practice=office.house.id, month=month, at=office.at)
        run = settling.begin(
            actor=office.actor, mso=office.mso.id, practices=[office.house.id], month=month, at=office.at
        )
        with reading():
            statement = statements.statement(done.public_id)
    owner = agreements.person(
        f"contests@{office.house.practice.code.lower()}.example", "An owner", practice=office.house.id,
        role="practice_owner", at=office.at,
    )  # fmt: skip
    with office.scope():
        disputed = disputing.dispute(
            actor=access.actor_for(owner, at=office.at, fresh=True), settlement=done.public_id, amount=Money.of(2),
            row=next(row.number for row in statement.section("fee")), reason=f"{office.canary} was not agreed",
            at=office.at,
        )  # fmt: skip
        disputing.answer(
            actor=office.actor, dispute=disputed.public_id, credited=Money.of(1), why=f"{office.canary}: half of it",
            at=office.at,
        )  # fmt: skip
        with reading():
            (memo,) = disputes.memos_of(done.public_id)
    opens = next(row.number for row in statement.rows if row.opens)
    given = next(each for each in statement.inputs if each.selection)
    return {
        "settlement": done.public_id, "statements.number": str(opens), "month": str(month),
        "statements.disputes.dispute": disputed.public_id, "api.invoice-disputes.dispute": disputed.public_id,
        "memo": memo.public_id,
        "statements.runs.run": run.public_id, "statements.fee.name": given.name,
        "statements.fee.category": given.category, "statements.ahead.category": given.category,
        "statements.ahead.name": given.name, "statements.figures.figure": entered.public_id,
        "api.fee-figures.figure": entered.public_id, "statements.figures.enter.name": entered.name,
        "statements.figures.of.asked": f"{office.house.practice.code}:{month}",
        "api.settlements.rows.number": str(opens),
        "api.settlements.inputs.name": given.name, "api.settlements.inputs.category": given.category,
        "api.settlement-runs.run": run.public_id, "statements.levels.kind": "claims.held",
        "statements.metered.count": "providers", "api.settlements.metered.count": "providers",
        "api.settlements.levels.kind": "claims.held", **named,
    }  # fmt: skip


def _promised(office: Office, month: Month) -> dict[str, str]:
    """What missed its promise in the month, and whose cause that was; and a rebate, the MSO's, that its invoice credits."""
    came = datetime.combine(month.first, time(15), tzinfo=UTC) + timedelta(days=1)
    with office.scope():
        item = working.open_item(
            practice=office.house.id, kind="claims.held", subject=("claims.claim", "CLM-LATE"),
            title=f"{office.canary} waits", why="Held.", priority=50, priority_why="By hand", due_at=office.at,
            key=f"late|{office.canary}", at=came,
        )  # fmt: skip
        attributing.say(
            actor=office.actor, practice=office.house.id, month=month, item=item, whose=Whose.OUTSIDE,
            why=f"{office.canary} had an outage", at=office.at,
        )  # fmt: skip
        new = NewRebate(
            "Vaccines of the Coast", "Vaccines", month.first, month.last, month.last, Money.of(10), "By doses",
            {office.house.id: Decimal(1)},
        )  # fmt: skip
        rebate = rebating.record(actor=office.actor, mso=office.mso.id, new=new, at=office.at)
    return {
        "statements.kept.item": item, "statements.missed.item": item, "api.practices.promises.items.item": item,
        "rebate": rebate,
    }  # fmt: skip
