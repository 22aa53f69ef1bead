"""What stands in URLs: for every argument of a route, an object of a practice that carries that practice's canary.

An app adds a builder: it makes objects in a practice whose texts carry the canary, through its own services, and
says which URL arguments (of pages and of the API) name them. Where two apps use one word for two things, the first
part of the path stands before it:

        def claims(house: House, canary: str) -> Named:
        claim = claims_testing.claim_of(house, patient=canary)
        return {"claim": claim.public_id, "files.public_id": claim.file}

An argument that names no object of a practice stands in `PLAIN`, with a value that exists.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator

from openmso.agreements import testing as agreements
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.queries import agreements as agreed
from openmso.agreements.services import law
from openmso.compliance import testing as compliance
from openmso.compliance.queries import exclusions as excluded
from openmso.compliance.queries import runs as checked
from openmso.compliance.rules import reading as payments
from openmso.compliance.services import exclusions, running
from openmso.equity import testing as equity
from openmso.equity.contracts import NewHolder
from openmso.equity.contracts.facilities import NewCovenant, NewFacility
from openmso.equity.services import capital, covenants, keeping, lending, yearly
from openmso.equity.states import Being, By, Every, Measure
from openmso.governance import services as governance
from openmso.governance.contracts import NewCharter, NewInterest, NewItem, NewProposal, Rule
from openmso.governance.contracts.interests import Nature
from openmso.governance.contracts.openbook import Domain, NewExpectation, NewGrade
from openmso.governance.rules.interests import key_of
from openmso.governance.services import actions, agenda, chartering, meetings, openbook
from openmso.governance.services import interests as disclosing
from openmso.kit import clock
from openmso.kit.money import Money
from openmso.leaving.services import cases as exits
from openmso.leaving.states import Sort
from openmso.ledger.contracts import Accounts
from openmso.parties import testing as parties
from openmso.parties.contracts import Person
from openmso.parties.services import clinicians, notes, providers
from openmso.parties.testing import House, npi
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor, ActorKind, Side
from openmso.platform.accounts import testing
from openmso.platform.documents import registry as purposes
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Purpose
from openmso.platform.identity.models import ApiToken
from openmso.platform.jobs import registry as jobs
from openmso.platform.jobs import services as given_up
from openmso.platform.jobs.models import DeadLetter
from openmso.platform.outbox.models import Delivery, Fact
from openmso.platform.outbox.states import Delivering
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work import measures, quality
from openmso.platform.work import registry as kinds
from openmso.platform.work import services as work
from openmso.platform.work.contracts import Kind
from openmso.settlement import addresses
from tests.architecture.month import Named, a_month

Builder = Callable[[House, str], Named]

PLAIN: dict[str, str] = {
    "session": "0" * 20,  # the digest of a session; one's own are all one can name
    "name": "buttons",  # a page of the components gallery
    "audit.kind": "identity.user",  # a kind of thing, not a thing
    "which": "answer",  # the bytes of a claim that were sent, or answered
    "code": Accounts.OPERATING_CASH,  # every book has the account
    "payment_link": "23456789-23456789",  # opens nothing without a birth date, and is answered like one that does
    "provider": "stripe",  # payment providers belong to the installation
    "codes.code": "99213",  # codes are nobody's
    "load": "LOD-23456789",  # loads belong to the network
    "rule_table": "TBL-23456789",  # so do tables of rules
    "rule_kind": "poverty",
    "year": "2026",
    "paper": "invoice",
    "asked": addresses.written(addresses.Question(terms_of(agreements.PERCENT), 12, {})),  # terms that anybody may try
    "kpi": "clean-claim-rate",  # figures are the same for everybody
    "side": "top",
    "rule": "line_twice",  # rules of the scrubber belong to the network
    "claims.rules.number": "1",
    "api.scrub-rules.number": "1",
    "underpayments.contracts.number": "1",  # the number of a contract's version; the contract is the practice's
    "payer": "PAY-23456789",  # payers belong to the network
    "suggestion": "PAY-23456789-99213-197",  # rules are suggested for the network
    "posting_rule": "small",  # and those that propose what is done with short payments
    "promise": "denials.caused",  # what is promised about denials is called the same in every agreement
    "element": "stark_services.lawful",  # elements of checklists are everybody's
    "letter": "general",  # so do the letters that appeals are written from
    "mso": "TEN-23456789",  # so does the MSO
    "partner": "PTR-23456789",  # and its trading partners
    "law_rule": "NY-FS-01",  # rules of law are the network's
    "law.code": "NY-FS-01",
    "paper_kind": "lease",  # kinds of papers are everybody's
    "clause": "fee.base",  # and the library of clauses
    "initiative": "benchmarking",  # what the network offers is the same for every practice
    "task": "billing.send",  # and the catalogue of tasks
    "driver": "claims",  # what cost is shared by is called the same everywhere
    "statements.shared-cost.plan.plan": "ALP-23456789",  # shared cost is the MSO's own: its plan,
    "api.allocation-plans.plan": "ALP-23456789",
    "statements.shared-cost.allocation": "ALR-23456789",  # the allocation of its month, with its pools
    "api.allocations.allocation": "ALR-23456789",
    "statements.shared-cost.pools.number": "1",
    "statements.shared-cost.months.pools.number": "1",
    "api.allocations.pools.number": "1",
    "arrival": "ARV-23456789",  # what they sent is the MSO's until it is known whose it is
}
"""URL arguments that name nothing of a practice."""


def build_all(house: House, canary: str) -> dict[str, str]:
    """The objects of every app in one practice, by URL argument."""
    named: dict[str, str] = {}
    for build in BUILDERS:
        named |= build(house, canary)
    return named


def people(house: House, canary: str) -> Named:
    """Somebody of the practice, their assignment, their token and their authenticator."""
    practice = Tenant.objects.get(pk=house.id)
    owner = testing.person(f"{canary.lower()}@owner.example", f"{canary} Owner", practice_owner=practice)
    testing.token_for(owner, ["access.read"], [practice])
    with scope(practices=[practice.pk]), reading():
        (row,) = access.assignments([owner.pk])
    return {
        "practice": practice.public_id, "account": owner.public_id, "user": owner.public_id,
        "assignment": row.public_id, "token": ApiToken.objects.get(user=owner).public_id,
        "pk": str(Authenticator.objects.get(user=testing.with_authenticator(owner)).pk),
        "audit.public_id": owner.public_id,
    }  # fmt: skip


def the_practice(house: House, canary: str) -> Named:
    """Where it works and who works there."""
    at = clock.now()
    actor = Actor.system("a test", at=at)
    with scope(practices=[house.id]):
        site = providers.add_site(
            actor=actor, practice=house.id, name=f"{canary} Office", place_of_service="11", address=parties.address(),
            starts_on=parties.EARLY, at=at,
        )  # fmt: skip
        clinician = clinicians.add(
            actor=actor, practice=house.id, person=Person(canary.title(), "Mara", credential="MD"),
            npi=parties.npi(next(parties._numbers)), taxonomy=parties.FAMILY_MEDICINE, starts_on=parties.EARLY, at=at,
        )  # fmt: skip
        note = notes.write(actor=actor, practice=house.id, words=f"{canary} is closed on Fridays", at=at).public_id
    return {
        "biller": house.biller.public_id, "site": site.public_id, "clinician": clinician.public_id, "note": note,
    }  # fmt: skip


def files_and_work(house: House, canary: str) -> Named:
    """A kept file, an item of work and a saved list."""
    at = clock.now()
    actor = Actor.system("a test", at=at)
    purposes.add_purposes([Purpose("tests.matrix", "A file of the matrix")])
    kinds.add_kinds([Kind("tests.matrix", "Work of the matrix", permission="access.read", ranked="By hand")])
    owner = testing.person(f"{canary.lower()}@saver.example", f"{canary} Saver")
    with scope(practices=[house.id], user=owner.pk):
        kept = documents.store(
            actor=actor, practice=house.id, name=f"{canary}.txt", content=f"{canary} in a file".encode(),
            media_type="text/plain", purpose="tests.matrix", at=at, under=actor.may("documents.read", house.id),
        )  # fmt: skip
        item = work.open_item(
            practice=house.id, kind="tests.matrix", subject=("identity.user", owner.public_id), title=f"{canary} item",
            why=f"{canary} waits", priority=50, priority_why="By hand", due_at=at, key=f"matrix|{canary}", at=at,
        )  # fmt: skip
        saver = Actor(ActorKind.PERSON, owner.name, at, user_id=owner.pk, user=owner.public_id)
        view = work.save_view(actor=saver, name=f"{canary} view", path="/work/", query="", at=at)
    return {
        "review": _reviewed(house, canary, at),
        "files.public_id": kept.public_id, "document": kept.public_id, "work.public_id": item, "item": item, "work.views.public_id": view,
        "view": view, "take-away.code": house.practice.code,
    }  # fmt: skip


def _reviewed(house: House, canary: str, at: datetime) -> str:
    """Work that somebody of the practice did, drawn for review."""
    user = agreements.person(
        f"{canary.lower()}@doer.example", f"{canary} Doer", practice=house.id, role="practice_owner", at=at
    )
    actor = Actor.system("a test", at=at)
    with scope(practices=[house.id], user=user.pk):
        item = work.open_item(
            practice=house.id, kind="tests.matrix", subject=("identity.user", user.public_id), title=f"{canary} did",
            why=f"{canary} waited", priority=50, priority_why="By hand", due_at=at, key=f"did|{canary}", at=at,
        )  # fmt: skip
        work.done(actor=access.actor_for(user, at=at, fresh=True), public_id=item, at=at)
        quality.set_policy(actor=actor, practice=house.id, share=100, hours=1, lead="", at=at)
        quality.draw(actor=actor, practice=house.id, first=at.date(), last=at.date(), seed=canary, at=at)
        with reading():
            return measures.reviews(filters=Filters(), page=PageAsk()).rows[0].public_id


def to_decide(house: House, canary: str) -> Named:
    """A decision that is reserved to the practice, proposed by the MSO."""
    at = clock.now()
    with scope(practices=[house.id]):
        proposal = governance.propose(
            actor=Actor.system("a test", at=at), practice=house.id, at=at,
            new=NewProposal("RD07", f"{canary} rates", f"Sign what {canary} offers", f"{canary} pays more than others"),
        )  # fmt: skip
    return {"proposal": proposal, **_on_a_board(house, canary)}


def _on_a_board(house: House, canary: str) -> Named:
    """A joint board that sits, with an item and an action; and what its owner disclosed."""
    at, system = clock.now(), Actor.system("a test", at=clock.now())
    user = agreements.person(
        f"{canary.lower()}@board.example", f"{canary} Chair", practice=house.id, role="practice_owner", at=at
    )
    with scope(practices=[house.id]):
        owner = access.actor_for(user, at=at, fresh=True)
        held = NewCharter(clock.day_in(house.practice.zone, at), 0, 1, 1, Rule.MAJORITY, f"{canary} clause")
        board = chartering.set_up(actor=owner, practice=house.id, name=f"{canary} board", charter=held, at=at)
        chartering.accept(actor=system, board=board, number=1, at=at)
        chartering.seat(
            actor=owner,
            board=board,
            side=Side.PRACTICE,
            number=1,
            holder=user.public_id,
            starts_on=held.starts_on,
            at=at,
        )
        over = _meeting(owner, board, canary)
        meetings.close(actor=owner, meeting=over, at=at)
        item = agenda.put(actor=system, board=board, new=NewItem(f"{canary} scanner", f"{canary} asks", "B01"), at=at)
        meeting = _meeting(owner, board, canary)
        action = actions.resolve(
            actor=owner, meeting=meeting, title=f"{canary} writes", owner=user.public_id, due_on=held.starts_on, at=at
        )
        interest = disclosing.disclose(
            actor=owner, practice=house.id, at=at,
            new=NewInterest(Nature.OWNERSHIP, f"{canary} Imaging", f"{canary} holds ten percent"),
        )  # fmt: skip
    return _open_book(house, canary, owner) | {
        "meetings.minutes.pdf.meeting": over, "api.board-meetings.minutes.meeting": over,
        "board": board, "meeting": meeting, "agenda.item": item, "api.agenda-items.item": item, "action": action,
        "interest": interest, "party": key_of(f"{canary} Imaging"), "boards.charters.number": "1", "api.boards.charters.number": "1",
    }  # fmt: skip


def _meeting(owner: Actor, board: str, canary: str) -> str:
    """A meeting that sits."""
    soon = owner.at + timedelta(seconds=1)
    made = meetings.call(actor=owner, board=board, meets_at=soon, place=f"{canary} room", at=owner.at).row.public_id
    meetings.open_(actor=owner, meeting=made, at=owner.at)
    return made


def _open_book(house: House, canary: str, owner: Actor) -> dict[str, str]:
    """A thread, a grade and a promise."""
    at, today = owner.at, clock.day_in(house.practice.zone, owner.at)
    system = Actor.system("a test", at=at)
    graded = NewGrade(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), Domain.CULTURE, 4, f"{canary} is polite")
    promise = NewExpectation(f"{canary} calls back", Side.MSO, f"{canary} Moss", today, today)
    with scope(practices=[house.id]):
        return {
            "thread": openbook.write(
                actor=system, practice=house.id, subject=f"{canary} phones", words=f"{canary} rings", at=at
            ),
            "grade": openbook.grade(actor=owner, practice=house.id, new=graded, at=at).public_id,
            "expectation": openbook.expect(actor=system, practice=house.id, new=promise, at=at),
        }  # fmt: skip


def arranged(house: House, canary: str) -> Named:
    """An arrangement of the practice, a payment under it that was checked and stopped, and its party among the excluded."""
    at = clock.now()
    actor = Actor.system("a test", at=at)
    with scope(practices=[house.id]):
        with reading():
            now = excluded.latest()
        barred = [npi(700 + number) for number in range((now.count if now else 0) + 1)]
        about = {"title": f"{canary} director", "name": f"{canary} Moss", "npi": barred[-1]}
        made = compliance.registered(house.id, at=at, arrangement=about, active=False)
        paid = payments.written([compliance.payment(f"{canary} Moss", reference=canary)])
        run = running.check(actor=actor, practice=house.id, name=f"{canary}.csv", content=paid.encode(), at=at)
        with reading():
            (line,) = checked.lines(filters=Filters(), page=PageAsk(), run=run.public_id).rows
    with scope(practices=[house.id, tenancy.mso()]):
        rows = [{"BUSNAME": "SOMEBODY", "NPI": one} for one in barred]
        exclusions.load(
            actor=actor, mso=tenancy.mso(), name="UPDATED.csv", content=compliance.leie(*rows), as_of=date(2026, 1, 5),
            at=at,
        )  # fmt: skip
        with reading():
            match = next(one.match for one in excluded.matches(at=at) if one.practice == house.id)
    return {
        "match": match, "arrangement": made, "payment-checks.run": run.public_id, "api.payment-checks.run": run.public_id,
        "payments-checked.line": line.public_id, "api.checked-payments.line": line.public_id,
        "arrangements.terms.number": "1", "api.arrangements.terms.number": "1",
    }  # fmt: skip


def owned(house: House, canary: str) -> Named:
    """An entity of the practice with units, a capital call and a distribution."""
    at = clock.now()
    made = equity.venture(house.id, at=at, name=f"{canary} Surgery, LLC")
    equity.issue(made, "Class A", "Whitten Capital", 10, "100.00", at=at)
    actor = Actor.system("a test", at=at)
    with made.scope():
        call = capital.call_capital(
            actor=actor, venture=made.venture, cls=made.classes["Class A"], amount=Money.of("50.00"),
            purpose=f"{canary} room", due_on=at.date() + timedelta(days=30), at=at,
        )  # fmt: skip
        given = capital.declare(
            actor=actor, venture=made.venture, amount=Money.of("20.00"), by=By.UNITS, why=f"{canary} cash", at=at
        )
        one = keeping.name_holder(
            actor=actor, venture=made.venture, at=at,
            new=NewHolder(f"{canary} PC", Being.PRACTICE, False, "Holds its own", house.practice.code),
        )  # fmt: skip
    made.holders["Own"] = one.holders[-1].public_id
    equity.issue(made, "Class A", "Own", 10, "100.00", at=at)
    with made.scope():
        told = yearly.issue(actor=actor, holder=made.holders["Own"], year=at.year, at=at)
    return {
        "venture": made.venture, "holder": made.holders["Whitten Capital"], "call": call.public_id,
        "distribution": given.public_id, "holding": told.public_id,
        "api.holder-statements.statement": told.public_id,
    } | _lent(house, canary, at)  # fmt: skip


def _lent(house: House, canary: str, at: datetime) -> dict[str, str]:
    """A facility of the practice with a draw and a covenant."""
    actor = Actor.system("a test", at=at)
    with scope(practices=[house.id]), reading():
        version = agreed.in_force(house.id, tenancy.today(house.id, at))
    assert version is not None
    reach = tenancy.reach(house.id, version.terms.mso.tenant)
    with scope(practices=reach.practices, entities=reach.entities):
        asked = NewFacility(f"{canary} room", Money.of("100.00"), Decimal("0.05"), 12)
        made = lending.request(actor=actor, practice=house.id, new=asked, at=at).public_id
        for why in ("First", "Second"):
            lending.approve(actor=actor, facility=made, why=why, at=at)
        law.say(actor=actor, practice=house.id, facts={"baa.downstream": "yes"}, why=f"{canary} contracts", at=at)
        drawn = lending.draw(
            actor=actor,
            facility=made,
            amount=Money.of("60.00"),
            on=tenancy.today(house.id, at),
            purpose=f"{canary} unit",
            at=at,
        )
        promised = NewCovenant(f"{canary} cash", Measure.CASH, True, Decimal(1), Every.MONTH, 30)
        one = covenants.add(actor=actor, facility=made, new=promised, at=at)
    return {"facility": made, "draw": drawn.public_id, "covenant": one.covenants[0].public_id}


def leaving(house: House, canary: str) -> Named:
    """The practice has given notice, and an asset is listed."""
    at = clock.now()
    actor = Actor.system("a test", at=at)
    with scope(practices=[house.id]):
        made = exits.give_notice(actor=actor, practice=house.id, why=f"{canary} merges", at=at).public_id
        exits.list_asset(
            actor=actor, exit=made, name=f"{canary} scanner", sort=Sort.EQUIPMENT, book=Money.of("10.00"), at=at
        )
    return {
        "exit": made, "exits.tasks.number": "2", "api.exits.own-tasks.number": "2", "api.exits.tasks.number": "1",
        "exits.assets.number": "1", "api.exits.assets.number": "1",
    }  # fmt: skip


def dead_letters(house: House, canary: str) -> Named:
    """A job that was given up and a fact that was not delivered."""
    at, job = clock.now(), next(iter(jobs.jobs()))
    given_up.bury(job, job_id=1, tries=1, practice=house.id, reason=f"{canary} is gone", at=at, arguments={})
    with scope(practices=[house.id]), atomic.open():
        fact = Fact.objects.create(practice_id=house.id, name="tests.matrix", payload={}, at=at)
        undelivered = Delivery.objects.create(
            practice_id=house.id, fact=fact, subscriber="tests.matrix", state=Delivering.DEAD, failed_at=at,
            reason=f"{canary} did not listen",
        )  # fmt: skip
        letter = DeadLetter.objects.get(practice_id=house.id)
    return {"api.dead-jobs.letter": letter.public_id, "api.dead-facts.letter": undelivered.public_id}


BUILDERS: tuple[Builder, ...] = (
    people,
    the_practice,
    files_and_work,
    dead_letters,
    a_month,
    to_decide,
    arranged,
    owned,
    leaving,
)
